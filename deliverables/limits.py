"""What a hat may spend, and what it decided to spend in the period that a moment lies in. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from deliverables.models import Decision, DecisionStatus
from deliverables.rights_check import Limit
from engagements import charters, days, deputies
from engagements.models import Deputy, Engagement
from engagements.models.charter import LimitPeriod
from practice.quarters import local_day, quarter_of

Window = tuple[datetime.date, datetime.date]


def window(period: str, day: datetime.date, fiscal_year_start: int) -> Window:
    """The first day of the period a day lies in, and the first day after it."""
    if period == LimitPeriod.MONTH:
        first = day.replace(day=1)
        return first, days.months_on(first, 1)
    quarter = quarter_of(day, fiscal_year_start)
    if period == LimitPeriod.QUARTER:
        return quarter.starts_on, days.months_on(quarter.starts_on, 3)
    first = days.months_on(quarter.starts_on, -3 * (quarter.number - 1))
    return first, days.months_on(first, 12)


def of(
    engagement: Engagement,
    hat: str,
    moment: datetime.datetime,
    *,
    deputy: Deputy | None = None,
    besides: Decision | None = None,
) -> tuple[Limit | None, Decimal | None]:
    """The hat's limit, and what was decided in its period; without a deputy's own ceiling, the holder's.

    `besides` is left out, as what takes its place is being judged.
    """
    held = charters.limit_in_force(engagement, hat)
    if held is None:
        return None, Decimal(0)
    limit = Limit(held.per_decision, held.per_period, held.currency)
    if deputy is not None and (most := deputies.limit_of(deputy)) is not None:
        limit = replace(limit, per_decision=most)
    zone = engagement.client.time_zone
    today = local_day(moment, zone)
    first, after = window(held.period, today, engagement.client.fiscal_year_start)
    decided = Decision.objects.filter(
        engagement=engagement,
        hat=hat,
        status=DecisionStatus.DECIDED,
        amount__isnull=False,
        decided_at__gte=days.start_of_day(first, zone),
        decided_at__lt=days.start_of_day(after, zone),
    )
    if besides is not None:
        decided = decided.exclude(pk=besides.pk)
    told = decided.values_list("amount", "currency", "counted_amount", "counted_currency")
    return limit, _sum(told, limit.currency)


def _sum(
    decided: Iterable[tuple[Decimal | None, str, Decimal | None, str]], currency: str
) -> Decimal | None:
    """None where a charter has changed the limit's currency and what was decided before cannot be told in it.

    What the client agreed to without a rate was theirs to decide, and counts for nothing here.
    """
    total = Decimal(0)
    for amount, given_in, counted, counted_in in decided:
        if counted is not None and counted_in == currency:
            total += counted
        elif amount is not None and given_in == currency:
            total += amount
        elif counted is not None:
            return None
    return total
