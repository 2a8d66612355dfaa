"""How many days a month each member can promise, and how many are promised. The sums are pure."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

from engagements.models import AllowanceUnit, Capacity, Move, Stage
from practice import access, rows
from practice.access import Actor
from practice.models import Member
from practice.refusals import Invalid, Taken

TENTH = Decimal("0.1")


def state(
    member: Member,
    *,
    days_per_month: Decimal,
    since_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> Capacity:
    """Say how many days a month a member can promise, from a day on."""
    access.require(by, "capacity", "add")
    if not 0 <= days_per_month <= 31:
        raise Invalid({"days_per_month": ["From 0 to 31."]})
    row = Capacity(
        practice_id=member.practice_id,
        member=member,
        days_per_month=days_per_month,
        since_on=since_on,
    )
    taken = Taken("There is one from that day on; choose another day.", "since_on")
    return rows.add(row, by=by, at=at, kind="capacity.stated", taken=taken)


def stated(by: Actor, on: datetime.date) -> dict[UUID, Decimal]:
    """Of each member what holds on a day. Who is not in it has not been stated: that is not zero."""
    begun = access.visible_to(by, Capacity).filter(since_on__lte=on).order_by("since_on", "id")
    return dict(begun.values_list("member_id", "days_per_month"))


@dataclass(frozen=True)
class Promise:
    """What one stage promises in a month, and whose hats it is shared by."""

    days: Fraction
    targets: Mapping[str, int]
    worn: Mapping[str, UUID]


def days_of(stage: Stage | Move) -> Fraction | None:
    """The month's allowance in days; None where it is money without an hour's rate to count it by."""
    amount = Fraction(stage.allowance)
    if stage.allowance_unit == AllowanceUnit.DAYS:
        return amount
    if stage.allowance_unit == AllowanceUnit.HOURS:
        return amount * 60 / stage.day_minutes
    if stage.allowance_unit == AllowanceUnit.MONEY:
        rate = Fraction(stage.hour_rate or 0)
        return amount / rate * 60 / stage.day_minutes if rate else None
    return Fraction()


def promised(promises: Iterable[Promise]) -> tuple[dict[UUID, Decimal], Decimal]:
    """Days by member, each hat's share to whoever wears it; and what is promised under a hat that nobody wears."""
    by_member: dict[UUID, Fraction] = defaultdict(Fraction)
    nobody = Fraction()
    for promise in promises:
        for hat, target in promise.targets.items():
            part = promise.days * target / 100
            if hat in promise.worn:
                by_member[promise.worn[hat]] += part
            else:
                nobody += part
    return {member: tenth(days) for member, days in by_member.items()}, tenth(nobody)


def tenth(days: Fraction) -> Decimal:
    exact = Decimal(days.numerator) / Decimal(days.denominator)
    return exact.quantize(TENTH, ROUND_HALF_UP)
