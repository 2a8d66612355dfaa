"""The agenda: planning, moving and closing dates, and what the tick makes of them."""

import datetime
from uuid import UUID

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from practice import agenda, clockwork, ids, invitations
from practice.access import Actor
from practice.models import AgendaEntry, Event, Invitation, Notice, Pulse
from tests import make
from tests.make import NOW

DAY = datetime.timedelta(days=1)
KIND = invitations.KIND
DUE = NOW + 14 * DAY


@pytest.fixture
def olu(cast) -> Actor:
    return make.actor(cast.olu)


@pytest.fixture
def invited(olu) -> Invitation:
    """Expires fourteen days after NOW; its first mail is out already."""
    row = invitations.invite_member(email="nils@lantern.test", role="associate", by=olu, at=NOW)
    clockwork.tick(at=NOW, clock=lambda: NOW)
    mail.outbox.clear()
    return row


def plan(row: Invitation, due_at: datetime.datetime, **more) -> AgendaEntry:
    facts = {"at": NOW, "title": "Invitation expires", "owner_id": row.invited_by_id} | more
    with transaction.atomic():
        return agenda.plan(
            KIND, subject_id=row.id, practice_id=row.practice_id, due_at=due_at, **facts
        )


def tick(at: datetime.datetime) -> dict[str, int]:
    return clockwork.tick(at=at, clock=lambda: at)


def entry_of(row: Invitation) -> AgendaEntry:
    return AgendaEntry.objects.get(subject_id=row.id)


def told(row: Invitation) -> list[tuple[str, str, datetime.datetime]]:
    """What its dates have caused, by kind, state and the moment it is about."""
    found = Notice.objects.filter(subject_id=row.id).exclude(occurrence="sent")
    rows = found.values_list("kind", "status", "occurrence")
    return sorted((k, s, datetime.datetime.fromisoformat(o)) for k, s, o in rows)


def test_planning_the_same_date_again_changes_nothing(invited):
    before = AgendaEntry.objects.filter(subject_id=invited.id).values().get()
    plan(invited, DUE, at=NOW + DAY)
    assert AgendaEntry.objects.filter(subject_id=invited.id).values().get() == before


def test_a_change_of_title_keeps_the_next_moment(invited):
    plan(invited, DUE, at=NOW + 13 * DAY, title="Nils's invitation expires")
    entry = entry_of(invited)
    assert (entry.title, entry.next_at, entry.version) == (
        "Nils's invitation expires",
        DUE - 2 * DAY,
        2,
    )


def test_one_subject_may_have_an_entry_for_each_period(invited):
    plan(invited, DUE, period="2026-Q2")
    plan(invited, DUE, period="2026-Q2")
    found = AgendaEntry.objects.filter(subject_id=invited.id).values_list("period", flat=True)
    assert sorted(found) == ["", "2026-Q2"]


def test_the_agenda_does_not_change_outside_a_transaction(transactional_db):
    id = ids.new()
    with pytest.raises(RuntimeError):
        agenda.plan(KIND, subject_id=id, practice_id=id, due_at=DUE, at=NOW, title="x")
    with pytest.raises(RuntimeError):
        agenda.close(KIND, subject_id=id, practice_id=id, done=True, at=NOW)


def test_a_verb_that_is_rolled_back_leaves_neither_entry_nor_notice(cast, olu):
    before = Notice.objects.count()
    with transaction.atomic():
        invitations.invite_member(email="nils@lantern.test", role="associate", by=olu, at=NOW)
        transaction.set_rollback(True)
    assert (AgendaEntry.objects.count(), Notice.objects.count()) == (0, before)


def test_nothing_happens_before_the_first_moment(invited):
    moment = DUE - 2 * DAY - datetime.timedelta(seconds=1)
    assert tick(moment) == {"due": 0, "done": 0, "hooks": 0}
    assert told(invited) == []


def test_the_reminder_goes_out_two_days_before_to_who_was_invited(invited):
    tick(DUE - 2 * DAY)
    assert told(invited) == [("invitation_reminder", "done", DUE - 2 * DAY)]
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["nils@lantern.test"], "Your invitation from Lantern Partners expires soon")
    ]


