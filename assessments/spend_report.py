"""What AI costs a client: sums of the ledger, a forecast, where that lies on the axis, and what could be saved.

One statement sums the ledger by month, vendor, system and currency. Each of those sums is converted once, to the cent,
and every figure is made of them, so that they agree however they are grouped. What no rate covers is told beside, in
its own currency, and is in no total.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from assessments import estate_book, terms
from assessments.currencies import CENT, Rates
from assessments.models import (
    ExchangeRate,
    Lever,
    Saving,
    SavingStatus,
    SpendLine,
    VendorContract,
)
from practice import access
from practice.access import Actor
from practice.models import Client
from practice.quarters import local_day

# Looked at: two years back, so that a ledger a year behind still has its twelve months.
LOOKED_AT, WINDOW, RECENT = 24, 12, 3
NOTHING = Decimal("0.00")
METHOD = "The average of the last {n} whole months in the ledger, times twelve. A month without lines counts as nothing spent."


@dataclass(frozen=True)
class Cell:
    """The sum of the lines of one month, vendor, system and currency, and what it is in the report's currency."""

    month_on: datetime.date
    vendor: tuple[UUID, str] | None
    system: tuple[UUID, str] | None
    currency: str
    amount: Decimal
    converted: Decimal | None


@dataclass(frozen=True)
class Total:
    amount: Decimal
    left_out: dict[str, Decimal]
    """By currency, what no rate covers."""

    @property
    def complete(self) -> bool:
        return not self.left_out


@dataclass(frozen=True)
class Stretch:
    """The whole months that the figures are made of, the last of which the ledger reaches."""

    first_on: datetime.date
    last_on: datetime.date
    months: int

    def covers(self, month_on: datetime.date) -> bool:
        return self.first_on <= month_on <= self.last_on


def of(client: Client, *, by: Actor, at: datetime.datetime, currency: str = "") -> dict[str, Any]:
    """All of it, as the API tells it; in the client's currency unless another is named."""
    access.require(by, "spend", "see_fees")
    today, into = local_day(at, client.time_zone), currency or client.currency
    axis, rates = estate_book.words().axis, _rates(client, by)
    summed = _summed(client, by, today)
    cells, on_axis = (_cells(summed, rates, one) for one in (into, axis.currency))
    stretch = _stretch(cells, today)
    spent = _spent(cells, stretch)
    forecast = _forecast(cells, stretch)
    return {
        "client": client.pk,
        "currency": into,
        "today": today,
        "months": _months(cells),
        "vendors": _named(cells, stretch, lambda cell: cell.vendor),
        "systems": _named(cells, stretch, lambda cell: cell.system),
        "currencies": _by_currency(cells, stretch),
        "spent": spent,
        "forecast": forecast,
        "axis": _position(on_axis, stretch),
        "contracted": _contracted(client, by, rates, into, today),
        "savings": _savings(client, by, rates, into, today, spent, forecast),
    }


def by_vendor_and_month(
    client: Client, *, by: Actor, at: datetime.datetime
) -> dict[datetime.date, dict[str, Decimal]]:
    """For the picture beside the axis, and in its currency: what each vendor got in each month, without what no rate
    covers. No vendor named is the empty name."""
    access.require(by, "spend", "see_fees")
    summed = _summed(client, by, local_day(at, client.time_zone))
    found: dict[datetime.date, dict[str, Decimal]] = defaultdict(dict)
    for cell in _cells(summed, _rates(client, by), estate_book.words().axis.currency):
        name, month = cell.vendor[1] if cell.vendor else "", found[cell.month_on]
        month[name] = month.get(name, NOTHING) + (cell.converted or NOTHING)
    return dict(sorted(found.items()))


def _rates(client: Client, by: Actor) -> Rates:
    rows = access.visible_to(by, ExchangeRate).filter(client_id=client.pk)
    return Rates.of(rows.values_list("currency", "into", "rate", "since_on"))


def _summed(client: Client, by: Actor, today: datetime.date) -> list[tuple[Any, ...]]:
    since = terms.months_on(today.replace(day=1), -LOOKED_AT)
    lines = access.visible_to(by, SpendLine).filter(client_id=client.pk, month_on__gte=since)
    by_cell = ("month_on", "vendor_id", "vendor__name", "system_id", "system__name", "currency")
    return list(lines.order_by(*by_cell).values_list(*by_cell).annotate(amount=Sum("amount")))


