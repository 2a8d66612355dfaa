"""What needs transactions of its own: many callers at once, a crash in the middle, an event outside of any."""

import pytest

from practice import events
from practice.models import Client, Event
from tests import make
from tests.callers import Caller
from tests.doors import faulty, walk
from tests.doors.crowd import a_database_for_threads, at_once
from tests.practice.test_api_contract import (
    assert_problem,
    gone_wrong,
    new_client,
    wait_for_a_fresh_minute,
    writer,
)

__all__ = ["gone_wrong", "writer"]


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_at_once_with_one_key_make_one_client(cast, settings):
    settings.API_RATE_PER_MINUTE = 10**9
    key = make.key(cast.practice, "Writer", ("read", "write"))
    with a_database_for_threads():
        post = lambda: Caller(key).post("clients/", new_client(cast), Idempotency_Key="once")  # noqa: E731
        answers = at_once([post] * 50, threads=50)
        made = list(Client.objects.filter(name="Kiln").values_list("id", flat=True))
        events = Event.objects.filter(kind="client.added", subject_id=made[0]).count()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 49
    assert (len(made), events) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_leaves_nothing_and_a_retry_completes(cast, writer, gone_wrong):
    before = walk.digest()
    faulty.crashes["left"] = 1
    crashed = writer.post("careful/", new_client(cast), Idempotency_Key="once")
    assert (crashed.status_code, walk.digest()) == (500, before)
    retried = writer.post("careful/", new_client(cast), Idempotency_Key="once")
    again = writer.post("careful/", new_client(cast), Idempotency_Key="once")
    assert (retried.status_code, again.content) == (201, retried.content)
    assert Client.objects.filter(name="Kiln").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_rate_is_exact_under_a_hundred_calls_at_once(cast, settings):
    settings.API_RATE_PER_MINUTE = 10
    with a_database_for_threads():
        wait_for_a_fresh_minute()
        calls = [
            # A forged address must not open a count of its own.
            lambda n=n: Caller(cast.bot).get("me/", X_Forwarded_For=f"203.0.113.{n}")
            for n in range(100)
        ]
        answers = at_once(calls, threads=20)
    passed = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(passed), len(refused)) == (10, 90)
    assert_problem(refused[0], 429, "throttled")
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 61


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(cast):
    before = Event.objects.count()
    with pytest.raises(RuntimeError):
        events.record("client.seen", by=make.actor(cast.olu), at=make.NOW, subject=cast.orchard)
    assert Event.objects.count() == before
