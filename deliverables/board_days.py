"""Which fiscal quarters of an engagement owe the board a report, when it is opened, and what is said of a quarter that
was not a whole one. Pure: no rows, no clock."""

import datetime
from collections.abc import Iterable, Sequence

from engagements import days
from engagements.days import Stretch
from practice.quarters import Quarter, local_moment, quarter_of

AHEAD = datetime.timedelta(days=30)
MONTHS_BEFORE = 3
# Where clocks are set forward they skip an hour between midnight and four; this hour is never skipped.
FIRST = datetime.time(6, 0)


def month_four(starts_on: datetime.date, pauses: Iterable[Stretch] = ()) -> datetime.date | None:
    """Its first day, pushed on by pauses; None while one of them has no end yet."""
    last = days.last_of_month(MONTHS_BEFORE, start=starts_on, pauses=pauses)
    return None if last is None else last + days.ONE


def opens_on(quarter: Quarter) -> datetime.date:
    return quarter.ends_on - AHEAD


def opens_at(quarter: Quarter, zone: str) -> datetime.datetime:
    return local_moment(opens_on(quarter), FIRST, zone)


def next_owed(
    *,
    since: datetime.date,
    starts_on: datetime.date,
    fiscal_year_start: int,
    pauses: Sequence[Stretch] = (),
    there: frozenset[datetime.date] = frozenset(),
) -> Quarter | None:
    """The first quarter not over on a day that owes a report and has none yet; None while a pause leaves it open."""
    first = month_four(starts_on, pauses)
    if first is None:
        return None
    quarter = quarter_of(max(since, starts_on), fiscal_year_start)
    while not _owes(quarter, first, starts_on, pauses) or quarter.starts_on in there:
        if any(one.until_on is None and one.since_on <= quarter.starts_on for one in pauses):
            return None
        quarter = quarter.next(fiscal_year_start)
    return quarter


def owes(quarter: Quarter, starts_on: datetime.date, pauses: Sequence[Stretch]) -> bool:
    """Whether it ends in month 4 or later, and work was done in it."""
    first = month_four(starts_on, pauses)
    return first is not None and _owes(quarter, first, starts_on, pauses)


def _owes(
    quarter: Quarter, first: datetime.date, starts_on: datetime.date, pauses: Sequence[Stretch]
) -> bool:
    return quarter.ends_on >= first and worked_in(quarter, starts_on, None, pauses)


def worked_in(
    quarter: Quarter,
    starts_on: datetime.date,
    ended_on: datetime.date | None,
    pauses: Iterable[Stretch],
) -> bool:
    """Whether any day of the quarter was one of work."""
    day, last = max(quarter.starts_on, starts_on), quarter.ends_on
    if ended_on is not None:
        last = min(last, ended_on - days.ONE)
    for pause in sorted(pauses, key=lambda pause: pause.since_on):
        if pause.covers(day):
            if pause.until_on is None:
                return False
            day = pause.until_on
    return day <= last


def explained(
    quarter: Quarter,
    starts_on: datetime.date,
    ended_on: datetime.date | None,
    pauses: Iterable[Stretch],
) -> list[str]:
    """What the reader must know of a quarter that was not worked through."""
    told = []
    if quarter.starts_on < starts_on <= quarter.ends_on:
        told.append(
            f"The work began on {_day(starts_on)}; the quarter is reported from that day on."
        )
    for pause in sorted(pauses, key=lambda pause: pause.since_on):
        if pause.since_on > quarter.ends_on:
            continue
        if pause.until_on is None:
            told.append(f"The work is paused since {_day(pause.since_on)}.")
        elif pause.until_on > quarter.starts_on:
            last = pause.until_on - days.ONE
            told.append(f"The work was paused from {_day(pause.since_on)} to {_day(last)}.")
    if ended_on is not None and ended_on <= quarter.ends_on:
        last = ended_on - days.ONE
        told.append(f"The engagement ended; its last day was {_day(last)}.")
    return told


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