def _cells(summed: list[tuple[Any, ...]], rates: Rates, into: str) -> list[Cell]:
    cells = []
    for month_on, vendor, vendor_name, system, system_name, currency, sum_ in summed:
        amount = Decimal(sum_).quantize(CENT)
        last = terms.months_on(month_on, 1) - terms.ONE
        cells.append(
            Cell(
                month_on,
                (vendor, vendor_name) if vendor else None,
                (system, system_name) if system else None,
                currency,
                amount,
                rates.converted(amount, currency, into, last),
            )
        )
    return cells


def between(
    client: Client,
    *,
    first_on: datetime.date,
    last_on: datetime.date,
    by: Actor,
    currency: str = "",
) -> list[Cell]:
    """The ledger of the months that begin between two days, in the client's currency unless another is named."""
    access.require(by, "spend", "see_fees")
    lines = access.visible_to(by, SpendLine).filter(
        client_id=client.pk, month_on__range=(first_on, last_on)
    )
    by_cell = ("month_on", "vendor_id", "vendor__name", "system_id", "system__name", "currency")
    summed = lines.order_by(*by_cell).values_list(*by_cell).annotate(amount=Sum("amount"))
    return _cells(list(summed), _rates(client, by), currency or client.currency)


def contracted(client: Client, *, by: Actor, day: datetime.date) -> dict[str, Any]:
    """What contracts under way commit the client to in a year, in its currency."""
    access.require(by, "spend", "see_fees")
    return _contracted(client, by, _rates(client, by), client.currency, day)


def under_way(day: datetime.date) -> Q:
    """Contracts that are not over on a day; one that is signed counts before it begins."""
    return Q(ended_on=None) | Q(ended_on__gt=day)


def savings(client: Client, *, by: Actor, day: datetime.date) -> dict[str, Any]:
    """What could be saved in a year as of a day, by lever, in its currency."""
    access.require(by, "saving", "see_fees")
    return _savings(client, by, _rates(client, by), client.currency, day, None, None)


def total(cells: Iterable[Cell]) -> Total:
    amount = NOTHING
    left_out: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for cell in cells:
        if cell.converted is None:
            left_out[cell.currency] += cell.amount
        else:
            amount += cell.converted
    return Total(amount, dict(left_out))


def _stretch(cells: list[Cell], today: datetime.date) -> Stretch | None:
    """Up to twelve whole months: until the last one in the ledger, from the first one in it."""
    whole = [cell.month_on for cell in cells if cell.month_on < today.replace(day=1)]
    if not whole:
        return None
    last, first = max(whole), min(whole)
    first = max(first, terms.months_on(last, 1 - WINDOW))
    return Stretch(first, last, _between(first, last))


def _between(first: datetime.date, last: datetime.date) -> int:
    return (last.year - first.year) * terms.YEAR + last.month - first.month + 1


def _within(cells: list[Cell], stretch: Stretch | None) -> list[Cell]:
    return [cell for cell in cells if stretch is not None and stretch.covers(cell.month_on)]


def _told(found: Total) -> dict[str, Any]:
    return {"amount": found.amount, "complete": found.complete, "left_out": _sums(found.left_out)}


def _sums(by_currency: dict[str, Decimal]) -> list[dict[str, Any]]:
    return [{"currency": name, "amount": by_currency[name]} for name in sorted(by_currency)]


def _spent(cells: list[Cell], stretch: Stretch | None) -> dict[str, Any] | None:
    if stretch is None:
        return None
    return {
        "from_on": stretch.first_on,
        "last_on": stretch.last_on,
        "months": stretch.months,
        "whole_year": stretch.months == WINDOW,
        **_told(total(_within(cells, stretch))),
    }


def _forecast(cells: list[Cell], stretch: Stretch | None) -> dict[str, Any] | None:
    """What a year costs at the pace of the last months. No curve is fitted: the reader can do it in the head."""
    if stretch is None:
        return None
    months = min(RECENT, stretch.months)
    recent = Stretch(terms.months_on(stretch.last_on, 1 - months), stretch.last_on, months)
    found = total(_within(cells, recent))
    return {
        **_told(found),
        "amount": (found.amount * WINDOW / months).quantize(CENT),
        "months": months,
        "thin": months < RECENT,
        "method": METHOD.format(n=months),
    }


def _months(cells: list[Cell]) -> list[dict[str, Any]]:
    found: dict[datetime.date, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.month_on].append(cell)
    return [{"month_on": month, **_told(total(found[month]))} for month in sorted(found)]


