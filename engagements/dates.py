"""Planning the dates of an engagement: what it owes as it stands now is planned, what it no longer owes is cancelled.
The verbs that change its course call `replan`; called again, it changes nothing."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from engagements import days, stages, wanted, wearing
from engagements.models import Burst, Engagement, Move, Pause, Stage
from engagements.wanted import Due
from practice import access, agenda, events
from practice.access import Actor
from practice.agenda import Recipient
from practice.models import AgendaEntry
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid
from practice.registers import Register

Status = AgendaEntry.Status
# Only a person knows whether these were done: once their day has come they stay until somebody says so.
BY_HAND = (
    "strategy_review",
    "intensity_review",
    "eu_milestone",
    "split_check",
    "retainer_end",
    "retainer_notice",
    "sprint_end",
    "burst_end",
)
# These have an effect or a state behind them: a day that has passed already still counts.
STANDING = ("move_effective", "phase_end", "phase_turn", "phase_overdue", "pause_turn")
KINDS = (*BY_HAND, *STANDING)
# Planned by the verb that sets the day (reporting.py), so `replan` leaves it alone; the end cancels it all the same.
SET_ELSEWHERE = ("reporting_review",)
# Contributed: what else follows the course, called as f(engagement, by=…, at=…) once its dates are planned, in the same
# transaction and with the engagement held; like `replan` itself it changes nothing when it is called again.
FOLLOWS: Register[Callable[..., None]] = Register("what follows the course")
# Contributed, by kind: what is added to the title of a date, of one engagement and period.
ADDS: Register[Callable[[Engagement, str], str]] = Register("what a date says besides")


class NothingDue(Conflict):
    code, sentence = "nothing_due", "No such date of this engagement is open."


def replan(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """In the transaction of the verb that changed the course, with the engagement held."""
    zone = engagement.client.time_zone
    subjects = _subjects(engagement)
    there = {
        (entry.kind, entry.subject_id, entry.period): entry
        for entry in AgendaEntry.objects.filter(
            practice_id=engagement.practice_id, kind__in=KINDS, subject_id__in=subjects
        )
    }
    owed = {(due.kind, due.subject_id, due.period): due for due in _owed(engagement, at)}
    for key, due in owed.items():
        moment = days.start_of_day(due.day, zone) if due.starts else end_of_day(due.day, zone)
        if not _is_over(due, there.get(key), moment, at):
            _plan(engagement, due, moment, at)
    for key, entry in there.items():
        if entry.status == Status.OPEN and key not in owed:
            _drop(engagement, entry, at)
    for name in FOLLOWS:
        FOLLOWS[name](engagement, by=by, at=at)


def settle(
    engagement: Engagement,
    *,
    kind: str,
    period: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Engagement:
    """Say that a review, a milestone or an end on the agenda was dealt with."""
    access.require(by, "engagement", "change")
    if kind not in BY_HAND:
        raise Invalid({"kind": [f"One of: {', '.join(BY_HAND)}."]})
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        entry = AgendaEntry.objects.filter(
            practice_id=engagement.practice_id,
            subject_id=engagement.pk,
            kind=kind,
            period=period,
            status=Status.OPEN,
        ).first()
        if entry is None:
            raise NothingDue
        _close(engagement, entry, done=True, at=at)
        settled = {"kind": kind, "period": period, "due_at": entry.due_at.isoformat()}
        events.record("engagement.date_settled", by=by, at=at, subject=engagement, after=settled)
    return engagement


def cancel(engagement: Engagement, *, at: datetime.datetime) -> None:
    """It has ended: nothing more falls due."""
    for entry in AgendaEntry.objects.filter(
        practice_id=engagement.practice_id,
        kind__in=(*KINDS, *SET_ELSEWHERE),
        subject_id__in=_subjects(engagement),
        status=Status.OPEN,
    ):
        _close(engagement, entry, done=False, at=at)


def roll(engagement_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls at a review, so that the one after it is planned. Planning twice plans once."""
    with transaction.atomic():
        replan(access.get(by, Engagement, engagement_id, lock=True), by=by, at=at)


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls after a client's time zone or fiscal year changed."""
    for engagement in Engagement.objects.filter(client_id=client_id, status__in=stages.RUNNING):
        roll(engagement.pk, by, at)


def leads(entries: list[AgendaEntry]) -> dict[UUID, list[Recipient]]:
    """The engagement's lead, as of now: the entry may have been planned under another one."""
    found = {
        id: Recipient(f"member:{member}", address)
        for id, member, address in Engagement.objects.filter(
            id__in=[entry.subject_id for entry in entries], lead__active=True
        ).values_list("id", "lead_id", "lead__user__email")
    }
    return {e.id: [found[e.subject_id]] for e in entries if e.subject_id in found}


