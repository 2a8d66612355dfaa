"""By hand: snoozing, saying that it is done; and without a hand: escalation, a practice's own times, dates that follow."""

import datetime

import pytest
from django.core import mail
from django.db import transaction

from practice import agenda, agenda_acts, agenda_rules, book, clients, ids, reminder_times
from practice.models import AgendaEntry, Event, Notice, ReminderTimes
from practice.refusals import Invalid, NotAllowed, NotFound, Stale, Taken
from tests import make
from tests.make import NOW

DAY = datetime.timedelta(days=1)
DUE = NOW + 7 * DAY
ADA, OLU = "member ada@lantern.test", "member olu@lantern.test"


def snooze(entry, until, by, at=NOW, **more) -> AgendaEntry:
    return agenda_acts.snooze(entry, until=until, by=make.actor(by), at=at, **more)


def set_times(cast, before, kind="review", at=NOW):
    return reminder_times.set_for(kind=kind, before=before, by=make.actor(cast.olu), at=at)


def test_what_stays_open_is_escalated_to_the_owners(plan, tick, told):
    entry = plan("review", DUE)
    for days in range(12):
        tick(NOW + days * DAY)
    assert told(entry) == [
        ("entry_due", ADA, "done"),
        ("entry_due", ADA, "done"),
        ("entry_overdue", OLU, "done"),
    ]
    assert mail.outbox[-1].subject == "Overdue: Review of the roadmap"


def test_what_is_done_in_time_is_not_escalated(cast, plan, tick, told):
    entry = plan("review", DUE)
    tick(DUE - 3 * DAY)
    tick(DUE)
    agenda_acts.finish(entry, by=make.actor(cast.ada), at=DUE + DAY)
    tick(DUE + 2 * DAY)
    assert told(entry) == [("entry_due", ADA, "done")] * 2
    assert Event.objects.get(kind="agenda.done").after == {"status": "done"}


def test_only_kinds_that_say_so_are_done_by_hand(cast, plan):
    entry = plan("answer", DUE)
    with pytest.raises(agenda_acts.NotByHand):
        agenda_acts.finish(entry, by=make.actor(cast.ada), at=NOW)


def test_a_closed_entry_is_neither_done_again_nor_snoozed(cast, plan):
    entry = plan("review", DUE)
    agenda_acts.finish(entry, by=make.actor(cast.ada), at=NOW)
    for act in (
        lambda: agenda_acts.finish(entry, by=make.actor(cast.ada), at=NOW),
        lambda: snooze(entry, DUE, cast.ada),
    ):
        with pytest.raises(agenda_acts.EntryClosed):
            act()


def test_a_snoozed_entry_is_silent_until_its_moment_and_reminds_then(cast, plan, tick, told):
    entry = plan("review", DUE)
    snooze(entry, DUE - DAY, cast.ada)
    tick(DUE - 2 * DAY)
    assert told(entry) == []
    tick(DUE - DAY)
    assert told(entry) == [("entry_due", ADA, "done")]
    tick(DUE)
    assert told(entry) == [("entry_due", ADA, "done")] * 2


def test_a_snooze_beyond_the_due_moment_does_not_put_off_that_others_hear_of_it(
    cast, plan, tick, told
):
    entry = plan("review", DUE)
    snooze(entry, DUE + 5 * DAY, cast.ada)
    tick(DUE + DAY)
    assert told(entry) == []
    tick(DUE + 2 * DAY)
    assert told(entry) == [("entry_overdue", OLU, "done")]
    tick(DUE + 5 * DAY)
    assert told(entry) == [("entry_overdue", OLU, "done"), ("entry_due", ADA, "done")]
    tick(DUE + 9 * DAY)
    assert len(told(entry)) == 2


def test_an_outage_over_a_snooze_reminds_once_of_it(cast, plan, tick, told):
    entry = plan("review", DUE)
    snooze(entry, DUE - 2 * DAY, cast.ada)
    tick(DUE - DAY)
    tick(DUE - DAY)
    assert told(entry) == [("entry_due", ADA, "done")]


