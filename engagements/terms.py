"""Commercial terms: whether they are whole, and whether they are other than before. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engagements.models.base import TERMS, AllowanceUnit, FeeModel, Terms

# What the client is shown is no part of what it pays for.
SHOWN = ("client_sees_balance", "client_sees_hats")
COMMERCIAL = tuple(name for name in TERMS if name not in SHOWN)
NEEDED = {
    FeeModel.FIXED_MONTHLY: ("fee_amount",),
    FeeModel.PER_DAY: ("fee_amount",),
    FeeModel.PER_PROJECT: ("fee_amount",),
    FeeModel.CAPPED_TIME: ("hour_rate", "cap_amount"),
}


def of(row: Terms) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TERMS}


def differ(
    one: Mapping[str, Any], other: Mapping[str, Any], names: tuple[str, ...] = TERMS
) -> bool:
    return any(_plain(one.get(name)) != _plain(other.get(name)) for name in names)


def faults(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """By field, what keeps these terms from being ones that somebody can agree to."""
    wrong: dict[str, list[str]] = {}
    for name in NEEDED.get(given["fee_model"], ()):
        if given.get(name) is None:
            wrong[name] = [f"Needed with the fee model {FeeModel(given['fee_model']).label!r}."]
    has_unit = given["allowance_unit"] != AllowanceUnit.NONE
    if has_unit and not _number(given["allowance"]):
        wrong["allowance"] = ["An allowance above zero, or none at all."]
    if not has_unit:
        wrong |= {
            name: ["There is no allowance."]
            for name in ("allowance", "rollover_cap", "rollover_months")
            if _number(given[name])
        }
    elif bool(_number(given["rollover_cap"])) != bool(given["rollover_months"]):
        wrong["rollover_cap"] = ["How much moves on, and for how many months: both, or neither."]
    return wrong


def _number(value: Any) -> Decimal:
    return Decimal(value or 0)


def _plain(value: Any) -> Any:
    """Amounts are compared by value: 20000 is 20000.00, from a form as from a row."""
    if isinstance(value, str):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value
