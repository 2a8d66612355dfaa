"""One tick by hand or by cron, where no worker runs: the same work as the worker's, and as safe to run twice."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from practice import clockwork, rendering
from practice.hooks import delivering


class Command(BaseCommand):
    help = "Does once what the worker does every minute: sends what is due and lets dated effects happen."

    def handle(self, *args: Any, **options: Any) -> None:
        did = clockwork.tick(at=timezone.now())
        # The worker has tasks of its own for them.
        delivered, papers = delivering.drain(), rendering.drain()
        if options["verbosity"]:
            self.stdout.write(
                f"{did['due']} entries had come due, {did['done']} notices settled, "
                f"{delivered} webhooks called, {papers} papers set."
            )
