"""Reading answers to a lens: types and words checked, every fault named by its question."""

import math
from typing import Any

from assessments.lenses import Lens, Question

UNSURE = ("unsure", "unknown", None)
LARGEST = 10**15


class BadAnswers(Exception):
    """Answers that cannot be read, by question id."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in errors.items()))
        self.errors = errors


def read(lens: Lens, given: Any) -> dict[str, Any]:
    """Values by the name expressions use. Unanswered and unsure questions are absent."""
    if not isinstance(given, dict):
        raise BadAnswers({"answers": "an object of answers by question id is expected"})
    questions = {question.id: question for question in lens.questions}
    values, errors = {}, {}
    for id, answer in given.items():
        question = questions.get(id)
        if question is None:
            errors[str(id)] = f"{lens.key} has no such question"
            continue
        if _is_open(question, answer):
            continue
        try:
            values[question.name] = value(question.kind, question.choices, answer)
        except ValueError as wrong:
            errors[id] = str(wrong)
    if errors:
        raise BadAnswers(errors)
    return values


def _is_open(question: Question, answer: Any) -> bool:
    if answer is None:
        return True
    return isinstance(answer, str) and answer in UNSURE and answer not in question.choices


def value(kind: str, choices: tuple[str, ...], answer: Any) -> Any:
    """One answer as expressions take it; ValueError says what was expected."""
    if kind == "yes_no":
        return _word(answer, ("yes", "no")) == "yes"
    if kind == "choice":
        return _word(answer, choices)
    if kind == "multi":
        if not isinstance(answer, list):
            raise ValueError("a list of words is expected")
        return [_word(word, choices) for word in answer]
    return _number(answer, whole=kind == "count")


def _word(answer: Any, words: tuple[str, ...]) -> str:
    if not isinstance(answer, str) or answer not in words:
        raise ValueError(f"one of {', '.join(words)} is expected")
    return answer


def _number(answer: Any, *, whole: bool) -> int | float:
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not math.isfinite(answer):
        raise ValueError("a number is expected")
    if not 0 <= answer <= LARGEST:
        raise ValueError("a number from 0 to 10^15 is expected")
    if whole and answer != int(answer):
        raise ValueError("a whole number is expected")
    return int(answer) if answer == int(answer) else answer
