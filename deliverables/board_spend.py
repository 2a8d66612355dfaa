"""The figures of AI spend in a board report: this quarter against the last and against what contracts commit to."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from assessments import spend_report
from assessments.models import Saving, SavingStatus, SpendLine, VendorContract
from assessments.spend_report import Cell
from deliverables.board_figures import (
    READINGS,
    TREND,
    Filled,
    Scope,
    chart,
    day,
    figure,
    money,
    table,
)
from practice import access
from practice.quarters import Quarter

QUARTERS = 4
NOTHING = Decimal("0.00")


def spend(scope: Scope) -> Filled:
    currency = scope.client.currency
    oldest = scope.back(TREND - 1)
    cells = spend_report.between(
        scope.client, first_on=oldest.starts_on, last_on=scope.quarter.ends_on, by=scope.by
    )
    now, last = _of(cells, scope.quarter), _of(cells, scope.before)
    spent, before = spend_report.total(now), spend_report.total(last)
    planned = spend_report.contracted(scope.client, by=scope.by, day=scope.last_on)
    plan = (planned["amount"] / QUARTERS).quantize(Decimal("0.01"))
    figures = [
        figure(
            "spent",
            "AI spend this quarter",
            money(spent.amount, currency),
            amount=spent.amount,
            currency=currency,
            before=money(before.amount, currency),
            note=_left_out(spent.left_out),
            rows=_lines(scope),
            summary=True,
        ),
        figure(
            "change",
            "Against last quarter",
            _signed(spent.amount - before.amount, currency),
            amount=spent.amount - before.amount,
            currency=currency,
        ),
        figure(
            "plan",
            "A quarter of what contracts commit to",
            money(plan, currency),
            amount=plan,
            currency=currency,
            note=_left_out({one["currency"]: one["amount"] for one in planned["left_out"]}),
            rows=_contracts(scope),
        ),
        figure(
            "against_plan",
            "Against that plan",
            _signed(spent.amount - plan, currency),
            amount=spent.amount - plan,
            currency=currency,
        ),
    ]
    return {
        "figures": [*figures, *_savings(scope, currency)],
        "tables": [_by_vendor(now, last, currency), _levers(scope, currency)],
        "charts": [_trend(scope, cells, currency)],
    }


def _of(cells: list[Cell], quarter: Quarter) -> list[Cell]:
    return [cell for cell in cells if quarter.starts_on <= cell.month_on <= quarter.ends_on]


def _lines(scope: Scope) -> list[tuple[str, UUID]]:
    lines = access.visible_to(scope.by, SpendLine).filter(
        client_id=scope.client.pk,
        month_on__range=(scope.quarter.starts_on, scope.quarter.ends_on),
    )
    return [("spend-lines", id) for id in lines.order_by("id").values_list("id", flat=True)]


def _contracts(scope: Scope) -> list[tuple[str, UUID]]:
    rows = access.visible_to(scope.by, VendorContract).filter(
        client_id=scope.client.pk, ended_on=None, annual_spend__isnull=False
    )
    return [("vendor-contracts", id) for id in rows.order_by("id").values_list("id", flat=True)]


def _by_vendor(now: list[Cell], last: list[Cell], currency: str) -> dict[str, Any]:
    names = sorted({_vendor(cell) for cell in (*now, *last)})
    told = []
    for name in names:
        mine = spend_report.total(cell for cell in now if _vendor(cell) == name)
        theirs = spend_report.total(cell for cell in last if _vendor(cell) == name)
        told.append((mine.amount, name, theirs.amount))
    rows = [
        (name or "Without a vendor", money(mine, currency), money(theirs, currency))
        for mine, name, theirs in sorted(told, key=lambda one: (-one[0], one[1]))
    ]
    heads = ("Vendor", ">This quarter", ">Last quarter")
    return table("vendors", "By vendor", heads, rows, "No spending is in the ledger.")


def _vendor(cell: Cell) -> str:
    return cell.vendor[1] if cell.vendor else ""


def _savings(scope: Scope, currency: str) -> list[dict[str, Any]]:
    found = spend_report.savings(scope.client, by=scope.by, day=scope.last_on)
    rows = access.visible_to(scope.by, Saving).filter(client_id=scope.client.pk)
    ids = [("savings", id) for id in _live(rows).values_list("id", flat=True)]
    return [
        figure(
            f"savings_{step}",
            f"Savings {step}, in a year",
            money(found[step]["amount"], currency),
            amount=found[step]["amount"],
            currency=currency,
            rows=ids,
            summary=step == "realised",
        )
        for step in ("identified", "agreed", "realised")
    ]


def _live(rows: Any) -> Any:
    return rows.exclude(status=SavingStatus.DROPPED).order_by("id")


def _levers(scope: Scope, currency: str) -> dict[str, Any]:
    rows = access.visible_to(scope.by, Saving).filter(client_id=scope.client.pk)
    told = [
        (
            row.title,
            row.get_lever_display(),
            row.get_status_display(),
            money(_amount(row), row.currency),
            day(row.realised_on or row.agreed_on or row.identified_on),
        )
        for row in _live(rows)
    ]
    heads = ("Finding", "Lever", "Status", ">In a year", "Since")
    return table("levers", "What can be saved", heads, told, "No savings are on record.")


def _amount(row: Saving) -> Decimal:
    for amount in (row.realised_amount, row.agreed_amount):
        if amount is not None:
            return amount
    return row.identified_amount


def _trend(scope: Scope, cells: list[Cell], currency: str) -> dict[str, Any]:
    points: list[tuple[str, Decimal | int]] = [
        (one.name, spend_report.total(_of(cells, one)).amount) for one in scope.trend()
    ]
    return chart("trend", "AI spend by quarter", "bars", currency, {"Spend": points})


def _signed(amount: Decimal, currency: str) -> str:
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"


def _left_out(sums: dict[str, Decimal]) -> str:
    """What no recorded rate covers is said beside the sum, never guessed into it."""
    if not sums:
        return ""
    said = ", ".join(money(sums[name], name) for name in sorted(sums))
    return f"Not in the sum, for want of a recorded rate: {said}."


READINGS["spend"] = spend
