"""Figures of the AI estate as pictures: widths and marks of a hundred, as text: no comma of anybody's language."""

import datetime
import math
from decimal import Decimal
from typing import Any

# The axis's ends. Between them equal widths are equal factors, or one million would touch two.
LEAST, MOST = 100_000, 20_000_000


def axis(told: dict[str, Any]) -> dict[str, Any]:
    """Where spending and forecast lie among the marks."""
    marks = [(_x(mark["amount"]), f"{mark['amount'] // 1_000_000} M") for mark in told["marks"]]
    return {"spent": _x(told["spent"]), "forecast": _x(told["forecast"]), "marks": marks}


def _x(amount: Any) -> str:
    if amount is None or amount <= LEAST:
        return "0"
    return f"{min(math.log(float(amount) / LEAST) / math.log(MOST / LEAST), 1) * 100:.2f}"


# In the picture of months: its height in its own units, how many vendors have a shade of their own, and how far above
# the highest month a mark still shows.
HEIGHT, SHADES, ABOVE = 40, 4, Decimal("1.5")
OTHERS, NOBODY = "Others", "No vendor named"


def months(
    told: dict[datetime.date, dict[str, Decimal]], marks: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """A bar for each month, a part for each vendor, and a line where a year of such months would reach a mark.

    Credits lower a vendor's part, to nothing at most.
    """
    totals: dict[str, Decimal] = {}
    for of_month in told.values():
        for name, amount in of_month.items():
            totals[name] = totals.get(name, Decimal(0)) + amount
    named = sorted(totals, key=lambda name: (-totals[name], name))[:SHADES]
    highest = max((_height(of_month) for of_month in told.values()), default=Decimal(0))
    if highest <= 0:
        return None
    lines = [(mark["amount"] / Decimal(12), mark["amount"]) for mark in marks]
    lines = [line for line in lines if line[0] <= highest * ABOVE]
    top = max([highest, *(height for height, _ in lines)])
    width = Decimal(100) / len(told)
    return {
        "height": HEIGHT,
        "key": [name or NOBODY for name in named] + [OTHERS] * (len(totals) > len(named)),
        "months": [
            {
                "x": f"{width * place + width / 10:.2f}",
                "width": f"{width * 8 / 10:.2f}",
                "middle": f"{width * place + width / 2:.2f}",
                "label": f"{month:%b}" if place % 2 == 0 or len(told) <= SHADES * 2 else "",
                "parts": _parts(of_month, named, top),
            }
            for place, (month, of_month) in enumerate(told.items())
        ],
        "lines": [
            {"y": _y(height, top), "label": f"{amount // 1_000_000} M"} for height, amount in lines
        ],
    }


def _parts(of_month: dict[str, Decimal], named: list[str], top: Decimal) -> list[dict[str, Any]]:
    amounts = [of_month.get(name, Decimal(0)) for name in named]
    amounts.append(sum((a for n, a in of_month.items() if n not in named), Decimal(0)))
    found, below = [], Decimal(0)
    for shade, amount in enumerate(amounts):
        if amount > 0:
            below += amount
            tall = f"{amount / top * HEIGHT:.2f}"
            found.append({"shade": shade, "y": _y(below, top), "height": tall})
    return found


def _height(of_month: dict[str, Decimal]) -> Decimal:
    return sum((amount for amount in of_month.values() if amount > 0), Decimal(0))


def _y(height: Decimal, top: Decimal) -> str:
    return f"{HEIGHT - height / top * HEIGHT:.2f}"
