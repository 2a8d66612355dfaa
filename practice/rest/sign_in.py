"""Who is calling: an API key, or the session of somebody signed in at the desk or portal."""

import datetime
import hmac
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission

from practice import identity, keys
from practice.access import KEY, Actor
from practice.logs import bind
from practice.models import ApiKey
from practice.rest.prepared import Prepared, Slot
from practice.rest.throttle import refuse_guessing

USE_NOTED_EVERY = datetime.timedelta(hours=1)
# Asked on every call of the API: building and compiling it anew took a fifth of a list's time.
KEY_ROW = Prepared(
    lambda: ApiKey.objects.filter(
        prefix=Slot("prefix", models.CharField()),
        revoked_at=None,
        expires_at__gt=Slot("now", models.DateTimeField()),
    ).values_list("id", "secret_hash", "practice_id", "client_id", "scopes", "name", "last_used_at")
)
WRONG = "This API key is not valid."


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer rmt_…`"""

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="Remit API"'

    def authenticate(self, request: Any) -> tuple[None, Actor] | None:
        scheme, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer":
            raise AuthenticationFailed("Use 'Authorization: Bearer' with an API key.")
        try:
            return None, key_actor(text.strip(), identity.request_id(request))
        except AuthenticationFailed:
            refuse_guessing(request)
            raise


def key_actor(text: str, request_id: str = "") -> Actor:
    now = timezone.now()
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if mark != keys.MARK or not prefix.isascii() or not prefix.isalnum() or not secret:
        raise AuthenticationFailed(WRONG)
    found = KEY_ROW.rows(prefix=prefix, now=now)
    if not found or not hmac.compare_digest(found[0][1], keys.digest(secret)):
        raise AuthenticationFailed(WRONG)
    id, _, practice_id, client_id, scopes, name, last_used_at = found[0]
    if last_used_at is None or last_used_at < now - USE_NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
        ApiKey.objects.filter(stale, id=id).update(last_used_at=now)
    return _actor(id, practice_id, client_id, scopes, name, request_id)


def actor_of_key(id: UUID, *, at: datetime.datetime) -> Actor | None:
    """Who a key acts as, if it has not ended: for what it was given a link to."""
    rows = ApiKey.objects.filter(pk=id, revoked_at=None, expires_at__gt=at)
    found = rows.values_list("id", "practice_id", "client_id", "scopes", "name").first()
    return _actor(*found) if found else None


def _actor(
    id: UUID,
    practice_id: UUID,
    client_id: UUID | None,
    scopes: list[str],
    name: str,
    request_id: str = "",
) -> Actor:
    bind(practice_id=practice_id)
    return Actor(
        role=KEY,
        kind="key",
        practice_id=practice_id,
        id=id,
        client_id=client_id,
        scopes=frozenset(scopes),
        name=name,
        source="api",
        request_id=request_id,
    )


class PageSessionAuthentication(SessionAuthentication):
    """The browser's session; writes need the CSRF token, as on any page."""

    def authenticate(self, request: Any) -> tuple[Any, Actor] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        here = identity.here(request._request, source="api")
        return (found[0], here.actor) if here else None


class ActorOnly(BasePermission):
    """Somebody known. What they may do is the access table's business."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return isinstance(request.auth, Actor)
