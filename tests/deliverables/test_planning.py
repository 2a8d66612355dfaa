"""The plan of an engagement: what is planned by itself, when it is due, and what moves it."""

import datetime
from collections import Counter

import pytest
from django.core import mail

from deliverables import kinds, owed, planning, writing
from deliverables.models import Deliverable
from engagements import discarding, lifecycle, moves, pauses, wearing
from engagements.models import Wearing
from practice import clients, clockwork
from practice.models import AgendaEntry, Event
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
# The retainer begins on 1 January 2026; NOW is 2 March.
DAY_90 = datetime.date(2026, 4, 1)
CTO = ["DV-01", "DV-02", "DV-03", "DV-04"]
CAIO = [f"DV-{n:02}" for n in (*range(5, 15), 17, 18, 19)]


@pytest.fixture
def how(cast):
    return {"by": make.actor(cast.ada), "at": NOW}


def followed(engagement, at=NOW):
    build.replanned(engagement, at=at)


def plan(engagement):
    rows = Deliverable.objects.filter(engagement=engagement).order_by("code", "number")
    return {row.planned_as or row.code: row for row in rows}


def due(engagement):
    return {row.code: row.due_on for row in plan(engagement).values()}


def begun(cast, how, *, hats, point="RETAINER", on=None, worn_by=None, **more):
    """Proposed, agreed, activated: the way of every engagement."""
    ada, on = cast.ada, on or datetime.date(2026, 3, 2)
    row = lifecycle.open_for(cast.orchard, name="New", lead=ada, hats=hats, **how, **more)
    for hat in hats:
        member = (worn_by or {}).get(hat, ada)
        told = {"hat": hat, "member": member, "since_on": on, "depth_evidence": "Shipped."}
        wearing.wear(row, **told, **how)
    row = lifecycle.propose(row, **how)
    terms = {**build.TERMS, "sprint": "4w"} if point == "SPRINT" else build.TERMS
    move = moves.propose(row, to_point=point, effective_on=on, reason="x", **terms, **how)
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    if {"CTO", "CAIO"} <= set(hats):
        build.charter(cast, row)
    return row


def test_the_first_phase_of_both_hats_is_planned_once_with_its_days_and_owners(cast, how):
    row = begun(cast, how, hats={"CTO": 50, "CAIO": 50})
    assert plan(row) == {}
    lifecycle.activate(row, **how)
    there = plan(row)
    assert list(there) == CTO + CAIO
    assert {one.due_on for one in there.values()} == {datetime.date(2026, 5, 31)}
    assert {one.owner for one in there.values()} == {cast.ada}
    assert [there["DV-01"].hat, there["DV-05"].hat, there["DV-05"].catalogue] == ["CTO", "CAIO", 1]
    entry = AgendaEntry.objects.get(kind="deliverable_due", subject_id=there["DV-05"].pk)
    # The last minute of 31 May in Lisbon.
    assert entry.due_at == datetime.datetime(2026, 5, 31, 22, 59, tzinfo=datetime.UTC)
    events = Event.objects.count()
    followed(row)
    assert Event.objects.count() == events
    assert list(plan(row)) == CTO + CAIO


@pytest.mark.parametrize(
    ("hats", "expected"),
    [
        ({"CTO": 100}, CTO),
        ({"CAIO": 100}, CAIO),
        ({"AI_CTO": 100}, CAIO),
        ({"CIO": 60, "CDO": 40}, []),
    ],
)
def test_each_hat_owes_its_own(cast, hats, expected):
    row = build.engagement(cast, hats=hats)
    followed(row)
    assert list(plan(row)) == expected
    assert {one.hat for one in plan(row).values()} <= set(hats)


def test_where_the_law_of_the_eu_applies_more_is_owed_and_the_inventory_sooner(cast, how):
    row = build.engagement(cast, hats={"CAIO": 100}, eu_milestones=True)
    followed(row)
    days = {code: due(row)[code] for code in ("DV-14", "DV-15", "DV-16", "DV-28", "DV-06")}
    assert days == {
        "DV-14": datetime.date(2026, 1, 31),
        "DV-15": datetime.date(2026, 3, 2),
        "DV-16": DAY_90,
        "DV-28": datetime.date(2026, 3, 2),
        "DV-06": DAY_90,
    }
    lifecycle.change(row, eu_milestones=False, **how)
    assert plan(row)["DV-15"].status == "dropped"
    assert due(row)["DV-14"] == DAY_90
    lifecycle.change(row, eu_milestones=True, **how)
    assert (plan(row)["DV-15"].status, due(row)["DV-14"]) == ("planned", datetime.date(2026, 1, 31))


