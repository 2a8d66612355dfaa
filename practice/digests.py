"""Digests: lines that wait for a person's hour go out as one mail of the outbox. Gathered by the tick, never lost, never twice."""

import datetime
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.utils.formats import date_format

from practice import identity, mail, notices, preferences
from practice.models import Contact, Member, Notice, Practice
from practice.notices import Letter
from practice.quarters import local_day
from practice.refusals import NotFound

log = structlog.get_logger(__name__)
SALT = "remit.digest"
BATCH = 2000
WAITING, CANCELLED = Notice.Status.WAITING, Notice.Status.CANCELLED


def gather(at: datetime.datetime) -> int:
    """One mail for each person whose lines have come due; returns how many mails.

    Safe to run twice or side by side: lines are locked while they are given to a mail, and given once.
    """
    made = 0
    while True:
        with transaction.atomic():
            lines = list(
                Notice.objects.filter(
                    channel=Notice.Channel.DIGEST, status=WAITING, digest=None, due_at__lte=at
                )
                .order_by("due_at", "id")
                .select_for_update(
                    skip_locked=connection.features.has_select_for_update_skip_locked
                )[:BATCH]
            )
            made += _give(lines, at)
        if len(lines) < BATCH:
            return made


def _give(lines: list[Notice], at: datetime.datetime) -> int:
    mails: dict[tuple[UUID, str], Notice] = {}
    for line in lines:
        mails.setdefault((line.practice_id, line.recipient), _mail_with(line, at))
    Notice.objects.bulk_create(mails.values())
    for (practice_id, recipient), digest in mails.items():
        given = [n.id for n in lines if (n.practice_id, n.recipient) == (practice_id, recipient)]
        Notice.objects.filter(id__in=given).update(digest=digest)
    return len(mails)


def _mail_with(line: Notice, at: datetime.datetime) -> Notice:
    return Notice(
        practice_id=line.practice_id,
        channel=Notice.Channel.MAIL,
        kind=notices.DIGEST,
        # A mail is named by its first line, which belongs to this mail alone.
        subject_id=line.id,
        occurrence=line.due_at.isoformat(),
        recipient=line.recipient,
        address=line.address,
        due_at=at,
        created_at=at,
    )


@dataclass(frozen=True)
class Line:
    text: str
    link: str
    remark: str = ""
    """Of which client and when it is due."""


def letter(notice: Notice, now: datetime.datetime) -> Letter | None:
    """All its lines as they read now; what no longer makes sense is left out, and without a line there is no mail."""
    place = find_place(notice.recipient)
    waiting = Notice.objects.filter(digest_id=notice.id, status=WAITING).order_by("due_at", "id")
    chosen = preferences.of(place).digest if place else preferences.Digest.NONE
    if chosen == preferences.Digest.NONE:
        waiting.update(status=CANCELLED)
    rows = waiting.select_related("entry", "client")
    lines = [line for row in rows if (line := _line(row, now))]
    if not lines:
        return None
    practice = Practice.objects.defer("logo").get(pk=notice.practice_id)
    stop = stop_link(notice.recipient)
    context = {
        "lines": lines,
        "link": settings.REMIT_URL + ("/desk/" if isinstance(place, Member) else "/portal/"),
        "stop": stop,
    }
    count = "One thing" if len(lines) == 1 else f"{len(lines)} things"
    composed = mail.compose("digest", f"{practice.name}: {count} to look at", practice, context)
    headers = {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return replace(composed, headers=headers)


def _line(row: Notice, now: datetime.datetime) -> Line | None:
    mine = Notice.objects.filter(pk=row.pk)
    try:
        composed = notices.LETTERS[row.kind](row, now)
    except Exception as fault:  # one line that cannot be composed must not hold up the others
        log.warning("digest_line_failed", notice=str(row.pk), fault=type(fault).__name__)
        row.attempts += 1
        again = notices.retry(row, fault, now)
        mine.update(**{"attempts": row.attempts, "digest": None, **again})
        return None
    if composed is None:
        mine.update(status=CANCELLED)
        return None
    notices.put_in_inbox(row, composed)
    return Line(composed.subject, composed.link, _remark(row))


def _remark(row: Notice) -> str:
    if row.entry is None:
        return ""
    whose = f"{row.client}, " if row.client else ""
    return f"{whose}due {date_format(local_day(row.entry.due_at, row.entry.time_zone), 'j F Y')}"


def find_place(recipient: str) -> Member | Contact | None:
    """Who a recipient's key means, if they are still here."""
    kind, _, id = recipient.partition(":")
    if kind not in preferences.DEFAULT:
        return None
    model: type[Member] | type[Contact] = Member if kind == "member" else Contact
    return model.objects.select_related("user").filter(pk=id, active=True).first()


def stop_link(recipient: str) -> str:
    return f"{settings.REMIT_URL}/no-digest/{signing.Signer(salt=SALT).sign(recipient)}/"


def of_token(token: str) -> Member | Contact:
    """Whose digests a link stops. It needs no sign-in and can do nothing else."""
    try:
        place = find_place(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError) as wrong:
        raise NotFound from wrong
    if place is None:
        raise NotFound
    return place


def stop(token: str, *, at: datetime.datetime) -> Member | Contact:
    place = of_token(token)
    source = "desk" if isinstance(place, Member) else "portal"
    by = identity.actor(place, source)
    preferences.choose(by=by, at=at, digest=preferences.Digest.NONE)
    return place
