"""The phases of a retainer end with their date and their exit tests; pauses push the date on."""

import datetime

import pytest

from deliverables import releasing, reviewing, writing
from deliverables.models import Deliverable
from engagements import lifecycle, moves, phases, spectrum, stages
from engagements.models import Move, Stage
from practice.models import AgendaEntry
from practice.refusals import Conflict, Invalid
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

# The retainer begins on 1 January 2026; day 90 is 1 April, month 12 ends with the year.
DAY_90 = datetime.date(2026, 4, 1)
DAY = datetime.timedelta(days=1)


def noon(day):
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def delivered(cast, engagement, *codes, at=NOW):
    """What ends the first phase of an AI hat: it was accepted."""
    owing.delivered(cast, engagement, *(codes or ("DV-06", "DV-07", "DV-14")), at=at)


def stated(cast, engagement, *tests, met=True, at=NOW):
    by = make.actor(cast.ada)
    for test in tests:
        phases.state_test(engagement, test=test, met=met, reason="Seen by the board.", by=by, at=at)


def planned(cast, **details):
    """An engagement whose dates are on the agenda."""
    engagement = build.engagement(cast, **details)
    lifecycle.change(engagement, po_number="1", by=make.actor(cast.ada), at=NOW)
    return engagement


def present(engagement):
    stage = stages.present(engagement)
    return stage.phase, stage.since_on, stage.overdue


def test_tests_met_before_the_date_wait_for_it(cast):
    engagement = planned(cast)
    delivered(cast, engagement)
    assert present(engagement) == ("first_90_days", datetime.date(2026, 1, 1), False)
    # Lisbon is at UTC+1 in April: 2 April begins there at 23:00 of the day before.
    build.tick(datetime.datetime(2026, 4, 1, 22, 59, tzinfo=datetime.UTC))
    assert present(engagement)[0] == "first_90_days"
    build.tick(datetime.datetime(2026, 4, 1, 23, 0, tzinfo=datetime.UTC))
    assert present(engagement) == ("months_4_12", DAY_90 + DAY, False)
    move = Move.objects.get()
    assert (move.kind, move.cause, move.status) == ("phase", "date", "effective")
    assert move.needs_agreement is False


def test_a_test_that_is_not_met_is_said_aloud_and_the_last_one_met_moves_at_once(cast, mailoutbox):
    engagement = planned(cast, hats={"CAIO": 100})
    delivered(cast, engagement, "DV-06", "DV-07")
    build.tick(noon(DAY_90 + DAY))
    assert present(engagement) == ("first_90_days", datetime.date(2026, 1, 1), True)
    overdue = AgendaEntry.objects.get(kind="phase_overdue")
    assert (overdue.status, overdue.owner) == ("open", cast.ada)
    build.tick(noon(DAY_90 + DAY))
    assert [m.subject for m in mailoutbox if "First 90 days" in m.subject] == [
        "Soon: First 90 days end: Two hats",
        "First 90 days are overdue: Two hats",
    ]
    delivered(cast, engagement, "DV-14", at=noon(DAY_90 + 9 * DAY))
    assert present(engagement) == ("months_4_12", DAY_90 + 9 * DAY, False)
    overdue.refresh_from_db()
    assert overdue.status == "done"


def test_the_latest_statement_of_a_test_counts(cast):
    engagement = planned(cast, hats={"CIO": 100})
    stated(cast, engagement, "CIO-systems", "CIO-policy")
    stated(cast, engagement, "CIO-policy", met=False)
    build.tick(noon(DAY_90 + DAY))
    assert present(engagement)[2] is True


def test_a_tick_that_comes_days_late_or_twice_turns_once_to_the_right_day(cast):
    engagement = planned(cast)
    delivered(cast, engagement)
    for _ in range(2):
        build.tick(noon(DAY_90 + 6 * DAY))
    assert present(engagement) == ("months_4_12", DAY_90 + DAY, False)
    assert Stage.objects.count() == 2


