"""The practice's signing keys: made on first use, replaced by an owner or when the server's secret was lost.

A private key is derived and never stored: half of it is the server's own secret, as with webhooks.
"""

import datetime
import secrets
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from deliverables import chain
from deliverables.models import SigningKey
from practice import access, ids, rows
from practice.access import Actor
from practice.refusals import Conflict

SALT = "remit.signing"


class KeyRetired(Conflict):
    code, sentence = "key_retired", "This key signs nothing any more; another one has followed it."


def present(
    practice_id: UUID, *, by: Actor, at: datetime.datetime
) -> tuple[SigningKey, Ed25519PrivateKey]:
    """The key that signs now, held until the transaction ends. There is one from the first time it is asked for."""
    key = _held(practice_id)
    if key is None:
        key = _made(practice_id, by=by, at=at)
    private = _private(key)
    if private is None:
        # SECRET_KEY was replaced and the old one is not among the fallbacks: what was signed stays
        # signed, and the next key comes without an introduction, which every check says.
        key = _replaced(key, by=by, at=at)
        private = _derived(key, settings.SECRET_KEY)
    return key, private


def rotate(
    key: SigningKey, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> SigningKey:
    """Sign with a new key from now on. The present one introduces it and stays, to check what it has signed."""
    access.require(by, "signing_key", "change")
    with transaction.atomic():
        key = access.get(by, SigningKey, key.pk, lock=True)
        if key.until_at is not None:
            raise KeyRetired
        return _replaced(key, by=by, at=at, expected=expected)


def sign(private: Ed25519PrivateKey, text: str) -> str:
    return private.sign(text.encode()).hex()


def _held(practice_id: UUID) -> SigningKey | None:
    signing = SigningKey.objects.select_for_update(of=("self",))
    return signing.filter(practice_id=practice_id, until_at=None).first()


def _made(practice_id: UUID, *, by: Actor, at: datetime.datetime) -> SigningKey:
    key = _fresh(practice_id, at)
    try:
        return rows.add(
            key, by=access.within(_system(by), practice_id), at=at, kind="signing_key.made"
        )
    except Conflict:
        # Somebody else's first head was quicker by a moment.
        held = _held(practice_id)
        if held is None:
            raise
        return held


def _replaced(
    key: SigningKey, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> SigningKey:
    private, by = _private(key), access.within(_system(by), key.practice_id)
    new = _fresh(key.practice_id, at)
    if private is not None:
        new.introduction = chain.introduction(
            practice=key.practice_id, key=new.public_key, previous=key.public_key, at=at
        )
        new.introduction_signature = sign(private, new.introduction)
    retired = {"until_at": at}
    rows.change(key, retired, by=by, at=at, kind="signing_key.retired", expected=expected)
    return rows.add(new, by=by, at=at, kind="signing_key.made")


def _system(by: Actor) -> Actor:
    """Whoever has a head signed may have the key made for it; the log names them all the same."""
    return access.on_own_authority(by)


def _fresh(practice_id: UUID, at: datetime.datetime) -> SigningKey:
    key = SigningKey(
        id=ids.new(), practice_id=practice_id, nonce=secrets.token_hex(32), since_at=at
    )
    key.public_key = _public(_derived(key, settings.SECRET_KEY))
    return key


def _private(key: SigningKey) -> Ed25519PrivateKey | None:
    """Under the secret it was made with, which may have become a fallback since."""
    for server in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        private = _derived(key, server)
        if _public(private) == key.public_key:
            return private
    return None


def _derived(key: SigningKey, server: str) -> Ed25519PrivateKey:
    seed = salted_hmac(SALT, f"{key.pk}:{key.nonce}", secret=server, algorithm="sha256").digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes_raw().hex()
