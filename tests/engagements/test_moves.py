"""Moves along the spectrum: every one that is allowed or refused, agreement, and effect on a day at the client."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction

from engagements import contracts, lifecycle, moves, spectrum, stages, steps, suggestions
from engagements.models import HandoverItem, Move, Stage
from practice import access, clients, clockwork
from practice.models import AgendaEntry
from practice.refusals import Conflict, Invalid, NotAllowed, NotFound, Refusal
from tests import make
from tests.engagements import build
from tests.engagements.moves_table import PHASES, POINTS, UNCHANGED, cells
from tests.make import NOW

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)
ONCE = ("ADVISORY", "SPRINT", "RETAINER", "RETAINER_HIGH", "FULL_TIME")


def tried(call):
    """The move's kind, or the code it was refused with; and nothing remains of it."""
    try:
        with transaction.atomic():
            move = call()
            transaction.set_rollback(True)
            return move.kind
    except Refusal as refused:
        return refused.code


def stepped(point, phase, to_point, to_phase="", *, changed):
    try:
        present = steps.Place(point, phase)
        return steps.step(
            present, to_point=to_point, to_phase=to_phase, changed=changed, commercial=changed
        ).kind
    except Refusal as refused:
        return refused.code


@pytest.mark.parametrize(("since", "to", "said"), cells(POINTS))
def test_every_move_between_points_is_of_its_kind_or_refused(since, to, said):
    phase = spectrum.first_phase(since) if since else ""
    assert stepped(since, phase, to, changed=True) == said


@pytest.mark.parametrize("phase", ["first_90_days", "months_4_12", "year_2_on"])
@pytest.mark.parametrize(("since", "to", "said"), cells(POINTS))
def test_the_phase_changes_nothing_of_which_points_follow(since, to, said, phase):
    at = phase if since in build.RETAINERS else ""
    assert stepped(since, at, to, changed=True) == said


@pytest.mark.parametrize(("point", "said"), UNCHANGED.items())
def test_a_move_to_where_one_is_already_is_refused(point, said):
    assert stepped(point, spectrum.first_phase(point), point, changed=False) == said


@pytest.mark.parametrize("point", build.RETAINERS)
@pytest.mark.parametrize(("since", "to", "said"), cells(PHASES))
def test_a_phase_is_followed_by_the_next_and_by_no_other(point, since, to, said):
    assert stepped(point, since, point, to, changed=False) == said


@pytest.mark.parametrize("point", ["ADVISORY", "SPRINT"])
def test_only_a_retainer_has_phases(point):
    assert stepped(point, "", point, "first_90_days", changed=False) == "move_not_allowed"


def test_through_the_verb_the_table_is_the_same(cast):
    by, found = make.actor(cast.ada), []
    for since in ("", *ONCE):
        status, point = ("active", since) if since else ("proposed", None)
        sprint = {"sprint": "6w"} if since == "SPRINT" else {}
        standing = build.engagement(
            cast, status=status, point=point, terms=sprint, name=since or "New"
        )
        for to in ONCE:
            told = {**build.TERMS, "fee_amount": "9000.00", "reason": "x", "effective_on": TODAY}
            told |= {"sprint": "8w"} if to == "SPRINT" else {}

            def propose(standing=standing, to=to, told=told):
                return moves.propose(standing, to_point=to, by=by, at=NOW, **told)

            found.append((since, to, tried(propose)))
    assert found == cells(POINTS)


def proposed(cast, engagement, to_point="RETAINER_HIGH", on=TODAY, **told):
    told = {"reason": "More to do.", "fee_amount": Decimal(45000)} | told
    by = make.actor(cast.ada)
    return moves.propose(engagement, to_point=to_point, effective_on=on, by=by, at=NOW, **told)


def test_an_agreed_move_ends_one_stage_and_begins_the_next_on_its_day(cast):
    engagement = build.engagement(cast)
    move = proposed(cast, engagement)
    assert (move.status, move.kind, move.needs_agreement) == ("proposed", "up", True)
    move = moves.agree(move, by=make.actor(cast.priya), at=NOW)
    before, after = stages.course(engagement)
    assert (move.status, move.stage, move.effective_at) == ("effective", after, NOW)
    assert (before.point, before.until_on) == ("RETAINER", TODAY)
    assert (after.point, after.since_on, after.until_on) == ("RETAINER_HIGH", TODAY, None)
    # What was not said of the terms is as before; the phase goes on.
    assert (after.fee_amount, after.allowance, after.phase) == (45000, 4, "first_90_days")


