"""Billing batches through their verbs and over HTTP: collected once, exported for good, settled, corrected."""

import csv
import datetime
import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements import billing, billing_files
from engagements.models import BillingBatch, BillingLine, Expense, Period, TimeEntry
from practice import access, rows
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import cast as casting
from tests import make
from tests.doors.crowd import a_database_for_threads, at_once
from tests.engagements import build
from tests.make import NOW

JAN, FEB, MAR = (datetime.date(2026, month, 1) for month in (1, 2, 3))


def own(engagement) -> dict:
    return {
        "practice_id": engagement.practice_id,
        "client_id": engagement.client_id,
        "engagement": engagement,
    }


def add(row):
    return rows.add(row, by=access.system(row.practice_id), at=NOW, kind="row.added")


def worked(engagement, on: datetime.date, minutes: int, hat="CTO", **more) -> TimeEntry:
    facts = {"member": engagement.lead, "worked_on": on, "booked_on": on, "minutes": minutes}
    return add(TimeEntry(**own(engagement), **facts, hat=hat, **more))


def spent(engagement, amount: str, currency: str = "EUR", **more) -> Expense:
    facts = {"member": engagement.lead, "spent_on": JAN, "booked_on": JAN, "what": "Train"}
    return add(Expense(**own(engagement), **facts, amount=amount, currency=currency, **more))


def closed(engagement, month=JAN, billed="0.00") -> Period:
    figures = dict.fromkeys(("allowance", "rolled_in", "used", "left", "expired"), "0.00")
    return add(
        Period(
            **own(engagement),
            **figures,
            starts_on=month,
            unit="minutes",
            over=billed,
            billed=billed,
            locked_at=NOW,
            carried={"slices": [], "owed": "0.00"},
        )
    )


def collect(cast, **other):
    facts = {"from_on": JAN, "until_on": FEB, "by": make.actor(cast.fin), "at": NOW} | other
    return billing.open_batch(facts.pop("client", cast.orchard), **facts)


def fixed(cast, **details):
    """A retainer of 20,000 a month, without an allowance that could be exceeded."""
    return build.engagement(cast, terms={"allowance": "0", "allowance_unit": "none"}, **details)


def told(batch) -> list[tuple[str, str]]:
    lines = BillingLine.objects.filter(batch=batch).order_by("position")
    return [(line.what, str(line.amount)) for line in lines]


def test_a_batch_holds_fees_time_over_the_allowance_and_expenses(cast):
    engagement = build.engagement(cast)
    entry = worked(engagement, JAN, 480)
    expense = spent(engagement, "84.20")
    closed(engagement, billed="90.00")
    batch = collect(cast)
    assert told(batch) == [
        ("Two hats: Train", "84.20"),
        ("Two hats: Retainer, January 2026", "20000.00"),
        ("Two hats: beyond the allowance, January 2026", "375.00"),
    ]
    assert (batch.number, batch.currency, batch.total) == (1, "EUR", Decimal("20459.20"))
    for row in (entry, expense):
        row.refresh_from_db()
    assert (entry.line.kind, expense.line.kind) == ("fee", "expense")


def test_the_engagement_s_order_number_goes_before_the_client_s(cast):
    fixed(cast)
    assert collect(cast).po_number == "PO-ORCHARD"
    build.engagement(
        cast, client=cast.quarry, lead=cast.olu, terms={"allowance": "0"}, po_number="PO-7"
    )
    assert collect(cast, client=cast.quarry).po_number == "PO-7"


def test_a_second_batch_over_the_same_months_is_refused(cast):
    fixed(cast)
    collect(cast)
    with pytest.raises(billing.NothingToBill):
        collect(cast)
    assert BillingBatch.objects.count() == 1
    assert collect(cast, from_on=FEB, until_on=MAR).number == 2


def test_what_was_never_agreed_is_not_billed(cast):
    build.engagement(cast, status="proposed")
    with pytest.raises(billing.NothingToBill):
        collect(cast)


def test_an_open_month_whose_time_has_a_price_is_named(cast):
    engagement = build.engagement(cast, terms={"fee_model": "per_day", "fee_amount": "1800.00"})
    worked(engagement, JAN, 480)
    with pytest.raises(billing.MonthsOpen) as refused:
        collect(cast)
    assert refused.value.facts == {
        "missing": [{"engagement": str(engagement.pk), "name": "Two hats", "month": "2026-01"}]
    }
    closed(engagement)
    assert collect(cast).total == Decimal("1800.00")


def test_what_is_not_billable_is_not_billed(cast):
    engagement = build.engagement(cast, terms={"fee_model": "per_day", "fee_amount": "1800.00"})
    worked(engagement, JAN, 480, billable=False)
    spent(engagement, "10.00", billable=False)
    spent(engagement, "20.00", against_allowance=True)
    with pytest.raises(billing.NothingToBill):
        collect(cast)


def test_two_currencies_need_a_word(cast):
    engagement = fixed(cast)
    spent(engagement, "50.00", "USD")
    with pytest.raises(billing.SeveralCurrencies) as refused:
        collect(cast)
    assert refused.value.facts == {"currencies": ["EUR", "USD"]}
    assert collect(cast, currency="USD").total == Decimal("50.00")
    assert collect(cast).total == Decimal("20000.00")


@pytest.mark.parametrize(
    ("from_on", "until_on", "field"),
    [
        ("2026-01-02", "2026-02-01", "from_on"),
        ("2026-01-01", "2026-01-31", "until_on"),
        ("2026-02-01", "2026-02-01", "until_on"),
        ("2020-01-01", "2026-01-01", "until_on"),
    ],
)
def test_a_batch_holds_whole_months(cast, from_on, until_on, field):
    day = datetime.date.fromisoformat
    with pytest.raises(Invalid) as refused:
        collect(cast, from_on=day(from_on), until_on=day(until_on))
    assert list(refused.value.errors) == [field]


