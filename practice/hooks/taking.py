"""From the event log to deliveries: one per event and webhook, none left out, none twice."""

import datetime
from uuid import UUID

import structlog
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Replace

from practice import ids
from practice.models import Delivery, Event, Notice, Webhook

log = structlog.get_logger(__name__)
KIND, RECIPIENT = "webhook", "webhook"
BATCH = 500
# Events are committed in another order than their ids are made, and clocks are set back. Behind the cursor, which
# stays this far behind, nothing can appear any more; what is after it is compared with what there is already.
HORIZON = datetime.timedelta(hours=2)
KEPT = datetime.timedelta(days=30)
SETTLED = [Notice.Status.DONE, Notice.Status.DEAD, Notice.Status.CANCELLED]


def take(at: datetime.datetime) -> int:
    """Write the deliveries of everything that happened; returns how many. Safe to run twice or side by side:
    (webhook, event) is unique and the cursor only goes forward."""
    news = Event.objects.filter(practice_id=OuterRef("practice_id"), id__gt=OuterRef("cursor"))
    made = 0
    for webhook in list(Webhook.objects.filter(Exists(news), status=Webhook.Status.ACTIVE)):
        try:
            made += _take(webhook, at)
        except Exception:  # one webhook must not silence the others; the next tick tries again
            log.exception("webhook_take_failed", webhook=str(webhook.pk))
    return made


def prune(at: datetime.datetime) -> int:
    """Old deliveries and their attempts, a batch at a time. The events themselves stay for ever."""
    old = Delivery.objects.filter(status__in=SETTLED, due_at__lt=at - KEPT).order_by("due_at", "id")
    return Delivery.objects.filter(id__in=list(old.values_list("id", flat=True)[:BATCH])).delete()[
        0
    ]


def _take(webhook: Webhook, at: datetime.datetime) -> int:
    newest = Event.objects.filter(practice_id=webhook.practice_id).order_by("-id").first()
    after, made = webhook.cursor, 0
    while batch := list(_missing(webhook, after)[:BATCH]):
        Notice.objects.bulk_create(
            [_delivery(webhook, *event, at) for event in batch], ignore_conflicts=True
        )
        after, made = batch[-1][0], made + len(batch)
    # Never past what was there: a clock that is ahead must not skip what is written when it is right again.
    settled = min(ids.floor(at - HORIZON), newest.pk if newest else webhook.cursor)
    Webhook.objects.filter(pk=webhook.pk, cursor__lt=settled).update(cursor=settled)
    return made


def _missing(webhook: Webhook, after: UUID) -> "QuerySet[Event, tuple[UUID, UUID | None]]":
    there = Notice.objects.filter(
        practice_id=webhook.practice_id,
        kind=KIND,
        subject_id=webhook.pk,
        occurrence=OuterRef("key"),
        recipient=RECIPIENT,
    )
    events = Event.objects.filter(_wanted(webhook.kinds), practice_id=webhook.practice_id)
    if webhook.client_id:
        events = events.filter(client_id=webhook.client_id)
    # One engine writes an id with dashes and the other without.
    key = Replace(Cast("id", CharField()), Value("-"), Value(""))
    return (
        events.filter(id__gt=after)
        .annotate(key=key)
        .filter(~Exists(there))
        .order_by("id")
        .values_list("id", "client_id")
    )


def _wanted(kinds: list[str]) -> Q:
    wanted = Q(kind__in=[kind for kind in kinds if not kind.endswith(".*")])
    for kind in kinds:
        if kind.endswith(".*"):
            wanted |= Q(kind__startswith=kind.removesuffix("*"))
    return wanted if kinds else Q()


def _delivery(webhook: Webhook, event: UUID, client: UUID | None, at: datetime.datetime) -> Notice:
    return Notice(
        practice_id=webhook.practice_id,
        client_id=client,
        channel=Notice.Channel.HOOK,
        kind=KIND,
        subject_id=webhook.pk,
        occurrence=event.hex,
        recipient=RECIPIENT,
        due_at=at,
        created_at=at,
    )
