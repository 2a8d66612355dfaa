"""What the worker runs. Every task looks for work in the database, so running one twice or never changes only the delay."""

from celery import shared_task
from django.utils import timezone

from practice import clockwork, notices, rendering
from practice.hooks import delivering
from practice.nudges import nudge


@shared_task
def tick() -> dict[str, int]:
    # Safe twice: entries are locked while read, notices are unique, and each is claimed by one drain.
    done = clockwork.tick(at=timezone.now())
    # A task of its own: receivers that are slow keep neither the clock nor the mail.
    if delivering.waiting(timezone.now()):
        nudge("deliver")
    # So are papers: a long one keeps nobody waiting but its reader.
    if rendering.waiting(timezone.now()):
        nudge("render")
    return done


@shared_task
def drain() -> int:
    # Safe twice: a notice is leased to one drain at a time and marked when done.
    return notices.drain()


@shared_task
def deliver() -> int:
    # Safe twice: a delivery is leased to one drain at a time and marked when done.
    return delivering.drain()


@shared_task
def render() -> int:
    # Safe twice: a paper is leased to one drain at a time and marked together with its file.
    return rendering.drain()
