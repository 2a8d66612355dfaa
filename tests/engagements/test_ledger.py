"""The allowance's ledger, with the figures written out; and that nothing is ever lost or made up, whatever the course."""

import datetime
from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements import ledger
from engagements.ledger import Account, Carried, Extra, Slice, Stretch, Terms, Use

D = Decimal
FIGURES = ("allowance", "rolled_in", "used", "left", "over", "expired")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def hours(since: str, until: str | None = None, **more) -> Terms:
    return Terms(day(since), day(until) if until else None, unit="hours", **more)


def figures(month: ledger.Month) -> tuple[str, ...]:
    told = asdict(month)
    return (f"{month.starts_on:%Y-%m}", month.unit, *(f"{told[name]:.2f}" for name in FIGURES))


def used(**by_day: int) -> Use:
    """used(d2026_01_05=300)"""
    return Use({day(name.removeprefix("d").replace("_", "-")): n for name, n in by_day.items()})


def run(terms, first, last, **more):
    return ledger.months(terms, first=day(first), last=day(last), **more)


def test_a_month_gives_its_allowance_and_what_is_not_used_is_lost_without_rollover():
    months = run(
        [hours("2026-01-01", allowance=D(20))],
        "2026-01-01",
        "2026-02-15",
        use=used(d2026_01_05=300, d2026_01_20=601),
    )

    assert [figures(m) for m in months] == [
        # 20 h = 1,200 min; 300 + 601 = 901 used
        ("2026-01", "minutes", "1200.00", "0.00", "901.00", "299.00", "0.00", "299.00"),
        ("2026-02", "minutes", "1200.00", "0.00", "0.00", "1200.00", "0.00", "1200.00"),
    ]


def test_a_first_month_that_begins_late_gives_its_share_rounded_half_up():
    months = run([hours("2026-01-20", allowance=D(10))], "2026-01-20", "2026-01-31")

    # 12 of 31 days of 600 min = 232.258… → 232
    assert figures(months[0])[2] == "232.00"


def test_half_a_minute_is_rounded_up():
    months = run(
        [hours("2026-02-01", "2026-02-15", allowance=D("0.15"))], "2026-02-01", "2026-02-28"
    )

    # 14 of 28 days of 9 min = 4.5 → 5
    assert figures(months[0])[2] == "5.00"


def test_rollover_is_capped_and_expires_and_the_oldest_goes_first():
    terms = [hours("2026-01-01", allowance=D(10), rollover_cap=D(5), rollover_months=1)]
    months = run(
        terms,
        "2026-01-01",
        "2026-04-30",
        use=used(d2026_01_10=240, d2026_02_10=100, d2026_03_10=700, d2026_04_10=1000),
    )

    assert [figures(m) for m in months] == [
        # 600 - 240 = 360 left; 5 h = 300 move on, 60 are lost to the cap
        ("2026-01", "minutes", "600.00", "0.00", "240.00", "360.00", "0.00", "60.00"),
        # 300 + 600 - 100 (from January's) = 800 left; January's 200 expire, 300 of February's 600 move on
        ("2026-02", "minutes", "600.00", "300.00", "100.00", "800.00", "0.00", "500.00"),
        # 300 + 600 - 700: February's 300 first, then 400 of March's 600; 200 move on
        ("2026-03", "minutes", "600.00", "300.00", "700.00", "200.00", "0.00", "0.00"),
        # 200 + 600 - 1,000: 200 over, which is billed
        ("2026-04", "minutes", "600.00", "200.00", "1000.00", "0.00", "200.00", "0.00"),
    ]
    assert months[0].carried == Carried((Slice(day("2026-01-01"), day("2026-02-28"), D("300.00")),))
    assert months[3].billed == D("200.00")


def test_slices_that_last_several_months_expire_each_in_its_own():
    terms = [hours("2026-01-01", allowance=D(1), rollover_cap=D(9), rollover_months=2)]
    months = run(terms, "2026-01-01", "2026-04-30")

    assert [(m.rolled_in, m.left, m.expired) for m in months] == [
        (D(0), D(60), D(0)),
        (D(60), D(120), D(0)),
        (D(120), D(180), D(60)),  # January's can be used until the end of March
        (D(120), D(180), D(60)),
    ]


def test_overuse_is_taken_from_the_next_months_where_the_terms_say_so():
    terms = [hours("2026-01-01", allowance=D(10), overage="carried")]
    months = run(terms, "2026-01-01", "2026-03-31", use=used(d2026_01_05=1500, d2026_03_05=100))

    assert [figures(m) for m in months] == [
        ("2026-01", "minutes", "600.00", "0.00", "1500.00", "0.00", "900.00", "0.00"),
        # begins 900 in debt: 600 pay part of it, 300 stay owed
        ("2026-02", "minutes", "600.00", "-900.00", "0.00", "0.00", "300.00", "0.00"),
        ("2026-03", "minutes", "600.00", "-300.00", "100.00", "200.00", "0.00", "200.00"),
    ]
    assert [(m.billed, m.carried.owed, m.absorbed) for m in months] == [
        (D(0), D(900), D(0)),
        (D(0), D(300), D(0)),
        (D(0), D(0), D(0)),
    ]


