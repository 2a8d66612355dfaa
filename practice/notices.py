"""The outbox: what has to happen once is a row; drains claim rows, do the work and mark it, crash or no crash."""

import contextlib
import datetime
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from practice import access, rows
from practice.access import Actor
from practice.models import Notice
from practice.nudges import nudge
from practice.refusals import Conflict, Refusal
from practice.registers import Register

log = structlog.get_logger(__name__)
ATTEMPTS = 5
CLAIM = 20
# Recipients with an inbox: "member:" or "contact:" and the id.
SIGNS_IN = ("member:", "contact:")
MAIL_AWAY = datetime.timedelta(minutes=1)


class NotDead(Conflict):
    code, sentence = "not_dead", "Only a notice that was given up can be tried again."


@dataclass(frozen=True)
class Letter:
    """A composed mail; see practice/mail.py for how it looks."""

    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    # Where its one link leads: the inbox offers the same, and a digest's line.
    link: str = ""


# A mail made of lines (practice/digests.py): when it is sent, so are they.
DIGEST = "digest"
# Contributed: composes the mail of a notice as of now, or None where it no longer makes sense.
LETTERS: Register[Callable[[Notice, datetime.datetime], Letter | None]] = Register("letters")
# Contributed: a verb that the clock calls, inside the transaction that marks the notice done.
EFFECTS: Register[Callable[[UUID, Actor, datetime.datetime], None]] = Register("effects")


class MailAway(Exception):
    """The mail server cannot be reached at all, whatever the letter."""


class Post:
    """The mail server during one drain: called on with the first letter, and no more once it did not answer."""

    def __init__(self) -> None:
        self._server, self._away = get_connection(), False

    def send(self, message: EmailMultiAlternatives) -> None:
        try:
            self._away or self._server.open()
        except OSError as fault:
            self._away = True
            log.warning("mail_server_unreachable", fault=type(fault).__name__)
        if self._away:
            raise MailAway
        try:
            self._server.send_messages([message])
        except Exception:
            # Whatever state the conversation is in, the next letter begins a new one.
            self.close()
            raise

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._server.close()


