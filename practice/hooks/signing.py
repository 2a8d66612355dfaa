"""Secrets and signatures of webhooks. A secret is derived, never stored: half of it is the server's own."""

import base64
import datetime
import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from practice.models import Webhook

MARK = "whsec_"
SALT = "remit.webhook"


def secret(id: UUID, nonce: str, *, key: str = "") -> str:
    """What the receiver is given, once: 32 bytes in the form that its library takes."""
    return MARK + base64.b64encode(_bytes(id, nonce, key or settings.SECRET_KEY)).decode()


def headers(
    webhook: Webhook, message: str, body: bytes, *, at: datetime.datetime
) -> dict[str, str]:
    """Identity, time and signatures; while a secret is being replaced there are several."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((message.encode(), timestamp.encode(), body))
    return {
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(k, signed) for k in _keys(webhook, at)),
    }


def _keys(webhook: Webhook, at: datetime.datetime) -> list[bytes]:
    nonces = [webhook.nonce]
    if webhook.earlier_nonce and webhook.earlier_until and at < webhook.earlier_until:
        nonces.append(webhook.earlier_nonce)
    # While the server's own key is being replaced, receivers still hold what came from the old one.
    servers = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_bytes(webhook.pk, nonce, key) for nonce in nonces for key in servers]


def _bytes(id: UUID, nonce: str, key: str) -> bytes:
    return salted_hmac(SALT, f"{id}:{nonce}", secret=key, algorithm="sha256").digest()


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
