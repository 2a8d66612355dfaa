"""Run inside a process of its own, on the database that its environment names: one practice, and many who write to it."""

import json
import os
import time

from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from practice import access, clients, contacts, practices, users
from practice.access import system
from practice.models import Client, Contact, Event, Practice

PASSWORD = "seven-grey-herons-fly"


def measure(writers: int, each: int) -> None:
    make(writers)
    # A process must not inherit another's connection.
    connection.close()
    begin, told = os.pipe(), os.pipe()
    pids = [_writer(number, each, begin, told) for number in range(writers)]
    os.close(told[1])
    with os.fdopen(told[0]) as heard:
        for _ in pids:
            assert heard.readline() == "ready\n"
        began = time.monotonic()
        os.close(begin[0])
        os.close(begin[1])
        locked = [int(line) for line in heard]
    seconds = time.monotonic() - began
    for pid in pids:
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    print(
        json.dumps({"locked": sum(locked), "answered": len(locked), "seconds": seconds, **count()})
    )


def make(writers: int) -> None:
    """A client for each writer, so that they meet in the database and nowhere else."""
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    person = users.make(email="olu@lantern.test", name="Olu", password=PASSWORD, at=now)
    home = practices.found(name="Lantern", owner=person, at=now, by=system())
    by = system(home.practice_id)
    for number in range(writers):
        clients.add(by=by, at=now, responsible=home, name=f"Client {number}")


def _writer(number: int, each: int, begin: tuple[int, int], told: tuple[int, int]) -> int:
    """A process of its own; it begins when the pipe is closed, so that all begin at once."""
    if pid := os.fork():
        return pid
    os.close(begin[1])
    client = Client.objects.get(name=f"Client {number}")
    os.write(told[1], b"ready\n")
    os.read(begin[0], 1)
    os.write(told[1], f"{append(client, each)}\n".encode())
    os._exit(0)


def append(client: Client, count: int) -> int:
    """How many of them were refused."""
    by, locked = access.system(Practice.objects.get().pk), 0
    for number in range(count):
        try:
            contacts.add(client, by=by, at=timezone.now(), name=f"Contact {number}", role="viewer")
        except OperationalError:
            locked += 1
    return locked


def count() -> dict[str, object]:
    return {
        "contacts": Contact.objects.count(),
        "events": Event.objects.filter(kind="contact.added").count(),
        "counters": list(Client.objects.order_by("name").values_list("contacts_count", flat=True)),
    }
