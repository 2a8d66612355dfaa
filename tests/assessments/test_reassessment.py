"""When a client is assessed anew: each fiscal quarter, and when facts move an outcome."""

import datetime

from django.core import mail

from assessments import known, scoring
from practice import agenda, clients, clockwork, notices
from practice.models import AgendaEntry
from tests import make
from tests.make import NOW

DAY = datetime.timedelta(days=1)


def learn(cast, at=NOW, **facts):
    said = {"said_on": at.date(), "source": "talk"}
    known.learn(cast.orchard, facts=facts, by=make.actor(cast.ada), at=at, **said)


def assess(cast, at=NOW):
    return scoring.assess(cast.orchard, by=make.actor(cast.ada), at=at)


def entries(kind):
    return list(
        AgendaEntry.objects.filter(kind=kind)
        .order_by("period")
        .values_list("period", "status", "due_at")
    )


def test_the_next_assessment_is_due_by_the_end_of_the_next_fiscal_quarter(cast):
    clients.change(cast.orchard, by=make.actor(cast.olu), at=NOW, fiscal_year_start=2)
    learn(cast, cto_seat="none", size_class="small")
    assess(cast)
    # 2 March 2026 lies in FY2027Q1 (February to April); Q2 ends on 31 July, in Lisbon at UTC+1.
    due = datetime.datetime(2026, 7, 31, 22, 59, tzinfo=datetime.UTC)
    assert entries("reassessment") == [("FY2027Q2", "open", due)]


def test_assessing_settles_what_was_due_and_plans_the_next(cast):
    learn(cast, cto_seat="none", size_class="small")
    assess(cast)
    assess(cast, at=NOW + 90 * DAY)
    assert [(period, status) for period, status, _ in entries("reassessment")] == [
        ("FY2026Q2", "done"),
        ("FY2026Q3", "open"),
    ]


def test_a_fact_that_flips_a_lens_is_raised_to_the_responsible_member_once(cast, mailoutbox):
    learn(cast, cto_seat="none", size_class="small")
    assess(cast)
    learn(cast, at=NOW + DAY, employees=10)
    assert entries("facts_moved") == []
    learn(cast, at=NOW + DAY, ai_siloed="yes")
    assert [(period, status) for period, status, _ in entries("facts_moved")] == [
        ("FY2026Q1", "open")
    ]
    for _ in range(2):
        agenda.fall_due(NOW + DAY)
        notices.drain(clock=lambda: NOW + DAY)
    moved = [m for m in mail.outbox if "has changed" in m.subject]
    assert [(m.to, m.subject) for m in moved] == [
        (["olu@lantern.test"], "What is known of Orchard has changed")
    ]


def test_assessing_again_settles_a_moved_fact(cast):
    learn(cast, cto_seat="none", size_class="small")
    assess(cast)
    learn(cast, at=NOW + DAY, ai_siloed="yes")
    assess(cast, at=NOW + 2 * DAY)
    assert [status for _, status, _ in entries("facts_moved")] == ["done"]


def test_the_next_assessment_follows_a_client_whose_fiscal_year_or_zone_changes(cast):
    learn(cast, cto_seat="none", size_class="small")
    assess(cast)
    (before,) = entries("reassessment")
    assert before[:2] == ("FY2026Q2", "open")
    by = make.actor(cast.olu)
    clients.change(cast.orchard, by=by, at=NOW, fiscal_year_start=2, time_zone="America/New_York")
    clockwork.tick(at=NOW, clock=lambda: NOW)
    # March lies in the quarter from February to April now; the next one ends with July.
    due_at = datetime.datetime(2026, 8, 1, 3, 59, tzinfo=datetime.UTC)
    assert entries("reassessment") == [
        ("FY2026Q2", "cancelled", before[2]),
        ("FY2027Q2", "open", due_at),
    ]


def test_a_client_whose_zone_changes_keeps_the_day_of_the_next_assessment(cast):
    learn(cast, cto_seat="none", size_class="small")
    assess(cast)
    clients.change(cast.orchard, by=make.actor(cast.olu), at=NOW, time_zone="America/New_York")
    for _ in range(2):
        clockwork.tick(at=NOW, clock=lambda: NOW)
    due_at = datetime.datetime(2026, 7, 1, 3, 59, tzinfo=datetime.UTC)
    assert entries("reassessment") == [("FY2026Q2", "open", due_at)]