def test_a_sprint_owes_its_strategy_with_its_end_and_the_next_sprint_another(cast, how):
    row = lifecycle.activate(begun(cast, how, hats={"CAIO": 100}, point="SPRINT"), **how)
    (first,) = plan(row).values()
    assert (first.code, first.due_on) == ("DV-22", datetime.date(2026, 3, 30))
    assert first.stage.point == "SPRINT"

    def another(at):
        later = {"by": how["by"], "at": at}
        told = {"to_point": "SPRINT", "sprint": "6w", "effective_on": at.date(), "reason": "x"}
        move = moves.propose(row, fee_amount="30000", **told, **later)
        moves.agree(move, by=make.actor(cast.priya), at=at)

    # Nothing was released yet: the same is still owed, with the end of the new one.
    another(NOW + 10 * DAY)
    (same,) = plan(row).values()
    assert (same.pk, same.due_on) == (first.pk, datetime.date(2026, 4, 23))
    owed.drop(same, reason="Not needed.", **how)
    another(NOW + 20 * DAY)
    assert [one.status for one in plan(row).values()] == ["dropped", "planned"]


def test_two_hats_on_one_person_owe_a_half_each_also_in_a_sprint(cast, how):
    both = {"CTO": 50, "CAIO": 50}
    row = lifecycle.activate(begun(cast, how, hats=both, point="SPRINT"), **how)
    assert sorted(one.code for one in plan(row).values()) == [
        *("DV-01", "DV-02", "DV-03", "DV-05", "DV-07", "DV-22")
    ]
    assert due(row)["DV-05"] == datetime.date(2026, 5, 31)


def test_two_people_owe_no_split_in_a_sprint(cast, how):
    told = {"hats": {"CTO": 50, "CAIO": 50}, "point": "SPRINT", "worn_by": {"CTO": cast.olu}}
    row = lifecycle.activate(begun(cast, how, **told), **how)
    assert [one.code for one in plan(row).values()] == ["DV-22"]


def test_pauses_push_what_is_not_released_and_leave_what_was_set_by_hand(cast, how):
    row = build.engagement(cast)
    followed(row)
    by_hand = owed.change(plan(row)["DV-02"], due_on=datetime.date(2026, 3, 20), **how)
    pauses.pause(
        row,
        reason="A merger",
        since_on=datetime.date(2026, 3, 10),
        until_on=datetime.date(2026, 3, 20),
        **how,
    )
    assert due(row)["DV-01"] == DAY_90 + 10 * DAY
    assert due(row)["DV-02"] == by_hand.due_on
    entry = AgendaEntry.objects.get(kind="deliverable_due", subject_id=plan(row)["DV-01"].pk)
    assert entry.due_at.date() == DAY_90 + 10 * DAY


def test_a_pause_without_an_end_leaves_the_day_open_until_work_goes_on(cast, how):
    row = build.engagement(cast)
    followed(row)
    pauses.pause(row, reason="A merger", **how)
    assert due(row)["DV-01"] is None
    entry = AgendaEntry.objects.get(kind="deliverable_due", subject_id=plan(row)["DV-01"].pk)
    assert entry.status == "cancelled"
    pauses.resume(row, by=how["by"], at=NOW + 7 * DAY)
    entry.refresh_from_db()
    assert (due(row)["DV-01"], entry.status) == (DAY_90 + 7 * DAY, "open")


def test_what_is_with_the_client_keeps_its_day(cast, how):
    row = build.engagement(cast)
    followed(row)
    piece = plan(row)["DV-05"]
    owing.reviewed(piece, cast.ada, cast.olu)
    owing.releasing.release(Deliverable.objects.get(pk=piece.pk), to=[cast.priya], **how)
    pauses.pause(row, reason="x", since_on=NOW.date(), until_on=NOW.date() + 10 * DAY, **how)
    assert (due(row)["DV-05"], due(row)["DV-06"]) == (DAY_90, DAY_90 + 10 * DAY)


def test_dropped_by_hand_it_stays_dropped(cast, how):
    row = build.engagement(cast)
    followed(row)
    owed.drop(plan(row)["DV-03"], reason="Nobody is hired this year.", **how)
    followed(row)
    lifecycle.change(row, eu_milestones=True, **how)
    dropped = plan(row)["DV-03"]
    assert (dropped.status, dropped.dropped_reason) == ("dropped", "Nobody is hired this year.")


def test_a_hat_that_goes_takes_its_untouched_part_along_and_brings_it_back(cast, how):
    row = build.engagement(cast)
    followed(row)
    writing.begin(plan(row)["DV-05"], text="Begun.", **how)
    worn = Wearing.objects.get(engagement=row, hat="CAIO", until_on=None)
    wearing.take_off(worn, until_on=NOW.date(), **how)
    lifecycle.change(row, hats={"CTO": 100}, **how)
    gone = {one.status for one in plan(row).values() if one.hat == "CAIO" and one.code != "DV-05"}
    assert (gone, plan(row)["DV-05"].status) == ({"dropped"}, "in_progress")
    assert plan(row)["DV-06"].dropped_reason == planning.HAT_GONE
    lifecycle.change(row, hats={"CTO": 50, "CAIO": 50}, **how)
    assert {one.status for one in plan(row).values()} == {"planned", "in_progress"}


