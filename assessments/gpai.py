"""The checklist of what to ask of the vendor of a general-purpose model: the items, and how far each has come."""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction

from assessments import facts
from assessments.models import Vendor, VendorEvidence
from practice import access, book, rows
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Invalid, Taken

FILE = facts.DATA / "gpai.toml"
TAKEN = Taken("This item of the vendor is on the checklist already; change it there.", "item")


@dataclass(frozen=True)
class Item:
    label: str
    article: str


@dataclass(frozen=True)
class Checklist:
    version: int
    says: str
    items: dict[str, Item]


@cache
def checklist() -> Checklist:
    return book.build(Checklist, book.read(FILE), FILE)


def label(key: str) -> str:
    """What a kept item is called; one that a later list no longer has keeps its key."""
    item = checklist().items.get(key)
    return f"{item.label} ({item.article})" if item else key


def add(
    vendor: Vendor, *, item: str, by: Actor, at: datetime.datetime, **details: Any
) -> VendorEvidence:
    """Begin an item of the checklist: asked for, received, refused, or not needed."""
    access.require(by, "vendor_evidence", "add")
    with transaction.atomic():
        vendor = access.get(by, Vendor, vendor.pk)
        if item not in checklist().items:
            raise Invalid({"item": [f"One of: {', '.join(checklist().items)}."]})
        details.setdefault("status_on", local_day(at, vendor.client.time_zone))
        row = VendorEvidence(
            practice_id=vendor.practice_id,
            client_id=vendor.client_id,
            vendor=vendor,
            item=item,
            **details,
        )
        _check(row, details, at)
        return rows.add(row, by=by, at=at, kind="vendor_evidence.added", taken=TAKEN)


def change(
    row: VendorEvidence,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> VendorEvidence:
    """Say how far it has come. Another status is of today, unless its day is said."""
    access.require(by, "vendor_evidence", "change")
    with transaction.atomic():
        row = access.get(by, VendorEvidence, row.pk, lock=True)
        if changes.get("status", row.status) != row.status:
            changes.setdefault("status_on", local_day(at, row.client.time_zone))
        wanted = rows.wanted(row, changes, by=by)
        _check(wanted, changes, at)
        return rows.change(
            row, changes, by=by, at=at, kind="vendor_evidence.changed", expected=expected
        )


def _check(row: VendorEvidence, given: dict[str, Any], at: datetime.datetime) -> None:
    wrong: dict[str, list[str]] = {}
    if row.status_on > local_day(at, row.client.time_zone):
        wrong["status_on"] = ["Not in the future."]
    if given.get("link") and not row.link.startswith(("https://", "http://")):
        wrong["link"] = ["An address that begins with https://."]
    if row.file is not None and row.file.client_id != row.client_id:
        wrong["file"] = ["There is no such thing here."]
    if wrong:
        raise Invalid(wrong)
