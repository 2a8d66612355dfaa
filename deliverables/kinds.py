"""Kinds of deliverables as the verbs need them, from the catalogue or of the practice's own; and how one's own is kept."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deliverables import catalogue
from deliverables.models import OwnKind
from practice import access, rows
from practice.access import Actor
from practice.models.people import Hat
from practice.refusals import Conflict, Invalid, NotAllowed, Taken

MOST_CRITERIA, LONGEST_CRITERION = 30, 400


class KindRetired(Conflict):
    code, sentence = "kind_retired", "This kind is no longer used."


@dataclass(frozen=True)
class Known:
    """What a deliverable of a kind begins with."""

    code: str
    title: str
    hats: tuple[str, ...]
    """Whose it may be; any hat, where none is named."""
    criteria: tuple[str, ...]
    text: str
    catalogue: int | None = None
    own_id: UUID | None = None


def known(practice_id: UUID, code: str) -> Known:
    """Refused where there is no such kind, or it is used no more."""
    kind = catalogue.kinds().get(code)
    if kind is not None:
        return Known(
            code,
            kind.title,
            hats_of(code),
            kind.criteria,
            kind.text.markdown,
            catalogue=catalogue.catalogue().version,
        )
    own = OwnKind.objects.filter(practice_id=practice_id, code=code).first()
    if own is None:
        raise Invalid({"code": ["There is no such kind of deliverable."]})
    if own.retired_at is not None:
        raise KindRetired
    return Known(own.code, own.title, (own.hat,), tuple(own.criteria), own.text, own_id=own.pk)


def hats_of(code: str) -> tuple[str, ...]:
    """Whose a kind of the catalogue may be: one seat for AI and technology does what either of the two does."""
    kind = catalogue.kinds().get(code)
    hats = kind.hats if kind else ()
    merged = (Hat.AI_CTO,) if set(hats) & {Hat.CTO, Hat.CAIO} else ()
    return (*hats, *merged)


def text_of(code: str, own: OwnKind | None) -> str:
    """What work on it starts from; also of a kind that is used no more."""
    return own.text if own is not None else catalogue.kinds()[code].text.markdown


def add(
    *, code: str, title: str, hat: str, by: Actor, at: datetime.datetime, **says: Any
) -> OwnKind:
    """A kind of the practice's own, beside the catalogue."""
    access.require(by, "deliverable_kind", "add")
    if by.client_id is not None:
        raise NotAllowed("This key is limited to one client, and a kind is the whole practice's.")
    says["criteria"] = criteria(says.get("criteria", []))
    row = OwnKind(practice_id=access.practice_of(by), code=code, title=title, hat=hat, **says)
    _check(row)
    taken = Taken("There is a kind with this code already.", "code")
    return rows.add(row, by=by, at=at, kind="deliverable_kind.added", taken=taken)


def change(
    kind: OwnKind,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> OwnKind:
    """What comes to be planned from now on. What was planned already stays as it is."""
    access.require(by, "deliverable_kind", "change")
    if "criteria" in changes:
        changes["criteria"] = criteria(changes["criteria"])
    for name, value in changes.items():
        setattr(kind, name, value)
    _check(kind)
    return rows.change(
        kind, changes, by=by, at=at, kind="deliverable_kind.changed", expected=expected
    )


def retire(
    kind: OwnKind, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> OwnKind:
    """Use it no more. What was planned of it stays."""
    access.require(by, "deliverable_kind", "change")
    return rows.change(
        kind,
        {"retired_at": kind.retired_at or at},
        by=by,
        at=at,
        kind="deliverable_kind.retired",
        expected=expected,
    )


def bring_back(
    kind: OwnKind, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> OwnKind:
    """Use it again."""
    access.require(by, "deliverable_kind", "change")
    return rows.change(
        kind,
        {"retired_at": None},
        by=by,
        at=at,
        kind="deliverable_kind.brought_back",
        expected=expected,
    )


def criteria(given: Any) -> list[str]:
    """Sentences that can be ticked: each once, none empty."""
    lines = given if isinstance(given, list) else None
    if lines is None or not all(isinstance(line, str) for line in lines):
        raise Invalid({"criteria": ["A list of sentences."]})
    found = [" ".join(line.split()) for line in lines]
    wrong = []
    if len(found) > MOST_CRITERIA:
        wrong.append(f"At most {MOST_CRITERIA}.")
    if not all(found) or len(set(found)) < len(found):
        wrong.append("Each of them once, none of them empty.")
    if any(len(line) > LONGEST_CRITERION or "\x00" in line for line in found):
        wrong.append(f"At most {LONGEST_CRITERION} characters each.")
    if wrong:
        raise Invalid({"criteria": wrong})
    return found


def _check(row: OwnKind) -> None:
    wrong: dict[str, list[str]] = {}
    if row.hat not in Hat.values:
        wrong["hat"] = [f"One of: {', '.join(Hat.values)}."]
    if row.phase and row.due_day is None:
        wrong["due_day"] = ["What is planned by itself needs a day on which it is due."]
    if wrong:
        raise Invalid(wrong)
