"""API keys: made once, shown once, kept as a hash; scoped, expiring, replaceable without a gap."""

import datetime
import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction

from practice import access, policies, rows
from practice.access import Actor
from practice.models import ApiKey, Client, Member, Practice
from practice.refusals import Conflict, Invalid

MARK = "rmt"


class KeyEnded(Conflict):
    code, sentence = "key_ended", "This key is revoked or expired; make a new one."


def make(
    *,
    by: Actor,
    at: datetime.datetime,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime.datetime | None = None,
    client: Client | None = None,
    secret: str = "",
) -> tuple[ApiKey, str]:
    """A new key and its secret text, which is nowhere afterwards. The demo alone brings a secret of its own."""
    access.require(by, "key", "add")
    # Whoever may write a row reads it back in the answer: every key reads.
    scopes = sorted({*scopes, "read"} if set(scopes) else ())
    if not scopes or set(scopes) - set(access.SCOPES):
        raise Invalid({"scopes": [f"One or more of: {', '.join(access.SCOPES)}."]})
    secret = secret or secrets.token_urlsafe(32)
    key = ApiKey(
        practice_id=access.practice_of(by),
        name=name,
        prefix=secrets.token_hex(5),
        secret_hash=digest(secret),
        scopes=scopes,
        client=client,
        created_by_id=by.id if by.kind == "member" else None,
        expires_at=_expiry(by, at, expires_at),
    )
    rows.add(key, by=by, at=at, kind="key.made")
    return key, text_of(key, secret)


def rotate(
    key: ApiKey, *, by: Actor, at: datetime.datetime, grace_hours: int = 24
) -> tuple[ApiKey, str]:
    """A successor with the same reach; the old key goes on for the grace so that nothing breaks meanwhile."""
    access.require(by, "key", "change")
    with transaction.atomic():
        key = access.get(by, ApiKey, key.pk, lock=True)
        if key.revoked_at or key.expires_at <= at:
            raise KeyEnded
        life = key.expires_at - key.created_at
        successor, text = make(
            by=by, at=at, name=key.name, scopes=key.scopes, client=key.client, expires_at=at + life
        )
        ends = min(key.expires_at, at + datetime.timedelta(hours=grace_hours))
        rows.change(key, {"expires_at": ends}, by=by, at=at, kind="key.rotated")
    return successor, text


def revoke(key: ApiKey, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> ApiKey:
    access.require(by, "key", "change")
    if key.revoked_at:
        return key
    return rows.change(key, {"revoked_at": at}, by=by, at=at, kind="key.revoked", expected=expected)


def stands_for(by: Actor, otherwise: Member) -> Member:
    """Who answers for what somebody did: the person themselves; for a key who made it, else who is named here."""
    if by.kind == "member" and by.id:
        return Member.objects.get(pk=by.id)
    key = ApiKey.objects.select_related("created_by").filter(pk=by.id).first() if by.id else None
    return (key and key.created_by) or otherwise


def text_of(key: ApiKey, secret: str) -> str:
    return f"{MARK}_{key.prefix}_{secret}"


def digest(secret: str) -> str:
    """Plain SHA-256: the secret is 256 random bits, so there is nothing to stretch."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _expiry(
    by: Actor, at: datetime.datetime, wanted: datetime.datetime | None
) -> datetime.datetime:
    practice = Practice.objects.get(pk=access.practice_of(by))
    longest = at + datetime.timedelta(days=policies.of(practice, "api_key_longest_days"))
    if wanted is None:
        return min(longest, at + datetime.timedelta(days=90))
    if not at < wanted <= longest:
        raise Invalid({"expires_at": [f"In the future, and by {longest:%Y-%m-%d} at the latest."]})
    return wanted
