"""bin/test inside the virtual environment: every check, then the suite on each engine that answers."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import _checks
import _engines
import _programs
from _engines import Engine
from _programs import Program
from _steps import Steps
from _suite import Count, Suite, environment
from _venv import REPO

STRICT = os.environ.get("REQUIRE_SERVICES") == "1"
DESCRIPTION = """\
Runs every check, then the suite on SQLite and again on PostgreSQL + Redis where they answer
(DATABASE_URL and REDIS_URL, else the standard local ports; PGUSER and PGPASSWORD for PostgreSQL).
REQUIRE_SERVICES=1 makes a missing service a failure. What follows -- goes to pytest."""


def options(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    own, pytest_arguments = arguments, []
    if "--" in arguments:
        at = arguments.index("--")
        own, pytest_arguments = arguments[:at], arguments[at + 1 :]
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="bin/test [--fast] [-- PYTEST_ARGUMENT ...]",
    )
    parser.add_argument("--fast", action="store_true", help="SQLite only, and no lock files")
    return parser.parse_args(own), pytest_arguments


def present(name: str, *, there: bool) -> bool:
    """A missing service is a remark on a laptop and a failure where REQUIRE_SERVICES=1."""
    if not there:
        print(f"{name} does not answer: tests that need it did not run.")
    return there or not STRICT


def installed(steps: Steps, name: str, program: Program) -> str | None:
    """Where it is, or why it is not and what does not run without it."""
    path: str | None = None

    def look() -> bool:
        nonlocal path
        path = _programs.found_or_installed(program)
        if path is None:
            package, tests = program.package, program.wanted_for
            print(f"No {package} here: {tests} that need it do not run (apt install {package}).")
        return path is not None or not STRICT

    steps.run(name, look)
    return path


def browser(steps: Steps, environ: dict[str, str]) -> list[str]:
    """The markers to leave out when there is no browser."""
    path = installed(steps, "browser", _programs.BROWSER)
    if path is None:
        return ["not browser"]
    environ["REMIT_CHROMIUM"] = path
    return []


def second_engine(steps: Steps, database: tuple[str, str] | None) -> Engine | None:
    broker = _engines.redis_server()
    steps.run("PostgreSQL answers", lambda: present("PostgreSQL", there=database is not None))
    steps.run("Redis answers", lambda: present("Redis", there=broker is not None))
    return _engines.services(database, broker) if database and broker else None


def run_suite(steps: Steps, suite: Suite, engine: Engine, *markers: str) -> Count:
    total = Count()

    def once() -> bool:
        nonlocal total
        held, total = suite.run(engine, *markers)
        return held

    steps.run(f"suite on {engine.name}", once)
    return total


def run_on_services(steps: Steps, suite: Suite, engine: Engine) -> Count:
    _engines.remove_leftovers(engine.environ["DATABASE_URL"])
    try:
        # Marked tests bring their own servers and would only do the same again.
        return run_suite(steps, suite, engine, "not once")
    finally:
        _engines.remove_leftovers(engine.environ["DATABASE_URL"])
        _engines.remove_keys(engine.environ["REDIS_URL"])


def main() -> int:
    chosen, pytest_arguments = options(sys.argv[1:])
    os.chdir(REPO)
    steps = Steps()
    with tempfile.TemporaryDirectory(prefix="remit-test-") as name:
        var = Path(name)
        engine = _engines.sqlite(var)
        environ = environment(var)
        database = None if chosen.fast else _engines.postgresql()
        postgresql = database[0] if database else None
        _checks.run(steps, environ | engine.environ, postgresql=postgresql, locks=not chosen.fast)
        installed(steps, "reader of PDFs", _programs.POPPLER)
        suite = Suite(var, environ, pytest_arguments, browser(steps, environ))
        count = run_suite(steps, suite, engine)
        engines, left = [engine.name], ""
        if not chosen.fast and (services := second_engine(steps, database)):
            again = run_on_services(steps, suite, services)
            left = (
                f"{count.told - again.told} tests reach no engine or bring their own, and ran once."
            )
            count += again
            engines.append(services.name)
    print()
    steps.close()
    print(f"Engines: {'; '.join(engines)}.")
    if left:
        print(left)
    for name in count.unsteady:
        print(f"UNSTEADY, a fault to mend: {name} failed beside others and held alone.")
    print(count)
    return 1 if steps.failed else 0


if __name__ == "__main__":
    sys.exit(main())