def test_nothing_happens_without_the_sponsor(cast):
    engagement = build.engagement(cast)
    move = proposed(cast, engagement)
    with pytest.raises(Conflict) as refused:
        moves.take_effect(move.pk, access.system(move.practice_id), NOW)
    assert refused.value.code == "needs_agreement"
    with pytest.raises(NotAllowed):
        moves.agree(move, by=make.actor(cast.marta), at=NOW)
    with pytest.raises(NotFound):
        moves.agree(move, by=make.actor(cast.ravi), at=NOW)
    assert Stage.objects.count() == 1


def test_what_costs_nothing_needs_no_agreement(cast):
    engagement = build.engagement(cast)
    shown = proposed(cast, engagement, "RETAINER", fee_amount="20000", client_sees_hats=True)
    assert (shown.status, shown.kind, shown.needs_agreement) == ("effective", "terms", False)
    assert stages.present(engagement).client_sees_hats is True


def test_one_move_waits_at_a_time_and_an_answered_one_is_settled(cast):
    engagement = build.engagement(cast)
    move = proposed(cast, engagement)
    with pytest.raises(Conflict) as pending:
        proposed(cast, engagement)
    moves.decline(move, reason="Too dear", by=make.actor(cast.priya), at=NOW)
    codes = []
    for again in (
        lambda: moves.agree(move, by=make.actor(cast.priya), at=NOW),
        lambda: moves.decline(move, reason="x", by=make.actor(cast.priya), at=NOW),
        lambda: moves.withdraw(move, reason="x", by=make.actor(cast.ada), at=NOW),
        lambda: moves.take_effect(move.pk, access.system(move.practice_id), NOW),
    ):
        with pytest.raises(Conflict) as refused:
            again()
        codes.append(refused.value.code)
    assert (pending.value.code, codes) == ("move_pending", ["move_settled"] * 4)
    assert proposed(cast, engagement).status == "proposed"


def test_no_move_begins_before_the_present_stage(cast):
    engagement = build.engagement(cast, starts_on=TODAY - 9 * DAY)
    with pytest.raises(Conflict) as refused:
        proposed(cast, engagement, on=TODAY - 10 * DAY)
    assert refused.value.code == "before_present"


def test_no_move_begins_in_a_closed_month(cast):
    engagement = build.engagement(cast)
    build.closed_month(engagement, datetime.date(2026, 2, 1))
    with pytest.raises(Conflict) as refused:
        proposed(cast, engagement, on=datetime.date(2026, 2, 28))
    assert refused.value.code == "month_closed"
    assert proposed(cast, engagement, on=datetime.date(2026, 3, 1)).status == "proposed"


def test_a_late_yes_holds_from_its_own_day(cast):
    engagement = build.engagement(cast)
    move = proposed(cast, engagement)
    late = moves.agree(move, by=make.actor(cast.priya), at=NOW + 4 * DAY)
    assert late.effective_on == TODAY + 4 * DAY
    assert stages.present(engagement).since_on == TODAY + 4 * DAY


