"""Webhooks over REST and at the desk, the page of what was sent and failed, and what the clock does besides."""

import ipaddress

import pytest
from django.db import transaction
from django.utils import timezone

from practice import clients, clockwork, notices, tasks
from practice.hooks import delivering, subscriptions, taking
from practice.models import Delivery, Event, Notice, Webhook
from tests import make
from tests.make import NOW
from tests.practice.receiving import receiver

URL = "https://hooks.example.com/in"


@pytest.fixture
def hook(cast, api) -> dict:
    return api(cast.olu).post("webhooks/", {"name": "Ledger", "url": URL}).json()


@pytest.fixture
def delivery(cast, hook) -> Delivery:
    """Of a change that happened after the webhook was made, given up."""
    clients.change(cast.orchard, industry="Fruit", by=make.actor(cast.olu), at=timezone.now())
    taking.take(timezone.now())
    event = Event.objects.order_by("-id")[0]
    Delivery.objects.filter(occurrence=event.pk.hex).update(status="dead", fault="HTTP 500")
    return Delivery.objects.get(occurrence=event.pk.hex)


def test_a_webhook_from_making_to_removing(cast, api, hook):
    olu, at = api(cast.olu), f"webhooks/{hook['id']}/"
    assert hook["secret"].startswith("whsec_")
    again = olu.get(at).json()
    assert again == {name: value for name, value in hook.items() if name != "secret"}
    changed = olu.patch(at, {"kinds": ["client.*"]}, If_Match='"1"')
    assert (changed.status_code, changed.json()["kinds"]) == (200, ["client.*"])
    assert olu.patch(at, {"name": "x"}, If_Match='"1"').status_code == 412
    fresh = olu.post(at + "rotate/", {"grace_hours": 1}).json()
    assert fresh["secret"] not in (hook["secret"], None)
    assert olu.post(at + "disable/").json()["status"] == "disabled"
    assert olu.post(at + "enable/").json()["status"] == "active"
    assert olu.delete(at).status_code == 204
    assert olu.get(at).status_code == 404
    kinds = (
        Event.objects.filter(subject_kind="webhook").order_by("id").values_list("kind", flat=True)
    )
    assert [kind.removeprefix("webhook.") for kind in kinds] == [
        "added",
        "changed",
        "rotated",
        "disabled",
        "enabled",
        "removed",
    ]


def test_a_repeat_of_the_making_shows_no_secret(cast, api):
    olu = api(cast.olu)
    body = {"name": "Ledger", "url": URL}
    first, second = (olu.post("webhooks/", body, Idempotency_Key="one").json() for _ in range(2))
    assert (first["id"], second["secret"]) == (second["id"], None)


@pytest.mark.parametrize("who", ["ada", "ben", "fin", "priya", "bot"])
def test_webhooks_and_deliveries_are_for_owners(cast, api, hook, delivery, who):
    caller = api(getattr(cast, who))
    for path in ("webhooks/", "deliveries/"):
        assert caller.get(path).status_code == 403
    assert caller.post("webhooks/", {"name": "x", "url": URL}).status_code == 403
    assert caller.post(f"deliveries/{delivery.pk}/replay/").status_code == 404


def test_another_practices_owner_finds_nothing(cast, api, hook, delivery):
    zoe = api(cast.zoe)
    assert [zoe.get(path).json()["results"] for path in ("webhooks/", "deliveries/")] == [[], []]
    for path in (
        f"webhooks/{hook['id']}/",
        f"deliveries/{delivery.pk}/",
        f"deliveries/{delivery.pk}/attempts/",
    ):
        assert zoe.get(path).status_code == 404


def test_a_delivery_tells_its_attempts_and_can_be_sent_again(cast, api, hook, delivery):
    olu, at = api(cast.olu), f"deliveries/{delivery.pk}/"
    event = Event.objects.get(kind="client.changed")
    row = olu.get(f"deliveries/?webhook={hook['id']}&event={event.pk}").json()["results"][0]
    assert (row["id"], row["webhook"], row["event"], row["fault"]) == (
        str(delivery.pk),
        hook["id"],
        event.pk.hex,
        "HTTP 500",
    )
    assert olu.get(at + "attempts/").json() == {"results": []}
    assert olu.post(at + "replay/").json()["status"] == "waiting"
    assert olu.post(at + "replay/").json()["code"] == "on_its_way"


def test_a_mail_is_no_delivery(cast, api):
    with transaction.atomic():
        notices.ask(
            "webhook_disabled",
            practice_id=cast.practice.pk,
            client_id=None,
            subject_id=make.uuid(1),
            recipient="nils",
            address="n@orchard.test",
            occurrence="once",
            at=NOW,
        )
    mail = Notice.objects.get(subject_id=make.uuid(1))
    assert api(cast.olu).get(f"deliveries/{mail.pk}/").status_code == 404


# The desk.


