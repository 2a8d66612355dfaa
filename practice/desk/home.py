"""What a member sees first: how many clients stand where, their own, what is due, what is open. A fixed number of queries."""

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from practice import access
from practice.agenda_rules import of_the_clock
from practice.identity import Here
from practice.models import AgendaEntry, Assignment, Client, Contact, Invitation

SHOWN, LONGEST = 8, 200
AHEAD = datetime.timedelta(days=30)


def facts(here: Here, site: Any) -> dict[str, Any]:
    now = timezone.now()
    mine = _mine(here, now)
    return {
        "greeting": f"{_greeting(now)}, {here.actor.name.split(' ')[0]}",
        "counts": _counts(here),
        "mine": [(client, following, site.page_of(client)) for client, following in mine],
        "due": [(entry, _link(site, entry), entry.due_at < now) for entry in _due(here, now)],
        "invitations": [(row, site.page_of(row)) for row in _open_invitations(here, now)],
        "conflicts": [(row, site.page_of(row)) for row in _conflicts(here)],
        "may": {
            "add_client": access.may(here.actor, "client", "add"),
            "see_agenda": access.may(here.actor, "agenda", "view"),
            "invite": access.may(here.actor, "invitation", "view"),
            "invite_member": access.may(here.actor, "invitation", "invite_member"),
            "judge_conflicts": here.actor.role == access.OWNER,
        },
        "links": {name: site.link(model) for name, model in _LINKS.items()},
    }


_LINKS: dict[str, Any] = {
    "clients": Client,
    "agenda": AgendaEntry,
    "invitations": Invitation,
    "assignments": Assignment,
    "contacts": Contact,
}


def _greeting(now: datetime.datetime) -> str:
    hour = timezone.localtime(now).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def _counts(here: Here) -> list[dict[str, Any]]:
    rows = access.visible_to(here.actor, Client).order_by()
    found = dict(rows.values_list("status").annotate(Count("id")))
    return [
        {"status": value, "label": label, "count": found.get(value, 0)}
        for value, label in Client.Status.choices
    ]


def _mine(here: Here, now: datetime.datetime) -> list[tuple[Client, AgendaEntry | None]]:
    """Clients I answer for or am assigned to, with the next thing due at each."""
    own = Assignment.objects.filter(
        practice_id=here.actor.practice_id, member_id=here.actor.id, client_id=OuterRef("pk")
    )
    upcoming = (
        access.visible_to(here.actor, AgendaEntry)
        .filter(client_id=OuterRef("pk"), status=AgendaEntry.Status.OPEN, due_at__gte=now)
        .exclude(kind__in=of_the_clock())
        .order_by("due_at", "id")
    )
    rows = (
        access.visible_to(here.actor, Client)
        .filter(Q(responsible_id=here.actor.id) | Exists(own))
        .exclude(status=Client.Status.FORMER)
        .annotate(next_id=Subquery(upcoming.values("id")[:1]))
        .order_by("name", "id")[:SHOWN]
    )
    following = access.visible_to(here.actor, AgendaEntry).in_bulk([row.next_id for row in rows])
    return [(row, following.get(row.next_id)) for row in rows]


def _due(here: Here, now: datetime.datetime) -> Any:
    return (
        access.visible_to(here.actor, AgendaEntry)
        .filter(status=AgendaEntry.Status.OPEN, due_at__lt=now + AHEAD)
        .exclude(kind__in=of_the_clock())
        .select_related("client", "owner__user")
        .order_by("due_at", "id")[:SHOWN]
    )


def _open_invitations(here: Here, now: datetime.datetime) -> Any:
    return (
        access.visible_to(here.actor, Invitation)
        .filter(status=Invitation.Status.PENDING, expires_at__gt=now)
        .select_related("client")
        .order_by("expires_at", "id")[:SHOWN]
    )


def _conflicts(here: Here) -> list[Assignment]:
    """For those who have to judge them."""
    if here.actor.role != access.OWNER:
        return []
    rows = (
        access.visible_to(here.actor, Assignment)
        .filter(conflict=True)
        .select_related("member__user", "client")
        .order_by("client__name", "member_id", "-conflict_reason", "id")
    )
    # Two hats at one client are one conflict; the reason of either counts for both.
    pairs = {(row.member_id, row.client_id): row for row in reversed(list(rows[:LONGEST]))}
    return sorted(pairs.values(), key=lambda row: bool(row.conflict_reason))[:SHOWN]


def _link(site: Any, entry: AgendaEntry) -> str:
    return site.page_of(entry)
