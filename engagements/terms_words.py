"""Commercial terms as people say them, and what differs between two of them. Pure; who may read fees is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engagements.models.base import AllowanceUnit, FeeModel, Overage, Terms

PER = {
    FeeModel.FIXED_MONTHLY: "a month",
    FeeModel.PER_DAY: "a day",
    FeeModel.PER_PROJECT: "for the project",
}
UNIT = {AllowanceUnit.DAYS: "day", AllowanceUnit.HOURS: "hour"}
# Lines that tell of fees.
FEES = ("Fee", "Above the allowance")


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


def told(row: Terms, *, fees: bool, yours: bool = False) -> dict[str, str]:
    """Line by line, in the order in which a sponsor asks; `yours`: said to the client."""
    lines = {
        "Fee": _fee(row),
        "Allowance": _allowance(row, fees=fees),
        "Left over": _rollover(row, fees=fees),
        "Above the allowance": _overage(row, fees=fees),
        "Until": _until(row),
        "Notice": f"{row.notice_days} days" if row.notice_days else "none",
        "One day is": _hours(row.day_minutes),
        "You see" if yours else "The client sees": _seen(row),
    }
    if row.silence_accepts:
        lines["No answer to a deliverable"] = "counts as accepted, after two reminders"
    if row.allowance_unit == AllowanceUnit.NONE:
        for name in ("Left over", "Above the allowance"):
            lines.pop(name)
    if not fees:
        lines.pop("Fee")
    return lines


def changes(before: Terms | None, after: Terms, *, fees: bool, yours: bool = False) -> list[Change]:
    """The lines that are other than before; all of them where there is nothing before."""
    was = told(before, fees=fees, yours=yours) if before is not None else {}
    now = told(after, fees=fees, yours=yours)
    return [
        Change(label, was.get(label, "–"), now.get(label, "–"))
        for label in [*now, *(name for name in was if name not in now)]
        if was.get(label) != now.get(label)
    ]


def money(amount: Any, currency: str) -> str:
    value = Decimal(amount or 0)
    return (
        f"{currency} {value:,.0f}"
        if value == value.to_integral_value()
        else f"{currency} {value:,.2f}"
    )


def amount(value: Any, unit: str, currency: str = "") -> str:
    """So much of an allowance."""
    if unit == AllowanceUnit.MONEY:
        return money(value, currency)
    number = Decimal(value or 0).normalize()
    name = UNIT.get(AllowanceUnit(unit), "")
    return f"{number:f} {name}{'' if number == 1 else 's'}"


def minutes(value: Any) -> str:
    """A balance of time: 7 h 30 min, with its sign."""
    whole = int(Decimal(value or 0))
    hours, rest = divmod(abs(whole), 60)
    said = f"{hours} h {rest} min" if rest and hours else f"{rest} min" if rest else f"{hours} h"
    return f"-{said}" if whole < 0 else said


def listed(names: Iterable[str]) -> str:
    found = list(names)
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def _fee(row: Terms) -> str:
    if row.fee_model == FeeModel.CAPPED_TIME:
        return f"{money(row.hour_rate, row.currency)} an hour, up to {money(row.cap_amount, row.currency)}"
    return f"{money(row.fee_amount, row.currency)} {PER[FeeModel(row.fee_model)]}"


def _allowance(row: Terms, *, fees: bool) -> str:
    if row.allowance_unit == AllowanceUnit.NONE:
        return "none"
    if row.allowance_unit == AllowanceUnit.MONEY and not fees:
        return "a sum each month"
    return f"{amount(row.allowance, row.allowance_unit, row.currency)} a month"


def _rollover(row: Terms, *, fees: bool) -> str:
    if not row.rollover_months:
        return "lapses at the end of the month"
    months = "one month" if row.rollover_months == 1 else f"{row.rollover_months} months"
    if row.allowance_unit == AllowanceUnit.MONEY and not fees:
        return f"moves on, for {months}"
    most = amount(row.rollover_cap, row.allowance_unit, row.currency)
    return f"moves on, at most {most}, for {months}"


def _overage(row: Terms, *, fees: bool) -> str:
    if row.overage == Overage.CARRIED:
        return "taken from the next month"
    if row.overage == Overage.ABSORBED:
        return "not charged"
    if fees and row.hour_rate is not None:
        return f"billed at {money(row.hour_rate, row.currency)} an hour"
    return "billed"


def _until(row: Terms) -> str:
    if row.planned_end_on is None:
        return "further notice"
    return f"{row.planned_end_on:%-d %B %Y}{', then renews' if row.auto_renew else ''}"


def _hours(value: int) -> str:
    return minutes(value)


def _seen(row: Terms) -> str:
    seen = ["the balance"] if row.client_sees_balance else []
    seen += ["the hat balance"] if row.client_sees_hats else []
    return listed(seen) if seen else "neither balance"
