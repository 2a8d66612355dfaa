"""One run of the whole suite on one engine, and what it counted."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from _engines import RUN, Engine
from _steps import succeeds

# What drives real processes against a real clock may lose a race with the rest of the suite on a slow machine.
PROCESSES = ("tests/browser/", "tests/ops/", "tests/proofs/")
RETRIED = 3


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    unsteady: list[str] = field(default_factory=list)

    @property
    def told(self) -> int:
        return self.passed + self.failed + self.skipped

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.unsteady + other.unsteady,
        )

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass
class Suite:
    folder: Path
    environ: dict[str, str]
    arguments: list[str]
    markers: list[str]

    def run(self, engine: Engine, *markers: str) -> tuple[bool, Count]:
        report = self.folder / f"{len(list(self.folder.glob('*.xml')))}.xml"
        command = [sys.executable, "-m", "pytest", "--junitxml", str(report), "-p", "_naming"]
        command += ["-q", "--numprocesses", str(max(2, os.cpu_count() or 2)), "--dist", "worksteal"]
        if expression := " and ".join([*self.markers, *markers]):
            command += ["-m", expression]
        cache = report.with_suffix(".cache")
        command += ["-o", f"cache_dir={cache}"]
        environ = self.environ | engine.environ
        held = succeeds([*command, *self.arguments], environ)
        count = counted(report)
        if not held and (names := alone(last_failed(cache))) and len(names) == count.failed:
            held, count = again(names, environ, count)
        # A run that broke before it could report is a failure that the numbers must show.
        return held, count if held or count.failed else count + Count(failed=1)


def last_failed(cache: Path) -> list[str]:
    file = cache / "v" / "cache" / "lastfailed"
    return list(json.loads(file.read_text())) if file.exists() else []


def alone(failed: list[str]) -> list[str]:
    """Which failures may be tried once more without others beside them: a few, all of them of real processes."""
    few = len(failed) <= RETRIED
    return failed if few and all(name.startswith(PROCESSES) for name in failed) else []


def again(names: list[str], environ: dict[str, str], count: Count) -> tuple[bool, Count]:
    print(f"== once more, alone: {', '.join(names)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "_naming", "-p", "no:cacheprovider"]
    if not succeeds([*command, *names], environ):
        return False, count
    return True, Count(count.passed + len(names), 0, count.skipped, names)


def counted(report: Path) -> Count:
    """From pytest's own report, not from what it prints."""
    if not report.exists():
        return Count()
    count = Count()
    for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314 (written by our own pytest)
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        count += Count(int(suite.get("tests", 0)) - failed - skipped, failed, skipped)
    return count


def environment(var: Path) -> dict[str, str]:
    """The suite gets a folder and a database of its own, whatever the environment or .env name."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    return kept | {
        "REMIT_MODE": "test",
        "REMIT_VAR": str(var),
        "REMIT_TEST_DATABASE": RUN,
        "CACHE_PREFIX": RUN,
        "PYTHONPATH": str(Path(__file__).parent),
    }
