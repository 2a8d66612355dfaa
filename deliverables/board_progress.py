"""What a board report shows of progress: deliverables accepted, late and next, decisions by hat, and what runs where."""

import datetime
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from assessments.models import System
from deliverables.board_figures import (
    READINGS,
    Filled,
    Scope,
    chart,
    day,
    figure,
    money,
    number,
    table,
)
from deliverables.models import ACCEPTED, BoardAsk, Decision, Deliverable, DeliverableStatus
from deliverables.models.decisions import SETTLED
from practice import access
from practice.models.people import Hat
from practice.quarters import Quarter, local_day

NEXT_DAYS = 92
NO_LONGER_OWED = (*ACCEPTED, DeliverableStatus.REJECTED, DeliverableStatus.DROPPED)


def capability(scope: Scope) -> Filled:
    rows = list(
        access.visible_to(scope.by, Deliverable)
        .filter(engagement=scope.engagement)
        .exclude(status=DeliverableStatus.DROPPED)
        .order_by("due_on", "number")
    )
    accepted = _accepted(rows, scope, scope.quarter)
    before = _accepted(rows, scope, scope.before)
    late = [row for row in _owed(rows) if row.due_on and row.due_on < scope.last_on]
    until = scope.quarter.ends_on + datetime.timedelta(days=NEXT_DAYS)
    coming = [row for row in _owed(rows) if row.due_on and scope.last_on <= row.due_on <= until]
    figures = [
        _counted("accepted", "Deliverables accepted", accepted, before=str(len(before))),
        _counted("late", "Deliverables late", late),
        _counted("next", "Deliverables next", coming),
    ]
    systems = _systems(scope)
    return {
        "figures": [*figures, *systems["figures"]],
        "tables": [
            _deliverables("accepted", "Accepted this quarter", accepted, scope),
            _deliverables("late", "Late", late, scope),
            _deliverables("next", "Next", coming, scope),
            *systems["tables"],
        ],
        "charts": [_trend(rows, scope)],
    }


def _owed(rows: list[Deliverable]) -> list[Deliverable]:
    return [row for row in rows if row.status not in NO_LONGER_OWED]


def _accepted(rows: list[Deliverable], scope: Scope, quarter: Quarter) -> list[Deliverable]:
    zone = scope.client.time_zone
    return [
        row
        for row in rows
        if row.accepted_at
        and quarter.starts_on <= local_day(row.accepted_at, zone) <= quarter.ends_on
    ]


def _counted(
    key: str, label: str, rows: list[Deliverable], before: str | None = None
) -> dict[str, Any]:
    return figure(
        key,
        label,
        str(len(rows)),
        before=before,
        rows=[("deliverables", row.pk) for row in rows],
        summary=key == "accepted",
    )


def _deliverables(key: str, title: str, rows: list[Deliverable], scope: Scope) -> dict[str, Any]:
    zone = scope.client.time_zone
    told = [
        (
            row.title,
            Hat(row.hat).label,
            row.get_status_display(),
            day(local_day(row.accepted_at, zone))
            if key == "accepted" and row.accepted_at
            else day(row.due_on),
        )
        for row in rows
    ]
    heads = ("Deliverable", "Hat", "Status", "Accepted" if key == "accepted" else "Due")
    return table(f"deliverables_{key}", title, heads, told, "None.")


def _trend(rows: list[Deliverable], scope: Scope) -> dict[str, Any]:
    points: list[tuple[str, Decimal | int]] = [
        (one.name, len(_accepted(rows, scope, one))) for one in scope.trend()
    ]
    return chart(
        "accepted_trend", "Deliverables accepted by quarter", "bars", "", {"Accepted": points}
    )


