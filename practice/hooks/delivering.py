"""The drain of webhooks, apart from the mail's: claims deliveries fairly, calls their receivers, records what came back."""

import datetime
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from practice.hooks import addresses, calling, schedule, signing, subscriptions
from practice.hooks.calling import Answer
from practice.models import Delivery, DeliveryAttempt, Event, Notice, Webhook

log = structlog.get_logger(__name__)
THREADS = 16
# A receiver gets one call at a time, whoever drains, and a practice has two of a drain's sixteen at most: nobody waits
# for another's.
PER_PRACTICE = 2
# Above a call's timeout and a slow look-up of its name.
LEASE = datetime.timedelta(seconds=120)
GONE = 410
OPEN = subscriptions.OPEN
Clock = Callable[[], datetime.datetime]


@dataclass(frozen=True)
class Job:
    """One delivery on its way, with the ticket that allows to mark it."""

    delivery: Delivery
    webhook: Webhook
    headers: dict[str, str]
    body: bytes


@dataclass
class Flight:
    """What is on its way during one drain."""

    jobs: dict["Future[Answer]", Job] = field(default_factory=dict)

    @property
    def practices(self) -> Counter[UUID]:
        return Counter(job.webhook.practice_id for job in self.jobs.values())


def drain(*, seconds: float = 30.0, clock: Clock = timezone.now) -> int:
    """Deliver what waits, until nothing does or the time is up; returns how many calls were made.

    Only the calls run in threads; the database is this thread's alone.
    """
    made, stop, flight = 0, time.monotonic() + seconds, Flight()
    with ThreadPoolExecutor(THREADS) as pool:
        while True:
            if time.monotonic() < stop:
                for job in _claim(flight, clock()):
                    flight.jobs[pool.submit(_call, job)] = job
            if not flight.jobs:
                return made
            done, _ = wait(flight.jobs, timeout=0.5, return_when=FIRST_COMPLETED)
            for future in done:
                _record(flight.jobs.pop(future), future.result(), clock())
                made += 1


def waiting(at: datetime.datetime) -> bool:
    """Whether a drain would find anything."""
    return _ready(at).exists()


def body_of(event: Event) -> bytes:
    """What a receiver is told: which kind, of what, when. To see more it asks the API, with a key of its own."""
    data = {
        "event": event.pk,
        "practice": event.practice_id,
        "client": event.client_id,
        "subject_kind": event.subject_kind,
        "subject": event.subject_id,
    }
    return orjson.dumps({"type": event.kind, "timestamp": event.at, "data": data})


def _ready(now: datetime.datetime) -> QuerySet[Webhook]:
    """Receivers that have something due, are not resting and are not being called, the longest untried first."""
    due = Delivery.objects.filter(subject_id=OuterRef("pk"), status__in=OPEN, due_at__lte=now)
    rested = Q(paused_until=None) | Q(paused_until__lte=now)
    called = Exists(_on_the_way(OuterRef("pk"), now))
    rows = Webhook.objects.filter(rested, Exists(due), ~called, status=Webhook.Status.ACTIVE)
    return rows.order_by(F("tried_at").asc(nulls_first=True), "id")


def _on_the_way(webhook: UUID | OuterRef, now: datetime.datetime) -> QuerySet[Delivery]:
    """What a drain, this one or another, has on its way; a crashed drain's until its lease runs out."""
    return Delivery.objects.filter(subject_id=webhook, status=Notice.Status.TAKEN, due_at__gt=now)


def _claim(flight: Flight, now: datetime.datetime) -> list[Job]:
    room, practices = THREADS - len(flight.jobs), flight.practices
    jobs: list[Job] = []
    if not room:
        return []
    for webhook in _ready(now)[: room * 4]:
        if len(jobs) < room and practices[webhook.practice_id] < PER_PRACTICE:
            job = _lease(webhook, now)
            if job is not None:
                jobs.append(job)
                practices[webhook.practice_id] += 1
    return jobs


