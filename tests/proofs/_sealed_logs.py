"""Run inside processes of their own, on the database that their environment names: logs that many write to, and one that
somebody with the database in hand tampers with."""

import datetime
import json
import random
import select
import sys

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from deliverables import anchors, checking, seals, verify_log
from deliverables.models import Anchor, Chain, HeadFeed, SealedEntry
from engagements.models import Engagement
from practice import access, guards
from tests import cast as casting
from tests import make as making
from tests.deliverables import sealed, tampering
from tests.engagements import build

LENGTH = 24


def make(logs: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    cast = casting.build()
    for number in range(logs):
        client = making.client(cast.olu, f"Client {number}")
        build.engagement(cast, client=client, lead=cast.olu, name=f"Log {number}")


def tamper(count: int) -> None:
    """Each way in its turn, each at a place of chance, each undone before the next."""
    engagement, chance = Engagement.objects.get(), random.Random(20261121)
    log = sealed.log(engagement, LENGTH)
    anchors.anchor(log, by=access.system(log.practice_id), at=timezone.now())
    head = (log.length, log.head)
    guards.lift(connection)
    told = {kind: {"of": 0, "found": 0, "in place": 0, "named": 0} for kind in tampering.KINDS}
    honest = 0
    for turn in range(count):
        kind = list(tampering.KINDS)[turn % len(tampering.KINDS)]
        ways = tampering.KINDS[kind]
        with transaction.atomic():
            expected = ways[turn // len(tampering.KINDS) % len(ways)](log, chance)
            report = _taken_away(log, head)
            there = checking.check(Chain.objects.get(pk=log.pk), at=timezone.now(), kept=[head])
            transaction.set_rollback(True)
        told[kind]["of"] += 1
        told[kind]["found"] += report.status == verify_log.TAMPERED
        told[kind]["in place"] += there.status == verify_log.TAMPERED
        # What was re-chained has no entry that stands out; the head says between which it lies.
        told[kind]["named"] += any(fault.startswith(expected) for fault in report.faults)
        honest += _taken_away(log, head).faults == []
    print(json.dumps({"kinds": told, "honest": honest}))


def _taken_away(log: Chain, head: tuple[int, str]) -> verify_log.Report:
    return verify_log.check(json.loads(json.dumps(sealed.taken_away(log))), [head])


def append(writer: int, count: int) -> None:
    """Waits for the word on stdin, so that all begin at once; goes from log to log, so that all meet at each."""
    engagements = list(Engagement.objects.order_by("name"))
    by = access.system(engagements[0].practice_id)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(count):
        engagement = engagements[(writer + number) % len(engagements)]
        with transaction.atomic():
            seals.append(
                engagement=engagement,
                kind="decision.decided",
                subject=engagement,
                open={"right": "DR-10", "amount": f"{number}.00", "writer": writer},
                sealed={"question": f"Which {number}?", "reason": f"Because {writer} says so."},
                by=by,
                at=timezone.now(),
            )
    print("done", flush=True)


def watch(pause: float) -> None:
    """Checks all logs again and again while others write, and publishes heads in between, until stdin ends."""
    checks = alarms = 0
    print("ready", flush=True)
    sys.stdin.readline()
    day = timezone.now()
    while not select.select([sys.stdin], [], [], pause)[0]:
        day += datetime.timedelta(days=1)
        for log in Chain.objects.order_by("id"):
            alarms += len(checking.check(log, at=day).faults)
            checks += 1
        for practice in set(Chain.objects.values_list("practice_id", flat=True)):
            with transaction.atomic():
                anchors.publish(practice, access.system(practice), day)
    print(json.dumps({"checks": checks, "alarms": alarms}), flush=True)


def count() -> None:
    """How it stands at the end, said by the check that a client is given and by the rows themselves."""
    broken = alarms = 0
    heads: list[str] = []
    for log in Chain.objects.order_by("id"):
        report = checking.check(log, at=timezone.now())
        alarms += len(report.faults)
        rows = SealedEntry.objects.filter(engagement_id=log.engagement_id).order_by("number")
        before = "0" * 64
        for place, (number, previous, hash) in enumerate(
            rows.values_list("number", "previous", "hash"), start=1
        ):
            broken += (number, previous) != (place, before)
            before = hash
        heads += list(checking.feeds(log.practice_id))
    print(
        json.dumps(
            {
                "entries": SealedEntry.objects.count(),
                "broken": broken,
                "alarms": alarms + len(heads),
                "feeds": HeadFeed.objects.count(),
                "heads": Anchor.objects.count(),
            }
        )
    )