def test_at_the_due_moment_the_invitation_expires_and_its_sender_is_told(invited):
    tick(DUE - 2 * DAY)
    mail.outbox.clear()
    tick(DUE)
    invited.refresh_from_db()
    entry = entry_of(invited)
    assert (invited.status, entry.status, entry.next_at) == ("expired", "done", None)
    assert told(invited) == [
        ("expire_invitation", "done", DUE),
        ("invitation_expired", "done", DUE),
        ("invitation_reminder", "done", DUE - 2 * DAY),
    ]
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["olu@lantern.test"], "Your invitation of nils@lantern.test has expired")
    ]
    event = Event.objects.get(kind="invitation.expired")
    assert (event.at, event.actor_kind, event.source) == (DUE, "system", "job")


def test_further_ticks_cause_nothing_more(invited):
    tick(DUE)
    written, sent = told(invited), len(mail.outbox)
    for minute in range(1, 4):
        tick(DUE + datetime.timedelta(minutes=minute))
    assert (told(invited), len(mail.outbox)) == (written, sent)
    assert Event.objects.filter(kind="invitation.expired").count() == 1


def test_a_second_tick_that_read_the_entry_too_asks_for_nothing_twice(invited):
    moment = DUE - 2 * DAY
    agenda.fall_due(moment)
    AgendaEntry.objects.filter(subject_id=invited.id).update(next_at=moment)
    agenda.fall_due(moment)
    assert told(invited) == [("invitation_reminder", "waiting", moment)]


def test_after_an_outage_of_days_everything_is_caught_up_with_once(invited):
    tick(DUE + 5 * DAY)
    assert told(invited) == [
        ("expire_invitation", "done", DUE),
        ("invitation_expired", "done", DUE),
        # Nobody is reminded of what is over.
        ("invitation_reminder", "cancelled", DUE - 2 * DAY),
    ]
    assert [m.to for m in mail.outbox] == [["olu@lantern.test"]]


def test_moving_a_date_cancels_what_waits_and_asks_anew(invited):
    agenda.fall_due(DUE - 2 * DAY)
    plan(invited, DUE + 30 * DAY, at=DUE - 2 * DAY)
    assert told(invited) == [("invitation_reminder", "cancelled", DUE - 2 * DAY)]
    agenda.fall_due(DUE + 28 * DAY)
    assert told(invited) == [
        ("invitation_reminder", "cancelled", DUE - 2 * DAY),
        ("invitation_reminder", "waiting", DUE + 28 * DAY),
    ]


def test_a_date_moved_away_and_back_is_reminded_of(invited):
    moment = DUE - 2 * DAY
    agenda.fall_due(moment)
    plan(invited, DUE + 30 * DAY, at=moment)
    assert told(invited) == [("invitation_reminder", "cancelled", moment)]
    plan(invited, DUE, at=moment - DAY)
    tick(moment)
    assert told(invited) == [("invitation_reminder", "done", moment)]
    assert [m.to for m in mail.outbox] == [["nils@lantern.test"]]


def test_what_was_sent_is_not_sent_again_when_the_date_moves_away_and_back(invited):
    moment = DUE - 2 * DAY
    tick(moment)
    plan(invited, DUE + 30 * DAY, at=moment)
    plan(invited, DUE, at=moment - DAY)
    tick(moment)
    assert told(invited) == [("invitation_reminder", "done", moment)]
    assert len(mail.outbox) == 1


def test_a_closed_entry_says_nothing_more(invited, olu):
    agenda.fall_due(DUE - 2 * DAY)
    invitations.revoke(invited, by=olu, at=DUE - 2 * DAY)
    tick(DUE)
    invited.refresh_from_db()
    entry = entry_of(invited)
    assert (invited.status, entry.status, entry.next_at) == ("revoked", "cancelled", None)
    assert told(invited) == [("invitation_reminder", "cancelled", DUE - 2 * DAY)]
    assert mail.outbox == []


def test_closing_one_period_leaves_the_others_open(invited):
    plan(invited, DUE, period="2026-Q2")
    with transaction.atomic():
        agenda.close(
            KIND,
            subject_id=invited.id,
            practice_id=invited.practice_id,
            done=True,
            at=NOW,
            period="2026-Q2",
        )
    found = AgendaEntry.objects.filter(subject_id=invited.id).values_list("period", "status")
    assert sorted(found) == [("", "open"), ("2026-Q2", "done")]


