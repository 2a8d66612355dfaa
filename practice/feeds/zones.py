"""The part of a time zone that a calendar needs, as VTIMEZONE. Pure.

Written here because the library's own writes a change to summer time an hour late (its local time after the change
instead of before it), which moves what is due in that hour.
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """How clocks stand from a moment on, and how they stood before."""

    since: datetime.datetime
    before: datetime.timedelta
    offset: datetime.timedelta
    summer: bool
    name: str

    @property
    def local(self) -> datetime.datetime:
        """What clocks showed in that moment, before they were changed."""
        return (self.since + self.before).replace(tzinfo=None)

    @property
    def kind(self) -> tuple[datetime.timedelta, datetime.timedelta, bool, str]:
        return self.before, self.offset, self.summer, self.name


@lru_cache(maxsize=512)
def stretches(zone: str, first: int, last: int) -> tuple[Stretch, ...]:
    """From the start of the first year to the end of the last."""
    place = zoneinfo.ZoneInfo(zone)
    moment = datetime.datetime(first, 1, 1, tzinfo=datetime.UTC) - DAY
    end = datetime.datetime(last + 1, 1, 1, tzinfo=datetime.UTC) + DAY
    state = _state(moment, place)
    found = [Stretch(moment, state[0], *state)]
    while moment < end:
        following = moment + DAY
        later = _state(following, place)
        if later != state:
            since = _change(moment, following, place)
            found.append(Stretch(since, state[0], *later))
            state = later
        moment = following
    return tuple(found)


def component(zone: str, first: int, last: int) -> Timezone:
    part = Timezone()
    part.add("tzid", zone)
    every = sorted(stretches(zone, first, last), key=lambda s: (s.kind, s.since))
    groups = [list(group) for _, group in groupby(every, key=lambda s: s.kind)]
    for group in sorted(groups, key=lambda group: group[0].since):
        observed = TimezoneDaylight() if group[0].summer else TimezoneStandard()
        observed.add("dtstart", group[0].local)
        observed.add("tzoffsetfrom", group[0].before)
        observed.add("tzoffsetto", group[0].offset)
        observed.add("tzname", group[0].name)
        if group[1:]:
            observed.add("rdate", [stretch.local for stretch in group[1:]])
        part.add_component(observed)
    return part


def _state(
    moment: datetime.datetime, place: zoneinfo.ZoneInfo
) -> tuple[datetime.timedelta, bool, str]:
    local = moment.astimezone(place)
    return local.utcoffset() or datetime.timedelta(), bool(local.dst()), local.tzname() or ""


def _change(
    before: datetime.datetime, after: datetime.datetime, place: zoneinfo.ZoneInfo
) -> datetime.datetime:
    """The second in which the clocks change, between two moments a day apart."""
    state = _state(before, place)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _state(before + datetime.timedelta(seconds=middle), place) == state:
            low = middle
        else:
            high = middle
    return before + datetime.timedelta(seconds=high)
