"""One run of the whole suite on one engine, and what it counted."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from _engines import RUN, Engine
from _steps import succeeds


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def told(self) -> int:
        return self.passed + self.failed + self.skipped

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
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
        environ = self.environ | engine.environ
        held = succeeds([*command, *self.arguments], environ)
        count = counted(report)
        # A run that broke before it could report is a failure that the numbers must show.
        return held, count if held or count.failed else count + Count(failed=1)


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
