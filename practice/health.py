"""Is it alive, is it ready, what does it measure: for machines."""

import hmac
from collections.abc import Callable
from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError
from prometheus_client import Gauge, generate_latest

from practice.models import Notice, Pulse

log = structlog.get_logger(__name__)
TICK_AGE = Gauge("remit_tick_age_seconds", "Seconds since the clockwork last ran")
WAIT = Gauge("remit_notice_wait_seconds", "How long the oldest notice that is due has waited")
NOTICES = Gauge("remit_notices", "Notices by state, but for webhooks", ["status"])
DELIVERIES = Gauge("remit_deliveries", "Deliveries of webhooks by state", ["status"])
# Three missed ticks are an outage; one may be a slow minute.
PATIENCE = 3


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked, so that a slow database does not get it killed."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database and broker answer; the ages of clock and worker are told, and old is not unready: pages work without."""
    parts = {"database": _try(_database), "broker": _try(_broker)}
    ready = all(parts.values())
    age = tick_age() if parts["database"] else None
    wait = longest_wait() if parts["database"] else None
    body = {
        "status": "ready" if ready else "not ready",
        **{name: "ok" if fine else "unreachable" for name, fine in parts.items()},
        "tick_age_seconds": None if age is None else round(age, 1),
        "tick": "late" if is_late(age) else "ok",
        "notice_wait_seconds": None if wait is None else round(wait, 1),
        "worker": "late" if is_late(wait) else "ok",
    }
    return JsonResponse(body, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for the bearer of METRICS_TOKEN; without one the page does not exist."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if (
        not settings.METRICS_TOKEN
        or scheme != "Bearer"
        or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    ):
        raise Http404
    TICK_AGE.set(tick_age() or -1)
    WAIT.set(longest_wait())
    # Receivers that fail are a practice's trouble, notices that do are the installation's.
    to_software = Q(channel=Notice.Channel.HOOK)
    for status in (Notice.Status.WAITING, Notice.Status.TAKEN, Notice.Status.DEAD):
        found = Notice.objects.filter(status=status)
        NOTICES.labels(status).set(found.exclude(to_software).count())
        DELIVERIES.labels(status).set(found.filter(to_software).count())
    return HttpResponse(generate_latest(), content_type="text/plain; version=0.0.4")


def tick_age() -> float | None:
    pulse = Pulse.objects.filter(name="tick").first()
    return (timezone.now() - pulse.at) / timedelta(seconds=1) if pulse else None


def is_late(age: float | None) -> bool:
    return age is None or age > settings.TICK_SECONDS * PATIENCE


def longest_wait() -> float:
    """Whether the worker works off what the clock finds: a tick that runs shows only half of that."""
    now, channel = timezone.now(), Notice.Channel
    due = Notice.objects.filter(due_at__lte=now).order_by("due_at", "id")
    # In two questions, because each has an index that holds nothing else.
    letters = due.filter(status__in=[Notice.Status.WAITING, Notice.Status.TAKEN])
    letters = letters.exclude(channel__in=[channel.HOOK, channel.DIGEST])
    lines = due.filter(status=Notice.Status.WAITING, channel=channel.DIGEST, digest=None)
    oldest = [rows.values_list("due_at", flat=True).first() for rows in (letters, lines)]
    return max(((now - at) / timedelta(seconds=1) for at in oldest if at), default=0.0)


def _try(part: Callable[[], None]) -> bool:
    try:
        part()
    except (DatabaseError, OperationalError, OSError) as fault:
        log.error("not_ready", part=part.__name__, fault=type(fault).__name__)
        return False
    return True


def _database() -> None:
    # A table of ours: a database that is there but not migrated cannot serve anybody either.
    Pulse.objects.filter(name="tick").exists()


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2, interval_start=0)