def test_the_desk_shows_the_secret_in_the_one_answer_that_makes_it(cast, page):
    olu = page(cast.olu)
    shown = olu.post(
        "/desk/practice/webhook/add/", {"name": "Ledger", "url": URL, "kinds": "client.*"}
    )
    row = Webhook.objects.get()
    assert (shown.status_code, "whsec_" in shown.content.decode()) == (200, True)
    assert (shown["Cache-Control"].split(",")[0], row.kinds) == ("no-store", ["client.*"])
    again = olu.get(f"/desk/practice/webhook/{row.pk}/change/").content.decode()
    assert ("whsec_" in again, "client.*" in again) == (False, True)


def test_a_bad_address_is_said_beside_the_field(cast, page):
    shown = page(cast.olu).post(
        "/desk/practice/webhook/add/", {"name": "x", "url": "http://10.0.0.1/"}
    )
    assert "The address begins with https://." in shown.content.decode()
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize("path", ["webhook/", "delivery/", "deliveryattempt/"])
def test_lists_at_the_desk_are_for_owners(cast, page, delivery, path):
    assert page(cast.olu).get(f"/desk/practice/{path}").status_code == 200
    assert page(cast.ada).get(f"/desk/practice/{path}").status_code == 403


def test_a_delivery_has_a_page_with_its_attempts(cast, page, delivery):
    shown = page(cast.olu).get(f"/desk/practice/delivery/{delivery.pk}/change/").content.decode()
    assert [text in shown for text in ("client.changed", "Ledger", "Send again", "Attempts")] == [
        True
    ] * 4


def test_what_failed_is_seen_and_tried_again_from_one_page(cast, page, delivery):
    Notice.objects.filter(pk=delivery.pk).update(channel="mail", kind="webhook_disabled")
    olu = page(cast.olu)
    shown = olu.get("/desk/motion/").content.decode()
    assert [text in shown for text in ("Given up", "HTTP 500", "Try again")] == [True] * 3
    olu.post("/desk/motion/replay/", {"notice": delivery.pk})
    row = Notice.objects.get(pk=delivery.pk)
    assert (row.status, row.attempts) == ("waiting", 0)
    assert olu.post("/desk/motion/replay/", {"notice": "nonsense"}).status_code == 404
    assert page(cast.zoe).post("/desk/motion/replay/", {"notice": delivery.pk}).status_code == 404
    assert page(cast.ada).get("/desk/motion/").status_code == 403


def test_that_page_counts_what_software_was_not_told(cast, page, delivery):
    waiting = Delivery.objects.filter(status="waiting").count()
    shown = page(cast.olu).get("/desk/motion/").content.decode()
    assert f"1 given up, {waiting} waiting" in shown
    assert "Try again" not in shown


@pytest.mark.parametrize(("who", "site"), [("olu", "desk"), ("priya", "portal")])
def test_a_calendar_is_made_and_revoked_on_a_page(cast, page, client, who, site):
    browser = page(getattr(cast, who))
    shown = browser.post(f"/{site}/calendar/make/", {"scope": "all"})
    text = shown.content.decode()
    address = text.partition("http://127.0.0.1:8000")[2].partition("</textarea>")[0]
    assert (shown["Cache-Control"].split(",")[0], client.get(address).status_code) == (
        "no-store",
        200,
    )
    assert address not in browser.get(f"/{site}/calendar/").content.decode()
    feed = text.partition('name="feed" value="')[2].partition('"')[0]
    assert browser.post(f"/{site}/calendar/revoke/", {"feed": feed}).status_code == 302
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("scope", ["", "client:", "client:nonsense", "nothing", "all:x"])
def test_a_calendar_of_nothing_is_refused_in_words(cast, page, scope):
    answer = page(cast.olu).post("/desk/calendar/make/", {"scope": scope}, follow=True)
    assert (answer.status_code, 'class="' in answer.content.decode()) == (200, True)
    assert len(answer.context["feeds"]) == 0


def test_calendars_over_rest(cast, api, client):
    ada = api(cast.ada)
    made = ada.post("calendars/", {"scope": "client", "scope_id": str(cast.orchard.pk)})
    assert made.status_code == 201
    path = made.json()["secret"].removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert ada.post(f"calendars/{made.json()['id']}/revoke/").json()["revoked_at"] is not None
    assert client.get(path).status_code == 404
    assert api(cast.fin).get("calendars/").status_code == 403
    assert api(cast.olu).get(f"calendars/{made.json()['id']}/").status_code == 404


# The clock.


def test_a_tick_takes_events_and_a_worker_delivers_them(cast, settings):
    settings.WEBHOOK_HTTP = True
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    with receiver() as its:
        subscriptions.add(name="Ledger", url=its.url(), by=make.actor(cast.olu), at=timezone.now())
        clockwork.tick(at=timezone.now())
        assert delivering.waiting(timezone.now()) is True
        assert tasks.deliver() == 1
    assert len(its.got) == 1
    assert delivering.waiting(timezone.now()) is False
