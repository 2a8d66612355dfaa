"""Ten years of board reports in every time zone and fiscal year: one opening a quarter, at a time of day that exists."""

import datetime
import itertools
import zoneinfo

from deliverables import board_days
from engagements.days import Stretch
from practice.models.base import zones
from practice.quarters import Quarter, quarter_of

FIRST_DAY = datetime.date(2026, 1, 31)
PAUSE = Stretch(datetime.date(2028, 2, 29), datetime.date(2028, 3, 31))


def prove(scale: float) -> dict[str, object]:
    years, every = 10, round(1 / scale)
    moments = 0
    for start in range(1, 13):
        wanted = opened(start, years)
        assert len(wanted) == len({one.starts_on for one in wanted}), start
        for before, after in itertools.pairwise(wanted):
            assert before.next(start) == after
        for zone in sorted(zones())[start % every :: every]:
            local, last = zoneinfo.ZoneInfo(zone), None
            for quarter in wanted:
                moment = board_days.opens_at(quarter, zone)
                there = moment.astimezone(local)
                assert there.replace(tzinfo=None) == datetime.datetime.combine(
                    board_days.opens_on(quarter), board_days.FIRST
                ), (zone, quarter)
                assert last is None or moment > last
                last, moments = moment, moments + 1
    return {"fiscal year starts": 12, "years": years, "openings at times that exist": moments}


def opened(start: int, years: int) -> list[Quarter]:
    """Every quarter that owes a report, as the clock finds them one after the other."""
    there: set[datetime.date] = set()
    until = FIRST_DAY.replace(year=FIRST_DAY.year + years)
    found = []
    while True:
        quarter = board_days.next_owed(
            since=FIRST_DAY,
            starts_on=FIRST_DAY,
            fiscal_year_start=start,
            pauses=[PAUSE],
            there=frozenset(there),
        )
        assert quarter is not None
        assert quarter == quarter_of(quarter.starts_on, start)
        if quarter.starts_on > until:
            return found
        there.add(quarter.starts_on)
        found.append(quarter)
