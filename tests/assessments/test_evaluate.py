"""`manage.py evaluate`: lines in, lines out, in a process of its own and without a database; and how long things take."""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from assessments import library, panel
from tests.assessments import cases
from tests.assessments.test_lenses import EXAMPLES, full
from tests.assessments.test_whatif import SHEETS

REPO = Path(__file__).parents[2]
# Medians measured on two cores that others used as well, in seconds. Three times that is a regression, not a slow day.
PANEL_COMPLETE, PANEL_EIGHT_UNKNOWN, LINES_10_000 = 0.016, 0.060, 10.0


@pytest.fixture
def evaluate(tmp_path):
    """Runs the command with a folder for its data that is empty and stays so."""
    var = tmp_path / "var"
    var.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REMIT_")}
    environ = kept | {"REMIT_MODE": "test", "REMIT_VAR": str(var)}
    environ.pop("DATABASE_URL", None)

    def run(lens, lines):
        done = subprocess.run(
            [sys.executable, "manage.py", "evaluate", lens],
            cwd=REPO,
            env=environ,
            input=b"\n".join(lines) + b"\n",
            capture_output=True,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert [path.name for path in var.rglob("*.sqlite3")] == []
        return [orjson.loads(line) for line in done.stdout.splitlines()]

    return run


@pytest.mark.once
def test_every_worked_example_comes_back_in_its_place(evaluate):
    for key in ("S2-Q", "S3"):
        examples = [example for example in EXAMPLES if example["lens"] == key]
        lines = [orjson.dumps(full(key, example["answers"])) for example in examples]
        outcomes = [result["outcome"] for result in evaluate(key, lines)]
        assert outcomes == [example["expected"]["outcome"] for example in examples]


@pytest.mark.once
def test_a_bad_line_is_answered_in_its_place_and_the_run_goes_on(evaluate):
    good = b'{"S1-Q1": "none", "S1-Q8": "small"}'
    bad = [
        b"",
        b"no JSON",
        b'{"S1-Q1": NaN}',
        b"[]",
        b'{"S1-Q99": "yes"}',
        b'{"S1-Q1": 7}',
        b'{"S1-Q3": "y\xff"}',
        b"[" * 100_000,
        b'{"S1-Q12": "' + b"x" * 1_000_000 + b'"}',
    ]
    lines = [line for pair in zip(bad, [good] * len(bad), strict=True) for line in pair]
    answered = evaluate("S1", lines)
    assert [list(found)[:1] for found in answered[::2]] == [["error"]] * len(bad)
    assert [found["outcome"] for found in answered[1::2]] == ["CTO_FIRST"] * len(bad)


@pytest.mark.once
def test_the_panel_answers_facts_line_by_line(evaluate):
    sheets = list(SHEETS.values())
    answered = evaluate("panel", [orjson.dumps(sheet["facts"]) for sheet in sheets])
    expected = [panel.evaluate(sheet["facts"])["consensus"] for sheet in sheets]
    assert [found["consensus"] for found in answered] == expected
    assert evaluate("panel", [b'{"annual_revenue": -1}'])[0]["errors"] == {
        "annual_revenue": "a number from 0 to 10^15 is expected"
    }


@pytest.mark.once
def test_ten_thousand_lines_of_the_third_lens_take_less_than_thirty_seconds(evaluate):
    said = cases.answer_sets(library.shipped()["S3"], 10_000, seed=5)
    began = processor_of_children()
    answered = evaluate("S3", [orjson.dumps(answers) for answers in said])
    took = processor_of_children() - began
    assert len(answered) == 10_000
    assert [found for found in answered if "error" in found] == []
    assert took < 3 * LINES_10_000


def processor_of_children() -> float:
    """Seconds of processor, which other work on the machine does not stretch."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def median_seconds(work, times=5):
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


@pytest.mark.parametrize("name", SHEETS)
def test_a_panel_over_complete_facts_takes_less_than_fifty_milliseconds(name):
    panel.evaluate(SHEETS[name]["facts"])
    assert median_seconds(lambda: panel.evaluate(SHEETS[name]["facts"])) < 3 * PANEL_COMPLETE


# Eight that the lenses rest on, so that every lens tries as many completions as it can.
UNKNOWN = (
    "ai_annual_spend",
    "ai_initiatives",
    "needs_tech_upgrade_now",
    "tech_works_ai_unused",
    "building_product",
    "cto_stretched",
    "ai_siloed",
    "annual_revenue",
)


@pytest.mark.parametrize("name", SHEETS)
def test_a_panel_with_eight_unknown_facts_takes_less_than_a_second(name):
    known = {fact: said for fact, said in SHEETS[name]["facts"].items() if fact not in UNKNOWN}
    assert len(SHEETS[name]["facts"]) - len(known) == len(UNKNOWN)
    assert median_seconds(lambda: panel.evaluate(known)) < 3 * PANEL_EIGHT_UNKNOWN
