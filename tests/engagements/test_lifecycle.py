"""An engagement's life: drafted, proposed, activated through the gate, paused, ended."""

import datetime

import pytest

from engagements import contracts, gate, lifecycle, moves, stages, wearing
from engagements.models import Engagement, HandoverItem, HatShare, Move, Pause, Stage
from practice.models import AgendaEntry, Client, Event
from practice.refusals import Conflict, Invalid, NotAllowed
from tests import make
from tests.engagements import build
from tests.make import NOW

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
BOTH = {"CTO": 50, "CAIO": 50}


def drafted(cast, hats=BOTH, **details):
    by = make.actor(cast.ada)
    return lifecycle.open_for(
        cast.orchard, name="Two hats", lead=cast.ada, hats=hats, by=by, at=NOW, **details
    )


def proposed(cast, **details):
    return lifecycle.propose(drafted(cast, **details), by=make.actor(cast.ada), at=NOW)


def first_stage(cast, engagement, on=TODAY):
    by, told = make.actor(cast.ada), {**build.TERMS, "reason": "As talked through."}
    move = moves.propose(engagement, to_point="RETAINER", effective_on=on, by=by, at=NOW, **told)
    return moves.agree(move, by=make.actor(cast.priya), at=NOW)


def worn(cast, engagement, **depth):
    by = make.actor(cast.ada)
    for hat in ("CTO", "CAIO"):
        said = depth if hat == "CAIO" else {}
        wearing.wear(engagement, hat=hat, member=cast.ada, since_on=TODAY, by=by, at=NOW, **said)


def activate(cast, engagement, at=NOW):
    return lifecycle.activate(engagement, by=make.actor(cast.ada), at=at)


def whole(cast, on=TODAY):
    engagement = proposed(cast)
    worn(cast, engagement, depth_evidence="Evaluations shipped at two banks.")
    build.charter(cast, engagement)
    first_stage(cast, engagement, on)
    return engagement


def test_shares_that_do_not_total_one_hundred_are_refused_by_field(cast):
    with pytest.raises(Invalid) as refused:
        drafted(cast, hats={"CTO": 50, "CAIO": 40})
    assert refused.value.errors == {
        "hats": ["The shares total 90 per cent; they have to total 100."]
    }
    assert Engagement.objects.count() == 0


def test_the_lead_works_for_the_client_already(cast):
    with pytest.raises(Invalid) as refused:
        lifecycle.open_for(cast.orchard, name="X", lead=cast.ben, by=make.actor(cast.ada), at=NOW)
    assert list(refused.value.errors) == ["lead"]


def test_activation_tells_everything_that_is_missing_at_once(cast):
    engagement = proposed(cast, hats={})
    with pytest.raises(gate.GateNotMet) as refused:
        activate(cast, engagement)
    assert [one["key"] for one in refused.value.facts["missing"]] == ["begin", "hats", "start"]


def test_one_person_under_both_hats_needs_depth_and_a_charter(cast):
    engagement = proposed(cast)
    worn(cast, engagement)
    first_stage(cast, engagement)
    with pytest.raises(gate.GateNotMet) as refused:
        activate(cast, engagement)
    assert [one["key"] for one in refused.value.facts["missing"]] == ["charter", "depth"]


def test_two_people_need_neither(cast):
    engagement = proposed(cast)
    by = make.actor(cast.olu)
    wearing.wear(engagement, hat="CTO", member=cast.ada, since_on=TODAY, by=by, at=NOW)
    wearing.wear(engagement, hat="CAIO", member=cast.olu, since_on=TODAY, by=by, at=NOW)
    first_stage(cast, engagement)
    assert activate(cast, engagement).status == "active"


def test_an_activated_engagement_begins_its_stage_and_makes_the_client_one(cast):
    engagement = activate(cast, whole(cast))
    stage = stages.present(engagement)
    assert (stage.point, stage.phase, stage.since_on) == ("RETAINER", "first_90_days", TODAY)
    assert engagement.starts_on == TODAY
    assert Client.objects.get(pk=cast.orchard.pk).status == "active"


