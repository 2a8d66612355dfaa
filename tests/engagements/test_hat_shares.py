"""Which hat loses: boundaries exact, joint time split fairly, and no hat treated otherwise than another."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements import hat_shares
from engagements.hat_shares import measure

HALF = {"CTO": 50, "CAIO": 50}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def told(balance: hat_shares.HatBalance) -> tuple[str, str]:
    return balance.status, balance.losing


@pytest.mark.parametrize(
    ("cto", "caio", "expected"),
    [
        (500, 500, ("balanced", "")),
        (600, 400, ("balanced", "")),  # a gap of 10 points exactly
        (601, 399, ("drifting", "CAIO")),  # 10.1 points
        (399, 601, ("drifting", "CTO")),
        (750, 250, ("drifting", "CAIO")),  # 25 points exactly
        (751, 249, ("one_hat_wins", "CAIO")),
        (249, 751, ("one_hat_wins", "CTO")),
        (60_001, 39_999, ("drifting", "CAIO")),  # 10.001 points
        (0, 0, ("no_data", "")),
    ],
)
def test_ten_and_twenty_five_points_still_belong_to_the_milder_state(cto, caio, expected):
    assert told(measure(HALF, {"CTO": cto, "CAIO": caio})) == expected


def test_joint_time_is_split_over_the_hats_and_the_odd_minute_goes_to_the_one_furthest_below():
    balance = measure(HALF, {"CTO": 100, "CAIO": 50}, joint=51)

    assert [(one.hat, one.minutes, one.parts) for one in balance.hats] == [
        ("CTO", 100, 125 * 60),
        ("CAIO", 50, 76 * 60),
    ]
    assert (balance.minutes, balance.joint) == (201, 51)


def test_two_odd_minutes_go_to_two_hats():
    balance = measure({"CTO": 40, "CAIO": 40, "CIO": 20}, {"CTO": 100, "CAIO": 90, "CIO": 0}, 2)

    assert [one.parts // 60 for one in balance.hats] == [100, 91, 1]


def test_hats_equally_far_below_share_the_odd_minute():
    balance = measure(HALF, {"CTO": 10, "CAIO": 10}, joint=1)

    assert [one.parts for one in balance.hats] == [630, 630]


def test_only_joint_time_is_balanced_where_the_targets_are_equal():
    assert told(measure(HALF, {}, joint=61)) == ("balanced", "")


def test_the_losing_hat_is_the_one_furthest_below_not_the_one_furthest_off():
    balance = measure({"CTO": 40, "CAIO": 35, "CIO": 25}, {"CTO": 700, "CAIO": 200, "CIO": 100})

    assert (balance.status, balance.losers) == ("one_hat_wins", ("CAIO", "CIO"))


def test_a_hat_without_time_for_fourteen_active_days_loses_whatever_the_shares():
    balance = measure({"CTO": 90, "CAIO": 10}, {"CTO": 95, "CAIO": 5}, idle={"CAIO"})

    assert told(balance) == ("one_hat_wins", "CAIO")
    assert balance.sentence == "CAIO: no time for 14 active days."


def test_a_hat_that_should_get_nothing_is_never_idle():
    assert told(measure({"CTO": 100, "CIO": 0}, {"CTO": 60}, idle={"CIO"})) == ("balanced", "")


def test_without_any_time_in_the_window_there_are_no_data_idle_or_not():
    assert told(measure(HALF, {}, idle={"CTO", "CAIO"})) == ("no_data", "")


def test_the_sentence_names_the_losing_hat_and_both_shares():
    assert measure(HALF, {"CTO": 88, "CAIO": 12}).sentence == (
        "CAIO is losing: 12 % of the time, where 50 % were meant."
    )


@given(
    st.integers(0, 100),
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.integers(0, 999),
    st.sets(st.sampled_from(["CTO", "CAIO"])),
)
def test_swapping_the_hats_swaps_the_answer(target, one, other, joint, idle):
    swapped = {"CTO": "CAIO", "CAIO": "CTO"}
    first = measure(
        {"CTO": target, "CAIO": 100 - target}, {"CTO": one, "CAIO": other}, joint, idle=idle
    )
    second = measure(
        {"CTO": 100 - target, "CAIO": target},
        {"CTO": other, "CAIO": one},
        joint,
        idle={swapped[hat] for hat in idle},
    )

    assert second.status == first.status
    assert set(second.losers) == {swapped[hat] for hat in first.losers}
    assert second.of("CTO").parts == first.of("CAIO").parts
    assert sum(hat.parts for hat in first.hats) == first.minutes * 60


@given(
    st.permutations(["CTO", "CAIO", "CIO", "CDO"]),
    st.lists(st.integers(0, 500), min_size=4, max_size=4),
    st.integers(0, 99),
)
def test_with_four_hats_too_names_make_no_difference(order, minutes, joint):
    hats = ["CTO", "CAIO", "CIO", "CDO"]
    targets = dict(zip(hats, (40, 30, 20, 10), strict=True))
    worked = dict(zip(hats, minutes, strict=True))
    renamed = dict(zip(hats, order, strict=True))

    first = measure(targets, worked, joint)
    second = measure(
        {renamed[h]: n for h, n in targets.items()},
        {renamed[h]: n for h, n in worked.items()},
        joint,
    )

    assert second.status == first.status
    assert set(second.losers) == {renamed[hat] for hat in first.losers}
    assert [h.parts for h in second.hats] == [h.parts for h in first.hats]
    assert sum(hat.parts for hat in first.hats) == first.minutes * 60


def test_fourteen_active_days_include_today_and_leave_pauses_out():
    start = day("2026-01-01")
    pause = [(day("2026-02-20"), day("2026-02-25"))]

    assert hat_shares.idle_from(day("2026-03-02"), starts_on=start) == day("2026-02-17")
    assert hat_shares.idle_from(day("2026-03-02"), starts_on=start, pauses=pause) == day(
        "2026-02-12"
    )
    assert hat_shares.idle_from(
        day("2026-03-02"), starts_on=start, pauses=[(day("2026-02-20"), None)]
    ) == day("2026-02-06")


def test_within_the_first_fourteen_active_days_no_hat_is_idle():
    assert hat_shares.idle_from(day("2026-01-13"), starts_on=day("2026-01-01")) is None
    assert hat_shares.idle_from(day("2026-01-14"), starts_on=day("2026-01-01")) == day("2026-01-01")
