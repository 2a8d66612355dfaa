"""The worker's entry. Beat sends ticks and nothing else: the database is the only schedule."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")

from django.conf import settings

app = Celery("remit")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=300,
    worker_prefetch_multiplier=1,
    timezone="UTC",
    enable_utc=True,
    imports=["practice.tasks"],
    beat_schedule={
        "tick": {
            "task": "practice.tasks.tick",
            "schedule": settings.TICK_SECONDS,
            # A tick that waited longer than a tick is of no use to anybody.
            "options": {"expires": max(settings.TICK_SECONDS, 10)},
        }
    },
)
if settings.CELERY_BROKER_URL.startswith("redis"):
    app.conf.broker_transport_options = {
        "visibility_timeout": 900,  # above the longest task
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "global_keyprefix": f"{settings.CACHES['default']['KEY_PREFIX']}:",
        # A nudge from a page does not wait for a broker that is away. Worker and clock have retries of their own.
        "max_retries": 0,
    }
elif settings.CELERY_BROKER_URL.startswith("filesystem"):
    folders = {name: settings.QUEUE_FOLDER / name for name in ("messages", "done", "control")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    app.conf.broker_transport_options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "processed_folder": str(folders["done"]),
        "control_folder": str(folders["control"]),
    }


@setup_logging.connect
def _keep_our_logging(**kwargs: object) -> None:
    """Without a receiver here Celery would replace the logging that settings.py has set up."""
