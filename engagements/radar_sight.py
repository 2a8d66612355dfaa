"""What the radar's checks look at: the engagements of one sweep, and what several checks need of them, read once."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import TruncMonth

from assessments.facts import dictionary
from assessments.models import ClientFact
from engagements.models import Charter, Engagement, HatShare, TimeEntry, Wearing
from practice.models import Seat
from practice.quarters import local_day

WINDOW = datetime.timedelta(days=28)


@dataclass
class Spent:
    """Minutes of one engagement in one stretch, by hat; without a hat, joint."""

    all: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reactive: dict[str, int] = field(default_factory=lambda: defaultdict(int))


class Sight:
    """Engagements come with their client. Every fact is one query, asked when a check first needs it."""

    def __init__(self, engagements: Sequence[Engagement], at: datetime.datetime) -> None:
        self.engagements, self.at = engagements, at
        self.ids = [row.pk for row in engagements]
        self.client_ids = list({row.client_id for row in engagements})

    def day(self, engagement: Engagement) -> datetime.date:
        """Today, where the client is."""
        return local_day(self.at, engagement.client.time_zone)

    @cached_property
    def earliest(self) -> datetime.date:
        """Clients live in many zones: nobody's today is before this."""
        return self.at.date() - datetime.timedelta(days=1)

    @cached_property
    def shares(self) -> dict[UUID, dict[str, int]]:
        """Target share by hat, of each engagement."""
        rows = HatShare.objects.filter(engagement__in=self.ids).order_by("hat")
        found: dict[UUID, dict[str, int]] = defaultdict(dict)
        for id, hat, target in rows.values_list("engagement_id", "hat", "target"):
            found[id][hat] = target
        return found

    @cached_property
    def wearings(self) -> dict[UUID, list[Wearing]]:
        """Every stretch of a hat that has not ended before today, with the name of who wears it."""
        rows = Wearing.objects.filter(
            Q(until_on=None) | Q(until_on__gt=self.earliest), engagement__in=self.ids
        )
        found: dict[UUID, list[Wearing]] = defaultdict(list)
        for row in rows.select_related("member__user").order_by("hat", "since_on"):
            found[row.engagement_id].append(row)
        return found

    def worn(self, engagement: Engagement) -> dict[str, Wearing]:
        """Who wears which hat today."""
        day = self.day(engagement)
        return {
            row.hat: row
            for row in self.wearings[engagement.pk]
            if row.since_on <= day and (row.until_on is None or row.until_on > day)
        }

    def is_combined(self, engagement: Engagement) -> bool:
        worn = self.worn(engagement)
        return {"CTO", "CAIO"} <= worn.keys() and (worn["CTO"].member_id == worn["CAIO"].member_id)

    @cached_property
    def charters(self) -> frozenset[UUID]:
        """Engagements with a charter in force."""
        rows = Charter.objects.filter(engagement__in=self.ids, status=Charter.Status.ACCEPTED)
        return frozenset(rows.values_list("engagement_id", flat=True))

    @cached_property
    def facts(self) -> dict[UUID, dict[str, Any]]:
        """What is known now, by client and name."""
        rows = ClientFact.objects.filter(
            client__in=self.client_ids, until_at=None, name__in=list(dictionary())
        )
        found: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for client, name, value in rows.values_list("client_id", "name", "value"):
            if value is not None:
                found[client][name] = value
        return found

    @cached_property
    def cto_seats(self) -> dict[UUID, Seat]:
        """What the client's seats say of the CTO today, by client."""
        rows = Seat.objects.filter(client__in=self.client_ids, hat="CTO", until_on=None)
        return {row.client_id: row for row in rows}

    @cached_property
    def _daily(self) -> dict[UUID, list[tuple[datetime.date, str, bool, int]]]:
        since = self.earliest - WINDOW
        rows = (
            TimeEntry.objects.filter(engagement__in=self.ids, booked_on__gt=since)
            .values("engagement_id", "booked_on", "hat", "reactive")
            .order_by()
            .annotate(spent=Sum("minutes"))
        )
        found: dict[UUID, list[tuple[datetime.date, str, bool, int]]] = defaultdict(list)
        for row in rows:
            found[row["engagement_id"]].append(
                (row["booked_on"], row["hat"], row["reactive"], row["spent"])
            )
        return found

    def last_28_days(self, engagement: Engagement) -> Spent:
        """The 28 days that end with today."""
        day, spent = self.day(engagement), Spent()
        for on, hat, reactive, minutes in self._daily[engagement.pk]:
            if day - WINDOW < on <= day:
                spent.all[hat] += minutes
                spent.reactive[hat] += minutes if reactive else 0
        return spent

    @cached_property
    def _monthly(self) -> dict[tuple[UUID, datetime.date], Spent]:
        since = month_before(month_before(self.earliest.replace(day=1)))
        rows = (
            TimeEntry.objects.filter(engagement__in=self.ids, booked_on__gte=since)
            .annotate(month=TruncMonth("booked_on"))
            .values("engagement_id", "month", "hat")
            .order_by()
            .annotate(spent=Sum("minutes"))
        )
        found: dict[tuple[UUID, datetime.date], Spent] = defaultdict(Spent)
        for row in rows:
            found[row["engagement_id"], row["month"]].all[row["hat"]] = row["spent"]
        return found

    def month(self, engagement: Engagement, first: datetime.date) -> Spent:
        return self._monthly[engagement.pk, first]


def month_before(first: datetime.date) -> datetime.date:
    return (first - datetime.timedelta(days=1)).replace(day=1)
