"""Reads what billing needs of a client's engagements, in a fixed number of queries. Judges nothing."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from engagements.billing_lines import Course, Over, Spent, StageTerms, Worked
from engagements.models import (
    AllowanceUnit,
    BillingLine,
    Engagement,
    Expense,
    HatShare,
    LineKind,
    Pause,
    Period,
    Stage,
    TimeEntry,
)
from engagements.models.engagement import EngagementStatus
from practice.models import Client

LONGEST_DAYS = 731
Day = datetime.date
ZERO = Decimal(0)
# What was never agreed is not billed.
BEGUN = (EngagementStatus.ACTIVE, EngagementStatus.PAUSED, EngagementStatus.ENDED)


def courses(
    engagements: Iterable[Engagement], client: Client, from_on: Day, until_on: Day
) -> list[Course]:
    begun = [row for row in engagements if row.status in BEGUN]
    ids = [row.pk for row in begun]
    stages, pauses = _by_engagement(Stage, ids, "since_on"), _by_engagement(Pause, ids, "since_on")
    hats = _by_engagement(HatShare, ids, "hat")
    # A project's fee holds the time of all its days, so earlier time is looked at as well.
    entries = _by_engagement(TimeEntry, ids, "id", billable=True, line=None, booked_on__lt=until_on)
    expenses = _by_engagement(
        Expense,
        ids,
        "id",
        billable=True,
        against_allowance=False,
        line=None,
        booked_on__gte=from_on,
        booked_on__lt=until_on,
    )
    periods = _by_engagement(
        Period, ids, "starts_on", billed__gt=0, starts_on__gte=from_on, starts_on__lt=until_on
    )
    used = _cap_used(ids)
    return [
        Course(
            id=row.pk,
            name=row.name,
            hat=hats[row.pk][0].hat if len(hats[row.pk]) == 1 else "",
            po_number=row.po_number or client.po_number,
            stages=[_terms(stage) for stage in stages[row.pk]],
            pauses=[(pause.since_on, pause.until_on) for pause in pauses[row.pk]],
            worked=[Worked(e.pk, e.booked_on, e.minutes, e.hat) for e in entries[row.pk]],
            spent=[
                Spent(e.pk, e.booked_on, e.amount, e.currency, e.what) for e in expenses[row.pk]
            ],
            over=[Over(p.starts_on, p.billed, p.currency) for p in periods[row.pk]],
            cap_used=used,
        )
        for row in begun
    ]


def closed_months(
    engagements: Iterable[Engagement], from_on: Day, until_on: Day
) -> dict[UUID, frozenset[Day]]:
    """By engagement, the months that were closed: their time changes no more."""
    closed = Period.objects.filter(
        engagement__in=[row.pk for row in engagements],
        starts_on__gte=from_on,
        starts_on__lt=until_on,
    )
    found: dict[UUID, set[Day]] = defaultdict(set)
    for id, month in closed.values_list("engagement_id", "starts_on"):
        found[id].add(month)
    return {id: frozenset(months) for id, months in found.items()}


def billed_keys(engagements: Iterable[Engagement]) -> frozenset[str]:
    """Whatever any batch holds, exported or not."""
    lines = BillingLine.objects.filter(engagement__in=[row.pk for row in engagements])
    return frozenset(lines.values_list("key", flat=True))


def _cap_used(ids: list[UUID]) -> dict[UUID, Decimal]:
    lines = BillingLine.objects.filter(engagement__in=ids, kind=LineKind.TIME).order_by()
    found: dict[UUID, Decimal] = defaultdict(Decimal)
    for key, amount in lines.values_list("key").annotate(Sum("amount")):
        found[UUID(key.split(":")[1])] += amount
    return found


def _by_engagement(model: Any, ids: list[UUID], order: str, **only: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in model.objects.filter(engagement__in=ids, **only).order_by(order, "id"):
        found[row.engagement_id].append(row)
    return found


def _terms(stage: Stage) -> StageTerms:
    return StageTerms(
        id=stage.pk,
        label=stage.get_point_display(),
        since_on=stage.since_on,
        until_on=stage.until_on,
        fee_model=stage.fee_model,
        fee_amount=stage.fee_amount or ZERO,
        hour_rate=stage.hour_rate or ZERO,
        cap_amount=stage.cap_amount,
        currency=stage.currency,
        day_minutes=stage.day_minutes,
        has_allowance=stage.allowance_unit != AllowanceUnit.NONE,
        overage=stage.overage,
    )
