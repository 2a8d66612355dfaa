"""What the registers say of a quarter: the figures, tables and charts of a board report as of one moment, and which of
them moved since. The readings are in modules of their own, which contributions.py names."""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from deliverables import board_days, board_template, canonical, chain
from deliverables.board_scope import Scope
from deliverables.models import BoardReport, BoardSection
from engagements import stages
from engagements.models import Engagement
from practice import access
from practice.quarters import Quarter

CENT = Decimal("0.01")
Filled = dict[str, list[dict[str, Any]]]
# Rows that a figure was made of: how the API calls their kind (board_rows.py), and their ids.
Rows = Iterable[tuple[str, UUID]]


# By the name that data/board.toml gives them; filled by the modules that read.
READINGS: dict[str, Callable[[Scope], Filled]] = {}


def gather(report: BoardReport, engagement: Engagement, at: datetime.datetime) -> dict[str, Any]:
    """Everything a report can show, as of a moment. Read as the practice: what is in it is for the board."""
    scope = _scope(report, engagement, at)
    own = set(BoardSection.objects.filter(report=report).values_list("key", flat=True))
    filled = {
        key: READINGS[section.fills](scope) if section.fills else empty()
        for key, section in board_template.sections().items()
        if (key in own if own else section.mandatory or section.usual)
    }
    starts_on = engagement.starts_on or scope.quarter.starts_on
    pauses = stages.pauses(engagement)
    notes = board_days.explained(scope.quarter, starts_on, engagement.ended_on, pauses)
    return {"notes": notes, "sections": filled}


def _scope(report: BoardReport, engagement: Engagement, at: datetime.datetime) -> Scope:
    # The quarter keeps its days, also when the client's fiscal year has moved since.
    year, number = report.quarter.removeprefix("FY").split("Q")
    quarter = Quarter(report.starts_on, int(year), int(number))
    return Scope(engagement, quarter, at, access.system(report.practice_id))


def changed(then: dict[str, Any], now: dict[str, Any]) -> dict[str, str]:
    """What is no longer as it was filled in: the hash of what it is now, by its place such as spend/figures/total."""
    before, after = _places(then), _places(now)
    return {
        place: _hash(after.get(place))
        for place in sorted({*before, *after})
        if before.get(place) != after.get(place)
    }


def _places(filled: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"notes": filled.get("notes", [])}
    for key, section in filled.get("sections", {}).items():
        for kind in ("figures", "tables", "charts"):
            for one in section.get(kind, []):
                found[f"{key}/{kind}/{one['key']}"] = one
    return found


def label(place: str, *filled: dict[str, Any]) -> str:
    """How a place is called where people read of it."""
    for one in filled:
        said = _places(one).get(place)
        if isinstance(said, dict):
            return str(said.get("label") or said.get("title"))
    return "What is said of the quarter" if place == "notes" else place


def _hash(value: Any) -> str:
    return chain.sha256(canonical.text(value))


# How the readings say what they found.


def empty() -> Filled:
    return {"figures": [], "tables": [], "charts": []}


def figure(
    key: str,
    label: str,
    value: str,
    *,
    amount: Decimal | None = None,
    currency: str | None = None,
    note: str = "",
    before: str | None = None,
    rows: Rows = (),
    summary: bool = False,
) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "value": value,
        "amount": None if amount is None else f"{amount.quantize(CENT)}",
        "currency": currency,
        "note": note,
        "before": before,
        "rows": _named(rows),
        "summary": summary,
    }


def of(kind: str, rows: Iterable[Any]) -> list[tuple[str, UUID]]:
    return [(kind, row.pk) for row in rows]


def _named(rows: Rows) -> list[dict[str, str]]:
    return [{"kind": kind, "id": str(id)} for kind, id in rows]


def table(
    key: str,
    title: str,
    columns: Iterable[str],
    rows: Iterable[Iterable[str]],
    empty: str,
    *,
    made_of: Iterable[Rows] = (),
) -> dict[str, Any]:
    """`columns` are labels; one that begins with > is aligned to the right. `made_of`: line by line."""
    heads = [
        {"key": str(n), "label": name.lstrip(">"), "align": "right" if name[:1] == ">" else "left"}
        for n, name in enumerate(columns, start=1)
    ]
    return {
        "key": key,
        "title": title,
        "columns": heads,
        "rows": [[str(cell) for cell in row] for row in rows],
        "empty": empty,
        "made_of": [_named(one) for one in made_of],
    }


def join(*some: Filled) -> Filled:
    """Several readings as one section, in their order."""
    return {kind: [one for part in some for one in part[kind]] for kind in empty()}


def chart(
    key: str, title: str, kind: str, unit: str, series: dict[str, list[tuple[str, Decimal | int]]]
) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "kind": kind,
        "unit": unit,
        "series": [
            {"label": name, "points": [{"label": at, "value": str(value)} for at, value in points]}
            for name, points in series.items()
        ],
    }


def money(amount: Decimal, currency: str) -> str:
    return f"{amount.quantize(CENT):,} {currency}"


def day(day: datetime.date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
