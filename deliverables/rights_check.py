"""Whether a hat may decide something, and who must agree first. Pure: no database, no clock; decisions.py asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from engagements.rights import AGREES, CLIENT, COLUMNS, DECIDES, NAMES, as_worn

HAT, SECOND, SPONSOR = "hat", "second", "client"
CENT = Decimal("0.01")
# A right that nobody decides alone, yet at least two must agree to, is joint.
JOINT = 2


@dataclass(frozen=True)
class Says:
    """One right, as the charter has it."""

    code: str
    cells: Mapping[str, str]
    each_own: bool = False
    second_person: bool = False


@dataclass(frozen=True)
class Limit:
    """What a hat may spend without asking."""

    per_decision: Decimal
    per_period: Decimal
    currency: str


@dataclass(frozen=True)
class Spending:
    """What a decision commits the client to, and what was decided in the same period already."""

    amount: Decimal
    currency: str
    rate: Decimal | None = None
    """What one unit of it is in the limit's currency, as recorded."""
    spent: Decimal | None = Decimal(0)
    """In the limit's currency; None: it cannot be told in that currency."""


@dataclass(frozen=True)
class Ask:
    """One who must agree: another hat, a second person, or the client's sponsor."""

    asked: str
    hat: str = ""
    why: str = ""


@dataclass(frozen=True)
class Verdict:
    held: bool
    holders: tuple[str, ...] = ()
    """Whose right it is: hats, `client`; empty: nobody's. Said whether the asking hat holds it or not."""
    asks: tuple[Ask, ...] = ()
    over_limit: bool = False
    counted: Decimal | None = None
    """What counts against the limit, in its currency; None: no amount, or none that can be told."""
    counted_in: str = ""


def check(
    says: Says,
    *,
    hat: str,
    hats: Iterable[str],
    limit: Limit | None = None,
    spending: Spending | None = None,
) -> Verdict:
    """What the charter says to a decision under this hat, in an engagement with these hats."""
    here = tuple(hats)
    cells = as_worn(says.code, dict(says.cells), each_own=says.each_own, hats=here)
    own = COLUMNS[hat]
    deciding = [column for column, say in cells.items() if say == DECIDES]
    agreeing = [column for column, say in cells.items() if say == AGREES]
    joint = not deciding and len(agreeing) >= JOINT
    holding = agreeing if joint else deciding
    holders = _holders(holding, here)
    if hat not in here or not set(own) & set(holding):
        return Verdict(False, holders)
    asks = [ask for column in agreeing for ask in _of_column(says, column, hat, here)]
    over = ""
    counted = None
    if spending is not None:
        counted, over = _measure(spending, limit)
    if over and not any(ask.asked == SPONSOR for ask in asks):
        asks.append(Ask(SPONSOR, why=over))
    if says.second_person:
        asks.append(Ask(SECOND, why=f"{says.code} wants a second person."))
    counted_in = limit.currency if limit and counted is not None else ""
    return Verdict(True, holders, tuple(dict.fromkeys(asks)), bool(over), counted, counted_in)


def in_currency(spending: Spending, currency: str) -> Decimal | None:
    """The amount in another currency, at the recorded rate; None without one."""
    if spending.currency == currency:
        return spending.amount
    if spending.rate is None:
        return None
    return (spending.amount * spending.rate).quantize(CENT, ROUND_HALF_UP)


def _measure(spending: Spending, limit: Limit | None) -> tuple[Decimal | None, str]:
    """What counts, and why it is beyond the limit; equal to the limit fits."""
    if limit is None:
        # No limit is a limit of nothing.
        over = "The hat has no spending limit." if spending.amount > 0 else ""
        return (None, over)
    counted = in_currency(spending, limit.currency)
    if counted is None:
        return None, f"No rate from {spending.currency} to {limit.currency} is recorded."
    if counted > limit.per_decision:
        return counted, (
            "More than the hat may spend by one decision, "
            f"{_told(limit.per_decision, limit.currency)}."
        )
    if spending.spent is None:
        return counted, f"What was spent before in this period cannot be told in {limit.currency}."
    if spending.spent + counted > limit.per_period:
        return counted, (
            f"With {_told(spending.spent, limit.currency)} decided before, more than the hat may "
            f"spend in the period, {_told(limit.per_period, limit.currency)}."
        )
    return counted, ""


def _told(amount: Decimal, currency: str) -> str:
    """A sum as people read it, wherever the sentence comes to stand."""
    return f"{amount:,.2f} {currency}"


def _holders(columns: Iterable[str], hats: tuple[str, ...]) -> tuple[str, ...]:
    found = [
        holder
        for column in columns
        for holder in ([SPONSOR] if column == CLIENT else _wearing(column, hats))
    ]
    return tuple(dict.fromkeys(found))


def _of_column(says: Says, column: str, hat: str, hats: tuple[str, ...]) -> list[Ask]:
    """Whom a cell that must agree asks. A hat does not ask itself; an AI CTO's stands in two columns."""
    why = f"{says.code} wants the {NAMES[column]}'s agreement."
    if column == CLIENT:
        # Where each hat decides within its own limit, the client is asked beyond it only.
        return [] if says.each_own else [Ask(SPONSOR, why=why)]
    if column in COLUMNS[hat]:
        return []
    return [Ask(HAT, other, why) for other in _wearing(column, hats)[:1]]


def _wearing(column: str, hats: tuple[str, ...]) -> list[str]:
    """The hats that a column's say is with, the one named like it first."""
    found = [hat for hat in hats if column in COLUMNS[hat]]
    return sorted(found, key=lambda hat: (len(COLUMNS[hat]), hat))


def named(ask: Ask) -> str:
    """Whom it asks, in words."""
    if ask.asked == HAT:
        return f"the {ask.hat} hat"
    return "the client's sponsor" if ask.asked == SPONSOR else "a second person"
