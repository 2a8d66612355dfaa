"""The reference: what a careful plain Django view of the same page costs. `.values()`, orjson, the same key look-up."""

import hmac
from collections.abc import Callable
from typing import Any

import orjson
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from practice import keys
from practice.models import ApiKey, Client

KEY = ("id", "secret_hash", "practice_id", "client_id", "scopes", "name", "last_used_at")
FIELDS = (
    "id",
    "version",
    "created_at",
    "name",
    "legal_name",
    "industry",
    "country",
    "time_zone",
    "currency",
    "fiscal_year_start",
    "status",
    "responsible",
    "contacts_count",
)


def clients(request: HttpRequest) -> HttpResponse:
    key = _key(request)
    if key is None:
        return HttpResponse(status=401)
    size = int(request.GET.get("limit", "50"))
    found = list(_rows(key).order_by("name", "id")[: size + 1])
    following = f"?limit={size}&after={found[size - 1]['id']}" if len(found) > size else None
    return _json({"next": following, "previous": None, "results": found[:size]})


def client(request: HttpRequest, id: str) -> HttpResponse:
    key = _key(request)
    if key is None:
        return HttpResponse(status=401)
    found = _rows(key).filter(pk=id).first()
    return _json(found) if found else HttpResponse(status=404)


def _rows(key: dict[str, Any]) -> Any:
    rows = Client.objects.filter(practice_id=key["practice_id"])
    return rows.values(*FIELDS, responsible_name=F("responsible__user__name"))


def _key(request: HttpRequest) -> dict[str, Any] | None:
    text = request.headers.get("Authorization", "").removeprefix("Bearer ")
    _, prefix, secret = text.split("_", 2)
    now = timezone.now()
    rows = ApiKey.objects.filter(prefix=prefix, revoked_at=None, expires_at__gt=now)
    key = rows.values(*KEY).first()
    if key is None or not hmac.compare_digest(key["secret_hash"], keys.digest(secret)):
        return None
    return key


def _json(data: Any) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/json")


def own_addresses(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[assignment]
        return get_response(request)

    return middleware


urlpatterns = [
    path("reference/clients/", clients),
    path("reference/clients/<uuid:id>/", client),
]

# What `startproject` writes, no more: the reference carries none of the product's own middleware.
MIDDLEWARE = [
    "benchmarks.reference.own_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
