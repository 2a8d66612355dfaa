"""What the demo tells of an AI estate: one client's systems, vendors, contracts, a year of spending and what was found.

Every name is invented. All of it goes through the verbs, dated relative to the day of loading.
"""

import datetime
from decimal import Decimal
from typing import Any

from assessments import (
    classifying,
    evidence,
    gpai,
    incidents,
    savings,
    spend,
    systems,
    terms,
    vendor_contracts,
    vendors,
)
from assessments.models import Lever, System, SystemStatus, Vendor
from practice.access import Actor
from practice.models import Client, Contact

S = SystemStatus
MONTHS = 14
# Name, what a month costs at first, and by how much a hundred it grows each month.
VENDORS = (
    ("Nimbus Models", 61_000, 4),
    ("Paperlantern Cloud", 38_500, 1),
    ("Quill Agents", 9_200, 9),
)
# Vendor, kind, name, purpose, what it touches, how far it has come, whether customers meet it.
SYSTEMS: tuple[tuple[int | None, str, str, str, list[str], str, bool], ...] = (
    (0, "workload", "Complaint letters", "Drafts answers to complaints", ["customer", "personal"], S.IN_USE, True),
    (0, "workload", "Credit memos", "Sums up files for the credit committee", ["financial"], S.APPROVED, False),
    (1, "gateway", "Model gateway", "One door to all models, with quotas", ["confidential"], S.IN_USE, False),
    (1, "prompts", "Prompt shelf", "Where prompts are kept and reviewed", ["internal"], S.ASSESSED, False),
    (2, "vendor", "Branch assistants", "Answers questions in the branches", ["customer"], S.ASSESSED, True),
    (None, "shadow", "Minutes by a browser plug-in", "Writes minutes of meetings", ["employee", "confidential"], S.DISCOVERED, False),
)  # fmt: skip
# By system: what it does under the EU AI Act, beyond "no". The last one nobody has looked at yet.
ANSWERS: dict[str, dict[str, Any]] = {
    "Complaint letters": {"SHOWN": ["generates"], "MODEL": "uses"},
    "Credit memos": {"AREAS": ["essential_services"], "NARROW": [], "PROFILING": "yes", "MODEL": "uses"},
    "Model gateway": {"MODEL": "uses"},
    "Prompt shelf": {},
    "Branch assistants": {"ROLES": ["provider", "deployer"], "SHOWN": ["interacts"]},
}  # fmt: skip
PLAIN: dict[str, Any] = {"ROLES": ["deployer"], "PRACTICES": [], "PRODUCT": "none", "AREAS": [], "SHOWN": []}  # fmt: skip


def tell(client: Client, sponsor: Contact, by: Actor, at: datetime.datetime) -> None:
    acts: dict[str, Any] = {"by": by, "at": at - datetime.timedelta(days=20)}
    sellers = [vendors.add(client, name=name, **acts) for name, _, _ in VENDORS]
    _contracts(sellers, acts)
    found: dict[str, System] = {}
    for seller, kind, name, purpose, classes, status, customers in SYSTEMS:
        row = systems.add(
            client,
            kind=kind,
            name=name,
            purpose=purpose,
            data_classes=classes,
            vendor=None if seller is None else sellers[seller],
            in_production=status in (S.IN_USE, S.DISCOVERED),
            customer_facing=customers,
            discovered_how="invoices" if seller is not None else "network",
            **acts,
        )
        if status in (S.APPROVED, S.IN_USE):
            row = systems.name_risk_owner(row, contact=sponsor, **acts)
        for step in (S.ASSESSED, S.APPROVED, S.IN_USE):
            if row.status != status:
                row = systems.move(row, to=step, **acts)
        found[name] = row
    _under_law(client, found, sellers, at, acts)
    _spending(client, sellers, at, acts)
    _findings(client, sellers, acts)
    _incidents(client, at, acts)


