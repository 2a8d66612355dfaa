"""A client's AI estate for the tests of it: plain factory functions over the verbs."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import savings, spend, systems, vendor_contracts, vendors
from assessments.models import Saving, SpendLine, System, Vendor, VendorContract
from practice import access
from practice.models import AgendaEntry, Client
from tests import make

JANUARY = datetime.date(2026, 1, 1)


def acts(client: Client, at: datetime.datetime = make.NOW) -> dict[str, Any]:
    return {"by": access.system(client.practice_id), "at": at}


def vendor(client: Client, name: str = "Cloudmind", **details: Any) -> Vendor:
    return vendors.add(client, name=name, **acts(client), **details)


def system(client: Client, name: str = "Search", **details: Any) -> System:
    return systems.add(client, name=name, **{"kind": "workload"} | details, **acts(client))


def contract(of: Vendor, **details: Any) -> VendorContract:
    usual = {"name": "Seats", "starts_on": JANUARY, "currency": "EUR"}
    return vendor_contracts.add(of, **usual | details, **acts(of.client))


def line(client: Client, month: int, amount: str, **details: Any) -> SpendLine:
    year, month = 2025 + (month - 1) // 12, (month - 1) % 12 + 1
    return spend.note(
        client,
        month_on=datetime.date(year, month, 1),
        amount=Decimal(amount),
        **details,
        **acts(client),
    )


def saving(client: Client, amount: str = "1000.00", **details: Any) -> Saving:
    usual = {"title": "Unused seats", "lever": "unused"}
    return savings.identify(
        client, identified_amount=Decimal(amount), **usual | details, **acts(client)
    )


def rate(client: Client, currency: str, into: str, amount: str, since_on: datetime.date) -> Any:
    return spend.record_rate(
        client,
        currency=currency,
        into=into,
        rate=Decimal(amount),
        since_on=since_on,
        source="The bank",
        **acts(client),
    )


def entries(*kinds: str) -> list[tuple[str, str, str]]:
    """Kind, period and status of what is on the agenda, in the order of its days."""
    found = AgendaEntry.objects.filter(kind__in=kinds).order_by("due_at", "kind")
    return [(row.kind, row.period, row.status) for row in found]