def test_what_an_open_batch_held_is_free_once_it_is_discarded(cast):
    engagement = fixed(cast)
    entry, expense = worked(engagement, JAN, 60), spent(engagement, "84.20")
    billing.discard(collect(cast), by=make.actor(cast.fin), at=NOW)
    for row in (entry, expense):
        row.refresh_from_db()
    assert (entry.line, expense.line, BillingLine.objects.count()) == (None, None, 0)
    assert collect(cast).total == Decimal("20084.20")
    kinds = Event.objects.filter(kind__startswith="billing.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "billing.batch_created",
        "billing.discarded",
        "billing.batch_created",
    ]


def test_an_exported_batch_is_the_same_for_ever(cast):
    fixed(cast)
    fin = make.actor(cast.fin)
    batch = billing.export(collect(cast), by=fin, at=NOW)
    content = billing.content_of(batch, by=fin)
    assert batch.sha256 == billing_files.fingerprint(content)
    type(cast.orchard).objects.filter(pk=cast.orchard.pk).update(name="Orchard & Sons")
    again = BillingBatch.objects.get()
    assert billing_files.as_csv(again.content) == billing_files.as_csv(content)
    assert billing_files.as_json(again.content) == billing_files.as_json(content)
    for verb in (billing.export, billing.discard):
        with pytest.raises(billing.AlreadyExported):
            verb(again, by=fin, at=NOW)


def test_the_database_itself_keeps_an_exported_line(cast):
    fixed(cast)
    billing.export(collect(cast), by=make.actor(cast.fin), at=NOW)
    line = BillingLine.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        BillingLine.objects.filter(pk=line.pk).update(amount="1.00")
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()


def test_a_batch_is_settled_and_its_number_corrected(cast):
    fixed(cast)
    fin = make.actor(cast.fin)
    batch = collect(cast)
    said = {"external_number": " 2026-114 ", "external_on": FEB, "by": fin, "at": NOW}
    with pytest.raises(billing.NotExported):
        billing.settle(batch, **said)
    billing.export(batch, by=fin, at=NOW)
    settled = billing.settle(batch, **said)
    assert (settled.status, settled.external_number) == ("settled", "2026-114")
    corrected = billing.settle(batch, **said | {"external_number": "2026-115"})
    assert (corrected.external_number, corrected.sha256) == ("2026-115", settled.sha256)
    kinds = Event.objects.filter(kind__startswith="billing.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "billing.batch_created",
        "billing.exported",
        "billing.settled",
        "billing.corrected",
    ]


def test_a_settled_batch_names_an_invoice(cast):
    fixed(cast)
    fin = make.actor(cast.fin)
    batch = billing.export(collect(cast), by=fin, at=NOW)
    with pytest.raises(Invalid):
        billing.settle(batch, external_number=" ", external_on=FEB, by=fin, at=NOW)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_of_the_file_is_a_formula(cast, text):
    engagement = fixed(cast)
    spent(engagement, "1.00")
    type(engagement).objects.filter(pk=engagement.pk).update(name=text)
    batch = billing.export(collect(cast), by=make.actor(cast.fin), at=NOW)
    read = billing_files.as_csv(batch.content).decode()

    cells = next(csv.DictReader(read.splitlines(keepends=True)))
    assert cells["engagement"] == f"'{text}"
    assert cells["what"].startswith(f"'{text}")


def test_the_files_say_the_same(cast):
    engagement = fixed(cast)
    spent(engagement, "84.20")
    batch = billing.export(collect(cast, tax_code="S"), by=make.actor(cast.fin), at=NOW)
    content = json.loads(billing_files.as_json(batch.content))
    assert (content["total"], content["client"]["name"]) == ("20084.20", "Orchard")
    assert [line["tax_code"] for line in content["lines"]] == ["S", "S"]
    lines = billing_files.as_csv(batch.content).decode().splitlines(keepends=True)
    head, *told_rows = csv.reader(lines)
    assert head == list(billing_files.COLUMNS)
    assert [row[10:15] for row in told_rows] == [
        ["1.0000", "item", "84.2000", "84.20", "EUR"],
        ["1.0000", "month", "20000.0000", "20000.00", "EUR"],
    ]


def test_who_does_not_bill_sees_and_does_nothing(cast):
    fixed(cast)
    for who in (cast.ada, cast.ben, cast.priya):
        with pytest.raises(NotAllowed):
            collect(cast, by=make.actor(who))
    batch = collect(cast)
    with pytest.raises(NotFound):
        billing.export(batch, by=make.actor(cast.zoe), at=NOW)


def test_a_batch_asks_as_many_questions_of_two_engagements_as_of_five(cast):
    def asked(month: int) -> int:
        first = datetime.date(2026, month, 1)
        with CaptureQueriesContext(connection) as captured:
            collect(cast, from_on=first, until_on=datetime.date(2026, month + 1, 1))
        return len(captured)

    for number in range(2):
        fixed(cast, name=f"No. {number}")
    few = asked(1)
    for number in range(3):
        fixed(cast, name=f"More {number}")
    assert asked(2) == few


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bill_at_once_one_wins():
    cast = casting.build()
    fixed(cast)

    def attempt() -> str:
        try:
            collect(cast)
        except billing.NothingToBill as refusal:
            return refusal.code
        return "collected"

    with a_database_for_threads():
        answers = sorted(at_once([attempt] * 6, threads=6))
        assert BillingBatch.objects.count() == 1
    assert answers == ["collected", *["nothing_to_bill"] * 5]
