"""Which quarters owe a report, and that a clock that steps or stands still opens each of them once."""

import datetime

import pytest

from deliverables import board_days
from deliverables.models import BoardReport
from engagements.days import Stretch
from practice import clockwork
from practice.models import Notice
from practice.quarters import Quarter, quarter_of
from tests.engagements import build

Day = datetime.date
HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("starts_on", "first"),
    [
        (Day(2026, 1, 1), Day(2026, 4, 1)),
        (Day(2025, 11, 30), Day(2026, 2, 28)),
        (Day(2027, 11, 29), Day(2028, 2, 29)),
        (Day(2026, 3, 31), Day(2026, 6, 30)),
    ],
)
def test_month_four_begins_after_three_months(starts_on, first):
    assert board_days.month_four(starts_on) == first


def test_a_pause_pushes_month_four_on_and_one_without_an_end_leaves_it_open():
    starts = Day(2026, 1, 1)
    assert board_days.month_four(starts, [Stretch(Day(2026, 2, 1), Day(2026, 2, 11))]) == Day(
        2026, 4, 11
    )
    assert board_days.month_four(starts, [Stretch(Day(2026, 2, 1))]) is None


def test_a_quarter_is_worked_in_if_any_day_of_it_was():
    quarter = quarter_of(Day(2026, 5, 1), 1)
    starts = Day(2026, 1, 1)
    whole = Stretch(Day(2026, 3, 1), Day(2026, 7, 1))
    assert not board_days.worked_in(quarter, starts, None, [whole])
    until_the_last = Stretch(Day(2026, 3, 1), Day(2026, 6, 30))
    assert board_days.worked_in(quarter, starts, None, [until_the_last])
    two = [Stretch(Day(2026, 6, 30), Day(2026, 8, 1)), until_the_last]
    assert not board_days.worked_in(quarter, starts, None, two)
    assert not board_days.worked_in(quarter, starts, Day(2026, 4, 1), [])
    assert board_days.worked_in(quarter, starts, Day(2026, 4, 2), [])


def test_it_opens_thirty_days_before_the_quarter_ends():
    quarter = Quarter(Day(2026, 4, 1), 2026, 2)
    assert board_days.opens_on(quarter) == Day(2026, 5, 31)


def test_a_clock_that_steps_back_and_forth_and_five_days_without_one_open_each_report_once(cast):
    engagement = build.engagement(cast)
    build.replanned(engagement)
    # Lisbon is an hour ahead of UTC in May: the opening is at five.
    opening = datetime.datetime(2026, 5, 31, 5, 0, tzinfo=datetime.UTC)
    steps = (-2, -1, 0, -1, 0, 1, 0, 2)
    for moment in (opening + step * HOUR for step in steps):
        clockwork.tick(at=moment, clock=lambda moment=moment: moment)
        assert BoardReport.objects.count() == (1 if moment >= opening or _came(opening) else 0)
    after = datetime.datetime(2026, 8, 31, 5, 0, tzinfo=datetime.UTC) + 5 * 24 * HOUR
    build.tick(after)
    build.tick(after - HOUR)
    build.tick(after + HOUR)
    assert list(BoardReport.objects.order_by("starts_on").values_list("quarter", flat=True)) == [
        "FY2026Q2",
        "FY2026Q3",
    ]


def _came(opening):
    """Whether the clock has struck that hour before it was set back."""
    return Notice.objects.filter(kind="open_board_report", status="done").exists()
