"""On which days something can be noted for an engagement, and by which day it then counts. Months that are closed stay so."""

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from engagements import ledger
from engagements.models import Engagement, Pause, Period
from engagements.models.engagement import EngagementStatus
from practice import quarters
from practice.models import Client
from practice.refusals import Conflict, Invalid

RUNNING = (EngagementStatus.ACTIVE, EngagementStatus.PAUSED, EngagementStatus.ENDED)


class NotRunning(Conflict):
    code, sentence = "not_running", "Nothing can be noted before the engagement is active."


class PausedThen(Conflict):
    code, sentence = "paused_then", "The engagement was paused on this day."


class Billed(Conflict):
    code, sentence = "billed", "This is in a billing batch already."


class MonthClosed(Conflict):
    code, sentence = "month_closed", "The month in which this counts is closed."


@dataclass(frozen=True)
class Calendar:
    status: str
    starts_on: datetime.date | None
    ended_on: datetime.date | None
    today: datetime.date
    """Where the client is."""
    pauses: tuple[tuple[datetime.date, datetime.date | None], ...]
    closed: datetime.date | None
    """First day of the last month that was closed; all before it are closed, too."""

    def check(self, day: datetime.date, field: str, *, working: bool = True) -> None:
        """Refuse a day on which nothing can be noted; `working`: nor anything worked."""
        if self.status not in RUNNING:
            raise NotRunning
        if day > self.today:
            raise Invalid({field: ["This day has not come yet where the client is."]})
        if self.starts_on and day < self.starts_on:
            raise Invalid({field: [f"The engagement began on {self.starts_on}."]})
        if self.ended_on and day > self.ended_on:
            raise Invalid({field: [f"The engagement ended on {self.ended_on}."]})
        if working and any(since <= day and (u is None or day < u) for since, u in self.pauses):
            raise PausedThen

    def booked_on(self, day: datetime.date) -> datetime.date:
        """The day itself, or where its month is closed the first day of the earliest open one."""
        return ledger.next_month(self.closed) if self.closed and self.is_closed(day) else day

    def is_closed(self, day: datetime.date) -> bool:
        return self.closed is not None and ledger.month_of(day) <= self.closed


def calendar(engagement: Engagement, *, at: datetime.datetime) -> Calendar:
    """Read once the engagement's row is locked: closing a month waits for the same lock."""
    zone = Client.objects.values_list("time_zone", flat=True).get(pk=engagement.client_id)
    of = {"practice_id": engagement.practice_id, "engagement": engagement}
    return Calendar(
        engagement.status,
        engagement.starts_on,
        engagement.ended_on,
        quarters.local_day(at, zone),
        tuple(Pause.objects.filter(**of).values_list("since_on", "until_on")),
        Period.objects.filter(**of).aggregate(last=Max("starts_on"))["last"],
    )


def check_open(line_id: UUID | None, booked_on: datetime.date, days: Calendar) -> None:
    """What is billed or in a closed month stands."""
    if line_id is not None:
        raise Billed
    if days.is_closed(booked_on):
        raise MonthClosed
