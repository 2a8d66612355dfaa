"""Facts that follow from the AI estate: counted, dated, with history, never erasing what somebody said."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import derived, known, scoring, spend, systems
from assessments.models import ClientFact, SpendLine
from practice import access, clockwork
from practice.models import AgendaEntry, Event
from tests import make
from tests.assessments import estate

HOUR = datetime.timedelta(hours=1)
WORKLOADS, SPENDING = derived.WORKLOADS, derived.SPENDING


def tick(hours: int = 1) -> None:
    at = make.NOW + hours * HOUR
    clockwork.tick(at=at, clock=lambda: at)


def acts(who, hours: int = 0):
    return {"by": make.actor(who), "at": make.NOW + hours * HOUR}


def history(client, name=WORKLOADS):
    rows = ClientFact.objects.filter(client=client, name=name).order_by("id")
    return [(row.value, row.source, row.until_at is None) for row in rows]


def say(cast, hours: int = 0, **facts):
    day = make.NOW.date()
    return known.learn(
        cast.orchard,
        facts=facts,
        said_by="Priya",
        said_on=day,
        source="talk",
        **acts(cast.ada, hours),
    )


def test_workloads_in_production_and_both_flags_follow_at_the_next_tick(cast):
    running = {"in_production": True, "customer_facing": True}
    estate.system(cast.orchard, "One", **running)
    estate.system(cast.orchard, "Two", **running)
    estate.system(cast.orchard, "Idle", customer_facing=True, critical_path=True)
    estate.system(cast.orchard, "Door", kind="gateway", in_production=True)
    tick()
    assert known.now_of(cast.orchard) == {
        "ai_workloads_in_production": 2,
        "ai_customer_facing": "yes",
    }
    row = ClientFact.objects.get(client=cast.orchard, name=WORKLOADS)
    assert (row.source, row.said_by, row.said_on) == ("estate", "", make.NOW.date())


def test_what_stands_in_production_in_the_critical_path_is_known(cast):
    estate.system(cast.orchard, in_production=True, critical_path=True)
    tick()
    assert known.now_of(cast.orchard)["ai_customer_critical_path"] == "yes"


def test_a_retired_system_is_counted_no_longer_and_the_count_keeps_its_history(cast):
    system = estate.system(cast.orchard, in_production=True, customer_facing=True)
    tick(1)
    systems.move(system, to="retired", **acts(cast.ada, 2))
    tick(3)
    assert history(cast.orchard) == [(1, "estate", False), (0, "estate", True)]
    assert known.now_of(cast.orchard)["ai_customer_facing"] == "no"


def test_the_same_count_is_put_down_once_however_often_it_is_counted(cast):
    system = estate.system(cast.orchard, in_production=True)
    for hours in (1, 3, 5):
        tick(hours)
        systems.change(system, critical_path=hours == 1, **acts(cast.ada, hours))
    tick(7)
    derived.put_down(cast.orchard, **acts(cast.ada, 8))
    assert history(cast.orchard) == [(1, "estate", True)]
    assert history(cast.orchard, derived.CRITICAL) == [
        ("yes", "estate", False),
        ("no", "estate", True),
    ]


def test_an_estate_that_was_only_begun_contradicts_nobody(cast):
    say(cast, ai_workloads_in_production=5, ai_customer_facing="yes")
    estate.system(cast.orchard, "Found", kind="shadow", in_production=True)
    tick()
    assert history(cast.orchard) == [(5, "talk", True)]
    assert known.now_of(cast.orchard)["ai_customer_facing"] == "yes"


def test_the_newest_answer_stands_until_the_estate_says_something_new(cast):
    say(cast, ai_workloads_in_production=5)
    estate.system(cast.orchard, "One", in_production=True)
    tick(1)
    say(cast, 2, ai_workloads_in_production=7)
    # Nothing that is counted changed: the person's answer stands.
    estate.system(cast.orchard, "Door", kind="gateway", in_production=True)
    tick(3)
    assert history(cast.orchard)[-1] == (7, "talk", True)
    estate.system(cast.orchard, "Two", in_production=True)
    tick(5)
    assert history(cast.orchard) == [
        (5, "talk", False),
        (1, "estate", False),
        (7, "talk", False),
        (2, "estate", True),
    ]


def test_a_year_of_the_ledger_is_the_fact_in_whole_dollars(cast):
    vendor = estate.vendor(cast.orchard)
    for month in range(3, 15):
        estate.line(cast.orchard, month, "1000.25", vendor=vendor)
    tick(1)
    # Euros without a rate into dollars are no fact.
    assert SPENDING not in known.now_of(cast.orchard)
    estate.rate(cast.orchard, "EUR", "USD", "2", estate.JANUARY.replace(year=2025))
    derived.put_down(cast.orchard, **acts(cast.ada, 2))
    assert known.now_of(cast.orchard)[SPENDING] == 24_006


@pytest.mark.parametrize(("months", "fact"), [(2, None), (3, 1200)])
def test_a_short_ledger_is_taken_at_its_pace_and_one_of_two_months_says_nothing(cast, months, fact):
    vendor = estate.vendor(cast.orchard)
    for month in range(15 - months, 15):
        estate.line(cast.orchard, month, "100.00", vendor=vendor, currency="USD")
    tick()
    assert known.now_of(cast.orchard).get(SPENDING) == fact


def test_a_line_that_is_corrected_or_removed_moves_the_year(cast):
    vendor = estate.vendor(cast.orchard)
    lines = [
        estate.line(cast.orchard, month, "100.00", vendor=vendor, currency="USD")
        for month in (12, 13, 14)
    ]
    tick(1)
    spend.change(lines[0], amount=400, **acts(cast.ada, 2))
    tick(3)
    spend.remove(SpendLine.objects.get(pk=lines[0].pk), **acts(cast.ada, 4))
    spend.change(lines[1], amount=200, **acts(cast.ada, 4))
    tick(5)
    # Two months are left: too short to say anything, and what was said stays.
    assert [value for value, _, _ in history(cast.orchard, SPENDING)] == [1200, 2400]


def test_where_there_is_a_ledger_the_clock_looks_again_when_a_month_is_over(cast):
    vendor = estate.vendor(cast.orchard)
    for month in (12, 13, 14, 15):
        # March is running.
        amount = "400.00" if month == 15 else "100.00"
        estate.line(cast.orchard, month, amount, vendor=vendor, currency="USD")
    tick(1)
    (entry,) = AgendaEntry.objects.filter(kind=derived.KIND, client=cast.orchard)
    # 3 o'clock in Lisbon, which is an hour ahead by then.
    april = datetime.datetime(2026, 4, 1, 2, tzinfo=datetime.UTC)
    assert (entry.status, entry.due_at) == ("open", april)
    clockwork.tick(at=april, clock=lambda: april)
    assert [value for value, _, _ in history(cast.orchard, SPENDING)] == [1200, 2400]


def test_without_a_ledger_the_clock_has_nothing_more_to_look_at(cast):
    estate.system(cast.orchard, in_production=True)
    tick()
    (entry,) = AgendaEntry.objects.filter(kind=derived.KIND, client=cast.orchard)
    assert (entry.status, entry.next_at) == ("done", None)


def test_a_run_of_the_panel_counts_at_once(cast):
    estate.system(cast.orchard, in_production=True, customer_facing=True)
    run = scoring.assess(cast.orchard, **acts(cast.ada))
    assert run.facts == {"ai_workloads_in_production": 1, "ai_customer_facing": "yes"}


def test_what_is_learnt_of_the_estate_is_in_the_log_once(cast):
    estate.system(cast.orchard, in_production=True)
    for hours in (1, 2):
        tick(hours)
    told = Event.objects.filter(kind="facts.learnt", subject_id=cast.orchard.pk)
    assert [event.after for event in told] == [{WORKLOADS: 1}]


def test_a_hundred_systems_taken_in_at_once_are_counted_once(cast):
    for number in range(100):
        systems.add(
            cast.orchard, name=f"S{number}", kind="workload", in_production=True, **acts(cast.ada)
        )
    tick()
    assert history(cast.orchard) == [(100, "estate", True)]


def test_other_clients_and_practices_are_not_counted(cast):
    estate.system(cast.quarry, in_production=True)
    estate.system(cast.zoes_client, in_production=True)
    tick()
    assert known.now_of(cast.orchard) == {}
    assert known.now_of(cast.quarry) == {WORKLOADS: 1}


def test_counting_asks_as_much_of_three_systems_as_of_one(cast):
    by = access.system(cast.practice.pk)
    asked = []
    for many in (1, 2):
        for _ in range(many):
            estate.system(cast.orchard, in_production=True)
        with CaptureQueriesContext(connection) as queries:
            derived.said(cast.orchard, by=by, at=make.NOW)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_desk_shows_both_answers_side_by_side(cast, page):
    say(cast, ai_workloads_in_production=5)
    estate.system(cast.orchard, in_production=True)
    derived.put_down(cast.orchard, **acts(cast.ada, 1))
    browser = page(cast.ada)
    for path in (
        "/desk/assessments/clientfact/",
        f"/desk/practice/client/{cast.orchard.pk}/change/",
    ):
        assert "Priya: 5, 2026-03-02" in browser.get(path).content.decode()
    say(cast, 2, ai_workloads_in_production=7)
    shown = browser.get("/desk/assessments/clientfact/").content.decode()
    assert "AI estate: 1, 2026-03-02" in shown
