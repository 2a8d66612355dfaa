"""Vendors of AI: putting one down, correcting it, and looking anew at what it offers, every three months by default."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from assessments import looks, terms
from assessments.models import Vendor
from practice import access, agenda, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import end_of_day, local_day
from practice.refusals import Invalid, Taken

REVIEW = "vendor_review"
TAKEN = Taken("There is a vendor with this external id already.", "external_id")


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> Vendor:
    """Put down a vendor. What it offers is looked at anew after its months."""
    access.require(by, "vendor", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk)
        vendor = Vendor(practice_id=client.practice_id, client=client, **details)
        check(vendor, details)
        vendor.review_on = next_look(vendor, local_day(at, client.time_zone))
        rows.add(vendor, by=by, at=at, kind="vendor.added", taken=TAKEN)
        plan(vendor, at)
    return vendor


def change(
    vendor: Vendor, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: Any
) -> Vendor:
    """Correct what is known of a vendor. Other months count from when it was last looked at."""
    access.require(by, "vendor", "change")
    with transaction.atomic():
        vendor = access.get(by, Vendor, vendor.pk, lock=True)
        wanted = rows.wanted(vendor, changes, by=by)
        check(wanted, changes)
        if wanted.review_months != vendor.review_months:
            changes["review_on"] = next_look(wanted, looked_on(vendor))
        vendor = rows.change(
            vendor, changes, by=by, at=at, kind="vendor.changed", expected=expected, taken=TAKEN
        )
        plan(vendor, at)
    return vendor


def review(
    vendor: Vendor,
    *,
    note: str,
    reviewed_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Vendor:
    """Say what came of looking at it anew. The next look is due after its months."""
    access.require(by, "vendor", "change")
    with transaction.atomic():
        vendor = access.get(by, Vendor, vendor.pk, lock=True)
        changes = looks.taken(vendor, note=note, reviewed_on=reviewed_on, at=at)
        vendor = rows.change(
            vendor, changes, by=by, at=at, kind="vendor.reviewed", expected=expected
        )
        close(vendor, at=at, done=True)
        plan(vendor, at)
    return vendor


def plan(vendor: Vendor, at: datetime.datetime) -> None:
    """One look is owed at a time: the entry moves with its day, and the next one is another period."""
    zone, period = vendor.client.time_zone, _period(vendor)
    agenda.plan(
        REVIEW,
        subject_id=vendor.pk,
        period=period,
        practice_id=vendor.practice_id,
        client_id=vendor.client_id,
        owner_id=vendor.client.responsible_id,
        due_at=end_of_day(vendor.review_on, zone),
        at=at,
        title=f"Look anew at {vendor.name}"[:200],
        time_zone=zone,
        all_day=True,
    )


def close(vendor: Vendor, *, at: datetime.datetime, done: bool) -> None:
    agenda.close(REVIEW, subject_id=vendor.pk, practice_id=vendor.practice_id, done=done, at=at)


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The client is in another zone now: the same days there."""
    for vendor in access.visible_to(by, Vendor).filter(client_id=client_id).order_by("id"):
        plan(vendor, at)


def _period(vendor: Vendor) -> str:
    """Named by the look before it, so that other months move the entry instead of making a second."""
    return f"after {vendor.reviewed_on or 'the first day'}"


def check(vendor: Vendor, given: dict[str, Any]) -> None:
    """What every vendor keeps, whichever door it came by."""
    if not vendor.name.strip():
        raise Invalid({"name": ["Say what it is called."]})
    if given.get("website") and not vendor.website.startswith(("https://", "http://")):
        raise Invalid({"website": ["An address that begins with https://."]})


def next_look(vendor: Vendor, since: datetime.date) -> datetime.date:
    if not 1 <= vendor.review_months <= 3:
        raise Invalid({"review_months": ["From 1 to 3 months."]})
    return terms.months_on(since, vendor.review_months)


def looked_on(vendor: Vendor) -> datetime.date:
    """When it was last looked at: the day on which it was put down, if never since."""
    return vendor.reviewed_on or local_day(vendor.created_at, vendor.client.time_zone)
