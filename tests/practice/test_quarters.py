"""Fiscal quarters and days in the client's zone."""

import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from practice.quarters import end_of_day, local_day, quarter_of

DAY = datetime.timedelta(days=1)
days = some.dates(datetime.date(2000, 1, 1), datetime.date(2060, 12, 31))
months = some.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "start", "name", "starts_on", "ends_on"),
    [
        ((2026, 3, 31), 1, "FY2026Q1", (2026, 1, 1), (2026, 3, 31)),
        ((2026, 4, 1), 1, "FY2026Q2", (2026, 4, 1), (2026, 6, 30)),
        ((2026, 3, 31), 4, "FY2026Q4", (2026, 1, 1), (2026, 3, 31)),
        ((2026, 4, 1), 4, "FY2027Q1", (2026, 4, 1), (2026, 6, 30)),
        ((2024, 2, 29), 12, "FY2024Q1", (2023, 12, 1), (2024, 2, 29)),
        ((2026, 1, 15), 2, "FY2026Q4", (2025, 11, 1), (2026, 1, 31)),
        ((2026, 10, 31), 8, "FY2027Q1", (2026, 8, 1), (2026, 10, 31)),
    ],
)
def test_a_day_lies_in_its_fiscal_quarter(day, start, name, starts_on, ends_on):
    quarter = quarter_of(datetime.date(*day), start)
    found = (quarter.name, quarter.starts_on, quarter.ends_on)
    assert found == (name, datetime.date(*starts_on), datetime.date(*ends_on))


@given(days, months)
def test_every_day_lies_in_exactly_one_quarter_and_quarters_follow_without_gap(day, start):
    quarter = quarter_of(day, start)
    assert quarter.starts_on <= day <= quarter.ends_on
    following = quarter.next(start)
    assert following.starts_on == quarter.ends_on + DAY
    assert quarter_of(quarter.ends_on, start) == quarter


@given(days, months)
def test_a_fiscal_year_has_four_quarters_of_one_name_each(day, start):
    quarter = quarter_of(day, start)
    names = {quarter.name}
    for _ in range(3):
        quarter = quarter.next(start)
        names.add(quarter.name)
    assert len(names) == 4


@given(
    some.dates(datetime.date(2024, 1, 1), datetime.date(2034, 12, 31)),
    some.sampled_from(sorted(zoneinfo.available_timezones())),
)
def test_the_end_of_a_day_lies_on_that_day_in_every_zone(day, zone):
    assert local_day(end_of_day(day, zone), zone) == day


def test_a_moment_falls_on_different_days_in_different_zones():
    moment = datetime.datetime(2026, 3, 31, 22, 30, tzinfo=datetime.UTC)
    assert local_day(moment, "Europe/Berlin") == datetime.date(2026, 4, 1)
    assert local_day(moment, "America/New_York") == datetime.date(2026, 3, 31)