def _named(
    cells: list[Cell],
    stretch: Stretch | None,
    named: Callable[[Cell], tuple[UUID, str] | None],
) -> list[dict[str, Any]]:
    """The dearest first. What is of none stands under no id and no name, so that the parts make the whole."""
    found: dict[tuple[UUID, str] | None, list[Cell]] = defaultdict(list)
    for cell in _within(cells, stretch):
        found[named(cell)].append(cell)
    told = [
        {"id": key and key[0], "name": key[1] if key else "", **_told(total(of_it))}
        for key, of_it in found.items()
    ]
    return sorted(told, key=lambda one: (-one["amount"], one["name"]))


def _by_currency(cells: list[Cell], stretch: Stretch | None) -> list[dict[str, Any]]:
    """As they stand in the ledger, each by itself."""
    found: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for cell in _within(cells, stretch):
        found[cell.currency] += cell.amount
    return _sums(found)


def _position(cells: list[Cell], stretch: Stretch | None) -> dict[str, Any]:
    axis = estate_book.words().axis
    spent, forecast = _spent(cells, stretch), _forecast(cells, stretch)
    return {
        "currency": axis.currency,
        "spent": spent and spent["amount"],
        "forecast": forecast and forecast["amount"],
        "complete": spent is None or bool(spent["complete"]),
        "marks": [
            {
                "amount": mark.amount,
                "sources": list(mark.sources),
                "says": mark.says,
                "spent": spent is not None and mark.is_reached(spent["amount"]),
                "forecast": forecast is not None and mark.is_reached(forecast["amount"]),
            }
            for mark in axis.marks
        ],
    }


def _added(
    sums: Iterable[tuple[str, Decimal]], rates: Rates, into: str, day: datetime.date
) -> dict[str, Any]:
    amount = NOTHING
    left_out: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for currency, sum_ in sums:
        plain = Decimal(sum_).quantize(CENT)
        converted = rates.converted(plain, currency, into, day)
        if converted is None:
            left_out[currency] += plain
        else:
            amount += converted
    return _told(Total(amount, dict(left_out)))


def _contracted(
    client: Client, by: Actor, rates: Rates, into: str, today: datetime.date
) -> dict[str, Any]:
    """What contracts under way commit the client to in a year."""
    rows = access.visible_to(by, VendorContract).filter(
        under_way(today), client_id=client.pk, annual_spend__isnull=False
    )
    sums = rows.order_by("currency").values_list("currency").annotate(Sum("annual_spend"))
    return _added(sums, rates, into, today)


def _savings(
    client: Client,
    by: Actor,
    rates: Rates,
    into: str,
    today: datetime.date,
    spent: dict[str, Any] | None,
    forecast: dict[str, Any] | None,
) -> dict[str, Any]:
    """By lever, without what was dropped. The band stands beside it as what it is: somebody's experience."""
    rows = access.visible_to(by, Saving).filter(client_id=client.pk)
    figures = ("identified_amount", "agreed_amount", "realised_amount")
    sums = list(
        rows.exclude(status=SavingStatus.DROPPED)
        .order_by("lever", "currency")
        .values_list("lever", "currency")
        .annotate(**{f"sum_{one}": Sum(one, filter=_by_then(one, today)) for one in figures})
    )
    words, base = estate_book.words(), spent if spent and spent["whole_year"] else forecast

    def told(lever: str | None) -> dict[str, Any]:
        return {
            figure.removesuffix("_amount"): _added(
                [
                    (row[1], row[2 + place])
                    for row in sums
                    if lever in (None, row[0]) and row[2 + place] is not None
                ],
                rates,
                into,
                today,
            )
            for place, figure in enumerate(figures)
        }

    whole = told(None)
    return {
        **whole,
        "levers": [{"lever": lever, "says": words.levers[lever], **told(lever)} for lever in Lever],
        "share": _share(whole["identified"], base),
        "share_of": "" if base is None else "spent" if base is spent else "forecast",
        "band": {
            "low": words.band.low,
            "high": words.band.high,
            "source": words.band.source,
            "says": words.band.says,
        },
    }


def _by_then(figure: str, day: datetime.date) -> Q:
    """Each amount counts from the day of its step."""
    return Q(**{f"{figure.removesuffix('_amount')}_on__lte": day})


def _share(found: dict[str, Any], base: dict[str, Any] | None) -> Decimal | None:
    """Per cent of a year's spending; none where either is not whole, or nothing was spent."""
    if base is None or base["amount"] <= 0 or not (base["complete"] and found["complete"]):
        return None
    share: Decimal = (found["amount"] * 100 / base["amount"]).quantize(Decimal("0.1"))
    return share
