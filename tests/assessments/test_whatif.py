"""Which single answer or fact, moved how far, changes what a lens says."""

import tomllib

import pytest

from assessments import evaluation, facts, library, whatif
from tests.assessments.test_lenses import full

SHEETS = tomllib.loads((facts.DATA / "fixtures.toml").read_text())["sheets"]


def flips(key, **answers):
    lens, said = library.shipped()[key], full(key, answers)
    return {
        flip["question"]: (flip["from"], flip["to"], flip["outcome"])
        for flip in whatif.flips(lens, said, evaluation.evaluate(lens, said))
    }


def test_the_nearest_crossing_of_each_question_is_named():
    found = flips("S4", Q1=1, Q2=1_900_000, Q4=98, Q7="continuous")
    assert found == {
        "S4-Q2": (1_900_000, 2_000_000, "DUE/SEPARATE"),
        "S4-Q4": (98, 100, "DUE/SEPARATE"),
        "S4-Q5": ("no", "yes", "DUE/SEPARATE"),
    }


@pytest.mark.parametrize(
    ("spend", "turned"), [(5_000_000, 5_000_001), (5_000_001, 5_000_000), (9e6, 5_000_000)]
)
def test_a_strict_limit_is_crossed_by_one_dollar_in_either_direction(spend, turned):
    found = flips("S5", Q1=spend, Q2=1, Q6=1, Q7=10, Q8="yes", Q9="yes", Q10="filled")
    assert found["S5-Q1"][:2] == (spend, turned)


def test_answering_what_is_named_gives_the_outcome_that_is_named():
    for key, lens in library.shipped().items():
        said = facts.answers_for(lens, facts.read(SHEETS["A3"]["facts"]))
        for flip in whatif.flips(lens, said, evaluation.evaluate(lens, said)):
            changed = evaluation.evaluate(lens, {**said, flip["question"]: flip["to"]})
            assert changed["outcome"] == flip["outcome"], (key, flip)


def test_nothing_flips_a_lens_that_lacks_answers():
    lens = library.shipped()["S3"]
    assert whatif.flips(lens, {}, evaluation.evaluate(lens, {})) == []


def test_one_fact_is_followed_into_every_lens_it_feeds():
    known = facts.read({**SHEETS["A4"]["facts"], "ai_annual_spend": 1_950_000})
    moved = [move for move in whatif.moves(known) if move["fact"] == "ai_annual_spend"]
    assert [(move["lens"], move["to"], move["outcome_to"]) for move in moved] == [
        ("S4", 2_000_000, "DUE/SEPARATE"),
        ("S5", 5_000_001, "CONFLICT_LEAN_CAIO"),
    ]


def test_moving_a_fact_as_named_gives_the_outcome_that_is_named():
    known = facts.read(SHEETS["A6"]["facts"])
    for move in whatif.moves(known):
        lens = library.shipped()[move["lens"]]
        changed = facts.answers_for(lens, {**known, move["fact"]: move["to"]})
        assert evaluation.evaluate(lens, changed)["outcome"] == move["outcome_to"], move
