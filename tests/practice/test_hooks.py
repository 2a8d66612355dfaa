"""Webhooks: who has them, which events they are told of, and how they are stopped and started."""

from base64 import b64decode
from uuid import UUID

import pytest

from practice import events, ids
from practice.hooks import subscriptions, taking
from practice.models import Delivery, Event, Webhook
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.make import NOW
from tests.practice.hooking import DAY, happen, newest, states
from tests.practice.test_keys import every_text_in_the_database

# Making one.


def test_the_secret_is_shown_once_and_is_nowhere_in_the_database(cast, add):
    hook = add("https://hooks.example.com/in")
    assert hook.secret.startswith("whsec_")
    assert len(b64decode(hook.secret.removeprefix("whsec_"))) == 32
    there = every_text_in_the_database()
    assert (hook.secret in there, hook.secret.removeprefix("whsec_") in there) == (False, False)


def test_the_log_knows_that_there_is_a_webhook_and_not_its_address(cast, add):
    hook = add("https://hooks.example.com/in?token=canary")
    event = Event.objects.get(kind="webhook.added", subject_id=hook.pk)
    assert event.after["url"] == events.PERSONAL
    assert {"nonce", "earlier_nonce"} & set(event.after) == set()


@pytest.mark.parametrize("who", ["ada", "ben", "fin", "priya"])
def test_only_owners_have_webhooks(cast, who):
    with pytest.raises(NotAllowed):
        subscriptions.add(
            name="x",
            url="https://hooks.example.com/",
            by=make.actor(getattr(cast, who)),
            at=NOW,
        )


def test_another_practices_webhook_is_not_there(cast, add):
    hook = add("https://hooks.example.com/")
    with pytest.raises(NotFound):
        subscriptions.disable(hook, by=make.actor(cast.zoe), at=NOW)
    with pytest.raises(Invalid) as refused:
        subscriptions.add(
            name="x",
            url="https://hooks.example.com/",
            client=cast.orchard,
            by=make.actor(cast.zoe),
            at=NOW,
        )
    assert list(refused.value.errors) == ["client"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"url": "https://user:word@hooks.example.com/"}, "url"),
        ({"kinds": ["client"]}, "kinds"),
        ({"kinds": ["*"]}, "kinds"),
        ({"kinds": ["client.changed; drop"]}, "kinds"),
    ],
)
def test_what_cannot_be_is_refused_by_field(cast, details, field):
    given = {"name": "x", "url": "https://hooks.example.com/"} | details
    with pytest.raises(Invalid) as refused:
        subscriptions.add(by=make.actor(cast.olu), at=NOW, **given)
    assert list(refused.value.errors) == [field]


def test_a_practice_has_twenty_webhooks_at_most(cast, add):
    for number in range(subscriptions.PER_PRACTICE):
        add("https://hooks.example.com/", name=str(number))
    with pytest.raises(subscriptions.TooManyWebhooks):
        add("https://hooks.example.com/")


# From events to deliveries.


def test_each_event_becomes_one_delivery_however_often_it_is_looked_for(cast, add):
    hook, other = add("https://a.example/"), add("https://b.example/")
    Webhook.objects.update(cursor=newest())
    happened = happen(cast, 3)
    assert (taking.take(NOW), taking.take(NOW), taking.take(NOW + 30 * DAY)) == (6, 0, 0)
    for one in (hook, other):
        rows = Delivery.objects.filter(subject_id=one.pk).order_by("id")
        assert [row.occurrence for row in rows] == [event.pk.hex for event in happened]


def test_an_event_that_is_committed_late_is_not_lost(cast, add):
    """Its id was made before the others', its transaction ended after them."""
    hook = add("https://a.example/")
    early = ids.new()
    (seen,) = happen(cast)
    assert taking.take(NOW) == 1
    fields = {f.attname: getattr(seen, f.attname) for f in Event._meta.concrete_fields}
    Event.objects.create(**fields | {"id": early})
    assert (taking.take(NOW), taking.take(NOW)) == (1, 0)
    taken = Delivery.objects.filter(subject_id=hook.pk).values_list("occurrence", flat=True)
    assert sorted(taken) == sorted([early.hex, seen.pk.hex])


def test_a_clock_that_is_ahead_skips_nothing(cast, add):
    hook = add("https://a.example/")
    happen(cast)
    taking.take(NOW + 3650 * DAY)
    happen(cast, 2)
    taking.take(NOW)
    assert Delivery.objects.filter(subject_id=hook.pk).count() == 3


def test_the_cursor_follows_so_that_old_events_are_not_read_again(cast, add):
    hook = add("https://a.example/")
    (event,) = happen(cast)
    taking.take(NOW + 3650 * DAY)
    hook.refresh_from_db()
    assert hook.cursor == event.pk


def test_kinds_and_client_narrow_what_is_told(cast, add):
    by_kind = add("https://a.example/", kinds=["contact.*", "client.added"])
    by_client = add("https://b.example/", client=cast.quarry)
    all_of_it = add("https://c.example/")
    Webhook.objects.update(cursor=newest())
    happen(cast, client=cast.orchard)
    happen(cast, client=cast.quarry)
    make.contact(cast.orchard, "Nils", "viewer")
    taking.take(NOW)
    told = {
        hook.pk: sorted(
            Event.objects.get(pk=UUID(row.occurrence)).kind
            for row in Delivery.objects.filter(subject_id=hook.pk)
        )
        for hook in (by_kind, by_client, all_of_it)
    }
    assert told[by_kind.pk] == ["contact.added"]
    assert told[by_client.pk] == ["client.changed"]
    assert told[all_of_it.pk] == ["client.changed", "client.changed", "contact.added"]


def test_another_practices_events_are_not_told(cast, add):
    hook = add("https://a.example/")
    happen(cast, client=cast.zoes_client, owner=cast.zoe)
    assert (taking.take(NOW), states(hook)) == (0, [])
