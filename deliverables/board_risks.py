"""What a board report shows of risk: the register by band and status, the heaviest risks, incidents, and who answers."""

from typing import Any

from assessments import incidents, work_book
from assessments.models import Incident, Risk, RiskStatus, Severity, System
from deliverables.board_figures import Filled, chart, day, figure, of, table
from deliverables.board_posture import Measure
from deliverables.board_scope import Scope
from practice import access, events
from practice.models import Contact
from practice.quarters import Quarter

S = RiskStatus
HEAVIEST = 10
# Told with the risks, and no measure of the posture.
BESIDE = ("customer_facing",)
# Kept on one line.
TIMES = "\u00a0×\u00a0"
NAMED_THEN = "Somebody else"


def risks(scope: Scope) -> tuple[Filled, list[Measure]]:
    """What is shown, and what of it the posture is measured by: the weightiest first."""
    rows = _rows(scope)
    now, before = scope.known(rows, scope.quarter), scope.known(rows, scope.before)
    going, went = _going(now), _going(before)
    filled = {
        "figures": [*_by_status(scope, now, before), _overdue(scope, going)],
        "tables": [_bands(going, went), _heaviest(scope, going)],
        "charts": [_trend(scope, rows)],
    }
    measures = [
        Measure(
            f"risks rated {band.label.lower()}",
            sum(_band(row) == band.key for row in going),
            sum(_band(row) == band.key for row in went),
        )
        for band in reversed(work_book.risks().bands[1:])
    ]
    return filled, measures


def _rows(scope: Scope) -> list[Risk]:
    rows = access.visible_to(scope.by, Risk).filter(client_id=scope.client.pk)
    return list(rows.order_by("title", "id"))


def _going(rows: list[Risk]) -> list[Risk]:
    return [row for row in rows if row.status != S.CLOSED]


def _band(row: Risk) -> str:
    return work_book.risks().band(row.weight).key


def _by_status(scope: Scope, now: list[Risk], before: list[Risk]) -> list[dict[str, Any]]:
    figures = []
    for status, label in ((S.OPEN, "Open risks"), (S.ACCEPTED, "Accepted risks")):
        mine = [row for row in now if row.status == status]
        figures.append(
            figure(
                f"risks_{status}",
                label,
                str(len(mine)),
                before=str(sum(row.status == status for row in before)),
                rows=of("risks", mine),
            )
        )
    closed = [row for row in now if _closed_in(scope, row, scope.quarter)]
    earlier = [row for row in before if _closed_in(scope, row, scope.before)]
    closing = figure(
        "risks_closed",
        "Risks closed this quarter",
        str(len(closed)),
        before=str(len(earlier)),
        rows=of("risks", closed),
    )
    return [*figures, closing]


def _closed_in(scope: Scope, row: Risk, quarter: Quarter) -> bool:
    return row.status == S.CLOSED and quarter.starts_on <= scope.on(row.status_at)


def _overdue(scope: Scope, going: list[Risk]) -> dict[str, Any]:
    late = [row for row in going if row.review_on < scope.overdue_before]
    return figure(
        "risks_overdue", "Risks to be looked at again", str(len(late)), rows=of("risks", late)
    )


def _bands(going: list[Risk], went: list[Risk]) -> dict[str, Any]:
    told, made_of = [], []
    for band in reversed(work_book.risks().bands):
        mine = [row for row in going if _band(row) == band.key]
        theirs = sum(_band(row) == band.key for row in went)
        told.append((band.label, str(len(mine)), str(theirs)))
        made_of.append(of("risks", mine))
    heads = ("Rated", ">This quarter", ">Last quarter")
    none = "No risk is on record."
    return table("risk_bands", "Risks by weight", heads, told, none, made_of=made_of)


def _heaviest(scope: Scope, going: list[Risk]) -> dict[str, Any]:
    contacts = access.visible_to(scope.by, Contact).filter(client_id=scope.client.pk)
    names = dict(contacts.values_list("pk", "name"))
    book = work_book.risks()
    shown = sorted(going, key=lambda row: (-row.weight, row.title, row.pk))[:HEAVIEST]
    told = [
        (
            row.title,
            f"{book.band(row.weight).label}, {row.likelihood}{TIMES}{row.impact}",
            row.get_treatment_display(),
            _owner(row, names),
            row.get_status_display(),
            day(row.review_on),
        )
        for row in shown
    ]
    heads = ("Risk", "Rated", "Treatment", "Owner", "Status", ">Next look")
    title = "The heaviest risks" if len(going) > HEAVIEST else "Open and accepted risks"
    made_of = [of("risks", [row]) for row in shown]
    return table("risks", title, heads, told, "No risk is on record.", made_of=made_of)


