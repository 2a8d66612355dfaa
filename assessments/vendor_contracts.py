"""Contracts with vendors of AI: terms, renewal and notice. What they owe the agenda is in vendor_dates.py."""

import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from assessments import systems, terms, vendor_dates
from assessments.models import Vendor, VendorContract
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid, NotAllowed, Taken

TAKEN = Taken("There is a contract with this external id already.", "external_id")


class ContractOver(Conflict):
    code, sentence = "vendor_contract_over", "This contract is over."


class NothingRenews(Conflict):
    code = "vendor_contract_open"
    sentence = "This contract has no term that ends: say first until when it runs."


class NoticeGiven(Conflict):
    code, sentence = "notice_given", "Notice was given already: the contract ends with its term."


def add(vendor: Vendor, *, by: Actor, at: datetime.datetime, **details: Any) -> VendorContract:
    """Put down a contract with a vendor. Without a currency it is the client's."""
    access.require(by, "vendor_contract", "add")
    may_set_fees(by, details)
    with transaction.atomic():
        vendor = access.get(by, Vendor, vendor.pk)
        client = Client.objects.get(pk=vendor.client_id)
        details["currency"] = details.get("currency") or client.currency
        contract = VendorContract(
            practice_id=vendor.practice_id, client=client, vendor=vendor, **details
        )
        check(contract)
        contract.notice_on = terms.notice_on(contract.renews_on, contract.notice_days)
        rows.add(contract, by=by, at=at, kind="vendor_contract.added", taken=TAKEN)
        vendor_dates.replan(contract, at=at)
    return contract


def change(
    contract: VendorContract,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> VendorContract:
    """Correct what was agreed, or put down what was agreed anew."""
    access.require(by, "vendor_contract", "change")
    may_set_fees(by, changes)
    with transaction.atomic():
        contract = _held(contract, by)
        wanted = rows.wanted(contract, changes, by=by)
        check(wanted)
        check_change(wanted)
        changes["notice_on"] = terms.notice_on(wanted.renews_on, wanted.notice_days)
        return _write(contract, changes, "vendor_contract.changed", by, at, expected)


def give_notice(
    contract: VendorContract,
    *,
    given_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> VendorContract:
    """Put down that notice was given: the contract ends with its term and does not renew."""
    access.require(by, "vendor_contract", "change")
    with transaction.atomic():
        contract = _held(contract, by)
        if contract.notice_given_on is not None:
            raise NoticeGiven
        if contract.renews_on is None:
            raise NothingRenews
        day = _day(contract, "given_on", given_on, at)
        changes = {"notice_given_on": day}
        return _settle(contract, changes, "vendor_contract.notice_given", by, at, expected)


def renew(
    contract: VendorContract,
    *,
    renews_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> VendorContract:
    """Put down that it goes on for another term; without a day, as long as its terms say. Notice given is void."""
    access.require(by, "vendor_contract", "change")
    with transaction.atomic():
        contract = _held(contract, by)
        if contract.renews_on is None:
            raise NothingRenews
        terms.check(renews_on=renews_on)
        following = renews_on or terms.months_on(contract.renews_on, contract.renewal_months)
        if following <= contract.renews_on:
            raise Invalid({"renews_on": [f"Later than {contract.renews_on}."]})
        terms.check(renews_on=following)
        changes = {
            "renews_on": following,
            "notice_on": terms.notice_on(following, contract.notice_days),
            "notice_given_on": None,
        }
        return _settle(contract, changes, "vendor_contract.renewed", by, at, expected)


def end(
    contract: VendorContract,
    *,
    ended_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> VendorContract:
    """Put down that it is over. Nothing of it is due any more."""
    access.require(by, "vendor_contract", "change")
    with transaction.atomic():
        contract = _held(contract, by)
        day = _day(contract, "ended_on", ended_on, at)
        return _settle(contract, {"ended_on": day}, "vendor_contract.ended", by, at, expected)


def turn(contract_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls once the term is over: it has renewed, or it has ended. By the days: twice is once."""
    with transaction.atomic():
        contract = access.get(by, VendorContract, contract_id, lock=True)
        today = local_day(at, contract.client.time_zone)
        if contract.ended_on is not None:
            return
        if contract.renews_on is None or contract.renews_on > today:
            vendor_dates.replan(contract, at=at)
            return
        if not contract.auto_renew or contract.notice_given_on is not None:
            last = contract.renews_on - terms.ONE
            _write(contract, {"ended_on": last}, "vendor_contract.ran_out", by, at, None)
            return
        following = terms.renewed(contract.renews_on, contract.renewal_months, today)
        changes = {
            "renews_on": following,
            "notice_on": terms.notice_on(following, contract.notice_days),
        }
        _write(contract, changes, "vendor_contract.renewed", by, at, None)


def _write(
    contract: VendorContract,
    changes: dict[str, Any],
    kind: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
    settled: bool = False,
) -> VendorContract:
    contract = rows.change(
        contract, changes, by=by, at=at, kind=kind, expected=expected, taken=TAKEN
    )
    vendor_dates.replan(contract, at=at, settled=settled)
    return contract


_settle = partial(_write, settled=True)


def _held(contract: VendorContract, by: Actor) -> VendorContract:
    contract = access.get(by, VendorContract, contract.pk, lock=True)
    if contract.ended_on is not None:
        raise ContractOver
    return contract


def _day(
    contract: VendorContract, name: str, day: datetime.date | None, at: datetime.datetime
) -> datetime.date:
    today = local_day(at, contract.client.time_zone)
    day = day or today
    terms.check(**{name: day})
    if not contract.starts_on <= day <= today:
        raise Invalid({name: [f"From {contract.starts_on} to today."]})
    return day


def check_change(wanted: VendorContract) -> None:
    """What a contract keeps besides while it is changed."""
    if wanted.ended_on is not None:
        raise ContractOver
    if wanted.notice_given_on is not None and wanted.renews_on is None:
        raise NoticeGiven


def may_set_fees(by: Actor, details: dict[str, Any]) -> None:
    # A role that does not read the sum does not write it either.
    if "annual_spend" in details and not access.may(by, "vendor_contract", "see_fees"):
        raise NotAllowed("Your role does not see what contracts cost.")


def check(contract: VendorContract) -> None:
    """What every contract keeps, whichever door it came by."""
    terms.check(starts_on=contract.starts_on, renews_on=contract.renews_on)
    wrong: dict[str, list[str]] = {}
    if not contract.name.strip():
        wrong["name"] = ["Say what it is called."]
    if contract.renews_on is not None and contract.renews_on <= contract.starts_on:
        wrong["renews_on"] = ["Later than its first day."]
    if contract.auto_renew and contract.renews_on is None:
        wrong["renews_on"] = ["What renews by itself has a day on which it does."]
    if wrong:
        raise Invalid(wrong)
    systems.of_this_client(contract, vendor=contract.vendor)
