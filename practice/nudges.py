"""A nudge tells the worker to look now instead of at the next tick. Losing one costs a minute, never a notice."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def nudge(task: str = "drain") -> None:
    try:
        current_app.send_task(f"practice.tasks.{task}", retry=False, ignore_result=True, expires=60)
    except (OperationalError, OSError) as fault:
        # The broker is away: the row is committed, and the next tick finds it.
        log.warning("nudge_lost", fault=type(fault).__name__)
