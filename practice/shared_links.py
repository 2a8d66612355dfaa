"""Links by which somebody without an account reads something: made, shown once, counted, revoked. Only the hash is kept."""

import datetime
import secrets
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from practice import access, keys, rows
from practice.access import Actor
from practice.models.shared import SharedLink
from practice.refusals import Conflict, Invalid, NotFound

LONGEST = datetime.timedelta(days=90)
USUAL = datetime.timedelta(days=14)
LONGEST_NAME = 200
# To one thing at a time: more than that is no longer sharing with somebody.
MOST_OPEN = 50

L = TypeVar("L", bound=SharedLink)


def add(
    link: L,
    *,
    among: QuerySet[L],
    too_many: type[Conflict],
    recipient: str,
    expires_at: datetime.datetime | None,
    by: Actor,
    at: datetime.datetime,
) -> str:
    """Write a new link; the token is nowhere afterwards. In the transaction of a verb that holds what is shared, so
    that it is not removed meanwhile and two do not both make the last link. `among`: all links to the same thing."""
    recipient = " ".join(recipient.split())
    expires_at = expires_at or at + USUAL
    wrong: dict[str, list[str]] = {}
    if not recipient or len(recipient) > LONGEST_NAME:
        wrong["recipient"] = ["Say for whom it is, in at most 200 characters."]
    if not at < expires_at <= at + LONGEST:
        wrong["expires_at"] = [f"In the future, and within {LONGEST.days} days."]
    if wrong:
        raise Invalid(wrong)
    if among.filter(revoked_at=None, expires_at__gt=at).count() >= MOST_OPEN:
        raise too_many
    token = secrets.token_urlsafe(32)
    link.recipient, link.expires_at, link.token_hash = recipient, expires_at, keys.digest(token)
    # Whoever made it is named, also where they would not see themselves.
    rows.add(link, by=access.on_own_authority(by), at=at, kind=f"{link.word}.made")
    return token


def revoke(link: L, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> L:
    """Whoever has the address gets nothing from now on."""
    access.require(by, link.reach.resource, "change")  # type: ignore[attr-defined]
    if link.revoked_at:
        return link
    changes = {"revoked_at": at}
    kind = f"{link.word}.revoked"
    return rows.change(link, changes, by=by, at=at, kind=kind, expected=expected)


def find(links: QuerySet[L], token: str, *, at: datetime.datetime) -> L:
    """The one of a token, while it lives. A wrong token and one that has ended say the same."""
    link = links.filter(token_hash=keys.digest(token)).first()
    if link is None or state(link, at) != "open":
        raise NotFound
    return link


def view(link: L, *, at: datetime.datetime) -> L:
    """Count one look at the page. Files are taken from the page, so taking them is not another look."""
    by = access.system(link.practice_id, source="portal")
    with transaction.atomic():
        row = access.get(by, type(link), link.pk, lock=True)
        if state(row, at) != "open":
            raise NotFound
        seen = {"views": row.views + 1, "last_viewed_at": at}
        return rows.change(row, seen, by=by, at=at, kind=f"{link.word}.viewed")


def state(link: SharedLink, at: datetime.datetime) -> str:
    if link.revoked_at:
        return "revoked"
    return "open" if link.expires_at > at else "expired"
