"""What a reading of a board report reads of: one engagement, one quarter, those before it, and rows as they were then."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from assessments.models import Initiative, Milestone, Risk, System
from deliverables.models import Deliverable
from engagements.models import Engagement
from practice.access import Actor
from practice.history import Past
from practice.models.base import Row
from practice.quarters import Quarter, local_day, local_moment, quarter_of

TREND = 8
# What has a standing of its own that moves: it is read as it was at the end of the quarter.
KEPT = (System, Risk, Initiative, Milestone, Deliverable)
ONE = datetime.timedelta(days=1)
MIDNIGHT, AN_INSTANT = datetime.time(0, 0), datetime.timedelta(microseconds=1)
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Scope:
    """One engagement, one quarter and those before it, as of a moment."""

    engagement: Engagement
    quarter: Quarter
    at: datetime.datetime
    by: Actor

    @property
    def client(self) -> Any:
        return self.engagement.client

    @property
    def today(self) -> datetime.date:
        return local_day(self.at, self.client.time_zone)

    @property
    def last_on(self) -> datetime.date:
        """Its last day, or today while it goes on: so that nothing moves any more once it is over."""
        return min(self.quarter.ends_on, self.today)

    @property
    def overdue_before(self) -> datetime.date:
        """What was owed before that day is late: today, or the day after the quarter once it is over."""
        return min(self.quarter.ends_on + ONE, self.today)

    @property
    def before(self) -> Quarter:
        return self.back(1)

    @property
    def compares(self) -> bool:
        """Whether work went on in the quarter before; else there is nothing to compare with."""
        began = self.engagement.starts_on
        return began is not None and began <= self.before.ends_on

    def back(self, count: int) -> Quarter:
        quarter, starts = self.quarter, self.client.fiscal_year_start
        for _ in range(count):
            quarter = quarter_of(quarter.starts_on - ONE, starts)
        return quarter

    @cached_property
    def trend(self) -> list[Quarter]:
        """Up to eight quarters, oldest first, none but its own that was over before the work began."""
        began = self.engagement.starts_on or self.quarter.starts_on
        found = [self.back(count) for count in range(TREND)]
        # Its own quarter stands for itself, also where it was opened by hand for one before the work.
        return [one for one in reversed(found) if one.ends_on >= began] or [self.quarter]

    def close(self, quarter: Quarter) -> datetime.datetime:
        """The last moment of a quarter where the client is, or now while it goes on."""
        after = local_moment(quarter.ends_on + ONE, MIDNIGHT, self.client.time_zone)
        return min(after - AN_INSTANT, self.at)

    @cached_property
    def past(self) -> Past:
        oldest = min(self.close(self.back(TREND - 1)), self.close(self.before))
        return Past.of(self.client, KEPT, since=oldest, by=self.by)

    def was(self, rows: list[R], quarter: Quarter) -> list[R]:
        """Rows as they were when a quarter closed."""
        at = self.close(quarter)
        return [self.past.was(row, at) for row in rows]

    def known(self, rows: list[R], quarter: Quarter) -> list[R]:
        """The same, of those alone that were on record by then."""
        at = self.close(quarter)
        return self.was([row for row in rows if row.created_at <= at], quarter)

    def on(self, moment: datetime.datetime) -> datetime.date:
        return local_day(moment, self.client.time_zone)
