"""bin/bench: what it measures agrees, what it prints is complete, and its gates bite."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.forms import model_to_dict

from benchmarks import data, measure, report
from tests.ops.serving import REPO, stranger


def bench(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bin/_bench.py", *options]
    environ = stranger(REMIT_BENCH=str(folder))
    return subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[str, dict[str, Any]]:
    """One small run; figures this small say nothing, so its gates are not asked."""
    folder = tmp_path_factory.mktemp("bench")
    done = bench(folder, "--rows", "300", "--rounds", "2")
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads((folder / "api-sqlite-300.json").read_text())


@pytest.mark.once
def test_a_run_tells_times_bytes_and_ratios_of_product_reference_and_floor(run):
    _, found = run
    assert set(found["pages"]) == {"client list", "client detail"}
    for page in found["pages"].values():
        assert set(page) == {"product", "reference", "floor"}
        for times in page.values():
            assert len(times["cpu_ms_rounds"]) == 2
            assert times["bytes"] > 0


@pytest.mark.once
def test_every_gate_is_of_a_figure_that_is_measured(run):
    _, found = run
    gates = tomllib.loads((REPO / "benchmarks" / "gates.toml").read_text())["api"]
    assert set(gates) - set(found["figures"]) == set()


@pytest.mark.once
def test_the_list_takes_two_statements_however_many_rows(run):
    _, found = run
    figures = found["figures"]
    assert figures["client list: statements"] == 2
    assert figures["client detail: statements"] == 2
    assert figures["client list: statements more at 200 rows than at 1"] == 0


@pytest.mark.once
def test_it_prints_a_table_that_can_be_pasted(run):
    printed, _ = run
    assert printed.startswith("# api, sqlite, 300 rows, Python ")
    assert "| client list: product ÷ reference |" in printed


def test_a_figure_above_its_gate_and_a_gate_without_a_figure_are_both_broken():
    gates = {"ratio": 1.3, "statements": 3, "renamed": 1}
    assert report.broken({"ratio": 1.31, "statements": 3}, gates) == [
        "ratio is 1.31, above 1.3",
        "renamed was not measured",
    ]


def test_a_ratio_is_the_median_of_rounds_and_not_the_ratio_of_medians():
    found = measure.ratio([1.0, 20.0, 3.0], [1.0, 10.0, 1.0])
    assert (found.median, found.low, found.high) == (2.0, 1.0, 3.0)


def test_the_same_number_makes_the_same_client():
    home = data.id_of(data.PRACTICE, 0)
    one, same = (model_to_dict(data._client(41, home)) for _ in range(2))
    assert one == same
    assert data.id_of(data.CLIENT, 1) < data.id_of(data.CLIENT, 2)
