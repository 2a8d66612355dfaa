"""How a client says yes: the sponsor in the portal, or a member who writes down what the sponsor said elsewhere.

Contracts, charters, deputies and moves share the columns of `Accepted`; what an acceptance brings about stays theirs.
"""

import datetime
from typing import Any
from uuid import UUID

from engagements import days
from practice import access
from practice.access import Actor
from practice.models import Contact, Member, StoredFile
from practice.quarters import end_of_day, local_day
from practice.refusals import Invalid, NotAllowed

OPEN: dict[str, Any] = {
    "accepted_at": None,
    "accepted_by": None,
    "recorded_by": None,
    "evidence_note": "",
    "evidence": None,
}


def given(*, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """The columns of an acceptance that the sponsor gives in person."""
    if by.kind != "contact" or by.id is None:
        raise NotAllowed("Only the client's sponsor can accept this.")
    return {**OPEN, "accepted_at": at, "accepted_by": access.get(by, Contact, by.id)}


def on_behalf(
    *,
    client_id: UUID,
    contact: Contact,
    note: str,
    evidence: StoredFile | None = None,
    said_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
) -> dict[str, Any]:
    """The columns of an acceptance given elsewhere (by letter, in a meeting): whose word, on what evidence, noted by
    whom. `said_on` is the day it was given, where that is not today."""
    if by.kind != "member" or by.id is None:
        raise NotAllowed("Only a member can put down what somebody said elsewhere.")
    zone = contact.client.time_zone
    wrong: dict[str, list[str]] = {}
    if contact.client_id != client_id or contact.role != Contact.Role.SPONSOR or not contact.active:
        wrong["contact"] = ["A sponsor of this client is needed."]
    if evidence is not None and evidence.client_id != client_id:
        wrong["evidence"] = ["A file of this client is needed."]
    if not note.strip():
        wrong["note"] = ["Say where and how it was accepted."]
    days.check(said_on=said_on)
    if said_on is not None and said_on > local_day(at, zone):
        wrong["said_on"] = ["Not in the future."]
    if wrong:
        raise Invalid(wrong)
    return {
        "accepted_at": min(at, end_of_day(said_on, zone)) if said_on else at,
        "accepted_by": contact,
        "recorded_by": access.get(by, Member, by.id),
        "evidence_note": note.strip(),
        "evidence": evidence,
    }
