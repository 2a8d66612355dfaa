"""Decisions of the log under which a client's risk is accepted (DR-02), as the risk register asks for them; and what
becomes of such a risk when the decision is in force no longer."""

import datetime
from uuid import UUID

from django.db.models import QuerySet

from assessments import risks
from deliverables.models import Decision, DecisionStatus
from practice import access
from practice.access import Actor

MOST = 50


def title(by: Actor, client_id: UUID, id: UUID) -> str | None:
    """How the decision reads, or None where none of this right is in force at this client for this actor. It is held:
    whoever supersedes it waits, and then finds the risk."""
    found = _in_force(by, client_id).filter(pk=id).select_for_update(of=("self",)).first()
    return str(found) if found else None


def offers(by: Actor, client_id: UUID) -> list[tuple[UUID, str]]:
    rows = _in_force(by, client_id).order_by("-decided_at", "-id")[:MOST]
    return [(row.pk, str(row)) for row in rows]


def ended(decision: Decision, *, by: Actor, at: datetime.datetime) -> None:
    """It was superseded. What takes its place may be about something else: a risk is accepted anew, or not."""
    if decision.code == risks.RIGHT:
        risks.end_acceptances(decision.pk, client_id=decision.client_id, by=by, at=at)


def _in_force(by: Actor, client_id: UUID) -> QuerySet[Decision]:
    return access.visible_to(by, Decision).filter(
        client_id=client_id, code=risks.RIGHT, status=DecisionStatus.DECIDED
    )
