"""The risk register: marks and bands, looks on the agenda, closing; and that acceptance takes a decision under DR-02."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import risks, systems, work_book
from assessments.models import Risk
from deliverables import agreements, decisions
from practice import agenda, ids, notices
from practice.models import AgendaEntry, Event
from practice.quarters import end_of_day
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.assessments import estate, planned
from tests.assessments.estate import entries
from tests.assessments.planned import ON
from tests.deliverables import logged
from tests.engagements import build

KIND = "risk_review"


def acts(who, at=make.NOW):
    return {"by": make.actor(who), "at": at}


def proposed(cast, **more):
    """A decision of the CAIO to take a risk on: the charter asks the sponsor to agree."""
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)
    return logged.decision(engagement, cast.ada, code="DR-02", hat="CAIO", **more)


def decided(cast):
    return agreements.agree(proposed(cast), by=make.actor(cast.priya), at=make.NOW)


@pytest.mark.parametrize(
    ("weight", "band"),
    [
        (1, "low"),
        (4, "low"),
        (5, "medium"),
        (9, "medium"),
        (10, "high"),
        (15, "high"),
        (16, "critical"),
        (25, "critical"),
    ],
)
def test_a_weight_lies_in_the_highest_band_it_reaches(weight, band):
    assert work_book.risks().band(weight).key == band


def test_marks_are_from_one_to_five_also_in_the_database(cast):
    with pytest.raises(Invalid) as wrong:
        planned.risk(cast.orchard, likelihood=0, impact=6)
    assert sorted(wrong.value.errors) == ["impact", "likelihood"]
    row = planned.risk(cast.orchard)
    for broken in ({"likelihood": 0}, {"impact": 6}, {"status": "accepted"}, {"status": "closed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Risk.objects.filter(pk=row.pk).update(**broken)


def test_a_risk_is_looked_at_again_every_quarter_unless_its_row_says_otherwise(cast):
    row = planned.risk(cast.orchard)
    assert (row.review_on, entries(KIND)) == (
        ON(2026, 6, 2),
        [(KIND, "after the first day", "open")],
    )
    row = risks.review(row, note="As before", **acts(cast.ada))
    row = risks.change(row, review_months=1, **acts(cast.ada))
    assert row.review_on == ON(2026, 4, 2)
    assert entries(KIND) == [
        (KIND, "after 2026-03-02", "open"),
        (KIND, "after the first day", "done"),
    ]


def test_a_look_needs_words_and_a_day_that_has_come(cast):
    row = planned.risk(cast.orchard)
    with pytest.raises(Invalid) as wrong:
        risks.review(row, note=" ", reviewed_on=ON(2026, 3, 3), **acts(cast.ada))
    assert sorted(wrong.value.errors) == ["note", "reviewed_on"]


def test_a_closed_risk_says_why_leaves_the_agenda_and_can_come_back(cast):
    row = planned.risk(cast.orchard)
    with pytest.raises(Invalid):
        risks.close(row, reason=" ", **acts(cast.ada))
    row = risks.close(row, reason="The system is gone", **acts(cast.ada))
    assert entries(KIND) == [(KIND, "after the first day", "cancelled")]
    with pytest.raises(risks.RiskClosed):
        risks.change(row, impact=1, **acts(cast.ada))
    row = risks.reopen(row, **acts(cast.ada))
    assert (row.status, row.closed_reason) == ("open", "")
    assert entries(KIND) == [(KIND, "after the first day", "open")]
    with pytest.raises(risks.RiskOpen):
        risks.reopen(row, **acts(cast.ada))


def test_a_risk_is_accepted_by_a_decision_in_force_under_dr_02_alone(cast):
    decision = decided(cast)
    row = planned.risk(cast.orchard, owner=cast.priya)
    row = risks.accept(row, decision=decision.pk, **acts(cast.ada))
    assert (row.status, row.accepted_decision_id, row.accepted_at) == (
        "accepted",
        decision.pk,
        make.NOW,
    )
    assert Event.objects.filter(kind="risk.accepted").count() == 1


def test_no_other_decision_will_do_nor_one_that_waits_for_the_sponsor(cast):
    row = planned.risk(cast.orchard, owner=cast.priya)
    waits = proposed(cast)
    other_right = logged.decision(waits.engagement, cast.ada)
    for id in (ids.new(), other_right.pk, waits.pk):
        with pytest.raises(risks.RiskNotDecided):
            risks.accept(row, decision=id, **acts(cast.ada))
    agreements.agree(waits, by=make.actor(cast.priya), at=make.NOW)
    assert risks.accept(row, decision=waits.pk, **acts(cast.ada)).status == "accepted"


def test_a_decision_at_another_client_accepts_nothing_here(cast):
    decision = decided(cast)
    theirs = planned.risk(cast.quarry, owner_name="Nora")
    with pytest.raises(risks.RiskNotDecided):
        risks.accept(theirs, decision=decision.pk, **acts(cast.olu))


def test_a_risk_that_nobody_answers_for_is_not_accepted(cast):
    decision, row = decided(cast), planned.risk(cast.orchard)
    with pytest.raises(systems.RiskOwnerMissing):
        risks.accept(row, decision=decision.pk, **acts(cast.ada))


def test_an_associate_may_rate_a_risk_and_not_accept_it(cast):
    make.assignment(cast.ben, cast.orchard)
    row = planned.risk(cast.orchard, owner_name="Nora")
    row = risks.change(row, impact=2, **acts(cast.ben))
    with pytest.raises(NotAllowed):
        risks.accept(row, decision=ids.new(), **acts(cast.ben))


def test_what_weighs_more_than_was_accepted_is_open_again(cast):
    row = planned.risk(cast.orchard, owner_name="Nora")
    row = risks.accept(row, decision=decided(cast).pk, **acts(cast.ada))
    row = risks.change(row, likelihood=2, **acts(cast.ada))
    assert row.status == "accepted"
    with pytest.raises(systems.RiskOwnerMissing):
        risks.change(row, owner_name="", **acts(cast.ada))
    row = risks.change(row, impact=5, **acts(cast.ada))
    assert (row.status, row.accepted_decision_id, row.accepted_at) == ("open", None, None)
    kinds = Event.objects.filter(kind__startswith="risk.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "risk.added",
        "risk.accepted",
        "risk.changed",
        "risk.acceptance_ended",
    ]


def test_the_posture_counts_bands_owners_and_looks_that_are_overdue(cast):
    planned.risk(cast.orchard, "Slow", likelihood=1, impact=2)
    planned.risk(cast.orchard, "Leak", likelihood=4, impact=5, owner_name="Nora")
    risks.close(planned.risk(cast.orchard, "Gone"), reason="Gone", **acts(cast.ada))
    planned.risk(cast.quarry, "Theirs")
    taken = planned.risk(cast.orchard, "Drift", likelihood=2, impact=5, owner_name="Nora")
    risks.accept(taken, decision=decided(cast).pk, **acts(cast.ada))

    last = datetime.datetime(2026, 6, 2, 22, 59, tzinfo=datetime.UTC)
    told = risks.posture(cast.orchard, last)

    assert (told.open, told.accepted, told.closed, told.without_owner, told.overdue) == (
        2,
        1,
        1,
        1,
        0,
    )
    assert told.by_band == {"low": 1, "medium": 0, "high": 1, "critical": 1}
    assert [(line.title, line.band, line.overdue) for line in told.risks] == [
        ("Leak", "critical", False),
        ("Drift", "high", False),
        ("Slow", "low", False),
    ]
    # Midnight in Lisbon, and the day of the look is over.
    assert risks.posture(cast.orchard, last + datetime.timedelta(minutes=1)).overdue == 3


def test_the_posture_takes_one_query_however_many_risks(cast):
    for number in range(3):
        planned.risk(cast.orchard, f"No. {number}")
    with CaptureQueriesContext(connection) as captured:
        risks.posture(cast.orchard, make.NOW)
    assert len(captured) == 1


def test_a_risk_points_at_the_clients_own_people_and_systems(cast):
    with pytest.raises(Invalid) as wrong:
        planned.risk(cast.orchard, owner=cast.ravi, system=estate.system(cast.quarry))
    assert sorted(wrong.value.errors) == ["owner", "system"]


def test_the_letter_asks_for_the_look_once_and_not_for_a_closed_risk(cast):
    planned.risk(cast.orchard)
    risks.close(planned.risk(cast.orchard, "Gone"), reason="Gone", **acts(cast.ada))
    at = datetime.datetime(2026, 5, 26, 23, 30, tzinfo=datetime.UTC)
    for _ in range(2):
        agenda.fall_due(at)
        notices.drain(clock=lambda: at)
    (letter,) = [m for m in mail.outbox if "risk" in m.subject]
    assert (letter.to, letter.subject) == (
        ["olu@lantern.test"],
        "Look again at the risk: Answers are made up",
    )


def superseded(cast, decision, at):
    """Another decision in its place, which the sponsor agrees to."""
    new = decisions.supersede(decision, decide=True, by=make.actor(cast.ada), at=at, **logged.SAYS)
    agreements.agree(new, by=make.actor(cast.priya), at=at)


def test_a_risk_is_open_again_once_the_decision_behind_it_is_superseded(cast):
    decision = decided(cast)
    row = planned.risk(cast.orchard, owner=cast.priya)
    row = risks.accept(row, decision=decision.pk, **acts(cast.ada))
    other = planned.risk(cast.orchard, title="Another", owner=cast.priya)
    later = make.NOW + datetime.timedelta(days=10)
    superseded(cast, decision, later)
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.status, row.accepted_decision_id, row.accepted_at) == ("open", None, None)
    assert (row.status_at, row.review_on) == (later, (later + risks.SOON).date())
    entry = AgendaEntry.objects.get(kind=KIND, subject_id=row.pk)
    assert (entry.status, entry.due_at) == ("open", end_of_day(row.review_on, "UTC"))
    (event,) = Event.objects.filter(kind="risk.acceptance_ended")
    assert (event.subject_id, event.at) == (row.pk, later)
    assert (other.status, other.version) == ("open", 1)


def test_a_look_that_is_due_sooner_stays_where_it_is(cast):
    decision = decided(cast)
    row = planned.risk(cast.orchard, owner=cast.priya)
    row = risks.accept(row, decision=decision.pk, **acts(cast.ada))
    due = row.review_on
    superseded(cast, decision, make.NOW + datetime.timedelta(days=85))
    row.refresh_from_db()
    assert (row.status, row.review_on) == ("open", due)


def test_a_successor_that_waits_or_is_refused_leaves_the_risk_accepted(cast):
    decision = decided(cast)
    row = planned.risk(cast.orchard, owner=cast.priya)
    row = risks.accept(row, decision=decision.pk, **acts(cast.ada))
    new = decisions.supersede(decision, decide=True, **acts(cast.ada), **logged.SAYS)
    decisions.reject(new, reason="Not yet", by=make.actor(cast.priya), at=make.NOW)
    row.refresh_from_db()
    assert (row.status, row.accepted_decision_id) == ("accepted", decision.pk)


def test_over_the_api_a_superseded_decision_takes_its_acceptances_with_it(cast, api):
    decision = decided(cast)
    ada, priya = api(cast.ada), api(cast.priya)
    row = planned.risk(cast.orchard, owner=cast.priya)
    said = {"decision": str(decision.pk)}
    assert ada.post(f"risks/{row.pk}/accept/", said).json()["status"] == "accepted"
    new = ada.post(f"decisions/{decision.pk}/supersede/", {**logged.SAYS, "decide": True}).json()
    assert ada.get(f"risks/{row.pk}/").json()["status"] == "accepted"
    assert priya.post(f"decisions/{new['id']}/agree/", {}).json()["status"] == "decided"
    told = ada.get(f"risks/{row.pk}/").json()
    assert (told["status"], told["accepted_decision_id"]) == ("open", None)
    again = ada.post(f"risks/{row.pk}/accept/", said)
    assert (again.status_code, again.json()["code"]) == (409, "risk_not_decided")
    assert ada.post(f"risks/{row.pk}/accept/", {"decision": new["id"]}).status_code == 200
