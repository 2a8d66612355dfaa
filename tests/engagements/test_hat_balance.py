"""Hat balance of live engagements: which days count, when a hat is idle, many at once, and who may see it."""

import datetime

import pytest

from engagements import hat_balance, timesheet
from engagements.models import Stage, Wearing
from tests import make
from tests.engagements import build
from tests.engagements.test_time_entries import paused
from tests.make import NOW

TODAY = datetime.date(2026, 3, 2)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days=days)


@pytest.fixture
def work(cast):
    return build.engagement(cast)


@pytest.fixture
def note(cast):
    def noted(engagement, days_ago, minutes, hat=""):
        by = make.actor(cast.ada)
        return timesheet.note(
            engagement, worked_on=ago(days_ago), minutes=minutes, hat=hat, by=by, at=NOW
        )

    return noted


def told(balance):
    return balance.status, balance.losing


def test_twenty_eight_days_end_today(work, note):
    note(work, 0, 100, "CTO")
    note(work, 27, 100, "CAIO")
    note(work, 28, 999, "CAIO")
    note(work, 10, 60)

    balance = hat_balance.rolling(work, at=NOW)

    assert [(h.hat, h.minutes) for h in balance.hats] == [("CTO", 100), ("CAIO", 100)]
    assert (balance.minutes, balance.joint) == (260, 60)


def test_a_hat_without_time_for_fourteen_active_days_loses(work, note):
    note(work, 14, 500, "CAIO")
    note(work, 13, 500, "CTO")

    assert told(hat_balance.rolling(work, at=NOW)) == ("one_hat_wins", "CAIO")


def test_joint_time_is_time_of_every_hat(work, note):
    note(work, 20, 500, "CAIO")
    note(work, 13, 500, "CTO")
    note(work, 1, 1)

    assert told(hat_balance.rolling(work, at=NOW)) == ("balanced", "")


def test_days_of_a_pause_do_not_make_a_hat_idle(work, note):
    paused(work, "2026-02-20", "2026-02-22")
    note(work, 15, 500, "CAIO")
    note(work, 5, 500, "CTO")

    assert told(hat_balance.rolling(work, at=NOW)) == ("balanced", "")


def test_a_long_pause_reaches_behind_the_window_and_the_shares_do_not(work, note):
    paused(work, "2026-02-01", "2026-02-26")
    note(work, 30, 500, "CAIO")
    note(work, 1, 500, "CTO")

    balance = hat_balance.rolling(work, at=NOW)

    # CAIO has worked within the last 14 active days, and yet has no share of the last 28.
    assert (told(balance), balance.minutes) == (("one_hat_wins", "CAIO"), 500)
    assert not balance.of("CAIO").idle


def test_in_the_first_fourteen_days_no_hat_is_idle(cast, note):
    work = build.engagement(cast, starts_on=ago(12), hats={"CTO": 90, "CAIO": 10})
    note(work, 1, 100, "CTO")

    assert told(hat_balance.rolling(work, at=NOW)) == ("balanced", "")


def test_a_hat_taken_on_lately_is_not_idle_yet(cast, note):
    work = build.engagement(cast, hats={"CTO": 90, "CAIO": 10})
    Wearing.objects.filter(hat="CAIO").update(since_on=ago(5))
    note(work, 1, 100, "CTO")

    assert told(hat_balance.rolling(work, at=NOW)) == ("balanced", "")


def test_without_time_there_are_no_data(work):
    assert told(hat_balance.rolling(work, at=NOW)) == ("no_data", "")


def test_a_billing_period_is_read_as_far_as_it_has_come(work, note):
    note(work, 1, 300, "CTO")
    note(work, 0, 100, "CAIO")
    march = hat_balance.month_window(datetime.date(2026, 3, 1), TODAY)

    balance = hat_balance.of(work, march.from_on, march.until_on)

    assert march.until_on == datetime.date(2026, 3, 3)
    assert [(h.hat, h.share) for h in balance.hats] == [("CTO", 75), ("CAIO", 25)]
    assert told(balance) == ("drifting", "CAIO")


def test_what_else_is_counted_stands_by_hat(work, note, monkeypatch):
    count = hat_balance.Count("Decisions", lambda practice, a, b: {(work.pk, "CTO"): 3})
    monkeypatch.setitem(hat_balance.COUNTS._entries, "decisions", count)

    balance = hat_balance.rolling(work, at=NOW)

    assert balance.counts["decisions"] == {"CTO": 3, "CAIO": 0}


def test_many_are_measured_in_as_many_statements_as_one(cast, note, django_assert_num_queries):
    works = [build.engagement(cast, name=f"Work {n}") for n in range(4)]
    for n, work in enumerate(works):
        note(work, n, 100, "CTO")
        note(work, n, 100 * (n + 1), "CAIO")

    with django_assert_num_queries(7):
        many = hat_balance.rolling_many(cast.practice.pk, at=NOW)

    assert {work.pk: told(many[work.pk]) for work in works} == {
        works[0].pk: ("balanced", ""),
        works[1].pk: ("drifting", "CTO"),
        works[2].pk: ("drifting", "CTO"),
        works[3].pk: ("one_hat_wins", "CTO"),
    }
    assert {id: told(one) for id, one in many.items()} == {
        work.pk: told(hat_balance.rolling(work, at=NOW)) for work in works
    }


def test_each_client_has_its_own_today(cast, note):
    work = build.engagement(cast)
    note(work, 27, 100, "CTO")
    cast.quarry.time_zone = "Pacific/Auckland"
    cast.quarry.save(update_fields=["time_zone"])
    other = build.engagement(cast, client=cast.quarry, lead=cast.olu)
    evening = NOW.replace(hour=20)

    many = hat_balance.rolling_many(cast.practice.pk, at=evening)

    assert (many[work.pk].minutes, many[other.pk].status) == (100, "no_data")


def test_clients_see_it_only_where_the_terms_say_so(cast, work):
    priya, ada = make.actor(cast.priya), make.actor(cast.ada)

    assert not hat_balance.may_see(priya, work, at=NOW)
    Stage.objects.update(client_sees_hats=True)
    assert hat_balance.may_see(priya, work, at=NOW)
    assert hat_balance.may_see(ada, work, at=NOW)