def test_a_first_day_ahead_is_waited_for(cast):
    engagement = activate(cast, whole(cast, on=TODAY + 3 * DAY))
    assert stages.present(engagement) is None
    build.tick(NOW + 3 * DAY - datetime.timedelta(hours=10))
    assert stages.present(engagement) is None
    # Lisbon is at UTC in March: the first moment of 5 March there.
    build.tick(datetime.datetime(2026, 3, 5, tzinfo=datetime.UTC))
    assert stages.present(engagement).since_on == TODAY + 3 * DAY


def test_a_withdrawn_proposal_takes_what_it_asked_for_with_it(cast):
    engagement = proposed(cast)
    first_stage(cast, engagement)
    engagement = lifecycle.withdraw(engagement, by=make.actor(cast.ada), at=NOW)
    assert engagement.status == "draft"
    assert list(Move.objects.values_list("status", flat=True)) == ["withdrawn"]


def test_every_step_from_the_wrong_state_has_its_code(cast):
    by, at = make.actor(cast.ada), NOW
    draft = drafted(cast)
    active = build.engagement(cast)
    ended = build.engagement(cast, status="ended", ended_on=TODAY, point=None)
    steps = [
        (lifecycle.withdraw, draft, {}, "not_proposed"),
        (lifecycle.activate, draft, {}, "not_proposed"),
        (lifecycle.pause, draft, {"reason": "x"}, "not_active"),
        (lifecycle.end, draft, {"reason": "x"}, "not_active"),
        (lifecycle.propose, active, {}, "not_draft"),
        (lifecycle.activate, active, {}, "not_proposed"),
        (lifecycle.resume, active, {}, "not_paused"),
        (lifecycle.change, active, {"starts_on": TODAY}, "has_begun"),
        (lifecycle.pause, ended, {"reason": "x"}, "not_active"),
        (lifecycle.end, ended, {"reason": "x"}, "not_active"),
        (lifecycle.change, ended, {"name": "x"}, "engagement_ended"),
        (lifecycle.propose, ended, {}, "not_draft"),
    ]
    codes = []
    for verb, engagement, given, _ in steps:
        with pytest.raises(Conflict) as refused:
            verb(engagement, by=by, at=at, **given)
        codes.append(refused.value.code)
    assert codes == [code for *_, code in steps]


def test_a_pause_from_today_pauses_and_resuming_ends_it(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast)
    paused = lifecycle.pause(engagement, reason="A merger", by=by, at=NOW)
    assert paused.status == "paused"
    resumed = lifecycle.resume(engagement, by=by, at=NOW + 9 * DAY)
    assert resumed.status == "active"
    assert list(Pause.objects.values_list("since_on", "until_on")) == [(TODAY, TODAY + 9 * DAY)]


def test_a_pause_set_ahead_begins_and_ends_by_itself(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast)
    days = {"since_on": TODAY + 2 * DAY, "until_on": TODAY + 5 * DAY}
    told = []
    told.append(lifecycle.pause(engagement, reason="August", by=by, at=NOW, **days).status)
    for later in (2, 5):
        build.tick(NOW + later * DAY)
        told.append(Engagement.objects.get().status)
    assert told == ["active", "paused", "active"]


def test_pauses_never_overlap(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast)
    first = {"since_on": TODAY + 5 * DAY, "until_on": TODAY + 9 * DAY}
    lifecycle.pause(engagement, reason="One", by=by, at=NOW, **first)
    with pytest.raises(Conflict) as refused:
        lifecycle.pause(engagement, reason="Two", since_on=TODAY, by=by, at=NOW)
    assert refused.value.code == "pause_overlaps"
    before = {"since_on": TODAY + 2 * DAY, "until_on": TODAY + 5 * DAY}
    lifecycle.pause(engagement, reason="Two", by=by, at=NOW, **before)
    assert Pause.objects.count() == 2


