"""Heads that are signed and published: exactly once a day, under a key that can be replaced and is in no table."""

import datetime
import json

import pytest
from django.db import connection, transaction
from django.test import override_settings

from deliverables import anchors, chain, checking, signing, verify_log
from deliverables.anchors import LogEmpty
from deliverables.models import Anchor, Chain, HeadFeed, SigningKey
from deliverables.signing import KeyRetired
from practice import access, clockwork, guards
from practice.models import AgendaEntry, Event, Notice
from practice.refusals import NotAllowed
from tests import make
from tests.deliverables import sealed
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
# Half past four in Berlin, on the day after the first entry and on those after that.
FIRST = datetime.datetime(2026, 3, 3, 3, 30, tzinfo=datetime.UTC)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def log(engagement):
    return sealed.log(engagement, 2)


def ticks(*moments: datetime.datetime) -> None:
    for moment in moments:
        clockwork.tick(at=moment, clock=lambda now=moment: now)


def said(feed: HeadFeed) -> dict:
    return json.loads(feed.text)


def verified(row: Anchor | HeadFeed) -> bool:
    return verify_log.signatures()(row.key.public_key, row.signature, row.text)


def test_the_first_entry_of_a_practice_begins_its_daily_feed(log):
    entry = AgendaEntry.objects.get(kind=anchors.KIND)
    assert (entry.subject_id, entry.due_at, entry.client_id) == (log.practice_id, FIRST, None)


def test_the_clock_publishes_each_day_once_whatever_ticks_there_are(log, engagement):
    ticks(FIRST - DAY / 24, FIRST, FIRST, FIRST + DAY / 2)
    assert HeadFeed.objects.count() == 1
    sealed.entry(engagement, 3)
    ticks(FIRST + DAY, FIRST + DAY, FIRST + 2 * DAY)
    feeds = list(HeadFeed.objects.order_by("number"))
    heads = dict(Anchor.objects.values_list("feed__number", "number"))
    assert [(f.number, f.on.isoformat()) for f in feeds] == [
        (1, "2026-03-03"),
        (2, "2026-03-04"),
        (3, "2026-03-05"),
    ]
    # The third day nothing had moved, and the feed says so.
    assert (heads, said(feeds[2])["heads"]) == ({1: 2, 2: 3}, [])


def test_two_drains_at_once_make_one_feed_and_one_effect(log):
    ticks(FIRST)
    done = Notice.objects.filter(kind="publish_heads").values_list("status", flat=True)
    assert list(done) == ["done"]
    with transaction.atomic():
        anchors.publish(log.practice_id, access.system(log.practice_id), FIRST + DAY / 4)
    assert HeadFeed.objects.count() == 1


def test_after_days_off_there_is_one_feed_for_today(log):
    ticks(FIRST + 5 * DAY, FIRST + 6 * DAY)
    days = HeadFeed.objects.order_by("number").values_list("on", flat=True)
    assert [day.isoformat() for day in days] == ["2026-03-08", "2026-03-09"]


def test_feeds_follow_each_other_and_hold_hashes_alone(log, cast):
    sealed.log(build.engagement(cast, client=cast.quarry, lead=cast.olu), 1)
    ticks(FIRST, FIRST + DAY)
    one, two = HeadFeed.objects.order_by("number")
    assert (said(one)["previous"], said(two)["previous"]) == (chain.START, one.hash)
    assert said(one)["heads"] == sorted(chain.sha256(a.text) for a in Anchor.objects.all())
    assert all(len(head) == 64 for head in said(one)["heads"])
    assert str(log.engagement_id) not in one.text
    assert all(map(verified, [one, two, *Anchor.objects.all()]))
    assert list(checking.feeds(log.practice_id)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"text": "no json"}, "feed 1: it does not follow the one before it."),
        ({"signature": "00" * 64}, "feed 1: its signature is wrong."),
        ({"on": datetime.date(2026, 1, 1)}, "feed 1: it was edited."),
        ({"number": 7}, "feed 1: it was removed."),
    ],
)
def test_a_published_feed_that_was_changed_in_the_database_is_found(log, change, fault):
    ticks(FIRST)
    connection.check_constraints()
    guards.lift(connection)
    HeadFeed.objects.update(**change)
    assert next(checking.feeds(log.practice_id)) == fault
    connection.check_constraints()
    guards.install(connection)


def test_a_head_is_signed_on_request_and_says_what_carries_it(log, cast):
    signed = anchors.anchor(log, carried_by=log.engagement, by=make.actor(cast.priya), at=NOW)
    assert json.loads(signed.text) == {
        "format": "remit-head/1",
        "log": str(log.engagement_id),
        "seq": 2,
        "hash": log.head,
        "at": chain.moment(NOW),
        "key": SigningKey.objects.get().public_key,
    }
    assert (signed.carrier_kind, signed.carrier_id) == ("engagement", log.engagement_id)
    assert verified(signed)
    event = Event.objects.get(kind="log.anchored")
    assert (event.actor_kind, event.after) == ("contact", {"number": 2, "hash": log.head})