def ask(
    kind: str,
    *,
    practice_id: UUID,
    client_id: UUID | None,
    subject_id: UUID,
    recipient: str,
    address: str,
    occurrence: str,
    at: datetime.datetime,
) -> None:
    """Have a mail sent because of what the calling verb does, in that verb's transaction."""
    Notice.objects.bulk_create(
        [
            Notice(
                practice_id=practice_id,
                client_id=client_id,
                channel=Notice.Channel.MAIL,
                kind=kind,
                subject_id=subject_id,
                recipient=recipient,
                address=address,
                occurrence=occurrence,
                due_at=at,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    transaction.on_commit(nudge)


def replay(notice: Notice, *, by: Actor, at: datetime.datetime) -> Notice:
    """Try a dead notice again, from the first attempt."""
    access.require(by, "notice", "change")
    changes = {"status": Notice.Status.WAITING, "attempts": 0, "due_at": at}
    with transaction.atomic():
        # As it is now, not as the caller saw it: what was sent in the meantime is not sent again.
        notice = access.get(by, Notice, notice.pk, lock=True)
        if notice.status != Notice.Status.DEAD:
            raise NotDead
        replayed = rows.change(notice, changes, by=by, at=at, kind="notice.replayed")
        transaction.on_commit(nudge)
    return replayed


def drain(*, seconds: float = 50.0, clock: Callable[[], datetime.datetime] = timezone.now) -> int:
    """Do what waits, until nothing does or the time is up; returns how many notices were settled."""
    settled, stop = 0, time.monotonic() + seconds
    with contextlib.closing(Post()) as post:
        while time.monotonic() < stop:
            claimed = _claim(clock())
            if not claimed:
                break
            for notice in claimed:
                # Past the time the rest goes back when its lease ends: nobody's work, nobody's attempt.
                if time.monotonic() < stop:
                    settled += _settle(notice, clock, post)
    return settled


def _claim(now: datetime.datetime) -> list[Notice]:
    """Lease some waiting rows. A crashed drain's rows come back when their lease runs out."""
    open_states = [Notice.Status.WAITING, Notice.Status.TAKEN]
    with transaction.atomic():
        claimed = list(
            # Webhooks have a drain of their own (practice/hooks): a slow receiver delays no letter. Lines go with
            # the mail that they were given to (practice/digests.py).
            Notice.objects.filter(status__in=open_states, due_at__lte=now)
            .exclude(channel__in=[Notice.Channel.HOOK, Notice.Channel.DIGEST])
            .order_by("due_at", "id")
            .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)[
                :CLAIM
            ]
        )
        lease = now + datetime.timedelta(seconds=settings.NOTICE_LEASE_SECONDS)
        Notice.objects.filter(id__in=[n.id for n in claimed]).update(
            status=Notice.Status.TAKEN, due_at=lease
        )
    for notice in claimed:
        notice.due_at = lease
    return claimed


def _settle(notice: Notice, clock: Callable[[], datetime.datetime], post: Post) -> bool:
    mine = Notice.objects.filter(id=notice.id, status=Notice.Status.TAKEN, due_at=notice.due_at)
    if notice.attempts >= ATTEMPTS:
        return bool(mine.update(status=Notice.Status.DEAD, fault=notice.fault or "WorkerLost"))
    # Counted before the risky work and committed: a notice that kills its worker counts as well.
    if not mine.update(attempts=F("attempts") + 1):
        return False
    notice.attempts += 1
    try:
        outcome = _work(notice, clock(), post)
    except MailAway:
        log.warning("mail_away", notice=str(notice.id))
        wait = clock() + MAIL_AWAY
        # Not the notice's fault, so not its attempt: an outage of a day must not bury a day's letters.
        return bool(
            mine.update(
                status=Notice.Status.WAITING,
                due_at=wait,
                attempts=F("attempts") - 1,
                fault=MailAway.__name__,
            )
        )
    except Exception as fault:  # whatever one notice does wrong, the others behind it go on
        log.warning(
            "notice_failed",
            notice=str(notice.id),
            fault=type(fault).__name__,
            attempts=notice.attempts,
        )
        return bool(mine.update(**retry(notice, fault, clock())))
    if outcome and notice.kind != DIGEST:
        mine.update(status=outcome, done_at=clock(), fault="")
    elif outcome:
        # The mail and the lines in it are marked together.
        with transaction.atomic():
            if mine.update(status=outcome, done_at=clock(), fault=""):
                lines = Notice.objects.filter(digest_id=notice.id, status=Notice.Status.WAITING)
                lines.update(status=outcome, done_at=clock())
    return True


def _work(notice: Notice, now: datetime.datetime, post: Post) -> str | None:
    """Returns the state to record, or None where the work recorded it itself."""
    if notice.channel == Notice.Channel.EFFECT:
        return _take_effect(notice, now)
    letter = LETTERS[notice.kind](notice, now)
    if letter is None:
        return Notice.Status.CANCELLED
    put_in_inbox(notice, letter)
    if notice.channel == Notice.Channel.MAIL:
        post.send(_message(notice, letter))
    return Notice.Status.DONE


def put_in_inbox(notice: Notice, letter: Letter) -> None:
    """On the notice itself, before the mail goes: whoever can sign in reads it there also while mail is away.

    Never for others: what an invited stranger gets holds a secret link, which belongs in no table.
    """
    if not notice.recipient.startswith(SIGNS_IN) or notice.kind == DIGEST:
        return
    link = letter.link.removeprefix(settings.REMIT_URL)
    shown = {"title": letter.subject[:200], "link": link[:300] if link.startswith("/") else ""}
    if (notice.title, notice.link) != (shown["title"], shown["link"]):
        Notice.objects.filter(id=notice.id).update(**shown)


def _take_effect(notice: Notice, now: datetime.datetime) -> str | None:
    """Effect and mark in one transaction: either both are there after a crash or neither is."""
    try:
        with transaction.atomic():
            claimed = Notice.objects.filter(
                id=notice.id, status=Notice.Status.TAKEN, due_at=notice.due_at
            )
            if claimed.update(status=Notice.Status.DONE, done_at=now, fault=""):
                EFFECTS[notice.kind](notice.subject_id, access.system(notice.practice_id), now)
    except Refusal as refusal:
        log.info("effect_no_longer_holds", notice=str(notice.id), code=refusal.code)
        return Notice.Status.CANCELLED
    return None


def _message(notice: Notice, letter: Letter) -> EmailMultiAlternatives:
    # Stable over repeats: a mail system that saw it before can drop the second copy.
    stable = {"Message-ID": f"<{notice.id}@{urlsplit(settings.REMIT_URL).hostname}>"}
    message = EmailMultiAlternatives(
        letter.subject, letter.text, to=[notice.address], headers={**letter.headers, **stable}
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def retry(notice: Notice, fault: Exception, now: datetime.datetime) -> dict[str, object]:
    if notice.attempts >= ATTEMPTS:
        return {"status": Notice.Status.DEAD, "fault": type(fault).__name__}
    wait = datetime.timedelta(minutes=2**notice.attempts)
    return {"status": Notice.Status.WAITING, "due_at": now + wait, "fault": type(fault).__name__}
