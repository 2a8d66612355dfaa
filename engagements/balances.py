"""The balance of engagements month by month: closed months as they were frozen, open ones from the rows."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from engagements import ledger
from engagements.ledger import Account, Carried, Extra, Month, Slice, Stretch, Terms, Use
from engagements.models import Burst, Engagement, Expense, Pause, Period, Stage, TimeEntry
from practice import access, quarters
from practice.access import Actor
from practice.models import Client

Day = datetime.date


def of(engagement: Engagement, *, at: datetime.datetime, through: Day | None = None) -> list[Month]:
    """Every month from the first stage to today, or to the end, or to that of `through`; oldest first."""
    of_one = Engagement.objects.filter(pk=engagement.pk)
    return of_many(of_one, at=at, through=through).get(engagement.pk, [])


def present(months: Iterable[Month]) -> list[Month]:
    """The entries of the last month."""
    found = list(months)
    return [month for month in found if month.starts_on == found[-1].starts_on]


def seen(by: Actor, months: Iterable[Month]) -> list[Month]:
    """What this actor may read of them: clients where the terms allow, money for those who see fees."""
    fees = access.may(by, "period", "see_fees")
    contact = by.role in access.CONTACTS
    return [
        month
        for month in months
        if (fees or month.unit != ledger.MONEY) and (month.client_sees or not contact)
    ]


def of_many(
    engagements: QuerySet[Engagement], *, at: datetime.datetime, through: Day | None = None
) -> dict[UUID, list[Month]]:
    """The same for many engagements, in as many statements as for one. Entries without an allowance are not in it."""
    heads = list(engagements.values_list("id", "practice_id", "client_id", "ended_on"))
    if not heads:
        return {}
    facts = _read([id for id, *_ in heads], {practice for _, practice, *_ in heads})
    zones = dict(
        Client.objects.filter(pk__in={client for *_, client, _ in heads}).values_list(
            "id", "time_zone"
        )
    )
    told = {}
    for id, _, client, ended_on in heads:
        today = quarters.local_day(at, zones[client])
        # From the day it ended nothing is owed any more.
        last = ended_on - datetime.timedelta(days=1) if ended_on else today
        until = min(today, last)
        told[id] = facts[id].months(max(until, through) if through else until)
    return told


@dataclass
class _Facts:
    """What is read of one engagement."""

    terms: list[Terms] = field(default_factory=list)
    pauses: list[Stretch] = field(default_factory=list)
    bursts: list[Extra] = field(default_factory=list)
    minutes: dict[Day, int] = field(default_factory=dict)
    spent: dict[tuple[Day, str], Decimal] = field(default_factory=dict)
    closed: list[Month] = field(default_factory=list)

    def months(self, until: Day) -> list[Month]:
        if not self.terms:
            return self.closed
        first = min(terms.since_on for terms in self.terms)
        opening: dict[Account, Carried] = {}
        if self.closed:
            last = self.closed[-1].starts_on
            first = ledger.next_month(last)
            opening = {m.account: m.carried for m in self.closed if m.starts_on == last}
        # Late time can count in a month after the end.
        counted = [until, *self.minutes, *(day for day, _ in self.spent)]
        return self.closed + ledger.months(
            self.terms,
            first=ledger.month_of(first),
            last=max(counted),
            pauses=self.pauses,
            bursts=self.bursts,
            use=Use(self.minutes, self.spent),
            opening=opening,
        )


def _read(ids: list[UUID], practices: set[UUID]) -> defaultdict[UUID, _Facts]:
    of = {"practice_id__in": practices, "engagement_id__in": ids}
    found: defaultdict[UUID, _Facts] = defaultdict(_Facts)
    for stage in Stage.objects.filter(**of).order_by("since_on", "id"):
        found[stage.engagement_id].terms.append(terms_of(stage))
    for id, since_on, until_on in _stretches(Pause.objects.filter(**of)):
        found[id].pauses.append(Stretch(since_on, until_on))
    for burst in Burst.objects.filter(**of).order_by("since_on", "id"):
        found[burst.engagement_id].bursts.append(Extra(burst.since_on, burst.until_on, burst.extra))
    for row in Period.objects.filter(**of).order_by("starts_on", "unit", "currency", "id"):
        found[row.engagement_id].closed.append(_frozen(row))
    by_day = TimeEntry.objects.filter(**of, billable=True).values_list("engagement_id", "booked_on")
    for id, day, minutes in by_day.annotate(sum=Sum("minutes")).order_by():
        found[id].minutes[day] = minutes
    spent = Expense.objects.filter(**of, against_allowance=True)
    sums = spent.values_list("engagement_id", "booked_on", "currency").annotate(sum=Sum("amount"))
    for id, day, currency, amount in sums.order_by():
        found[id].spent[day, currency] = amount.quantize(ledger.HUNDREDTH)
    return found


def _stretches(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by("since_on", "id").values_list("engagement_id", "since_on", "until_on")


def terms_of(stage: Stage) -> Terms:
    return Terms(
        stage.since_on,
        stage.until_on,
        unit=stage.allowance_unit,
        allowance=stage.allowance,
        day_minutes=stage.day_minutes,
        rollover_cap=stage.rollover_cap,
        rollover_months=stage.rollover_months,
        overage=stage.overage,
        hour_rate=stage.hour_rate,
        currency=stage.currency,
        client_sees=stage.client_sees_balance,
    )


def _frozen(row: Period) -> Month:
    slices = tuple(
        Slice(
            datetime.date.fromisoformat(part["from"]),
            datetime.date.fromisoformat(part["until"]),
            Decimal(part["amount"]),
        )
        for part in row.carried["slices"]
    )
    return Month(
        starts_on=row.starts_on,
        unit=row.unit,
        currency=row.currency,
        allowance=row.allowance,
        rolled_in=row.rolled_in,
        used=row.used,
        left=row.left,
        over=row.over,
        expired=row.expired,
        billed=row.billed,
        carried=Carried(slices, Decimal(row.carried["owed"])),
        client_sees=row.client_sees,
        locked=True,
    )


def carried_as_json(carried: Carried) -> dict[str, Any]:
    return {
        "slices": [
            {
                "from": part.from_on.isoformat(),
                "until": part.until_on.isoformat(),
                "amount": str(part.amount),
            }
            for part in carried.slices
        ],
        "owed": str(carried.owed),
    }
