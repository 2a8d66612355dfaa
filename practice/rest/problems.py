"""Every error is an RFC 9457 problem with a stable code and no word about the inside of the house."""

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from practice.refusals import NotAllowed, NotFound, Refusal, TooLarge
from practice.rest import render

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "The request cannot be understood",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "No such verb here",
    406: "No such format",
    409: "Does not fit the present state",
    412: "Changed in the meantime",
    413: "Too large",
    415: "Send JSON",
    416: "No such part",
    422: "Refused",
    428: "If-Match is needed",
    429: "Too many requests",
    500: "Our fault",
    503: "Busy",
}
CODES = {
    exceptions.ParseError: "malformed",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.Throttled: "throttled",
}


def problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    return {
        "type": f"urn:remit:problem:{code}",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }


def handler(exc: Exception, context: dict[str, Any]) -> Response:
    """DRF calls this for whatever a view raises."""
    set_rollback()
    headers = {}
    exc = _ours(exc)
    if isinstance(exc, Refusal):
        body = of_refusal(exc)
    elif isinstance(exc, exceptions.ValidationError):
        body = problem(
            400, "invalid", "Some of the input cannot be accepted.", errors=flat(exc.detail)
        )
    elif isinstance(exc, exceptions.APIException):
        body = problem(exc.status_code, CODES.get(type(exc), "invalid"), str(exc.detail))
        if getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
        if getattr(exc, "wait", None):
            headers["Retry-After"] = str(int(exc.wait) + 1)  # type: ignore[attr-defined]
    elif isinstance(exc, OperationalError):
        log.error("database_unavailable", fault=type(exc).__name__)
        body = problem(503, "busy", "The database did not answer in time; try again.")
        headers["Retry-After"] = "2"
    else:
        log.exception("request_failed")
        body = problem(
            500, "internal", "Something went wrong on our side. The request id helps us find it."
        )
    # JSON, whatever the view would have rendered: pages and YAML know no problems.
    asked = context["request"]
    asked.accepted_renderer, asked.accepted_media_type = render.Json(), MEDIA_TYPE
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _ours(exc: Exception) -> Exception:
    """What Django raises, as the refusal or error that it amounts to here."""
    if isinstance(exc, Http404):
        return NotFound()
    if isinstance(exc, PermissionDenied | exceptions.PermissionDenied):
        return NotAllowed(str(exc) if "CSRF" in str(exc) else "")
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, SuspiciousOperation):
        return exceptions.ParseError("This form cannot be read.")
    return exc


def of_refusal(refusal: Refusal) -> dict[str, Any]:
    errors = getattr(refusal, "errors", None)
    more = dict(refusal.facts)
    if errors:
        more["errors"] = errors
    return problem(refusal.status, refusal.code, refusal.sentence, **more)


def flat(detail: Any, at: str = "") -> dict[str, list[str]]:
    """DRF's nested errors as dotted field names."""
    if isinstance(detail, dict):
        parts = [flat(value, f"{at}.{key}".lstrip(".")) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        parts = [flat(value, f"{at}.{i}".lstrip(".")) for i, value in enumerate(detail)]
    else:
        sentences = [str(item) for item in (detail if isinstance(detail, list) else [detail])]
        return {at or "body": sentences} if sentences else {}
    return {field: sentences for part in parts for field, sentences in part.items()}


def plain(status: int, code: str, detail: str) -> HttpResponse:
    """A problem from outside DRF: unknown addresses, refused hosts."""
    return HttpResponse(
        render.dumps(problem(status, code, detail)), status=status, content_type=MEDIA_TYPE
    )


def not_found(request: HttpRequest) -> HttpResponse:
    return plain(status.HTTP_404_NOT_FOUND, NotFound.code, NotFound.sentence)
