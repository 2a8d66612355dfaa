"""What if: which single answer or fact, moved how far, changes what a lens says."""

from typing import Any

from assessments import answers, evaluation, facts, library
from assessments.facts import Fact
from assessments.lenses import Lens, Question

Flip = dict[str, Any]
# Not what anybody would want to know how to reach.
NO_ANSWER = (evaluation.INVALID, evaluation.INCOMPLETE)


def flips(lens: Lens, given: dict[str, Any], result: evaluation.Result) -> list[Flip]:
    """For each question the nearest other value that changes the outcome, numbers by the distance to go."""
    if result["outcome"] == evaluation.INCOMPLETE:
        return []
    known = answers.read(lens, given)
    found = []
    for question in lens.questions:
        if question.name not in lens.asking:
            continue
        for value in _others(question, known.get(question.name)):
            outcome = evaluation.outcome(lens, {**given, question.id: value})
            if outcome not in (result["outcome"], *NO_ANSWER):
                found.append(
                    {
                        "question": question.id,
                        "from": given.get(question.id),
                        "to": value,
                        "outcome": outcome,
                    }
                )
                break
    return found


def moves(known: dict[str, Any]) -> list[dict[str, Any]]:
    """For each fact and lens the nearest other value that changes the outcome. `known` as facts.read gives it."""
    lenses = library.shipped()
    before = {
        key: evaluation.outcome(lens, facts.answers_for(lens, known))
        for key, lens in lenses.items()
    }
    return [
        move
        for name, fact in facts.dictionary().items()
        for key, lens in lenses.items()
        if before[key] != evaluation.INCOMPLETE
        and (move := _move(name, fact, lens, known, before[key]))
    ]


def _move(
    name: str, fact: Fact, lens: Lens, known: dict[str, Any], before: str
) -> dict[str, Any] | None:
    fed = [q for q in lens.questions if q.id in facts.sources() and _feeds(name, q.id)]
    for value in _other_facts(fact, fed, known.get(name)):
        outcome = evaluation.outcome(lens, facts.answers_for(lens, {**known, name: value}))
        if outcome not in (before, *NO_ANSWER):
            return {
                "fact": name,
                "from": known.get(name),
                "to": value,
                "lens": lens.key,
                "outcome_from": before,
                "outcome_to": outcome,
            }
    return None


def _feeds(name: str, question: str) -> bool:
    source = facts.sources()[question]
    return name == source.fact or name in source.any_of


def _other_facts(fact: Fact, fed: list[Question], current: Any) -> list[Any]:
    """What else the fact can be, as far as the questions it feeds tell it apart."""
    if not fed:
        return []
    if fact.kind == "yes_no":
        return [word for word in ("yes", "no") if word != current]
    if fact.kind == "choice":
        return [word for word in fact.choices if word != current]
    return _others(fed[0], current)


def _others(question: Question, current: Any) -> list[Any]:
    """Other answers in the order in which to try them: the least move first."""
    values = [value for value in question.values if value != current]
    if question.kind in {"count", "money"} and current is not None:
        return _beside(question, current)
    if question.kind == "yes_no":
        return ["yes" if value else "no" for value in values]
    return values


def _beside(question: Question, current: Any) -> list[Any]:
    """The near ends of the other intervals. Each begins at one of the completions, in whole dollars, and what lies
    one below belongs to the interval before, whether the rule says "from" or "above"."""
    begins = sorted(value for value in question.values if value)
    below = [edge - 1 for edge in begins if edge <= current]
    above = [edge for edge in begins if edge > current]
    return sorted([*below, *above], key=lambda value: abs(value - current))
