"""Who is written to about board reports, and what the letters say, as of the moment they leave."""

import datetime
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.conf import settings

from deliverables.models import BoardReport, BoardReportStatus
from deliverables.models.board import ISSUED
from practice import access, mail
from practice.access import Actor
from practice.agenda import Recipient
from practice.models import AgendaEntry, Contact, Notice
from practice.notices import Letter

Status = BoardReportStatus
Told = dict[UUID, list[Recipient]]


def reviewer(entries: list[Any]) -> Told:
    """Whom it was put to, while they are here."""
    found = BoardReport.objects.filter(
        id__in=[entry.subject_id for entry in entries], reviewer__active=True
    ).values_list("id", "reviewer_id", "reviewer__user__email")
    told = {id: Recipient(f"member:{member}", address) for id, member, address in found}
    return {e.id: [told[e.subject_id]] for e in entries if e.subject_id in told}


def board(entries: list[Any]) -> Told:
    """The client's board and sponsors who can be written to."""
    contacts = Contact.objects.filter(
        client_id__in={entry.client_id for entry in entries},
        role__in=access.CLIENT_LEADS,
        active=True,
    ).exclude(email="")
    found: Told = defaultdict(list)
    for client_id, id, address in contacts.values_list("client_id", "id", "email"):
        found[client_id].append(Recipient(f"contact:{id}", address))
    return {e.id: found[e.client_id] for e in entries if e.client_id in found}


def addressed(actor: Actor) -> Any:
    """Reports whose dates this contact reads: the sponsor and the board, nobody else at the client."""
    rows = BoardReport.objects.filter(client_id=actor.client_id or "")
    if actor.role not in access.CLIENT_LEADS:
        rows = rows.none()
    return rows.order_by().values("pk")


def due(notice: Notice, at: datetime.datetime) -> Letter | None:
    """To the author, as long as it is being written."""
    report = _report(notice)
    if report is None or report.status in ISSUED:
        return None
    lines = [
        f"{report.title} for {report.client} is due by {_day(report.ends_on)}, when the quarter ends.",
        _where(report),
    ]
    return _letter(report, f"{report.title}: {report.client}", lines, "Write it")


def overdue(notice: Notice, at: datetime.datetime) -> Letter | None:
    report = _report(notice)
    if report is None or report.status in ISSUED:
        return None
    lines = [
        f"{report.title} for {report.client} was due by {_day(report.ends_on)} and is not issued.",
        _where(report),
    ]
    return _letter(report, f"Overdue: {report.title}, {report.client}", lines, "Open it")


def review_asked(notice: Notice, at: datetime.datetime) -> Letter | None:
    report = _report(notice)
    if report is None or report.status != Status.DRAFT or report.submitted_at is None:
        return None
    lines = [f"{report.author} has put {report.title} for {report.client} before you for review."]
    return _letter(report, f"To review: {report.title}, {report.client}", lines, "Review it")


def issued(notice: Notice, at: datetime.datetime) -> Letter | None:
    report = _report(notice)
    if report is None or report.status not in ISSUED:
        return None
    lines = [f"{report} of {report.practice.name} is there for you to read."]
    if report.correction:
        lines.append(f"It takes the place of an earlier edition. {report.correction}")
    if asks := report.boardasks.filter(answers=None).count():
        lines.append(f"It asks the board to decide: {asks}.")
    return _to_read(report, f"To read: {report}", lines)


def unread(notice: Notice, at: datetime.datetime) -> Letter | None:
    report = _report(notice)
    if report is None or report.status != Status.ISSUED:
        return None
    lines = [f"Nobody on the board has acknowledged {report} yet."]
    return _to_read(report, f"Reminder: {report}", lines)


def _report(notice: Notice) -> BoardReport | None:
    """The one that the entry is about, while the entry is open."""
    entry = AgendaEntry.objects.filter(notices=notice).first()
    if entry is None or entry.status != AgendaEntry.Status.OPEN:
        return None
    joined = BoardReport.objects.select_related("practice", "client", "author__user")
    return joined.defer("practice__logo").filter(pk=entry.subject_id).first()


def _where(report: BoardReport) -> str:
    if report.status == Status.REVIEWED:
        return "It is reviewed and can be issued."
    if report.submitted_at:
        return "It waits for its review."
    return "It is a draft; its figures are filled in."


def _letter(report: BoardReport, subject: str, lines: list[str], action: str) -> Letter:
    link = f"{settings.REMIT_URL}/desk/deliverables/boardreport/{report.pk}/change/"
    return mail.plain(subject, report.practice, lines=lines, action=action, link=link)


def _to_read(report: BoardReport, subject: str, lines: list[str]) -> Letter:
    link = f"{settings.REMIT_URL}/portal/board-reports/{report.pk}/"
    return mail.plain(subject, report.practice, lines=lines, action="Read it", link=link)


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
