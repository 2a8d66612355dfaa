"""What a link to the AI register tells: each system with who answers for it, its class and why, and what applies when.

Nothing that the practice keeps among itself, no sums and no incidents: none of them is read here.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from assessments import law, law_told
from assessments.models import Classification, System, SystemStatus
from practice import access
from practice.access import Actor
from practice.models import Client
from practice.quarters import local_day

Rows = list[dict[str, Any]]
Calendar = Callable[[Classification], Rows]


@dataclass(frozen=True)
class Entry:
    """One system as an outsider reads it."""

    system: System
    owner: str
    risk_owner: str
    vendor: str
    classified: Classification | None
    rows: Rows

    @property
    def retired(self) -> bool:
        return self.system.status == SystemStatus.RETIRED


def entries(client: Client, *, at: datetime.datetime, most: int | None = None) -> list[Entry]:
    """By name, what is retired last; `most` of them where there are more."""
    by = access.system(client.practice_id, source="portal")
    found = list(_systems(client, by)[:most])
    classes, calendar = law_told.classes(found, by=by), _calendars(local_day(at, client.time_zone))
    return [_entry(row, classes.get(row.pk), calendar) for row in found]


def _calendars(today: datetime.date) -> Calendar:
    """What applies when, computed once for all that the law takes alike: a register may hold thousands."""
    known: dict[Any, Rows] = {}

    def calendar(row: Classification) -> Rows:
        alike = (row.tier, tuple(row.words), row.placed_on)
        if alike not in known:
            known[alike] = law_told.calendar(row, today)
        return known[alike]

    return calendar


def _systems(client: Client, by: Actor) -> QuerySet[System]:
    last = Case(
        When(status=SystemStatus.RETIRED, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return (
        access.visible_to(by, System)
        .filter(client=client)
        .select_related("vendor", "owner", "risk_owner")
        .order_by(last, "name", "id")
    )


def _entry(system: System, classified: Classification | None, calendar: Calendar) -> Entry:
    """What is retired owes nothing."""
    retired = system.status == SystemStatus.RETIRED
    return Entry(
        system=system,
        owner=system.owner.name if system.owner else system.owner_name,
        risk_owner=system.risk_owner.name if system.risk_owner else system.risk_owner_name,
        vendor=system.vendor.name if system.vendor else "",
        classified=classified,
        rows=calendar(classified) if classified and not retired else [],
    )


COLUMNS = (
    "System",
    "Kind",
    "Status",
    "Purpose",
    "Owner",
    "Answers for its risk",
    "Vendor",
    "Model",
    "In production",
    "Customers meet it",
    f"Class ({law.ORIENTATION.rstrip('.')})",
    "Why",
    "Reviewed by",
    "Reviewed on",
    "What applies when",
)


def table(found: list[Entry]) -> Iterator[list[str]]:
    """The same as a table, heads first."""
    yield list(COLUMNS)
    for one in found:
        yield [*_of_system(one), *_of_law(one)]


def _of_system(one: Entry) -> list[str]:
    row = one.system
    return [
        row.name,
        row.get_kind_display(),
        row.get_status_display(),
        row.purpose,
        one.owner,
        one.risk_owner,
        one.vendor,
        row.ai_model,
        "yes" if row.in_production else "no",
        "yes" if row.customer_facing else "no",
    ]


def _of_law(one: Entry) -> list[str]:
    row = one.classified
    said = law_told.class_in_words(row)
    return [
        f"{said}: {law.COUNSEL}" if row and row.provisional else said,
        " ".join(reason["text"] for reason in row.reasons) if row else "",
        str(row.reviewer) if row else "",
        row.reviewed_on.isoformat() if row else "",
        "; ".join(_when(when) for when in one.rows),
    ]


def _when(row: dict[str, Any]) -> str:
    """The day, what, and by which articles."""
    return f"{row['when']}: {row['obligation']} ({row['legal_basis']})"
