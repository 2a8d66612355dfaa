"""Closing months: in order, only past ones, for good, but for the newest as long as nothing of it was billed."""

import datetime

from django.db import transaction
from django.db.models import Max, Min

from engagements import balances, ledger
from engagements.booking import Billed, NotRunning
from engagements.ledger import Carried, Month
from engagements.models import BillingLine, Engagement, Period, Stage
from practice import access, events, quarters, rows
from practice.access import Actor
from practice.models import Client
from practice.refusals import Conflict, Invalid, Taken


class NotOver(Conflict):
    code, sentence = "month_not_over", "This month is not over yet where the client is."


class OutOfOrder(Conflict):
    code, sentence = "months_in_order", "Months are closed one after the other."


class NotNewest(Conflict):
    code, sentence = "month_not_newest", "Only the month closed last can be opened again."


CLOSED = Taken("This month is closed already.", "month")


def lock(
    engagement: Engagement, *, month: datetime.date, by: Actor, at: datetime.datetime
) -> Period:
    """Close a month: its balance stays as it is now, and nothing in it can be noted or changed any more."""
    access.require(by, "period", "add")
    if month.day != 1:
        raise Invalid({"month": ["A month is named by its first day."]})
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        following = earliest_open(engagement)
        if following is None:
            raise NotRunning
        if month < following:
            raise CLOSED
        zone = Client.objects.values_list("time_zone", flat=True).get(pk=engagement.client_id)
        if ledger.next_month(month) > quarters.local_day(at, zone):
            raise NotOver
        if month != following:
            raise OutOfOrder(next=following.isoformat())
        # Also after the end: what was still carried then runs out or stays owed, and is not dropped.
        months = balances.of(engagement, at=at, through=month)
        told = [m for m in months if m.starts_on == month]
        frozen = [_row(engagement, one, at) for one in told or [_empty(month)]]
        # Who closes a month freezes all of it, whether or not they may read the money.
        own = access.on_own_authority(by)
        for row in frozen:
            rows.add(row, by=own, at=at, kind="period.locked", taken=CLOSED)
        return frozen[0]


def unlock(period: Period, *, reason: str, by: Actor, at: datetime.datetime) -> Engagement:
    """Open the month closed last again, with a reason, unless something of it was billed."""
    access.require(by, "period", "remove")
    if not reason.strip():
        raise Invalid({"reason": ["Say why it is opened again."]})
    with transaction.atomic():
        engagement = access.get(by, Engagement, period.engagement_id, lock=True)
        starts_on = access.get(by, Period, period.pk).starts_on
        of = {"practice_id": engagement.practice_id, "engagement": engagement}
        if last_closed(engagement) != starts_on:
            raise NotNewest
        end = ledger.next_month(starts_on)
        if BillingLine.objects.filter(**of, from_on__lt=end, until_on__gt=starts_on).exists():
            raise Billed
        own = access.on_own_authority(by)
        for row in Period.objects.filter(**of, starts_on=starts_on):
            rows.remove(row, by=own, at=at, kind="period.unlocked")
        after = {"month": starts_on.isoformat(), "reason": reason.strip()}
        events.record("engagement.month_opened", by=by, at=at, subject=engagement, after=after)
        return engagement


def last_closed(engagement: Engagement) -> datetime.date | None:
    rows = Period.objects.filter(practice_id=engagement.practice_id, engagement=engagement)
    last: datetime.date | None = rows.aggregate(last=Max("starts_on"))["last"]
    return last


def earliest_open(engagement: Engagement) -> datetime.date | None:
    """First day of the month that is closed next; None before the first stage."""
    last = last_closed(engagement)
    if last is not None:
        return ledger.next_month(last)
    stages = Stage.objects.filter(practice_id=engagement.practice_id, engagement=engagement)
    begun: datetime.date | None = stages.aggregate(first=Min("since_on"))["first"]
    first = min(filter(None, (begun, engagement.starts_on)), default=None)
    return ledger.month_of(first) if first and begun else None


def _row(engagement: Engagement, month: Month, at: datetime.datetime) -> Period:
    return Period(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        starts_on=month.starts_on,
        unit=month.unit,
        currency=month.currency,
        allowance=month.allowance,
        rolled_in=month.rolled_in,
        used=month.used,
        left=month.left,
        over=month.over,
        expired=month.expired,
        billed=month.billed,
        carried=balances.carried_as_json(month.carried),
        commercial=month.unit == ledger.MONEY,
        client_sees=month.client_sees,
        locked_at=at,
    )


def _empty(month: datetime.date) -> Month:
    """A month without any allowance is closed all the same."""
    zero = ledger.ZERO
    return Month(
        month, ledger.MINUTES, "", zero, zero, zero, zero, zero, zero, zero, Carried(), False
    )