def test_a_snooze_calls_back_what_has_not_gone_yet(cast, plan, told):
    entry = plan("review", DUE)
    agenda.fall_due(DUE - 3 * DAY)
    snooze(entry, DUE - DAY, cast.ada, at=DUE - 3 * DAY)
    assert told(entry) == [("entry_due", ADA, "cancelled")]


def test_a_moved_date_ends_a_snooze(cast, plan):
    entry = snooze(plan("review", DUE), DUE - DAY, cast.ada)
    moved = plan("review", DUE + 30 * DAY, entry.subject_id)
    assert (moved.snoozed_until, moved.next_at) == (None, DUE + 27 * DAY)


@pytest.mark.parametrize("until", [NOW, NOW - DAY, NOW + 367 * DAY])
def test_a_snooze_ends_within_a_year_and_not_before_it_begins(cast, plan, until):
    with pytest.raises(Invalid) as refused:
        snooze(plan("review", DUE), until, cast.ada)
    assert list(refused.value.errors) == ["until"]


def test_who_saw_another_version_changes_nothing(cast, plan):
    entry = snooze(plan("review", DUE), DUE - DAY, cast.ada)
    with pytest.raises(Stale):
        snooze(entry, DUE, cast.ada, expected=1)
    with pytest.raises(Stale):
        agenda_acts.finish(entry, by=make.actor(cast.ada), at=NOW, expected=1)


@pytest.mark.parametrize("who", ["fin", "priya", "marta"])
def test_who_does_not_deliver_neither_snoozes_nor_ends(cast, plan, who):
    entry = plan("review", DUE)
    with pytest.raises(NotAllowed):
        snooze(entry, DUE, getattr(cast, who))
    with pytest.raises(NotAllowed):
        agenda_acts.finish(entry, by=make.actor(getattr(cast, who)), at=NOW)


@pytest.mark.parametrize("who", ["ben", "zoe"])
def test_an_entry_out_of_reach_is_not_there(cast, plan, who):
    entry = plan("review", DUE)
    with pytest.raises(NotFound):
        snooze(entry, DUE, getattr(cast, who))


def test_snoozing_and_ending_over_the_api(cast, api, plan):
    entry = plan("review", DUE)
    ada = api(cast.ada)
    until = datetime.datetime.now(datetime.UTC) + DAY
    answer = ada.post(f"/api/v1/agenda/{entry.pk}/snooze/", {"until": until.isoformat()})
    found = datetime.datetime.fromisoformat(answer.json()["snoozed_until"])
    assert (answer.status_code, found) == (200, until)
    answer = ada.post(f"/api/v1/agenda/{entry.pk}/done/", {})
    assert (answer.status_code, answer.json()["status"]) == (200, "done")
    answer = ada.post(f"/api/v1/agenda/{entry.pk}/done/", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "entry_closed")


def test_an_owner_sets_times_of_their_own_and_open_entries_follow(cast, plan, tick, told):
    entry, closed = plan("review", DUE), plan("review", DUE)
    agenda_acts.finish(closed, by=make.actor(cast.ada), at=NOW)
    row = set_times(cast, "0s,  5d, 1d")
    entry.refresh_from_db()
    closed.refresh_from_db()
    assert (row.before, entry.next_at, closed.next_at) == ("5d, 1d, 0s", DUE - 5 * DAY, None)
    for days in range(9):
        tick(NOW + days * DAY)
    assert told(entry) == [("entry_due", ADA, "done")] * 3


def test_what_was_sent_already_is_not_sent_again_under_new_times(cast, plan, tick, told):
    entry = plan("review", DUE)
    tick(DUE - 3 * DAY)
    set_times(cast, "4d, 3d, 1d", at=DUE - 2 * DAY)
    tick(DUE - DAY)
    assert told(entry) == [("entry_due", ADA, "done")] * 2