def _owner(row: Risk, names: dict[Any, str]) -> str:
    if row.owner_name == events.PERSONAL:
        # The log names no persons: it knows that there was one.
        return NAMED_THEN
    return names.get(row.owner_id, row.owner_name) or "Nobody"


def _trend(scope: Scope, rows: list[Risk]) -> dict[str, Any]:
    every = [(one, _going(scope.known(rows, one))) for one in scope.trend]
    heavy = {band.key for band in work_book.risks().bands[-2:]}
    names = " or ".join(band.label.lower() for band in work_book.risks().bands[-2:])
    return chart(
        "risks_trend",
        "Open and accepted risks by quarter",
        "line",
        "",
        {
            "All": [(one.name, len(found)) for one, found in every],
            f"Rated {names}": [
                (one.name, sum(_band(row) in heavy for row in found)) for one, found in every
            ],
        },
    )


def happened(scope: Scope) -> tuple[Filled, list[Measure]]:
    """Incidents found in the quarter, and what was not closed at its end."""
    now = incidents.in_quarter(scope.client, scope.quarter)
    before = incidents.in_quarter(scope.client, scope.before)
    found, carried = now.found, now.carried
    told_of = [*found, *(one for one in carried if one not in found)]
    severities = [(Severity(value).label, count) for value, count in now.by_severity.items()]
    notes = [f"{count} {label.lower()}" for label, count in severities if count]
    serious = len(now.serious)
    if serious:
        notes.append(f"{serious} of them may have to be reported: ask counsel")
    figures = [
        figure(
            "incidents",
            "Incidents this quarter",
            str(len(found)),
            before=str(len(before.found)),
            note=", ".join(notes),
            rows=of("incidents", found),
            summary=True,
        ),
        figure(
            "incidents_open",
            "Incidents not closed",
            str(len(carried)),
            before=str(len(before.carried)),
            rows=of("incidents", carried),
        ),
    ]
    told = [
        (
            one.title,
            one.system.name,
            one.get_severity_display(),
            day(scope.on(one.found_at)),
            _state(scope, one),
        )
        for one in told_of
    ]
    heads = ("Incident", "System", "Severity", ">Found", "State")
    made_of = [of("incidents", [one]) for one in told_of]
    listed = table("incidents", "Incidents", heads, told, "Nothing happened.", made_of=made_of)
    measures = [
        Measure("incidents that were not closed", len(carried), len(before.carried)),
        Measure("incidents found", len(found), len(before.found)),
    ]
    return {"figures": figures, "tables": [listed], "charts": []}, measures


def _state(scope: Scope, one: Incident) -> str:
    """As the quarter closed."""
    at = scope.close(scope.quarter)
    if one.closed_at is not None and one.closed_at <= at:
        return "Closed"
    return "Contained" if one.contained_at is not None and one.contained_at <= at else "Open"


def answered_for(
    scope: Scope, now: list[System], before: list[System]
) -> tuple[Filled, list[Measure]]:
    """Systems that nobody answers for, and those that face customers."""
    unowned = [row for row in now if not row.has_risk_owner]
    facing = [row for row in now if row.customer_facing and row.in_production]
    was = sum(not row.has_risk_owner for row in before)
    figures = [
        figure(
            "unowned",
            "Systems without a risk owner",
            str(len(unowned)),
            before=str(was),
            rows=of("systems", unowned),
        ),
        figure(
            "customer_facing",
            "Systems that face customers",
            str(len(facing)),
            before=str(sum(row.customer_facing and row.in_production for row in before)),
            rows=of("systems", facing),
        ),
    ]
    told = [(row.name, row.get_kind_display(), row.get_status_display()) for row in unowned]
    listed = table(
        "unowned",
        "Systems without a risk owner",
        ("System", "Kind", "Status"),
        told,
        "Every system has somebody who answers for its risk.",
        made_of=[of("systems", [row]) for row in unowned],
    )
    return {"figures": figures, "tables": [listed], "charts": []}, [
        Measure("systems without a risk owner", len(unowned), was)
    ]
