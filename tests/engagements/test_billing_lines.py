"""Lines from terms, time and expenses, with the figures written out; and over any course, whatever the batches."""

import calendar
import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.billing_lines import (
    Course,
    Over,
    Spent,
    StageTerms,
    Worked,
    awaited,
    lines,
    total,
)

JAN, FEB, MAR, APR = (datetime.date(2026, month, 1) for month in (1, 2, 3, 4))
FINE, CENT = Decimal("0.0001"), Decimal("0.01")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2026-{text}")


def stage(**other) -> StageTerms:
    return StageTerms(
        **{
            "id": uuid4(),
            "label": "Retainer",
            "since_on": JAN,
            "until_on": None,
            "fee_model": "fixed_monthly",
            "fee_amount": Decimal("20000.00"),
            "hour_rate": Decimal("250.00"),
            "cap_amount": None,
            "currency": "EUR",
            "day_minutes": 480,
            "has_allowance": False,
            "overage": "billed",
        }
        | other
    )


def course(*stages: StageTerms, **other) -> Course:
    return Course(
        **{"id": uuid4(), "name": "Two hats", "hat": "", "po_number": "PO-1", "stages": stages}
        | other
    )


def worked(on: str, minutes: int, hat: str = "CTO") -> Worked:
    return Worked(uuid4(), day(on), minutes, hat)


def told(found) -> list[tuple[str, str, str, str]]:
    return [
        (f"{line.quantity:f}", line.unit, f"{line.unit_price:f}", f"{line.amount:f}")
        for line in found
    ]


def of(made: Course, from_on=JAN, until_on=FEB, **how):
    return told(lines(made, from_on=from_on, until_on=until_on, **how))


def test_a_whole_month_is_the_fee():
    assert of(course(stage())) == [("1", "month", "20000.00", "20000.00")]


def test_each_whole_month_has_its_line_and_its_key():
    made = course(stage())
    found = lines(made, from_on=JAN, until_on=APR)
    assert [line.key.rpartition(":")[2] for line in found] == ["2026-01", "2026-02", "2026-03"]
    assert total(found) == Decimal("60000.00")


def test_a_month_that_begins_late_costs_its_days():
    # 20,000 / 31 = 645.1613 a day; 17 days from 15 January: 10,967.7421.
    assert of(course(stage(since_on=day("01-15")))) == [("17", "day", "645.1613", "10967.74")]


def test_paused_days_cost_nothing():
    paused = course(stage(), pauses=[(day("01-11"), day("01-21"))])
    assert of(paused) == [("21", "day", "645.1613", "13548.39")]


def test_a_pause_without_an_end_and_a_month_paused_whole():
    assert of(course(stage(), pauses=[(JAN, None)])) == []


def test_new_terms_in_the_middle_of_a_month_split_it():
    one = stage(until_on=day("01-16"))
    two = stage(since_on=day("01-16"), fee_amount=Decimal("31000.00"))
    # 15 x 645.1613 and 16 x 1,000.
    assert of(course(one, two)) == [
        ("15", "day", "645.1613", "9677.42"),
        ("16", "day", "1000.0000", "16000.00"),
    ]


def test_days_are_minutes_over_the_length_of_a_day_by_hat():
    made = course(
        stage(fee_model="per_day", fee_amount=Decimal("1800.00")),
        worked=[worked("01-05", 480), worked("01-20", 240), worked("01-20", 100, "")],
    )
    # 100 / 480 = 0.20833…, to four places.
    assert of(made) == [
        ("1.5000", "day", "1800.00", "2700.00"),
        ("0.2083", "day", "1800.00", "374.94"),
    ]


def test_a_project_is_due_once_on_its_last_day():
    made = course(
        stage(fee_model="per_project", fee_amount=Decimal("45000.00"), until_on=day("02-28")),
        worked=[worked("01-05", 480)],
    )
    assert of(made) == []
    (line,) = lines(made, from_on=FEB, until_on=MAR)
    assert told([line]) == [("1", "project", "45000.00", "45000.00")]
    assert line.entries == (made.worked[0].id,)
    assert of(made, MAR, APR) == []