def of_one(actor: Actor, engagement_id: UUID | None) -> Q:
    """The agenda entries of one engagement, its moves and pauses: what a calendar feed of it shows."""
    own = {"engagement_id": engagement_id}
    return (
        Q(subject_id=engagement_id)
        | Q(subject_id__in=Move.objects.filter(**own).values("pk"))
        | Q(subject_id__in=Pause.objects.filter(**own).values("pk"))
    )


def course_of(engagement: Engagement, stage: Stage, at: datetime.datetime) -> wanted.Course:
    client = engagement.client
    today = local_day(at, client.time_zone)
    starts_on = engagement.starts_on or stage.since_on
    return wanted.Course(
        id=engagement.pk,
        name=engagement.name,
        today=today,
        starts_on=starts_on,
        fiscal_year_start=client.fiscal_year_start,
        point=stage.point,
        phase=stage.phase,
        since_on=stage.since_on,
        overdue=stage.overdue,
        run_since=stages.run_since(engagement),
        sprint=stage.sprint,
        planned_end_on=stage.planned_end_on,
        notice_days=stage.notice_days,
        auto_renew=stage.auto_renew,
        curve=engagement.curve,
        eu=engagement.eu_milestones,
        eu_since_on=engagement.eu_since_on,
        combined=wearing.is_combined(engagement, max(today, starts_on)),
        pauses=tuple(stages.pauses(engagement)),
    )


def _owed(engagement: Engagement, at: datetime.datetime) -> Iterator[Due]:
    if engagement.status not in stages.RUNNING:
        return
    stage = stages.present(engagement)
    if stage is not None:
        for due in wanted.of(course_of(engagement, stage, at)):
            more = ADDS[due.kind](engagement, due.period) if due.kind in ADDS else ""
            yield replace(due, title=f"{due.title}{more}")
    for move in Move.objects.filter(engagement=engagement, status=Move.Status.AGREED):
        title = f"{move}: {engagement.name}"
        yield Due(
            "move_effective", move.pk, move.effective_on, title, starts=True, client_sees=True
        )
    for burst in Burst.objects.filter(engagement=engagement):
        last, period = burst.until_on - days.ONE, burst.since_on.isoformat()
        yield Due("burst_end", engagement.pk, last, f"Burst ends: {engagement.name}", period)
    today = local_day(at, engagement.client.time_zone)
    for pause in Pause.objects.filter(engagement=engagement):
        for period, day in (("begins", pause.since_on), ("ends", pause.until_on)):
            if day is not None and day > today:
                title = f"Pause {period}: {engagement.name}"
                yield Due("pause_turn", pause.pk, day, title, period, starts=True)


def _is_over(
    due: Due, was: AgendaEntry | None, moment: datetime.datetime, at: datetime.datetime
) -> bool:
    if was is not None and was.status == Status.DONE:
        # Only what the clock does can come round again, when a pause pushed its day on.
        return due.kind in BY_HAND or was.due_at == moment
    open_now = was is not None and was.status == Status.OPEN
    # Long past when first heard of, as with an engagement that was running before it came here.
    return due.kind in BY_HAND and moment <= at and not open_now


def _plan(
    engagement: Engagement, due: Due, moment: datetime.datetime, at: datetime.datetime
) -> None:
    agenda.plan(
        due.kind,
        subject_id=due.subject_id,
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        owner_id=engagement.lead_id,
        due_at=moment,
        at=at,
        title=due.title[:200],
        period=due.period,
        time_zone=engagement.client.time_zone,
        all_day=True,
        client_sees=due.client_sees,
    )


def _drop(engagement: Engagement, entry: AgendaEntry, at: datetime.datetime) -> None:
    """What lies ahead is cancelled. What has come was done if it has an effect, and waits for a person otherwise."""
    if entry.due_at > at:
        _close(engagement, entry, done=False, at=at)
    elif entry.kind in STANDING:
        _close(engagement, entry, done=True, at=at)


def _close(
    engagement: Engagement, entry: AgendaEntry, *, done: bool, at: datetime.datetime
) -> None:
    agenda.close(
        entry.kind,
        subject_id=entry.subject_id,
        practice_id=engagement.practice_id,
        period=entry.period,
        done=done,
        at=at,
    )


def _subjects(engagement: Engagement) -> list[UUID]:
    own = {"practice_id": engagement.practice_id, "engagement": engagement}
    moves = Move.objects.filter(**own).values_list("pk", flat=True)
    pauses = Pause.objects.filter(**own).values_list("pk", flat=True)
    return [engagement.pk, *moves, *pauses]
