"""Links by which somebody without an account reads a pack: made, shown once, counted, revoked. Only the hash is kept."""

import datetime
import secrets

from django.conf import settings
from django.db import transaction

from deliverables.models import Pack, PackShare
from practice import access, keys, rows
from practice.access import Actor
from practice.refusals import Conflict, Invalid, NotFound

LONGEST = datetime.timedelta(days=90)
USUAL = datetime.timedelta(days=14)
LONGEST_NAME = 200
# Of one pack at a time: more than that is no longer sharing with somebody.
MOST_OPEN = 50


class TooManyLinks(Conflict):
    code = "too_many_pack_links"
    sentence = f"{MOST_OPEN} links to this pack are open; revoke one that is not needed."


def share(
    pack: Pack,
    *,
    recipient: str,
    expires_at: datetime.datetime | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[PackShare, str]:
    """A new link to a pack and its address, which is nowhere afterwards."""
    access.require(by, "pack", "share")
    recipient = " ".join(recipient.split())
    expires_at = expires_at or at + USUAL
    wrong: dict[str, list[str]] = {}
    if not recipient or len(recipient) > LONGEST_NAME:
        wrong["recipient"] = ["Say for whom it is, in at most 200 characters."]
    if not at < expires_at <= at + LONGEST:
        wrong["expires_at"] = [f"In the future, and within {LONGEST.days} days."]
    if wrong:
        raise Invalid(wrong)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        # Held, so that it is not removed meanwhile and two do not both make the last link.
        pack = access.get(by, Pack, pack.pk, lock=True)
        live = PackShare.objects.filter(pack=pack, revoked_at=None, expires_at__gt=at)
        if live.count() >= MOST_OPEN:
            raise TooManyLinks
        link = PackShare(
            practice_id=pack.practice_id,
            client_id=pack.client_id,
            engagement_id=pack.engagement_id,
            pack=pack,
            recipient=recipient,
            token_hash=keys.digest(token),
            made_by=keys.stands_for(by, pack.engagement.lead),
            expires_at=expires_at,
        )
        # Whoever made it is named, also where they would not see themselves.
        rows.add(link, by=access.on_own_authority(by), at=at, kind="pack_share.made")
    return link, address(token)


def revoke(
    link: PackShare, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> PackShare:
    """Whoever has the address gets nothing from now on."""
    access.require(by, "pack", "change")
    if link.revoked_at:
        return link
    changes = {"revoked_at": at}
    return rows.change(link, changes, by=by, at=at, kind="pack_share.revoked", expected=expected)


def find(token: str, *, at: datetime.datetime) -> PackShare:
    """The link behind a token, while it lives. A wrong token and one that has ended say the same."""
    link = (
        PackShare.objects.select_related("pack", "client", "practice")
        .defer("practice__logo")
        .filter(token_hash=keys.digest(token))
        .first()
    )
    if link is None or state(link, at) != "open":
        raise NotFound
    return link


def view(link: PackShare, *, at: datetime.datetime) -> PackShare:
    """Count one look at the page. Files are taken from the page, so taking them is not another look."""
    by = access.system(link.practice_id, source="portal")
    with transaction.atomic():
        row = access.get(by, PackShare, link.pk, lock=True)
        if state(row, at) != "open":
            raise NotFound
        seen = {"views": row.views + 1, "last_viewed_at": at}
        return rows.change(row, seen, by=by, at=at, kind="pack_share.viewed")


def state(link: PackShare, at: datetime.datetime) -> str:
    if link.revoked_at:
        return "revoked"
    return "open" if link.expires_at > at else "expired"


def address(token: str) -> str:
    return f"{settings.REMIT_URL}/packs/{token}/"
