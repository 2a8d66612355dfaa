"""What a draft of a charter says: its rights, the practice's own ones, and the spending limits."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from engagements import charters, rights
from engagements.models import Charter, Right, SpendingLimit
from practice import access, rows
from practice.access import Actor
from practice.refusals import Invalid, NotAllowed, NotFound, Refusal, Stale

OWN = "OR-"


class OfTheCatalogue(Refusal):
    code = "right_of_the_catalogue"
    sentence = "A right of the catalogue keeps its words and its place; empty its cells instead."


def set_right(
    charter: Charter, code: str, *, by: Actor, at: datetime.datetime, **says: Any
) -> Right:
    """Who decides, agrees or gives input in one right: `cto="D", caio="A"`, and `note`."""
    right = Right.objects.filter(charter=charter, code=code).first()
    if right is None:
        raise NotFound
    return change_right(right, by=by, at=at, **says)


def change_right(
    right: Right, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Right:
    """The cells and the note of one right; the words too, where it is the practice's own."""
    access.require(by, "charter", "change")
    if "label" in changes and not right.code.startswith(OWN):
        raise OfTheCatalogue
    _check_cells(right, changes)
    with transaction.atomic():
        charters.lock_draft(right.charter, by)
        return rows.change(
            right, changes, by=by, at=at, kind="charter.right_set", expected=expected
        )


def add_own_right(
    charter: Charter, *, label: str, by: Actor, at: datetime.datetime, **says: str
) -> Right:
    """A decision that the catalogue does not know, at the end of the list."""
    access.require(by, "charter", "change")
    with transaction.atomic():
        charter = charters.lock_draft(charter, by)
        there = Right.objects.filter(charter=charter)
        position: int = there.aggregate(last=Max("position"))["last"] or 0
        taken = there.filter(code__startswith=OWN).values_list("code", flat=True)
        number = max((int(code.removeprefix(OWN)) for code in taken), default=0) + 1
        right = Right(
            practice_id=charter.practice_id,
            client_id=charter.client_id,
            engagement_id=charter.engagement_id,
            charter=charter,
            code=f"{OWN}{number:02}",
            label=label.strip(),
            position=position + 1,
            **says,
        )
        _check_cells(right, says)
        return rows.add(right, by=by, at=at, kind="charter.right_added")


def remove_own_right(
    right: Right, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Only what the practice added: the catalogue's rights stay, if empty."""
    access.require(by, "charter", "change")
    if not right.code.startswith(OWN):
        raise OfTheCatalogue
    with transaction.atomic():
        charters.lock_draft(right.charter, by)
        rows.remove(right, by=by, at=at, kind="charter.right_removed", expected=expected)


def set_limit(
    charter: Charter,
    *,
    hat: str,
    per_decision: Decimal,
    per_period: Decimal,
    period: str,
    currency: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> SpendingLimit:
    """What a hat may spend by one decision, and by all of a period together."""
    access.require(by, "charter", "change")
    if per_decision > per_period:
        raise Invalid({"per_decision": ["Not above what all of a period may come to."]})
    with transaction.atomic():
        charter = charters.lock_draft(charter, by)
        if hat not in charters.hats_of(charter.engagement):
            raise Invalid({"hat": ["This hat is not part of the engagement."]})
        said = {
            "per_decision": per_decision,
            "per_period": per_period,
            "period": period,
            "currency": currency,
        }
        limit = SpendingLimit.objects.filter(charter=charter, hat=hat).first()
        if limit is not None:
            kind = "charter.limit_set"
            return rows.change(limit, said, by=by, at=at, kind=kind, expected=expected)
        limit = SpendingLimit(
            practice_id=charter.practice_id,
            client_id=charter.client_id,
            engagement_id=charter.engagement_id,
            charter=charter,
            hat=hat,
            **said,
        )
        return rows.add(limit, by=by, at=at, kind="charter.limit_set")


def remove_limit(
    limit: SpendingLimit, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    access.require(by, "charter", "change")
    with transaction.atomic():
        charters.lock_draft(limit.charter, by)
        rows.remove(limit, by=by, at=at, kind="charter.limit_removed", expected=expected)


def change_limit(
    limit: SpendingLimit,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> SpendingLimit:
    """Amounts, period or currency of a limit that is there."""
    said = {name: getattr(limit, name) for name in charters.LIMITED} | changes
    return set_limit(limit.charter, by=by, at=at, expected=expected, **said)


def revise(
    charter: Charter,
    *,
    says: dict[str, dict[str, Any]],
    limits: dict[str, dict[str, Any]],
    note: str,
    seen: str,
    new_right: str = "",
    drop: Iterable[str] = (),
    by: Actor,
    at: datetime.datetime,
) -> Charter:
    """The whole page of a draft at once: cells by code of the right, limits by hat, a right of the practice's own
    that comes on top, and codes of own rights that go.

    `seen` is the checksum of what was on the page: a colleague's edit in between is not overwritten.
    """
    access.require(by, "charter", "change")
    with transaction.atomic():
        charter = charters.lock_draft(charter, by)
        if charters.digest(charters.content(charter)) != seen:
            raise Stale
        charter = rows.change(charter, {"note": note.strip()}, by=by, at=at, kind="charter.noted")
        there = {right.code: right for right in Right.objects.filter(charter=charter)}
        for code, cells in says.items():
            if code not in there:
                raise NotFound
            if any(getattr(there[code], name) != say for name, say in cells.items()):
                change_right(there[code], by=by, at=at, **cells)
        for hat, limit in limits.items():
            set_limit(charter, hat=hat, by=by, at=at, **limit)
        for code in drop:
            if code in there:
                remove_own_right(there[code], by=by, at=at)
        if new_right.strip():
            add_own_right(charter, label=new_right, by=by, at=at)
    return charter


def _check_cells(right: Right, changes: dict[str, Any]) -> None:
    unknown = set(changes) - {*rights.CELLS, "label", "note", "second_person"}
    if unknown:
        raise NotAllowed
    cells = {name: changes.get(name, getattr(right, name)) for name in rights.CELLS}
    deciding = [name for name, say in cells.items() if say == rights.DECIDES]
    if len(deciding) > 1 and not right.each_own:
        named = " and ".join(rights.NAMES[name] for name in deciding)
        raise Invalid({deciding[-1]: [f"{right.code}: only one decides, not {named}."]})
