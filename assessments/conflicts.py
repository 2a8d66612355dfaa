"""Where the published frameworks differ: every value under its source, and which of them is this client's. Pure."""

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from assessments import facts, library
from assessments.facts import Fact
from assessments.lenses import FAILURES, Lens, program
from practice import book

FILE = facts.DATA / "conflicts.toml"
POLICIES = facts.DATA / "policies.toml"
# What an unknown number can be: below every limit, inside the one band that a source names (one to ten million of
# revenue), beyond every limit.
ANY_NUMBER = (0, 5_000_000, 10**15)
# What of a value is for us and not part of the answer.
UNTOLD = {"when", "outcome"}


@dataclass(frozen=True)
class Value:
    lens: str
    sources: tuple[str, ...]
    says: str
    when: str = ""
    """Whether it is the one for this client; empty where the source leaves no way to tell."""
    fact: str = ""
    at: int | None = None
    outcome: str = ""
    """The outcome of its lens with which the value is said there as well."""


@dataclass(frozen=True)
class Conflict:
    id: str
    question: str
    default: str
    values: tuple[Value, ...]
    policy: str = ""
    concerns: str = "true"
    badge: str = "false"


@dataclass(frozen=True)
class Register:
    version: int
    conflicts: tuple[Conflict, ...]


@cache
def register() -> tuple[Conflict, ...]:
    return book.build(Register, book.read(FILE), FILE).conflicts


def all() -> list[dict[str, Any]]:
    """Every conflict, as one about whom nothing is known sees it."""
    return [_shown(conflict, {}) for conflict in register()]


def for_facts(known: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that concern a client of whom this is known, or may concern one."""
    return [
        _shown(conflict, known)
        for conflict in register()
        if _holds(conflict.concerns, known) is not False
    ]


def said_with(outcomes: dict[str, str], known: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Lens, question and value where a lens came to the outcome that its value goes with."""
    for conflict in register():
        for value in conflict.values:
            spoken = bool(value.outcome) and outcomes.get(value.lens) == value.outcome
            if spoken and (not value.when or _holds(value.when, known)):
                yield value.lens, conflict.question, value.says


def _shown(conflict: Conflict, known: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "question": conflict.question,
        "values": [
            {
                **{name: told for name, told in asdict(value).items() if name not in UNTOLD},
                "sources": list(value.sources),
                "applies": _holds(value.when, known) if value.when else None,
                "present": known.get(value.fact),
            }
            for value in conflict.values
        ],
        "default": conflict.default,
        "policy": conflict.policy or None,
        "badge": _holds(conflict.badge, known) is True,
    }


def _holds(expression: str, known: dict[str, Any]) -> bool | None:
    """None where it hangs on what is not known."""
    compiled = program(expression)
    ends = [_ends(facts.dictionary()[name], known.get(name)) for name in compiled.names]
    found = {
        compiled.run(dict(zip(compiled.names, picked, strict=True)))
        for picked in itertools.product(*ends)
    }
    return bool(found.pop()) if len(found) == 1 else None


def _ends(fact: Fact, value: Any) -> tuple[Any, ...]:
    """The one value that is known, or those between which an unknown one lies."""
    if value is not None:
        return (value == "yes",) if fact.kind == "yes_no" else (value,)
    if fact.kind == "yes_no":
        return (True, False)
    return ANY_NUMBER if fact.kind in {"count", "money"} else fact.choices


def unsound() -> Iterator[book.BadBook]:
    """What `manage.py check` refuses."""
    try:
        conflicts, policies, lenses = register(), book.read(POLICIES), library.shipped()
    except book.BadBook as bad:
        yield bad
        return
    expected = [f"C-{number:02}" for number in range(1, len(conflicts) + 1)]
    if [conflict.id for conflict in conflicts] != expected:
        yield book.BadBook(FILE, "conflicts", "are numbered from C-01 without a gap")
    for conflict in conflicts:
        for key, why in _faults(conflict, policies, lenses):
            yield book.BadBook(FILE, f"{conflict.id}.{key}", why)


def _faults(
    conflict: Conflict, policies: dict[str, Any], lenses: dict[str, Lens]
) -> Iterator[tuple[str, str]]:
    if conflict.policy and conflict.policy not in policies:
        yield "policy", f"there is no policy {conflict.policy}"
    whens = {"concerns": conflict.concerns, "badge": conflict.badge}
    for i, value in enumerate(conflict.values):
        if value.lens not in lenses:
            yield f"values[{i}].lens", f"there is no lens {value.lens}"
        elif value.outcome and value.outcome not in lenses[value.lens].outcomes:
            yield f"values[{i}].outcome", f"{value.lens} has no outcome {value.outcome}"
        if value.fact and value.fact not in facts.dictionary():
            yield f"values[{i}].fact", f"there is no fact {value.fact}"
        if value.when:
            whens[f"values[{i}].when"] = value.when
    for key, when in whens.items():
        try:
            _holds(when, {})
        except KeyError as missing:
            yield key, f"there is no fact {missing}"
        except FAILURES as wrong:
            yield key, str(wrong).splitlines()[0]
