"""Around every request: an id, one log line without content, and the time zone of whoever looks."""

import re
import time
import uuid
import zoneinfo
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from practice import identity

log = structlog.get_logger("remit.web")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
Next = Callable[[HttpRequest], HttpResponse]


def request_log(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        began = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        # The route's pattern, not the path: paths carry tokens, queries carry what people look for.
        route = getattr(request.resolver_match, "route", "") if request.resolver_match else ""
        took = round((time.perf_counter() - began) * 1000, 1)
        log.info(
            "request", method=request.method, route=route, status=response.status_code, ms=took
        )
        return response

    return middleware


def actor(get_response: Next) -> Next:
    """Pages show moments in the zone of the person who reads them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        here = (
            None
            if request.path.startswith("/api/")
            else identity.here(request, source=_source(request.path))
        )
        request.here = here  # type: ignore[attr-defined]
        if here is None:
            return get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(here.time_zone)):
            return get_response(request)

    return middleware


def _source(path: str) -> str:
    return "portal" if path.startswith("/portal/") else "desk"
