"""What the report makes of a ledger: sums to the cent, a forecast one can do in the head, the axis, and no guessed rate."""

import datetime
import random
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import estate_book, savings, spend_report
from assessments.currencies import Rates
from assessments.models import SpendLine
from practice import access
from practice.refusals import NotAllowed
from tests import make
from tests.assessments import estate

ON = datetime.date
# Of March 2026, the months before it are whole: the 14th after December 2024 is February 2026.
FEBRUARY = 14


def report(client, **more):
    return spend_report.of(client, by=access.system(client.practice_id), at=make.NOW, **more)


def test_an_empty_ledger_says_that_it_is_empty(cast):
    told = report(cast.orchard)
    assert (told["spent"], told["forecast"], told["months"], told["vendors"]) == (
        None,
        None,
        [],
        [],
    )
    assert [mark["spent"] for mark in told["axis"]["marks"]] == [False] * 4


def test_the_year_is_the_last_twelve_whole_months_of_the_ledger(cast):
    vendor = estate.vendor(cast.orchard)
    for month in range(1, FEBRUARY + 2):
        estate.line(cast.orchard, month, "100.00", vendor=vendor)
    told = report(cast.orchard)
    assert told["spent"] == {
        "from_on": ON(2025, 3, 1),
        "last_on": ON(2026, 2, 1),
        "months": 12,
        "whole_year": True,
        "amount": Decimal("1200.00"),
        "complete": True,
        "left_out": [],
    }
    # The month that is running is told of, and in no figure of the year.
    assert told["months"][-1]["month_on"] == ON(2026, 3, 1)


def test_the_forecast_is_the_average_of_the_last_three_months_times_twelve(cast):
    vendor = estate.vendor(cast.orchard)
    for month, amount in ((10, "900.00"), (12, "100.00"), (14, "200.01")):
        estate.line(cast.orchard, month, amount, vendor=vendor)
    forecast = report(cast.orchard)["forecast"]
    # December and February; nothing was noted for January.
    assert (forecast["amount"], forecast["months"], forecast["thin"]) == (
        Decimal("1200.04"),
        3,
        False,
    )
    assert "three" not in forecast["method"]
    assert "last 3 whole months" in forecast["method"]


def test_a_ledger_of_one_month_makes_a_thin_forecast(cast):
    estate.line(cast.orchard, FEBRUARY, "50.00", vendor=estate.vendor(cast.orchard))
    forecast = report(cast.orchard)["forecast"]
    assert (forecast["amount"], forecast["months"], forecast["thin"]) == (
        Decimal("600.00"),
        1,
        True,
    )


def test_currencies_are_never_added_without_a_rate(cast):
    vendor = estate.vendor(cast.orchard)
    estate.line(cast.orchard, FEBRUARY, "100.00", vendor=vendor)
    estate.line(cast.orchard, FEBRUARY, "70.00", vendor=vendor, currency="USD")
    spent = report(cast.orchard)["spent"]
    left_out = [{"currency": "USD", "amount": Decimal("70.00")}]
    assert (spent["amount"], spent["complete"], spent["left_out"]) == (
        Decimal("100.00"),
        False,
        left_out,
    )
    estate.rate(cast.orchard, "EUR", "USD", "1.25", ON(2026, 2, 28))
    spent = report(cast.orchard)["spent"]
    assert (spent["amount"], spent["complete"], spent["left_out"]) == (Decimal("156.00"), True, [])
    assert report(cast.orchard)["currencies"] == [
        {"currency": "EUR", "amount": Decimal("100.00")},
        {"currency": "USD", "amount": Decimal("70.00")},
    ]


RATES = Rates.of(
    [
        ("EUR", "USD", Decimal("1.25"), ON(2026, 1, 1)),
        ("USD", "EUR", Decimal("0.5"), ON(2026, 3, 1)),
        ("GBP", "USD", Decimal("1.30"), ON(2026, 1, 1)),
    ]
)


@pytest.mark.parametrize(
    ("currency", "into", "day", "found"),
    [
        ("EUR", "EUR", ON(2025, 1, 1), "10.00"),
        ("EUR", "USD", ON(2025, 12, 31), None),
        ("EUR", "USD", ON(2026, 2, 1), "12.50"),
        ("USD", "EUR", ON(2026, 2, 1), "8.00"),
        ("USD", "EUR", ON(2026, 3, 1), "5.00"),
        ("EUR", "USD", ON(2026, 3, 1), "20.00"),
        # By way of the dollar is a rate that nobody recorded.
        ("GBP", "EUR", ON(2026, 3, 1), None),
    ],
)
def test_the_rate_recorded_last_counts_whichever_way_round(currency, into, day, found):
    amount = RATES.converted(Decimal(10), currency, into, day)
    assert amount == (found and Decimal(found))


def test_the_axis_is_in_dollars_with_the_four_marks_and_their_sources(cast):
    client = make.client(cast.olu, "West", currency="USD")
    vendor = estate.vendor(client)
    for month in range(3, FEBRUARY + 1):
        estate.line(client, month, "166666.67" if month < FEBRUARY else "166666.63", vendor=vendor)
    axis = report(client)["axis"]
    assert (axis["currency"], axis["spent"]) == ("USD", Decimal("2000000.00"))
    assert [(mark["amount"], mark["sources"], mark["spent"]) for mark in axis["marks"]] == [
        (1_000_000, ["S4-D1"], True),
        (2_000_000, ["S4-D1", "S4-D3"], True),
        (5_000_000, ["S5-D1"], False),
        (10_000_000, ["S4-D5", "S4-D6"], False),
    ]


