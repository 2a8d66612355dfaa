"""What a board report shows of risk: where the company stands, what the radar saw, and what must be kept ahead."""

import datetime

from django.db.models import Q

from deliverables import board_posture, board_risks, board_systems
from deliverables.board_figures import READINGS, Filled, day, figure, join, of, table
from deliverables.board_posture import Measure
from deliverables.board_scope import Scope
from engagements import watched
from engagements.models import Finding
from practice import access, agenda_rules
from practice.models import AgendaEntry
from practice.quarters import end_of_day, local_day

AHEAD = datetime.timedelta(days=180)


def risk(scope: Scope) -> Filled:
    """The statement first: it is computed from what follows it."""
    rows = board_systems.all_of(scope)
    now, before = (board_systems.running(scope, rows, one) for one in (scope.quarter, scope.before))
    parts: list[Filled] = []
    measures: list[Measure] = []
    for filled, measured in (
        board_risks.risks(scope),
        board_risks.happened(scope),
        board_risks.answered_for(scope, now, before),
        _radar(scope),
    ):
        parts.append(filled)
        measures += measured
    word, why = board_posture.judged(measures, compares=scope.compares)
    stated = figure("posture", "Risk posture", word, note=why, summary=True)
    # It rests on the rows of all the figures that it is computed from.
    rested = {
        (row["kind"], row["id"]): row
        for one in join(*parts)["figures"]
        for row in one["rows"]
        if one["key"] not in board_risks.BESIDE
    }
    stated["rows"] = list(rested.values())
    return join({"figures": [stated], "tables": [], "charts": []}, *parts)


def _radar(scope: Scope) -> tuple[Filled, list[Measure]]:
    """Which failures it showed in the quarter, by their names: what it says of them stays with the practice."""
    zone = scope.client.time_zone
    rows = access.visible_to(scope.by, Finding).filter(engagement=scope.engagement)
    shown = [
        row
        for row in rows.order_by("code", "id")
        if local_day(row.raised_at, zone) <= scope.last_on
        and (row.cleared_at is None or local_day(row.cleared_at, zone) >= scope.quarter.starts_on)
    ]
    open_ = [row for row in shown if _is_open(row, scope)]
    new = [row for row in shown if local_day(row.raised_at, zone) >= scope.quarter.starts_on]
    heads = ("Failure", "Seen since", "Now")
    told = [
        (
            _name(row.code),
            day(local_day(row.raised_at, zone)),
            "Still there" if _is_open(row, scope) else "Gone",
        )
        for row in shown
    ]
    was_open = [row for row in shown if local_day(row.raised_at, zone) < scope.quarter.starts_on]
    measured = Measure("failure modes on the radar", len(open_), len(was_open))
    made_of = [of("radar-findings", [row]) for row in shown]
    none = "The radar showed nothing."
    return {
        "figures": [
            figure(
                "radar",
                "Failure modes on the radar",
                str(len(open_)),
                before=str(len(was_open)),
                note=f"{len(new)} of them new this quarter." if new else "",
                rows=of("radar-findings", shown),
            )
        ],
        "tables": [table("radar", "On the radar", heads, told, none, made_of=made_of)],
        "charts": [],
    }, [measured]


def _is_open(row: Finding, scope: Scope) -> bool:
    zone = scope.client.time_zone
    return row.cleared_at is None or local_day(row.cleared_at, zone) > scope.last_on


def _name(code: str) -> str:
    modes = watched.failures()
    return modes[code].name if code in modes else code


def obligations(scope: Scope) -> Filled:
    """Dates of the client's own in the half year after the quarter's last day, or after today while it goes on. What was
    settled since then was still ahead."""
    after = end_of_day(scope.last_on, scope.client.time_zone)
    still = Q(status=AgendaEntry.Status.OPEN) | Q(changed_at__gt=after)
    rows = list(
        access.visible_to(scope.by, AgendaEntry)
        .filter(
            still,
            client_id=scope.client.pk,
            kind__in=agenda_rules.obligations(),
            created_at__lte=after,
            due_at__gt=after,
            due_at__lte=after + AHEAD,
        )
        .exclude(status=AgendaEntry.Status.CANCELLED)
        .order_by("due_at", "id")
    )
    # The board reads all these registers, so it reads what each one is, not its kind alone.
    told = [(day(local_day(row.due_at, row.time_zone)), row.title) for row in rows]
    made_of = [of("agenda", [row]) for row in rows]
    return {
        "figures": [
            figure(
                "ahead",
                "Obligations in the next 180 days",
                str(len(rows)),
                rows=of("agenda", rows),
                summary=True,
            )
        ],
        "tables": [
            table(
                "ahead",
                "What comes",
                ("By", "What"),
                told,
                "None are on the agenda.",
                made_of=made_of,
            )
        ],
        "charts": [],
    }


READINGS["risk"] = risk
READINGS["obligations"] = obligations
