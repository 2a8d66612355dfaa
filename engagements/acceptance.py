"""How a client says yes: the sponsor in the portal, or a member who writes down what the sponsor said elsewhere.

Contracts, charters, deputies and moves share the columns of `Accepted`; what an acceptance brings about stays theirs.
"""

import datetime
from typing import Any, NotRequired, TypedDict, Unpack
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


class Elsewhere(TypedDict):
    """An acceptance given by letter or in a meeting: whose word, how it was given, on what evidence, and on which day
    where that is not today."""

    contact: Contact
    note: str
    evidence: NotRequired[StoredFile | None]
    said_on: NotRequired[datetime.date | None]


def on_behalf(
    *, client_id: UUID, by: Actor, at: datetime.datetime, **said: Unpack[Elsewhere]
) -> dict[str, Any]:
    """The columns of an acceptance given elsewhere, noted by a member."""
    contact, note = said["contact"], said["note"]
    evidence, said_on = said.get("evidence"), said.get("said_on")
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