def test_an_ended_engagement_leaves_nothing_open_and_a_list_to_hand_over(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast, eu_milestones=True)
    lifecycle.pause(engagement, reason="A merger", by=by, at=NOW)
    move = moves.propose(
        engagement,
        to_point="RETAINER_HIGH",
        effective_on=TODAY + 5 * DAY,
        reason="More",
        by=by,
        at=NOW,
    )
    ended = lifecycle.end(engagement, reason="Bought", by=by, at=NOW + DAY)
    assert (ended.status, ended.ended_on, ended.end_reason) == ("ended", TODAY + DAY, "Bought")
    assert Stage.objects.get().until_on == TODAY + DAY
    assert Pause.objects.get().until_on == TODAY + DAY
    assert Move.objects.get(pk=move.pk).status == "withdrawn"
    theirs = AgendaEntry.objects.filter(subject_id__in=[engagement.pk, move.pk])
    assert set(theirs.values_list("status", flat=True)) <= {"cancelled", "done"}
    assert sorted(HandoverItem.objects.values_list("key", flat=True)) == [
        "access",
        "decision_log",
        "deliverables",
        "introductions",
        "open_deliverables",
        "rights",
    ]


def test_hats_change_under_way_but_never_to_none(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast)
    lifecycle.change(engagement, hats={"CTO": 70, "CAIO": 30}, by=by, at=NOW)
    assert dict(HatShare.objects.values_list("hat", "target")) == {"CTO": 70, "CAIO": 30}
    with pytest.raises(Invalid):
        lifecycle.change(engagement, hats={}, by=by, at=NOW)
    with pytest.raises(Conflict) as refused:
        lifecycle.change(engagement, hats={"CTO": 100}, by=by, at=NOW)
    assert refused.value.code == "hat_worn"


def test_a_recommendation_gives_hats_and_point(cast):
    choice = build.choice(cast, hats=["CAIO", "CTO"], point="SPRINT")
    by = make.actor(cast.ada)
    engagement = lifecycle.draft_from(choice, lead=cast.ada, by=by, at=NOW)
    assert (engagement.name, engagement.origin) == ("CAIO and CTO", choice)
    assert dict(HatShare.objects.values_list("hat", "target")) == {"CTO": 50, "CAIO": 50}
    move = moves.propose(
        engagement, effective_on=TODAY, reason="x", sprint="6w", by=by, at=NOW, **build.TERMS
    )
    assert (move.to_point, move.kind) == ("SPRINT", "begin")


def test_a_contact_cannot_begin_it(cast):
    engagement = build.engagement(cast, status="proposed")
    with pytest.raises(NotAllowed):
        lifecycle.activate(engagement, by=make.actor(cast.priya), at=NOW)


def test_amendments_are_accepted_one_at_a_time_and_the_newest_counts(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast)
    first = contracts.draft(engagement, title="Contract", by=by, at=NOW)
    with pytest.raises(Conflict) as refused:
        contracts.draft(engagement, title="Amendment", by=by, at=NOW)
    assert refused.value.code == "contract_open"
    contracts.offer(first, by=by, at=NOW)
    contracts.accept(first, by=make.actor(cast.priya), at=NOW)
    second = contracts.draft(engagement, title="Amendment", by=by, at=NOW)
    contracts.offer(second, by=by, at=NOW)
    note = {"contact": cast.priya, "note": "Signed on paper."}
    contracts.accept_on_behalf(second, by=by, at=NOW, **note)
    first.refresh_from_db()
    assert (first.status, contracts.in_force(engagement)) == ("superseded", second)
    assert Stage.objects.get().contract == second
    kinds = Event.objects.filter(subject_id=second.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["contract.drafted", "contract.offered", "contract.accepted"]
