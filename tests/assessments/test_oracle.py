"""The second implementation is itself held to the worked examples; tests/proofs/lens_oracle.py compares it with the product."""

import pytest

from tests.assessments import oracle
from tests.assessments.test_lenses import EXAMPLES, full
from tests.proofs.lens_oracle import NAMED


def shown(result, field):
    if field == "warnings":
        return sorted(
            ": ".join(filter(None, [code, " ".join(items)]))
            for code, items in result["warnings"].items()
        )
    return "null" if result[field] is None else result[field]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_oracle_gives_what_the_worked_example_says(example):
    result = oracle.evaluate(
        oracle.PAPERS[example["lens"]], full(example["lens"], example["answers"])
    )
    expected = dict(example["expected"])
    named = set(expected.pop("reasons", [])) & NAMED
    if "warnings" in expected:
        expected["warnings"] = sorted(expected["warnings"])
    assert {field: shown(result, field) for field in expected} == expected
    assert named <= result["named_reasons"]


def test_the_oracle_knows_nothing_of_the_product():
    assert not [
        name for name in vars(oracle) if name in {"library", "evaluation", "tomllib", "cel"}
    ]
