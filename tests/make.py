"""Plain factory functions: one row each, written through the verbs where a verb exists."""

import datetime
from typing import Any
from uuid import UUID

from practice import (
    access,
    assignments,
    clients,
    contacts,
    identity,
    keys,
    policies,
    practices,
    rows,
    users,
)
from practice.access import Actor
from practice.models import Client, Contact, Member, Practice, User

NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
PASSWORD = "seven-grey-herons-fly"


def user(email: str, name: str = "") -> User:
    return users.make(
        email=email, name=name or email.partition("@")[0].title(), password=PASSWORD, at=NOW
    )


def practice(name: str, owner: User, **details: Any) -> Member:
    return practices.found(name=name, owner=owner, at=NOW, by=access.system(), **details)


def policy_answers(**other: Any) -> dict[str, Any]:
    """What the desk's form of a practice sends for its policies: the defaults, but for what is named."""
    chosen = {key: policy.default for key, policy in policies.policies().items()} | other
    return {f"policy_{key}": value for key, value in chosen.items()}


def member(home: Practice, person: User, role: str) -> Member:
    row = Member(practice=home, user=person, role=role)
    return rows.add(row, by=access.system(home.pk), at=NOW, kind="member.joined")


def actor(place: Member | Contact) -> Actor:
    return identity.actor(place, "desk")


def client(responsible: Member, name: str, **details: Any) -> Client:
    by = access.system(responsible.practice_id)
    return clients.add(by=by, at=NOW, responsible=responsible, name=name, **details)


def assignment(member: Member, client: Client, hat: str = "") -> None:
    assignments.assign(client, member=member, hat=hat, by=access.system(member.practice_id), at=NOW)


def contact(
    client: Client, name: str, role: str, person: User | None = None, **details: Any
) -> Contact:
    row = contacts.add(
        client, by=access.system(client.practice_id), at=NOW, name=name, role=role, **details
    )
    if person is not None:
        system = access.system(client.practice_id)
        row = rows.change(row, {"user": person}, by=system, at=NOW, kind="contact.joined")
    return row


def key(
    home: Practice,
    name: str = "Bot",
    scopes: tuple[str, ...] = ("read",),
    client: Client | None = None,
) -> str:
    """A key's text. It outlives the tests, whatever the clock says."""
    made, text = keys.make(
        by=access.system(home.pk), at=NOW, name=name, scopes=scopes, client=client
    )
    type(made).objects.filter(pk=made.pk).update(expires_at=NOW + datetime.timedelta(days=36_500))
    return text


def uuid(number: int) -> UUID:
    """The same id each time, for things whose row does not matter."""
    return UUID(int=number)
