"""The dates of board reports on the agenda: when the next one opens, when one is due, who is to look at it or read it.
The verbs call these in their transaction; called again they change nothing."""

import datetime
from typing import Any
from uuid import UUID

from deliverables import board_days
from deliverables.models import BoardReport, BoardReportStatus
from engagements import stages
from engagements.models import Engagement
from practice import agenda
from practice.access import Actor
from practice.models import AgendaEntry
from practice.quarters import Quarter, end_of_day, local_day

OPENING, DUE = "board_opening", "board_report"
REVIEW, READING = "board_review", "board_reading"
BEING_WRITTEN = (BoardReportStatus.DRAFT, BoardReportStatus.REVIEWED)


def follow(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """What follows the course: the opening of the next report, in the transaction of the verb that changed it."""
    plan_opening(engagement, local_day(at, engagement.client.time_zone), at=at)


def plan_opening(engagement: Engagement, since: datetime.date, *, at: datetime.datetime) -> None:
    """Of the first quarter from a day on that owes a report. What has come waits for the clock, however late that is."""
    open_now = _openings(engagement)
    runs = engagement.status in stages.RUNNING and engagement.starts_on is not None
    if runs and any(entry.due_at <= at for entry in open_now):
        return
    quarter = wanted(engagement, since) if runs else None
    period = quarter.starts_on.isoformat() if quarter else ""
    for entry in open_now:
        if entry.period != period:
            _close_opening(engagement, entry.period, done=False, at=at)
    if quarter is not None:
        _plan_opening(engagement, quarter, at)


def wanted(engagement: Engagement, since: datetime.date) -> Quarter | None:
    if engagement.starts_on is None:
        return None
    return board_days.next_owed(
        since=since,
        starts_on=engagement.starts_on,
        fiscal_year_start=engagement.client.fiscal_year_start,
        pauses=stages.pauses(engagement),
        there=frozenset(
            BoardReport.objects.filter(engagement=engagement).values_list("starts_on", flat=True)
        ),
    )


def come(engagement: Engagement, at: datetime.datetime) -> list[str]:
    """The quarters whose opening has come, each by its first day."""
    return [entry.period for entry in _openings(engagement) if entry.due_at <= at]


def settle_opening(
    engagement: Engagement, period: str, *, done: bool, at: datetime.datetime
) -> None:
    _close_opening(engagement, period, done=done, at=at)


def plan_due(report: BoardReport, *, at: datetime.datetime) -> None:
    """By the end of the quarter, from its author. A correction of a quarter that is over has no day of its own."""
    zone = report.client.time_zone
    moment = end_of_day(report.ends_on, zone)
    if report.edition > 1 and moment <= at:
        return
    agenda.plan(
        DUE,
        **_of(report),
        client_id=report.client_id,
        owner_id=report.author_id,
        due_at=moment,
        at=at,
        title=f"{report.title}: {report.client.name}"[:200],
        time_zone=zone,
        all_day=True,
    )


def ask_review(report: BoardReport, *, at: datetime.datetime) -> None:
    """The reviewer hears of it at once, and again until it is done."""
    agenda.plan(
        REVIEW,
        **_of(report),
        client_id=report.client_id,
        owner_id=report.reviewer_id,
        due_at=at,
        at=at,
        title=f"Review: {report.title}"[:200],
        # A period has room for twenty letters.
        period=f"{at.astimezone(datetime.UTC):%y%m%dT%H%M%S%f}",
        time_zone=report.client.time_zone,
    )


def ask_board(report: BoardReport, *, at: datetime.datetime) -> None:
    """The board hears of it at once, and again until one of them has acknowledged it."""
    agenda.plan(
        READING,
        **_of(report),
        client_id=report.client_id,
        owner_id=report.author_id,
        due_at=at,
        at=at,
        title=f"Please read: {report}"[:200],
        time_zone=report.client.time_zone,
    )


def close(kind: str, report: BoardReport, *, done: bool, at: datetime.datetime) -> None:
    agenda.close(kind, **_of(report), done=done, at=at)


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The client is in another zone or fiscal year now: what is open moves along, a quarter that began stays itself."""
    running = Engagement.objects.filter(client_id=client_id, status__in=stages.RUNNING)
    for engagement in running.select_related("client").order_by("id"):
        follow(engagement, by=by, at=at)
    written = BoardReport.objects.filter(client_id=client_id, status__in=BEING_WRITTEN)
    for report in written.select_related("client").order_by("id"):
        if AgendaEntry.objects.filter(kind=DUE, subject_id=report.pk, status="open").exists():
            plan_due(report, at=at)


def ended(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    """No further report opens by itself; one that is being written is finished, and says when the work ended."""
    for entry in _openings(engagement):
        _close_opening(engagement, entry.period, done=False, at=at)


def _openings(engagement: Engagement) -> list[AgendaEntry]:
    found = AgendaEntry.objects.filter(
        practice_id=engagement.practice_id,
        kind=OPENING,
        subject_id=engagement.pk,
        status=AgendaEntry.Status.OPEN,
    )
    return list(found.order_by("due_at", "id"))


def _plan_opening(engagement: Engagement, quarter: Quarter, at: datetime.datetime) -> None:
    zone = engagement.client.time_zone
    agenda.plan(
        OPENING,
        subject_id=engagement.pk,
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        owner_id=engagement.lead_id,
        due_at=board_days.opens_at(quarter, zone),
        at=at,
        title=f"Board report of {quarter.name} opens: {engagement.name}"[:200],
        period=quarter.starts_on.isoformat(),
        time_zone=zone,
    )


def _close_opening(
    engagement: Engagement, period: str, *, done: bool, at: datetime.datetime
) -> None:
    agenda.close(
        OPENING,
        subject_id=engagement.pk,
        practice_id=engagement.practice_id,
        period=period,
        done=done,
        at=at,
    )


def _of(report: BoardReport) -> dict[str, Any]:
    return {"subject_id": report.pk, "practice_id": report.practice_id}
