"""Who is told of an entry whatever it is about, and the letters that need no words of their own."""

import datetime
import zoneinfo
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.conf import settings

from practice import mail
from practice.access import OWNER, SPONSOR
from practice.agenda import Recipient
from practice.models import AgendaEntry, Contact, Member, Notice
from practice.notices import Letter

Told = dict[UUID, list[Recipient]]


def owner(entries: list[Any]) -> Told:
    """The member whose business the entry is, while they are here."""
    members = Member.objects.filter(id__in={e.owner_id for e in entries}, active=True)
    addresses = dict(members.values_list("id", "user__email"))
    return {
        e.id: [Recipient(f"member:{e.owner_id}", addresses[e.owner_id])]
        for e in entries
        if e.owner_id in addresses
    }


def owners(entries: list[Any]) -> Told:
    """The owners of the practice."""
    members = Member.objects.filter(
        practice_id__in={e.practice_id for e in entries}, role=OWNER, active=True
    )
    found: Told = defaultdict(list)
    for practice_id, id, address in members.values_list("practice_id", "id", "user__email"):
        found[practice_id].append(Recipient(f"member:{id}", address))
    return {e.id: found[e.practice_id] for e in entries if e.practice_id in found}


def sponsors(entries: list[Any]) -> Told:
    """The client's sponsors who can be written to, of entries that the client may see."""
    contacts = Contact.objects.filter(
        client_id__in={e.client_id for e in entries}, role=SPONSOR, active=True
    ).exclude(email="")
    found: Told = defaultdict(list)
    for client_id, id, address in contacts.values_list("client_id", "id", "email"):
        found[client_id].append(Recipient(f"contact:{id}", address))
    return {e.id: found[e.client_id] for e in entries if e.client_id in found}


def due(notice: Notice, at: datetime.datetime) -> Letter | None:
    return _letter(notice, at, "{title}")


def overdue(notice: Notice, at: datetime.datetime) -> Letter | None:
    return _letter(notice, at, "Overdue: {title}")


def _letter(notice: Notice, at: datetime.datetime, subject: str) -> Letter | None:
    entry = (
        AgendaEntry.objects.select_related("practice", "client")
        .defer("practice__logo")
        .filter(notices=notice, status=AgendaEntry.Status.OPEN)
        .first()
    )
    if entry is None:
        return None
    title = entry.client_title if _to_client(notice) else entry.title
    context = {
        "entry": entry,
        "title": title,
        "due_on": entry.due_at.astimezone(zoneinfo.ZoneInfo(entry.time_zone)),
        "late": entry.due_at < at,
        "link": f"{settings.REMIT_URL}{_place(notice, entry)}",
    }
    return mail.compose("entry", subject.format(title=title), entry.practice, context)


def _to_client(notice: Notice) -> bool:
    return notice.recipient.startswith("contact:")


def _place(notice: Notice, entry: AgendaEntry) -> str:
    """Where this person can look at it."""
    if _to_client(notice):
        return "/portal/"
    return f"/desk/practice/agendaentry/{entry.pk}/change/"
