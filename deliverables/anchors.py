"""Heads signed and sent outside, so that also the end of a log cannot be cut off unseen: on request, and once a day."""

import datetime
import zoneinfo
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import models, transaction
from django.db.models import F

from deliverables import chain, signing
from deliverables.models import Anchor, Chain, HeadFeed, SigningKey
from practice import access, agenda, events, rows
from practice.access import Actor
from practice.models import Practice
from practice.quarters import local_day
from practice.refusals import Conflict

KIND = "head_feed"
# Before people come in, and after every hour that a change of the clocks leaves out.
HOUR = datetime.time(4, 30)


class LogEmpty(Conflict):
    code, sentence = "log_empty", "Nothing is sealed in this log yet, so it has no head."


def anchor(
    log: Chain, *, carried_by: models.Model | None = None, by: Actor, at: datetime.datetime
) -> Anchor:
    """Sign the head as it is now. `carried_by`: what takes it outside, such as a receipt or a report."""
    access.require(by, "log", "anchor")
    with transaction.atomic():
        log = access.get(by, Chain, log.pk, lock=True)
        if not log.length:
            raise LogEmpty
        key, private = signing.present(log.practice_id, by=by, at=at)
        signed = _signed(log, key, private, at)
        if carried_by is not None:
            signed.carrier_kind = carried_by._meta.model_name or ""
            signed.carrier_id = carried_by.pk
        signed.save(force_insert=True)
        said = {"number": signed.number, "hash": signed.hash}
        events.record("log.anchored", by=by, at=at, subject=log, after=said)
    return signed


def watch(practice_id: UUID, *, at: datetime.datetime) -> None:
    """Have this practice's heads published every day from the next on. Asked again, it changes nothing.

    In the transaction that begins a log.
    """
    practice = Practice.objects.get(pk=practice_id)
    tomorrow = local_day(at, practice.time_zone) + datetime.timedelta(days=1)
    local = datetime.datetime.combine(tomorrow, HOUR, zoneinfo.ZoneInfo(practice.time_zone))
    agenda.plan(
        KIND,
        subject_id=practice_id,
        practice_id=practice_id,
        due_at=local.astimezone(datetime.UTC),
        at=at,
        title="The heads of the logs are published",
        time_zone=practice.time_zone,
    )


def publish(practice_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The effect: in the transaction that marks its notice done, so a day has one feed, and the next is planned.

    After an outage there is one, for today. A day on which nothing was sealed has one too: that says so.
    """
    practice = Practice.objects.get(pk=practice_id)
    on = local_day(at, practice.time_zone)
    last = HeadFeed.objects.filter(practice_id=practice_id).order_by("-number").first()
    if last is None or last.on < on:
        _publish(practice, last, on, by, at)
    watch(practice_id, at=at)


def _publish(
    practice: Practice,
    last: HeadFeed | None,
    on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> None:
    # In the order of their ids, and each log before the key: the same order as everybody's.
    logs = Chain.objects.filter(practice=practice, length__gt=F("anchored")).order_by("id")
    moved = list(logs.select_for_update(of=("self",)))
    key, private = signing.present(practice.pk, by=by, at=at)
    signed = [_signed(log, key, private, at) for log in moved]
    number = last.number + 1 if last else 1
    text = chain.feed(
        practice=practice.pk,
        number=number,
        on=on,
        at=at,
        heads=[chain.sha256(one.text) for one in signed],
        previous=last.hash if last else chain.START,
        key=key.public_key,
    )
    feed = HeadFeed(
        practice=practice,
        number=number,
        on=on,
        text=text,
        hash=chain.sha256(text),
        key=key,
        signature=signing.sign(private, text),
    )
    rows.add(feed, by=by, at=at, kind="heads.published")
    for one in signed:
        one.feed = feed
    Anchor.objects.bulk_create(signed)
    Chain.objects.filter(pk__in=[log.pk for log in moved]).update(anchored=F("length"))


def _signed(
    log: Chain, key: SigningKey, private: Ed25519PrivateKey, at: datetime.datetime
) -> Anchor:
    text = chain.head(
        log=log.engagement_id, seq=log.length, hash=log.head, at=at, key=key.public_key
    )
    return Anchor(
        practice_id=log.practice_id,
        client_id=log.client_id,
        engagement_id=log.engagement_id,
        created_at=at,
        number=log.length,
        hash=log.head,
        text=text,
        key=key,
        signature=signing.sign(private, text),
    )
