"""Counting the days of what is bought: months on, the last day for notice, the next look at a contract. Pure."""

import calendar
import datetime

from practice.refusals import Invalid

# Nothing that is kept of a client lies outside.
EARLIEST, LATEST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
ONE = datetime.timedelta(days=1)
YEAR = 12


def check(**given: datetime.date | None) -> None:
    wrong = {
        name: [f"A day from {EARLIEST} to {LATEST}."]
        for name, day in given.items()
        if day is not None and not EARLIEST <= day <= LATEST
    }
    if wrong:
        raise Invalid(wrong)


def months_on(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the month's last where it has no such day."""
    index = day.year * YEAR + day.month - 1 + months
    year, month = index // YEAR, index % YEAR + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def notice_on(renews_on: datetime.date | None, notice_days: int) -> datetime.date | None:
    """The last day on which notice still reaches the vendor in time."""
    if renews_on is None:
        return None
    return renews_on - datetime.timedelta(days=max(notice_days, 1))


def renewed(renews_on: datetime.date, months: int, day: datetime.date) -> datetime.date:
    """The first renewal after a day, each counted from the first: a term that ends on a 31st does so again."""
    times, following = 0, renews_on
    while following <= day:
        times += 1
        following = months_on(renews_on, months * times)
    return following


def next_look(
    starts_on: datetime.date, renews_on: datetime.date | None, day: datetime.date
) -> datetime.date:
    """The renewal, or before it the end of another year of the contract: the first of them after a day."""
    years = max(day.year - starts_on.year, 1)
    anniversary = months_on(starts_on, YEAR * years)
    if anniversary <= day:
        anniversary = months_on(starts_on, YEAR * (years + 1))
    return min(anniversary, renews_on) if renews_on is not None else anniversary
