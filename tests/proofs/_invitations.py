"""Run inside a process of its own, on the database that its environment names: makes due invitations, or counts."""

import datetime
import json
import time
from collections import Counter

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from practice import access, invitations, practices, users
from practice.access import Actor
from practice.models import AgendaEntry, Event, Invitation, Member, Notice

PASSWORD = "seven-grey-herons-fly"


def make(expiring: int, reminding: int) -> None:
    """`expiring` ran out a second ago; `reminding` have just two days left."""
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    with transaction.atomic():
        person = users.make(email="olu@lantern.test", name="Olu", password=PASSWORD, at=now)
        home = practices.found(name="Lantern", owner=person, at=now, by=access.system())
        olu = Actor("owner", "member", practice_id=home.practice_id, id=home.pk)
        for number in range(expiring + reminding):
            days = 14 if number < expiring else 12
            at = now - datetime.timedelta(days=days, seconds=1)
            email = f"person{number}@orchard.test"
            invitations.invite_member(email=email, role="associate", by=olu, at=at)


def make_many(expiring: int, reminding: int, at: datetime.datetime | None = None) -> None:
    """The same, but written as rows and without the letters that invite: ten thousand in seconds."""
    call_command("migrate", interactive=False, verbosity=0)
    now = at or timezone.now()
    person = users.make(email="olu@lantern.test", name="Olu", password=PASSWORD, at=now)
    home = practices.found(name="Lantern", owner=person, at=now, by=access.system())
    second, rows, entries = datetime.timedelta(seconds=1), [], []
    for number in range(expiring + reminding):
        ahead = datetime.timedelta(days=0 if number < expiring else 2)
        row = Invitation(
            practice=home.practice,
            email=f"person{number}@orchard.test",
            role="associate",
            invited_by=home,
            expires_at=now - second + ahead,
            nonce=f"{number:032x}",
            created_at=now,
        )
        # Of those that expire, the reminder's moment is two days past and not read yet, as after an outage.
        entry = AgendaEntry(
            practice=home.practice,
            owner=home,
            kind=invitations.KIND,
            subject_id=row.id,
            title="Invitation expires",
            due_at=row.expires_at,
            next_at=row.expires_at - datetime.timedelta(days=2),
            created_at=now,
        )
        rows.append(row)
        entries.append(entry)
    Invitation.objects.bulk_create(rows, batch_size=1000)
    AgendaEntry.objects.bulk_create(entries, batch_size=1000)


def invite(people: int) -> None:
    """As a page does, nudge and all; tells how long the slowest took."""
    home = Member.objects.get()
    olu = Actor("owner", "member", practice_id=home.practice_id, id=home.pk)
    slowest = 0.0
    for number in range(people):
        began = time.monotonic()
        email = f"late{number}@orchard.test"
        invitations.invite_member(email=email, role="associate", by=olu, at=timezone.now())
        slowest = max(slowest, time.monotonic() - began)
    print(json.dumps(slowest))


def count() -> None:
    notices = Notice.objects.values_list("kind", "status")
    expired = Event.objects.filter(kind="invitation.expired").values_list("subject_id", flat=True)
    sent = Notice.objects.filter(channel="mail", status="done").values_list("id", flat=True)
    found = {
        "notices": {" ".join(key): n for key, n in sorted(Counter(notices).items())},
        "invitations": dict(Counter(Invitation.objects.values_list("status", flat=True))),
        "events": len(expired),
        "subjects": len(set(expired)),
        "sent": sorted(str(id) for id in sent),
    }

    print(json.dumps(found))
