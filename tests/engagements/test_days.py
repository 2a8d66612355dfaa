"""Counting days: day n, month n, pauses, and the first moment of a day in every zone there is."""

import datetime
import zoneinfo

from hypothesis import given
from hypothesis import strategies as st

from engagements import days
from engagements.days import Stretch
from practice.quarters import local_day

JAN_31 = datetime.date(2026, 1, 31)


def on(month, day):
    return datetime.date(2026, month, day)


def test_a_month_on_is_the_same_day_or_the_months_last():
    assert [days.months_on(JAN_31, n) for n in (1, 2, 12)] == [
        on(2, 28),
        on(3, 31),
        datetime.date(2027, 1, 31),
    ]


def test_pauses_push_on_only_what_they_come_before():
    before = Stretch(datetime.date(2025, 12, 1), on(1, 5))
    within = Stretch(on(2, 1), on(2, 11))
    after = Stretch(on(6, 1), on(7, 1))
    # The first reaches into the count by four days, the second counts with its ten, the third comes too late.
    assert days.nth_day(90, start=on(1, 1), pauses=[after, within, before]) == on(4, 15)


def test_a_pause_on_the_day_itself_pushes_it_on():
    last = on(4, 1)
    assert days.shifted(last, start=on(1, 1), pauses=[Stretch(last, on(4, 3))]) == on(4, 3)
    assert days.shifted(last, start=on(1, 1), pauses=[Stretch(on(4, 2), on(4, 3))]) == last


def test_the_run_goes_back_over_every_intensity():
    course = [
        days.Stop(True, on(1, 1)),
        days.Stop(False, on(2, 1)),
        days.Stop(True, on(3, 1)),
        days.Stop(True, on(4, 1)),
    ]
    assert (days.run_since(course), days.run_since(course[:2])) == (on(3, 1), None)


ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})


@given(
    st.sampled_from(ZONES),
    st.dates(datetime.date(2000, 1, 1), datetime.date(2037, 12, 31)),
)
def test_the_first_moment_of_a_day_is_on_it_and_the_one_before_is_not(zone, day):
    first = days.start_of_day(day, zone)
    there = local_day(first, zone)
    # A day that a zone left out when it changed sides of the date line begins with the next one.
    assert there == day or (there - day).days == 1
    assert local_day(first - datetime.timedelta(seconds=1), zone) < day
