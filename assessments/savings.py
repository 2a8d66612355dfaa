"""What could be spent less, by the three levers: found, agreed, realised, or dropped with a reason."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from assessments import systems, terms
from assessments.models import Saving, SavingStatus
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid, Taken

S = SavingStatus
STEPS: dict[str, tuple[str, ...]] = {
    S.IDENTIFIED: (S.AGREED, S.DROPPED),
    S.AGREED: (S.REALISED, S.DROPPED),
    S.REALISED: (),
    S.DROPPED: (),
}
TAKEN = Taken("There is a finding with this external id already.", "external_id")


class SavingStepRefused(Conflict):
    code = "saving_step_refused"
    sentence = (
        "A finding is agreed before it is realised, and what is realised or dropped stays so."
    )


def identify(
    client: Client,
    *,
    title: str,
    lever: str,
    identified_amount: Decimal,
    identified_on: datetime.date | None = None,
    currency: str = "",
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> Saving:
    """Put down what could be spent less in a year, by which lever."""
    access.require(by, "saving", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        saving = Saving(
            practice_id=client.practice_id,
            client=client,
            title=title,
            lever=lever,
            identified_amount=identified_amount,
            identified_on=identified_on or local_day(at, client.time_zone),
            currency=currency or client.currency,
            **details,
        )
        _check(saving, at)
        return rows.add(saving, by=by, at=at, kind="saving.identified", taken=TAKEN)


def change(
    saving: Saving, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Saving:
    """Correct a finding. Once it was agreed, its figure as found stays."""
    access.require(by, "saving", "change")
    with transaction.atomic():
        saving = access.get(by, Saving, saving.pk, lock=True)
        wanted = rows.wanted(saving, changes, by=by)
        _check(wanted, at)
        figures = (wanted.identified_amount, wanted.currency, wanted.lever)
        if saving.status != S.IDENTIFIED and figures != (
            saving.identified_amount,
            saving.currency,
            saving.lever,
        ):
            raise SavingStepRefused("The figure was agreed on: it stays as it was found.")
        return rows.change(
            saving, changes, by=by, at=at, kind="saving.changed", expected=expected, taken=TAKEN
        )


def agree(
    saving: Saving,
    *,
    amount: Decimal,
    agreed_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Saving:
    """Put down what of it the client agreed to go for, in a year."""
    return _step(saving, S.AGREED, amount, agreed_on, by, at, expected)


def realise(
    saving: Saving,
    *,
    amount: Decimal,
    realised_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Saving:
    """Put down what came of it, in a year; nothing is an answer too."""
    return _step(saving, S.REALISED, amount, realised_on, by, at, expected)


def drop(
    saving: Saving, *, reason: str, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Saving:
    """Put down that it will not be done, and why."""
    access.require(by, "saving", "change")
    if not reason.strip():
        raise Invalid({"reason": ["Say why."]})
    with transaction.atomic():
        saving = _held(saving, S.DROPPED, by)
        changes = {"status": S.DROPPED, "dropped_reason": reason.strip()}
        return rows.change(saving, changes, by=by, at=at, kind="saving.dropped", expected=expected)


def _step(
    saving: Saving,
    to: str,
    amount: Decimal,
    on: datetime.date | None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> Saving:
    access.require(by, "saving", "change")
    with transaction.atomic():
        saving = _held(saving, to, by)
        today, stem = local_day(at, saving.client.time_zone), str(to)
        day, since = on or today, saving.agreed_on or saving.identified_on
        if amount < 0:
            raise Invalid({"amount": ["Not below nothing."]})
        if not since <= day <= today:
            raise Invalid({f"{stem}_on": [f"From {since} to today."]})
        changes = {"status": to, f"{stem}_amount": amount, f"{stem}_on": day}
        return rows.change(saving, changes, by=by, at=at, kind=f"saving.{to}", expected=expected)


def _held(saving: Saving, to: str, by: Actor) -> Saving:
    saving = access.get(by, Saving, saving.pk, lock=True)
    if to not in STEPS[saving.status]:
        raise SavingStepRefused(present=saving.status, allowed=list(STEPS[saving.status]))
    return saving


def _check(saving: Saving, at: datetime.datetime) -> None:
    terms.check(identified_on=saving.identified_on)
    wrong: dict[str, list[str]] = {}
    if not saving.title.strip():
        wrong["title"] = ["Say what it is."]
    if saving.identified_amount <= 0:
        wrong["identified_amount"] = ["More than nothing."]
    if saving.identified_on > local_day(at, saving.client.time_zone):
        wrong["identified_on"] = ["Not in the future."]
    if wrong:
        raise Invalid(wrong)
    systems.of_this_client(saving, system=saving.system, vendor=saving.vendor)