def test_absorbed_overuse_is_neither_billed_nor_owed():
    terms = [hours("2026-01-01", allowance=D(1), overage="absorbed")]
    months = run(terms, "2026-01-01", "2026-02-28", use=used(d2026_01_05=90))

    assert (months[0].over, months[0].absorbed, months[1].rolled_in) == (D(30), D(30), D(0))


def test_new_terms_in_mid_month_share_the_month_by_days():
    terms = [
        hours("2026-03-01", "2026-03-11", allowance=D(31)),
        hours("2026-03-11", allowance=D(62), rollover_cap=D(4), rollover_months=3),
    ]
    months = run(terms, "2026-03-01", "2026-03-31", use=used(d2026_03_05=900, d2026_03_20=1200))

    # 10/31 of 1,860 = 600 and 21/31 of 3,720 = 2,520: 3,120; used 2,100; the later terms say 240 may move on
    assert [figures(m) for m in months] == [
        ("2026-03", "minutes", "3120.00", "0.00", "2100.00", "1020.00", "0.00", "780.00")
    ]


def test_a_change_from_days_to_money_in_mid_month_keeps_two_accounts():
    terms = [
        Terms(
            day("2026-04-01"),
            day("2026-04-16"),
            unit="days",
            allowance=D(4),
            day_minutes=450,
            rollover_cap=D(1),
            rollover_months=1,
        ),
        Terms(day("2026-04-16"), unit="money", allowance=D(9000), hour_rate=D(200), currency="EUR"),
    ]
    use = Use(
        {day("2026-04-02"): 500, day("2026-04-20"): 601},
        {(day("2026-04-21"), "EUR"): D("120.40"), (day("2026-04-02"), "EUR"): D("50.00")},
    )
    months = run(terms, "2026-04-01", "2026-05-31", use=use)

    assert [figures(m) for m in months] == [
        # 15/30 of 4 × 450 = 900; 500 used; 400 left, all within the cap of 450
        ("2026-04", "minutes", "900.00", "0.00", "500.00", "400.00", "0.00", "0.00"),
        # 15/30 of 9,000 = 4,500; 601 min at 200 an hour = 2,003.33, and the expense of a day under these terms
        ("2026-04", "money", "4500.00", "0.00", "2123.73", "2376.27", "0.00", "2376.27"),
        # the days' rest lapses unused: May knows only money
        ("2026-05", "minutes", "0.00", "400.00", "0.00", "400.00", "0.00", "400.00"),
        ("2026-05", "money", "9000.00", "0.00", "0.00", "9000.00", "0.00", "9000.00"),
    ]


def test_a_pause_in_mid_month_gives_nothing_for_its_days():
    months = run(
        [hours("2026-06-01", allowance=D(30))],
        "2026-06-01",
        "2026-07-31",
        pauses=[Stretch(day("2026-06-11"), day("2026-07-11"))],
        use=used(d2026_06_05=300),
    )

    # June: 10 of 30 days of 1,800 = 600. July: 21 of 31 days of 1,800 = 1,219.35…
    assert [figures(m)[2:4] + figures(m)[5:6] for m in months] == [
        ("600.00", "0.00", "300.00"),
        ("1219.00", "0.00", "1219.00"),
    ]


def test_a_pause_without_an_end_gives_nothing_from_its_first_day():
    months = run(
        [hours("2026-06-01", allowance=D(30))],
        "2026-06-01",
        "2026-07-31",
        pauses=[Stretch(day("2026-06-16"))],
    )

    assert [m.allowance for m in months] == [D(900), D(0)]


def test_a_burst_adds_its_extra_by_its_days_and_not_in_a_pause():
    months = run(
        [hours("2026-04-01", allowance=D(10))],
        "2026-04-01",
        "2026-04-30",
        bursts=[Extra(day("2026-04-11"), day("2026-04-21"), D(30))],
        pauses=[Stretch(day("2026-04-16"), day("2026-04-19"))],
    )

    # 27/30 of 600 = 540; the burst 7/30 of 1,800 = 420
    assert months[0].allowance == D(960)


def test_a_quarter_end_with_a_clock_change_is_counted_in_days_not_hours():
    # The clocks go forward on 29 March 2026: March has 743 hours in Lisbon, and 31 days.
    months = run(
        [hours("2026-03-01", "2026-03-29", allowance=D(31)), hours("2026-03-29", allowance=D(62))],
        "2026-03-01",
        "2026-04-30",
    )

    # 28/31 of 1,860 = 1,680 and 3/31 of 3,720 = 360
    assert [m.allowance for m in months] == [D(2040), D(3720)]


def test_late_time_after_the_last_stage_is_counted_by_its_terms():
    months = run(
        [hours("2026-01-01", "2026-02-01", allowance=D(1))],
        "2026-01-01",
        "2026-02-28",
        use=used(d2026_02_01=30),
    )

    assert [figures(m) for m in months] == [
        ("2026-01", "minutes", "60.00", "0.00", "0.00", "60.00", "0.00", "60.00"),
        ("2026-02", "minutes", "0.00", "0.00", "30.00", "0.00", "30.00", "0.00"),
    ]


