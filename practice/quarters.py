"""Fiscal quarters and days in the client's own time zone. Pure."""

import datetime
import zoneinfo
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of a fiscal year, named by the calendar year in which that fiscal year ends."""

    starts_on: datetime.date
    year: int
    number: int

    @property
    def ends_on(self) -> datetime.date:
        return _months_on(self.starts_on, 3) - datetime.timedelta(days=1)

    @property
    def name(self) -> str:
        return f"FY{self.year}Q{self.number}"

    def next(self, fiscal_year_start: int) -> "Quarter":
        return quarter_of(_months_on(self.starts_on, 3), fiscal_year_start)


def quarter_of(day: datetime.date, fiscal_year_start: int) -> Quarter:
    """The fiscal quarter that a calendar day lies in, for a fiscal year beginning in that month."""
    months_in = (day.month - fiscal_year_start) % 12
    first = _months_on(day.replace(day=1), -months_in)
    starts_on = _months_on(first, months_in // 3 * 3)
    ends = _months_on(first, 11)
    return Quarter(starts_on, ends.year, months_in // 3 + 1)


def local_day(moment: datetime.datetime, zone: str) -> datetime.date:
    """The day a moment falls on where the client is."""
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()


def end_of_day(day: datetime.date, zone: str) -> datetime.datetime:
    """The last minute of a day there, in UTC. 23:59 exists on every day of every zone; midnight does not."""
    return local_moment(day, datetime.time(23, 59), zone)


def local_moment(day: datetime.date, time: datetime.time, zone: str) -> datetime.datetime:
    """A time of day there, in UTC: the first of two in autumn, and in spring what an hour that is skipped becomes."""
    local = datetime.datetime.combine(day, time, zoneinfo.ZoneInfo(zone))
    return local.astimezone(datetime.UTC)


def _months_on(first_of_month: datetime.date, months: int) -> datetime.date:
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)
