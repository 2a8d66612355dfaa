"""Lenses that a practice brings along: the same form and the same checks as the shipped ones, read from a stranger's
text in bounded time, with every fault told at once. What is read here never votes. Pure."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from assessments import evaluation, facts, toml_lines, toml_shapes
from assessments.lens_faults import Fault as Found
from assessments.lens_faults import faults
from assessments.lenses import FAILURES, Lens, expressions, program
from practice import book

PREFIX = "OWN-"
MOST_BYTES = 200_000
# tomllib takes quadratic time over a key of many dotted parts, so no line may hold one.
MOST_DOTS = 40
MOST = {"questions": 60, "rules": 200, "choices": 12, "completions": 12}
MOST_EXPRESSIONS = 600
LONGEST_EXPRESSION = 500
# A lens runs up to 256 times for one result; the sum of its expressions is what that costs.
LONGEST_TOGETHER = 20_000
# The parser is slow to refuse what is nested without end.
DEEPEST = 20
LONGEST_WORDS = 2_000
# As long as the columns that keep them.
LONGEST = {"key": 40, "name": 120}
MOST_TOLD = 200
# Operators and size(). What loops (all, exists, map, filter) and what calls is not among them.
OPERATORS = {"_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "_?_:_"}
OPERATORS |= {"_+_", "_-_", "-_", "_*_", "_/_", "_%_", "_[_]", "size"}
# Every macro of CEL that loops is called with a dot, and some leave no other trace: a dot stands only inside a number.
DOT = re.compile(r"(?<!\d)\.|\.(?!\d)")


@dataclass(frozen=True)
class Fault:
    key: str
    why: str
    line: int | None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.key or 'file'}: {self.why}"


class BadLens(Exception):
    """A lens that cannot be taken, with all that is wrong with it, in the order of its lines."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in found))
        self.faults = found


class Failed(Exception):
    """A lens that reads well and still broke on these answers: a division by zero, an overflow."""


def read(text: str) -> Lens:
    data = _parsed(text)
    found = list(_outsized(data))
    if not found:
        # What has the wrong shape is told and put right for the moment, so that the other checks can run as well.
        data, found = toml_shapes.repaired(Lens, data)
        lens = book.build(Lens, data, Path("lens.toml"))
        known = {key for key, _ in found}
        found += [fault for fault in _all_faults(lens) if not _is_told(fault[0], known)]
    if found:
        line_of = toml_lines.finder(text)
        told = dict.fromkeys(Fault(key, why, line_of(key)) for key, why in found)
        raise BadLens(sorted(told, key=lambda fault: fault.line or 0)[:MOST_TOLD])
    return replace(lens, panel=False)


def evaluate(lens: Lens, given: Any) -> evaluation.Result:
    """As for any lens. BadAnswers where the answers are at fault, Failed where the lens is."""
    with telling(lens):
        return evaluation.evaluate(lens, given)


def applying(lens: Lens, given: Any) -> list[str]:
    with telling(lens):
        return evaluation.applying(lens, given)


@contextmanager
def telling(lens: Lens) -> Iterator[None]:
    try:
        yield
    except FAILURES as wrong:
        raise Failed(f"{lens.key}: {str(wrong).splitlines()[0]}") from wrong


def _parsed(text: str) -> dict[str, Any]:
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise BadLens([Fault("", f"is longer than {MOST_BYTES:,} bytes", None)])
    for number, line in enumerate(text.splitlines(), 1):
        if line.count(".") > MOST_DOTS:
            raise BadLens([Fault("", f"more than {MOST_DOTS} dots in one line", number)])
    try:
        return tomllib.loads(text)
    except RecursionError as wrong:
        raise BadLens([Fault("", "is nested too deeply", None)]) from wrong
    except ValueError as wrong:
        raise BadLens([Fault("", str(wrong), toml_lines.named_in(str(wrong)))]) from wrong


def _outsized(data: dict[str, Any]) -> Iterator[Found]:
    """What is too much to look at more closely."""
    if len(data) > MOST["rules"]:
        yield "", f"more than {MOST['rules']} keys"
        return
    for name, value in data.items():
        for key, many in _lists(value, name):
            most = MOST.get(key.rpartition(".")[2], MOST["rules"])
            if len(many) > most:
                yield key, f"more than {most}"


def _lists(value: Any, key: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every list and table within, down to where a lens has any."""
    if not isinstance(value, list | dict):
        return
    yield key, value
    if depth == 3 or len(value) > MOST["rules"]:
        return
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, part in inner:
        at = f"{key}.{name}" if isinstance(value, dict) else f"{key}[{name}]"
        yield from _lists(part, at, depth + 1)


def _is_told(key: str, known: set[str]) -> bool:
    return any(key == told or key.startswith((f"{told}.", f"{told}[")) for told in known)


def _all_faults(lens: Lens) -> Iterator[Found]:
    if not lens.key.startswith(PREFIX):
        yield "key", f"the key of a practice's own lens begins with {PREFIX}"
    yield from _long_words(lens)
    yield from _facts(lens)
    dear = list(_dear(lens))
    yield from dear
    # Expressions are tried only when trying them is cheap.
    if not dear:
        yield from faults(lens)


def _facts(lens: Lens) -> Iterator[Found]:
    """A question that names its fact takes that fact's answers as they are."""
    for i, question in enumerate(lens.questions):
        fact = facts.dictionary().get(question.fact)
        if question.fact and fact is None:
            yield f"questions[{i}].fact", f"{question.fact} is no fact"
        elif fact and (fact.kind, fact.choices) != (question.kind, question.choices):
            yield f"questions[{i}].fact", f"{question.fact} is answered in another way"


def _long_words(lens: Lens) -> Iterator[Found]:
    said = {"key": lens.key, "name": lens.name, "subject": lens.subject}
    said |= {"bias": lens.bias, "file": lens.file}
    said |= {f"texts.{code}": text for code, text in lens.texts.items()}
    for i, question in enumerate(lens.questions):
        said |= {f"questions[{i}].text": question.text, f"questions[{i}].help": question.help}
    for key, words in said.items():
        most = LONGEST.get(key, LONGEST_WORDS)
        if len(words) > most:
            yield key, f"is longer than {most:,} characters"


def _dear(lens: Lens) -> Iterator[Found]:
    """Expressions that could cost more than a lens may."""
    every = list(expressions(lens))
    if len(every) > MOST_EXPRESSIONS:
        yield "", f"more than {MOST_EXPRESSIONS} expressions"
        return
    if sum(len(expression.text) for expression in every) > LONGEST_TOGETHER:
        yield "", f"more than {LONGEST_TOGETHER:,} characters of expressions together"
        return
    for expression in every:
        for why in _forbidden(expression.text):
            yield expression.at, why


def _forbidden(text: str) -> Iterator[str]:
    if len(text) > LONGEST_EXPRESSION:
        yield f"is longer than {LONGEST_EXPRESSION} characters"
        return
    if _depth(text) > DEEPEST:
        yield f"brackets in more than {DEEPEST} others"
        return
    if DOT.search(text):
        yield "a dot may stand only inside a number: nothing is called or looked into here"
        return
    try:
        used = set(program(text).compiled.functions()) - OPERATORS
    except ValueError:
        return
    if used:
        yield f"{', '.join(sorted(used))} cannot be used here; operators and size() can"


def _depth(text: str) -> int:
    """How many brackets are open at once at most; those inside a text count too, which does no harm."""
    turns = accumulate((ch in "([{") - (ch in ")]}") for ch in text)
    return max(turns, default=0)
