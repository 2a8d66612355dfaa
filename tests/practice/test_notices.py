"""The outbox: every notice once, whatever dies, is away or cannot be composed."""

import contextlib
import datetime
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.core import mail as mails
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from practice import invitations, notices
from practice.access import Actor
from practice.models import Event, Invitation, Notice
from practice.notices import Letter
from practice.refusals import NotAllowed
from tests import make
from tests.make import NOW
from tests.proofs._sink import sink

MINUTE = datetime.timedelta(minutes=1)
LEASE = datetime.timedelta(seconds=60)


class Killed(BaseException):
    """Ends the drain as a kill would: nothing of ours is there to catch it."""


def composed(notice: Notice, now: datetime.datetime) -> Letter:
    return Letter("A letter", "Text", "<p>Text</p>")


def killing(notice: Notice, now: datetime.datetime) -> Letter:
    raise Killed


def senseless(notice: Notice, now: datetime.datetime) -> None:
    return None


def broken(notice: Notice, now: datetime.datetime) -> Letter:
    raise ValueError("what the client wrote: 1.8 million")


def two_lines(notice: Notice, now: datetime.datetime) -> Letter:
    return Letter("Hello\r\nBcc: thief@example.com", "Text", "<p>Text</p>")


@pytest.fixture(autouse=True)
def _letters() -> Iterator[None]:
    """Kinds of this file only, contributed as an app contributes its own."""
    for compose in (composed, killing, senseless, broken, two_lines):
        notices.LETTERS.add(compose.__name__, compose)
    yield
    for compose in (composed, killing, senseless, broken, two_lines):
        del notices.LETTERS._entries[compose.__name__]


@pytest.fixture
def ask(cast) -> Callable[..., Notice]:
    Notice.objects.all().delete()

    def asked(kind: str, number: int = 1) -> Notice:
        subject = UUID(int=number)
        with transaction.atomic():
            notices.ask(
                kind,
                practice_id=cast.practice.pk,
                client_id=None,
                subject_id=subject,
                recipient="nils",
                address="nils@orchard.test",
                occurrence="once",
                at=NOW,
            )
        return Notice.objects.get(kind=kind, subject_id=subject)

    return asked


def drain(at: datetime.datetime) -> int:
    return notices.drain(clock=lambda: at)


def facts(notice: Notice) -> tuple[str, int, str]:
    notice.refresh_from_db()
    return notice.status, notice.attempts, notice.fault


def test_a_notice_is_sent_once_and_marked(ask):
    notice = ask("composed")
    assert (drain(NOW), drain(NOW), drain(NOW + 5 * MINUTE)) == (1, 0, 0)
    assert facts(notice) == ("done", 1, "")
    assert (notice.done_at, [m.to for m in mails.outbox]) == (NOW, [["nils@orchard.test"]])


def test_asking_twice_for_the_same_occurrence_asks_once(ask):
    assert ask("composed").pk == ask("composed").pk
    assert Notice.objects.count() == 1


def test_what_no_longer_makes_sense_is_cancelled_and_not_sent(ask):
    notice = ask("senseless")
    drain(NOW)
    assert (facts(notice), mails.outbox) == (("cancelled", 1, ""), [])


def test_a_notice_whose_worker_dies_keeps_its_count_and_comes_back_when_the_lease_ends(ask):
    notice = ask("killing")
    with pytest.raises(Killed):
        drain(NOW)
    assert facts(notice) == ("taken", 1, "")
    assert drain(NOW + LEASE - datetime.timedelta(seconds=1)) == 0
    with pytest.raises(Killed):
        drain(NOW + LEASE)
    assert facts(notice) == ("taken", 2, "")


def test_a_notice_that_kills_every_worker_is_given_up_after_five(ask):
    notice = ask("killing")
    for attempt in range(notices.ATTEMPTS):
        with pytest.raises(Killed):
            drain(NOW + attempt * LEASE)
    assert drain(NOW + notices.ATTEMPTS * LEASE) == 1
    assert facts(notice) == ("dead", notices.ATTEMPTS, "WorkerLost")


def test_what_a_dead_worker_had_claimed_besides_is_done_by_the_next_without_an_attempt_lost(ask):
    ask("killing")
    others = [ask("composed", number) for number in range(2, 12)]
    with pytest.raises(Killed):
        drain(NOW)
    assert {facts(other) for other in others} == {("taken", 0, "")}
    for attempt in range(1, notices.ATTEMPTS):
        with pytest.raises(Killed):
            drain(NOW + attempt * LEASE)
    drain(NOW + notices.ATTEMPTS * LEASE)
    assert {facts(other) for other in others} == {("done", 1, "")}


