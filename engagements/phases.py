"""The phases of a retainer: when one ends, whether its exit tests are met, and the turn to the next. A test that is
not met when the date comes is said aloud, never passed over."""

import datetime
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from engagements import dates, days, spectrum, stages, terms
from engagements.models import Engagement, ExitStatement, HatShare, Move, MoveCause, Stage
from practice import access, rows
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid
from practice.registers import Register

# Contributed by the rooms that hold the thing itself: whether it is there, by the key of an exit test (a deliverable
# that was accepted, say). A test that nobody contributed rests on what a consultant states.
EXIT_TESTS: Register[Callable[[Engagement, Stage, datetime.datetime], bool]] = Register(
    "exit tests"
)


class PhaseTooEarly(Conflict):
    code, sentence = "too_early", "The last day of this phase has not passed yet."


class ExitTestsNotMet(Conflict):
    code, sentence = "exit_tests_not_met", "What this phase should end with is not all there."


class NoPhase(Conflict):
    code, sentence = "no_phase", "There is no phase here that could end."


class SettledElsewhere(Conflict):
    code = "test_has_rows"
    sentence = "This test is read from what was delivered; a statement does not replace it."


def tests(
    engagement: Engagement, stage: Stage, at: datetime.datetime
) -> list[tuple[spectrum.ExitTest, bool]]:
    """The exit tests that are asked here, each with whether it is met."""
    hats = set(HatShare.objects.filter(engagement=engagement).values_list("hat", flat=True))
    asked = spectrum.exit_tests(stage.phase, hats) if stage.phase else []
    stated = dict(
        ExitStatement.objects.filter(
            practice_id=engagement.practice_id,
            engagement=engagement,
            created_at__gte=_run_began(engagement),
        )
        .order_by("id")
        .values_list("test", "met")
    )
    return [
        (
            test,
            EXIT_TESTS[test.key](engagement, stage, at)
            if test.key in EXIT_TESTS
            else stated.get(test.key, False),
        )
        for test in asked
    ]


def state_test(
    engagement: Engagement, *, test: str, met: bool, reason: str, by: Actor, at: datetime.datetime
) -> ExitStatement:
    """Put on record whether an exit test of the present phase is met, and why. The last one met ends a phase that is
    overdue at once."""
    access.require(by, "exit_statement", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        stage = stages.present(engagement)
        if stage is None or not spectrum.next_phase(stage.phase):
            raise NoPhase
        known = [asked.key for asked, _ in tests(engagement, stage, at)]
        if test not in known:
            raise Invalid({"test": [f"One of: {', '.join(known)}."]})
        if test in EXIT_TESTS:
            raise SettledElsewhere
        statement = ExitStatement(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            stage=stage,
            test=test,
            met=met,
            reason=reason.strip(),
        )
        rows.add(statement, by=by, at=at, kind="exit_test.stated")
        follow(engagement, by=by, at=at)
        return statement


def follow(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """An exit test may be met now: a phase whose last day has passed ends at once. Its engagement is held already.

    The rooms that contribute a test call this when the thing itself is there.
    """
    stage, today = stages.present(engagement), local_day(at, engagement.client.time_zone)
    if stage is None or not _has_passed(engagement, stage, today):
        return
    if not _unmet(engagement, stage, at):
        _turn(engagement, stage, today, by=by, at=at)


def turn(engagement_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls when the last day of a phase has passed: the next phase, or the flag that it is overdue."""
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement_id, lock=True)
        stage, today = stages.present(engagement), local_day(at, engagement.client.time_zone)
        if stage is None or not _has_passed(engagement, stage, today):
            raise PhaseTooEarly
        last = stages.last_day(engagement, stage)
        if last is None or _unmet(engagement, stage, at):
            rows.change(stage, {"overdue": True}, by=by, at=at, kind="stage.overdue")
            dates.replan(engagement, by=by, at=at)
            return
        _turn(engagement, stage, last + days.ONE, by=by, at=at)


def look_again(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """A pause pushed the last day on: what was overdue no longer is, where that day is still to come."""
    stage, today = stages.present(engagement), local_day(at, engagement.client.time_zone)
    if stage is None or not stage.overdue:
        return
    last = stages.last_day(engagement, stage)
    if last is None or last >= today:
        rows.change(stage, {"overdue": False}, by=by, at=at, kind="stage.no_longer_overdue")


def turn_by_hand(engagement: Engagement, move: Move, *, by: Actor, at: datetime.datetime) -> Move:
    """A consultant asks for the next phase. It comes by itself, so there is mostly a reason why it has not."""
    stage, today = move.from_stage, local_day(at, engagement.client.time_zone)
    if stage is None or not _has_passed(engagement, stage, today):
        raise PhaseTooEarly
    unmet = _unmet(engagement, stage, at)
    if unmet:
        raise ExitTestsNotMet(missing=[{"key": t.key, "label": t.label} for t in unmet])
    return _turn(engagement, stage, today, reason=move.reason, by=by, at=at)


def _turn(
    engagement: Engagement,
    stage: Stage,
    day: datetime.date,
    *,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Move:
    """The move to the next phase, in effect as it is written: it never waits, so it stands in no other move's way."""
    by, since_on = access.on_own_authority(by), max(day, stage.since_on)
    label = spectrum.phase(stage.phase).label
    move = Move(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        kind=Move.Kind.PHASE,
        from_stage=stage,
        to_point=stage.point,
        to_phase=spectrum.next_phase(stage.phase),
        effective_on=since_on,
        cause=MoveCause.CONSULTANT if reason else MoveCause.DATE,
        reason=reason or f"The end of {label!r} came, and its exit tests are met.",
        evidence_text="; ".join(test.label for test, _ in tests(engagement, stage, at)),
        contract=stage.contract,
        needs_agreement=False,
        **terms.of(stage),
    )
    stage = stages.follow(engagement, move, since_on=since_on, by=by, at=at)
    move.status, move.effective_at, move.stage = Move.Status.EFFECTIVE, at, stage
    move = rows.add(move, by=by, at=at, kind="move.effective")
    dates.replan(engagement, by=by, at=at)
    return move


def _has_passed(engagement: Engagement, stage: Stage, today: datetime.date) -> bool:
    if not spectrum.next_phase(stage.phase) or engagement.status != Engagement.Status.ACTIVE:
        return False
    last = stages.last_day(engagement, stage)
    return last is not None and last < today


def _unmet(engagement: Engagement, stage: Stage, at: datetime.datetime) -> list[spectrum.ExitTest]:
    return [test for test, met in tests(engagement, stage, at) if not met]


def _run_began(engagement: Engagement) -> datetime.datetime:
    """What was stated of an earlier retainer says nothing of this one."""
    phased = [key for key, point in spectrum.points().items() if point.phased]
    others = Stage.objects.filter(engagement=engagement).exclude(point__in=phased)
    last = others.order_by("since_on", "id").last()
    return last.created_at if last else engagement.created_at
