"""Ways to read a charter: the matrix, RAPID, RACI, plain sentences, and what differs between two versions. Pure.

The mapping is told in docs/charter.md: what RAPID and RACI know and a charter does not is left empty, not guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engagements import rights

WORDS = {"": "No say", "D": "Decides", "A": "Must agree", "I": "Gives input"}
RAPID = {"D": "D", "A": "A", "I": "I"}
# Who decides answers for it. Who must agree or gives input is asked beforehand.
RACI = {"D": "A", "A": "C", "I": "C"}
PERIODS = {"month": "a month", "quarter": "a fiscal quarter", "year": "a fiscal year"}


SECOND_PERSON = "A second person of the practice must agree as well."


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    hats: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    code: str
    label: str
    cells: dict[str, str]
    each_own: bool
    second_person: bool
    note: str

    @property
    def decides(self) -> list[str]:
        return [key for key, say in self.cells.items() if say == rights.DECIDES]

    @property
    def agrees(self) -> list[str]:
        return [key for key, say in self.cells.items() if say == rights.AGREES]


@dataclass(frozen=True)
class Change:
    code: str
    label: str
    what: str
    before: str
    after: str


def columns(hats: Iterable[str], used: Iterable[str] = ()) -> list[Column]:
    """The hats of the engagement in the catalogue's order, then the client. An AI CTO has one column of two.

    `used`: columns in which an older version has something to say, though the hat is gone since.
    """
    worn = list(hats)
    found: list[Column] = []
    for key in ("cto", "caio", "cio", "cdo"):
        holders = tuple(hat for hat in worn if key in rights.COLUMNS[hat])
        if holders or key in used:
            label = rights.NAMES[key]
            # Where an AI CTO holds the say of both, the heading says so.
            if holders == ("AI_CTO",):
                label = f"AI CTO as {label}"
            found.append(Column(key, label, holders))
    return [*found, Column(rights.CLIENT, "Client", ())]


def used_in(said: Sequence[Mapping[str, Any]]) -> set[str]:
    return {key for one in said for key in rights.CELLS if one[key]}


def row(said: Mapping[str, Any]) -> Row:
    return Row(
        said["code"],
        said["label"],
        {key: said[key] for key in rights.CELLS},
        said["each_own"],
        said["second_person"],
        said["note"],
    )


def matrix(said: Sequence[Mapping[str, Any]], hats: Iterable[str]) -> dict[str, Any]:
    return _table(said, hats, {key: key for key in WORDS}, WORDS)


def rapid(said: Sequence[Mapping[str, Any]], hats: Iterable[str]) -> dict[str, Any]:
    words = {"": "", "D": "Decides", "A": "Agrees", "I": "Gives input"}
    return _table(said, hats, RAPID, words)


def raci(said: Sequence[Mapping[str, Any]], hats: Iterable[str]) -> dict[str, Any]:
    words = {"": "", "A": "Accountable", "C": "Consulted"}
    return _table(said, hats, RACI, words)


def _table(
    said: Sequence[Mapping[str, Any]],
    hats: Iterable[str],
    letters: Mapping[str, str],
    words: Mapping[str, str],
) -> dict[str, Any]:
    shown = columns(hats, used_in(said))
    return {
        "columns": [{"key": c.key, "label": c.label} for c in shown],
        "rows": [
            {
                "code": one.code,
                "label": one.label,
                "note": one.note,
                "sentence": sentence(one, shown),
                "cells": [
                    {
                        "column": c.key,
                        "label": c.label,
                        "letter": letters.get(one.cells[c.key], ""),
                        "words": words[letters.get(one.cells[c.key], "")],
                    }
                    for c in shown
                ],
            }
            for one in map(row, said)
        ],
    }


def sentence(one: Row, shown: Sequence[Column]) -> str:
    """What a right says, for somebody who reads no matrix."""
    told = _decides(one, shown)
    return f"{told} {SECOND_PERSON}" if one.second_person else told


def _decides(one: Row, shown: Sequence[Column]) -> str:
    names = {column.key: _name(column) for column in shown}
    decides = [names[key] for key in one.decides if key in names]
    agrees = [names[key] for key in one.agrees if key in names]
    if one.each_own and decides:
        lead = f"{_cap(_and(decides))} each decide within their own limit"
        if len(decides) == 1:
            lead = f"{_cap(decides[0])} decides within its own limit"
        # Not "must agree": within the limit nobody is asked.
        return f"{lead}; above it {_and(agrees)} must agree." if agrees else f"{lead}."
    if decides:
        tail = f"; {_and(agrees)} must agree" if agrees else " alone"
        return f"{_cap(_and(decides))} decides{tail}."
    if len(agrees) > 1:
        return f"{_cap(_and(agrees))} decide together."
    if agrees:
        return f"Nobody decides alone; {agrees[0]} must agree."
    return "Nobody decides yet."


def limit_sentence(limit: Mapping[str, Any]) -> str:
    """Written as people say amounts: whole units without cents."""
    one, all_ = _amount(limit["per_decision"]), _amount(limit["per_period"])
    return (
        f"The {limit['hat'].replace('_', ' ')} hat may spend up to {limit['currency']} {one} by one decision, "
        f"and up to {limit['currency']} {all_} {PERIODS[limit['period']]} in all."
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What a new version changes, right by right and limit by limit; both as charters.content() tells them."""
    found: list[Change] = []
    old, new = _by(before["rights"], "code"), _by(after["rights"], "code")
    for code in [*new, *(code for code in old if code not in new)]:
        was, is_ = old.get(code), new.get(code)
        if was is None or is_ is None:
            one = is_ or was or {}
            told = ("", _says(one)) if was is None else (_says(one), "")
            found.append(Change(code, one["label"], "Right", *told))
            continue
        if was["label"] != is_["label"]:
            found.append(Change(code, is_["label"], "Wording", was["label"], is_["label"]))
        for key in rights.CELLS:
            if was[key] != is_[key]:
                who = rights.NAMES[key].capitalize() if key == rights.CLIENT else rights.NAMES[key]
                found.append(Change(code, is_["label"], who, WORDS[was[key]], WORDS[is_[key]]))
        if was["second_person"] != is_["second_person"]:
            person = [SECOND_PERSON if one["second_person"] else "" for one in (was, is_)]
            found.append(Change(code, is_["label"], "Second person", *person))
        if was["note"] != is_["note"]:
            found.append(Change(code, is_["label"], "Note", was["note"], is_["note"]))
    return found + _limits_differ(before["limits"], after["limits"])


def _limits_differ(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Change]:
    old, new = _by(before, "hat"), _by(after, "hat")
    return [
        Change(
            "",
            f"Spending limit of the {hat.replace('_', ' ')} hat",
            "Limit",
            limit_sentence(old[hat]) if hat in old else "",
            limit_sentence(new[hat]) if hat in new else "",
        )
        for hat in sorted({*old, *new})
        if old.get(hat) != new.get(hat)
    ]


def _by(rows: Sequence[Mapping[str, Any]], key: str) -> dict[str, Mapping[str, Any]]:
    return {row[key]: row for row in rows}


def _says(one: Mapping[str, Any]) -> str:
    told = [f"{rights.NAMES[key]}: {WORDS[one[key]].lower()}" for key in rights.CELLS if one[key]]
    return ", ".join(told) or "nobody has a say"


def _name(column: Column) -> str:
    return "the client" if column.key == rights.CLIENT else f"the {column.label} hat"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _amount(amount: Any) -> str:
    value = Decimal(str(amount))
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"
