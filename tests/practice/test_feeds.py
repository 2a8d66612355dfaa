"""Calendar feeds: exactly what the person may see now, under an address that is theirs alone, revoked and limited."""

import pytest

from practice import assignments, contacts, members
from practice.feeds import opening
from practice.models import Assignment, Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.make import NOW
from tests.practice import feeding
from tests.practice.feeding import DAY, SOON, titles
from tests.practice.test_keys import every_text_in_the_database

plan, feed = feeding.plan, feeding.feed


# Whose, and what of it.


def test_a_feed_shows_its_person_exactly_what_they_may_see(cast, plan, feed):
    plan(1)
    plan(2, client_sees=False)
    plan(3, client_id=cast.quarry.pk)
    plan(4, client_id=None)
    plan(5, practice_id=cast.other_practice.pk, client_id=cast.zoes_client.pk)
    assert titles(feed(cast.ada)()) == ["Orchard: Thing 1", "Orchard: Thing 2"]
    assert titles(feed(cast.olu)()) == [
        "Orchard: Thing 1",
        "Orchard: Thing 2",
        "Quarry: Thing 3",
        "Thing 4",
    ]
    assert titles(feed(cast.priya)()) == ["Orchard: Thing 1"]
    assert titles(feed(cast.ravi)()) == ["Quarry: Thing 3"]
    assert titles(feed(cast.zoe)()) == ["Harbour: Thing 5"]
    assert titles(feed(cast.ben)()) == []


def test_a_feed_can_be_of_one_client_or_of_ones_own(cast, plan, feed):
    plan(1, owner_id=cast.olu.pk)
    plan(2, client_id=cast.quarry.pk)
    assert titles(feed(cast.olu, scope="client", scope_id=cast.quarry.pk)()) == ["Quarry: Thing 2"]
    assert titles(feed(cast.olu, scope="mine")()) == ["Orchard: Thing 1"]


@pytest.mark.parametrize("scope", ["client", "practice", ""])
def test_a_feed_of_what_is_not_there_is_refused(cast, scope):
    for id in (None, cast.zoes_client.pk, cast.quarry.pk):
        with pytest.raises(Invalid):
            opening.open_feed(by=make.actor(cast.ada), at=NOW, scope=scope, scope_id=id)


def test_finance_and_keys_have_no_agenda_and_so_no_feed(cast):
    with pytest.raises(NotAllowed):
        opening.open_feed(by=make.actor(cast.fin), at=NOW)


def test_an_assignment_that_ends_takes_the_clients_dates_out_at_the_next_request(cast, plan, feed):
    plan(1)
    fetch, of_client = feed(cast.ada), feed(cast.ada, scope="client", scope_id=cast.orchard.pk)
    assert titles(fetch()) == titles(of_client()) == ["Orchard: Thing 1"]
    for row in Assignment.objects.filter(member=cast.ada):
        assignments.withdraw(row, by=make.actor(cast.olu), at=NOW)
    assert titles(fetch()) == []
    assert of_client().status_code == 404


def test_the_feed_of_somebody_who_left_is_dead_at_the_next_request(cast, plan, feed):
    ada, priya = feed(cast.ada), feed(cast.priya)
    assert (ada().status_code, priya().status_code) == (200, 200)
    members.change(cast.ada, active=False, by=make.actor(cast.olu), at=NOW)
    contacts.change(cast.priya, active=False, by=make.actor(cast.olu), at=NOW)
    assert (ada().status_code, priya().status_code) == (404, 404)


def test_the_feed_of_a_role_without_agenda_is_dead(cast, feed):
    ada = feed(cast.ada)
    members.change(cast.ada, role="finance", by=make.actor(cast.olu), at=NOW)
    assert ada().status_code == 404


# The address.


def test_the_address_is_shown_once_and_kept_as_a_hash(cast, feed):
    fetch = feed(cast.ada)
    token = fetch.address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) == 43
    there = every_text_in_the_database()
    assert (token in there, there.count(fetch.row.token_hash)) == (False, 1)
    assert "token_hash" not in Event.objects.get(kind="feed.opened").after


def test_a_revoked_feed_and_one_that_never_was_answer_alike(cast, feed, client):
    fetch = feed(cast.ada)
    opening.revoke(fetch.row, by=make.actor(cast.ada), at=NOW)
    gone, never = fetch(), client.get(f"/calendar/{'a' * 43}.ics")
    assert (gone.status_code, gone.content) == (never.status_code, never.content)
    assert [gone.status_code, Event.objects.filter(kind="feed.revoked").count()] == [404, 1]


def test_nobody_else_sees_or_revokes_a_feed_the_owner_included(cast, feed):
    fetch = feed(cast.ada)
    for place in (cast.olu, cast.priya, cast.zoe):
        with pytest.raises(NotFound):
            opening.revoke(fetch.row, by=make.actor(place), at=NOW)


def test_a_person_has_twenty_feeds_at_most(cast, feed):
    for _ in range(opening.PER_PERSON):
        feed(cast.ada)
    with pytest.raises(opening.TooManyFeeds):
        feed(cast.ada)
    feed(cast.olu)


def test_an_unchanged_feed_is_answered_with_304(cast, plan, feed):
    plan(1)
    fetch = feed(cast.ada)
    first = fetch()
    again = fetch(If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], "private, no-cache")
    plan(1, due_at=SOON + DAY)
    moved = fetch(If_None_Match=first["ETag"])
    assert (moved.status_code, moved["ETag"] == first["ETag"]) == (200, False)


def test_a_feed_is_fetched_thirty_times_a_minute_and_no_more(cast, feed):
    fetch = feed(cast.ada)
    answers = [fetch() for _ in range(61)]  # two minutes' worth, should a minute end meanwhile
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= len(refused) <= 31
    assert 1 <= int(refused[0]["Retry-After"]) <= 61
    assert feed(cast.olu)().status_code == 200


def test_a_feed_is_only_read(cast, feed, client):
    fetch = feed(cast.ada)
    assert client.post(fetch.address.partition("8000")[2]).status_code == 405
    assert client.head(fetch.address.partition("8000")[2]).status_code == 200


def test_a_feed_costs_the_same_for_one_row_and_for_thirty(
    cast, plan, feed, django_assert_num_queries
):
    fetch = feed(cast.olu)
    plan(1)
    fetch()
    with django_assert_num_queries(2):
        fetch()
    for number in range(2, 32):
        plan(number)
    with django_assert_num_queries(2):
        fetch()
