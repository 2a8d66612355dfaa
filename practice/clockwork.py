"""One tick: what fell due becomes notices, notices get done, leftovers are cleared. Called by Celery or by cron."""

import datetime
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from practice import agenda, digests, file_store, notices
from practice.hooks import taking
from practice.models import Pulse, Replay

REPLAYS_KEPT = timedelta(hours=48)


def tick(
    *, at: datetime.datetime, clock: Callable[[], datetime.datetime] = timezone.now
) -> dict[str, int]:
    """`clock` is asked again during the drain, which can take most of a minute."""
    due = agenda.fall_due(at)
    digests.gather(at)
    # Before the drain, which takes its time: what they find goes out by a task of its own.
    taken = taking.take(at)
    taking.prune(at)
    done = notices.drain(clock=clock)
    file_store.sweep(at)
    Replay.objects.filter(created_at__lt=at - REPLAYS_KEPT).delete()
    Pulse.objects.update_or_create(name="tick", defaults={"at": at})
    return {"due": due, "done": done, "hooks": taken}