def test_what_is_said_after_the_due_moment_stays_when_no_reminder_is_wanted(cast, plan, tick, told):
    entry = plan("review", DUE)
    set_times(cast, "")
    for days in range(12):
        tick(NOW + days * DAY)
    assert told(entry) == [("entry_overdue", OLU, "done")]


def test_times_hold_for_entries_planned_later_and_in_one_practice_only(cast, plan):
    set_times(cast, "6d")
    assert plan("review", DUE).next_at == DUE - 6 * DAY
    with transaction.atomic():
        theirs = agenda.plan(
            "review",
            subject_id=ids.new(),
            practice_id=cast.other_practice.pk,
            due_at=DUE,
            at=NOW,
            title="x",
        )
    assert theirs.next_at == DUE - 3 * DAY


def test_withdrawn_times_are_the_books_again(cast, plan):
    entry, row = plan("review", DUE), set_times(cast, "6d")
    reminder_times.withdraw(row, by=make.actor(cast.olu), at=NOW)
    entry.refresh_from_db()
    assert entry.next_at == DUE - 3 * DAY


def test_a_snoozed_entry_stays_snoozed_under_new_times(cast, plan):
    entry = snooze(plan("review", DUE), DUE - DAY, cast.ada)
    set_times(cast, "6d, 2d")
    entry.refresh_from_db()
    assert (entry.snoozed_until, entry.next_at) == (DUE - DAY, DUE - DAY)


@pytest.mark.parametrize(
    ("kind", "before", "field"),
    [
        ("review", "soon", "before"),
        ("review", "-1d", "before"),
        ("review", "367d", "before"),
        ("review", "1d,2d,3d,4d,5d,6d,7d", "before"),
        ("nonsense", "1d", "kind"),
        # Nothing to remind of ahead of time, and nothing there yet.
        ("client_moved", "1d", "kind"),
        ("alignment_meeting", "1d", "kind"),
    ],
)
def test_times_that_make_no_sense_are_refused(cast, kinds, kind, before, field):
    with pytest.raises(Invalid) as refused:
        set_times(cast, before, kind)
    assert list(refused.value.errors) == [field]


def test_a_kind_has_times_of_its_own_once(cast, kinds):
    set_times(cast, "1d")
    with pytest.raises(Taken):
        set_times(cast, "2d")


@pytest.mark.parametrize("who", ["ada", "ben", "fin", "priya"])
def test_nobody_but_an_owner_sets_times(cast, kinds, who):
    with pytest.raises(NotAllowed):
        reminder_times.set_for(
            kind="review", before="1d", by=make.actor(getattr(cast, who)), at=NOW
        )


def test_times_over_the_api(cast, api, kinds):
    olu = api(cast.olu)
    made = olu.post("/api/v1/reminder-times/", {"kind": "review", "before": "9d, 2d"})
    assert made.status_code == 201
    id = made.json()["id"]
    changed = olu.patch(f"/api/v1/reminder-times/{id}/", {"before": "2d, 9d, 9d"})
    assert (changed.status_code, changed.json()["before"]) == (200, "9d, 2d")
    assert olu.delete(f"/api/v1/reminder-times/{id}/").status_code == 204
    kinds_of = Event.objects.filter(subject_kind="remindertimes").order_by("id")
    assert list(kinds_of.values_list("kind", flat=True)) == [
        "reminder_times.set",
        "reminder_times.withdrawn",
    ]


def test_a_kind_that_was_declared_ahead_cannot_be_planned(cast):
    with transaction.atomic(), pytest.raises(agenda.NotWired):
        agenda.plan(
            "alignment_meeting",
            subject_id=ids.new(),
            practice_id=cast.practice.pk,
            due_at=DUE,
            at=NOW,
            title="x",
        )


def test_every_cadence_of_the_domain_is_declared():
    declared = ",".join(rule.source for rule in agenda_rules.rules().values())
    cadences = {word.strip() for word in declared.split(",")}
    assert [n for n in range(1, 15) if f"CAD-{n:02}" not in cadences] == []


