"""What was spent for a client: amount, day and receipt; billed, or taken from an allowance of money."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from engagements import booking, timesheet
from engagements.booking import Calendar
from engagements.models import AllowanceUnit, Engagement, Expense, Stage
from practice import access, rows
from practice.access import Actor
from practice.models import Client, Member, StoredFile
from practice.refusals import Invalid


def note(
    engagement: Engagement,
    *,
    spent_on: datetime.date,
    amount: Decimal,
    what: str,
    currency: str = "",
    member: Member | None = None,
    billable: bool = True,
    against_allowance: bool = False,
    receipt: StoredFile | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Expense:
    """Put down one expense; without a currency it is the client's."""
    access.require(by, "expense", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        days = booking.calendar(engagement, at=at)
        spender = timesheet.whose(member, by)
        timesheet.own_only(spender.pk, by)
        days.check(spent_on, "spent_on", working=False)
        if spender.pk not in timesheet.workers(engagement):
            raise Invalid({"member": ["They neither wear a hat here nor are assigned."]})
        expense = Expense(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            member=spender,
            spent_on=spent_on,
            booked_on=days.booked_on(spent_on),
            amount=amount,
            currency=currency or Client.objects.get(pk=engagement.client_id).currency,
            what=what,
            billable=billable,
            against_allowance=against_allowance,
            receipt=receipt,
        )
        _check(expense)
        return rows.add(expense, by=by, at=at, kind="expense.noted")


def change(
    expense: Expense,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Expense:
    """Correct an expense, while it is neither billed nor in a closed month."""
    access.require(by, "expense", "change")
    with transaction.atomic():
        expense, days = _held(expense, by=by, at=at)
        if changes.get("spent_on", expense.spent_on) != expense.spent_on:
            days.check(changes["spent_on"], "spent_on", working=False)
            changes["booked_on"] = days.booked_on(changes["spent_on"])
        wanted = rows.wanted(expense, changes, by=by)
        _check(wanted)
        return rows.change(
            expense, changes, by=by, at=at, kind="expense.changed", expected=expected
        )


def remove(
    expense: Expense, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take back an expense."""
    access.require(by, "expense", "remove")
    with transaction.atomic():
        expense, _ = _held(expense, by=by, at=at)
        rows.remove(expense, by=by, at=at, kind="expense.removed", expected=expected)


def _held(expense: Expense, *, by: Actor, at: datetime.datetime) -> tuple[Expense, Calendar]:
    engagement = access.get(by, Engagement, expense.engagement_id, lock=True)
    expense = access.get(by, Expense, expense.pk, lock=True)
    days = booking.calendar(engagement, at=at)
    timesheet.own_only(expense.member_id, by)
    booking.check_open(expense.line_id, expense.booked_on, days)
    return expense, days


def _check(expense: Expense) -> None:
    errors: dict[str, list[str]] = {}
    if expense.amount <= 0:
        errors["amount"] = ["More than nothing."]
    if not expense.what.strip():
        errors["what"] = ["Say what for."]
    if expense.receipt is not None and expense.receipt.client_id != expense.client_id:
        errors["receipt"] = ["There is no such thing here."]
    if expense.against_allowance and not _allowed(expense):
        errors["against_allowance"] = [
            f"The terms of that day have no allowance of money in {expense.currency}."
        ]
    if errors:
        raise Invalid(errors)


def _allowed(expense: Expense) -> bool:
    """Judged by the day on which it counts, as the ledger does."""
    return Stage.objects.filter(
        Q(until_on=None) | Q(until_on__gt=expense.booked_on),
        practice_id=expense.practice_id,
        engagement_id=expense.engagement_id,
        since_on__lte=expense.booked_on,
        allowance_unit=AllowanceUnit.MONEY,
        currency=expense.currency,
    ).exists()
