"""How the questions of the classification are put to people: in steps, with words, and with what the register knows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assessments import classification, questionnaire
from assessments.lenses import Lens
from assessments.models import System
from practice import book
from practice.book import BadBook

FILE = classification.FOLDER.parent / "steps.toml"


@dataclass(frozen=True)
class Step:
    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Steps:
    version: int
    steps: tuple[Step, ...]
    register: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)


class Box(questionnaire.Box):
    """A question of the classification as a box on its page."""

    none = "None"

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        if self.kind == "yes_no":
            return questionnaire.YES_NO
        return tuple((word, said(self.name, word)) for word in self.of.choices)


@cache
def steps() -> Steps:
    return book.build(Steps, book.read(FILE), FILE)


def said(question: str, word: str) -> str:
    known = steps().words.get(question, {})
    return known.get(word, word.replace("_", " ").capitalize())


def boxes(lens: Lens) -> list[tuple[str, list[Box]]]:
    """The questions by step; one that no step names comes last."""
    of = {question.id: Box(question) for question in lens.questions}
    found = [
        (step.title, [of.pop(id) for id in step.questions if id in of]) for step in steps().steps
    ]
    return [*found, ("Further questions", list(of.values()))] if of else found


def known(system: System) -> dict[str, Any]:
    """What the register says, as answers; nothing where nobody has looked."""
    told = {id: getattr(system, column) for column, id in steps().register.items()}
    return {id: "yes" if value else "no" for id, value in told.items() if value is not None}


def denied(system: System, answers: dict[str, Any]) -> list[str]:
    """Questions that are answered with no, where the register says yes."""
    return [
        id
        for id, value in known(system).items()
        if value == "yes" and answers.get(id) in ("no", False)
    ]


def unsound() -> Iterator[BadBook]:
    """What `manage.py check` refuses: a step or a word for a question or a choice that the lens does not have."""
    choices = {question.id: question.choices for question in classification.newest().questions}
    columns = {column.name for column in System._meta.concrete_fields}
    try:
        told = steps()
    except BadBook as bad:
        yield bad
        return
    named = [id for step in told.steps for id in step.questions]
    for id in [*named, *told.words, *told.register.values()]:
        if id not in choices:
            yield BadBook(FILE, id, "the classification asks no such thing")
    for id, words in told.words.items():
        for word in words.keys() - {*choices.get(id, ())}:
            yield BadBook(FILE, f"words.{id}.{word}", "is no choice of this question")
    for column in told.register.keys() - columns:
        yield BadBook(FILE, f"register.{column}", "the register of systems has no such column")