def test_a_yes_on_paper_holds_from_the_day_it_was_given(cast):
    engagement = build.engagement(cast)
    move = proposed(cast, engagement, on=TODAY - 20 * DAY)
    told = {"contact": cast.priya, "note": "Signed.", "said_on": TODAY - 21 * DAY}
    move = moves.agree_on_behalf(move, by=make.actor(cast.ada), at=NOW, **told)
    assert (move.effective_on, move.recorded_by) == (TODAY - 20 * DAY, cast.ada)
    assert move.accepted_by == cast.priya


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"contact": "ravi", "note": "x"}, "contact"),
        ({"contact": "marta", "note": "x"}, "contact"),
        ({"contact": "priya", "note": " "}, "note"),
        ({"contact": "priya", "note": "x", "said_on": TODAY + DAY}, "said_on"),
    ],
)
def test_whose_word_and_how_is_checked(cast, told, field):
    move = proposed(cast, build.engagement(cast))
    told = told | {"contact": getattr(cast, told["contact"])}
    with pytest.raises(Invalid) as refused:
        moves.agree_on_behalf(move, by=make.actor(cast.ada), at=NOW, **told)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"to_point": "SPRINT"}, "sprint"),
        ({"sprint": "6w"}, "sprint"),
        ({"fee_model": "capped_time", "hour_rate": None}, "hour_rate"),
        ({"fee_amount": None}, "fee_amount"),
        ({"allowance_unit": "none"}, "allowance"),
        ({"allowance": 0}, "allowance"),
        ({"rollover_cap": 2}, "rollover_cap"),
        ({"planned_end_on": TODAY - DAY}, "planned_end_on"),
        ({"on": datetime.date.max}, "effective_on"),
    ],
)
def test_terms_that_nobody_could_agree_to_are_refused_by_field(cast, told, field):
    with pytest.raises(Invalid) as refused:
        proposed(cast, build.engagement(cast), **told)
    assert field in refused.value.errors


def agreed_ahead(cast, on, zone):
    clients.change(cast.orchard, time_zone=zone, by=make.actor(cast.olu), at=NOW)
    engagement = build.engagement(cast)
    engagement.client.refresh_from_db()
    move = proposed(cast, engagement, on=on)
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    return engagement


def utc(*given):
    return datetime.datetime(*given, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Europe/Berlin", (2026, 4, 1), utc(2026, 3, 31, 22)),
        ("America/New_York", (2026, 4, 1), utc(2026, 4, 1, 4)),
        ("Pacific/Kiritimati", (2026, 4, 1), utc(2026, 3, 31, 10)),
        # The day the clocks change: in Berlin at two, in Santiago and Beirut over midnight.
        ("Europe/Berlin", (2026, 3, 29), utc(2026, 3, 28, 23)),
        ("Europe/Berlin", (2026, 10, 25), utc(2026, 10, 24, 22)),
        ("America/Santiago", (2026, 9, 6), utc(2026, 9, 6, 4)),
        ("Asia/Beirut", (2026, 3, 29), utc(2026, 3, 28, 22)),
    ],
)
def test_a_move_takes_effect_with_the_first_moment_of_its_day_there(cast, zone, day, moment):
    engagement = agreed_ahead(cast, datetime.date(*day), zone)
    build.tick(moment - datetime.timedelta(minutes=1))
    before = stages.present(engagement).point
    build.tick(moment)
    assert (before, stages.present(engagement).point) == ("RETAINER", "RETAINER_HIGH")
    assert stages.present(engagement).since_on == datetime.date(*day)


def test_a_tick_that_runs_twice_moves_once(cast):
    engagement = agreed_ahead(cast, TODAY + 5 * DAY, "Europe/Lisbon")
    for _ in range(2):
        build.tick(NOW + 5 * DAY)
    assert Stage.objects.count() == 2
    with pytest.raises(Conflict) as refused:
        moves.take_effect(Move.objects.get().pk, access.system(cast.practice.pk), NOW + 5 * DAY)
    assert refused.value.code == "move_settled"
    entry = AgendaEntry.objects.get(kind="move_effective")
    assert (entry.status, stages.present(engagement).point) == ("done", "RETAINER_HIGH")


def test_a_client_that_moves_to_another_zone_takes_its_dates_along(cast):
    engagement = agreed_ahead(cast, datetime.date(2026, 4, 1), "Europe/Lisbon")
    clients.change(cast.orchard, time_zone="Asia/Tokyo", by=make.actor(cast.olu), at=NOW)
    build.tick(NOW)
    assert AgendaEntry.objects.get(kind="move_effective").due_at == utc(2026, 3, 31, 15)
    build.tick(utc(2026, 3, 31, 15))
    assert stages.present(engagement).since_on == datetime.date(2026, 4, 1)


