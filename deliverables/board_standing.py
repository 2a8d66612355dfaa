"""What a board report shows of risk: where the company stands, what the radar saw, and what must be kept ahead."""

import datetime

from assessments.models import System
from deliverables.board_figures import READINGS, Filled, Scope, day, figure, table
from engagements import watched
from engagements.models import Finding
from practice import access
from practice.models import AgendaEntry
from practice.quarters import end_of_day, local_day

AHEAD = datetime.timedelta(days=180)
# What the client must keep to or renew; what the practice owes the client stands elsewhere in the report.
OBLIGATIONS = (
    "law_date",
    "evidence_expiry",
    "vendor_contract",
    "vendor_notice",
    "vendor_review",
    "eu_milestone",
)


def risk(scope: Scope) -> Filled:
    radar, systems = _radar(scope), _systems(scope)
    return {
        "figures": [*systems["figures"], *radar["figures"]],
        "tables": [*systems["tables"], *radar["tables"]],
        "charts": [],
    }


def _systems(scope: Scope) -> Filled:
    """Systems that nobody answers for, and those whose standing with people's data nobody has looked at."""
    rows = list(
        access.visible_to(scope.by, System)
        .filter(client_id=scope.client.pk, discovered_on__lte=scope.last_on)
        .exclude(status="retired")
        .order_by("name", "id")
    )
    unowned = [row for row in rows if not row.has_risk_owner]
    facing = [row for row in rows if row.customer_facing and row.in_production]
    return {
        "figures": [
            figure(
                "unowned",
                "Systems without a risk owner",
                str(len(unowned)),
                rows=[("systems", row.pk) for row in unowned],
                summary=True,
            ),
            figure(
                "customer_facing",
                "Systems that face customers",
                str(len(facing)),
                rows=[("systems", row.pk) for row in facing],
            ),
        ],
        "tables": [
            table(
                "unowned",
                "Systems without a risk owner",
                ("System", "Kind", "Status"),
                [(row.name, row.get_kind_display(), row.get_status_display()) for row in unowned],
                "Every system has somebody who answers for its risk.",
            )
        ],
        "charts": [],
    }


def _radar(scope: Scope) -> Filled:
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
    return {
        "figures": [
            figure(
                "radar",
                "Failure modes on the radar",
                str(len(open_)),
                before=str(len(shown) - len(new)),
                note=f"{len(new)} of them new this quarter." if new else "",
                rows=[("radar-findings", row.pk) for row in shown],
            )
        ],
        "tables": [table("radar", "On the radar", heads, told, "The radar showed nothing.")],
        "charts": [],
    }


def _is_open(row: Finding, scope: Scope) -> bool:
    zone = scope.client.time_zone
    return row.cleared_at is None or local_day(row.cleared_at, zone) > scope.last_on


def _name(code: str) -> str:
    modes = watched.failures()
    return modes[code].name if code in modes else code


def obligations(scope: Scope) -> Filled:
    """Dates of the client's own in the half year after the quarter's last day, or after today while it goes on."""
    zone = scope.client.time_zone
    after = end_of_day(scope.last_on, zone)
    rows = list(
        access.visible_to(scope.by, AgendaEntry)
        .filter(
            client_id=scope.client.pk,
            kind__in=OBLIGATIONS,
            status=AgendaEntry.Status.OPEN,
            due_at__gt=after,
            due_at__lte=after + AHEAD,
        )
        .order_by("due_at", "id")
    )
    told = [(day(local_day(row.due_at, row.time_zone)), row.client_title) for row in rows]
    return {
        "figures": [
            figure(
                "ahead",
                "Obligations in the next 180 days",
                str(len(rows)),
                rows=[("agenda", row.pk) for row in rows],
                summary=True,
            )
        ],
        "tables": [table("ahead", "What comes", ("By", "What"), told, "None are on the agenda.")],
        "charts": [],
    }


READINGS["risk"] = risk
READINGS["obligations"] = obligations
