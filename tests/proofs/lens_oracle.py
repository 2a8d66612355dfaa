"""Each lens gives what a second implementation, written from the rules on paper, gives: 20,000 answer sets per lens."""

from collections import Counter
from typing import Any

from assessments import evaluation, library
from tests.assessments import cases, oracle
from tests.proofs import Figure

SETS, SEED = 20_000, 3
# What the paper names as a reason in so many words; other reasons are the lens file's own.
NAMED = {"S2-T3", "S3-T1", "S3-T2", "S3-T3", "S3-T4", "S4-G1", "S4-G2", "S4-G3", "BUDGET_SOFT"}


def prove(scale: float) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for key, lens in library.shipped().items():
        outcomes: Counter[str] = Counter()
        provisional = 0
        for given in cases.answer_sets(lens, round(SETS * scale), SEED):
            found = comparable(evaluation.evaluate(lens, given))
            expected = oracle.evaluate(oracle.PAPERS[key], given)
            assert found == expected, f"{key} {given}: {_difference(found, expected)}"
            outcomes[found["outcome"]] += 1
            provisional += found["provisional"]
        assert set(lens.outcomes) <= set(outcomes), f"{key} never gave {set(lens.outcomes)}"
        figures[f"{key}: answer sets"] = sum(outcomes.values())
        figures[f"{key}: provisional, incomplete, invalid"] = (
            f"{provisional}, {outcomes['INCOMPLETE']}, {outcomes['INVALID']}"
        )
    return figures


def comparable(result: dict[str, Any]) -> dict[str, Any]:
    """The product's result without order where the paper gives none."""
    return {
        **{name: result[name] for name in oracle.BLANK if name != "named_reasons"},
        "alternatives": set(result["alternatives"]),
        "missing": set(result["missing"]),
        "warnings": {warned["code"]: warned["items"] for warned in result["warnings"]},
        "named_reasons": NAMED & set(result["reasons"]),
    }


def _difference(found: dict[str, Any], expected: dict[str, Any]) -> str:
    names = [name for name in expected if found[name] != expected[name]]
    return "; ".join(f"{n} is {found[n]!r}, should be {expected[n]!r}" for n in names)
