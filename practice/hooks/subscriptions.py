"""Who is told of events: adding a webhook, changing it, replacing its secret, stopping and starting it, sending again."""

import datetime
import re
import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from practice import access, ids, notices, rows
from practice.access import Actor
from practice.hooks import addresses, signing
from practice.models import Client, Delivery, Member, Notice, Webhook
from practice.nudges import nudge
from practice.refusals import Conflict, Invalid

PER_PRACTICE = 20
MOST_KINDS = 50
KIND = re.compile(r"[a-z][a-z_]*\.([a-z][a-z_]*|\*)\Z")
# How far back a webhook that is started again takes up what happened meanwhile.
CATCH_UP = datetime.timedelta(days=7)
GRACE = 24
OPEN = [Notice.Status.WAITING, Notice.Status.TAKEN]
Status = Webhook.Status


class TooManyWebhooks(Conflict):
    code, sentence = "too_many_webhooks", "A practice has at most 20 webhooks."


class OnItsWay(Conflict):
    code, sentence = "on_its_way", "This delivery is still being tried."


def add(
    *,
    name: str,
    url: str,
    client: Client | None = None,
    kinds: list[str] | None = None,
    by: Actor,
    at: datetime.datetime,
) -> tuple[Webhook, str]:
    """A webhook that is told of everything from now on, and its signing secret, shown this once."""
    access.require(by, "webhook", "add")
    practice_id = access.practice_of(by)
    webhook = Webhook(
        practice_id=practice_id,
        name=name,
        url=_url(url),
        client=client,
        kinds=_kinds(kinds or []),
        nonce=secrets.token_hex(16),
        cursor=ids.floor(at),
    )
    with transaction.atomic():
        if Webhook.objects.filter(practice_id=practice_id).count() >= PER_PRACTICE:
            raise TooManyWebhooks
        rows.add(webhook, by=by, at=at, kind="webhook.added")
    return webhook, signing.secret(webhook.pk, webhook.nonce)


def change(
    webhook: Webhook,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Webhook:
    access.require(by, "webhook", "change")
    if "url" in changes:
        changes["url"] = _url(changes["url"])
    if "kinds" in changes:
        changes["kinds"] = _kinds(changes["kinds"])
    return rows.change(webhook, changes, by=by, at=at, kind="webhook.changed", expected=expected)


def rotate(
    webhook: Webhook, *, by: Actor, at: datetime.datetime, grace_hours: int = GRACE
) -> tuple[Webhook, str]:
    """A new secret. For the grace everything is signed with both, so that nothing is refused meanwhile."""
    access.require(by, "webhook", "change")
    with transaction.atomic():
        webhook = access.get(by, Webhook, webhook.pk, lock=True)
        changes = {
            "nonce": secrets.token_hex(16),
            "earlier_nonce": webhook.nonce,
            "earlier_until": at + datetime.timedelta(hours=grace_hours),
        }
        webhook = rows.change(webhook, changes, by=by, at=at, kind="webhook.rotated")
    return webhook, signing.secret(webhook.pk, webhook.nonce)


def disable(
    webhook: Webhook,
    *,
    by: Actor,
    at: datetime.datetime,
    reason: str = "owner",
    expected: int | None = None,
) -> Webhook:
    """Nothing is sent from now on. What has not been delivered waits; starting it again takes it up."""
    access.require(by, "webhook", "change")
    if webhook.status == Status.DISABLED:
        return webhook
    changes = {"status": Status.DISABLED, "disabled_by": reason, "disabled_at": at}
    return rows.change(webhook, changes, by=by, at=at, kind="webhook.disabled", expected=expected)


def enable(
    webhook: Webhook, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Webhook:
    """Start again, with what happened meanwhile, at most seven days back."""
    access.require(by, "webhook", "change")
    with transaction.atomic():
        webhook = access.get(by, Webhook, webhook.pk, lock=True)
        if webhook.status == Status.ACTIVE:
            return webhook
        changes = {
            "status": Status.ACTIVE,
            "disabled_by": "",
            "disabled_at": None,
            "cursor": max(webhook.cursor, ids.floor(at - CATCH_UP)),
            "failures": 0,
            "failing_since": None,
            "paused_until": None,
        }
        webhook = rows.change(
            webhook, changes, by=by, at=at, kind="webhook.enabled", expected=expected
        )
        transaction.on_commit(lambda: nudge("deliver"))
    return webhook


def remove(
    webhook: Webhook, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    access.require(by, "webhook", "remove")
    with transaction.atomic():
        rows.remove(webhook, by=by, at=at, kind="webhook.removed", expected=expected)
        _undelivered(webhook.pk).update(status=Notice.Status.CANCELLED)


def replay(delivery: Delivery, *, by: Actor, at: datetime.datetime) -> Delivery:
    """Send it again from the first attempt, delivered or not, under the same webhook-id."""
    access.require(by, "webhook", "change")
    with transaction.atomic():
        delivery = access.get(by, Delivery, delivery.pk, lock=True)
        if delivery.status in OPEN:
            raise OnItsWay
        # A webhook that is gone has nothing to send to.
        access.get(by, Webhook, delivery.subject_id)
        changes = {
            "status": Notice.Status.WAITING,
            "attempts": 0,
            "due_at": at,
            "done_at": None,
            "fault": "",
        }
        delivery = rows.change(delivery, changes, by=by, at=at, kind="notice.replayed")
        transaction.on_commit(lambda: nudge("deliver"))
    return delivery


def stop(webhook: Webhook, *, reason: str, at: datetime.datetime) -> None:
    """The drain gives a receiver up, and the owners are told."""
    by = access.system(webhook.practice_id)
    with transaction.atomic():
        webhook = access.get(by, Webhook, webhook.pk, lock=True)
        if webhook.status == Status.DISABLED:
            return
        disable(webhook, by=by, at=at, reason=reason)
        owners = Member.objects.filter(
            practice_id=webhook.practice_id, role=access.OWNER, active=True
        )
        for id, address in owners.values_list("id", "user__email"):
            notices.ask(
                "webhook_disabled",
                practice_id=webhook.practice_id,
                client_id=webhook.client_id,
                subject_id=webhook.pk,
                recipient=f"member:{id}",
                address=address,
                occurrence=at.isoformat(),
                at=at,
            )


def networks() -> tuple[addresses.Network, ...]:
    return tuple(settings.WEBHOOK_NETWORKS)


def _undelivered(webhook_id: UUID) -> Any:
    return Delivery.objects.filter(subject_id=webhook_id, status__in=OPEN)


def _url(url: str) -> str:
    try:
        addresses.parse(url, http=settings.WEBHOOK_HTTP, networks=networks())
    except addresses.BadAddress as bad:
        raise Invalid({"url": [str(bad)]}) from bad
    return url


def _kinds(kinds: list[str]) -> list[str]:
    if len(kinds) > MOST_KINDS:
        raise Invalid({"kinds": [f"At most {MOST_KINDS}."]})
    wrong = [kind for kind in kinds if not KIND.match(kind)]
    if wrong:
        raise Invalid({"kinds": ["Kinds such as client.changed, or client.* for all of one sort."]})
    return sorted(set(kinds))
