"""What the hat balance reads of many engagements. Pure reading: judging is for hat_shares, joining for hat_balance.

Ids and days stay as the driver gives them (SQLite: text), because only few of them are shown: turning each of them
into Python's own would cost more than the sums themselves.
"""

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, Exists, Max, Min, OuterRef, Q, QuerySet, Sum, UUIDField

from engagements.models import Engagement, HatShare, Pause, TimeEntry, Wearing
from practice.rest.prepared import Form, Prepared, Slot, compiled

Day = datetime.date
Raw = list[tuple[Any, ...]]
PRACTICE = Slot("practice", UUIDField())
FROM, UNTIL = Slot("from_on", DateField()), Slot("until_on", DateField())
READ_FROM, AFTER = Slot("read_from", DateField()), Slot("after", DateField())


def shares() -> QuerySet[Any]:
    """Each engagement's targets by hat, its state and first day."""
    rows = HatShare.objects.filter(practice_id=PRACTICE).order_by("id")
    return rows.values_list(
        "engagement_id", "hat", "target", "engagement__status", "engagement__starts_on"
    )


def pauses() -> QuerySet[Any]:
    rows = Pause.objects.filter(practice_id=PRACTICE)
    return rows.values_list("engagement_id", "since_on", "until_on")


def worn_late() -> QuerySet[Any]:
    """Hats that nobody wore before a day: one taken on last week cannot have been idle for two."""
    rows = Wearing.objects.filter(practice_id=PRACTICE)
    before = rows.filter(
        engagement=OuterRef("engagement"), hat=OuterRef("hat"), since_on__lte=AFTER
    )
    # Few are as late as that; only these are asked whether somebody wore the hat before.
    late = rows.filter(~Exists(before), since_on__gt=AFTER).values_list("engagement_id", "hat")
    return late.annotate(first=Min("since_on")).order_by()


def sums() -> QuerySet[Any]:
    """Minutes by hat, and the last day with time: one statement, answered from the covering index alone."""
    return _summed(FROM, None)


def sums_further_back() -> QuerySet[Any]:
    """The same, with a look at days before the window: somebody was paused for long."""
    return _summed(READ_FROM, Q(booked_on__gte=FROM))


def _summed(first: Slot, within: Q | None) -> QuerySet[Any]:
    rows = TimeEntry.objects.filter(practice_id=PRACTICE, booked_on__gte=first, booked_on__lt=UNTIL)
    return (
        rows.values_list("engagement_id", "hat")
        .annotate(sum=Sum("minutes", filter=within), last=Max("booked_on"))
        .order_by()
    )


PREPARED = {
    build: Prepared(build) for build in (shares, pauses, worn_late, sums, sums_further_back)
}


class Reader:
    """Of all engagements of a practice, or of those `among` them."""

    def __init__(self, practice_id: UUID, among: QuerySet[Engagement] | None) -> None:
        self.practice_id, self.among = practice_id, among

    def raw(self, build: Callable[[], QuerySet[Any]], **values: Any) -> Raw:
        form = self.form(build)
        return form.raw(practice=self.practice_id, **values) if form else []

    def rows(self, build: Callable[[], QuerySet[Any]], **values: Any) -> list[list[Any]]:
        form = self.form(build)
        return form.rows(practice=self.practice_id, **values) if form else []

    def form(self, build: Callable[[], QuerySet[Any]]) -> Form | None:
        """None where it is known beforehand that there is nothing."""
        if self.among is None:
            return PREPARED[build].form
        try:
            return compiled(build().filter(engagement__in=self.among.values("pk")))
        except EmptyResultSet:
            return None


def raw_day(day: Day) -> Any:
    """A day as the driver gives days."""
    return DateField().get_db_prep_value(day, connection)