@pytest.mark.parametrize(
    ("hats", "tests"),
    [
        ({"CTO": 50, "CAIO": 50}, ["DV-06", "DV-07", "DV-14"]),
        ({"CAIO": 100}, ["DV-06", "DV-07", "DV-14"]),
        ({"AI_CTO": 100}, ["DV-06", "DV-07", "DV-14"]),
        ({"CTO": 100}, ["DV-01", "DV-02", "DV-03"]),
        ({"CIO": 100}, ["CIO-systems", "CIO-policy"]),
        ({"CDO": 100}, ["CDO-quality", "CDO-rules"]),
        ({"CTO": 60, "CIO": 40}, ["DV-01", "DV-02", "DV-03", "CIO-systems", "CIO-policy"]),
    ],
)
def test_each_hat_ends_its_first_phase_by_its_own_list(hats, tests):
    assert [test.key for test in spectrum.exit_tests("first_90_days", set(hats))] == tests
    assert [test.key for test in spectrum.exit_tests("months_4_12", set(hats))] == ["sustainable"]


def test_a_statement_names_a_test_that_is_asked(cast):
    engagement = planned(cast, hats={"CTO": 100})
    with pytest.raises(Invalid) as refused:
        stated(cast, engagement, "DV-06")
    assert refused.value.errors == {"test": ["One of: DV-01, DV-02, DV-03."]}


def test_what_a_deliverable_settles_is_not_stated(cast):
    engagement = planned(cast)
    with pytest.raises(Conflict) as refused:
        stated(cast, engagement, "DV-06")
    assert refused.value.code == "test_has_rows"


def test_what_was_accepted_in_an_earlier_retainer_says_nothing_of_this_one(cast):
    began = datetime.date(2025, 6, 1)
    engagement = build.engagement(cast, starts_on=began, point=None)
    build.stage(engagement, since_on=began, until_on=datetime.date(2025, 12, 1))
    build.stage(
        engagement,
        point="ADVISORY",
        since_on=datetime.date(2025, 12, 1),
        until_on=datetime.date(2026, 3, 5),
    )
    delivered(cast, engagement, "DV-06", at=noon(datetime.date(2026, 3, 4)))
    stage = build.stage(engagement, since_on=datetime.date(2026, 3, 5))
    met = {test.key: met for test, met in phases.tests(engagement, stage, NOW)}
    assert met == {"DV-06": False, "DV-07": False, "DV-14": False}
    again = writing.begin(
        Deliverable.objects.get(code="DV-06"), by=make.actor(cast.ada), at=NOW, text="Anew."
    )
    at = noon(datetime.date(2026, 3, 6))
    writing.submit(again, by=make.actor(cast.ada), at=at)
    reviewing.pass_on(again.deliverable, by=make.actor(cast.olu), at=at)
    release = releasing.release(again.deliverable, to=[cast.priya], by=make.actor(cast.ada), at=at)
    owing.accepted(cast, release, at=at)
    met = {test.key: met for test, met in phases.tests(engagement, stage, at)}
    assert met == {"DV-06": True, "DV-07": False, "DV-14": False}


def test_a_test_that_deliverables_contribute_is_not_stated(cast, monkeypatch):
    engagement, met = planned(cast, hats={"CIO": 100}), []
    tests = type(phases.EXIT_TESTS)("exit tests")
    tests.add("CIO-systems", lambda engagement, stage, at: bool(met))
    monkeypatch.setattr(phases, "EXIT_TESTS", tests)
    with pytest.raises(Conflict) as refused:
        stated(cast, engagement, "CIO-systems")
    stated(cast, engagement, "CIO-policy")
    build.tick(noon(DAY_90 + DAY))
    before = present(engagement)
    met.append(True)
    phases.follow(engagement, by=make.actor(cast.ada), at=noon(DAY_90 + 2 * DAY))
    assert (refused.value.code, before[2]) == ("test_has_rows", True)
    assert present(engagement) == ("months_4_12", DAY_90 + 2 * DAY, False)


@pytest.mark.parametrize(
    ("day", "code"), [(DAY_90, "too_early"), (DAY_90 + DAY, "exit_tests_not_met")]
)
def test_asked_for_by_hand_it_says_why_it_has_not_come(cast, day, code):
    engagement = planned(cast)
    with pytest.raises(Conflict) as refused:
        moves.propose(
            engagement,
            to_phase="months_4_12",
            effective_on=day,
            reason="Now",
            by=make.actor(cast.ada),
            at=noon(day),
        )
    assert refused.value.code == code


