"""What reaches people and software: inbox items, calendar feeds, choices of reminders, webhooks with their deliveries."""

import datetime
from typing import Any

from practice import access, ids, preferences, reminder_times
from practice.feeds import opening
from practice.hooks import subscriptions
from practice.models import Client, Contact, Delivery, DeliveryAttempt, InboxItem, Member, Notice
from tests import make

URL = "https://hooks.example.com/in"
# Kinds whose times the practice has set itself; one is still to be set (tests/doors/moves_channelled.py).
KINDS = ("reassessment", "strategy_review", "phase_end")
Rows = dict[str, Any]


def rows_at(client: Client, owner: Member, person: Member | Contact) -> tuple[Rows, Rows]:
    """Of one place: whose inbox item and feed it is, and the owner's webhook. And those in another state."""
    found: Rows = {}
    hook, stopped = (_webhook(owner, client) for _ in range(2))
    stopped = subscriptions.disable(stopped, by=make.actor(owner), at=make.NOW)
    delivery = _delivery(client, hook.pk)
    attempt = DeliveryAttempt.objects.create(
        practice=client.practice,
        notice_id=delivery.pk,
        number=1,
        at=make.NOW,
        answered=500,
        created_at=make.NOW,
    )
    found |= {"webhook": hook, "delivery": delivery, "deliveryattempt": attempt}
    found |= {"inboxitem": item(client, person), "feed": feed(person)}
    read = item(client, person)
    type(read)._base_manager.filter(pk=read.pk).update(read_at=make.NOW)
    return found, {"webhook stopped": stopped, "inbox item read": read}


def item(client: Client, person: Member | Contact) -> InboxItem:
    """A letter that one person was sent about a client."""
    kind = "member" if isinstance(person, Member) else "contact"
    return InboxItem._base_manager.create(
        practice=client.practice,
        client=client,
        channel=Notice.Channel.MAIL,
        kind="entry_due",
        subject_id=ids.new(),
        occurrence="sent",
        recipient=f"{kind}:{person.pk}",
        address="someone@canary.test",
        status=Notice.Status.DONE,
        title="T",
        link="/desk/",
        due_at=make.NOW,
        created_at=make.NOW,
    )


def feed(person: Member | Contact) -> Any:
    row, _ = opening.open_feed(by=make.actor(person), at=make.NOW)
    return row


def choice(person: Member | Contact) -> None:
    quiet = {"quiet_from": datetime.time(20), "quiet_until": datetime.time(7)}
    preferences.choose(by=make.actor(person), at=make.NOW, digest="weekly", **quiet)


def rows_of_house(owner: Member) -> list[Any]:
    """The practice's own offsets, and a webhook that is told of everything in it."""
    by = make.actor(owner)
    times = [
        reminder_times.set_for(kind=kind, before="20d, 2d", by=by, at=make.NOW) for kind in KINDS
    ]
    return [_webhook(owner, None), times[0]]


def _webhook(owner: Member, client: Client | None) -> Any:
    by = access.system(owner.practice_id)
    row, _ = subscriptions.add(name="W", url=URL, client=client, by=by, at=make.NOW)
    return row


def _delivery(client: Client, webhook: Any) -> Delivery:
    """One that was given up."""
    return Delivery._base_manager.create(
        practice=client.practice,
        client=client,
        channel=Notice.Channel.HOOK,
        kind="webhook",
        subject_id=webhook,
        occurrence=ids.new().hex,
        recipient="webhook",
        status=Notice.Status.DEAD,
        due_at=make.NOW,
        created_at=make.NOW,
    )
