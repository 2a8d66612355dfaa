"""Decisions: the right and the hat are asked of the charter, and whoever it names is asked before one is made."""

import datetime
from decimal import Decimal

import pytest

from deliverables import agreements, decisions, reviews, scorecards, taking
from deliverables.models import Agreement, Decision
from engagements import deputies, wearing
from engagements.models import Wearing
from practice import access
from practice.models import AgendaEntry, Event, Notice
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def charter(cast, engagement):
    return logged.charter(cast, engagement)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


@pytest.fixture
def priya(cast):
    return make.actor(cast.priya)


def asked(decision):
    rows = Agreement.objects.filter(decision=decision).order_by("asked", "hat")
    return [(row.asked, row.hat, row.given_at is not None) for row in rows]


def test_without_an_accepted_charter_nothing_can_be_decided(engagement, cast):
    with pytest.raises(taking.NoCharter):
        logged.decision(engagement, cast.ada)

    assert not Decision.objects.exists()


def test_what_a_hat_decides_alone_is_decided_at_once(engagement, charter, cast):
    decision = logged.decision(engagement, cast.ada)

    assert (decision.status, decision.number, decision.code) == ("decided", 1, "DR-06")
    assert (decision.holder, decision.decider, decision.deputy) == (cast.ada, cast.ada, None)
    assert (decision.recorder, decision.decided_at, decision.charter) == (cast.ada, NOW, charter)
    assert asked(decision) == []
    kinds = Event.objects.filter(subject_id=decision.pk).order_by("id").values_list("kind", "hat")
    assert list(kinds) == [("decision.proposed", "CTO"), ("decision.decided", "CTO")]


def test_a_right_that_the_hat_does_not_hold_is_refused_and_its_holder_named(
    engagement, charter, cast
):
    with pytest.raises(taking.RightNotHeld) as refused:
        logged.decision(engagement, cast.ada, code="DR-02", hat="CTO")

    assert refused.value.facts == {"holders": ["CAIO"]}
    assert refused.value.sentence == (
        "DR-02 (Taking on AI risk, and answering for it (one named person)) is decided by the CAIO "
        "hat (Ada), not by this hat."
    )


def test_an_unknown_right_and_a_foreign_hat_are_refused(engagement, charter, cast):
    with pytest.raises(Invalid) as unknown:
        logged.decision(engagement, cast.ada, code="DR-99")
    with pytest.raises(Invalid) as foreign:
        logged.decision(engagement, cast.ada, hat="CDO")

    assert (list(unknown.value.errors), list(foreign.value.errors)) == (["code"], ["hat"])


def test_the_same_person_confirms_under_the_other_hat(engagement, charter, cast, ada):
    decision = logged.decision(engagement, cast.ada, code="DR-08", hat="CAIO")
    assert (decision.status, asked(decision)) == ("awaiting", [("hat", "CTO", False)])

    decision = agreements.agree(decision, hat="CTO", by=ada, at=NOW + DAY)

    assert (decision.status, decision.decided_at) == ("decided", NOW + DAY)
    given = Agreement.objects.get(decision=decision)
    assert (given.member, given.hat) == (cast.ada, "CTO")
    told = Event.objects.get(kind="decision.agreed")
    assert (told.actor_id, told.hat) == (cast.ada.pk, "CTO")


def test_a_hat_that_is_not_asked_cannot_agree(engagement, charter, cast, ada):
    decision = logged.decision(engagement, cast.ada, code="DR-08", hat="CAIO")

    with pytest.raises(agreements.NotAsked):
        agreements.agree(decision, hat="CAIO", by=ada, at=NOW)
    with pytest.raises(agreements.NotAsked):
        agreements.agree(decision, by=ada, at=NOW)


def test_only_who_wears_the_other_hat_agrees_under_it(engagement, charter, cast):
    decision = logged.decision(engagement, cast.ada, code="DR-08", hat="CAIO")

    with pytest.raises(taking.NotTheHolder):
        agreements.agree(decision, hat="CTO", by=make.actor(cast.olu), at=NOW)


def test_the_sponsor_is_asked_where_the_charter_names_the_client(engagement, charter, cast, priya):
    decision = logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")
    assert (asked(decision), decision.client_sees) == ([("client", "", False)], True)

    decision = agreements.agree(decision, by=priya, at=NOW)

    assert (decision.status, decision.client_agreed) == ("decided", True)
    assert Agreement.objects.get(decision=decision).contact == cast.priya


def test_the_board_sees_what_is_visible_and_answers_nothing(engagement, charter, cast):
    decision = logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")

    with pytest.raises(NotAllowed):
        agreements.agree(decision, by=make.actor(cast.marta), at=NOW)
    assert list(access.visible_to(make.actor(cast.marta), Decision)) == [decision]
    assert not access.visible_to(make.actor(cast.ravi), Decision).exists()


def test_what_is_not_marked_for_the_client_is_not_seen_there(engagement, charter, cast, priya):
    logged.decision(engagement, cast.ada)
    shown = logged.decision(engagement, cast.ada, client_sees=True)
    logged.decision(engagement, cast.ada, client_sees=True, decide=False)

    assert list(access.visible_to(priya, Decision)) == [shown]


