"""Contracts under way by the day that comes next: the last one for notice, else the renewal or the end."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from assessments.models import VendorContract
from practice import access
from practice.access import Actor
from practice.models import Client

SOON = datetime.timedelta(days=60)
MOST = 500


@dataclass(frozen=True)
class Coming:
    row: VendorContract
    day: datetime.date
    what: str
    soon: bool
    spend: Decimal | None
    """In a year, for those who may see it."""


def coming(client: Client, *, by: Actor, today: datetime.date) -> list[Coming]:
    """The first day first. What has no fixed term comes up by its year alone, and is on the agenda."""
    rows = access.visible_to(by, VendorContract).filter(
        client_id=client.pk, ended_on=None, renews_on__isnull=False
    )
    fees = access.may(by, "vendor_contract", "see_fees")
    found = []
    for row in rows.select_related("vendor").order_by("renews_on", "id")[:MOST]:
        notice, renews = row.notice_on, row.renews_on
        owes_notice = row.notice_given_on is None and notice is not None and notice >= today
        day = notice if owes_notice else renews
        if day is not None:
            what, spend = _what(row, owes_notice), row.annual_spend if fees else None
            found.append(Coming(row, day, what, day <= today + SOON, spend))
    return sorted(found, key=lambda one: one.day)


def _what(row: VendorContract, owes_notice: bool) -> str:
    if owes_notice:
        return (
            "Last day for notice, or it renews"
            if row.auto_renew
            else "Decide by this day, or it ends"
        )
    return "Ends" if row.notice_given_on or not row.auto_renew else "Renews"
