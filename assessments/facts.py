"""The fact dictionary and the map from facts to the questions of every lens. Pure: what a client's facts are is a table's."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assessments import answers
from assessments.answers import BadAnswers
from assessments.lenses import Lens
from practice import book

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Fact:
    kind: str
    label: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where a question's answer comes from: one fact, perhaps in other words, or whether any of several is so."""

    fact: str = ""
    words: dict[str, str] = field(default_factory=dict)
    any_of: tuple[str, ...] = ()

    def answer(self, facts: dict[str, Any]) -> Any:
        """None where the facts leave it open."""
        if self.any_of:
            known = [facts.get(name) for name in self.any_of]
            if "yes" in known:
                return "yes"
            return None if None in known else "no"
        value = facts.get(self.fact)
        return self.words.get(value) if self.words and value is not None else value


@dataclass(frozen=True)
class Dictionary:
    version: int
    facts: dict[str, Fact]


@dataclass(frozen=True)
class Map:
    version: int
    answers: dict[str, Source]


@cache
def dictionary() -> dict[str, Fact]:
    file = DATA / "facts.toml"
    return book.build(Dictionary, book.read(file), file).facts


@cache
def sources() -> dict[str, Source]:
    file = DATA / "fact_map.toml"
    return book.build(Map, book.read(file), file).answers


def read(given: Any) -> dict[str, Any]:
    """Facts as they are kept: yes and no as words, unknown ones absent. Every fault is named by its fact."""
    if not isinstance(given, dict):
        raise BadAnswers({"facts": "an object of facts by name is expected"})
    known, errors = {}, {}
    for name, value in given.items():
        if name not in dictionary():
            errors[str(name)] = "there is no such fact"
            continue
        try:
            known[name] = value_of(dictionary()[name], value)
        except ValueError as wrong:
            errors[name] = str(wrong)
    if errors:
        raise BadAnswers(errors)
    return {name: value for name, value in known.items() if value is not None}


def value_of(fact: Fact, value: Any) -> Any:
    """One value in the form it is kept in; None for unknown. True and false are taken for yes and no."""
    if isinstance(value, bool) and fact.kind == "yes_no":
        return "yes" if value else "no"
    if value is None or (value in ("unsure", "unknown") and value not in fact.choices):
        return None
    read = answers.value(fact.kind, fact.choices, value)
    return value if fact.kind == "yes_no" else read


def answers_for(lens: Lens, known: dict[str, Any]) -> dict[str, Any]:
    """What the facts say to a lens's questions, in the words of the lens."""
    mapped = {q.id: sources().get(q.id) or Source(fact=q.fact) for q in lens.questions}
    said = {id: source.answer(known) for id, source in mapped.items()}
    return {id: answer for id, answer in said.items() if answer is not None}