def test_the_board_cannot_agree_to_what_it_cannot_see(engagement, charter, cast):
    decision = logged.decision(engagement, cast.ada, decide=False)

    with pytest.raises(NotFound):
        agreements.agree(decision, by=make.actor(cast.priya), at=NOW)


def test_a_second_person_is_somebody_else(cast, engagement, ada):
    logged.charter(cast, engagement, rights={"DR-06": {"second_person": True}})
    decision = logged.decision(engagement, cast.ada)
    assert (decision.status, asked(decision)) == ("awaiting", [("second", "", False)])

    with pytest.raises(agreements.SecondPersonNeeded):
        agreements.agree(decision, by=ada, at=NOW)
    assert agreements.agree(decision, by=make.actor(cast.olu), at=NOW).status == "decided"


def test_a_deputy_decides_for_an_absent_holder_and_both_are_named(cast, engagement, charter, priya):
    worn = Wearing.objects.get(engagement=engagement, hat="CTO")
    deputy = deputies.name(
        worn,
        member=cast.olu,
        since_on=NOW.date(),
        until_on=NOW.date() + 5 * DAY,
        limit_per_decision=Decimal(1000),
        by=make.actor(cast.ada),
        at=NOW,
    )
    with pytest.raises(taking.NotTheHolder):
        logged.decision(engagement, cast.olu)
    deputies.accept(deputy, by=priya, at=NOW)

    decision = logged.decision(engagement, cast.olu, amount=Decimal(1000), currency="EUR")
    over = logged.decision(engagement, cast.olu, amount=Decimal("1000.01"), currency="EUR")

    assert (decision.status, decision.holder, decision.decider) == ("decided", cast.ada, cast.olu)
    assert (decision.deputy, decision.recorder, over.status) == (deputy, cast.olu, "awaiting")
    with pytest.raises(taking.NotTheHolder):
        logged.decision(engagement, cast.olu, at=NOW + 6 * DAY)


def test_who_writes_it_down_need_not_decide(cast, engagement, charter, ada):
    decision = logged.decision(engagement, cast.olu, decide=False)
    with pytest.raises(taking.NotTheHolder):
        decisions.decide(decision, by=make.actor(cast.olu), at=NOW)

    decision = decisions.decide(decision, by=ada, at=NOW)

    assert (decision.status, decision.recorder, decision.decider) == ("decided", cast.olu, cast.ada)


def test_what_was_decided_elsewhere_is_put_down_with_its_day(cast, engagement, charter):
    at = NOW + 3 * DAY
    decision = logged.decision(engagement, cast.olu, decide=False, at=at)

    decision = decisions.decide_on_behalf(
        decision,
        note="In the steering committee.",
        said_on=NOW.date() + DAY,
        by=make.actor(cast.olu),
        at=at,
    )

    told = (decision.status, decision.origin, decision.decider, decision.recorder)
    assert told == ("decided", "on_behalf", cast.ada, cast.olu)
    assert decision.decided_at.date() == NOW.date() + DAY
    other = logged.decision(engagement, cast.olu, decide=False, at=at)
    for day in (NOW.date() - DAY, at.date() + DAY):
        with pytest.raises(Invalid):
            decisions.decide_on_behalf(
                other, note="Said so.", said_on=day, by=make.actor(cast.olu), at=at
            )


def test_nobody_wears_the_hat_nobody_decides(cast, engagement, charter, ada):
    worn = Wearing.objects.get(engagement=engagement, hat="CTO")
    wearing.take_off(worn, until_on=NOW.date(), by=ada, at=NOW)

    with pytest.raises(taking.HatNotWorn):
        logged.decision(engagement, cast.ada)


def test_a_proposal_can_be_changed_until_it_is_put_forward(cast, engagement, charter, ada):
    decision = logged.decision(engagement, cast.ada, decide=False)

    decision = decisions.change(decision, question="Which one?", code="DR-12", by=ada, at=NOW)
    assert (decision.question, decision.code, decision.right.code) == ("Which one?",) + (
        "DR-12",
    ) * 2
    with pytest.raises(taking.RightNotHeld):
        decisions.change(decision, code="DR-02", by=ada, at=NOW)
    decisions.decide(decision, by=ada, at=NOW)
    with pytest.raises(decisions.NotProposed):
        decisions.change(decision, question="Another?", by=ada, at=NOW)
    with pytest.raises(decisions.NotProposed):
        decisions.decide(decision, by=ada, at=NOW)


def test_superseding_keeps_both_and_links_them(cast, engagement, charter, ada):
    former = logged.decision(engagement, cast.ada)
    says = logged.SAYS | {"reason": "The price has doubled."}

    new = decisions.supersede(former, decide=True, by=ada, at=NOW, **says)

    former.refresh_from_db()
    assert (former.status, former.superseded_by) == ("superseded", new)
    assert (new.status, new.supersedes) == ("decided", former)
    with pytest.raises(decisions.NotInForce):
        decisions.supersede(former, by=ada, at=NOW, **says)


