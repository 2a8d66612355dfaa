"""Steps that tests of webhooks take."""

import datetime
from uuid import UUID

from practice import clients
from practice.hooks import delivering
from practice.models import Delivery, Event, Webhook
from tests import make
from tests.make import NOW

S, M, H, DAY = (datetime.timedelta(seconds=n) for n in (1, 60, 3600, 86400))


def newest() -> UUID:
    return Event.objects.order_by("-id").values_list("id", flat=True)[0]


def happen(cast, times: int = 1, client=None, owner=None) -> list[Event]:
    """A client changes: one event each time."""
    client, by = client or cast.orchard, make.actor(owner or cast.olu)
    found = []
    for _ in range(times):
        client.refresh_from_db()
        clients.change(client, industry=f"{client.version}", by=by, at=NOW)
        found.append(Event.objects.order_by("-id")[0])
    return found


def deliver(at: datetime.datetime = NOW) -> int:
    return delivering.drain(seconds=20, clock=lambda: at)


def states(hook: Webhook) -> list[tuple[str, int, str]]:
    rows = Delivery.objects.filter(subject_id=hook.pk).order_by("id")
    return [(row.status, row.attempts, row.fault) for row in rows]
