"""The inbox: one's own notices, read in Remit. The rows are the outbox's; reading one is all that happens here."""

import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from practice import access, events, rows
from practice.access import Actor
from practice.models import Contact, InboxItem, Member

# A badge that says more than this says nothing more.
COUNTED = 99


def read(
    item: InboxItem, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> InboxItem:
    access.require(by, "inbox", "change")
    if item.read_at:
        return item
    return rows.change(item, {"read_at": at}, by=by, at=at, kind="notice.read", expected=expected)


def unread(
    item: InboxItem, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> InboxItem:
    """Put it back among what one has not read."""
    access.require(by, "inbox", "change")
    changes = {"read_at": None}
    return rows.change(item, changes, by=by, at=at, kind="notice.unread", expected=expected)


def read_all(*, by: Actor, at: datetime.datetime) -> int:
    """Everything that is unread now; one event for all of them, on the person."""
    access.require(by, "inbox", "change")
    with transaction.atomic():
        done = access.visible_to(by, InboxItem).filter(read_at=None).update(read_at=at)
        if done:
            events.record("inbox.read", by=by, at=at, subject=_self(by), after={"items": done})
    return done


def count(actor: Actor) -> int:
    """How many are unread, up to a hundred."""
    waiting = access.visible_to(actor, InboxItem).filter(read_at=None)
    return waiting.values("id").order_by()[: COUNTED + 1].count()


def context(request: HttpRequest) -> dict[str, object]:
    """For the header of every page: asked only where a page shows it."""
    here = getattr(request, "here", None)
    return {"inbox_unread": SimpleLazyObject(lambda: _label(here.actor)) if here else ""}


def _label(actor: Actor) -> str:
    unread = count(actor)
    return f"{COUNTED}+" if unread > COUNTED else str(unread or "")


def _self(by: Actor) -> Member | Contact:
    if by.kind == "member":
        return access.get(by, Member, by.id or "")
    return access.get(by, Contact, by.id or "")