def test_month_twelve_ends_with_its_test(cast):
    began = datetime.date(2025, 3, 31)
    engagement = build.engagement(cast, starts_on=began, point=None)
    build.stage(engagement, phase="months_4_12", since_on=began)
    lifecycle.change(engagement, po_number="1", by=make.actor(cast.ada), at=NOW)
    assert stages.last_day(engagement, stages.present(engagement)) == datetime.date(2026, 3, 30)
    stated(cast, engagement, "sustainable")
    build.tick(noon(datetime.date(2026, 3, 31)))
    assert present(engagement) == ("year_2_on", datetime.date(2026, 3, 31), False)
    with pytest.raises(Conflict) as refused:
        stated(cast, engagement, "sustainable")
    assert refused.value.code == "no_phase"


def paused(cast, engagement, since, until, at=NOW):
    lifecycle.pause(
        engagement,
        reason="A merger",
        since_on=since,
        until_on=until,
        by=make.actor(cast.ada),
        at=at,
    )


def test_a_pause_pushes_the_last_day_on_by_its_length(cast):
    engagement = planned(cast)
    # Ten days, then fourteen more that begin before the day that the first ten made it.
    paused(cast, engagement, datetime.date(2026, 3, 10), datetime.date(2026, 3, 20))
    paused(cast, engagement, datetime.date(2026, 4, 9), datetime.date(2026, 4, 23))
    assert stages.last_day(engagement, stages.present(engagement)) == datetime.date(2026, 4, 25)
    turn = AgendaEntry.objects.get(kind="phase_turn")
    assert turn.due_at == datetime.datetime(2026, 4, 25, 23, 0, tzinfo=datetime.UTC)


def test_a_pause_without_an_end_leaves_the_last_day_open(cast):
    engagement = planned(cast)
    paused(cast, engagement, None, None)
    assert stages.last_day(engagement, stages.present(engagement)) is None
    assert AgendaEntry.objects.get(kind="phase_turn").status == "cancelled"
    build.tick(noon(DAY_90 + 9 * DAY))
    lifecycle.resume(engagement, by=make.actor(cast.ada), at=NOW + 100 * DAY)
    # 2 March to 10 June: a hundred days.
    assert stages.last_day(engagement, stages.present(engagement)) == DAY_90 + 100 * DAY
    assert AgendaEntry.objects.get(kind="phase_turn").status == "open"
    assert present(engagement)[2] is False


def test_a_pause_put_down_afterwards_takes_the_flag_back(cast):
    engagement = planned(cast)
    build.tick(noon(DAY_90 + DAY))
    flagged = present(engagement)[2]
    paused(
        cast,
        engagement,
        datetime.date(2026, 3, 20),
        datetime.date(2026, 3, 30),
        at=noon(DAY_90 + 2 * DAY),
    )
    assert (flagged, present(engagement)[2]) == (True, False)
    build.tick(noon(DAY_90 + 12 * DAY))
    assert present(engagement)[2] is True


def test_the_phase_goes_on_when_the_intensity_changes(cast):
    engagement = planned(cast)
    build.tick(noon(DAY_90 + DAY))
    by, at = make.actor(cast.ada), noon(DAY_90 + 3 * DAY)
    move = moves.propose(
        engagement,
        to_point="RETAINER_HIGH",
        effective_on=at.date(),
        reason="More",
        fee_amount="45000",
        by=by,
        at=at,
    )
    moves.agree(move, by=make.actor(cast.priya), at=at)
    assert present(engagement) == ("first_90_days", at.date(), True)
    delivered(cast, engagement, at=at)
    assert present(engagement)[0] == "months_4_12"


def test_a_phase_turns_while_another_move_waits_for_its_answer(cast):
    engagement = planned(cast)
    delivered(cast, engagement)
    by = make.actor(cast.ada)
    told = {"to_point": "RETAINER_HIGH", "reason": "More", "fee_amount": "45000"}
    move = moves.propose(engagement, effective_on=DAY_90, by=by, at=NOW, **told)
    build.tick(noon(DAY_90 + DAY))
    moves.agree(move, by=make.actor(cast.priya), at=noon(DAY_90 + 2 * DAY))
    assert present(engagement) == ("months_4_12", DAY_90 + 2 * DAY, False)
