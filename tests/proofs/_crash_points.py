"""Run inside a process of its own, on a database of its own: a child kills itself after the n-th step, we recover and compare.

A step is a statement, a commit, a mail handed over or a message to the broker.
"""

import datetime
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from celery import current_app
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection, transaction

from practice import (
    access,
    agenda,
    agenda_rules,
    clients,
    clockwork,
    ids,
    invitations,
    practices,
    preferences,
    users,
)
from practice.access import Actor
from practice.models import AgendaEntry, Client, Event, Invitation, Notice

PASSWORD = "seven-grey-herons-fly"
NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
DAY, MINUTES = datetime.timedelta(days=1), datetime.timedelta(minutes=2)
DUE = NOW + 14 * DAY
KINDS = """
[review]
label = "Review"
digest = true
reminders = [{ before = "2d", to = "owner", notice = "entry_due" }]
escalate = [{ after = "2d", to = "owners", notice = "entry_overdue" }]
"""
STEPS = {"done": 0, "last": 0}


def step() -> None:
    STEPS["done"] += 1
    if STEPS["done"] == STEPS["last"]:
        os.kill(os.getpid(), signal.SIGKILL)


class Planted(BaseEmailBackend):
    """The receiver: a file that only grows."""

    def open(self) -> None: ...

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            with (settings.VAR / "received").open("a") as received:
                received.write(f"{message.extra_headers['Message-ID']}\n")
            step()
        return len(messages)


def _hooked(last: int = 0) -> None:
    STEPS.update(done=0, last=last)

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        step()
        return result

    connection.execute_wrappers.append(counted)
    connection.commit = _then_step(connection.commit)  # type: ignore[method-assign]
    current_app.send_task = _then_step(lambda *args, **kwargs: None)


def _then_step(work: Callable[..., Any]) -> Callable[..., Any]:
    def inner(*args: Any, **kwargs: Any) -> Any:
        result = work(*args, **kwargs)
        step()
        return result

    return inner


def measure(every: int) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Planted"
    connection.settings_dict["OPTIONS"].pop("pool", None)
    current_app.send_task = lambda *args, **kwargs: None
    book = settings.VAR / "kinds.toml"
    book.write_text(KINDS)
    agenda_rules.CONTRIBUTED.append(book)
    agenda_rules.rules.cache_clear()
    call_command("migrate", interactive=False, verbosity=0)
    _scene()
    place = Postgres() if connection.vendor == "postgresql" else Sqlite()
    place.keep()
    _flow()
    reference = _found()
    assert len(reference.pop("received")) == len(reference.pop("sent"))
    points = _points(place)
    tried, violations = list(range(1, points + 1, every)), []
    for point in tried:
        place.restore()
        assert _child(point) == -signal.SIGKILL, f"nobody died at {point}"
        _flow()
        if wrong := _wrong(reference):
            violations.append([point, wrong])
    print(json.dumps({"points": points, "tried": len(tried), "violations": violations}))


def _wrong(reference: dict[str, Any]) -> str:
    found = _found()
    received, sent = found.pop("received"), found.pop("sent")
    if found != reference:
        return f"{found} is not {reference}"
    if set(received) != set(sent):
        return f"sent {sorted(sent)}, received {sorted(received)}"
    if len(received) > len(sent) + 1:
        return "more than one repeat after one kill"
    return ""


def _points(place: "Sqlite | Postgres") -> int:
    place.restore()
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        _hooked()
        _flow()
        os.write(writing, str(STEPS["done"]).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return int(pipe.read())


def _child(point: int) -> int:
    if not (pid := os.fork()):
        _hooked(point)
        _flow()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Sqlite:
    def keep(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        self.file = Path(connection.settings_dict["NAME"])
        shutil.copy(self.file, f"{self.file}.kept")

    def restore(self) -> None:
        connection.close()
        for left in (f"{self.file}-wal", f"{self.file}-shm"):
            Path(left).unlink(missing_ok=True)
        shutil.copy(f"{self.file}.kept", self.file)
        (settings.VAR / "received").unlink(missing_ok=True)


class Postgres:
    def keep(self) -> None:
        connection.close()
        self.kept = connection.settings_dict["NAME"]
        self.url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/template1"
        self.restore()

    def restore(self) -> None:
        connection.close()
        with psycopg.connect(self.url, autocommit=True) as server:
            # Whatever the child that was killed left behind on the server goes with its connection.
            server.execute("DROP DATABASE IF EXISTS remit_crash WITH (FORCE)")
            server.execute(f"CREATE DATABASE remit_crash TEMPLATE {self.kept}")
        connection.settings_dict["NAME"] = "remit_crash"
        (settings.VAR / "received").unlink(missing_ok=True)


# What happens. Called again after a kill it finds what is done and does the rest, as people and ticks do.


def _scene() -> None:
    with transaction.atomic():
        person = users.make(email="olu@lantern.test", name="Olu", password=PASSWORD, at=NOW)
        home = practices.found(name="Lantern", owner=person, at=NOW, by=access.system())
        client = clients.add(by=access.system(home.practice_id), at=NOW, responsible=home, name="O")
        olu = _olu()
        for number in range(4):
            # The first two end at DUE, the others are reminded of then.
            at = NOW if number < 2 else NOW + 2 * DAY
            invitations.invite_member(email=f"p{number}@x.test", role="associate", by=olu, at=at)
        Notice.objects.all().delete()
        preferences.choose(by=olu, at=NOW, digest="daily", time_zone="UTC")
        for number in range(3):
            agenda.plan(
                "review",
                subject_id=ids.new(),
                practice_id=home.practice_id,
                client_id=client.pk,
                owner_id=home.pk,
                due_at=DUE + number * DAY,
                at=NOW,
                title=f"Review {number}",
                time_zone="UTC",
                all_day=number == 0,
            )


def _olu() -> Actor:
    home = practices.Member.objects.get()
    return Actor("owner", "member", practice_id=home.practice_id, id=home.pk, user_id=home.user_id)


def _flow() -> None:
    _tick(DUE)
    olu = _olu()
    if not Invitation.objects.filter(email="late@x.test").exists():
        invitations.invite_member(email="late@x.test", role="associate", by=olu, at=DUE)
    client = Client.objects.get()
    if client.time_zone == "UTC":
        clients.change(client, by=olu, at=DUE, time_zone="America/New_York")
    _tick(DUE + MINUTES)
    _tick(DUE + DAY)
    _tick(DUE + DAY + MINUTES)
    _tick(DUE + 2 * DAY + MINUTES)
    _tick(DUE + 2 * DAY + 2 * MINUTES)


def _tick(at: datetime.datetime) -> None:
    clockwork.tick(at=at, clock=lambda: at)


def _found() -> dict[str, Any]:
    def counted(rows: Any) -> dict[str, int]:
        return {" ".join(map(str, row)): n for row, n in sorted(Counter(rows).items())}

    host = "127.0.0.1"
    letters = Notice.objects.filter(channel="mail", status="done").values_list("id", flat=True)
    path = settings.VAR / "received"
    received = path.read_text().split() if path.exists() else []
    found = {
        "notices": counted(Notice.objects.values_list("channel", "kind", "status")),
        "entries": counted(AgendaEntry.objects.values_list("kind", "status", "due_at", "next_at")),
        "events": counted(Event.objects.values_list("kind")),
        "invitations": counted(Invitation.objects.values_list("status")),
        "sent": [f"<{id}@{host}>" for id in letters],
        "received": received,
    }
    connection.close()
    return found
