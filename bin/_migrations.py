"""Would code of the release before still run on the migrated tables? `python _migrations.py APP ...`"""

import os
import sys

import django
from django.db import connection
from django_migration_linter import MigrationLinter

from _venv import REPO

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
sys.path.insert(0, str(REPO))
django.setup()
# Our migrations run on SQLite too, which knows no concurrent index.
beside_the_point = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"]
if connection.vendor == "sqlite":
    # SQLite changes a table by copying it, which the linter takes for a new NOT NULL column.
    beside_the_point.append("NOT_NULL")
linter = MigrationLinter(
    str(REPO),
    include_apps=sys.argv[1:],
    exclude_migration_tests=beside_the_point,
    # Before an app's first migration there was no code of the release before.
    ignore_initial_migrations=True,
    no_cache=True,
    quiet=["ok", "ignore"],
)
linter.lint_all_migrations()
linter.print_summary()
sys.exit(linter.has_errors)
