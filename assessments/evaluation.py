"""Running a lens over answers. Pure: no database, no clock; the same answers give the same result for ever."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

from assessments import answers
from assessments.lenses import Item, Lens, Question, Rule, is_single, program

MOST_COMPLETIONS = 256
INVALID, INCOMPLETE, ABSTAIN = "INVALID", "INCOMPLETE", "ABSTAIN"
Values = dict[str, Any]
Result = dict[str, Any]


def evaluate(lens: Lens, given: Any) -> Result:
    """The result object. Raises BadAnswers for what cannot be read, and nothing else."""
    known = answers.read(lens, given)
    values = _values(lens, known)
    open_questions = [q for q in lens.questions if _is_unknown(q, known, values)]
    found = _unanswerable(lens, known, values, open_questions)
    if found is None:
        found = _headline(lens, values, open_questions)
    return {**_blank(lens, given), **found}


def outcome(lens: Lens, given: Any) -> str:
    """The headline outcome alone: what is open is counted, not tried out."""
    known = answers.read(lens, given)
    values = _values(lens, known)
    open_questions = [q for q in lens.questions if _is_unknown(q, known, values)]
    found = _unanswerable(lens, known, values, open_questions)
    return str(found["outcome"] if found else _decide(lens, values, lens.deciding)[0]["outcome"])


def decided_by(lens: Lens, given: Any) -> Rule:
    """The rule that holds for answers that are neither contradictory nor too few."""
    return _rule(lens, _derived(lens, _values(lens, answers.read(lens, given))))


def applying(lens: Lens, given: Any) -> list[str]:
    """The questions that these answers leave standing, by id."""
    values = _values(lens, answers.read(lens, given))
    return [question.id for question in lens.questions if _holds(question.asked, values)]


def _values(lens: Lens, known: Values) -> Values:
    return {
        question.name: known.get(question.name, question.stand_in) for question in lens.questions
    }


def _unanswerable(
    lens: Lens, known: Values, values: Values, open_questions: list[Question]
) -> Result | None:
    """INVALID, INCOMPLETE or ABSTAIN, in this order; None where the rules are to decide."""
    contradictory = _contradiction(lens, values)
    if contradictory:
        return {"outcome": INVALID, "invalid": list(contradictory)}
    unanswered = [
        q.id for q in lens.questions if q.needed and q.name not in known and _holds(q.asked, values)
    ]
    if unanswered:
        return {"outcome": INCOMPLETE, "missing": unanswered}
    if _holds(lens.abstain.when, values):
        return {"outcome": ABSTAIN}
    if math.prod(len(question.values) for question in open_questions) > MOST_COMPLETIONS:
        return {"outcome": INCOMPLETE, "missing": [q.id for q in open_questions]}
    return None


def _headline(lens: Lens, values: Values, open_questions: list[Question]) -> Result:
    env, reasons = _decide(lens, values)
    outcome = env["outcome"]
    others = {found for found in _completed(lens, values, open_questions) if found != outcome}
    for name, expression in lens.late.items():
        env[name] = _plain(_run(expression, env), name)
    fields = {name: _run(expression, env) for name, expression in lens.fields.items()}
    lists = {name: _held(items, env) for name, items in lens.lists.items()}
    return {
        "outcome": outcome,
        "strength": next((s.value for s in lens.strength if _holds(s.when, env)), None),
        "provisional": bool(others) or _holds(lens.provisional.when, env),
        "alternatives": [name for name in lens.outcomes if name in others],
        "reasons": [
            *reasons,
            *(r.reason for r in lens.also if _holds(r.when, env) and r.reason not in reasons),
        ],
        "warnings": [
            {"code": w.code, "items": _held(w.items, env)}
            for w in lens.warnings
            if _holds(w.when, env)
        ],
        **fields,
        **lists,
    }


def _decide(
    lens: Lens, values: Values, names: frozenset[str] | None = None
) -> tuple[Values, list[str]]:
    """The outcome, the rule that gave it and the values it was reached with: all, or those named."""
    env = _derived(lens, values, names)
    rule = _rule(lens, env)
    env["outcome"], env["rule"] = rule.outcome, rule.name
    override = next((o for o in lens.overrides if _holds(o.when, env)), None)
    if override is not None:
        env["outcome"] = override.outcome
    return env, [*rule.reasons, *(override.reasons if override else ())]


def _derived(lens: Lens, values: Values, names: frozenset[str] | None = None) -> Values:
    env = dict(values)
    for name, expression in lens.derived.items():
        if names is None or name in names:
            env[name] = _plain(_run(expression, env), name)
    return env


def _plain(value: Any, name: str) -> Any:
    if not is_single(value):
        raise ValueError(f"{name} is to be a number, yes or no, or a short text")
    return value


def _rule(lens: Lens, env: Values) -> Rule:
    return next(rule for rule in lens.rules if _holds(rule.when, env))


def _completed(lens: Lens, values: Values, open_questions: list[Question]) -> Iterator[str]:
    """The outcome of every way of answering what is open; contradictory ways are no answers."""
    # Questions that the outcome does not rest on count towards the limit above, but change nothing here.
    tried = [question for question in open_questions if question.name in lens.deciding]
    names = [question.name for question in tried]
    for combination in itertools.product(*(question.values for question in tried)):
        completed = {**values, **dict(zip(names, combination, strict=True))}
        if not _contradiction(lens, completed):
            yield _decide(lens, completed, lens.deciding)[0]["outcome"]


def _is_unknown(question: Question, known: Values, headline: Values) -> bool:
    return (
        question.name not in known and question.default is None and _holds(question.asked, headline)
    )


def _contradiction(lens: Lens, values: Values) -> tuple[str, ...]:
    return next((pair.pair for pair in lens.invalid if _holds(pair.when, values)), ())


def _held(items: tuple[Item, ...], env: Values) -> list[str]:
    return [item.value for item in items if _holds(item.when, env)]


def _holds(expression: str, env: Values) -> bool:
    return _run(expression, env) is True


def _run(expression: str, env: Values) -> Any:
    return program(expression).run(env)


def _blank(lens: Lens, given: Any) -> Result:
    """Every field, as it is where it does not apply."""
    return {
        "lens": lens.key,
        "lens_version": lens.version,
        "outcome": None,
        "strength": None,
        "provisional": False,
        "alternatives": [],
        "reasons": [],
        "warnings": [],
        "invalid": [],
        "missing": [],
        "n": None,
        "lead": None,
        "counts": None,
        "form": None,
        "point": None,
        "bridge": None,
        "borderline": False,
        "seat_reasons": [],
        "posture": None,
        "needs": [],
        "absorbs": [],
        "inputs_snapshot": dict(given),
    }