def test_a_project_that_goes_on_is_not_due():
    assert of(course(stage(fee_model="per_project"))) == []


def test_time_stops_at_the_cap():
    capped = stage(fee_model="capped_time", cap_amount=Decimal("3000.00"))
    made = course(capped, worked=[worked("01-05", 480), worked("02-05", 480)])
    # Eight hours at 250 are 2,000: the second month gets what is left.
    assert of(made, JAN, MAR) == [
        ("8.0000", "hour", "250.00", "2000.00"),
        ("1", "rest of cap", "1000.00", "1000.00"),
    ]


def test_what_earlier_batches_took_of_the_cap_is_gone():
    capped = stage(fee_model="capped_time", cap_amount=Decimal("3000.00"))
    made = course(capped, worked=[worked("01-05", 480)], cap_used={capped.id: Decimal("2900.00")})
    assert of(made) == [("1", "rest of cap", "100.00", "100.00")]
    spent = course(capped, worked=[worked("01-05", 480)], cap_used={capped.id: Decimal("3000.00")})
    assert of(spent) == []


def test_time_over_the_allowance_costs_the_hours_rate():
    made = course(stage(has_allowance=True), over=[Over(JAN, Decimal("100.00"))])
    # 100 minutes are 1.6667 hours.
    assert of(made)[1:] == [("1.6667", "hour", "250.00", "416.68")]


def test_money_over_an_allowance_of_money_is_itself():
    made = course(stage(has_allowance=True), over=[Over(JAN, Decimal("512.50"), "EUR")])
    assert of(made)[1:] == [("1", "sum", "512.50", "512.50")]


def test_expenses_are_billed_as_they_are():
    one = Spent(uuid4(), day("01-09"), Decimal("84.20"), "EUR", "Train")
    assert of(course(spent=[one])) == [("1", "item", "84.20", "84.20")]


def test_the_second_time_nothing_is_left():
    made = course(
        stage(),
        worked=[worked("01-05", 60)],
        spent=[Spent(uuid4(), day("01-09"), Decimal("84.20"), "EUR", "Train")],
        over=[Over(JAN, Decimal("60.00"))],
    )
    first = lines(made, from_on=JAN, until_on=FEB)
    assert len(first) == 3
    assert of(made, billed=frozenset(line.key for line in first)) == []


@pytest.mark.parametrize(
    ("terms", "waits"),
    [
        ({"fee_model": "per_day"}, True),
        ({"fee_model": "capped_time"}, True),
        ({"has_allowance": True}, True),
        ({"has_allowance": True, "overage": "absorbed"}, False),
        ({}, False),
    ],
)
def test_a_month_is_waited_for_where_its_price_depends_on_its_time(terms, waits):
    made = course(stage(**terms), worked=[worked("01-05", 60)])
    none, closed = frozenset(), frozenset({JAN})
    assert awaited(made, from_on=JAN, until_on=FEB, closed=none) == ([JAN] if waits else [])
    assert awaited(made, from_on=JAN, until_on=FEB, closed=closed) == []


def test_a_month_without_time_is_not_waited_for():
    made = course(stage(fee_model="per_day"))
    assert awaited(made, from_on=JAN, until_on=FEB, closed=frozenset()) == []


# Over any course.

