"""Decisions of the log under which a client's risk is accepted (DR-02), as the risk register asks for them."""

from uuid import UUID

from django.db.models import QuerySet

from assessments import risks
from deliverables.models import Decision, DecisionStatus
from practice import access
from practice.access import Actor

MOST = 50


def title(by: Actor, client_id: UUID, id: UUID) -> str | None:
    """How the decision reads, or None where none of this right is in force at this client for this actor."""
    found = _in_force(by, client_id).filter(pk=id).first()
    return str(found) if found else None


def offers(by: Actor, client_id: UUID) -> list[tuple[UUID, str]]:
    rows = _in_force(by, client_id).order_by("-decided_at", "-id")[:MOST]
    return [(row.pk, str(row)) for row in rows]


def _in_force(by: Actor, client_id: UUID) -> QuerySet[Decision]:
    return access.visible_to(by, Decision).filter(
        client_id=client_id, code=risks.RIGHT, status=DecisionStatus.DECIDED
    )