def _under_law(
    client: Client,
    found: dict[str, System],
    sellers: list[Vendor],
    at: datetime.datetime,
    acts: dict[str, Any],
) -> None:
    for name, said in ANSWERS.items():
        answers = {f"AI-ACT-{question}": told for question, told in {**PLAIN, **said}.items()}
        classifying.classify(found[name], answers=answers, **acts)
    today = at.date()
    for title, article, name, months in (
        ("Training records of the branches", "Article 4", None, 5),
        ("Oversight plan for credit memos", "Article 26", "Credit memos", 1),
    ):
        evidence.add(
            client,
            title=title,
            article=article,
            system=found[name] if name else None,
            valid_until_on=terms.months_on(today, months),
            **acts,
        )
    for item, status in (("documentation", "received"), ("copyright", "asked")):
        gpai.add(sellers[0], item=item, status=status, **acts)


def _contracts(sellers: list[Vendor], acts: dict[str, Any]) -> None:
    today: datetime.date = acts["at"].date()
    for number, (seller, sum_) in enumerate(zip(sellers, (720_000, 450_000, 96_000), strict=True)):
        renews_on = terms.months_on(today.replace(day=1), 2 + 3 * number)
        vendor_contracts.add(
            seller,
            name=("Models, committed", "Cloud with gateway", "Seats for the branches")[number],
            annual_spend=Decimal(sum_),
            starts_on=terms.months_on(renews_on, -12),
            renews_on=renews_on,
            auto_renew=number != 1,
            notice_days=(30, 90, 60)[number],
            data_processing=("agreed", "agreed", "missing")[number],
            **acts,
        )


def _spending(
    client: Client, sellers: list[Vendor], at: datetime.datetime, acts: dict[str, Any]
) -> None:
    first = terms.months_on(at.date().replace(day=1), -MONTHS)
    now = {**acts, "at": at}
    for (_, cost, growth), seller in zip(VENDORS, sellers, strict=True):
        amount = Decimal(cost)
        for month in range(MONTHS):
            spend.note(
                client,
                month_on=terms.months_on(first, month),
                vendor=seller,
                amount=amount.quantize(Decimal("0.01")),
                # One of them bills in dollars.
                currency="USD" if seller is sellers[2] else client.currency,
                **now,
            )
            amount += amount * growth / 100
    if client.currency != "USD":
        rate = {"into": "USD", "rate": Decimal("1.08"), "source": "Agreed with the finance office"}
        spend.record_rate(client, currency=client.currency, since_on=first, **rate, **now)


def _findings(client: Client, sellers: list[Vendor], acts: dict[str, Any]) -> None:
    found = savings.identify(
        client,
        title="Branch seats nobody signs in to",
        lever=Lever.UNUSED,
        vendor=sellers[2],
        identified_amount=Decimal(31_000),
        **acts,
    )
    found = savings.agree(found, amount=Decimal(26_000), **acts)
    savings.realise(found, amount=Decimal(24_500), **acts)
    small = savings.identify(
        client,
        title="Complaint letters on the middle model",
        lever=Lever.DOWNSHIFT,
        vendor=sellers[0],
        identified_amount=Decimal(190_000),
        **acts,
    )
    savings.agree(small, amount=Decimal(150_000), **acts)
    savings.identify(
        client,
        title="One cloud instead of two for embeddings",
        lever=Lever.CONSOLIDATION,
        vendor=sellers[1],
        identified_amount=Decimal(74_000),
        **acts,
    )


def _incidents(client: Client, at: datetime.datetime, acts: dict[str, Any]) -> None:
    day = datetime.timedelta(days=1)
    letters = System.objects.get(client=client, name="Complaint letters")
    row = incidents.add(
        letters,
        title="Letters promised refunds nobody had granted",
        severity="high",
        what_happened="Eleven drafts named an amount that was in no file. Four went out before a clerk noticed.",
        runbook="Incident runbook, chapter Wrong and believed",
        found_at=acts["at"] - 9 * day,
        started_at=acts["at"] - 11 * day,
        **acts,
    )
    row = incidents.contain(row, **acts)
    incidents.close(
        row,
        learned="Amounts are filled in from the file by code, and a draft with any other number is held back.",
        ended_at=acts["at"] - 8 * day,
        **acts,
    )
    incidents.add(
        System.objects.get(client=client, name="Branch assistants"),
        title="Assistant quoted another customer's balance",
        severity="critical",
        serious=True,
        what_happened="Two customers at one counter; the second was told the balance of the first. Switched off in all branches.",
        runbook="Incident runbook, chapter Leak",
        found_at=at - 2 * day,
        **{**acts, "at": at - day},
    )
