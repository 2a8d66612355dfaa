"""Days of the demo: the same whatever the hour of loading, and on either side of a change of the clocks."""

import datetime

import pytest

from practice.demo.dates import ZONE, ago
from practice.quarters import local_day

ZONES = ("Europe/Dublin", "Europe/Berlin", "Europe/Tallinn")
DAYS = (datetime.date(2026, 3, 29), datetime.date(2026, 10, 25), datetime.date(2026, 11, 21))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_day_of_the_demo_is_the_same_day_in_every_zone_at_whatever_hour_it_is_told(day):
    midnight = datetime.datetime.combine(day, datetime.time(), datetime.UTC)
    for hour in range(24):
        now = midnight + datetime.timedelta(hours=hour, minutes=30)
        today = local_day(now, ZONE)
        for days in (400, 200, 31, 1, -40):
            told = today - datetime.timedelta(days=days)
            assert {local_day(ago(now, days), zone) for zone in ZONES} == {told}


def test_today_is_the_moment_itself():
    now = datetime.datetime(2026, 11, 21, 23, 59, tzinfo=datetime.UTC)
    assert ago(now, 0) == now
