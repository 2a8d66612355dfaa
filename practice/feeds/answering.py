"""The address of a feed: no sign-in, the token is all. A wrong, revoked or orphaned one is not there."""

import datetime
import hashlib
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from practice.access import Actor
from practice.feeds import calendars, opening
from practice.feeds.opening import SCOPES
from practice.logs import bind
from practice.models import Feed
from practice.refusals import NotFound
from practice.rest.throttle import Throttle, counted

PER_MINUTE = 30
USE_NOTED_EVERY = datetime.timedelta(hours=1)


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    try:
        feed, actor = opening.find(token)
    except NotFound:
        # Guessing is counted by where it comes from; the tokens are too long for it anyway.
        if not counted(f"wrong:{_from(request)}"):
            return _wait()
        return _plain("There is no such calendar.", 404)
    if not counted(f"feed:{feed.pk}", rate=PER_MINUTE):
        return _wait()
    bind(practice_id=feed.practice_id)
    now = timezone.now()
    _note_use(feed, now)
    body = calendars.write(
        _name(feed),
        opening.entries(feed, actor, at=now),
        link=_link(actor),
        for_client=actor.kind == "contact",
    )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # Kept by the one program that fetched it, and asked again each time: a revoked feed ends at once.
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="remit.ics"'
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return get_conditional_response(request, etag=etag, response=answer) or answer


def _from(request: Any) -> str:
    """By the trusted proxies' word, as the API counts."""
    return Throttle().get_ident(request)


def _name(feed: Feed) -> str:
    scope = SCOPES[feed.scope]
    return f"{feed.practice.name}: {scope.label.lower()}"


def _link(actor: Actor) -> str:
    inside = "/desk/practice/agendaentry/{id}/change/" if actor.kind == "member" else "/portal/"
    return settings.REMIT_URL + inside


def _note_use(feed: Feed, now: datetime.datetime) -> None:
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    if feed.last_used_at is None or feed.last_used_at < now - USE_NOTED_EVERY:
        Feed.objects.filter(stale, pk=feed.pk).update(last_used_at=now)


def _wait() -> HttpResponse:
    answer = _plain("Too many requests; ask again in a minute.", 429)
    answer["Retry-After"] = str(int(Throttle().wait()) + 1)
    return answer


def _plain(sentence: str, status: int) -> HttpResponse:
    answer = HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
