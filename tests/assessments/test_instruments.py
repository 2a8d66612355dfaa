"""The candidate screen and the dual-hat test: built like lenses, and never on the panel."""

import pytest

from assessments import evaluation, library, panel
from tests.assessments.test_lenses import full

FILTERS = ("SCREEN-F1", "SCREEN-F2", "SCREEN-F3")
PASSED = dict.fromkeys((*FILTERS, "S2-Q10", "S2-Q11"), "yes")
FIT = {"S3-Q15": "yes", "S3-Q16": "yes", "S3-Q17": "yes", "S3-Q18": "yes"}
FIT |= {f"S3-Q{n}": "no" for n in range(19, 23)}


def screened(**answers):
    said = {**PASSED, **{name.replace("_", "-"): answer for name, answer in answers.items()}}
    return evaluation.evaluate(library.instruments()["SCREEN"], said)


def with_cto(**answers):
    said = {**FIT, **{f"S3-{name}": answer for name, answer in answers.items()}}
    return evaluation.evaluate(library.instruments()["DUAL-HAT"], said)


def test_a_candidate_who_passes_everything_fits_both_hats():
    result = screened()
    assert (result["outcome"], result["provisional"]) == ("FITS_BOTH_HATS", False)


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("others", ["yes", "no"])
def test_filters_are_applied_in_order_and_the_first_failing_one_is_named(first, others):
    named = ("NOT_RUN_IN_PRODUCTION", "NOT_CURRENT", "CANNOT_SAY_NO")
    later = dict.fromkeys((name.replace("-", "_") for name in FILTERS[first + 1 :]), others)
    result = screened(
        **{FILTERS[first].replace("-", "_"): "no"}, **later, S2_Q10=others, S2_Q11=others
    )
    assert (result["outcome"], result["alternatives"]) == (named[first], [])


@pytest.mark.parametrize(
    ("platform", "risk", "outcome"),
    [
        ("yes", "yes", "FITS_BOTH_HATS"),
        ("no", "yes", "FITS_CAIO_HAT"),
        ("yes", "no", "FITS_CTO_HAT"),
        ("no", "no", "FITS_NEITHER_HAT"),
    ],
)
def test_behind_the_filters_fluency_in_both_questions_decides(platform, risk, outcome):
    assert screened(S2_Q10=platform, S2_Q11=risk)["outcome"] == outcome


def test_a_filter_that_was_not_tried_leaves_the_screen_provisional():
    result = screened(SCREEN_F2="unsure")
    assert (result["outcome"], result["alternatives"]) == ("NOT_CURRENT", ["FITS_BOTH_HATS"])
    assert result["provisional"] is True


def test_a_cto_who_meets_all_three_conditions_without_a_warning_sign_holds_ai():
    assert (with_cto()["outcome"], with_cto()["warnings"]) == ("CTO_HOLDS_AI", [])


@pytest.mark.parametrize(
    ("question", "answer"),
    [*((f"Q{n}", "no") for n in (16, 17, 18)), *((f"Q{n}", "yes") for n in (19, 20, 21, 22))],
)
def test_one_condition_missed_or_one_warning_sign_is_enough_to_fail(question, answer):
    result = with_cto(**{question: answer})
    assert result["outcome"] == "CTO_SHOULD_NOT_HOLD_AI"
    assert result["warnings"] == [{"code": "CTO_SHOULD_NOT_HOLD_AI", "items": [f"S3-{question}"]}]


def test_without_a_cto_there_is_nobody_to_test_and_nothing_is_unknown():
    result = evaluation.evaluate(library.instruments()["DUAL-HAT"], {"S3-Q15": "no"})
    assert (result["outcome"], result["provisional"]) == ("NO_CTO", False)


def test_what_is_not_known_of_the_cto_counts_against_and_leaves_the_test_provisional():
    result = evaluation.evaluate(library.instruments()["DUAL-HAT"], {"S3-Q15": "yes"})
    assert result["outcome"] == "CTO_SHOULD_NOT_HOLD_AI"
    assert (result["provisional"], result["alternatives"]) == (True, ["CTO_HOLDS_AI"])
    assert result["warnings"][0]["items"] == ["S3-Q16", "S3-Q17", "S3-Q18"]


@pytest.mark.parametrize("passes", [True, False])
def test_the_dual_hat_test_agrees_with_the_eighth_step_of_the_third_lens(passes):
    said = {**FIT, **({} if passes else {"S3-Q17": "no"})}
    whole = {**full("S3", {"Q2": "service", "Q14": "yes"}), **said}
    alone = evaluation.evaluate(library.instruments()["DUAL-HAT"], said)
    within = evaluation.evaluate(library.shipped()["S3"], whole)
    assert (alone["outcome"] == "CTO_HOLDS_AI") is (within["outcome"] == "CTO_HOLDS_AI") is passes
    assert alone["warnings"] == within["warnings"]


def test_instruments_take_no_part_in_the_panel():
    lenses = [result["lens"] for result in panel.evaluate({})["lenses"]]
    assert lenses == ["S1", "S2-Q", "S2-SIG", "S3", "S4", "S5"]
