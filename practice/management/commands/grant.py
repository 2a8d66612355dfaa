"""Rights for the role that web and worker sign in with on PostgreSQL; run by the role that owns the tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from practice import grants


class Command(BaseCommand):
    help = "Gives a PostgreSQL role what web and worker need: append-only tables it can read and add to, no more."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("role", help="An existing role that owns nothing here.")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite knows no roles. Its guards are triggers alone.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}. Make it first: CREATE ROLE … LOGIN.")
            if found[0]:
                raise CommandError(f"{role} owns the tables, and keeps every right to them.")
            for statement in grants.statements(role):
                cursor.execute(statement)
        if options["verbosity"]:
            self.stdout.write(f"{role} can now be the role of web and worker.")