def test_the_file_that_brings_the_rows_counts_instead_of_what_was_declared_ahead(tmp_path, kinds):
    file = tmp_path / "later.toml"
    file.write_text('[alignment_meeting]\nlabel = "The report"\n')
    agenda_rules.CONTRIBUTED.append(file)
    agenda_rules.rules.cache_clear()
    try:
        rule = agenda_rules.rules()["alignment_meeting"]
        file.write_text('[invitation_expiry]\nlabel = "Another"\n')
        agenda_rules.rules.cache_clear()
        with pytest.raises(book.BadBook):
            agenda_rules.rules()
    finally:
        agenda_rules.CONTRIBUTED.remove(file)
    assert (rule.label, rule.wired) == ("The report", True)


def test_the_client_sees_what_its_kind_says(plan):
    assert (plan("answer", DUE).client_sees, plan("review", DUE).client_sees) == (True, False)


def move_client(cast, at, **changes):
    clients.change(cast.orchard, by=make.actor(cast.olu), at=at, **changes)


def test_a_day_stays_that_day_when_the_client_moves_to_another_zone(cast, plan, tick):
    lisbon = datetime.datetime(2026, 3, 31, 22, 59, tzinfo=datetime.UTC)
    entry = plan("review", lisbon, all_day=True, time_zone="Europe/Lisbon")
    fixed = plan("review", lisbon)
    move_client(cast, NOW, time_zone="America/New_York")
    tick(NOW)
    for row in (entry, fixed):
        row.refresh_from_db()
    there = datetime.datetime(2026, 4, 1, 3, 59, tzinfo=datetime.UTC)
    assert (entry.due_at, entry.time_zone) == (there, "America/New_York")
    assert entry.next_at == there - 3 * DAY
    assert fixed.due_at == lisbon


def test_a_reminder_that_was_sent_is_not_sent_again_because_the_client_moved(
    cast, plan, tick, told
):
    lisbon = datetime.datetime(2026, 3, 31, 22, 59, tzinfo=datetime.UTC)
    entry = plan("review", lisbon, all_day=True, time_zone="Europe/Lisbon")
    sent_at = lisbon - 3 * DAY
    tick(sent_at)
    move_client(cast, sent_at, time_zone="America/New_York")
    for hours in range(12):
        tick(sent_at + datetime.timedelta(hours=hours))
    assert told(entry) == [("entry_due", ADA, "done")]
    assert Notice.objects.filter(kind="entry_due").count() == 1


def test_the_desk_offers_what_fits_the_entry(cast, page, plan):
    entry = plan("review", DUE)
    address = f"/desk/practice/agendaentry/{entry.pk}"
    ada = page(cast.ada)
    answer = ada.post(f"{address}/snooze/", {"until": "2027-01-05T09:00"})
    entry.refresh_from_db()
    # Ada's own zone is not set, so it is the practice's: Berlin.
    until = datetime.datetime(2027, 1, 5, 8, 0, tzinfo=datetime.UTC)
    assert (answer.status_code, entry.snoozed_until) == (302, until)
    assert b"Snooze" in ada.get(f"{address}/change/").content
    assert ada.post(f"{address}/done/").status_code == 302
    entry.refresh_from_db()
    assert entry.status == "done"
    assert page(cast.fin).post(f"{address}/snooze/", {"until": "2027-01-05T09:00"}).status_code in (
        403,
        404,
    )


def test_an_owner_sets_times_at_the_desk(cast, page, kinds):
    olu = page(cast.olu)
    answer = olu.post("/desk/practice/remindertimes/add/", {"kind": "review", "before": "9d, 1d"})
    assert answer.status_code == 302
    row = ReminderTimes.objects.get()
    assert (row.kind, row.before) == ("review", "9d, 1d")
    wrong = olu.post("/desk/practice/remindertimes/add/", {"kind": "answer", "before": "soon"})
    assert b"not a length of time" in wrong.content
    assert page(cast.ada).get("/desk/practice/remindertimes/add/").status_code == 403
    assert page(cast.ada).get("/desk/practice/remindertimes/").status_code == 200
