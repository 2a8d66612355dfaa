"""Trying the expressions of a lens on answers of every kind: what cannot be parsed, names nothing, or breaks."""

import random
from collections.abc import Iterator
from typing import Any

from assessments.lenses import FAILURES, Lens, Question, expressions, is_single, program

Fault = tuple[str, str]
RANDOM_TRIALS = 40
WORDS = {bool: "yes or no", object: "a single value", str: "a word", int: "a whole number"}
AFTER_RULES = ("outcome", "rule")


def faults(lens: Lens) -> Iterator[Fault]:
    unsound = set()
    for at, why in unreadable(lens):
        unsound.add(at)
        yield at, why
    tried = [e for e in expressions(lens) if e.at not in unsound]
    for answered in _samples(lens):
        env = dict(answered)
        for expression in tried:
            if expression.at in unsound or not set(program(expression.text).names) <= set(env):
                continue
            try:
                value = program(expression.text).run(env)
            except FAILURES as wrong:
                unsound.add(expression.at)
                yield expression.at, f"cannot be worked out: {str(wrong).splitlines()[0]}"
                continue
            if not _is_as_expected(value, expression.gives):
                unsound.add(expression.at)
                wanted = WORDS.get(expression.gives, expression.gives.__name__)
                yield expression.at, f"{wanted} is expected of it, not {type(value).__name__}"
            elif expression.sets:
                env[expression.sets] = value


def unreadable(lens: Lens) -> Iterator[Fault]:
    known = {question.name for question in lens.questions}
    decided = False
    for expression in expressions(lens):
        if expression.after_rules and not decided:
            decided = True
            known.update(AFTER_RULES)
        try:
            named = set(program(expression.text).names)
        except ValueError as wrong:
            # The parser goes on to list every sign it would have liked better.
            yield expression.at, str(wrong).splitlines()[0].partition(" expecting ")[0]
        else:
            unknown = sorted(named - known)
            if unknown:
                yield expression.at, f"{', '.join(unknown)} is no question or value known here"
        # Known from here on even when broken, so that one fault is not told many times.
        if expression.sets:
            known.add(expression.sets)


def _is_as_expected(value: Any, wanted: type) -> bool:
    if wanted is object:
        return is_single(value)
    if wanted is bool or isinstance(value, bool):
        return wanted is bool and isinstance(value, bool)
    return value is None or isinstance(value, wanted)


def _samples(lens: Lens) -> Iterator[dict[str, Any]]:
    """Nothing answered, then mixtures, always the same ones."""
    rng = random.Random(0)  # noqa: S311 (trials, not secrets)
    stand_ins = {question.name: question.stand_in for question in lens.questions}
    outcomes = lens.outcomes or ("",)
    names = sorted({rule.name for rule in lens.rules}) or [""]

    def decided(values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "outcome": rng.choice(outcomes), "rule": rng.choice(names)}

    yield decided(stand_ins)
    # Every value of every question once, each time beside others than before.
    values = {question.name: _values(question) for question in lens.questions}
    for turn in range(max(map(len, values.values()), default=0)):
        yield decided(
            {name: of[(turn + i) % len(of)] for i, (name, of) in enumerate(values.items())}
        )
    for _ in range(RANDOM_TRIALS):
        yield decided({name: rng.choice(of) for name, of in values.items()})


def _values(question: Question) -> list[Any]:
    """What an answer can be, a sum with cents among them: CEL does not mix it with whole numbers in arithmetic."""
    if question.kind in {"count", "money"}:
        numbers = [0, 1, 10**6, *(v for v in question.values if isinstance(v, int))]
        return [*numbers, 0.5] if question.kind == "money" else numbers
    if question.kind == "multi":
        return [[], list(question.choices[:1]), list(question.choices)]
    if question.kind == "yes_no":
        return [True, False]
    return [question.stand_in, *question.choices]
