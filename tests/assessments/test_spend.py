"""The ledger and the findings: what a line is, what is refused, and the steps from found to realised."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from assessments import savings, spend
from assessments.models import ExchangeRate, Saving, SpendLine
from assessments.savings import SavingStepRefused
from practice.refusals import Invalid, NotAllowed, Taken
from tests import make
from tests.assessments import estate

JANUARY = datetime.date(2026, 1, 1)
TODAY = make.NOW.date()


def acts(who):
    return {"by": make.actor(who), "at": make.NOW}


def test_a_line_has_the_clients_currency_unless_it_says_another(cast):
    vendor = estate.vendor(cast.orchard)
    lines = [
        spend.note(
            cast.orchard,
            month_on=JANUARY,
            amount=Decimal("12.50"),
            vendor=vendor,
            currency=currency,
            **acts(cast.ada),
        )
        for currency in ("", "USD")
    ]
    assert [line.currency for line in lines] == ["EUR", "USD"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"month_on": datetime.date(2026, 1, 2)}, "month_on"),
        ({"month_on": datetime.date(2026, 4, 1)}, "month_on"),
        ({"month_on": datetime.date(1999, 1, 1)}, "month_on"),
        ({"amount": Decimal("0.00")}, "amount"),
        ({"vendor": None}, "vendor"),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_field(cast, details, field):
    usual = {"month_on": JANUARY, "amount": Decimal(1), "vendor": estate.vendor(cast.orchard)}
    with pytest.raises(Invalid) as wrong:
        spend.note(cast.orchard, **usual | details, **acts(cast.ada))
    assert list(wrong.value.errors) == [field]


def test_a_credit_is_below_nothing_and_a_correction_keeps_the_rules(cast):
    line = estate.line(cast.orchard, 13, "-20.00", vendor=estate.vendor(cast.orchard))
    with pytest.raises(Invalid):
        spend.change(line, vendor=None, **acts(cast.ada))
    assert spend.change(line, amount=Decimal("-25.00"), **acts(cast.ada)).version == 2


def test_another_clients_system_is_not_of_this_ledger(cast):
    with pytest.raises(Invalid) as wrong:
        estate.line(cast.orchard, 13, "20.00", system=estate.system(cast.quarry))
    assert wrong.value.errors == {"system": ["There is no such thing here."]}


def test_the_same_line_is_not_taken_in_twice(cast):
    vendor = estate.vendor(cast.orchard)
    estate.line(cast.orchard, 13, "20.00", vendor=vendor, external_id="L-1")
    with pytest.raises(Taken):
        estate.line(cast.orchard, 13, "20.00", vendor=vendor, external_id="L-1")


def test_who_works_there_without_fees_neither_notes_nor_finds_what_is_spent(cast):
    make.assignment(cast.ben, cast.orchard)
    vendor = estate.vendor(cast.orchard)
    with pytest.raises(NotAllowed):
        spend.note(
            cast.orchard, month_on=JANUARY, amount=Decimal(1), vendor=vendor, **acts(cast.ben)
        )


def test_the_database_keeps_the_ledger_whole(cast):
    line = estate.line(cast.orchard, 13, "20.00", vendor=estate.vendor(cast.orchard))
    for broken in ({"amount": 0}, {"vendor": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SpendLine.objects.filter(pk=line.pk).update(**broken)


def test_a_rate_has_two_currencies_a_day_and_a_source_once(cast):
    row = estate.rate(cast.orchard, "EUR", "USD", "1.10", JANUARY)
    with pytest.raises(Taken):
        estate.rate(cast.orchard, "EUR", "USD", "1.20", JANUARY)
    with pytest.raises(Invalid) as wrong:
        spend.correct_rate(row, into="EUR", source=" ", rate=Decimal(0), **acts(cast.ada))
    assert sorted(wrong.value.errors) == ["into", "rate", "source"]
    for broken in ({"rate": 0}, {"into": "EUR"}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExchangeRate.objects.filter(pk=row.pk).update(**broken)


def test_a_finding_goes_from_found_to_agreed_to_realised(cast):
    saving = estate.saving(cast.orchard, "1000.00")
    saving = savings.agree(saving, amount=Decimal("800.00"), **acts(cast.ada))
    saving = savings.realise(saving, amount=Decimal("750.00"), **acts(cast.ada))
    assert (saving.status, saving.agreed_amount, saving.realised_amount, saving.realised_on) == (
        "realised",
        Decimal("800.00"),
        Decimal("750.00"),
        TODAY,
    )


def _identified(cast):
    return estate.saving(cast.orchard)


def _agreed(cast):
    return savings.agree(_identified(cast), amount=Decimal(5), **acts(cast.ada))


def _realised(cast):
    return savings.realise(_agreed(cast), amount=Decimal(5), **acts(cast.ada))


def _dropped(cast):
    return savings.drop(_identified(cast), reason="Needed", **acts(cast.ada))


@pytest.mark.parametrize(
    ("made", "verb", "said"),
    [
        (_identified, savings.realise, {"amount": Decimal(1)}),
        (_agreed, savings.agree, {"amount": Decimal(1)}),
        (_realised, savings.drop, {"reason": "R"}),
        (_realised, savings.agree, {"amount": Decimal(1)}),
        (_dropped, savings.agree, {"amount": Decimal(1)}),
        (_agreed, savings.change, {"identified_amount": Decimal(1)}),
    ],
)
def test_a_step_out_of_turn_is_refused(cast, made, verb, said):
    saving = made(cast)
    with pytest.raises(SavingStepRefused):
        verb(saving, **said, **acts(cast.ada))


def test_steps_have_days_in_their_order_and_amounts_not_below_nothing(cast):
    saving = estate.saving(cast.orchard, identified_on=TODAY - datetime.timedelta(days=2))
    for said, field in (
        ({"amount": Decimal(-1)}, "amount"),
        ({"amount": Decimal(1), "agreed_on": TODAY + datetime.timedelta(days=1)}, "agreed_on"),
        ({"amount": Decimal(1), "agreed_on": TODAY - datetime.timedelta(days=3)}, "agreed_on"),
    ):
        with pytest.raises(Invalid) as wrong:
            savings.agree(saving, **said, **acts(cast.ada))
        assert list(wrong.value.errors) == [field]
    with pytest.raises(Invalid):
        savings.drop(saving, reason=" ", **acts(cast.ada))


def test_the_database_keeps_a_findings_status_and_amounts_together(cast):
    saving = estate.saving(cast.orchard)
    for broken in (
        {"status": "agreed"},
        {"status": "dropped"},
        {"agreed_amount": "1.00"},
        {"status": "realised", "realised_amount": "1.00", "realised_on": TODAY},
        {"identified_amount": "0.00"},
        {"lever": "luck"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Saving.objects.filter(pk=saving.pk).update(**broken)