@pytest.mark.parametrize(("amount", "reached"), [("5000000.00", False), ("5000000.01", True)])
def test_a_mark_that_is_crossed_is_reached_only_beyond_it(amount, reached):
    five = estate_book.words().axis.marks[2]
    assert five.is_reached(Decimal(amount)) is reached


def test_findings_are_summed_by_lever_beside_the_band_which_promises_nothing(cast):
    vendor, by = estate.vendor(cast.orchard), {"by": make.actor(cast.ada), "at": make.NOW}
    for month in range(3, FEBRUARY + 1):
        estate.line(cast.orchard, month, "1000.00", vendor=vendor)
    agreed = savings.agree(estate.saving(cast.orchard, "900.00"), amount=Decimal(700), **by)
    savings.realise(agreed, amount=Decimal(650), **by)
    estate.saving(cast.orchard, "1500.00", lever="downshift")
    savings.drop(estate.saving(cast.orchard, "999.00"), reason="Needed", **by)
    told = report(cast.orchard)["savings"]
    sums = [told[step]["amount"] for step in ("identified", "agreed", "realised")]
    assert sums == [Decimal("2400.00"), Decimal("700.00"), Decimal("650.00")]
    assert [(one["lever"], one["identified"]["amount"]) for one in told["levers"]] == [
        ("consolidation", Decimal("0.00")),
        ("downshift", Decimal("1500.00")),
        ("unused", Decimal("900.00")),
    ]
    assert (told["share"], told["share_of"]) == (Decimal("20.0"), "spent")
    assert (told["band"]["low"], told["band"]["high"]) == (15, 30)
    assert "not a promise" in told["band"]["says"]


def test_contracts_under_way_are_summed_and_those_that_are_over_are_not(cast):
    vendor = estate.vendor(cast.orchard)
    for name, more in (("A", {}), ("B", {}), ("C", {"currency": "USD"})):
        estate.contract(vendor, name=name, annual_spend=Decimal("1000.00"), **more)
    over = estate.contract(vendor, annual_spend=Decimal("5.00"))
    type(over).objects.filter(pk=over.pk).update(ended_on=ON(2026, 2, 1))
    assert report(cast.orchard)["contracted"] == {
        "amount": Decimal("2000.00"),
        "complete": False,
        "left_out": [{"currency": "USD", "amount": Decimal("1000.00")}],
    }


@pytest.mark.parametrize("seed", range(12))
def test_all_figures_of_a_random_ledger_agree_to_the_cent(cast, seed):
    draw = random.Random(seed)
    vendors = [estate.vendor(cast.orchard, f"V{n}") for n in range(3)]
    systems = [estate.system(cast.orchard, f"S{n}") for n in range(3)]
    names = ["EUR", "USD", "GBP"]
    for other in draw.sample(names[1:], draw.randint(0, 2)):
        estate.rate(cast.orchard, other, "EUR", f"{draw.uniform(0.5, 1.5):.8f}", ON(2025, 1, 1))
    lines = [_line(cast.orchard, draw, vendors, systems, names) for _ in range(150)]
    SpendLine.objects.bulk_create(lines)
    told = report(cast.orchard)
    spent, exact = told["spent"], defaultdict(Decimal)
    for line in lines:
        if spent["from_on"] <= line.month_on <= spent["last_on"]:
            exact[line.currency] += line.amount
    assert told["currencies"] == [
        {"currency": name, "amount": exact[name]} for name in sorted(exact)
    ]
    months = [m for m in told["months"] if spent["from_on"] <= m["month_on"] <= spent["last_on"]]
    for parts in (told["vendors"], told["systems"], months):
        assert sum((part["amount"] for part in parts), Decimal()) == spent["amount"]
        left_out = defaultdict(Decimal)
        for part in parts:
            for one in part["left_out"]:
                left_out[one["currency"]] += one["amount"]
        told_out = {one["currency"]: one["amount"] for one in spent["left_out"]}
        assert dict(left_out) == told_out
    for currency, amount in ((one["currency"], one["amount"]) for one in spent["left_out"]):
        assert amount == exact[currency]


def _line(client, draw, vendors, systems, names):
    vendor, system = draw.choice([None, *vendors]), draw.choice([None, *systems])
    month = draw.randint(0, 13)
    return SpendLine(
        practice_id=client.practice_id,
        client=client,
        created_at=make.NOW,
        month_on=ON(2025 + month // 12, month % 12 + 1, 1),
        vendor=vendor if vendor or system else vendors[0],
        system=system,
        amount=Decimal(draw.randint(-5_000_00, 9_000_000_00) or 1) / 100,
        currency=draw.choice(names),
    )


def test_the_ledger_is_summed_by_one_statement_however_long_it_is(cast):
    counts = []
    for lines in (1, 40):
        for n in range(lines):
            month = 3 + n % 12
            estate.line(cast.orchard, month, "10.00", vendor=estate.vendor(cast.orchard, f"V{n}"))
        with CaptureQueriesContext(connection) as asked:
            report(cast.orchard)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert len([q for q in asked.captured_queries if "spendline" in q["sql"]]) == 1


def test_who_sees_no_fees_is_told_nothing_of_what_is_spent(cast):
    make.assignment(cast.ben, cast.orchard)
    with pytest.raises(NotAllowed):
        spend_report.of(cast.orchard, by=make.actor(cast.ben), at=make.NOW)
    told = spend_report.of(cast.orchard, by=make.actor(cast.marta), at=make.NOW)
    assert told["client"] == cast.orchard.pk


def test_the_book_of_the_estate_is_sound():
    words = estate_book.words()
    assert (words.band.low, words.band.high) == (15, 30)
    assert [mark.amount for mark in words.axis.marks] == [
        1_000_000,
        2_000_000,
        5_000_000,
        10_000_000,
    ]
