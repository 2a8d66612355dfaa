"""The figures of AI spend in a board report: this quarter against the last and against what contracts commit to."""

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from assessments import spend_report
from assessments.models import Lever, Saving, SavingStatus, SpendLine, VendorContract
from assessments.spend_report import Cell
from deliverables.board_figures import (
    READINGS,
    Filled,
    Rows,
    chart,
    day,
    figure,
    money,
    of,
    table,
)
from deliverables.board_scope import TREND, Scope
from practice import access
from practice.quarters import Quarter

QUARTERS = 4
STEPS = ("identified", "agreed", "realised")
# Of each line of the ledger: its id, its month and the vendor's name.
Lines = list[tuple[UUID, datetime.date, str]]


def spend(scope: Scope) -> Filled:
    currency = scope.client.currency
    oldest = scope.back(TREND - 1)
    cells = spend_report.between(
        scope.client, first_on=oldest.starts_on, last_on=scope.quarter.ends_on, by=scope.by
    )
    now, last = _of(cells, scope.quarter), _of(cells, scope.before)
    lines, live = _lines(scope), _live(scope)
    saved = spend_report.savings(scope.client, by=scope.by, day=scope.last_on)
    return {
        "figures": [
            *_spent(scope, now, last, lines, currency),
            *_savings(scope, saved, live, currency),
        ],
        "tables": [
            _by_vendor(now, last, lines, currency),
            _by_lever(saved, live, currency),
            _found(scope, live),
        ],
        "charts": [_trend(scope, cells, currency)],
    }


def _spent(
    scope: Scope, now: list[Cell], last: list[Cell], lines: Lines, currency: str
) -> list[dict[str, Any]]:
    """Against the last quarter, and against a quarter of what contracts commit to."""
    spent, before = spend_report.total(now), spend_report.total(last)
    planned = spend_report.contracted(scope.client, by=scope.by, day=scope.last_on)
    plan = (planned["amount"] / QUARTERS).quantize(Decimal("0.01"))
    mine = _named(lines, scope.quarter)
    contracts = _contracts(scope)
    return [
        figure(
            "spent",
            "AI spend this quarter",
            money(spent.amount, currency),
            amount=spent.amount,
            currency=currency,
            before=money(before.amount, currency),
            note=_left_out(spent.left_out),
            rows=mine,
            summary=True,
        ),
        figure(
            "change",
            "Against last quarter",
            _signed(spent.amount - before.amount, currency),
            amount=spent.amount - before.amount,
            currency=currency,
            rows=[*mine, *_named(lines, scope.before)],
        ),
        figure(
            "plan",
            "A quarter of what contracts commit to",
            money(plan, currency),
            amount=plan,
            currency=currency,
            note=_left_out({one["currency"]: one["amount"] for one in planned["left_out"]}),
            rows=contracts,
        ),
        figure(
            "against_plan",
            "Against that plan",
            _signed(spent.amount - plan, currency),
            amount=spent.amount - plan,
            currency=currency,
            rows=[*mine, *contracts],
        ),
    ]


def _of(cells: list[Cell], quarter: Quarter) -> list[Cell]:
    return [cell for cell in cells if quarter.starts_on <= cell.month_on <= quarter.ends_on]


def _lines(scope: Scope) -> Lines:
    """Those of this quarter and of the last."""
    lines = access.visible_to(scope.by, SpendLine).filter(
        client_id=scope.client.pk,
        month_on__range=(scope.before.starts_on, scope.quarter.ends_on),
    )
    found = lines.order_by("id").values_list("id", "month_on", "vendor__name")
    return [(id, month_on, name or "") for id, month_on, name in found]


def _named(lines: Lines, quarter: Quarter, vendor: str | None = None) -> Rows:
    return [
        ("spend-lines", id)
        for id, month_on, name in lines
        if quarter.starts_on <= month_on <= quarter.ends_on and vendor in (None, name)
    ]