def test_without_an_allowance_there_is_no_ledger():
    months = run([Terms(day("2026-01-01"))], "2026-01-01", "2026-03-31", use=used(d2026_01_05=60))

    assert months == []


def test_it_goes_on_from_where_closed_months_ended():
    terms = [hours("2026-01-01", allowance=D(10), rollover_cap=D(5), rollover_months=1)]
    use = used(d2026_01_10=240, d2026_02_10=100, d2026_03_10=700)
    whole = run(terms, "2026-01-01", "2026-03-31", use=use)

    rest = run(
        terms,
        "2026-02-01",
        "2026-03-31",
        use=use,
        opening={Account("minutes"): whole[0].carried},
    )

    assert rest == whole[1:]


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2026-11-30", "2027-01-01", ["2026-11", "2026-12", "2027-01"]),
        ("2026-05-01", "2026-04-30", []),
    ],
)
def test_calendar_months_go_over_the_turn_of_the_year(first, last, named):
    assert [f"{m:%Y-%m}" for m in ledger.calendar_months(day(first), day(last))] == named


# Whatever the course.

FIRST = day("2026-01-01")
days = st.integers(0, 420).map(lambda n: FIRST + datetime.timedelta(days=n))
amounts = st.decimals(0, 400, places=2)


@st.composite
def courses(draw):
    cuts = sorted(draw(st.sets(st.integers(1, 400), max_size=5)))
    starts = [FIRST, *(FIRST + datetime.timedelta(days=n) for n in cuts)]
    terms = [
        Terms(
            since,
            until,
            unit=draw(st.sampled_from(["none", "days", "hours", "money"])),
            allowance=draw(amounts),
            day_minutes=draw(st.integers(60, 1440)),
            rollover_cap=draw(amounts),
            rollover_months=draw(st.integers(0, 4)),
            overage=draw(st.sampled_from(["billed", "carried", "absorbed"])),
            hour_rate=draw(st.none() | amounts),
            currency=draw(st.sampled_from(["EUR", "USD"])),
        )
        for since, until in zip(starts, [*starts[1:], None], strict=True)
    ]
    pauses = [Stretch(a, max(a, b)) for a, b in draw(st.lists(st.tuples(days, days), max_size=2))]
    bursts = [
        Extra(a, max(a, b), draw(amounts))
        for a, b in draw(st.lists(st.tuples(days, days), max_size=1))
    ]
    minutes = draw(st.dictionaries(days, st.integers(1, 9000), max_size=30))
    spent = draw(
        st.dictionaries(
            st.tuples(days, st.sampled_from(["EUR", "USD"])),
            st.decimals("0.01", 9000, places=2),
            max_size=10,
        )
    )
    return terms, pauses, bursts, Use(minutes, spent)


@settings(max_examples=150, deadline=None)
@given(courses())
def test_every_month_sums_to_the_minute_and_the_cent_and_nothing_is_lost_over_the_course(course):
    terms, pauses, bursts, use = course
    months = ledger.months(
        terms, first=FIRST, last=day("2027-03-31"), pauses=pauses, bursts=bursts, use=use
    )

    for m in months:
        assert m.allowance + m.rolled_in - m.used == m.left - m.over
        assert m.left == sum((s.amount for s in m.carried.slices), D(0)) + m.expired
        assert m.over == m.billed + m.absorbed + m.carried.owed
        assert min(m.allowance, m.used, m.left, m.over, m.expired, m.billed, m.absorbed) >= 0
        assert not (m.left and m.over)
        assert not (m.carried.slices and m.carried.owed)
        for amount in (m.allowance, m.rolled_in, m.used, m.left, m.over, m.expired):
            assert amount == amount.quantize(D(1) if m.unit == "minutes" else D("0.01"))
    for account in {m.account for m in months}:
        chain = [m for m in months if m.account == account]
        total = {
            name: sum((getattr(m, name) for m in chain), D(0))
            for name in (*FIGURES, "billed", "absorbed")
        }
        assert [m.rolled_in for m in chain[1:]] == [m.carried.balance for m in chain[:-1]]
        assert total["allowance"] == (
            total["used"]
            - total["billed"]
            - total["absorbed"]
            + total["expired"]
            + chain[-1].carried.balance
        )


@settings(max_examples=60, deadline=None)
@given(courses(), st.integers(1, 14))
def test_closing_at_any_month_and_going_on_changes_no_figure(course, at):
    terms, pauses, bursts, use = course
    how = {"pauses": pauses, "bursts": bursts, "use": use}
    whole = ledger.months(terms, first=FIRST, last=day("2027-03-31"), **how)
    cut = ledger.next_month(FIRST, at)
    before = [m for m in whole if m.starts_on < cut]
    last = [m for m in before if m.starts_on == ledger.next_month(cut, -1)]

    after = ledger.months(
        terms,
        first=cut,
        last=day("2027-03-31"),
        opening={m.account: m.carried for m in last},
        **how,
    )

    assert before + after == whole