def test_a_poisonous_notice_is_dead_after_five_attempts_and_the_others_go_on(ask):
    poison = ask("broken")
    others = [ask("composed", number) for number in range(2, 102)]
    drain(NOW)
    assert facts(poison) == ("waiting", 1, "ValueError")
    assert {facts(other) for other in others} == {("done", 1, "")}
    at = NOW
    for _ in range(notices.ATTEMPTS - 1):
        poison.refresh_from_db()
        at = poison.due_at
        drain(at)
    assert facts(poison) == ("dead", notices.ATTEMPTS, "ValueError")
    assert drain(at + 365 * 24 * 60 * MINUTE) == 0
    assert len(mails.outbox) == 100


def test_each_failure_doubles_the_wait(ask):
    poison, waits, at = ask("broken"), [], NOW
    for _ in range(notices.ATTEMPTS - 1):
        drain(at)
        poison.refresh_from_db()
        waits.append((poison.due_at - at) / MINUTE)
        at = poison.due_at
    assert waits == [2, 4, 8, 16]


def test_a_notice_of_an_unknown_kind_is_given_up_like_any_other(ask):
    notice = ask("abolished")
    drain(NOW)
    assert facts(notice) == ("waiting", 1, "KeyError")


def test_an_effect_and_its_mark_are_there_together_or_not_at_all(cast, ask):
    def half(subject_id: UUID, by: Actor, at: datetime.datetime) -> None:
        Event.objects.filter(practice_id=by.practice_id).first()
        Notice.objects.filter(kind="half").update(recipient="changed by the effect")
        raise ValueError

    notices.EFFECTS.add("half", half)
    notice = ask("half")
    Notice.objects.filter(pk=notice.pk).update(channel="effect")
    try:
        drain(NOW)
    finally:
        del notices.EFFECTS._entries["half"]
    assert facts(notice) == ("waiting", 1, "ValueError")
    assert notice.recipient == "nils"


def test_an_effect_that_no_longer_holds_is_cancelled(cast, ask):
    by = make.actor(cast.olu)
    row = invitations.invite_member(email="n@lantern.test", role="associate", by=by, at=NOW)
    notice = ask("expire_invitation")
    Notice.objects.filter(pk=notice.pk).update(channel="effect", subject_id=row.pk)
    drain(NOW)
    row.refresh_from_db()
    assert (facts(notice), row.status) == (("cancelled", 1, ""), "pending")


