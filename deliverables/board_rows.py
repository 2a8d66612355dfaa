"""The rows that a figure of a board report was made of, or a line of a table: found again by whoever reads, as they see them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from assessments.models import (
    Incident,
    Initiative,
    Metric,
    Milestone,
    Postponement,
    Risk,
    Saving,
    SpendLine,
    System,
    VendorContract,
)
from deliverables.models import BoardAsk, Decision, Deliverable, Release
from engagements.models import Finding, TimeEntry
from practice import access
from practice import reach as reaches
from practice.access import Actor
from practice.models import AgendaEntry

MOST = 500
Refs = list[dict[str, str]]
Link = Callable[[Any], str]

# As the API calls them.
KINDS: dict[str, tuple[str, type[Model]]] = {
    "spend-lines": ("Lines of the ledger", SpendLine),
    "vendor-contracts": ("Contracts", VendorContract),
    "savings": ("Savings", Saving),
    "deliverables": ("Deliverables", Deliverable),
    "systems": ("AI systems", System),
    "initiatives": ("Initiatives", Initiative),
    "milestones": ("Milestones", Milestone),
    "postponements": ("Postponements", Postponement),
    "metrics": ("Metrics", Metric),
    "risks": ("Risks", Risk),
    "incidents": ("Incidents", Incident),
    "radar-findings": ("On the radar", Finding),
    "decisions": ("Decisions", Decision),
    "board-asks": ("Asked of the board", BoardAsk),
    "agenda": ("On the agenda", AgendaEntry),
    "time-entries": ("Time", TimeEntry),
}
# Of these a contact reads some rows and others not; of the rest all of a client or none.
PARTLY_RELEASED = frozenset({"deliverables", "decisions", "agenda", "board-asks"})
JOINED: dict[type[Model], tuple[str, ...]] = {
    SpendLine: ("vendor", "system"),
    Postponement: ("milestone",),
    Milestone: ("initiative",),
    TimeEntry: ("member__user",),
}


@dataclass(frozen=True)
class Behind:
    """One kind of row behind a figure."""

    title: str
    rows: list[tuple[str, str]]
    """Words, and where the row is shown; empty where it has no page of its own."""


def places(content: dict[str, Any]) -> dict[str, tuple[str, Refs]]:
    """Everything that names its rows, by its place such as spend/figures/spent or spend/tables/vendors/2."""
    found: dict[str, tuple[str, Refs]] = {}
    for section in content.get("sections", []):
        for one in section["figures"]:
            found[f"{section['key']}/figures/{one['key']}"] = (one["label"], one["rows"])
        for table in section["tables"]:
            # What was issued before lines named their rows has none.
            for n, refs in enumerate(table.get("made_of", []), start=1):
                said = f"{table['title']}: {table['rows'][n - 1][0]}"
                found[f"{section['key']}/tables/{table['key']}/{n}"] = (said, refs)
    return found


def links(content: dict[str, Any], address: str, *, by: Actor) -> dict[str, str]:
    """By place, where its rows are listed; none where this reader may see no such row."""
    named = places(content)
    shown = {kind for kind in KINDS if shows(by, kind)}
    seen = _seen(named, shown & PARTLY_RELEASED, by)
    return {
        place: f"{address}?of={place}"
        for place, (_, refs) in named.items()
        if any(
            ref["kind"] in shown and (ref["kind"] not in seen or ref["id"] in seen[ref["kind"]])
            for ref in refs
        )
    }


def _seen(
    named: dict[str, tuple[str, Refs]], kinds: Iterable[str], by: Actor
) -> dict[str, set[str]]:
    """Of kinds that the client's people read row by row: which. Staff are led to what is gone, too, and told so."""
    if by.role not in access.CONTACTS:
        return {}
    found = {}
    for kind in kinds:
        ids = {ref["id"] for _, refs in named.values() for ref in refs if ref["kind"] == kind}
        column = "deliverable_id" if kind == "deliverables" else "pk"
        rows = access.visible_to(by, _model(by, kind)).filter(**{f"{column}__in": ids})
        found[kind] = {str(id) for id in rows.values_list(column, flat=True)}
    return found


def shows(by: Actor, kind: str) -> bool:
    """Whether rows of a kind can be seen at all by somebody; which ones is asked when they are listed."""
    reach = reaches.of(_model(by, kind))
    released = by.role not in access.CONTACTS or reach.released is not None
    return released and access.may(by, reach.resource, "view")


def _model(by: Actor, kind: str) -> type[Model]:
    """The client reads of deliverables what was released to it."""
    model = KINDS[kind][1]
    return Release if by.role in access.CONTACTS and model is Deliverable else model


def listed(refs: Refs, link: Link, *, by: Actor) -> tuple[list[Behind], int]:
    """The rows as they are now, and how many more there are: gone since, not for this reader, or too many to list."""
    wanted = refs[:MOST]
    found: list[Behind] = []
    for kind, (title, _) in KINDS.items():
        ids = {ref["id"] for ref in wanted if ref["kind"] == kind}
        if ids and shows(by, kind):
            rows = _rows(by, kind, ids)
            if rows:
                found.append(Behind(title, [(_said(row, by), link(row)) for row in rows]))
    named = {(ref["kind"], ref["id"]) for ref in refs}
    return found, max(0, len(named) - sum(len(one.rows) for one in found))


def _rows(by: Actor, kind: str, ids: Iterable[str]) -> list[Any]:
    model = _model(by, kind)
    rows = access.visible_to(by, model)
    if model in JOINED:
        rows = rows.select_related(*JOINED[model])
    name = "deliverable_id__in" if model is Release else "pk__in"
    return list(rows.filter(**{name: ids}).order_by("pk"))


def _said(row: Any, by: Actor) -> str:
    if isinstance(row, AgendaEntry):
        title = row.client_title if by.role in access.CONTACTS else row.title
        return f"{row.due_words}: {title}"
    if isinstance(row, SpendLine):
        of_whom = row.vendor or row.system
        if "amount" in access.hidden_fields(by, SpendLine):
            return f"{of_whom}, {row.month_on:%B %Y}"
        return f"{of_whom}: {row}"
    if isinstance(row, Postponement):
        return f"{row.milestone}: {row}"
    if isinstance(row, Milestone):
        return f"{row}, of {row.initiative}"
    if isinstance(row, TimeEntry):
        return f"{row.member}: {row}"
    return str(row)
