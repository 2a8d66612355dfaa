"""From draft to the board: submitted, reviewed, issued as a frozen document, opened and acknowledged."""

import datetime
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q

from deliverables import (
    board_content,
    board_dates,
    board_rendering,
    board_writing,
    canonical,
    chain,
)
from deliverables.models import BoardReading, BoardReport, BoardReportStatus, Chain
from deliverables.models.board import ISSUED
from engagements.models import Engagement
from practice import access, keys, rendering, rows
from practice.access import Actor
from practice.models import Assignment, Contact, Member
from practice.refusals import Conflict, Invalid, NotAllowed

Status = BoardReportStatus


class NothingWritten(Conflict):
    code = "board_section_empty"
    sentence = "The three sections of every report need words before the report is put to review."


class NotSubmitted(Conflict):
    code, sentence = "board_report_not_submitted", "This report does not wait for a review."


class NotReviewed(Conflict):
    code, sentence = "board_report_not_reviewed", "A report is reviewed before it is issued."


class FiguresMoved(Conflict):
    code = "board_figures_changed"
    sentence = (
        "Figures have changed since they were filled in. Fill them in anew, or say that they are to "
        "stay as they were."
    )


class SomebodyElseReviews(Conflict):
    code = "board_somebody_else_reviews"
    sentence = "Somebody else here could look at it; what one wrote, another reviews."


class NobodyReads(Conflict):
    code = "board_nobody_reads"
    sentence = "The client has no active sponsor or board contact who could read it."


class NotBeforeYou(Conflict):
    code, sentence = "board_report_not_before_you", "This report is not issued."