def _lease(webhook: Webhook, now: datetime.datetime) -> Job | None:
    """The webhook's next delivery. The attempt is counted here, before the call: one that kills its worker counts."""
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        # Under the webhook's lock, so that of two drains one sees what the other has taken.
        its = Webhook.objects.filter(pk=webhook.pk).select_for_update(skip_locked=skip)
        if its.first() is None or _on_the_way(webhook.pk, now).exists():
            return None
        rows = Delivery.objects.filter(subject_id=webhook.pk, status__in=OPEN, due_at__lte=now)
        delivery = rows.order_by("due_at", "id").select_for_update(skip_locked=skip).first()
        if delivery is None:
            return None
        if delivery.attempts >= schedule.ATTEMPTS:
            fault = delivery.fault or "WorkerLost"
            Delivery.objects.filter(pk=delivery.pk).update(status=Notice.Status.DEAD, fault=fault)
            return None
        delivery.status, delivery.due_at = Notice.Status.TAKEN, now + LEASE
        delivery.attempts += 1
        delivery.save(update_fields=["status", "due_at", "attempts"])
        Webhook.objects.filter(pk=webhook.pk).update(tried_at=now)
        event = Event.objects.get(pk=UUID(delivery.occurrence))
    body = body_of(event)
    message = f"msg_{delivery.pk.hex}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Remit-Webhooks/1",
        "Accept": "*/*",
        **signing.headers(webhook, message, body, at=now),
    }
    return Job(delivery, webhook, headers, body)


def _call(job: Job) -> Answer:
    networks = subscriptions.networks()
    try:
        target = addresses.parse(job.webhook.url, http=settings.WEBHOOK_HTTP, networks=networks)
    except addresses.BadAddress as bad:
        return Answer(None, type(bad).__name__)
    return calling.call(target, job.headers, job.body, networks=networks)


def _record(job: Job, answer: Answer, now: datetime.datetime) -> None:
    delivered = answer.status is not None and 200 <= answer.status < 300
    mine = Delivery.objects.filter(
        pk=job.delivery.pk, status=Notice.Status.TAKEN, due_at=job.delivery.due_at
    )
    with transaction.atomic():
        _log(job, answer, now)
        if delivered:
            mine.update(status=Notice.Status.DONE, done_at=now, fault="")
            Webhook.objects.filter(pk=job.webhook.pk).update(
                failures=0, failing_since=None, paused_until=None, succeeded_at=now
            )
            return
        asked = schedule.asked(answer.retry_after, now) or datetime.timedelta()
        mine.update(**_retry(job.delivery, answer, asked, now))
        _rest(job.webhook, asked, now)
    _give_up(job.webhook, answer, now)


def _retry(
    delivery: Delivery, answer: Answer, asked: datetime.timedelta, now: datetime.datetime
) -> dict[str, object]:
    fault = answer.fault or f"HTTP {answer.status}"
    pause = schedule.wait(delivery.attempts, str(delivery.pk))
    if pause is None or answer.status == GONE:
        return {"status": Notice.Status.DEAD, "fault": fault}
    return {
        "status": Notice.Status.WAITING,
        "due_at": now + max(pause, asked),
        "fault": fault,
    }


def _rest(webhook: Webhook, asked: datetime.timedelta, now: datetime.datetime) -> None:
    pause = max(schedule.pause(webhook.failures + 1), asked)
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=F("failures") + 1,
        failing_since=Coalesce("failing_since", now),
        paused_until=now + pause,
    )


def _give_up(webhook: Webhook, answer: Answer, now: datetime.datetime) -> None:
    since = webhook.failing_since
    if answer.status == GONE:
        subscriptions.stop(webhook, reason="gone", at=now)
    elif since is not None and now - since >= schedule.GIVEN_UP_AFTER:
        subscriptions.stop(webhook, reason="failing", at=now)


def _log(job: Job, answer: Answer, now: datetime.datetime) -> None:
    DeliveryAttempt.objects.create(
        practice_id=job.delivery.practice_id,
        notice_id=job.delivery.pk,
        number=job.delivery.attempts,
        at=now,
        created_at=now,
        answered=answer.status,
        fault=answer.fault[:60],
        took_ms=answer.took_ms,
    )
