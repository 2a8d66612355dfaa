"""Bursts: more work for a while, with a cause and an end (CAD-14). The stage and its terms stay as they are."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from engagements import dates, days, stages
from engagements.models import Burst, Engagement
from engagements.models.base import AllowanceUnit
from practice import access, rows
from practice.access import Actor
from practice.refusals import Conflict, Invalid, NotAllowed


class BurstOverlaps(Conflict):
    code, sentence = "burst_overlaps", "Another burst lies on these days."


class NoAllowance(Conflict):
    code, sentence = (
        "no_allowance",
        "The terms have no allowance that a burst could come on top of.",
    )


def plan(
    engagement: Engagement,
    *,
    since_on: datetime.date,
    until_on: datetime.date,
    cause: str,
    extra: Decimal,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Burst:
    """So much on top of every month's allowance, from a day until another."""
    access.require(by, "stage", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        stage = stages.present(engagement)
        if stage is None or stage.allowance_unit == AllowanceUnit.NONE:
            raise NoAllowance
        days.check(since_on=since_on)
        stages.check_day(engagement, since_on, stage)
        row = Burst(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            since_on=since_on,
            until_on=until_on,
            cause=cause,
            extra=extra,
            unit=stage.allowance_unit,
            note=note.strip(),
        )
        _require_fees(row, by)
        _check(row)
        row = rows.add(row, by=by, at=at, kind="burst.planned")
        dates.replan(engagement, by=by, at=at)
        return row


def change(
    burst: Burst, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Burst:
    """Another end, amount or note, while it lasts."""
    access.require(by, "stage", "change")
    with transaction.atomic():
        engagement = access.get(by, Engagement, burst.engagement_id, lock=True)
        burst = access.get(by, Burst, burst.pk, lock=True)
        if engagement.status not in stages.RUNNING:
            raise stages.NotActive
        first = burst.since_on if "extra" in changes else burst.until_on
        # Neither the amount nor the end of what was allowed in a closed month changes.
        burst.extra = changes.get("extra", burst.extra)
        burst.until_on = changes.get("until_on", burst.until_on)
        _check(burst)
        if {"extra", "until_on"} & set(changes):
            stages.check_day(engagement, min(first, burst.until_on), None)
        if "extra" in changes:
            burst.unit = changes["unit"] = _unit(engagement, burst)
            _require_fees(burst, by)
        burst = rows.change(burst, changes, by=by, at=at, kind="burst.changed", expected=expected)
        dates.replan(engagement, by=by, at=at)
        return burst


def cancel(burst: Burst, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> None:
    """It does not come after all."""
    access.require(by, "stage", "change")
    with transaction.atomic():
        engagement = access.get(by, Engagement, burst.engagement_id, lock=True)
        stages.check_day(engagement, burst.since_on, None)
        rows.remove(burst, by=by, at=at, kind="burst.cancelled", expected=expected)
        dates.replan(engagement, by=by, at=at)


def _unit(engagement: Engagement, burst: Burst) -> str:
    """What is said anew is said in the unit of the present terms."""
    stage = stages.present(engagement)
    has_unit = stage is not None and stage.allowance_unit != AllowanceUnit.NONE
    return stage.allowance_unit if stage and has_unit else burst.unit


def _require_fees(burst: Burst, by: Actor) -> None:
    if "extra" in access.hidden_of(by, burst):
        raise NotAllowed("Your role does not see or set fees.")


def _check(burst: Burst) -> None:
    days.check(since_on=burst.since_on, until_on=burst.until_on)
    if burst.extra <= 0:
        raise Invalid({"extra": ["More than nothing."]})
    if burst.until_on <= burst.since_on:
        raise Invalid({"until_on": ["Later than its first day."]})
    others = Burst.objects.filter(engagement_id=burst.engagement_id).exclude(pk=burst.pk)
    if others.filter(since_on__lt=burst.until_on, until_on__gt=burst.since_on).exists():
        raise BurstOverlaps
