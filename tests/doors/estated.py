"""A client's AI estate: a system with its vendor and contract, a month of spend, a rate and a finding, and spare ones."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import (
    classifying,
    evidence,
    gpai,
    incidents,
    register_sharing,
    savings,
    spend,
    systems,
    vendor_contracts,
    vendors,
)
from practice import access
from practice.models import Client
from tests import make
from tests.doors.canaries import Canaries, Origin

JANUARY, FEBRUARY = datetime.date(2026, 1, 1), datetime.date(2026, 2, 1)
FAR = datetime.date(2098, 1, 1)
ANSWERS = {"AI-ACT-ROLES": ["deployer"], "AI-ACT-AREAS": ["employment"]}


def rows_at(client: Client, place: str, canaries: Canaries) -> tuple[list[Any], dict[str, Any]]:
    acts: dict[str, Any] = {"by": access.system(client.practice_id), "at": make.NOW}

    def sum_of(model: str, field: str) -> Any:
        return canaries.sum(Origin(frozenset({place}), model, field))

    vendor = vendors.add(client, name="V", external_id=f"V-{place}", **acts)
    terms = {"starts_on": JANUARY, "renews_on": FAR, "notice_days": 30, "currency": "EUR"}
    contract = vendor_contracts.add(
        vendor, name="C", annual_spend=sum_of("vendorcontract", "annual_spend"), **terms, **acts
    )
    system = systems.add(client, name="S", kind="workload", vendor=vendor, **acts)
    told = {"title": "I", "severity": "high", "what_happened": "It made things up", **acts}
    incident = incidents.add(system, external_id=f"I-{place}", runbook="R", **told)
    contained = incidents.contain(incidents.add(system, **told), **acts)
    line = spend.note(
        client, month_on=JANUARY, amount=sum_of("spendline", "amount"), vendor=vendor, **acts
    )
    rate = spend.record_rate(
        client,
        currency="EUR",
        into="USD",
        rate=Decimal("1.1"),
        since_on=JANUARY,
        source="Bank",
        **acts,
    )
    found = {"lever": "unused", "vendor": vendor, **acts}
    amounts = {"identified_amount": sum_of("saving", "identified_amount")}
    saving = savings.identify(client, title="F", **amounts, **found)
    agreed = savings.identify(client, title="F", **amounts, **found)
    agreed = savings.agree(agreed, amount=sum_of("saving", "agreed_amount"), **acts)
    lawful = _lawful(client, system, vendor, acts)
    link, _ = register_sharing.share(client, recipient="An auditor", **acts)
    estate = [vendor, contract, system, incident, line, rate, saving, *lawful, link]
    return estate, {"saving agreed": agreed, "incident contained": contained}


def _lawful(client: Client, system: Any, vendor: Any, acts: dict[str, Any]) -> list[Any]:
    """How it was classified, and what shows that its duties are met."""
    return [
        classifying.classify(system, answers=ANSWERS, **acts),
        evidence.add(client, title="E", system=system, valid_until_on=FAR, **acts),
        gpai.add(vendor, item="copyright", **acts),
    ]
