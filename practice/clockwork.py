"""One tick: what fell due becomes notices, notices get done, leftovers are cleared. Called by Celery or by cron."""

import datetime
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.utils import timezone

from practice import agenda, digests, file_store, notices
from practice.hooks import taking
from practice.models import Pulse, Replay
from practice.registers import Register

# Contributed: what the rooms do at every tick, called as f(at). Each finds out with one query that it has nothing to do.
RECURRING: Register[Callable[[datetime.datetime], object]] = Register("work of every tick")
REPLAYS_KEPT = timedelta(hours=48)
log = structlog.get_logger(__name__)


def tick(
    *, at: datetime.datetime, clock: Callable[[], datetime.datetime] = timezone.now
) -> dict[str, int]:
    """`clock` is asked again during the drain, which can take most of a minute."""
    _rooms(at)
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


def _rooms(at: datetime.datetime) -> None:
    for name in RECURRING:
        try:
            RECURRING[name](at)
        except Exception:  # a fault in one room must not stop the clock; the next tick tries again
            log.exception("recurring_work_failed", work=name)