def _contracts(scope: Scope) -> Rows:
    rows = access.visible_to(scope.by, VendorContract).filter(
        spend_report.under_way(scope.last_on),
        client_id=scope.client.pk,
        annual_spend__isnull=False,
    )
    return [("vendor-contracts", id) for id in rows.order_by("id").values_list("id", flat=True)]


def _by_vendor(now: list[Cell], last: list[Cell], lines: Lines, currency: str) -> dict[str, Any]:
    names = sorted({_vendor(cell) for cell in (*now, *last)})
    told = []
    for name in names:
        mine = spend_report.total(cell for cell in now if _vendor(cell) == name)
        theirs = spend_report.total(cell for cell in last if _vendor(cell) == name)
        told.append((mine.amount, name, theirs.amount))
    told.sort(key=lambda one: (-one[0], one[1]))
    rows = [
        (name or "Without a vendor", money(mine, currency), money(theirs, currency))
        for mine, name, theirs in told
    ]
    heads = ("Vendor", ">This quarter", ">Last quarter")
    made_of = [
        [("spend-lines", id) for id, _, vendor in lines if vendor == name] for _, name, _ in told
    ]
    none = "No spending is in the ledger."
    return table("vendors", "By vendor", heads, rows, none, made_of=made_of)


def _vendor(cell: Cell) -> str:
    return cell.vendor[1] if cell.vendor else ""


def _savings(
    scope: Scope, found: dict[str, Any], rows: list[Saving], currency: str
) -> list[dict[str, Any]]:
    return [
        figure(
            f"savings_{step}",
            f"Savings {step}, in a year",
            money(found[step]["amount"], currency),
            amount=found[step]["amount"],
            currency=currency,
            note=_left_out({one["currency"]: one["amount"] for one in found[step]["left_out"]}),
            rows=of("savings", [row for row in rows if _on(row, step, scope)]),
        )
        for step in STEPS
    ]


def _live(scope: Scope) -> list[Saving]:
    """Found by the quarter's last day, without what was dropped."""
    rows = access.visible_to(scope.by, Saving).filter(
        client_id=scope.client.pk, identified_on__lte=scope.last_on
    )
    return list(rows.exclude(status=SavingStatus.DROPPED).order_by("id"))


def _on(row: Saving, step: str, scope: Scope) -> datetime.date | None:
    """The day of a step, where it was taken by the quarter's last day."""
    day: datetime.date | None = getattr(row, f"{step}_on")
    return day if day and day <= scope.last_on else None


def _by_lever(saved: dict[str, Any], rows: list[Saving], currency: str) -> dict[str, Any]:
    found = saved["levers"]
    told = [
        (Lever(one["lever"]).label, *(money(one[step]["amount"], currency) for step in STEPS))
        for one in found
    ]
    made_of = [of("savings", [row for row in rows if row.lever == one["lever"]]) for one in found]
    heads = ("Lever", ">Identified", ">Agreed", ">Realised")
    title = "Savings by lever, in a year"
    return table("by_lever", title, heads, told, "No savings are on record.", made_of=made_of)


def _found(scope: Scope, rows: list[Saving]) -> dict[str, Any]:
    told = []
    for row in rows:
        step = next(step for step in reversed(STEPS) if _on(row, step, scope))
        amount = getattr(row, f"{step}_amount")
        told.append(
            (
                row.title,
                row.get_lever_display(),
                SavingStatus(step).label,
                money(amount, row.currency),
                day(_on(row, step, scope)),
            )
        )
    heads = ("Finding", "Lever", "Status", ">In a year", ">Since")
    none = "No savings are on record."
    made_of = [of("savings", [row]) for row in rows]
    return table("levers", "What can be saved", heads, told, none, made_of=made_of)


def _trend(scope: Scope, cells: list[Cell], currency: str) -> dict[str, Any]:
    points: list[tuple[str, Decimal | int]] = [
        (one.name, spend_report.total(_of(cells, one)).amount) for one in scope.trend
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
