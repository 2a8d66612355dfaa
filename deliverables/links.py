"""What a decision can be about: kinds of things, contributed, each named by (kind, id)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deliverables.models import Decision, DecisionLink, Deliverable
from engagements.models import Engagement
from practice import access
from practice.access import Actor
from practice.models import StoredFile
from practice.refusals import Invalid
from practice.registers import Register

MOST = 20
Found = dict[tuple[str, UUID], str]


@dataclass(frozen=True)
class Link:
    """A kind of thing that a decision can be about."""

    label: str
    title: Callable[[Actor, Engagement, UUID], str | None]
    """The thing's title, or None where there is no such thing of this client for this actor."""
    offers: Callable[[Actor, Engagement], list[tuple[UUID, str]]] = lambda by, engagement: []
    """What a page lets this actor choose from, the newest first."""


LINKS: Register[Link] = Register("kinds of things that a decision can be about")


def resolve(engagement: Engagement, links: Iterable[dict[str, Any]], by: Actor) -> Found:
    """Titles by kind and id; refused where there is no such thing for this actor."""
    found: Found = {}
    for link in links:
        kind, id = link["kind"], link["id"]
        title = LINKS[kind].title(by, engagement, id) if kind in LINKS else None
        if title is None:
            raise Invalid({"links": [f"There is no such thing here: {kind} {id}."]})
        found[kind, id] = title
    if len(found) > MOST:
        raise Invalid({"links": [f"At most {MOST}."]})
    return found


def said(decision_id: UUID) -> list[dict[str, str]]:
    """What one decision is about, as the log keeps it."""
    rows = DecisionLink.objects.filter(decision=decision_id).order_by("kind", "title", "id")
    return [{"kind": row.kind, "id": str(row.target_id), "title": row.title} for row in rows]


def decision(by: Actor, engagement: Engagement, id: UUID) -> str | None:
    """For those who point at a decision."""
    found = access.visible_to(by, Decision).filter(engagement=engagement, pk=id).first()
    return str(found) if found else None


def file(by: Actor, engagement: Engagement, id: UUID) -> str | None:
    rows = access.visible_to(by, StoredFile).filter(client_id=engagement.client_id, pk=id)
    found: str | None = rows.values_list("name", flat=True).first()
    return found


def files(by: Actor, engagement: Engagement) -> list[tuple[UUID, str]]:
    rows = access.visible_to(by, StoredFile).filter(client_id=engagement.client_id)
    return list(rows.order_by("-id").values_list("id", "name")[:MOST])


def deliverable(by: Actor, engagement: Engagement, id: UUID) -> str | None:
    rows = access.visible_to(by, Deliverable).filter(engagement=engagement, pk=id)
    found: str | None = rows.values_list("title", flat=True).first()
    return found


def deliverables(by: Actor, engagement: Engagement) -> list[tuple[UUID, str]]:
    rows = access.visible_to(by, Deliverable).filter(engagement=engagement)
    return list(rows.order_by("-id").values_list("id", "title")[:MOST])
