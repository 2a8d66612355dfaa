"""Metrics of a client: what is measured, its dated values with their source, and what it was in a quarter."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from assessments import systems, terms, work_book
from assessments.models import Direction, Metric, MetricValue, Unit
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import Quarter, local_day, quarter_of
from practice.refusals import Conflict, Invalid, Taken

TAKEN = Taken("There is a metric with this external id already.", "external_id")
ONCE = Taken("There is a value of this day already: correct that one.", "measured_on")


class MetricEnded(Conflict):
    code, sentence = "metric_ended", "This metric is no longer followed."


class UnitKept(Conflict):
    code = "metric_unit_kept"
    sentence = "This metric has values: its unit and currency stay. Begin another metric instead."


@dataclass(frozen=True)
class Reading:
    """What a metric was in a quarter: its last value there, and the last one before it."""

    id: UUID
    name: str
    kind: str
    kind_label: str
    definition: str
    unit: str
    currency: str
    direction: str
    target: Decimal | None
    target_on: datetime.date | None
    value: Decimal | None
    measured_on: datetime.date | None
    source: str
    before: Decimal | None
    before_on: datetime.date | None

    @property
    def on_target(self) -> bool | None:
        """None where there is no target or no value."""
        return meets(self.value, self.target, self.direction)


def meets(value: Decimal | None, target: Decimal | None, direction: str) -> bool | None:
    if value is None or target is None:
        return None
    return value >= target if direction == Direction.UP else value <= target


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> Metric:
    """Say what is to be measured. Money without a currency is the client's."""
    access.require(by, "metric", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        if details.get("unit") == Unit.MONEY and not details.get("currency"):
            details["currency"] = client.currency
        metric = Metric(practice_id=client.practice_id, client=client, **details)
        _check(metric)
        return rows.add(metric, by=by, at=at, kind="metric.added", taken=TAKEN)


def change(
    metric: Metric, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Metric:
    """Correct a definition, or agree on another target. What its values are counted in stays."""
    access.require(by, "metric", "change")
    with transaction.atomic():
        metric = access.get(by, Metric, metric.pk, lock=True)
        wanted = rows.wanted(metric, changes, by=by)
        _check(wanted)
        counted_in = (wanted.unit, wanted.currency) != (metric.unit, metric.currency)
        if counted_in and MetricValue.objects.filter(metric=metric).exists():
            raise UnitKept
        kind = "metric.changed"
        return rows.change(metric, changes, by=by, at=at, kind=kind, expected=expected, taken=TAKEN)


def end(metric: Metric, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> Metric:
    """Follow a metric no longer. What it was stays."""
    access.require(by, "metric", "change")
    with transaction.atomic():
        metric = access.get(by, Metric, metric.pk, lock=True)
        if metric.ended_on is not None:
            raise MetricEnded
        changes = {"ended_on": local_day(at, metric.client.time_zone)}
        return rows.change(metric, changes, by=by, at=at, kind="metric.ended", expected=expected)


def note(
    metric: Metric,
    *,
    value: Decimal,
    source: str,
    measured_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> MetricValue:
    """Put down what a metric was on a day, and where that was read. One value a day."""
    access.require(by, "metric", "change")
    with transaction.atomic():
        metric = access.get(by, Metric, metric.pk, lock=True)
        if metric.ended_on is not None:
            raise MetricEnded
        found = MetricValue(
            practice_id=metric.practice_id,
            client=metric.client,
            metric=metric,
            measured_on=measured_on or local_day(at, metric.client.time_zone),
            value=value,
            source=source.strip(),
        )
        _check_value(found, at)
        return rows.add(found, by=by, at=at, kind="metric.value_noted", taken=ONCE)


def correct(
    found: MetricValue,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> MetricValue:
    """Correct a value, its day or its source; the log keeps what it was."""
    access.require(by, "metric", "change")
    with transaction.atomic():
        found = access.get(by, MetricValue, found.pk, lock=True)
        wanted = rows.wanted(found, changes, by=by)
        _check_value(wanted, at)
        kind = "metric.value_corrected"
        return rows.change(found, changes, by=by, at=at, kind=kind, expected=expected, taken=ONCE)


def remove(
    found: MetricValue, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take off a value that was put down by mistake."""
    access.require(by, "metric", "change")
    rows.remove(found, by=by, at=at, kind="metric.value_removed", expected=expected)


def this_quarter(client: Client, at: datetime.datetime) -> Quarter:
    """The client's fiscal quarter, by its own days."""
    return quarter_of(local_day(at, client.time_zone), client.fiscal_year_start)


def values_in(client: Client, quarter: Quarter) -> tuple[Reading, ...]:
    """Every metric that was followed in the quarter, with its last value there. Two queries."""
    followed = Metric.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=quarter.starts_on), client=client
    ).order_by("kind", "name", "id")
    last: dict[UUID, MetricValue] = {}
    before: dict[UUID, MetricValue] = {}
    values = MetricValue.objects.filter(client=client, measured_on__lte=quarter.ends_on)
    for found in values.order_by("measured_on"):
        side = last if found.measured_on >= quarter.starts_on else before
        side[found.metric_id] = found
    return tuple(
        _reading(metric, last.get(metric.pk), before.get(metric.pk)) for metric in followed
    )


def _reading(metric: Metric, last: MetricValue | None, before: MetricValue | None) -> Reading:
    return Reading(
        id=metric.pk,
        name=metric.name,
        kind=metric.kind,
        kind_label=work_book.metrics().kinds[metric.kind].label,
        definition=metric.definition,
        unit=metric.unit,
        currency=metric.currency,
        direction=metric.direction,
        target=metric.target,
        target_on=metric.target_on,
        value=last.value if last else None,
        measured_on=last.measured_on if last else None,
        source=last.source if last else "",
        before=before.value if before else None,
        before_on=before.measured_on if before else None,
    )


def _check(metric: Metric) -> None:
    wrong: dict[str, list[str]] = {}
    if not metric.name.strip():
        wrong["name"] = ["Say what it is called."]
    if not metric.definition.strip():
        wrong["definition"] = ["Say how it is counted."]
    kinds = work_book.metrics().kinds
    if metric.kind not in kinds:
        wrong["kind"] = [f"One of: {', '.join(kinds)}."]
    if metric.unit == Unit.MONEY and not metric.currency:
        wrong["currency"] = ["Money has a currency."]
    elif metric.unit != Unit.MONEY and metric.currency:
        wrong["currency"] = ["Only money has a currency."]
    if wrong:
        raise Invalid(wrong)
    terms.check(target_on=metric.target_on)
    systems.of_this_client(metric, initiative=metric.initiative)


def _check_value(found: MetricValue, at: datetime.datetime) -> None:
    wrong: dict[str, list[str]] = {}
    if not found.source.strip():
        wrong["source"] = ["Say where it was read."]
    if found.measured_on > local_day(at, found.client.time_zone):
        wrong["measured_on"] = ["Not in the future."]
    if wrong:
        raise Invalid(wrong)
    terms.check(measured_on=found.measured_on)