def test_who_takes_the_hat_takes_over_what_is_owed_under_it(cast, how):
    row = build.engagement(cast)
    followed(row)
    chosen = owed.change(plan(row)["DV-07"], owner=cast.olu, **how)
    wearing.wear(row, hat="CTO", member=cast.olu, since_on=NOW.date(), **how)
    assert {one.owner for one in plan(row).values() if one.hat == "CTO"} == {cast.olu}
    assert plan(row)["DV-05"].owner == cast.ada
    assert plan(row)["DV-07"].owner == chosen.owner
    entry = AgendaEntry.objects.get(kind="deliverable_due", subject_id=plan(row)["DV-01"].pk)
    assert entry.owner == cast.olu


def test_own_kinds_join_the_plan_of_their_phase_and_retired_ones_do_not(cast, how):
    olu = {"by": make.actor(cast.olu), "at": NOW}
    told = {"hat": "CAIO", "phase": "first_90_days", "due_day": 20}
    kinds.add(code="OWN-A", title="House view", **told, **olu)
    kinds.retire(kinds.add(code="OWN-B", title="Former view", **told, **olu), **olu)
    row = build.engagement(cast)
    followed(row)
    assert [code for code in plan(row) if code.startswith("OWN")] == ["OWN-A"]
    assert due(row)["OWN-A"] == datetime.date(2026, 1, 21)


def test_a_draft_shows_its_plan_only_where_it_was_drawn_up_and_owes_nothing_yet(cast, how):
    row = begun(cast, how, hats={"CTO": 50, "CAIO": 50})
    drawn = planning.draw_up(row, **how)
    assert [one.code for one in drawn] == CTO + CAIO
    assert not AgendaEntry.objects.filter(kind="deliverable_due").exists()
    owed.drop(drawn[2], reason="Nobody is hired.", **how)
    lifecycle.activate(row, **how)
    assert plan(row)["DV-03"].status == "dropped"
    open_ = AgendaEntry.objects.filter(kind="deliverable_due", status="open")
    assert open_.count() == len(CTO + CAIO) - 1


def test_a_draft_goes_with_its_plan_unless_somebody_wrote_something(cast, how):
    told = {"name": "New", "lead": cast.ada, "hats": {"CTO": 100}}
    row, other = (lifecycle.open_for(cast.orchard, **told, **how) for _ in range(2))
    on = datetime.date(2026, 3, 9)
    for one in (row, other):
        moves.propose(one, to_point="RETAINER", effective_on=on, reason="x", **build.TERMS, **how)
        assert [piece.code for piece in planning.draw_up(one, **how)] == CTO
    # Day 90 counts from the first day that is proposed.
    assert due(row)["DV-01"] == on + 90 * DAY
    discarding.engagement(row, **how)
    assert plan(row) == {}
    assert Event.objects.filter(kind="deliverable.discarded").count() == len(CTO)
    writing.begin(plan(other)["DV-01"], **how)
    with pytest.raises(discarding.InUse):
        discarding.engagement(other, **how)
    assert len(plan(other)) == len(CTO)


def test_what_was_added_by_hand_is_not_planned_beside_it(cast, how):
    row = build.engagement(cast)
    owing.planned(row, cast.ada, code="DV-05")
    followed(row)
    assert Deliverable.objects.filter(code="DV-05").count() == 1


def test_the_days_follow_the_client_to_another_time_zone(cast, how):
    row = build.engagement(cast)
    followed(row)
    clients.change(cast.orchard, time_zone="Asia/Tokyo", by=make.actor(cast.olu), at=NOW)
    build.tick(NOW)
    entry = AgendaEntry.objects.get(kind="deliverable_due", subject_id=plan(row)["DV-01"].pk)
    assert entry.due_at == datetime.datetime(2026, 4, 1, 14, 59, tzinfo=datetime.UTC)


def test_the_pieces_of_a_phase_are_one_reminder_to_their_owner(cast, how):
    lifecycle.activate(begun(cast, how, hats={"CAIO": 100}), **how)
    entries = AgendaEntry.objects.filter(kind="deliverable_due", owner_id=cast.ada.pk)
    moments = Counter(entries.values_list("next_at", flat=True))
    moment, many = moments.most_common(1)[0]
    assert many > 5
    mail.outbox.clear()
    for at in (moment, moment, moment + DAY):
        clockwork.tick(at=at, clock=lambda at=at: at)
    told = [m for m in mail.outbox if f"{many} things to look at" in m.subject]
    assert [m.to for m in told] == [["ada@lantern.test"]]
    assert told[0].body.count("\n- ") == many
    assert not any("capability map" in m.subject for m in mail.outbox)