def test_an_empty_log_has_no_head_and_who_only_looks_signs_none(engagement, cast, log):
    empty = Chain.objects.create(
        practice=cast.practice,
        client=cast.quarry,
        engagement=build.engagement(cast, client=cast.quarry, lead=cast.olu),
        created_at=NOW,
    )
    with pytest.raises(LogEmpty):
        anchors.anchor(empty, by=make.actor(cast.olu), at=NOW)
    with pytest.raises(NotAllowed):
        anchors.anchor(log, by=make.actor(cast.fin), at=NOW)


def test_the_key_is_made_once_and_its_private_half_is_in_no_table(log):
    by = access.system(log.practice_id)
    for _ in range(2):
        anchors.anchor(log, by=by, at=NOW)
    key = SigningKey.objects.get()
    _, private = signing.present(log.practice_id, by=by, at=NOW)
    secret = private.private_bytes_raw().hex()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM deliverables_signingkey")
        stored = str(cursor.fetchall())
    assert secret not in stored
    assert key.public_key in stored
    assert list(Event.objects.filter(kind="signing_key.made").values_list("subject_id")) == [
        (key.pk,)
    ]
    assert "nonce" not in Event.objects.get(kind="signing_key.made").after


def test_a_rotated_key_stays_and_has_introduced_the_next(log, cast):
    anchors.anchor(log, by=make.actor(cast.olu), at=NOW)
    old = SigningKey.objects.get()
    new = signing.rotate(old, by=make.actor(cast.olu), at=NOW + DAY)
    anchors.anchor(log, by=make.actor(cast.olu), at=NOW + DAY)
    old.refresh_from_db()
    assert (old.until_at, new.until_at) == (NOW + DAY, None)
    assert [verified(anchor) for anchor in Anchor.objects.all()] == [True, True]
    taken = sealed.taken_away(log)
    assert verify_log.check(taken, trusted=[old.public_key]).status == verify_log.INTACT
    assert verify_log.check(taken, trusted=[new.public_key]).status == verify_log.INTACT
    taken["keys"][1]["introduction_signature"] = "00" * 64
    assert verify_log.check(taken, trusted=[old.public_key]).status == verify_log.TAMPERED


def test_only_an_owner_rotates_and_only_the_present_key(log, cast):
    anchors.anchor(log, by=make.actor(cast.olu), at=NOW)
    key = SigningKey.objects.get()
    with pytest.raises(NotAllowed):
        signing.rotate(key, by=make.actor(cast.ada), at=NOW)
    signing.rotate(key, by=make.actor(cast.olu), at=NOW + DAY)
    with pytest.raises(KeyRetired):
        signing.rotate(key, by=make.actor(cast.olu), at=NOW + 2 * DAY)


def test_a_replaced_server_secret_signs_on_as_a_fallback_and_without_it_a_new_key_follows(log):
    by = access.system(log.practice_id)
    with override_settings(SECRET_KEY="the-first-secret-of-this-server-" * 2):
        anchors.anchor(log, by=by, at=NOW)
    with override_settings(
        SECRET_KEY="the-next-secret-of-this-server--" * 2,
        SECRET_KEY_FALLBACKS=["the-first-secret-of-this-server-" * 2],
    ):
        anchors.anchor(log, by=by, at=NOW + DAY)
        assert SigningKey.objects.count() == 1
    with override_settings(SECRET_KEY="another-secret-altogether-------" * 2):
        anchors.anchor(log, by=by, at=NOW + 2 * DAY)
    old, new = SigningKey.objects.order_by("since_at")
    assert (old.until_at, new.introduction) == (NOW + 2 * DAY, "")
    assert [verified(anchor) for anchor in Anchor.objects.all()] == [True] * 3
    taken = sealed.taken_away(log)
    stranger = f"the key {new.public_key} is neither trusted nor introduced by one."
    assert stranger in verify_log.check(taken, trusted=[old.public_key]).notes
    assert verify_log.check(taken).status == verify_log.INTACT


def test_heads_can_be_read_by_everybody_without_signing_in(log, client, cast):
    ticks(FIRST, FIRST + DAY)
    answer = client.get(f"/heads/{log.practice_id}/")
    told = answer.json()
    two, one = told["feeds"]
    assert [json.loads(feed["text"])["number"] for feed in (one, two)] == [1, 2]
    assert set(told) == {"practice", "keys", "feeds"}
    assert set(one) == {"text", "key", "signature"}
    assert "Lantern" not in answer.content.decode()
    assert str(log.engagement_id) not in answer.content.decode()
    assert len(client.get(f"/heads/{log.practice_id}/?before=2").json()["feeds"]) == 1
    missing = client.get(f"/heads/{make.uuid(7)}/")
    odd = client.get(f"/heads/{log.practice_id}/?before=x")
    assert (missing.status_code, odd.status_code) == (404, 404)
    assert missing.content == odd.content
