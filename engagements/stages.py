"""The stretches of an engagement's course: which one goes on, and how a move ends it and begins the next."""

import datetime

from engagements import contracts, days, spectrum, terms
from engagements.models import Engagement, Move, Pause, Period, Stage
from practice import access, rows
from practice.access import Actor
from practice.refusals import Conflict

RUNNING = (Engagement.Status.ACTIVE, Engagement.Status.PAUSED)


class NotActive(Conflict):
    code, sentence = "not_active", "This engagement is not under way."


class BeforePresent(Conflict):
    code, sentence = "before_present", "The present stage began later than this date."


class MonthClosed(Conflict):
    code, sentence = "month_closed", "A month from this date on is closed; take a later date."


def present(engagement: Engagement) -> Stage | None:
    return Stage.objects.filter(
        practice_id=engagement.practice_id, engagement=engagement, until_on=None
    ).first()


def course(engagement: Engagement) -> list[Stage]:
    """All of them, in order."""
    whole = Stage.objects.filter(practice_id=engagement.practice_id, engagement=engagement)
    return list(whole.order_by("since_on", "id"))


def pauses(engagement: Engagement) -> list[days.Stretch]:
    found = Pause.objects.filter(practice_id=engagement.practice_id, engagement=engagement)
    return [days.Stretch(*pair) for pair in found.values_list("since_on", "until_on")]


def run_since(engagement: Engagement) -> datetime.date | None:
    """Since when the present run of retainers goes on; None outside one."""
    points = spectrum.points()
    return days.run_since(
        [days.Stop(points[stage.point].phased, stage.since_on) for stage in course(engagement)]
    )


def last_day(engagement: Engagement, stage: Stage) -> datetime.date | None:
    """The last day of the present phase, pauses counted in; None where it has none, or none that is known yet."""
    ends = spectrum.phase(stage.phase).ends if stage.phase else None
    since = run_since(engagement)
    if ends is None or since is None:
        return None
    return days.last_of(ends, start=since, pauses=pauses(engagement))


def check_day(engagement: Engagement, day: datetime.date, stage: Stage | None) -> None:
    """Whether a stage may still begin, or end, on a day: neither behind the present one nor in a closed month."""
    if stage is not None and day < stage.since_on:
        raise BeforePresent
    closed = Period.objects.filter(
        practice_id=engagement.practice_id,
        engagement=engagement,
        starts_on__gte=day.replace(day=1),
    )
    if closed.exists():
        raise MonthClosed


def follow(
    engagement: Engagement, move: Move, *, since_on: datetime.date, by: Actor, at: datetime.datetime
) -> Stage:
    """End the present stage and begin the one that the move describes. Nothing of the former is rewritten."""
    by = access.on_own_authority(by)
    former = present(engagement)
    if former is not None:
        rows.change(former, {"until_on": since_on}, by=by, at=at, kind="stage.ended")
    phase = _phase(move, former)
    stage = Stage(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        point=move.to_point,
        phase=phase,
        since_on=since_on,
        sprint=move.sprint,
        # What was owed at the end of a phase stays owed when only the intensity changes.
        overdue=bool(former and former.overdue and former.phase == phase),
        contract=move.contract or contracts.in_force(engagement),
        **terms.of(move),
    )
    return rows.add(stage, by=by, at=at, kind="stage.begun")


def _phase(move: Move, former: Stage | None) -> str:
    """A phase that ended while the move waited is not gone back to."""
    goes_on = move.kind not in (Move.Kind.BEGIN, Move.Kind.PHASE)
    if goes_on and former and former.phase and spectrum.points()[move.to_point].phased:
        return former.phase
    return move.to_phase
