"""The checks that need no suite: style, types, import order, migrations, locks, production settings."""

import os
import secrets
import sys
from pathlib import Path

import _engines
import _lock
from _steps import Steps
from _venv import REPO

# Ours, as they come; the linter must not judge other people's migrations.
APPS = [
    app
    for app in ("practice", "assessments", "engagements", "deliverables")
    if (REPO / app).is_dir()
]


def tool(name: str, *arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name(name)), *arguments]


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(REPO / "manage.py"), *arguments]


def production() -> dict[str, str]:
    """Production as a stranger would set it up; nothing here is connected to."""
    return {
        "REMIT_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "remit.example",
        "REMIT_URL": "https://remit.example",
        "DATABASE_URL": "postgres://remit:secret@database.example/remit",
        "REDIS_URL": "redis://broker.example/0",
        "EMAIL_URL": "smtp://mail.example:25",
        "FILES_FOLDER": "/srv/remit/files",
        "METRICS_TOKEN": secrets.token_urlsafe(32),
    }


def run(steps: Steps, environ: dict[str, str], *, postgresql: str | None, locks: bool) -> None:
    plain = dict(os.environ)
    steps.command("ruff check", tool("ruff", "check", "."), plain)
    steps.command("ruff format", tool("ruff", "format", "--check", "--quiet", "."), plain)
    steps.command("mypy", tool("mypy"), environ)
    steps.command("import order", tool("lint-imports", "--no-logo"), plain)
    missing = manage("makemigrations", "--check", "--dry-run")
    steps.command("models and migrations agree", missing, environ)
    # PostgreSQL's statements where it answers: they lock and refuse more than SQLite's.
    judged = environ | (
        {"DATABASE_URL": _engines.maintenance_url(postgresql)} if postgresql else {}
    )
    linter = [sys.executable, str(REPO / "bin/_migrations.py"), *APPS]
    steps.command("migration linter", linter, judged)
    if locks:
        steps.run("lock files in step", _lock.in_step)
    deploy = manage("check", "--deploy", "--fail-level", "WARNING")
    steps.command("production settings", deploy, environ | production())
