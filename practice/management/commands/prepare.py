"""`manage.py prepare`: brings the database to the present code and, when it is empty, loads the demo."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from practice import demo
from practice.models import Practice


class Command(BaseCommand):
    help = "Migrates the database and loads the demo practice into an empty one."
    # After migrating instead: some checks look at the tables.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
        parser.add_argument("--facts", type=Path, help="write what bin/serve prints to this file")

    def handle(self, *args: Any, **options: Any) -> None:
        # One connection, not the pool: a refusal then comes at once and says why.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        try:
            connection.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database does not answer: {reason}") from None
        call_command("migrate", interactive=False, verbosity=0)
        self.check(databases=["default"])
        # The demo's passwords are public: never in production.
        if not options["no_demo"] and not settings.PRODUCTION and not Practice.objects.exists():
            self.stdout.write("Loading the demo practice ...")
            demo.load(timezone.now())
        if options["facts"]:
            options["facts"].write_text(json.dumps(self.facts()))

    def facts(self) -> dict[str, Any]:
        return {
            "redis": bool(settings.REDIS_URL),
            "practices": Practice.objects.exists(),
            "demo": demo.credentials() if demo.present() else [],
        }