def _systems(scope: Scope) -> Filled:
    """The inventory by status, and what came or moved since the quarter began."""
    zone = scope.client.time_zone
    rows = list(
        access.visible_to(scope.by, System)
        .filter(client_id=scope.client.pk, discovered_on__lte=scope.last_on)
        .order_by("name", "id")
    )
    new = [row for row in rows if row.discovered_on >= scope.quarter.starts_on]
    moved = [
        row
        for row in rows
        if row not in new
        and scope.quarter.starts_on <= local_day(row.status_at, zone) <= scope.last_on
    ]
    by_status = Counter(row.get_status_display() for row in rows)
    figures = [
        figure(
            "systems",
            "AI systems in the inventory",
            str(len(rows)),
            before=str(len(rows) - len(new)),
            note=", ".join(f"{count} {name.lower()}" for name, count in sorted(by_status.items())),
            rows=[("systems", row.pk) for row in rows],
            summary=True,
        ),
        figure(
            "systems_in_production",
            "Of these in production",
            str(sum(row.in_production for row in rows)),
            rows=[("systems", row.pk) for row in rows if row.in_production],
        ),
    ]
    told = [
        (
            row.name,
            row.get_status_display(),
            "New" if row in new else "Moved",
            day(row.discovered_on if row in new else local_day(row.status_at, zone)),
        )
        for row in [*new, *moved]
    ]
    heads = ("System", "Status", "Change", "On")
    changes = table("systems", "Systems that came or moved", heads, told, "Nothing changed.")
    return {"figures": figures, "tables": [changes], "charts": []}


def decisions(scope: Scope) -> Filled:
    """Decided in the quarter and marked for the client: by hat, with what they commit to, each currency by itself."""
    mine, before = _decided(scope, scope.quarter), _decided(scope, scope.before)
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in mine:
        if row.amount is not None:
            sums[row.hat][row.currency] += row.amount
    figures = [
        figure(
            "decided",
            "Decisions taken",
            str(len(mine)),
            before=str(len(before)),
            rows=[("decisions", row.pk) for row in mine],
            summary=True,
        ),
        *[_of_hat(hat, mine, before, sums[hat]) for hat in _hats(mine, before)],
        _asked(scope),
    ]
    told = [
        (
            str(row.number),
            row.question,
            Hat(row.hat).label,
            row.choice,
            "" if row.amount is None else money(row.amount, row.currency),
        )
        for row in mine
    ]
    heads = (">No.", "Question", "Hat", "Decided", ">Amount")
    log = table("decisions", "Decided this quarter", heads, told, "No decision was taken.")
    return {"figures": figures, "tables": [log], "charts": []}


def _decided(scope: Scope, quarter: Quarter) -> list[Decision]:
    zone = scope.client.time_zone
    rows = access.visible_to(scope.by, Decision).filter(
        engagement=scope.engagement, status__in=SETTLED, client_sees=True
    )
    return [
        row
        for row in rows.order_by("number")
        if row.decided_at
        and quarter.starts_on <= local_day(row.decided_at, zone) <= quarter.ends_on
    ]


def _hats(*rows: list[Decision]) -> list[str]:
    there = {row.hat for some in rows for row in some}
    return [hat for hat in Hat.values if hat in there]


def _of_hat(
    hat: str, mine: list[Decision], before: list[Decision], sums: dict[str, Decimal]
) -> dict[str, Any]:
    rows = [row for row in mine if row.hat == hat]
    told = ", ".join(money(sums[name], name) for name in sorted(sums))
    return figure(
        f"decided_{hat.lower()}",
        f"As {Hat(hat).label}",
        number(len(rows), "decision"),
        note=f"Committing {told}." if told else "",
        before=str(sum(row.hat == hat for row in before)),
        rows=[("decisions", row.pk) for row in rows],
    )


def _asked(scope: Scope) -> dict[str, Any]:
    """Of the report before this one: what the board was asked, and what it answered."""
    rows = BoardAsk.objects.filter(
        engagement=scope.engagement,
        report__starts_on=scope.before.starts_on,
        report__status__in=("issued", "acknowledged"),
    )
    ids = list(rows.order_by("id").values_list("id", flat=True))
    open_ = rows.filter(answers=None).count()
    return figure(
        "asked",
        "Asked of the board last quarter",
        str(len(ids)),
        note=f"{open_} without an answer." if open_ else "",
        rows=[("board-asks", id) for id in ids],
    )


READINGS["capability"] = capability
READINGS["decisions"] = decisions
