"""bin/bench inside the virtual environment: one suite on one engine, as Markdown and JSON, held to its gates."""

import argparse
import contextlib
import importlib
import json
import logging
import os
import platform
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

import _engines
from _venv import REPO, refuse

SUITES = ("api", "aggregate")
ROWS = {"sqlite": 20_000, "postgres": 20_000}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measures the product against a plain Django view and the floor, in one process. "
        "Ratios are medians of rounds taken in turns.",
    )
    parser.add_argument("--suite", choices=SUITES, default="api")
    parser.add_argument("--db", choices=sorted(ROWS), default="sqlite")
    parser.add_argument(
        "--rows", type=int, help="clients, or entries of time, of the practice measured (20,000)"
    )
    parser.add_argument("--rounds", type=int, default=15, help="turns of each (15)")
    parser.add_argument("--check", action="store_true", help="fail on a figure above its gate")
    return parser.parse_args()


@contextlib.contextmanager
def database(engine: str, var: Path) -> Iterator[str]:
    """A database of its own, gone afterwards; PostgreSQL is looked for where bin/test looks."""
    if engine == "sqlite":
        yield f"sqlite:///{var / 'bench.sqlite3'}"
        return
    found = _engines.postgresql()
    if found is None:
        refuse("PostgreSQL does not answer; see CONTRIBUTING.md for where it is looked for.")
    name = f"remit_bench_{os.getpid()}"
    server = _engines.maintenance_url(found[0])
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(found[0])._replace(path=f"/{name}"))
        finally:
            drop = sql.SQL("drop database if exists {} with (force)")
            connection.execute(drop.format(sql.Identifier(name)))


def configure(var: Path, database_url: str) -> None:
    """The product as bin/serve runs it, except that nobody reads the log and nobody is throttled."""
    os.environ.update(
        REMIT_MODE="embedded",
        REMIT_VAR=str(var),
        DATABASE_URL=database_url,
        REDIS_URL="",
        API_RATE_PER_MINUTE="1000000000",
        LOG_FORMAT="json",
        DJANGO_SETTINGS_MODULE="practice.settings",
    )
    # Reads the settings that the lines above decide, and sets Django and its logging up.
    importlib.import_module("practice.wsgi")
    # Lines are made and written as ever, to where they cost nobody's terminal a thing.
    unread = open(os.devnull, "w")  # noqa: SIM115 (as long-lived as the process)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(unread)


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    rows = chosen.rows or ROWS[chosen.db]
    with (
        tempfile.TemporaryDirectory(prefix="remit-bench-", ignore_cleanup_errors=True) as folder,
        database(chosen.db, Path(folder)) as url,
    ):
        configure(Path(folder), url)
        from django.core.management import call_command
        from django.db import connections

        from benchmarks import report

        call_command("migrate", interactive=False, verbosity=0)
        suite = importlib.import_module(f"benchmarks.{chosen.suite}")
        try:
            result = suite.run(rows, chosen.rounds)
        except suite.Disagreement as disagreement:
            refuse(f"Nothing was measured: {disagreement}.")
        finally:
            connections.close_all()
            for connection in connections.all():
                if hasattr(connection, "close_pool"):
                    connection.close_pool()
        about = {"suite": chosen.suite, "db": chosen.db, "rows": rows}
        return about | {"python": platform.python_version()} | report.data(result)


def main() -> int:
    chosen = options()
    os.chdir(REPO)
    sys.path.insert(0, str(REPO))
    began = time.monotonic()
    found = measure(chosen)
    from benchmarks import report

    gates = tomllib.loads((REPO / "benchmarks" / "gates.toml").read_text())[chosen.suite]
    broken = report.broken(found["figures"], gates)
    print(report.markdown(found, gates))
    folder = Path(os.environ.get("REMIT_BENCH", REPO / "var" / "bench"))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{chosen.suite}-{chosen.db}-{found['rows']}.json"
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False))
    print(f"\n{time.monotonic() - began:.0f} s; {file}")
    for sentence in broken:
        print(f"GATE: {sentence}", file=sys.stderr)
    return 1 if chosen.check and broken else 0


if __name__ == "__main__":
    sys.exit(main())