def test_of_two_successors_the_first_takes_the_place(cast, engagement, charter, ada):
    former = logged.decision(engagement, cast.ada)
    one, other = (decisions.supersede(former, by=ada, at=NOW, **logged.SAYS) for _ in range(2))
    decisions.decide(one, by=ada, at=NOW)

    with pytest.raises(agreements.TakenPlaceOf):
        decisions.decide(other, by=ada, at=NOW)


def test_who_is_asked_may_say_no_and_why(cast, engagement, charter, ada, priya):
    decision = logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")
    with pytest.raises(Invalid):
        decisions.reject(decision, reason=" ", by=priya, at=NOW)

    decision = decisions.reject(decision, reason="Not this year.", by=priya, at=NOW)

    assert (decision.status, decision.closed_reason) == ("rejected", "Not this year.")
    with pytest.raises(agreements.NotAwaiting):
        agreements.agree(decision, by=priya, at=NOW)
    with pytest.raises(decisions.DecisionSettled):
        decisions.withdraw(decision, by=ada, at=NOW)


def test_the_holder_rejects_what_others_propose(cast, engagement, charter, ada):
    decision = logged.decision(engagement, cast.olu, decide=False)

    with pytest.raises(taking.NotTheHolder):
        decisions.reject(decision, reason="No.", by=make.actor(cast.olu), at=NOW)
    assert decisions.reject(decision, reason="No.", by=ada, at=NOW).status == "rejected"


def test_what_waits_can_be_withdrawn_and_stays_in_the_log(cast, engagement, charter, ada):
    decision = logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")

    decision = decisions.withdraw(decision, reason="Overtaken.", by=ada, at=NOW)

    assert (decision.status, Decision.objects.count()) == ("withdrawn", 1)


def test_an_agreement_given_elsewhere_is_put_down_with_its_evidence(cast, engagement, charter, ada):
    decision = logged.decision(engagement, cast.ada, code="DR-07", hat="CAIO")

    decision = agreements.agree_on_behalf(
        decision, contact=cast.priya, note="By phone.", by=ada, at=NOW
    )

    given = Agreement.objects.get(decision=decision)
    assert (decision.status, given.contact, given.recorded_by) == ("decided", cast.priya, cast.ada)
    assert given.evidence_note == "By phone."


def test_an_ai_tool_is_taken_up_only_when_both_hats_scored_it(cast, engagement, charter, ada):
    decision = logged.decision(engagement, cast.ada, code="DR-10", hat="CAIO", decide=False)
    with pytest.raises(scorecards.ScoresMissing) as refused:
        decisions.decide(decision, by=ada, at=NOW)
    assert refused.value.facts == {"missing": ["CAIO", "CTO"]}
    scorecards.score(decision, hat="CAIO", impact=5, feasibility=2, by=ada, at=NOW)
    with pytest.raises(scorecards.ScoresMissing):
        decisions.decide(decision, by=ada, at=NOW)
    scorecards.score(decision, hat="CTO", impact=3, feasibility=4, by=ada, at=NOW)

    decision = decisions.decide(decision, by=ada, at=NOW)

    assert (decision.status, asked(decision)) == ("awaiting", [("hat", "CTO", False)])
    first = scorecards.told(decision)[0]
    assert first["by_hat"] == {"CAIO": Decimal("3.50"), "CTO": Decimal("3.50")}
    assert first["score"] == Decimal("3.50")
    assert agreements.agree(decision, hat="CTO", by=ada, at=NOW).status == "decided"
    with pytest.raises(scorecards.NotScored):
        scorecards.score(decision, hat="CTO", impact=1, feasibility=1, by=ada, at=NOW)


def test_a_review_is_on_the_agenda_and_moves_on(cast, engagement, charter, ada):
    day = NOW.date() + 90 * DAY
    decision = logged.decision(engagement, cast.ada, review_on=day, client_sees=True)
    entry = AgendaEntry.objects.get(kind="decision_review")
    assert (entry.subject_id, entry.owner_id, entry.status) == (decision.pk, cast.ada.pk, "open")

    decision = reviews.review(
        decision, note="Still right.", review_on=day + 90 * DAY, by=ada, at=NOW
    )

    assert (decision.status, decision.review_note) == ("decided", "Still right.")
    told = AgendaEntry.objects.filter(kind="decision_review").order_by("due_at")
    assert list(told.values_list("status", flat=True)) == ["done", "open"]


def test_the_decider_is_written_to_when_the_review_is_due(cast, engagement, charter):
    logged.decision(engagement, cast.ada, review_on=NOW.date() + 30 * DAY)
    for day in (22, 23, 31):
        build.tick(NOW + day * DAY + DAY / 2)

    told = Notice.objects.filter(kind="decision_review_due").values_list("recipient", "status")
    assert list(told) == [(f"member:{cast.ada.pk}", "done")] * 2


def test_who_is_not_assigned_proposes_nothing(cast, engagement, charter):
    with pytest.raises(NotFound):
        logged.decision(engagement, cast.ben)
    with pytest.raises(NotAllowed):
        logged.decision(engagement, cast.fin)
