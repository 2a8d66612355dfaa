"""What a board report shows of the roadmap: initiatives and their milestones, every postponement, and the metrics."""

import datetime
from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from assessments import metrics, outlook
from assessments.models import Initiative, InitiativeStatus, Milestone, Postponement
from assessments.models.work import LIVE
from deliverables.board_figures import Filled, day, figure, join, of, table
from deliverables.board_scope import Scope
from practice import access
from practice.models.people import Hat
from practice.quarters import Quarter

S = InitiativeStatus
NEXT_DAYS = 92
Steps = dict[UUID, list[Milestone]]


def roadmap(scope: Scope) -> Filled:
    initiatives, steps = _initiatives(scope), _milestones(scope)
    return join(
        _initiatives_told(scope, initiatives, steps),
        _milestones_told(scope, initiatives, steps),
        _postponed(scope),
        _metrics(scope),
    )


def _initiatives(scope: Scope) -> list[Initiative]:
    rows = access.visible_to(scope.by, Initiative).filter(client_id=scope.client.pk)
    return list(rows.order_by("title", "id"))


def _milestones(scope: Scope) -> Steps:
    """By initiative, as planned when the quarter closed; what is said to be reached counts on the day it was."""
    rows = list(
        access.visible_to(scope.by, Milestone)
        .filter(client_id=scope.client.pk)
        .order_by("planned_on", "id")
    )
    found: Steps = defaultdict(list)
    reached = {row.pk: row.done_on for row in rows}
    for row in scope.known(rows, scope.quarter):
        done_on = reached[row.pk]
        row.done_on = done_on if done_on and done_on <= scope.last_on else None
        if row.dropped_on is None:
            found[row.initiative_id].append(row)
    return found


def _shown(scope: Scope, rows: list[Initiative], quarter: Quarter) -> list[Initiative]:
    """On the table when a quarter closed, or finished in it."""
    return [
        row
        for row in scope.known(rows, quarter)
        if row.status in LIVE
        or (row.status == S.DONE and row.done_on and row.done_on >= quarter.starts_on)
    ]


def _reached(steps: list[Milestone], quarter: Quarter) -> list[Milestone]:
    return [
        one for one in steps if one.done_on and quarter.starts_on <= one.done_on <= quarter.ends_on
    ]


def _late(scope: Scope, steps: list[Milestone]) -> list[Milestone]:
    return [one for one in steps if not one.done_on and one.planned_on < scope.overdue_before]


def _next(scope: Scope, steps: list[Milestone]) -> list[Milestone]:
    return [one for one in steps if not one.done_on and one.planned_on >= scope.overdue_before]


def _initiatives_told(scope: Scope, rows: list[Initiative], steps: Steps) -> Filled:
    now = _shown(scope, rows, scope.quarter)
    before = _shown(scope, rows, scope.before)
    of_status = {status: [row for row in now if row.status == status] for status in (*LIVE, S.DONE)}
    under_way = of_status[S.UNDER_WAY]
    others = [
        f"{len(found)} {S(status).label.lower()}"
        for status, found in of_status.items()
        if found and status != S.UNDER_WAY
    ]
    figures = [
        figure(
            "initiatives",
            "Initiatives under way",
            str(len(under_way)),
            before=str(sum(row.status == S.UNDER_WAY for row in before)),
            note=f"Besides: {', '.join(others)}." if others else "",
            rows=of("initiatives", now),
            summary=True,
        )
    ]
    told, made_of = [], []
    for row in now:
        mine = steps[row.pk]
        ahead = [one.planned_on for one in _next(scope, mine)]
        told.append(
            (
                row.title,
                Hat(row.hat).label,
                row.get_status_display(),
                f"{sum(one.done_on is not None for one in mine)} of {len(mine)}",
                str(len(_late(scope, mine))),
                day(min(ahead, default=None)),
            )
        )
        made_of.append([*of("initiatives", [row]), *of("milestones", mine)])
    heads = ("Initiative", "Hat", "State", ">Reached", ">Late", ">Next on")
    listed = table(
        "initiatives", "Initiatives", heads, told, "No initiative is on record.", made_of=made_of
    )
    return {"figures": figures, "tables": [listed], "charts": []}


