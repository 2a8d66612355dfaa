"""Opening and revoking calendar feeds, and what a feed shows now. The address is shown once and kept as a hash."""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from practice import access, identity, rows
from practice.access import Actor
from practice.agenda_rules import of_the_clock
from practice.keys import digest
from practice.models import AgendaEntry, Client, Contact, Feed, Member
from practice.refusals import Conflict, Invalid, NotFound
from practice.registers import Register

# Long enough for every calendar to have fetched the cancellation once.
KEPT = datetime.timedelta(days=90)
OLDEST_OPEN = datetime.timedelta(days=365)
LONGEST = 2000
PER_PERSON = 20


class TooManyFeeds(Conflict):
    code, sentence = "too_many_feeds", "You have 20 calendar feeds; revoke one that you do not use."


@dataclass(frozen=True)
class Scope:
    """One way to limit a feed."""

    label: str
    narrow: Callable[[Actor, UUID | None], Q]
    """Which agenda entries are in it."""
    rows: Callable[[Actor], QuerySet[Any]] | None = None
    """The visible rows whose id it names; None: it names none."""
    open_to: Callable[[Actor], bool] = lambda actor: True


# Contributed: apps above add theirs (an engagement's feed), under a key of at most 20 characters.
SCOPES: Register[Scope] = Register("calendar scopes")
SCOPES.add("all", Scope("Everything you see", lambda actor, id: Q()))
SCOPES.add(
    "mine",
    Scope(
        "What is yours to do",
        lambda actor, id: Q(owner_id=actor.id),
        open_to=lambda actor: actor.kind == "member",
    ),
)
SCOPES.add(
    "client",
    Scope(
        "One client",
        lambda actor, id: Q(client_id=id),
        rows=lambda actor: access.visible_to(actor, Client),
        open_to=lambda actor: actor.kind == "member",
    ),
)


def open_feed(
    *, by: Actor, at: datetime.datetime, scope: str = "all", scope_id: UUID | None = None
) -> tuple[Feed, str]:
    """A feed of one's own, and its address, which is nowhere afterwards."""
    access.require(by, "calendar", "add")
    _check_scope(by, scope, scope_id)
    token = secrets.token_urlsafe(32)
    feed = Feed(
        practice_id=access.practice_of(by),
        member_id=by.id if by.kind == "member" else None,
        contact_id=by.id if by.kind == "contact" else None,
        scope=scope,
        scope_id=scope_id,
        token_hash=digest(token),
    )
    with transaction.atomic():
        if access.visible_to(by, Feed).filter(revoked_at=None).count() >= PER_PERSON:
            raise TooManyFeeds
        rows.add(feed, by=by, at=at, kind="feed.opened")
    return feed, address(token)


def revoke(feed: Feed, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> Feed:
    """Whoever has the address gets nothing from now on."""
    access.require(by, "calendar", "change")
    if feed.revoked_at:
        return feed
    return rows.change(
        feed, {"revoked_at": at}, by=by, at=at, kind="feed.revoked", expected=expected
    )


def address(token: str) -> str:
    return f"{settings.REMIT_URL}/calendar/{token}.ics"


def find(token: str) -> tuple[Feed, Actor]:
    """The feed behind an address, and its person as they are now; anything else is simply not there."""
    feed = (
        Feed.objects.filter(token_hash=digest(token), revoked_at=None)
        .select_related("member__user", "contact__user", "practice")
        .defer("practice__logo")
        .first()
    )
    if feed is None:
        raise NotFound
    person: Member | Contact | None = feed.member or feed.contact
    if person is None or not person.active or person.user is None or not person.user.is_active:
        raise NotFound
    actor = identity.actor(person, "job")
    if not access.may(actor, "calendar", "view") or not in_reach(feed, actor):
        raise NotFound
    return feed, actor


def in_reach(feed: Feed, actor: Actor) -> bool:
    """Whether what the feed is limited to still exists for its person."""
    if feed.scope not in SCOPES:
        return False
    scope = SCOPES[feed.scope]
    return scope.rows is None or scope.rows(actor).filter(pk=feed.scope_id).exists()


def entries(feed: Feed, actor: Actor, *, at: datetime.datetime) -> QuerySet[AgendaEntry]:
    """What the feed shows: the person's visible rows, closed ones for some time after their date."""
    since = Q(due_at__gte=at - KEPT) | Q(
        status=AgendaEntry.Status.OPEN, due_at__gte=at - OLDEST_OPEN
    )
    return (
        access.visible_to(actor, AgendaEntry)
        .filter(since, SCOPES[feed.scope].narrow(actor, feed.scope_id))
        .exclude(kind__in=of_the_clock())
        .select_related("client")
        .order_by("due_at", "id")[:LONGEST]
    )


def _check_scope(by: Actor, key: str, id: UUID | None) -> None:
    if key not in SCOPES or not SCOPES[key].open_to(by):
        raise Invalid({"scope": ["There is no such scope here."]})
    there = SCOPES[key].rows
    if there is None and id is not None:
        raise Invalid({"scope_id": ["This scope names no row."]})
    if there is not None and not there(by).filter(pk=id).exists():
        raise Invalid({"scope_id": ["There is no such thing here."]})
