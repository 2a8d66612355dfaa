"""The numbers that bin/test closes with come from pytest's reports and hide nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from _steps import Steps
from _suite import Count, alone, counted, last_failed

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests">
  <testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1.0"/>
</testsuites>
"""


def test_errors_count_as_failures_and_skips_as_neither(tmp_path: Path) -> None:
    report = tmp_path / "0.xml"
    report.write_text(REPORT)
    assert counted(report) == Count(passed=4, failed=3, skipped=3)


def test_a_run_without_a_report_counts_nothing(tmp_path: Path) -> None:
    assert counted(tmp_path / "missing.xml") == Count()


def test_the_closing_line_sums_engines_and_names_skips_only_when_there_are_some() -> None:
    assert str(Count(4, 3, 3) + Count(1, 0, 0)) == "5 passed, 3 failed, 3 skipped"
    assert str(Count(5, 0, 0)) == "5 passed, 0 failed"


def test_later_steps_run_after_one_has_failed(capsys: pytest.CaptureFixture[str]) -> None:
    steps = Steps()
    assert not steps.run("first", lambda: False)
    assert steps.run("second", lambda: True)
    steps.close()
    assert steps.failed == ["first"]
    assert capsys.readouterr().out.endswith("FAILED: first\n")


def test_a_few_failures_of_real_processes_are_tried_again_and_nothing_else() -> None:
    raced = ["tests/proofs/test_proofs.py::test_one[a]", "tests/browser/test_b.py::test_two"]
    assert alone(raced) == raced
    assert alone([*raced, "tests/practice/test_c.py::test_three"]) == []
    assert alone([*raced, *(name + "x" for name in raced)]) == []
    assert alone([]) == []


def test_what_failed_is_known_by_pytests_own_record(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text(
        "def test_holds():\n    pass\n\ndef test_fails():\n    assert 0\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:django",
        "-n",
        "2",
        "-o",
        f"cache_dir={tmp_path / 'c'}",
    ]
    command += ["--rootdir", str(tmp_path), "-c", "/dev/null", str(tmp_path / "test_two.py")]
    subprocess.run(command, check=False, capture_output=True, cwd=tmp_path)
    assert last_failed(tmp_path / "c") == ["test_two.py::test_fails"]
    assert last_failed(tmp_path / "never") == []
