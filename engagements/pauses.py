"""Pauses: days on which nothing is owed. They push every counted day on by their length."""

import datetime
from uuid import UUID

from django.db import transaction

from engagements import dates, days, phases, stages
from engagements.models import Engagement, Pause, Period
from practice import access, rows
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid, Stale

Status = Engagement.Status


class NotPaused(Conflict):
    code, sentence = "not_paused", "No pause is running here."


class PauseOverlaps(Conflict):
    code, sentence = "pause_overlaps", "Another pause lies on these days."


def pause(
    engagement: Engagement,
    *,
    reason: str,
    since_on: datetime.date | None = None,
    until_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Engagement:
    """Nothing is owed from a day on (today, where nothing is said), until work goes on or until a day given now."""
    with transaction.atomic():
        engagement = _held(engagement, by, expected)
        if engagement.status not in stages.RUNNING:
            raise stages.NotActive
        since_on = since_on or local_day(at, engagement.client.time_zone)
        _check_days(engagement, since_on, until_on)
        row = Pause(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            since_on=since_on,
            until_on=until_on,
            reason=reason.strip(),
        )
        rows.add(row, by=by, at=at, kind="pause.begun")
        return follow(engagement, by=by, at=at)


def resume(
    engagement: Engagement,
    *,
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Engagement:
    """Work goes on from a day (today, where nothing is said)."""
    with transaction.atomic():
        engagement = _held(engagement, by, expected)
        today = local_day(at, engagement.client.time_zone)
        running = _covering(engagement, today)
        if running is None:
            raise NotPaused
        on = on or today
        days.check(on=on)
        if on < running.since_on:
            raise Invalid({"on": ["Before the pause began."]})
        later = Pause.objects.filter(engagement=engagement, since_on__gt=running.since_on)
        if later.filter(since_on__lt=on).exists():
            raise PauseOverlaps
        _check_month(engagement, min(on, today))
        rows.change(running, {"until_on": on}, by=by, at=at, kind="pause.ended")
        return follow(engagement, by=by, at=at)


def cut(row: Pause, on: datetime.date, *, by: Actor, at: datetime.datetime) -> None:
    """The engagement ends: a pause ends with it, and one that has not begun does not come."""
    if row.since_on > on:
        rows.remove(row, by=by, at=at, kind="pause.cancelled")
    elif row.until_on is None or row.until_on > on:
        rows.change(row, {"until_on": on}, by=by, at=at, kind="pause.ended")


def turn(pause_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls on the day a pause begins or is over. The status is read from the days: twice is once."""
    with transaction.atomic():
        row = access.get(by, Pause, pause_id)
        engagement = access.get(by, Engagement, row.engagement_id, lock=True)
        follow(engagement, by=by, at=at)


def follow(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> Engagement:
    """Bring status, phase and dates in line with the days of its pauses."""
    if engagement.status not in stages.RUNNING:
        return engagement
    by = access.on_own_authority(by)
    paused = _covering(engagement, local_day(at, engagement.client.time_zone)) is not None
    status = Status.PAUSED if paused else Status.ACTIVE
    kind = "engagement.paused" if paused else "engagement.resumed"
    engagement = rows.change(engagement, {"status": status}, by=by, at=at, kind=kind)
    phases.look_again(engagement, by=by, at=at)
    dates.replan(engagement, by=by, at=at)
    return engagement


def _covering(engagement: Engagement, day: datetime.date) -> Pause | None:
    own = Pause.objects.filter(practice_id=engagement.practice_id, engagement=engagement)
    for row in own.filter(since_on__lte=day):
        if row.until_on is None or row.until_on > day:
            return row
    return None


def _check_days(
    engagement: Engagement, since_on: datetime.date, until_on: datetime.date | None
) -> None:
    days.check(since_on=since_on, until_on=until_on)
    if until_on is not None and until_on <= since_on:
        raise Invalid({"until_on": ["Later than its first day."]})
    if engagement.starts_on is not None and since_on < engagement.starts_on:
        raise Invalid({"since_on": ["Before the first day of the work."]})
    _check_month(engagement, since_on)
    end = until_on or datetime.date.max
    for row in Pause.objects.filter(practice_id=engagement.practice_id, engagement=engagement):
        if row.since_on < end and since_on < (row.until_on or datetime.date.max):
            raise PauseOverlaps


def _check_month(engagement: Engagement, day: datetime.date) -> None:
    """A pause changes what was owed in its months, and a closed month is closed."""
    later = {"engagement": engagement, "starts_on__gte": day.replace(day=1)}
    if Period.objects.filter(practice_id=engagement.practice_id, **later).exists():
        raise stages.MonthClosed


def _held(engagement: Engagement, by: Actor, expected: int | None) -> Engagement:
    access.require(by, "engagement", "change")
    engagement = access.get(by, Engagement, engagement.pk, lock=True)
    # The pause is a row of its own; the version that the caller has seen is the engagement's.
    if expected is not None and expected != engagement.version:
        raise Stale(version=engagement.version)
    return engagement
