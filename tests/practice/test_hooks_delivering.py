"""Deliveries: what is sent, signed how, tried how often, given up when; and nobody waits for another's receiver."""

import datetime
import json
import time

import pytest
from django.core import mail as mails
from django.db import transaction
from django.db.models import F
from standardwebhooks import Webhook as Oracle
from standardwebhooks import WebhookVerificationError

from practice import ids, notices
from practice.hooks import delivering, schedule, signing, subscriptions, taking
from practice.models import Delivery, DeliveryAttempt, Event, Notice, Webhook
from practice.refusals import NotFound
from tests import make
from tests.make import NOW
from tests.practice.hooking import DAY, H, M, S, deliver, happen, newest, states
from tests.practice.receiving import receiver

# Delivering.


def test_a_receiver_is_told_which_thing_and_when_and_nothing_of_its_content(cast, add, its):
    add(its.url())
    (event,) = happen(cast)
    taking.take(NOW)
    deliver()
    assert json.loads(its.got[0].body) == {
        "type": "client.changed",
        "timestamp": "2026-03-02T09:00:00+00:00",
        "data": {
            "event": str(event.pk),
            "practice": str(cast.practice.pk),
            "client": str(cast.orchard.pk),
            "subject_kind": "client",
            "subject": str(cast.orchard.pk),
        },
    }


def test_the_official_library_accepts_what_we_sign_and_refuses_what_is_changed(
    cast, add, its, monkeypatch
):
    hook = add(its.url())
    happen(cast)
    taking.take(NOW)
    at = datetime.datetime.now(datetime.UTC)  # the library compares with its own clock
    deliver(at)
    got = its.got[0]
    assert Oracle(hook.secret).verify(got.body, got.headers)["type"] == "client.changed"
    with pytest.raises(WebhookVerificationError):
        Oracle(hook.secret).verify(got.body + b" ", got.headers)
    with pytest.raises(WebhookVerificationError):
        Oracle(signing.secret(hook.pk, "0" * 32)).verify(got.body, got.headers)


def test_our_signature_is_the_libraries_own(cast, add):
    """The example of the specification, signed by both."""
    hook = add("https://a.example/")
    body, at = b'{"test": 2432232314}', datetime.datetime.fromtimestamp(1614265330, datetime.UTC)
    ours = signing.headers(hook, "msg_p5jXN8AQM9LWM0D4loKWxJek", body, at=at)
    theirs = Oracle(hook.secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, body.decode())
    assert ours["webhook-signature"] == theirs


def test_while_a_secret_is_replaced_both_verify_and_afterwards_only_the_new(cast, add, its):
    hook = add(its.url())
    now = datetime.datetime.now(datetime.UTC)
    _, fresh = subscriptions.rotate(hook, by=make.actor(cast.olu), at=now, grace_hours=1)
    Webhook.objects.update(cursor=newest())
    happen(cast)
    taking.take(NOW)
    deliver(now)
    got = its.got[0]
    assert len(got.headers["webhook-signature"].split()) == 2
    for secret in (hook.secret, fresh):
        assert Oracle(secret).verify(got.body, got.headers)["type"] == "client.changed"
    hook.refresh_from_db()
    after = signing.headers(hook, "msg_1", b"{}", at=now + H)
    assert len(after["webhook-signature"].split()) == 1


def test_while_the_servers_own_key_is_replaced_receivers_go_on_verifying(cast, add, settings):
    hook, at = add("https://a.example/"), datetime.datetime.now(datetime.UTC)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-server-of-forty-characters-and-more"
    signed = signing.headers(hook, "msg_1", b'{"a":1}', at=at)
    assert Oracle(hook.secret).verify(b'{"a":1}', signed) == {"a": 1}


def test_every_delivery_keeps_its_id_over_all_attempts_and_replays(cast, add, its):
    hook = add(its.url())
    happen(cast)
    taking.take(NOW)
    its.status = lambda got: 500 if len(its.got) < 3 else 200
    deliver()
    deliver(NOW + 10 * M)
    deliver(NOW + 2 * H)
    assert states(hook) == [("done", 3, "")]
    row = Delivery.objects.get(subject_id=hook.pk)
    subscriptions.replay(row, by=make.actor(cast.olu), at=NOW + 3 * H)
    deliver(NOW + 3 * H)
    assert {got.headers["webhook-id"] for got in its.got} == {f"msg_{row.pk.hex}"}
    attempts = DeliveryAttempt.objects.filter(notice=row.pk).order_by("id")
    assert [(one.number, one.answered) for one in attempts] == [
        (1, 500),
        (2, 500),
        (3, 200),
        (1, 200),
    ]


