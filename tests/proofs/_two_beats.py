"""Run inside a process of its own, on a database of its own: ten minutes of two clocks that tick at the same moments."""

import datetime
import json
import threading
from collections import Counter

from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection

from practice import clockwork, notices
from practice.models import AgendaEntry, Invitation, Notice
from tests.proofs import _invitations

NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
MINUTES = 10


def _poison(notice: Notice, now: datetime.datetime) -> None:
    raise ValueError


def measure(count: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    call_command("migrate", interactive=False, verbosity=0)
    _invitations.make_many(0, count, at=NOW)
    _spread()
    notices.LETTERS.add("poison", _poison)
    first = Invitation.objects.order_by("id")[0]
    Notice.objects.create(
        practice_id=first.practice_id,
        channel="mail",
        kind="poison",
        subject_id=first.id,
        occurrence="once",
        recipient="nobody",
        due_at=NOW,
        created_at=NOW,
    )
    # Ten minutes of work, and the moments of the next half hour at which the one that fails is tried again.
    for minute in (*range(MINUTES), 12, 15, 23, 40):
        _two_at_once(NOW + minute * MINUTE)
    keys = Notice.objects.exclude(kind="poison").values_list("subject_id", "occurrence")
    poison = Notice.objects.get(kind="poison")
    sent = Counter(m.message()["Message-ID"] for m in mail.outbox)
    print(
        json.dumps(
            {
                "keys": len(keys),
                "different": len(set(keys)),
                "states": dict(Counter(Notice.objects.values_list("status", flat=True))),
                "letters": len(sent),
                "repeats": sum(sent.values()) - len(sent),
                "poison": [poison.status, poison.attempts],
            }
        )
    )


def _spread() -> None:
    """Each minute has its share."""
    for number, entry in enumerate(AgendaEntry.objects.order_by("id")):
        moment = NOW + number % MINUTES * MINUTE
        due_at = moment + datetime.timedelta(days=2)
        AgendaEntry.objects.filter(pk=entry.pk).update(due_at=due_at, next_at=moment)
        Invitation.objects.filter(pk=entry.subject_id).update(expires_at=due_at)


def _two_at_once(at: datetime.datetime) -> None:
    together, faults = threading.Barrier(2), []

    def tick() -> None:
        try:
            together.wait()
            clockwork.tick(at=at, clock=lambda: at)
        except Exception as fault:
            faults.append(repr(fault))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
