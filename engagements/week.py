"""A member's week of time: which engagements and hats it has, what was noted, and lengths as people type them."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Q

from engagements.models import Engagement, HatShare, TimeEntry, Wearing
from practice import access
from practice.access import Actor
from practice.models import Assignment

Day = datetime.date
JOINT = "joint"
CLOCK = re.compile(r"\A(\d{1,2}):([0-5]\d)\Z")
IN_MINUTES = re.compile(r"\A(\d{1,4})\s*m(?:in)?\Z", re.IGNORECASE)


@dataclass
class Row:
    """One hat of one engagement in the week."""

    engagement: Engagement
    hat: str
    target: int | None
    days: list[list[TimeEntry]] = field(default_factory=lambda: [[] for _ in range(7)])

    @property
    def key(self) -> str:
        return f"{self.engagement.pk}:{self.hat or JOINT}"

    @property
    def minutes(self) -> int:
        return sum(entry.minutes for day in self.days for entry in day)


@dataclass
class Work:
    """One engagement in the week."""

    engagement: Engagement
    rows: list[Row]

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def billable(self) -> int:
        return sum(e.minutes for row in self.rows for day in row.days for e in day if e.billable)


def monday_of(day: Day) -> Day:
    return day - datetime.timedelta(days=day.weekday())


def days_of(monday: Day) -> list[Day]:
    return [monday + datetime.timedelta(days=n) for n in range(7)]


def of(by: Actor, monday: Day) -> list[Work]:
    """What this member can note time for in a week, and what is noted."""
    sunday = monday + datetime.timedelta(days=6)
    entries = list(
        access.visible_to(by, TimeEntry)
        .filter(member_id=by.id, worked_on__range=(monday, sunday))
        .order_by("worked_on", "id")
    )
    mine = _mine(by)
    own = access.visible_to(by, Engagement).filter(
        Q(mine, status__in=["active", "paused"], starts_on__lte=sunday)
        | Q(mine, status="ended", ended_on__gte=monday, starts_on__lte=sunday)
        | Q(pk__in={entry.engagement_id for entry in entries})
    )
    engagements = list(own.select_related("client").order_by("client__name", "name", "id"))
    shares: dict[UUID, list[HatShare]] = {}
    for share in access.visible_to(by, HatShare).filter(engagement__in=engagements).order_by("id"):
        shares.setdefault(share.engagement_id, []).append(share)
    return [
        _work(engagement, shares.get(engagement.pk, []), monday, entries)
        for engagement in engagements
    ]


def _mine(by: Actor) -> Q:
    """As the timesheet asks it: assigned to the client, or wearing a hat."""
    assigned = Assignment.objects.filter(practice_id=by.practice_id, member_id=by.id)
    wearing = Wearing.objects.filter(practice_id=by.practice_id, member_id=by.id)
    return Q(client__in=assigned.values("client_id")) | Q(pk__in=wearing.values("engagement_id"))


def _work(
    engagement: Engagement, shares: list[HatShare], monday: Day, entries: Iterable[TimeEntry]
) -> Work:
    rows = {share.hat: Row(engagement, share.hat, share.target) for share in shares}
    rows[""] = Row(engagement, "", None)
    for entry in entries:
        if entry.engagement_id == engagement.pk:
            row = rows.setdefault(entry.hat, Row(engagement, entry.hat, None))
            row.days[(entry.worked_on - monday).days].append(entry)
    # With one hat there is nothing to split.
    shown = [row for row in rows.values() if row.hat or row.minutes or len(shares) > 1]
    return Work(engagement, shown)


def length(text: str) -> int | None:
    """1:30, 1.5, 1,5, 2h or 45m as minutes; None where it is none of these."""
    told = text.strip()
    if match := CLOCK.match(told):
        return int(match[1]) * 60 + int(match[2])
    if match := IN_MINUTES.match(told):
        return int(match[1])
    try:
        hours = Decimal(told.lower().removesuffix("h").strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not hours.is_finite() or not 0 <= hours <= 24:
        return None
    return int(hours * 60 + Decimal("0.5"))


def parts(key: str) -> tuple[Any, str]:
    """Engagement and hat of a row's key."""
    id, _, hat = key.partition(":")
    return id, "" if hat == JOINT else hat