def test_ten_attempts_in_about_seventy_five_hours_and_then_it_is_given_up(cast, add, its):
    hook = add(its.url())
    happen(cast)
    taking.take(NOW)
    its.status = lambda got: 503
    waits, at = [], NOW
    for _ in range(schedule.ATTEMPTS):
        Webhook.objects.update(failing_since=None)  # this is about one delivery
        deliver(at)
        row = Delivery.objects.get(subject_id=hook.pk)
        waits.append(row.due_at - at)
        at = row.due_at
    assert states(hook) == [("dead", 10, "HTTP 503")]
    for planned, waited in zip(schedule.WAITS, waits, strict=False):
        assert planned <= waited <= planned * 1.1
    assert sum(schedule.WAITS, S * 0) == 75 * H + 35 * M + 5 * S
    assert (deliver(at + DAY), len(its.got)) == (0, 10)


def test_a_receiver_that_was_down_for_an_hour_gets_everything_once(cast, add, its):
    add(its.url())
    happened = happen(cast, 8)
    taking.take(NOW)
    its.status = lambda got: 503
    at = NOW
    while at < NOW + H:
        deliver(at)
        at += M
    down = len(its.got)
    its.status = lambda got: 200
    while at < NOW + 4 * H:
        deliver(at)
        at += M
    processed = [json.loads(got.body)["data"]["event"] for got in its.got[down:]]
    assert sorted(processed) == sorted(str(event.pk) for event in happened)
    # It was not besieged meanwhile: the whole receiver rests, not only each delivery.
    assert down <= 8 * 3 + 12


def test_no_answer_is_a_fault_and_its_class_is_all_that_is_kept(cast, add):
    hook = add("http://127.0.0.1:1/")
    happen(cast)
    taking.take(NOW)
    deliver()
    assert states(hook) == [("waiting", 1, "ConnectionRefusedError")]


def test_the_receiver_says_when_to_come_back(cast, add, its):
    hook = add(its.url())
    happen(cast, 2)
    taking.take(NOW)
    its.status, its.headers = lambda got: 429, {"Retry-After": "7200"}
    deliver()
    assert sorted(Delivery.objects.values_list("due_at", flat=True)) == [NOW, NOW + 2 * H]
    assert (deliver(NOW + H), len(its.got)) == (0, 1)
    its.status, its.headers = lambda got: 200, {}
    deliver(NOW + 2 * H)
    assert [state for state, _, _ in states(hook)] == ["done", "done"]


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", 120 * S),
        ("Mon, 02 Mar 2026 10:00:00 GMT", H),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0 * S),
        ("99999999999999999999", DAY),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_what_retry_after_asks_for(text, wait):
    assert schedule.asked(text, NOW) == wait


def test_a_receiver_that_is_gone_is_stopped_and_the_owners_are_told(cast, add, its):
    hook = add(its.url())
    happen(cast)
    taking.take(NOW)
    its.status = lambda got: 410
    deliver()
    hook.refresh_from_db()
    assert (hook.status, hook.disabled_by, states(hook)) == (
        "disabled",
        "gone",
        [("dead", 1, "HTTP 410")],
    )
    notices.drain(clock=lambda: NOW)
    letter = mails.outbox[-1]
    assert (letter.to, letter.subject) == (
        ["olu@lantern.test"],
        "The webhook “Ledger” was stopped",
    )


def test_a_receiver_that_fails_for_five_days_is_stopped_once(cast, add, its):
    hook = add(its.url())
    its.status = lambda got: 500
    happen(cast)
    taking.take(NOW)
    for hours in range(0, 24 * 7, 6):
        if hours == 24 * 4:
            happen(cast)
            taking.take(NOW + hours * H)
        deliver(NOW + hours * H)
    hook.refresh_from_db()
    assert (hook.status, hook.disabled_by) == ("disabled", "failing")
    assert schedule.GIVEN_UP_AFTER <= hook.disabled_at - NOW <= schedule.GIVEN_UP_AFTER + DAY
    assert Notice.objects.filter(kind="webhook_disabled").count() == 1
    assert Event.objects.filter(kind="webhook.disabled").count() == 1


def test_what_happened_while_a_webhook_stood_still_is_told_when_it_starts_again(cast, add, its):
    hook, by = add(its.url()), make.actor(cast.olu)
    hook = subscriptions.disable(hook, by=by, at=NOW)
    happened = happen(cast, 3)
    assert (taking.take(NOW), deliver()) == (0, 0)
    subscriptions.enable(hook, by=by, at=NOW + DAY)
    taking.take(NOW + DAY)
    deliver(NOW + DAY)
    told = [json.loads(got.body)["data"]["event"] for got in its.got]
    assert {str(event.pk) for event in happened} - set(told) == set()