def test_a_reminder_whose_moment_has_passed_is_not_sent_late(invited):
    late = DUE - DAY
    plan(invited, DUE + datetime.timedelta(hours=1), at=late)
    assert entry_of(invited).next_at == DUE + datetime.timedelta(hours=1)
    tick(late)
    assert told(invited) == []


def test_what_happens_at_the_due_moment_happens_even_if_planned_too_late(invited):
    plan(invited, DUE - 13 * DAY, at=DUE)
    assert entry_of(invited).next_at == DUE - 13 * DAY
    Invitation.objects.filter(id=invited.id).update(expires_at=DUE - 13 * DAY)
    tick(DUE)
    invited.refresh_from_db()
    assert invited.status == "expired"


def test_the_senders_letter_survives_a_mail_server_that_was_away_when_the_invitation_expired(
    invited, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    tick(DUE)
    invited.refresh_from_db()
    assert invited.status == "expired"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tick(DUE + datetime.timedelta(minutes=2))
    assert [m.to for m in mail.outbox] == [["olu@lantern.test"]]


def test_an_entry_whose_kind_is_no_longer_in_the_book_stops_no_other(cast, invited):
    AgendaEntry.objects.create(
        practice=cast.practice,
        kind="abolished",
        subject_id=UUID(int=1),
        title="Of long ago",
        due_at=NOW,
        next_at=NOW,
        created_at=NOW,
    )
    tick(DUE - 2 * DAY)
    assert told(invited) == [("invitation_reminder", "done", DUE - 2 * DAY)]


def test_more_than_a_batch_falls_due_in_one_tick(cast, olu):
    count = agenda.BATCH + 1
    entries = [
        AgendaEntry(
            practice=cast.practice,
            kind=KIND,
            subject_id=ids.new(),
            title="x",
            due_at=DUE,
            next_at=DUE,
            created_at=NOW,
        )
        for _ in range(count)
    ]
    AgendaEntry.objects.bulk_create(entries)
    assert agenda.fall_due(DUE) == count
    assert Notice.objects.filter(kind="expire_invitation").count() == count
    assert AgendaEntry.objects.exclude(next_at=None).count() == 0


@pytest.mark.parametrize("entries", [1, 3])
def test_a_tick_costs_the_same_statements_for_one_due_entry_and_for_three(
    cast, olu, entries, django_assert_num_queries
):
    for number in range(entries):
        email = f"person{number}@lantern.test"
        invitations.invite_member(email=email, role="associate", by=olu, at=NOW)
    with django_assert_num_queries(9):
        assert agenda.fall_due(DUE - 2 * DAY) == entries


def test_a_tick_with_nothing_due_asks_the_agenda_once(invited, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert agenda.fall_due(NOW) == 0


def test_the_command_does_what_the_workers_tick_does(invited, capsys):
    past = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    AgendaEntry.objects.filter(subject_id=invited.id).update(due_at=past, next_at=past)
    Invitation.objects.filter(id=invited.id).update(expires_at=past)
    call_command("tick")
    invited.refresh_from_db()
    assert invited.status == "expired"
    assert capsys.readouterr().out == (
        "1 entries had come due, 2 notices settled, 0 webhooks called, 0 papers set.\n"
    )
    assert Pulse.objects.filter(name="tick").exists()


def test_a_notice_that_the_tick_wrote_is_like_one_that_the_model_would_write(invited):
    moment = DUE - 2 * DAY
    agenda.fall_due(moment)
    entry, notice = entry_of(invited), Notice.objects.get(kind="invitation_reminder")
    by_the_model = Notice(
        id=notice.id,
        practice_id=entry.practice_id,
        entry=entry,
        channel="mail",
        kind="invitation_reminder",
        subject_id=invited.id,
        occurrence=moment.isoformat(),
        recipient="invitee",
        address="nils@lantern.test",
        due_at=moment,
        created_at=moment,
    )
    columns = [field.attname for field in Notice._meta.concrete_fields]
    assert [(name, getattr(notice, name)) for name in columns] == [
        (name, getattr(by_the_model, name)) for name in columns
    ]