def test_a_planned_move_can_be_withdrawn_and_then_does_not_happen(cast):
    engagement = agreed_ahead(cast, TODAY + 5 * DAY, "Europe/Lisbon")
    moves.withdraw(Move.objects.get(), reason="Not yet", by=make.actor(cast.ada), at=NOW + DAY)
    build.tick(NOW + 6 * DAY)
    assert stages.present(engagement).point == "RETAINER"
    assert AgendaEntry.objects.get(kind="move_effective").status == "cancelled"


def test_full_time_makes_the_handover_list(cast):
    engagement = build.engagement(cast, point="RETAINER_HIGH")
    move = proposed(cast, engagement, "FULL_TIME", fee_amount=Decimal(0))
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    assert "full_time_hire" in HandoverItem.objects.values_list("key", flat=True)
    # Ending it later adds nothing twice.
    lifecycle.end(engagement, reason="Hired", by=make.actor(cast.ada), at=NOW)
    assert HandoverItem.objects.count() == 7


def test_the_first_step_agreed_in_a_contract_names_it(cast):
    by, engagement = make.actor(cast.ada), build.engagement(cast)
    contract = contracts.draft(engagement, title="Amendment", by=by, at=NOW)
    move = proposed(cast, engagement, contract=contract)
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    assert stages.present(engagement).contract == contract


def test_facts_that_put_the_client_elsewhere_suggest_a_move_once(cast):
    engagement = build.engagement(cast)
    build.assessment(cast.orchard, point="RETAINER_HIGH")
    by = access.system(cast.practice.pk)
    for _ in range(2):
        suggestions.propose_from_facts(cast.orchard, by=by, at=NOW)
    move = Move.objects.get()
    assert (move.status, move.cause, move.to_point) == ("suggested", "facts", "RETAINER_HIGH")
    assert move.reason == (
        "Assessed on 2 March 2026, the fourth lens puts the client at High-intensity retainer."
    )
    # Nobody at the client hears of it before a consultant makes it their own.
    assert access.visible_to(make.actor(cast.priya), Move).count() == 0
    told = {"effective_on": TODAY, "fee_amount": Decimal(45000)}
    move = moves.put_forward(move, by=make.actor(cast.ada), at=NOW, **told)
    assert move.status == "proposed"
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    assert stages.present(engagement).fee_amount == 45000


@pytest.mark.parametrize(
    ("present", "point", "bridge", "said"),
    [
        ("RETAINER", "RETAINER", None, (None, False)),
        ("RETAINER", "FULL_TIME", "RETAINER_HIGH", ("RETAINER_HIGH", True)),
        ("RETAINER_HIGH", "FULL_TIME", "RETAINER_HIGH", ("FULL_TIME", False)),
        ("ADVISORY", "FULL_TIME", "RETAINER_HIGH", ("RETAINER_HIGH", True)),
        ("ADVISORY", "FULL_TIME", None, (None, False)),
        ("SPRINT", "RETAINER", None, ("RETAINER", False)),
        ("FULL_TIME", "RETAINER", None, (None, False)),
    ],
)
def test_the_next_step_towards_what_the_facts_say(present, point, bridge, said):
    assert suggestions.towards(present, point, bridge) == said


def test_the_comparison_of_a_run_is_over_when_it_was_made(cast):
    build.engagement(cast)
    assessment = build.assessment(cast.orchard, point="RETAINER_HIGH")
    with transaction.atomic():
        suggestions.assessed(assessment, NOW)
    (entry,) = AgendaEntry.objects.filter(kind="point_compare")
    clockwork.tick(at=NOW, clock=lambda: NOW)
    entry.refresh_from_db()
    assert (entry.status, Move.objects.get().cause) == ("done", "facts")


def test_a_proposal_of_ones_own_overtakes_a_suggestion(cast):
    engagement = build.engagement(cast)
    build.assessment(cast.orchard, point="RETAINER_HIGH")
    suggestions.propose_from_facts(cast.orchard, by=access.system(cast.practice.pk), at=NOW)
    proposed(cast, engagement, "ADVISORY", fee_model="per_day")
    assert sorted(Move.objects.values_list("to_point", "status")) == [
        ("ADVISORY", "proposed"),
        ("RETAINER_HIGH", "withdrawn"),
    ]