def _milestones_told(scope: Scope, rows: list[Initiative], steps: Steps) -> Filled:
    titles = {row.pk: row.title for row in _shown(scope, rows, scope.quarter)}
    kept = [one for id in titles for one in steps[id]]
    reached, late = _reached(kept, scope.quarter), _late(scope, kept)
    until = scope.quarter.ends_on + datetime.timedelta(days=NEXT_DAYS)
    coming = [one for one in _next(scope, kept) if one.planned_on <= until]
    figures = [
        figure(
            "milestones_reached",
            "Milestones reached",
            str(len(reached)),
            before=str(len(_reached(kept, scope.before))),
            rows=of("milestones", reached),
        ),
        figure("milestones_late", "Milestones late", str(len(late)), rows=of("milestones", late)),
        figure(
            "milestones_next", "Milestones next", str(len(coming)), rows=of("milestones", coming)
        ),
    ]
    states = [(reached, "Reached"), (late, "Late"), (coming, "Next")]
    listed = [(one, state) for some, state in states for one in sorted(some, key=_planned)]
    told = [
        (one.title, titles[one.initiative_id], state, day(one.planned_on), day(one.done_on))
        for one, state in listed
    ]
    heads = ("Milestone", "Initiative", "State", ">Planned", ">Reached")
    made_of = [of("milestones", [one]) for one, _ in listed]
    shown = table(
        "milestones",
        "Milestones",
        heads,
        told,
        "None was reached, is late or comes next.",
        made_of=made_of,
    )
    return {"figures": figures, "tables": [shown], "charts": []}


def _planned(one: Milestone) -> tuple[datetime.date, UUID]:
    return one.planned_on, one.pk


def _postponed(scope: Scope) -> Filled:
    """Every time that a milestone was put off, with the reason that was given."""
    rows = (
        access.visible_to(scope.by, Postponement)
        .filter(client_id=scope.client.pk)
        .select_related("milestone__initiative")
        .order_by("created_at", "id")
    )
    by_quarter: dict[bool, list[Postponement]] = {True: [], False: []}
    for row in rows:
        on = scope.on(row.created_at)
        if scope.before.starts_on <= on <= scope.last_on:
            by_quarter[on >= scope.quarter.starts_on].append(row)
    mine = by_quarter[True]
    told = [
        (
            row.milestone.title,
            row.milestone.initiative.title,
            day(row.from_on),
            day(row.to_on),
            f"{row.get_reason_display()}: {row.words}",
        )
        for row in mine
    ]
    heads = ("Milestone", "Initiative", ">From", ">To", "Why")
    made_of = [of("postponements", [row]) for row in mine]
    return {
        "figures": [
            figure(
                "postponed",
                "Postponements",
                str(len(mine)),
                before=str(len(by_quarter[False])),
                rows=of("postponements", mine),
            )
        ],
        "tables": [
            table("postponed", "Milestones put off", heads, told, "None was.", made_of=made_of)
        ],
        "charts": [],
    }


def _metrics(scope: Scope) -> Filled:
    """What is followed: its last value in the quarter, the one before the quarter, and what it should be."""
    readings = metrics.values_in(scope.client, scope.quarter)
    judged = [one for one in readings if one.on_target is not None]
    met = [one for one in judged if one.on_target]
    told = [
        (
            one.name,
            outlook.said(one.value, one.unit, one.currency),
            outlook.said(one.before, one.unit, one.currency),
            _target(one),
            {True: "Met", False: "Not met", None: ""}[one.on_target],
        )
        for one in readings
    ]
    heads = ("Metric", ">This quarter", ">Before", ">Target", "Stands")
    return {
        "figures": [
            figure(
                "metrics",
                "Metrics on target",
                f"{len(met)} of {len(judged)}",
                note=_without(len(readings) - len(judged)),
                rows=[("metrics", one.id) for one in readings],
            )
        ],
        "tables": [
            table(
                "metrics",
                "Metrics",
                heads,
                told,
                "Nothing is measured yet.",
                made_of=[[("metrics", one.id)] for one in readings],
            )
        ],
        "charts": [],
    }


def _target(one: metrics.Reading) -> str:
    if one.target is None:
        return ""
    least = "at least" if one.direction == "up" else "at most"
    return f"{least} {outlook.said(Decimal(one.target), one.unit, one.currency)}"


def _without(count: int) -> str:
    return f"{count} more without a target or a value." if count else ""
