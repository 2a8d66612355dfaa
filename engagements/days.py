"""Counting the days of an engagement: day n, month n, and how pauses push both on. Pure; no rows, no clock."""

import calendar
import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from engagements.spectrum import Band
from practice.refusals import Invalid

# Nothing the practice keeps lies outside; beyond it, counting days on would leave the calendar.
EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
ONE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """From its first day until the day that is no longer in it; without that day, it goes on."""

    since_on: datetime.date
    until_on: datetime.date | None = None

    def covers(self, day: datetime.date) -> bool:
        return self.since_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True)
class Stop:
    """A stretch of the course, as far as counting needs it."""

    phased: bool
    since_on: datetime.date


def check(**given: datetime.date | None) -> None:
    wrong = {
        name: [f"A day from {EARLIEST} to {LATEST}."]
        for name, day in given.items()
        if day is not None and not EARLIEST <= day <= LATEST
    }
    if wrong:
        raise Invalid(wrong)


def start_of_day(day: datetime.date, zone: str) -> datetime.datetime:
    """The first moment of a day there, in UTC. Where the clocks jump over midnight, that is the jump itself."""
    # In a gap fold=0 counts with the offset before it, which gives the moment of the jump; in a repeated hour, the
    # first of the two. Both are the day's first moment.
    local = datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(zone))
    return local.astimezone(datetime.UTC)


def months_on(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later month, or that month's last where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def shifted(
    day: datetime.date, *, start: datetime.date, pauses: Iterable[Stretch]
) -> datetime.date | None:
    """A day counted from `start`, later by the length of every pause that begins before it is over; None while one of
    them has no end yet."""
    for pause in sorted(pauses, key=lambda pause: pause.since_on):
        if pause.until_on is not None and pause.until_on <= start:
            continue
        if pause.since_on > day:
            break
        if pause.until_on is None:
            return None
        day += pause.until_on - max(pause.since_on, start)
    return day


def nth_day(n: int, *, start: datetime.date, pauses: Iterable[Stretch]) -> datetime.date | None:
    """Day n is n days after the first day."""
    return shifted(start + n * ONE, start=start, pauses=pauses)


def last_of_month(
    n: int, *, start: datetime.date, pauses: Iterable[Stretch]
) -> datetime.date | None:
    """The last day of the nth month since the first day."""
    return shifted(months_on(start, n) - ONE, start=start, pauses=pauses)


def last_of(band: Band, *, start: datetime.date, pauses: Iterable[Stretch]) -> datetime.date | None:
    count = last_of_month if band.unit == "months" else nth_day
    return count(band.high, start=start, pauses=pauses)


def run_since(course: list[Stop]) -> datetime.date | None:
    """Since when the present run of retainers goes on, whatever its intensity; None outside a retainer."""
    since = None
    for stop in sorted(course, key=lambda stop: stop.since_on, reverse=True):
        if not stop.phased:
            break
        since = stop.since_on
    return since
