"""Opening board reports: by the clock thirty days before a quarter ends, by choice before that, and as a new edition."""

import datetime
from uuid import UUID

from django.db import transaction

from deliverables import board_dates, board_days, board_figures, board_template
from deliverables.models import BoardAsk, BoardReport, BoardReportStatus, BoardSection
from deliverables.models.board import ISSUED
from engagements import days, stages
from engagements.models import Engagement
from practice import access, rows
from practice.access import Actor
from practice.quarters import Quarter, local_day, quarter_of
from practice.refusals import Conflict, Invalid, Taken

OF_REPORT = ("cover_line", "confidentiality", "title")


class NotOfThisEngagement(Conflict):
    code = "board_quarter_not_worked"
    sentence = "No work was done for this client in that quarter, or it has not begun yet."


class NotIssued(Conflict):
    code, sentence = "board_report_not_issued", "Only an issued report can be corrected."


class NotNewest(Conflict):
    code = "board_edition_not_newest"
    sentence = "A newer edition of this report is there already; correct that one."


def open_due(engagement_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls at an opening: every quarter whose opening has come, each once, and then the next is planned.

    After an outage it catches up with all of them at once. Called again it finds nothing to do.
    """
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement_id, lock=True)
        since = local_day(at, engagement.client.time_zone)
        for period in board_dates.come(engagement, at):
            first = datetime.date.fromisoformat(period)
            quarter = quarter_of(first, engagement.client.fiscal_year_start)
            opened = quarter.starts_on == first and _open_owed(engagement, quarter, by, at)
            board_dates.settle_opening(engagement, period, done=opened, at=at)
            since = min(since, first)
        _catch_up(engagement, since, by, at)
        today = local_day(at, engagement.client.time_zone)
        board_dates.plan_opening(engagement, today, at=at)


def _catch_up(
    engagement: Engagement, since: datetime.date, by: Actor, at: datetime.datetime
) -> None:
    zone = engagement.client.time_zone
    while engagement.status in stages.RUNNING:
        quarter = board_dates.wanted(engagement, since)
        if quarter is None or board_days.opens_at(quarter, zone) > at:
            return
        _open_owed(engagement, quarter, by, at)


def _open_owed(engagement: Engagement, quarter: Quarter, by: Actor, at: datetime.datetime) -> bool:
    starts_on = engagement.starts_on
    if engagement.status not in stages.RUNNING or starts_on is None:
        return False
    there = BoardReport.objects.filter(engagement=engagement, starts_on=quarter.starts_on)
    if there.exists() or not board_days.owes(quarter, starts_on, stages.pauses(engagement)):
        return False
    _open(engagement, quarter, by=by, at=at)
    return True


def open_for(
    engagement: Engagement,
    *,
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> BoardReport:
    """Open the report of the quarter that a day lies in, today's where none is named, before the clock would."""
    access.require(by, "board_report", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        today = local_day(at, engagement.client.time_zone)
        day = on or today
        days.check(on=day)
        quarter = quarter_of(day, engagement.client.fiscal_year_start)
        under_way = engagement.status in (*stages.RUNNING, Engagement.Status.ENDED)
        starts_on = engagement.starts_on
        if not under_way or starts_on is None or quarter.starts_on > today:
            raise NotOfThisEngagement
        pauses = stages.pauses(engagement)
        if not board_days.worked_in(quarter, starts_on, engagement.ended_on, pauses):
            raise NotOfThisEngagement
        own = access.on_own_authority(by)
        report = _open(engagement, quarter, by=own, at=at, by_choice=True)
        board_dates.plan_opening(engagement, today, at=at)
        return report


def open_edition(
    report: BoardReport, *, correction: str, by: Actor, at: datetime.datetime
) -> BoardReport:
    """A corrected edition of an issued report, which stays as it is; it begins with its words and names what changed."""
    access.require(by, "board_report", "add")
    if not correction.strip():
        raise Invalid({"correction": ["Say what is corrected."]})
    with transaction.atomic():
        engagement = access.get(by, Engagement, report.engagement_id, lock=True)
        former = access.get(by, BoardReport, report.pk, lock=True)
        if former.status not in ISSUED:
            raise NotIssued
        newer = BoardReport.objects.filter(
            engagement=engagement, starts_on=former.starts_on, edition__gt=former.edition
        )
        if newer.exists():
            raise NotNewest
        own = access.on_own_authority(by)
        row = BoardReport(
            practice_id=former.practice_id,
            client_id=former.client_id,
            engagement=engagement,
            quarter=former.quarter,
            starts_on=former.starts_on,
            ends_on=former.ends_on,
            edition=former.edition + 1,
            corrects=former,
            correction=correction.strip(),
            by_choice=former.by_choice,
            author_id=former.author_id,
            as_of=at,
            **{name: getattr(former, name) for name in OF_REPORT},
        )
        row.figures = board_figures.gather(row, engagement, at)
        rows.add(row, by=own, at=at, kind="board_report.edition_opened")
        _copy_parts(former, row, own, at)
        board_dates.plan_due(row, at=at)
        return row


def _open(
    engagement: Engagement,
    quarter: Quarter,
    *,
    by: Actor,
    at: datetime.datetime,
    by_choice: bool = False,
) -> BoardReport:
    row = BoardReport(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        quarter=quarter.name,
        starts_on=quarter.starts_on,
        ends_on=quarter.ends_on,
        by_choice=by_choice,
        author_id=engagement.lead_id,
        title=f"Board report {quarter.name}",
        status=BoardReportStatus.DRAFT,
        as_of=at,
    )
    row.figures = board_figures.gather(row, engagement, at)
    taken = Taken("There is a report of this quarter already.", "on")
    rows.add(row, by=by, at=at, kind="board_report.opened", taken=taken)
    for place, (key, section) in enumerate(board_template.usual(), start=1):
        _add(row, by, at, key=key, title=section.title, place=place, mandatory=section.mandatory)
    board_dates.plan_due(row, at=at)
    return row


def _add(report: BoardReport, by: Actor, at: datetime.datetime, **says: object) -> None:
    section = BoardSection(**_of(report), **says)
    rows.add(section, by=by, at=at, kind="board_section.added")


def _copy_parts(former: BoardReport, report: BoardReport, by: Actor, at: datetime.datetime) -> None:
    words = ("key", "title", "place", "mandatory", "words", "writer")
    for section in BoardSection.objects.filter(report=former).order_by("place", "id"):
        _add(report, by, at, **{name: getattr(section, name) for name in words})
    asks = BoardAsk.objects.filter(report=former, answers=None).order_by("number")
    said = ("question", "context", "options", "code", "hat")
    for number, ask in enumerate(asks, start=1):
        copy = BoardAsk(**_of(report), number=number, **{n: getattr(ask, n) for n in said})
        rows.add(copy, by=by, at=at, kind="board_ask.added")


def _of(report: BoardReport) -> dict[str, object]:
    return {
        "practice_id": report.practice_id,
        "client_id": report.client_id,
        "engagement_id": report.engagement_id,
        "report": report,
    }
