"""What a board report shows of progress: deliverables accepted, late and next, and decisions by hat."""

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import Any

from deliverables import board_roadmap, board_systems
from deliverables.board_figures import (
    READINGS,
    Filled,
    chart,
    day,
    figure,
    join,
    money,
    number,
    of,
    table,
)
from deliverables.board_scope import Scope
from deliverables.models import ACCEPTED, BoardAsk, Decision, Deliverable, DeliverableStatus
from deliverables.models.decisions import SETTLED
from practice import access
from practice.models.people import Hat
from practice.quarters import Quarter, local_day

NEXT_DAYS = 92
NO_LONGER_OWED = (*ACCEPTED, DeliverableStatus.REJECTED, DeliverableStatus.DROPPED)


def capability(scope: Scope) -> Filled:
    return join(_owed(scope), board_systems.systems(scope), board_roadmap.roadmap(scope))


def _owed(scope: Scope) -> Filled:
    rows = list(
        access.visible_to(scope.by, Deliverable)
        .filter(engagement=scope.engagement)
        .order_by("due_on", "number")
    )
    rows = [
        row for row in scope.known(rows, scope.quarter) if row.status != DeliverableStatus.DROPPED
    ]
    accepted = _accepted(rows, scope, scope.quarter)
    before = _accepted(rows, scope, scope.before)
    owed = [row for row in rows if row.status not in NO_LONGER_OWED]
    late = [row for row in owed if row.due_on and row.due_on < scope.overdue_before]
    until = scope.quarter.ends_on + datetime.timedelta(days=NEXT_DAYS)
    coming = [row for row in owed if row.due_on and scope.overdue_before <= row.due_on <= until]
    return {
        "figures": [
            _counted("accepted", "Deliverables accepted", accepted, before=str(len(before))),
            _counted("late", "Deliverables late", late),
            _counted("next", "Deliverables next", coming),
        ],
        "tables": [
            _deliverables("accepted", "Deliverables accepted this quarter", accepted, scope),
            _deliverables("late", "Deliverables late", late, scope),
            _deliverables("next", "Deliverables next", coming, scope),
        ],
        "charts": [_trend(rows, scope)],
    }


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
        rows=of("deliverables", rows),
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
    made_of = [of("deliverables", [row]) for row in rows]
    return table(f"deliverables_{key}", title, heads, told, "None.", made_of=made_of)


def _trend(rows: list[Deliverable], scope: Scope) -> dict[str, Any]:
    points: list[tuple[str, Decimal | int]] = [
        (one.name, len(_accepted(rows, scope, one))) for one in scope.trend
    ]
    return chart(
        "accepted_trend", "Deliverables accepted by quarter", "bars", "", {"Accepted": points}
    )


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
            rows=of("decisions", mine),
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
    log = table(
        "decisions",
        "Decided this quarter",
        heads,
        told,
        "No decision was taken.",
        made_of=[of("decisions", [row]) for row in mine],
    )
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
        rows=of("decisions", rows),
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
