"""The ledger of what a client spends on AI: lines by month, for a system, to a vendor; and rates between currencies."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from assessments import derived, systems, terms
from assessments.models import ExchangeRate, SpendLine
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import local_day
from practice.refusals import Invalid, Taken

TAKEN = Taken("There is a line with this external id already.", "external_id")
RATE_TAKEN = Taken("There is a rate of that day already; correct it.", "since_on")


def note(
    client: Client,
    *,
    month_on: datetime.date,
    amount: Decimal,
    currency: str = "",
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> SpendLine:
    """Put down what one month cost. Without a currency it is the client's."""
    access.require(by, "spend", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        line = SpendLine(
            practice_id=client.practice_id,
            client=client,
            month_on=month_on,
            amount=amount,
            currency=currency or client.currency,
            **details,
        )
        check(line, at)
        derived.look(client, at=at)
        return rows.add(line, by=by, at=at, kind="spend.noted", taken=TAKEN)


def change(
    line: SpendLine,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> SpendLine:
    """Correct a line."""
    access.require(by, "spend", "change")
    with transaction.atomic():
        line = access.get(by, SpendLine, line.pk, lock=True)
        wanted = rows.wanted(line, changes, by=by)
        check(wanted, at)
        derived.look(line.client, at=at)
        return rows.change(
            line, changes, by=by, at=at, kind="spend.changed", expected=expected, taken=TAKEN
        )


def remove(
    line: SpendLine, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take back a line that was none."""
    access.require(by, "spend", "remove")
    with transaction.atomic():
        derived.look(line.client, at=at)
        rows.remove(line, by=by, at=at, kind="spend.removed", expected=expected)


def check(line: SpendLine, at: datetime.datetime) -> None:
    """What every line keeps, whichever door it came by."""
    terms.check(month_on=line.month_on)
    wrong: dict[str, list[str]] = {}
    if line.month_on.day != 1:
        wrong["month_on"] = ["The first day of a month."]
    elif line.month_on > local_day(at, line.client.time_zone):
        wrong["month_on"] = ["A month that has begun: what is to come is forecast, not noted."]
    if line.amount == 0:
        wrong["amount"] = ["More or, as a credit, less than nothing."]
    if line.system is None and line.vendor is None:
        wrong["vendor"] = ["Say for which system, to which vendor, or both."]
    if wrong:
        raise Invalid(wrong)
    systems.of_this_client(line, system=line.system, vendor=line.vendor)


def record_rate(
    client: Client,
    *,
    currency: str,
    into: str,
    rate: Decimal,
    since_on: datetime.date,
    source: str,
    by: Actor,
    at: datetime.datetime,
) -> ExchangeRate:
    """Record what one unit of a currency is worth in another from a day on, and where that was read."""
    access.require(by, "exchange_rate", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        row = ExchangeRate(
            practice_id=client.practice_id,
            client=client,
            currency=currency,
            into=into,
            rate=rate,
            since_on=since_on,
            source=source.strip(),
        )
        _check_rate(row)
        derived.look(client, at=at)
        return rows.add(row, by=by, at=at, kind="exchange_rate.recorded", taken=RATE_TAKEN)


def correct_rate(
    row: ExchangeRate,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> ExchangeRate:
    """Mend a mistake in a rate. Another day's rate is a row of its own."""
    access.require(by, "exchange_rate", "change")
    with transaction.atomic():
        row = access.get(by, ExchangeRate, row.pk, lock=True)
        wanted = rows.wanted(row, changes, by=by)
        _check_rate(wanted)
        derived.look(row.client, at=at)
        kind = "exchange_rate.corrected"
        return rows.change(
            row, changes, by=by, at=at, kind=kind, expected=expected, taken=RATE_TAKEN
        )


def _check_rate(row: ExchangeRate) -> None:
    terms.check(since_on=row.since_on)
    wrong: dict[str, list[str]] = {}
    if row.currency == row.into:
        wrong["into"] = ["Another currency than the first."]
    if row.rate <= 0:
        wrong["rate"] = ["More than nothing."]
    if not row.source.strip():
        wrong["source"] = ["Say where it was read."]
    if wrong:
        raise Invalid(wrong)
