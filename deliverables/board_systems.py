"""What a board report shows of the AI systems: by class and by status, what came, went or moved, and quarter by quarter."""

import datetime
from collections.abc import Callable
from typing import Any

from assessments.models import System, SystemStatus, Tier
from deliverables.board_figures import Filled, chart, day, figure, of, table
from deliverables.board_scope import Scope
from practice import access
from practice.quarters import Quarter

GONE = SystemStatus.RETIRED
UNCLASSIFIED = "Not classified yet"
TIERS = {**dict(Tier.choices), "": UNCLASSIFIED}


def systems(scope: Scope) -> Filled:
    rows = all_of(scope)
    now, before = running(scope, rows, scope.quarter), running(scope, rows, scope.before)
    live = [row for row in now if row.in_production]
    lived = [row for row in before if row.in_production]
    unclassified = [row for row in now if not row.tier]
    figures = [
        figure(
            "systems",
            "AI systems in the inventory",
            str(len(now)),
            before=str(len(before)),
            note=_told(now, SystemStatus.choices, lambda row: row.status),
            rows=of("systems", now),
            summary=True,
        ),
        figure(
            "systems_in_production",
            "Of these in production",
            str(len(live)),
            before=str(len(lived)),
            rows=of("systems", live),
        ),
        figure(
            "high_risk",
            "High-risk systems under the EU AI Act",
            str(sum(row.tier == Tier.HIGH_RISK for row in now)),
            before=str(sum(row.tier == Tier.HIGH_RISK for row in before)),
            rows=of("systems", [row for row in now if row.tier == Tier.HIGH_RISK]),
        ),
        figure(
            "unclassified",
            "Systems not classified yet",
            str(len(unclassified)),
            before=str(sum(not row.tier for row in before)),
            rows=of("systems", unclassified),
        ),
    ]
    by_tier = _by("tiers", "Systems by class", "Class", now, before, TIERS, lambda row: row.tier)
    statuses = dict(SystemStatus.choices)
    by_status = _by(
        "statuses", "Systems by status", "Status", now, before, statuses, lambda row: row.status
    )
    return {
        "figures": figures,
        "tables": [by_tier, by_status, _changes(scope, rows)],
        "charts": [_trend(scope, rows)],
    }


def all_of(scope: Scope) -> list[System]:
    """Found by the last day of the quarter, whenever that was put down."""
    rows = access.visible_to(scope.by, System).filter(
        client_id=scope.client.pk, discovered_on__lte=scope.last_on
    )
    return list(rows.order_by("name", "id"))


def running(scope: Scope, rows: list[System], quarter: Quarter) -> list[System]:
    """As they were when a quarter closed, without what was found later or retired by then."""
    then = scope.was([row for row in rows if row.discovered_on <= quarter.ends_on], quarter)
    return [row for row in then if row.status != GONE]


def _told(rows: list[System], choices: Any, key: Callable[[System], str]) -> str:
    counts = [(label, sum(key(row) == value for row in rows)) for value, label in choices]
    return ", ".join(f"{count} {label.lower()}" for label, count in counts if count)


def _by(
    name: str,
    title: str,
    head: str,
    now: list[System],
    before: list[System],
    labels: dict[str, str],
    key: Callable[[System], str],
) -> dict[str, Any]:
    """One line for each value that there is or was."""
    told, made_of = [], []
    for value, label in labels.items():
        mine = [row for row in now if key(row) == value]
        theirs = [row for row in before if key(row) == value]
        if mine or theirs:
            told.append((label, str(len(mine)), str(len(theirs))))
            made_of.append(of("systems", mine))
    heads = (head, ">This quarter", ">Last quarter")
    return table(name, title, heads, told, "No system is in the inventory.", made_of=made_of)


def _changes(scope: Scope, rows: list[System]) -> dict[str, Any]:
    """What came, left, went a step on in its life, or is of another class than when the last quarter closed."""
    at = scope.close(scope.quarter)
    told, made_of = [], []
    for row in rows:
        now, then = scope.past.was(row, at), scope.past.was(row, scope.close(scope.before))
        if row.discovered_on >= scope.quarter.starts_on:
            changes: list[tuple[str, datetime.date | None]] = [("New", row.discovered_on)]
        else:
            changes = _moves(scope, now, then)
        for what, on in changes:
            told.append((row.name, now.get_status_display(), TIERS[now.tier], what, day(on)))
            made_of.append(of("systems", [row]))
    heads = ("System", "Status", "Class", "Change", ">On")
    title = "Systems that came, left or moved"
    return table("systems", title, heads, told, "Nothing changed.", made_of=made_of)


def _moves(scope: Scope, now: System, then: System) -> list[tuple[str, datetime.date | None]]:
    found = []
    if now.status != then.status:
        step = f"{then.get_status_display()} → {now.get_status_display()}"
        found.append(("Left: retired" if now.status == GONE else step, "status"))
    if now.tier != then.tier:
        found.append((f"Class: {TIERS[then.tier]} → {TIERS[now.tier]}", "tier"))
    at = scope.close(scope.quarter)
    moments = [(what, scope.past.moved_at(now, column, at)) for what, column in found]
    return [(what, scope.on(when) if when else None) for what, when in moments]


def _trend(scope: Scope, rows: list[System]) -> dict[str, Any]:
    every = [(one, running(scope, rows, one)) for one in scope.trend]
    return chart(
        "systems_trend",
        "AI systems by quarter",
        "line",
        "",
        {
            "In the inventory": [(one.name, len(found)) for one, found in every],
            "In production": [
                (one.name, sum(row.in_production for row in found)) for one, found in every
            ],
        },
    )
