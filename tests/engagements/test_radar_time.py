"""The radar's checks on time: one case that fires and one beside it that does not, with the figures written out."""

import datetime

import pytest

from engagements import radar_time
from tests.engagements import build
from tests.engagements.radar_cases import HOUR, TODAY, found, worked

# FM-01


def test_ai_on_the_side_fires_at_fifteen_points_below(cast):
    engagement = build.engagement(cast)
    worked(engagement, TODAY, 65 * HOUR, "CTO")
    worked(engagement, TODAY, 35 * HOUR, "CAIO")
    assert found(radar_time.ai_on_the_side, engagement) == [
        ("", "In 28 days the CAIO hat got 35 % of the time; its target is 50 %.")
    ]


def test_ai_on_the_side_is_silent_a_minute_above(cast):
    engagement = build.engagement(cast)
    worked(engagement, TODAY, 65 * HOUR - 1, "CTO")
    worked(engagement, TODAY, 35 * HOUR + 1, "CAIO")
    assert found(radar_time.ai_on_the_side, engagement) == []


def test_ai_on_the_side_looks_at_28_days_and_splits_joint_time(cast):
    engagement = build.engagement(cast)
    worked(engagement, TODAY - datetime.timedelta(days=28), 100 * HOUR, "CAIO")
    worked(engagement, TODAY - datetime.timedelta(days=27), 60 * HOUR, "CTO")
    worked(engagement, TODAY, 40 * HOUR)
    assert [sentence for _, sentence in found(radar_time.ai_on_the_side, engagement)] == [
        "In 28 days the CAIO hat got 20 % of the time; its target is 50 %."
    ]


@pytest.mark.parametrize(
    ("hats", "in_scope"), [({"CAIO": 100}, True), ({"CTO": 50, "CAIO": 50}, False)]
)
def test_ai_on_the_side_needs_a_cto_and_ai_in_scope(cast, hats, in_scope):
    engagement = build.engagement(cast, hats=hats, ai_in_scope=in_scope)
    worked(engagement, TODAY, 10 * HOUR, next(iter(hats)))
    assert found(radar_time.ai_on_the_side, engagement) == []


# FM-02


@pytest.mark.parametrize(("loser", "winner"), [("CAIO", "CTO"), ("CTO", "CAIO")])
def test_the_losing_hat_is_named_whichever_it_is(cast, loser, winner):
    engagement = build.engagement(cast)
    for month in (1, 2):
        worked(engagement, datetime.date(2026, month, 10), 24 * HOUR, loser)
        worked(engagement, datetime.date(2026, month, 11), 76 * HOUR, winner)
    assert found(radar_time.losing_hat, engagement) == [
        (
            loser,
            f"The {loser} hat is losing: 24 % of the time in January and 24 % in February, "
            "with a target of 50 %.",
        )
    ]


@pytest.mark.parametrize("second", [25, 60])
def test_exactly_half_or_one_month_alone_is_no_losing_hat(cast, second):
    engagement = build.engagement(cast)
    worked(engagement, datetime.date(2026, 1, 10), 24 * HOUR, "CAIO")
    worked(engagement, datetime.date(2026, 1, 10), 76 * HOUR, "CTO")
    worked(engagement, datetime.date(2026, 2, 10), second * HOUR, "CAIO")
    worked(engagement, datetime.date(2026, 2, 10), (100 - second) * HOUR, "CTO")
    assert found(radar_time.losing_hat, engagement) == []


def test_a_month_without_time_says_nothing_of_a_losing_hat(cast):
    engagement = build.engagement(cast)
    worked(engagement, datetime.date(2026, 2, 10), 10 * HOUR, "CTO")
    assert found(radar_time.losing_hat, engagement) == []


# FM-03


def test_loud_fires_above_thirty_per_cent_name_the_hat_that_waits(cast):
    engagement = build.engagement(cast)
    worked(engagement, TODAY, 31 * HOUR, "CTO", reactive=True)
    worked(engagement, TODAY, 29 * HOUR, "CTO")
    worked(engagement, TODAY, 40 * HOUR, "CAIO")
    assert found(radar_time.loud_fires, engagement) == [
        (
            "CAIO",
            "Fires took 31 h of 100 h in 28 days, most of it under CTO; CAIO got 40 % of the "
            "time, where 50 % were meant.",
        )
    ]


@pytest.mark.parametrize(("reactive", "caio"), [(30, 40), (31, 50)])
def test_exactly_thirty_per_cent_or_a_hat_at_its_target_is_no_loud_fire(cast, reactive, caio):
    engagement = build.engagement(cast)
    worked(engagement, TODAY, reactive * HOUR, "CTO", reactive=True)
    worked(engagement, TODAY, (100 - caio - reactive) * HOUR, "CTO")
    worked(engagement, TODAY, caio * HOUR, "CAIO")
    assert found(radar_time.loud_fires, engagement) == []
