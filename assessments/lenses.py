"""Lenses: the published frameworks as versioned data files. Their form; library.py reads
them, lens_faults.py judges them, evaluation.py runs them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import cel

KINDS = ("yes_no", "choice", "multi", "count", "money")
# The fields of a result that are a lens's own, and what they hold where they apply.
RESULT_FIELDS: dict[str, type] = {
    "n": int,
    "lead": str,
    "counts": dict,
    "form": str,
    "point": str,
    "bridge": str,
    "borderline": bool,
    "posture": str,
}
# A named value that others build on is a single one: each could double the one before otherwise.
LONGEST_TEXT = 1000
LISTS = ("seat_reasons", "needs", "absorbs")
# What CEL raises when an expression meets values it was not made for.
FAILURES = (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError)


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    kind: str
    choices: tuple[str, ...] = ()
    help: str = ""
    fact: str = ""
    """In a practice's own lens: the fact that answers it. The shipped ones are mapped in data/fact_map.toml."""
    needed: bool = False
    """Unanswered, it makes the whole lens INCOMPLETE."""
    required: str = "false"
    """When the form insists on an answer. Evaluation never does."""
    asked: str = "true"
    """When the question applies at all; where it does not, it is neither missing nor unknown."""
    default: Any = None
    """What no answer means. A question with a default is never unknown."""
    unknown: Any = None
    """What stands in for no answer in the headline result: the value that meets no signal."""
    completions: Any = None
    """One value from each interval or word that the rules tell apart."""

    @property
    def name(self) -> str:
        """How expressions call it: S1-Q3 is Q3, S2-SC1 is SC1."""
        return self.id.rpartition("-")[2]

    @property
    def stand_in(self) -> Any:
        if self.default is not None:
            return self.default
        plain = {"yes_no": False, "multi": [], "count": 0, "money": 0, "choice": ""}
        return self.unknown if self.unknown is not None else plain.get(self.kind)

    @property
    def values(self) -> tuple[Any, ...]:
        if self.completions is not None:
            return tuple(self.completions)
        return (True, False) if self.kind == "yes_no" else self.choices


@dataclass(frozen=True)
class Contradiction:
    when: str
    pair: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    when: str
    outcome: str
    reasons: tuple[str, ...] = ()
    name: str = ""
    """Later expressions may ask which rule decided."""


@dataclass(frozen=True)
class Remark:
    when: str
    reason: str


@dataclass(frozen=True)
class Item:
    value: str
    when: str


@dataclass(frozen=True)
class Warned:
    code: str
    when: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Strength:
    when: str
    value: str


@dataclass(frozen=True)
class When:
    when: str


@dataclass(frozen=True)
class Lens:
    key: str
    version: int
    name: str
    subject: str
    file: str
    bias: str
    outcomes: tuple[str, ...]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    """The first that holds decides."""
    texts: dict[str, str]
    invalid: tuple[Contradiction, ...] = ()
    abstain: When = When("false")
    panel: bool = True
    """Whether it speaks in the panel. Instruments of the same kind for another question do not."""
    derived: dict[str, str] = field(default_factory=dict)
    """Named values, in order; each may use those before it."""
    overrides: tuple[Rule, ...] = ()
    """Second thoughts, once the rules have decided; the first that holds replaces the outcome."""
    late: dict[str, str] = field(default_factory=dict)
    """Like derived, but knowing the outcome."""
    also: tuple[Remark, ...] = ()
    warnings: tuple[Warned, ...] = ()
    strength: tuple[Strength, ...] = ()
    provisional: When = When("false")
    fields: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[Item, ...]] = field(default_factory=dict)

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The names that the outcome rests on. What is open beside them need not be tried out."""
        whens = [rule.when for rule in (*self.rules, *self.overrides)]
        whens += [pair.when for pair in self.invalid]
        return self.behind(whens)

    @cached_property
    def asking(self) -> frozenset[str]:
        """The names whose answers can move the outcome: those it rests on, and those that make it abstain."""
        return self.deciding | self.behind([self.abstain.when]) | _needed(self)

    def behind(self, expressions: Iterable[str]) -> frozenset[str]:
        """Every name that these expressions rest on, through named values too."""
        found = {name for expression in expressions for name in program(expression).names}
        for name, expression in reversed(self.derived.items()):
            if name in found:
                found.update(program(expression).names)
        return frozenset(found)


def _needed(lens: Lens) -> frozenset[str]:
    return frozenset(question.name for question in lens.questions if question.needed)


@dataclass(frozen=True)
class Program:
    """A compiled expression. It is handed only the values it names: handing over all of them costs more than running."""

    compiled: cel.Program
    names: tuple[str, ...]

    def run(self, values: dict[str, Any]) -> Any:
        return self.compiled.execute({name: values[name] for name in self.names})


# More than all shipped lenses hold; a bound, because practices bring lenses of their own.
@lru_cache(maxsize=8192)
def program(expression: str) -> Program:
    compiled = cel.compile(expression)
    return Program(compiled, tuple(compiled.variables()))


def is_single(value: Any) -> bool:
    return not isinstance(value, list | dict | str | bytes) or (
        isinstance(value, str) and len(value) <= LONGEST_TEXT
    )


def constant(expression: str) -> Any:
    """What an expression gives that asks nothing; None for one that does."""
    compiled = program(expression)
    return None if compiled.names else compiled.run({})


@dataclass(frozen=True)
class Expression:
    at: str
    text: str
    gives: type = bool
    sets: str = ""
    after_rules: bool = False


def expressions(lens: Lens) -> Iterator[Expression]:
    """Every expression of a lens in the order in which they are run, with the key it stands at."""
    for i, question in enumerate(lens.questions):
        yield Expression(f"questions[{i}].asked", question.asked)
        yield Expression(f"questions[{i}].required", question.required)
    for i, pair in enumerate(lens.invalid):
        yield Expression(f"invalid[{i}].when", pair.when)
    yield Expression("abstain.when", lens.abstain.when)
    for name, text in lens.derived.items():
        yield Expression(f"derived.{name}", text, object, sets=name)
    for i, rule in enumerate(lens.rules):
        yield Expression(f"rules[{i}].when", rule.when)
    for expression in _after_rules(lens):
        yield replace(expression, after_rules=True)


def _after_rules(lens: Lens) -> Iterator[Expression]:
    for i, rule in enumerate(lens.overrides):
        yield Expression(f"overrides[{i}].when", rule.when)
    for name, text in lens.late.items():
        yield Expression(f"late.{name}", text, object, sets=name)
    for i, remark in enumerate(lens.also):
        yield Expression(f"also[{i}].when", remark.when)
    for i, warned in enumerate(lens.warnings):
        yield Expression(f"warnings[{i}].when", warned.when)
        for j, item in enumerate(warned.items):
            yield Expression(f"warnings[{i}].items[{j}].when", item.when)
    for i, strength in enumerate(lens.strength):
        yield Expression(f"strength[{i}].when", strength.when)
    yield Expression("provisional.when", lens.provisional.when)
    for name, text in lens.fields.items():
        yield Expression(f"fields.{name}", text, RESULT_FIELDS.get(name, object))
    for name, items in lens.lists.items():
        for i, item in enumerate(items):
            yield Expression(f"lists.{name}[{i}].when", item.when)
