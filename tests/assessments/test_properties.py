"""What holds for every set of answers, whatever the lens says."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import evaluation, facts, library, panel
from assessments.answers import read
from assessments.evaluation import ABSTAIN, INCOMPLETE, INVALID
from assessments.lenses import program
from tests.assessments.cases import EDGES

KEYS = [*library.shipped(), *library.instruments()]
SIGNALS = ("S1-Q3", "S1-Q4", "S1-Q5", "S1-Q6", "S1-Q7")
quick = settings(max_examples=60, deadline=None, database=None, derandomize=True)
each_lens = pytest.mark.parametrize("key", KEYS)


def answer(question):
    """Any well-typed answer; numbers crowd around the thresholds."""
    if question.kind == "yes_no":
        return st.sampled_from(["yes", "no"])
    if question.kind == "choice":
        return st.sampled_from(question.choices)
    if question.kind == "multi":
        return st.lists(st.sampled_from(question.choices), max_size=4)
    near = [max(0, edge + step) for edge in (0, *EDGES[question.id]) for step in (-1, 0, 1)]
    if question.kind == "count":
        return st.sampled_from(near) | st.integers(0, 10**15)
    return st.sampled_from(near) | st.floats(0, 1e15, allow_nan=False, allow_infinity=False)


def answers(lens):
    still_open = st.sampled_from([None, "unsure", "unknown"])
    return st.fixed_dictionaries(
        {}, optional={q.id: answer(q) | still_open for q in lens.questions}
    )


def evaluated(key, said):
    return evaluation.evaluate(library.newest()[key], said)


def is_open(said, question):
    return said.get(question.id) in (None, "unsure", "unknown")


@each_lens
def test_every_well_typed_answer_set_has_a_result_of_the_same_form(key):
    lens = library.newest()[key]
    fields = set(evaluated(key, {}))

    @quick
    @given(answers(lens))
    def holds(said):
        result = evaluated(key, said)
        assert set(result) == fields
        assert result["outcome"] in {*lens.outcomes, INVALID, INCOMPLETE, ABSTAIN}
        assert set(result["alternatives"]) <= set(lens.outcomes)

    holds()


@each_lens
def test_the_same_answers_give_the_same_result_in_any_order(key):
    @quick
    @given(answers(library.newest()[key]), st.randoms(use_true_random=False))
    def holds(said, rng: random.Random):
        turned = list(said.items())
        rng.shuffle(turned)
        assert evaluated(key, said) == evaluated(key, said)
        assert evaluated(key, dict(turned)) == evaluated(key, said)

    holds()


@each_lens
def test_alternatives_never_hold_the_outcome_and_make_it_provisional(key):
    @quick
    @given(answers(library.newest()[key]))
    def holds(said):
        result = evaluated(key, said)
        assumed = "S2-T3" in result["reasons"] and result["outcome"] != "INCONCLUSIVE"
        assert result["outcome"] not in result["alternatives"]
        assert result["provisional"] == (bool(result["alternatives"]) or assumed)
        assert bool(result["missing"]) == (result["outcome"] == INCOMPLETE)
        assert bool(result["invalid"]) == (result["outcome"] == INVALID)

    holds()


@each_lens
def test_answering_an_open_question_leads_to_the_outcome_or_one_of_its_alternatives(key):
    lens = library.newest()[key]

    @quick
    @given(answers(lens), st.data())
    def holds(said, data):
        before = evaluated(key, said)
        still_open = [
            q
            for q in lens.questions
            # Not those whose silence is an answer, and not those that open further questions.
            if is_open(said, q)
            and q.default is None
            and not any(q.name in lens.behind([other.asked]) for other in lens.questions)
            and q.asked == "true"
        ]
        if before["outcome"] in (INVALID, INCOMPLETE, ABSTAIN) or not still_open:
            return
        question = data.draw(st.sampled_from(still_open))
        after = evaluated(key, {**said, question.id: data.draw(answer(question))})
        reachable = {before["outcome"], *before["alternatives"], INVALID}
        assert {after["outcome"]} | set(after["alternatives"]) <= reachable

    holds()


@each_lens
def test_a_question_that_is_not_asked_is_never_missing_and_opens_no_alternative(key):
    lens = library.newest()[key]
    conditional = [q for q in lens.questions if q.asked != "true"]

    @quick
    @given(answers(lens))
    def holds(said):
        result = evaluated(key, said)
        values = {q.name: q.stand_in for q in lens.questions} | read(lens, said)
        for question in conditional:
            if program(question.asked).run(values):
                continue
            assert question.id not in result["missing"]
            without = {id: a for id, a in said.items() if id != question.id}
            if is_open(said, question):
                other = evaluated(key, without)
                assert {**other, "inputs_snapshot": 0} == {**result, "inputs_snapshot": 0}

    if conditional:
        holds()


def test_one_more_signal_never_lowers_the_count_of_the_first_lens():
    lens = library.shipped()["S1"]
    strengths = [None, "possible", "recommended", "strong"]

    @quick
    @given(answers(lens), st.sampled_from(SIGNALS))
    def holds(said, signal):
        without = evaluated("S1", {**said, signal: "no"})
        with_it = evaluated("S1", {**said, signal: "yes"})
        if without["n"] is None or with_it["n"] is None:
            return
        assert with_it["n"] == without["n"] + 1
        assert strengths.index(with_it["strength"]) >= strengths.index(without["strength"])

    holds()


def test_the_panel_has_a_result_for_whatever_is_known():
    def value(fact):
        if fact.kind == "yes_no":
            return st.sampled_from(["yes", "no", True, False, None])
        if fact.kind == "choice":
            return st.sampled_from(fact.choices)
        if fact.kind == "multi":
            return st.lists(st.sampled_from(fact.choices), max_size=3)
        return st.integers(0, 10**9)

    known = st.fixed_dictionaries(
        {}, optional={name: value(fact) for name, fact in facts.dictionary().items()}
    )

    @settings(quick, max_examples=40)
    @given(known)
    def holds(given_facts):
        result = panel.evaluate(given_facts)
        voting = [vote["lens"] for vote in result["votes"]]
        silent = [abstention["lens"] for abstention in result["abstentions"]]
        assert sorted(voting + silent) == sorted(library.shipped())
        assert (len(voting) < 2) == (result["consensus"]["next_seat"] == "DECIDE")
        assert {dissent["lens"] for dissent in result["dissent"]} <= set(voting)

    holds()
