"""The lenses against the worked examples, and what holds for every well-typed answer."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from assessments import evaluation, library

EXAMPLES = tomllib.loads(Path(__file__).with_name("examples.toml").read_text())["examples"]
NOTHING = {"yes_no": "no", "count": 0, "money": 0, "multi": []}


def full(key: str, named: dict[str, Any]) -> dict[str, Any]:
    """An example's answers, with no, none or 0 for whatever it does not name."""
    lens = library.shipped()[key]
    stem = lens.questions[0].id.partition("-")[0]
    plain = {
        q.id: NOTHING[q.kind] for q in lens.questions if q.kind in NOTHING and q.default is None
    }
    return plain | {f"{stem}-{name}": answer for name, answer in named.items()}


def shown(result: dict[str, Any], field: str) -> Any:
    if field == "warnings":
        return [
            ": ".join(filter(None, [w["code"], " ".join(w["items"])])) for w in result["warnings"]
        ]
    return "null" if result[field] is None else result[field]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_a_worked_example_gives_what_its_source_says(example):
    lens = library.shipped()[example["lens"]]
    result = evaluation.evaluate(lens, full(example["lens"], example["answers"]))
    expected = example["expected"]
    assert {field: shown(result, field) for field in expected} == expected
