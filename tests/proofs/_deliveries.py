"""Run inside a process of its own, on the database that its environment names: webhooks of two practices, and their events."""

from django.core.management import call_command
from django.utils import timezone

from practice import access, clients, practices, users
from practice.access import Actor
from practice.hooks import subscriptions

PASSWORD = "seven-grey-herons-fly"


def make(address: str, events: int) -> None:
    """Two webhooks in each of two practices, as many as are called at once; each hears of all its practice's events."""
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    for name in ("Lantern", "Harbour"):
        person = users.make(email=f"olu@{name}.test", name="Olu", password=PASSWORD, at=now)
        home = practices.found(name=name, owner=person, at=now, by=access.system())
        olu = Actor("owner", "member", practice_id=home.practice_id, id=home.pk)
        client = clients.add(by=olu, at=now, responsible=home, name="Orchard")
        for number in range(2):
            told = {"name": f"{name} {number}", "url": address, "kinds": ["client.changed"]}
            subscriptions.add(**told, by=olu, at=now)
        for number in range(events):
            client = clients.change(client, industry=f"Industry {number}", by=olu, at=now)
