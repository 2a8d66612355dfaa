"""Metrics: definitions, dated values with a source, and what they were in a quarter of the client's own year."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import metrics, work_book
from assessments.models import Metric, MetricValue
from practice import clients
from practice.book import BadBook
from practice.quarters import quarter_of
from practice.refusals import Invalid, NotAllowed, Taken
from tests import make
from tests.assessments import planned
from tests.assessments.planned import ON

QUARTER = quarter_of(ON(2026, 3, 2), 1)


def acts(who, at=make.NOW):
    return {"by": make.actor(who), "at": at}


def test_four_kinds_show_that_ai_is_measured_and_every_kind_has_a_hat():
    book = work_book.metrics()
    shows = [key for key, kind in book.kinds.items() if kind.shows_ai]
    assert shows == ["roi", "adoption", "governance", "use_case_value"]
    assert {kind.hat for kind in book.kinds.values()} == {"CAIO", "CTO"}
    assert {one.kind for one in book.suggestions} >= set(shows)


def test_a_suggestion_of_an_unknown_kind_is_refused_with_its_place(tmp_path, monkeypatch):
    file = tmp_path / "metrics.toml"
    text = work_book.METRICS.read_text()
    file.write_text(text.replace('kind = "roi"', 'kind = "luck"'))
    monkeypatch.setattr(work_book, "METRICS", file)
    with pytest.raises(BadBook, match=r"metrics.toml: suggestions\[0\].kind"):
        work_book.metrics.__wrapped__()


def test_a_metric_is_defined_and_only_money_has_a_currency(cast):
    with pytest.raises(Invalid) as wrong:
        planned.metric(cast.orchard, " ", kind="luck", definition="", currency="EUR")
    assert sorted(wrong.value.errors) == ["currency", "definition", "kind", "name"]
    row = planned.metric(cast.orchard, unit="money")
    assert row.currency == cast.orchard.currency
    with pytest.raises(IntegrityError), transaction.atomic():
        Metric.objects.filter(pk=row.pk).update(currency="")


def test_what_its_values_are_counted_in_stays_once_there_are_some(cast):
    row = planned.metric(cast.orchard)
    row = metrics.change(row, unit="count", **acts(cast.ada))
    planned.value(row, "12", ON(2026, 3, 1))
    with pytest.raises(metrics.UnitKept):
        metrics.change(row, unit="percent", **acts(cast.ada))
    assert metrics.change(row, target=Decimal("40"), **acts(cast.ada)).target == 40


def test_a_value_has_a_source_a_day_that_has_come_and_is_the_only_one_of_it(cast):
    row = planned.metric(cast.orchard)
    with pytest.raises(Invalid) as wrong:
        metrics.note(
            row, value=Decimal(1), source=" ", measured_on=ON(2026, 3, 3), **acts(cast.ada)
        )
    assert sorted(wrong.value.errors) == ["measured_on", "source"]
    found = metrics.note(row, value=Decimal("1.2500"), source="Survey", **acts(cast.ada))
    assert found.measured_on == ON(2026, 3, 2)
    with pytest.raises(Taken):
        metrics.note(row, value=Decimal(2), source="Survey", **acts(cast.ada))


def test_a_value_is_corrected_or_taken_off_and_one_that_ended_takes_no_more(cast):
    row = planned.metric(cast.orchard)
    found = planned.value(row, "1", ON(2026, 3, 1))
    found = metrics.correct(found, value=Decimal("2"), **acts(cast.ada))
    assert found.value == 2
    metrics.remove(found, **acts(cast.ada))
    assert MetricValue.objects.count() == 0
    row = metrics.end(row, **acts(cast.ada))
    with pytest.raises(metrics.MetricEnded):
        planned.value(row, "3", ON(2026, 3, 1))
    with pytest.raises(metrics.MetricEnded):
        metrics.end(row, **acts(cast.ada))


def test_the_client_reads_and_does_not_write(cast):
    row = planned.metric(cast.orchard)
    with pytest.raises(NotAllowed):
        metrics.note(row, value=Decimal(1), source="Me", **acts(cast.priya))


@pytest.mark.parametrize(
    ("direction", "target", "value", "told"),
    [
        ("up", "40", "40", True),
        ("up", "40", "39.9999", False),
        ("down", "40", "40", True),
        ("down", "40", "40.0001", False),
        ("up", None, "1", None),
    ],
)
def test_on_target_is_met_at_the_target_itself(cast, direction, target, value, told):
    row = planned.metric(
        cast.orchard, direction=direction, target=Decimal(target) if target else None
    )
    planned.value(row, value, ON(2026, 3, 1))
    (reading,) = metrics.values_in(cast.orchard, QUARTER)
    assert reading.on_target is told


def test_a_quarter_tells_the_last_value_in_it_and_the_last_before_it(cast):
    row = planned.metric(cast.orchard)
    for amount, day in (
        ("1", ON(2025, 12, 31)),
        ("2", ON(2026, 1, 1)),
        ("3", ON(2026, 3, 1)),
        ("0.5", ON(2025, 11, 1)),
    ):
        planned.value(row, amount, day)
    planned.metric(cast.orchard, "Without a value", kind="roi")
    use, without = metrics.values_in(cast.orchard, QUARTER)
    assert (use.name, use.kind_label, use.value, use.measured_on, use.source) == (
        "Use",
        "Adoption",
        3,
        ON(2026, 3, 1),
        "Survey",
    )
    assert (use.before, use.before_on) == (1, ON(2025, 12, 31))
    assert (without.value, without.before, without.on_target) == (None, None, None)


def test_this_quarter_is_that_of_the_clients_own_day_and_fiscal_year(cast):
    """In Auckland it is the first of April an hour before noon UTC on 31 March; its year there begins in April."""
    client = make.client(cast.olu, "South", time_zone="Pacific/Auckland", fiscal_year_start=4)
    at = datetime.datetime(2026, 3, 31, 10, 59, tzinfo=datetime.UTC)
    before, after = (
        metrics.this_quarter(client, at),
        metrics.this_quarter(client, at + datetime.timedelta(minutes=1)),
    )
    assert (before.name, after.name) == ("FY2026Q4", "FY2027Q1")
    clients.change(client, fiscal_year_start=1, **acts(cast.olu))
    client.refresh_from_db()
    assert metrics.this_quarter(client, at).name == "FY2026Q1"


def test_the_values_of_a_quarter_take_as_many_queries_for_three_metrics_as_for_one(cast):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            metrics.values_in(cast.orchard, QUARTER)
        return len(captured)

    planned.value(planned.metric(cast.orchard, "One"), "1", ON(2026, 3, 1))
    one = asked()
    for name in ("Two", "Three"):
        planned.value(planned.metric(cast.orchard, name), "1", ON(2026, 3, 1))
    assert asked() == one == 2
