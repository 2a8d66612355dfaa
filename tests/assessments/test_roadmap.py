"""Initiatives, their milestones and every postponement: rules, dates on the agenda, and how far they have come."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assessments import initiatives, milestones, work_book
from assessments.models import Horizon, Initiative, InitiativeSystem, Milestone, Postponement
from practice import agenda, clients, clockwork, notices
from practice.book import BadBook
from practice.models import AgendaEntry, Event
from practice.quarters import quarter_of
from practice.refusals import Invalid, NotAllowed, NotFound, Taken
from tests import make
from tests.assessments import estate, planned
from tests.assessments.estate import entries
from tests.assessments.planned import MAY, ON

KIND = "roadmap_milestone"
FIRST_QUARTER = quarter_of(ON(2026, 3, 2), 1)


def acts(who, at=make.NOW):
    return {"by": make.actor(who), "at": at}


def due():
    found = AgendaEntry.objects.filter(kind=KIND).order_by("due_at")
    return [(f"{row.due_at:%Y-%m-%d}", row.status) for row in found]


def test_the_horizons_are_those_of_the_sources_and_the_file_names_each():
    book = work_book.roadmap()
    assert list(book.horizons) == Horizon.values
    assert [one.months for one in book.horizons.values()] == [3, 6, 18, 60]


def test_a_file_with_another_horizon_is_refused_with_its_name(tmp_path, monkeypatch):
    file = tmp_path / "roadmap.toml"
    file.write_text(work_book.ROADMAP.read_text().replace("horizons.quarter", "horizons.month"))
    monkeypatch.setattr(work_book, "ROADMAP", file)
    with pytest.raises(BadBook, match=r"roadmap.toml: horizons: exactly these"):
        work_book.roadmap.__wrapped__()


def test_an_initiative_goes_from_proposed_to_done_step_by_step(cast):
    row = planned.initiative(cast.orchard)
    with pytest.raises(initiatives.InitiativeStepRefused):
        initiatives.move(row, to="done", **acts(cast.ada))
    for step in ("agreed", "under_way", "done"):
        row = initiatives.move(row, to=step, **acts(cast.ada))
    assert (row.status, row.done_on) == ("done", ON(2026, 3, 2))
    kinds = Event.objects.filter(kind__startswith="initiative.").order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == [
        "initiative.added",
        "initiative.agreed",
        "initiative.under_way",
        "initiative.done",
    ]


def test_to_drop_an_initiative_takes_a_reason_and_it_can_be_proposed_again(cast):
    row = planned.initiative(cast.orchard)
    with pytest.raises(Invalid) as wrong:
        initiatives.move(row, to="dropped", reason=" ", **acts(cast.ada))
    assert wrong.value.errors == {"reason": ["Say why."]}
    row = initiatives.move(row, to="dropped", reason="No data", **acts(cast.ada))
    assert row.dropped_reason == "No data"
    row = initiatives.move(row, to="proposed", **acts(cast.ada))
    assert (row.status, row.dropped_reason) == ("proposed", "")


def test_who_has_the_engineers_is_one_person(cast):
    with pytest.raises(Invalid):
        planned.initiative(cast.orchard, capacity_owner=cast.priya, capacity_owner_name="Nora")
    row = planned.initiative(cast.orchard, capacity_owner_name="Nora")
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=row.pk).update(capacity_owner=cast.priya)


def test_another_clients_people_and_systems_are_none_of_its_own(cast):
    with pytest.raises(Invalid) as wrong:
        planned.initiative(cast.orchard, capacity_owner=cast.ravi)
    assert list(wrong.value.errors) == ["capacity_owner"]
    row, theirs = planned.initiative(cast.orchard), estate.system(cast.quarry)
    with pytest.raises(Invalid):
        initiatives.link(row, system=theirs, **acts(cast.olu))


def test_a_system_is_linked_once_and_taken_off_again(cast):
    row, system = planned.initiative(cast.orchard), estate.system(cast.orchard)
    joined = initiatives.link(row, system=system, **acts(cast.ada))
    with pytest.raises(Taken):
        initiatives.link(row, system=system, **acts(cast.ada))
    initiatives.unlink(joined, **acts(cast.ada))
    assert InitiativeSystem.objects.count() == 0


def test_only_whoever_works_for_the_client_writes_its_roadmap(cast):
    for who, no in ((cast.priya, NotAllowed), (cast.fin, NotAllowed), (cast.ben, NotFound)):
        with pytest.raises(no):
            initiatives.add(cast.orchard, title="X", horizon="quarter", **acts(who))


@pytest.mark.parametrize(
    "broken",
    [
        {"status": "done"},
        {"status": "dropped"},
        {"horizon": "month"},
        {"title": ""},
        {"done_on": MAY},
    ],
)
def test_the_database_refuses_an_initiative_that_cannot_be(cast, broken):
    row = planned.initiative(cast.orchard)
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.filter(pk=row.pk).update(**broken)


def test_a_milestone_is_on_the_agenda_while_its_initiative_is_agreed_or_under_way(cast):
    initiative = planned.initiative(cast.orchard)
    planned.milestone(initiative)
    assert due() == []
    initiative = initiatives.move(initiative, to="agreed", **acts(cast.ada))
    assert due() == [("2026-05-01", "open")]
    initiative = initiatives.move(initiative, to="dropped", reason="No data", **acts(cast.ada))
    assert due() == [("2026-05-01", "cancelled")]


def test_a_postponement_keeps_both_days_the_kind_of_reason_and_the_words(cast):
    row = planned.milestone(planned.initiative(cast.orchard, status="agreed"))
    row = planned.put_off(row)
    row = planned.put_off(row, reason="budget")
    kept = Postponement.objects.order_by("id").values_list("from_on", "to_on", "reason", "words")
    assert list(kept) == [
        (MAY, ON(2026, 5, 31), "technology", "The gateway is not there."),
        (ON(2026, 5, 31), ON(2026, 6, 30), "budget", "The gateway is not there."),
    ]
    assert (row.planned_on, row.first_planned_on) == (ON(2026, 6, 30), MAY)
    assert due() == [("2026-06-30", "open")]


def test_a_postponement_that_was_kept_can_be_neither_changed_nor_taken_off(cast):
    planned.put_off(planned.milestone(planned.initiative(cast.orchard)))
    for attempt in (
        lambda: Postponement.objects.update(words="Nothing"),
        lambda: Postponement.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="append"), transaction.atomic():
            attempt()


def test_a_milestone_is_put_off_to_a_later_day_with_words(cast):
    row = planned.milestone(planned.initiative(cast.orchard))
    with pytest.raises(Invalid) as wrong:
        milestones.postpone(row, to_on=MAY, reason="weather", words=" ", **acts(cast.ada))
    assert sorted(wrong.value.errors) == ["reason", "to_on", "words"]


def test_a_milestone_brought_forward_keeps_what_was_put_off_before(cast):
    row = planned.put_off(planned.milestone(planned.initiative(cast.orchard, status="agreed")))
    with pytest.raises(Invalid):
        milestones.bring_forward(row, to_on=row.planned_on, **acts(cast.ada))
    row = milestones.bring_forward(row, to_on=ON(2026, 4, 1), **acts(cast.ada))
    assert (due(), Postponement.objects.count()) == ([("2026-04-01", "open")], 1)


def test_a_milestone_that_was_reached_is_done_on_the_agenda_until_it_is_opened_again(cast):
    row = planned.milestone(planned.initiative(cast.orchard, status="agreed"))
    with pytest.raises(Invalid):
        milestones.finish(row, done_on=ON(2026, 3, 3), **acts(cast.ada))
    row = milestones.finish(row, **acts(cast.ada))
    assert (row.done_on, due()) == (ON(2026, 3, 2), [("2026-05-01", "done")])
    with pytest.raises(milestones.MilestoneClosed):
        planned.put_off(row)
    row = milestones.reopen(row, **acts(cast.ada))
    assert due() == [("2026-05-01", "open")]
    with pytest.raises(milestones.MilestoneOpen):
        milestones.reopen(row, **acts(cast.ada))


def test_a_dropped_milestone_says_why_and_leaves_the_agenda(cast):
    row = planned.milestone(planned.initiative(cast.orchard, status="agreed"))
    with pytest.raises(Invalid):
        milestones.drop(row, reason="", **acts(cast.ada))
    row = milestones.drop(row, reason="Not wanted", **acts(cast.ada))
    assert (row.dropped_on, due()) == (ON(2026, 3, 2), [("2026-05-01", "cancelled")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=row.pk).update(done_on=MAY)


def test_a_milestones_day_ends_where_the_client_is_and_follows_it(cast):
    planned.milestone(planned.initiative(cast.orchard, status="agreed"))
    planned.risk(cast.orchard)
    clients.change(cast.orchard, time_zone="America/New_York", **acts(cast.olu))
    for _ in range(2):
        clockwork.tick(at=make.NOW, clock=lambda: make.NOW)
    rows = AgendaEntry.objects.filter(kind__in=(KIND, "risk_review")).order_by("kind")
    assert [(row.time_zone, f"{row.due_at:%m-%d %H:%M}") for row in rows] == [
        ("America/New_York", "06-03 03:59"),
        ("America/New_York", "05-02 03:59"),
    ]


def test_the_letter_before_a_milestone_is_written_once_and_not_for_one_that_was_reached(cast):
    initiative = planned.initiative(cast.orchard, status="agreed")
    planned.milestone(initiative)
    gone = planned.milestone(initiative, title="Contract signed")
    milestones.finish(gone, **acts(cast.ada))
    at = datetime.datetime(2026, 4, 17, 23, 0, tzinfo=datetime.UTC)
    for _ in range(2):
        agenda.fall_due(at)
        notices.drain(clock=lambda: at)
    (letter,) = [m for m in mail.outbox if "archive" in m.subject]
    assert (letter.to, letter.subject) == (
        ["olu@lantern.test"],
        "Pilot runs: Answers from the archive",
    )
    assert "is planned for 1 May 2026." in letter.body


def test_progress_counts_what_was_planned_reached_late_and_put_off_in_the_quarter(cast):
    one = planned.initiative(cast.orchard, "One", status="under_way", capacity_owner_name="Nora")
    done = planned.milestone(one, ON(2026, 2, 1))
    milestones.finish(done, done_on=ON(2026, 2, 3), **acts(cast.ada))
    early = planned.milestone(one, ON(2026, 1, 5))
    milestones.finish(early, done_on=ON(2025, 12, 30), **acts(cast.ada))
    planned.milestone(one, ON(2026, 3, 31))
    planned.put_off(planned.milestone(one, MAY))
    gone = planned.milestone(one, ON(2026, 3, 1))
    milestones.drop(gone, reason="Not wanted", **acts(cast.ada))
    planned.initiative(cast.orchard, "Two")
    dropped = planned.initiative(cast.orchard, "Three")
    initiatives.move(dropped, to="dropped", reason="No data", **acts(cast.ada))
    planned.initiative(cast.quarry, "Theirs")

    told = initiatives.progress(cast.orchard, FIRST_QUARTER)

    assert (told.quarter, told.planned, told.reached, told.late, told.postponed) == (
        "FY2026Q1",
        3,
        1,
        1,
        1,
    )
    assert told.by_status == {"proposed": 1, "agreed": 0, "under_way": 1, "done": 0}
    first, second = told.initiatives
    assert (first.title, first.milestones, first.reached, first.late, first.next_on) == (
        "One",
        4,
        2,
        1,
        ON(2026, 5, 31),
    )
    assert (first.has_capacity_owner, second.has_capacity_owner) == (True, False)
    assert (second.title, second.milestones, second.next_on) == ("Two", 0, None)


def test_a_postponement_belongs_to_the_quarter_of_the_clients_own_day(cast):
    """Eleven at night in Lisbon on 31 March is the first quarter; an hour later in summer time it is the second."""
    row = planned.milestone(planned.initiative(cast.orchard))
    last = datetime.datetime(2026, 3, 31, 22, 30, tzinfo=datetime.UTC)
    row = planned.put_off(row, at=last)
    planned.put_off(row, at=last + datetime.timedelta(hours=1))
    second = FIRST_QUARTER.next(1)
    assert [initiatives.progress(cast.orchard, q).postponed for q in (FIRST_QUARTER, second)] == [
        1,
        1,
    ]


def test_progress_asks_as_many_questions_of_three_initiatives_as_of_one(cast):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            initiatives.progress(cast.orchard, FIRST_QUARTER)
        return len(captured)

    planned.put_off(planned.milestone(planned.initiative(cast.orchard, "One")))
    one = asked()
    for number in range(2):
        planned.put_off(planned.milestone(planned.initiative(cast.orchard, f"No. {number}")))
    assert asked() == one


def test_an_external_id_names_one_initiative(cast):
    planned.initiative(cast.orchard, external_id="I-1")
    with pytest.raises(Taken):
        planned.initiative(cast.orchard, external_id="I-1")
    assert planned.initiative(cast.quarry, external_id="I-1").pk


def test_the_log_says_that_the_capacity_owner_changed_and_never_to_whom(cast):
    row = planned.initiative(cast.orchard)
    initiatives.change(row, capacity_owner_name="Nora", **acts(cast.ada))
    changed = Event.objects.get(kind="initiative.changed")
    assert "Nora" not in str(changed.__dict__)
    assert entries(KIND) == []