MONTHS = [datetime.date(2025 + m // 12, m % 12 + 1, 1) for m in range(10, 17)]
DAYS = st.dates(MONTHS[0], MONTHS[-1] - datetime.timedelta(days=1))
MONEY = st.decimals(0, 50_000, places=2)


@st.composite
def random_courses(draw) -> Course:
    cuts = sorted(draw(st.sets(DAYS, min_size=1, max_size=4)))
    ends: list[datetime.date | None] = [*cuts[1:], draw(st.sampled_from([None, MONTHS[-1]]))]
    stages = [
        stage(
            since_on=since,
            until_on=until,
            fee_model=draw(
                st.sampled_from(["fixed_monthly", "per_day", "per_project", "capped_time"])
            ),
            fee_amount=draw(MONEY),
            hour_rate=draw(st.decimals(0, 900, places=2)),
            cap_amount=draw(st.none() | MONEY),
            day_minutes=draw(st.sampled_from([420, 450, 480])),
        )
        for since, until in zip(cuts, ends, strict=True)
    ]
    since, length = draw(DAYS), draw(st.integers(1, 60))
    entries = st.builds(
        Worked, st.uuids(), DAYS, st.integers(1, 1440), st.sampled_from(["", "CTO", "CAIO"])
    )
    expenses = st.builds(Spent, st.uuids(), DAYS, MONEY, st.just("EUR"), st.just("Train"))
    return course(
        *stages,
        pauses=[(since, since + datetime.timedelta(days=length))],
        worked=draw(st.lists(entries, max_size=12, unique_by=lambda e: e.id)),
        spent=draw(st.lists(expenses, max_size=4, unique_by=lambda e: e.id)),
    )


def rounded(exact: Decimal, to: Decimal) -> Decimal:
    return exact.quantize(to, ROUND_HALF_UP)


def owed(made: Course) -> Decimal:
    """What the terms say, day for day and stage for stage, without a thought of batches."""
    sums = sum((one.amount for one in made.spent), Decimal(0))
    for index, one in enumerate(made.stages):
        last = made.stages[index + 1].since_on if index + 1 < len(made.stages) else None
        if one.fee_model == "per_project" and one.until_on and one.until_on > one.since_on:
            sums += one.fee_amount
        if one.fee_model == "fixed_monthly":
            sums += sum((_month_of(made, one, month) for month in MONTHS[:-1]), Decimal(0))
        if one.fee_model in ("per_day", "capped_time"):
            mine = [
                e for e in made.worked if one.since_on <= e.on and (last is None or e.on < last)
            ]
            sums += _time_of(one, mine)
    return sums


def _month_of(made: Course, one: StageTerms, month: datetime.date) -> Decimal:
    length = calendar.monthrange(month.year, month.month)[1]
    days = [month + datetime.timedelta(days=n) for n in range(length)]
    since, until = made.pauses[0]
    mine = [
        d
        for d in days
        if one.since_on <= d
        and (one.until_on is None or d < one.until_on)
        and not (since <= d < until)
    ]
    if len(mine) == length:
        return one.fee_amount
    return rounded(len(mine) * rounded(one.fee_amount / length, FINE), CENT)


def _time_of(one: StageTerms, mine: list[Worked]) -> Decimal:
    by_day = one.fee_model == "per_day"
    price, unit = (one.fee_amount, one.day_minutes) if by_day else (one.hour_rate, 60)
    groups: dict[tuple, int] = {}
    for entry in mine:
        key = (entry.on.replace(day=1), entry.hat)
        groups[key] = groups.get(key, 0) + entry.minutes
    sums = sum(
        (rounded(rounded(Decimal(m) / unit, FINE) * price, CENT) for m in groups.values()),
        Decimal(0),
    )
    return sums if by_day or one.cap_amount is None else min(sums, one.cap_amount)


@settings(max_examples=300, deadline=None)
@given(made=random_courses(), order=st.permutations(range(6)), size=st.integers(1, 3))
def test_whatever_the_batches_their_sum_is_what_the_terms_say(made, order, size):
    billed: dict[str, Decimal] = {}
    held: list[UUID] = []
    for start in [*order, *order]:
        from_on, until_on = MONTHS[start], MONTHS[min(start + size, 6)]
        used: dict[UUID, Decimal] = {}
        for key, amount in billed.items():
            if key.startswith("time:"):
                id = UUID(key.split(":")[1])
                used[id] = used.get(id, Decimal(0)) + amount
        now = Course(**{**made.__dict__, "cap_used": used})
        found = lines(now, from_on=from_on, until_on=until_on, billed=frozenset(billed))
        assert not billed.keys() & {line.key for line in found}
        billed |= {line.key: line.amount for line in found}
        held += [id for line in found if line.kind != "expense" for id in line.entries]
    assert sum(billed.values(), Decimal(0)) == owed(made)
    assert len(held) == len(set(held))