def submit(
    report: BoardReport,
    *,
    reviewer: Member,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> BoardReport:
    """Put the draft before a reviewer. The mandatory sections have words by then."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        report = board_writing.held(report, by)
        empty = [section.title for section in report.boardsections.filter(mandatory=True, words="")]
        if empty:
            raise NothingWritten(f"{NothingWritten.sentence} Without: {', '.join(sorted(empty))}.")
        if not reviewers(report).filter(pk=reviewer.pk).exists():
            raise Invalid({"reviewer": ["Somebody who may review for this client is needed."]})
        changes = {"reviewer": reviewer, "submitted_at": at, "review_note": ""}
        report = rows.change(
            report, changes, by=by, at=at, kind="board_report.submitted", expected=expected
        )
        board_dates.ask_review(report, at=at)
        return report


def pass_on(
    report: BoardReport,
    *,
    note: str = "",
    self_reason: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> BoardReport:
    """It may go before the board. Of one's own work only where nobody else could look at it, and with a reason."""
    access.require(by, "board_report", "review")
    with transaction.atomic():
        report, who = _to_be_reviewed(report, by)
        own_work = who.pk == report.author_id
        if own_work:
            if reviewers(report).exclude(pk=who.pk).exists():
                raise SomebodyElseReviews
            if not self_reason.strip():
                raise Invalid({"self_reason": ["Say why nobody else looks at it."]})
        changes = {
            "status": Status.REVIEWED,
            "reviewed_by": who,
            "reviewed_at": at,
            "review_note": note.strip(),
            "self_reason": self_reason.strip() if own_work else "",
        }
        report = rows.change(
            report, changes, by=by, at=at, kind="board_report.reviewed", expected=expected
        )
        board_dates.close(board_dates.REVIEW, report, done=True, at=at)
        return report


def send_back(
    report: BoardReport,
    *,
    note: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> BoardReport:
    """It is not ready, and what is wanting."""
    access.require(by, "board_report", "review")
    if not note.strip():
        raise Invalid({"note": ["Say what is wanting."]})
    with transaction.atomic():
        report, _ = _to_be_reviewed(report, by)
        return _draft_again(report, note.strip(), "board_report.sent_back", by, at, expected)


def take_back(
    report: BoardReport, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> BoardReport:
    """To write on: out of review, or after it. What was issued is not taken back."""
    access.require(by, "board_report", "change")
    with transaction.atomic():
        report = access.get(by, BoardReport, report.pk, lock=True)
        if report.status in ISSUED or report.submitted_at is None:
            raise NotSubmitted
        return _draft_again(report, report.review_note, "board_report.taken_back", by, at, expected)


def issue(
    report: BoardReport, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> BoardReport:
    """Put it before the board: frozen with its hash and where the decision log stands. Nothing in it changes again."""
    access.require(by, "board_report", "issue")
    with transaction.atomic():
        engagement = access.get(by, Engagement, report.engagement_id, lock=True)
        report = access.get(by, BoardReport, report.pk, lock=True)
        if report.status != Status.REVIEWED:
            raise NotReviewed
        if not readers(report).exists():
            raise NobodyReads
        if flagged := board_writing.flagged(report, at=at):
            raise FiguresMoved(
                f"{FiguresMoved.sentence} Changed: {', '.join(one['label'] for one in flagged)}."
            )
        content = canonical.text(board_content.document(report, at=at))
        log = Chain.objects.filter(engagement=engagement).first()
        changes = {
            "status": Status.ISSUED,
            "issued_at": at,
            "issued_by": keys.stands_for(by, engagement.lead),
            "content": content,
            "sha256": chain.sha256(content),
            "log_head": log.head if log else "",
            "log_length": log.length if log else 0,
        }
        report = rows.change(
            report, changes, by=by, at=at, kind="board_report.issued", expected=expected
        )
        board_dates.close(board_dates.DUE, report, done=True, at=at)
        board_dates.ask_board(report, at=at)
        # By the house: whoever issues need not be one who reads files.
        house = access.system(report.practice_id, source=by.source)
        house = replace(house, request_id=by.request_id)
        rendering.ask(board_rendering.KIND, report.pk, by=house, at=at)
        return report


def note_opened(report: BoardReport, *, by: Actor, at: datetime.datetime) -> None:
    """In passing, where a contact reads an issued report. Nobody else's reading is counted."""
    if by.kind != "contact" or report.status not in ISSUED:
        return
    with transaction.atomic():
        # Held, so that two first looks of one person at once make one row.
        own = access.on_own_authority(by)
        report = access.get(own, BoardReport, report.pk, lock=True)
        _opened(report, own, at)


def acknowledge(report: BoardReport, *, by: Actor, at: datetime.datetime) -> BoardReport:
    """A member of the board says that they have read it. The first of them makes it acknowledged."""
    access.require(by, "board_report", "accept")
    if by.kind != "contact":
        raise NotAllowed
    with transaction.atomic():
        report = access.get(by, BoardReport, report.pk, lock=True)
        if report.status not in ISSUED:
            raise NotBeforeYou
        own = access.on_own_authority(by)
        reading = _opened(report, own, at, anew=False)
        if reading.acknowledged_at is None:
            told: dict[str, Any] = {"acknowledged_at": at}
            rows.change(reading, told, by=own, at=at, kind="board_reading.acknowledged")
        if report.status == Status.ISSUED:
            told = {"status": Status.ACKNOWLEDGED, "acknowledged_at": at}
            report = rows.change(report, told, by=own, at=at, kind="board_report.acknowledged")
            board_dates.close(board_dates.READING, report, done=True, at=at)
        return report


def reviewers(report: BoardReport) -> Any:
    """Who here could look at it: owners, and consultants of the client."""
    assigned = Assignment.objects.filter(client_id=report.client_id).values("member_id")
    found = Member.objects.filter(practice_id=report.practice_id, active=True)
    return found.filter(Q(role=access.OWNER) | Q(role=access.CONSULTANT, pk__in=assigned))


def readers(report: BoardReport) -> Any:
    """Whom an issued report is for."""
    roles = access.CLIENT_LEADS
    return Contact.objects.filter(client_id=report.client_id, role__in=roles, active=True)


def _opened(
    report: BoardReport, by: Actor, at: datetime.datetime, *, anew: bool = True
) -> BoardReading:
    row = BoardReading.objects.filter(report=report, contact_id=by.id or "").first()
    if row is None:
        contact = access.get(by, Contact, by.id or "")
        row = BoardReading(
            practice_id=report.practice_id,
            client_id=report.client_id,
            engagement_id=report.engagement_id,
            report=report,
            contact=contact,
            first_opened_at=at,
            last_opened_at=at,
        )
        return rows.add(row, by=by, at=at, kind="board_report.opened_by_reader")
    if not anew:
        return row
    seen = {"last_opened_at": max(at, row.last_opened_at), "times_opened": row.times_opened + 1}
    return rows.change(row, seen, by=by, at=at, kind="board_report.opened_by_reader")


def _to_be_reviewed(report: BoardReport, by: Actor) -> tuple[BoardReport, Member]:
    if by.kind != "member" or by.id is None:
        raise NotAllowed("Only a person can review.")
    report = access.get(by, BoardReport, report.pk, lock=True)
    if report.status != Status.DRAFT or report.submitted_at is None:
        raise NotSubmitted
    return report, Member.objects.get(pk=by.id)


def _draft_again(
    report: BoardReport,
    note: str,
    kind: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> BoardReport:
    changes = {
        "status": Status.DRAFT,
        "submitted_at": None,
        "reviewed_at": None,
        "reviewed_by": None,
        "self_reason": "",
        "review_note": note,
    }
    report = rows.change(report, changes, by=by, at=at, kind=kind, expected=expected)
    board_dates.close(board_dates.REVIEW, report, done=False, at=at)
    return report
