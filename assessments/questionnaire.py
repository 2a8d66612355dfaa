"""How facts are asked of people: subjects, order, words, and which questions the answers so far rule out. Pure."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from assessments import facts
from assessments.facts import Fact
from assessments.lenses import Question, program
from practice import book

FILE = facts.DATA / "questionnaire.toml"
YES_NO = (("yes", "Yes"), ("no", "No"))
Known = dict[str, Any]


class Asking(Protocol):
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True)
class Ask:
    fact: str
    text: str
    help: str = ""
    asked: str = "true"

    @property
    def name(self) -> str:
        """Of its box on a page."""
        return self.fact

    @property
    def of(self) -> Fact:
        return facts.dictionary()[self.fact]

    @property
    def kind(self) -> str:
        return self.of.kind

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The words to choose from, with how they are said."""
        if self.kind == "yes_no":
            return YES_NO
        return tuple((word, word_of(self.fact, word)) for word in self.of.choices)


@dataclass(frozen=True)
class Box:
    """A lens's question as a box on a page; which words its answers have, each page says itself."""

    of: Question

    @property
    def name(self) -> str:
        return self.of.id

    @property
    def text(self) -> str:
        return self.of.text

    @property
    def help(self) -> str:
        return self.of.help

    @property
    def kind(self) -> str:
        return self.of.kind


@dataclass(frozen=True)
class Subject:
    key: str
    title: str
    questions: tuple[Ask, ...]


@dataclass(frozen=True)
class Questionnaire:
    version: int
    subjects: tuple[Subject, ...]
    words: dict[str, dict[str, str]]


@cache
def whole() -> Questionnaire:
    read = book.build(Questionnaire, book.read(FILE), FILE)
    asked = [ask.fact for subject in read.subjects for ask in subject.questions]
    for name in {*asked} ^ {*facts.dictionary()}:
        raise book.BadBook(FILE, name, "is either no fact or a fact that nobody is asked for")
    if len(asked) != len({*asked}):
        raise book.BadBook(FILE, "subjects", "ask for a fact twice")
    return read


@cache
def subjects() -> tuple[Subject, ...]:
    """Only what some lens uses is asked at all."""
    used = {name for source in facts.sources().values() for name in (source.fact, *source.any_of)}
    return tuple(
        Subject(s.key, s.title, tuple(ask for ask in s.questions if ask.fact in used))
        for s in whole().subjects
    )


def asks() -> list[tuple[Subject, Ask]]:
    return [(subject, ask) for subject in subjects() for ask in subject.questions]


def applies(ask: Ask, known: Known) -> bool:
    compiled = program(ask.asked)
    return compiled.run({name: known.get(name) or "" for name in compiled.names}) is True


def path(known: Known) -> list[tuple[Subject, Ask]]:
    """The questions that these answers leave standing, in order."""
    return [(subject, ask) for subject, ask in asks() if applies(ask, known)]


def ruled_out(known: Known) -> list[str]:
    """Facts that were answered before another answer made their question senseless."""
    return [
        ask.fact for _, ask in asks() if known.get(ask.fact) is not None and not applies(ask, known)
    ]


def in_order(known: Known) -> list[tuple[str, Any]]:
    """Facts as they are asked for; what is never asked comes last."""
    place = {ask.fact: number for number, (_, ask) in enumerate(asks())}
    return sorted(known.items(), key=lambda told: (place.get(told[0], len(place)), told[0]))


def word_of(fact: str, word: str) -> str:
    return whole().words.get(fact, {}).get(word, word.replace("_", " ").capitalize())


def spoken(fact: str, value: Any) -> str:
    """A value as people say it."""
    kind = facts.dictionary()[fact].kind if fact in facts.dictionary() else ""
    if value is None:
        return "not known"
    if isinstance(value, list):
        return ", ".join(word_of(fact, item) for item in value) or "nobody"
    if isinstance(value, int | float):
        return f"${value:,}" if kind == "money" else f"{value:,}"
    return str(value).capitalize() if kind == "yes_no" else word_of(fact, str(value))


def typed(ask: Asking, given: list[str]) -> Any:
    """What a form sends, as facts are told: numbers as numbers, nothing as None. Judging it is the verb's."""
    if ask.kind == "multi":
        return [word for word in given if word] if given else None
    text = given[-1].strip() if given else ""
    if not text:
        return None
    return _number(text) if ask.kind in {"count", "money"} else text


def _number(text: str) -> Any:
    plain = text.replace(",", "").replace(" ", "").replace(" ", "").lstrip("$")
    try:
        value = float(plain)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def label(fact: str) -> str:
    known = facts.dictionary().get(fact)
    return known.label if known else fact


def kind_of(fact: str) -> str:
    known = facts.dictionary().get(fact)
    return known.kind if known else ""
