"""Checks the sealed logs in place: which entry was edited, swapped, removed or cut off.

Ends with 0 (intact), 1 (tampered with) or 2 (internally consistent only), as the file that clients are given does."""

import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from deliverables import checking, verify_log
from deliverables.models import Chain
from deliverables.verify_log import CONSISTENT, INTACT, TAMPERED


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--engagement", type=UUID, metavar="ID")
        which.add_argument("--all", action="store_true", help="every log of every practice")
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=verify_log.head,
            metavar="SEQ:HASH",
            help="a head that was kept elsewhere; with --engagement",
        )

    def handle(
        self, *, engagement: UUID | None, head: list[tuple[int, str]], **options: Any
    ) -> None:
        logs = Chain.objects.order_by("practice_id", "id")
        if engagement is not None:
            logs = logs.filter(engagement_id=engagement)
            if not logs:
                raise CommandError("This engagement has no log.", returncode=verify_log.UNREADABLE)
        elif head:
            raise CommandError("--head is of one log.", returncode=verify_log.UNREADABLE)
        now, found = timezone.now(), set()
        for log in logs:
            report = checking.check(log, at=now, kept=head)
            self.stdout.write("\n".join(report.lines()))
            found.add(report.status)
        for practice in sorted({log.practice_id for log in logs}):
            for fault in checking.feeds(practice):
                self.stdout.write(f"FAULT: practice {practice}: {fault}")
                found.add(TAMPERED)
        worst = TAMPERED if TAMPERED in found else CONSISTENT if CONSISTENT in found else INTACT
        if worst != INTACT:
            sys.exit(worst)
