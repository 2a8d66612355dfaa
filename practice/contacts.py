"""The people at a client: sponsor, board, reviewers, viewers."""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from practice import access, invitations, rows
from practice.access import Actor
from practice.models import Client, Contact
from practice.refusals import Taken

TAKEN = Taken("A contact with this e-mail address is there already.", "email")


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> Contact:
    access.require(by, "contact", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        contact = Contact(practice_id=client.practice_id, client=client, **details)
        rows.add(contact, by=by, at=at, kind="contact.added", taken=TAKEN)
        Client.objects.filter(pk=client.pk).update(contacts_count=F("contacts_count") + 1)
    return contact


def change(
    contact: Contact,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Contact:
    """New particulars, or `active=False`: the person no longer speaks for the client and cannot get in."""
    access.require(by, "contact", "change")
    with transaction.atomic():
        client = access.get(by, Client, contact.client_id, lock=True)
        before = access.get(by, Contact, contact.pk).active
        contact = rows.change(
            contact, changes, by=by, at=at, kind="contact.changed", expected=expected, taken=TAKEN
        )
        if not contact.active or "email" in changes:
            invitations.withdraw_open(contact, by=by, at=at)
        moved = int(contact.active) - int(before)
        if moved:
            Client.objects.filter(pk=client.pk).update(contacts_count=F("contacts_count") + moved)
    return contact