def test_a_mail_server_that_is_away_costs_no_notice_an_attempt(ask, settings):
    first, second = ask("composed"), ask("composed", 2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    at = NOW
    for _ in range(60):  # an hour's outage
        drain(at)
        at += notices.MAIL_AWAY
    assert {facts(first), facts(second)} == {("waiting", 0, "MailAway")}
    with sink() as server:
        settings.EMAIL_PORT = server.port
        drain(at)
        assert sorted(server.taken) == sorted(
            f"<{notice.pk}@127.0.0.1>" for notice in (first, second)
        )
    assert {facts(first), facts(second)} == {("done", 1, "")}


def test_a_drain_that_outlived_its_lease_marks_nothing(ask):
    def slow(notice: Notice, now: datetime.datetime) -> Letter:
        if now == NOW:
            # While we compose, our lease ends and another drain does the same notice from start to end.
            drain(NOW + LEASE)
        return composed(notice, now)

    notices.LETTERS.add("slow", slow)
    notice = ask("slow")
    try:
        drain(NOW)
    finally:
        del notices.LETTERS._entries["slow"]
    assert facts(notice) == ("done", 2, "")
    assert notice.done_at == NOW + LEASE
    ids = {message.message()["Message-ID"] for message in mails.outbox}
    assert (len(mails.outbox), ids) == (2, {f"<{notice.pk}@127.0.0.1>"})


def test_a_repeat_carries_the_same_message_id(ask):
    notice = ask("composed")
    drain(NOW)
    # As after a kill between the server's 250 and our mark.
    Notice.objects.filter(pk=notice.pk).update(status="taken", due_at=NOW + LEASE)
    drain(NOW + LEASE)
    ids = [message.message()["Message-ID"] for message in mails.outbox]
    assert ids == [f"<{notice.pk}@127.0.0.1>"] * 2


def test_a_subject_of_two_lines_is_never_sent(ask):
    notice = ask("two_lines")
    drain(NOW)
    assert (facts(notice), mails.outbox) == (("waiting", 1, "BadHeaderError"), [])


def test_a_practice_cannot_put_headers_into_its_mails_by_its_name(cast, ask):
    type(cast.practice).objects.filter(pk=cast.practice.pk).update(
        name="Lantern\r\nBcc: thief@example.com"
    )
    invitations.invite_member(
        email="nils@lantern.test", role="associate", by=make.actor(cast.olu), at=NOW
    )
    drain(NOW)
    (message,) = mails.outbox
    assert message.subject == "Lantern Bcc: thief@example.com invites you to Remit"
    assert (message.recipients(), message.message()["Bcc"]) == (["nils@lantern.test"], None)


def test_the_fault_names_its_class_and_never_its_text(ask, caplog):
    notice = ask("broken")
    drain(NOW)
    assert facts(notice)[2] == "ValueError"
    assert "1.8 million" not in caplog.text


def test_an_invitation_that_was_withdrawn_before_the_mail_left_is_not_mailed(cast, ask):
    by = make.actor(cast.olu)
    row = invitations.invite_member(email="n@lantern.test", role="associate", by=by, at=NOW)
    invitations.revoke(row, by=by, at=NOW)
    drain(NOW)
    assert mails.outbox == []


def test_the_link_in_the_mail_is_the_one_that_lets_in(cast, ask):
    by = make.actor(cast.olu)
    row = invitations.invite_member(email="n@lantern.test", role="associate", by=by, at=NOW)
    drain(NOW)
    (message,) = mails.outbox
    (token,) = re.findall(r"/join/(\S+)/", message.body)
    assert invitations.find(token, at=NOW) == row


def test_an_owner_replays_what_was_given_up(cast, ask, api):
    notice = ask("composed")
    Notice.objects.filter(pk=notice.pk).update(status="dead", attempts=5, fault="ValueError")
    notices.replay(notice, by=make.actor(cast.olu), at=NOW)
    drain(NOW)
    assert facts(notice) == ("done", 1, "")
    assert Event.objects.filter(kind="notice.replayed").count() == 1


def test_what_was_sent_since_its_replay_is_not_sent_again_by_a_second_one(cast, ask):
    notice = ask("composed")
    Notice.objects.filter(pk=notice.pk).update(status="dead", attempts=5)
    notice.refresh_from_db()
    notices.replay(notice, by=make.actor(cast.olu), at=NOW)
    drain(NOW)
    with pytest.raises(notices.NotDead):
        notices.replay(notice, by=make.actor(cast.olu), at=NOW)


def test_only_what_was_given_up_is_replayed(cast, ask):
    notice = ask("composed")
    with pytest.raises(notices.NotDead):
        notices.replay(notice, by=make.actor(cast.olu), at=NOW)


@pytest.mark.parametrize("who", ["ada", "ben", "fin", "priya"])
def test_nobody_but_an_owner_replays(cast, ask, who):
    notice = ask("composed")
    Notice.objects.filter(pk=notice.pk).update(status="dead")
    with pytest.raises(NotAllowed):
        notices.replay(notice, by=make.actor(getattr(cast, who)), at=NOW)


def test_a_drain_whose_time_is_up_leaves_the_rest_without_an_attempt(ask):
    rest = [ask("composed", number) for number in range(1, 4)]
    assert notices.drain(seconds=0, clock=lambda: NOW) == 0
    assert {facts(notice) for notice in rest} == {("waiting", 0, "")}


@pytest.mark.parametrize("rows", [1, 3])
def test_claiming_costs_the_same_statements_for_one_notice_and_for_three(
    ask, rows, django_assert_num_queries
):
    for number in range(rows):
        ask("senseless", number)
    # Four to claim, then for each its count and its mark, then three to see that nothing is left.
    with django_assert_num_queries(4 + 2 * rows + 3):
        drain(NOW)


def test_no_letter_reads_the_practices_logo(cast):
    """It is a picture of hundreds of kilobytes, and no letter shows it."""
    by = make.actor(cast.olu)
    invitations.invite_member(email="nils@lantern.test", role="associate", by=by, at=NOW)
    ours = [kind for kind in notices.LETTERS if "tests" not in notices.LETTERS[kind].__module__]
    with CaptureQueriesContext(connection) as captured:
        for kind in ours:
            about = Notice(kind=kind, practice=cast.practice, recipient=f"member:{cast.ada.pk}")
            about.subject_id = Invitation.objects.get().pk
            with contextlib.suppress(ObjectDoesNotExist):
                notices.LETTERS[kind](about, NOW)
    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) >= 4
    assert [sql for sql in asked if "logo" in sql] == []
