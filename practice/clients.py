"""Clients and prospects: taking them on, changing them, marking who competes with whom."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction

from practice import access, assignments, rows
from practice import reach as reaches
from practice.access import Actor
from practice.models import Client, Competitors, Member
from practice.refusals import Conflict, Invalid, NotAllowed, Taken
from practice.registers import Register

# Contributed: what the rooms above do when fields of a client were changed, in the same transaction. It holds the
# client's row, so it writes nothing that others hold before a client.
FOLLOWERS: Register[Callable[[Client, set[str], datetime.datetime], None]] = Register(
    "followers of a client"
)

FORWARD = {
    Client.Status.PROSPECT: {Client.Status.ACTIVE, Client.Status.FORMER},
    Client.Status.ACTIVE: {Client.Status.FORMER},
    Client.Status.FORMER: {Client.Status.PROSPECT, Client.Status.ACTIVE},
}


class NoSuchMove(Conflict):
    code, sentence = "status_move_refused", "A client cannot go back from active to prospect."


class SameClient(Conflict):
    code, sentence = "same_client", "A client does not compete with itself."


def add(
    *, by: Actor, at: datetime.datetime, responsible: Member | None = None, **details: Any
) -> Client:
    """Take on a client or prospect. The responsible member is assigned at once; by default it is who adds."""
    access.require(by, "client", "add")
    if by.client_id is not None:
        raise NotAllowed("This key is limited to one client and cannot add another.")
    _require_fees(by, details)
    if responsible is None and by.kind == "member" and by.id is not None:
        responsible = access.get(by, Member, by.id)
    if responsible is None or not responsible.active:
        raise Invalid({"responsible": ["An active member of the practice is needed."]})
    with transaction.atomic():
        client = Client(practice_id=access.practice_of(by), responsible=responsible, **details)
        rows.add(client, by=by, at=at, kind="client.added")
        assignments.ensure(client, responsible, by=by, at=at)
        if not access.visible_to(by, Client).filter(pk=client.pk).exists():
            # Who takes a client on for a colleague goes on seeing what they made.
            assignments.ensure(client, access.get(by, Member, str(by.id)), by=by, at=at)
    return client


def change(
    client: Client, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Client:
    if set(changes) - set(reaches.of(Client).fees):
        access.require(by, "client", "change")
    _require_fees(by, changes)
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        _check_move(client, changes.get("status", client.status))
        responsible = changes.get("responsible")
        if responsible is not None and not responsible.active:
            raise Invalid({"responsible": ["This member has left."]})
        client = rows.change(
            client, changes, by=by, at=at, kind="client.changed", expected=expected
        )
        if responsible is not None:
            assignments.ensure(client, responsible, by=by, at=at)
        for key in FOLLOWERS:
            FOLLOWERS[key](client, set(changes), at)
    return client


def mark_competitors(
    one: Client, other: Client, *, by: Actor, at: datetime.datetime
) -> Competitors:
    """Members who serve both are flagged to the owner from now on."""
    access.require(by, "competitors", "add")
    if one.pk == other.pk:
        raise SameClient
    one, other = sorted([one, other], key=lambda client: client.pk)
    with transaction.atomic():
        pair = Competitors(practice_id=one.practice_id, one=one, other=other)
        rows.add(
            pair,
            by=by,
            at=at,
            kind="competitors.marked",
            taken=Taken("These two are marked already.", "other"),
        )
        assignments.flag_conflicts(one.practice_id, by=by, at=at)
    return pair


def unmark_competitors(
    pair: Competitors, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    access.require(by, "competitors", "remove")
    with transaction.atomic():
        rows.remove(pair, by=by, at=at, kind="competitors.unmarked", expected=expected)
        assignments.flag_conflicts(pair.practice_id, by=by, at=at)


def _check_move(client: Client, status: str) -> None:
    if status != client.status and status not in FORWARD[Client.Status(client.status)]:
        raise NoSuchMove


def _require_fees(by: Actor, details: dict[str, Any]) -> None:
    about_fees = set(details) & set(reaches.of(Client).fees)
    if about_fees and not (
        access.may(by, "client", "set_fees") and access.may(by, "client", "see_fees")
    ):
        raise NotAllowed("Your role does not see or set fees.")