def test_a_removed_webhook_sends_nothing_more(cast, add, its):
    hook = add(its.url())
    happen(cast, 2)
    taking.take(NOW)
    row = Delivery.objects.filter(subject_id=hook.pk).first()
    subscriptions.remove(hook, by=make.actor(cast.olu), at=NOW)
    assert (deliver(), len(its.got)) == (0, 0)
    with pytest.raises(NotFound):
        subscriptions.replay(row, by=make.actor(cast.olu), at=NOW)


def test_what_is_on_its_way_is_not_sent_again_beside_it(cast, add):
    hook = add("https://a.example/")
    happen(cast)
    taking.take(NOW)
    with pytest.raises(subscriptions.OnItsWay):
        subscriptions.replay(Delivery.objects.get(), by=make.actor(cast.olu), at=NOW)
    assert hook.status == "active"


def test_a_worker_that_dies_with_a_delivery_has_used_an_attempt_and_another_takes_it(
    cast, add, its
):
    hook = add(its.url())
    happen(cast)
    taking.take(NOW)
    assert len(delivering._claim(delivering.Flight(), NOW)) == 1
    assert (states(hook), deliver()) == ([("taken", 1, "")], 0)
    deliver(NOW + delivering.LEASE)
    assert states(hook) == [("done", 2, "")]


def test_of_two_drains_one_calls_a_receiver_and_the_other_leaves_it_alone(cast, add):
    hook = add("https://a.example/")
    happen(cast, 2)
    taking.take(NOW)
    assert len(delivering._claim(delivering.Flight(), NOW)) == 1
    assert not delivering.waiting(NOW)
    # Whoever chose it before the other took its delivery is refused under the lock.
    assert delivering._lease(hook, NOW) is None
    assert sorted(states(hook)) == [("taken", 1, ""), ("waiting", 0, "")]
    assert len(delivering._claim(delivering.Flight(), NOW + delivering.LEASE)) == 1


def test_a_delivery_that_kills_every_worker_is_given_up(cast, add):
    hook = add("https://a.example/")
    happen(cast)
    taking.take(NOW)
    for attempt in range(schedule.ATTEMPTS):
        assert len(delivering._claim(delivering.Flight(), NOW + attempt * delivering.LEASE)) == 1
    at = NOW + schedule.ATTEMPTS * delivering.LEASE
    assert delivering._claim(delivering.Flight(), at) == []
    assert states(hook) == [("dead", 10, "WorkerLost")]


def test_a_slow_receiver_delays_neither_another_practice_nor_the_mail(cast, add, its):
    slow_url = its.url()
    its.delay = 3
    for number in range(4):
        add(slow_url, name=str(number))
    with receiver() as quick:
        add(quick.url(), owner=cast.zoe)
        Webhook.objects.update(cursor=newest())
        happen(cast, 5)
        happen(cast, 20, client=cast.zoes_client, owner=cast.zoe)
        taking.take(NOW)
        began = time.monotonic()
        delivering.drain(seconds=2, clock=lambda: NOW)
        lags = [got.at - began for got in quick.got]
    # Two of the four slow ones at a time, one call each; and all of the other practice's meanwhile.
    assert len(lags) == 20
    assert max(lags) < 2.5
    assert len(its.got) <= 4
    with transaction.atomic():
        notices.ask(
            "webhook_disabled",
            practice_id=cast.practice.pk,
            client_id=None,
            subject_id=ids.new(),
            recipient="nils",
            address="nils@orchard.test",
            occurrence="once",
            at=NOW,
        )
    assert notices.drain(clock=lambda: NOW) == 1


def test_old_deliveries_go_with_their_attempts_and_do_not_come_back(cast, add, its):
    add(its.url())
    happen(cast)
    at = datetime.datetime.now(datetime.UTC)  # ids are of the real clock
    taking.take(at)
    deliver(at)
    taking.take(at + 3 * H)
    assert taking.prune(at + 29 * DAY) == 0
    assert taking.prune(at + 31 * DAY) == 2
    assert (taking.take(at + 31 * DAY), DeliveryAttempt.objects.count()) == (0, 0)


def test_taking_costs_the_same_however_many_events_were_told_already(
    cast, add, django_assert_num_queries
):
    add("https://a.example/")
    happen(cast, 3)
    taking.take(NOW)
    assert Delivery.objects.filter(status=F("status")).count() == 3
    with django_assert_num_queries(4):
        taking.take(NOW)
    happen(cast, 1)
    taking.take(NOW)
    with django_assert_num_queries(4):
        taking.take(NOW)
