"""How the demo tells an AI estate (data/demo): vendors, contracts, systems with their classes, spending, savings and
incidents. All of it goes through the verbs; what a client would bring as a file is taken in as one."""

import csv
import datetime
import io
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from assessments import (
    classifying,
    evidence,
    gpai,
    importing,
    incidents,
    savings,
    spend,
    systems,
    terms,
    vendors,
)
from assessments.demo_told import Estate, Running, Seller
from assessments.models import System, Vendor
from practice.access import Actor
from practice.demo.dates import ago
from practice.models import Contact
from practice.quarters import local_day

Moment = datetime.datetime
PLAIN: dict[str, Any] = {"ROLES": ["deployer"], "PRACTICES": [], "PRODUCT": "none", "AREAS": [], "SHOWN": []}  # fmt: skip
# An invoice of the last month of a quarter is there two days later.
BILLED = datetime.timedelta(days=2)


class Teller:
    """Who tells which estate, and when."""

    def __init__(self, told: Estate, sponsor: Contact, by: Actor, now: Moment) -> None:
        self.told, self.by, self.now = told, by, now
        self.sponsor, self.client = sponsor, sponsor.client
        self.today = local_day(now, self.client.time_zone)
        self.sellers: dict[str, Vendor] = {}
        self.found: dict[str, System] = {}

    def tell(self) -> None:
        self._vendors()
        self._contracts()
        self._systems()
        self._under_law()
        self._spending()
        self._savings()
        self._incidents()

    def how(self, days: int) -> dict[str, Any]:
        return {"by": self.by, "at": ago(self.now, days)}

    def take(self, kind: str, lines: Iterable[dict[str, Any]], at: Moment) -> None:
        text, lines = io.StringIO(), list(lines)
        file = csv.DictWriter(text, list(lines[0]))
        file.writeheader()
        file.writerows(lines)
        importing.take(
            self.client, kind=kind, content=text.getvalue(), dry_run=False, by=self.by, at=at
        )

    def _vendors(self) -> None:
        lines = [{"name": one.name, "country": one.country} for one in self.told.vendors]
        self.take("vendors", lines, ago(self.now, self.told.since))
        for row in Vendor.objects.filter(client=self.client).select_related("client"):
            self.sellers[row.name] = row
        for one in self.told.vendors:
            if one.looked:
                vendors.review(self.sellers[one.name], note=one.look, **self.how(one.looked))
            for item, status in one.asked.items():
                how = self.how(self.told.since)
                gpai.add(self.sellers[one.name], item=item, status=status, **how)

    def _contracts(self) -> None:
        at = ago(self.now, self.told.since)
        self.take("contracts", [self._contract(one) for one in self.told.vendors], at)

    def _contract(self, seller: Seller) -> dict[str, Any]:
        one = seller.contract
        renews_on = terms.months_on(self.today.replace(day=1), one.renews)
        return {
            "vendor": seller.name,
            "name": one.name,
            "annual_spend": one.annual,
            "currency": self.client.currency,
            "starts_on": terms.months_on(renews_on, -12),
            "renews_on": renews_on,
            "auto_renew": "yes" if one.auto_renew else "no",
            "notice_days": one.notice_days,
            "data_processing": one.data_processing,
        }

    def _systems(self) -> None:
        by_day: dict[int, list[Running]] = defaultdict(list)
        for one in self.told.systems:
            by_day[one.ago].append(one)
        for days, there in by_day.items():
            self.take("systems", map(self._system, there), ago(self.now, days))
        for row in System.objects.filter(client=self.client).select_related("client"):
            self.found[row.name] = row
        for one in self.told.systems:
            for step in one.steps:
                systems.move(self.found[one.name], to=step.to, **self.how(step.ago))

    def _system(self, one: Running) -> dict[str, Any]:
        flags = {
            "in_production": one.in_production,
            "customer_facing": one.customers,
            "critical_path": one.critical,
        }
        return {
            "name": one.name,
            "kind": one.kind,
            "purpose": one.purpose,
            "business_problem": one.problem,
            "expected_outcome": one.outcome,
            "data_classes": ", ".join(one.classes),
            "vendor": one.vendor,
            "ai_model": one.model,
            "fallback_plan": one.fallback,
            "discovered_how": one.how,
            "risk_owner": self.sponsor.name if one.owned else "",
            **{name: "yes" if said else "no" for name, said in flags.items()},
        }

    def _under_law(self) -> None:
        for one in self.told.systems:
            if one.classified:
                said = {**PLAIN, **one.answers}
                answers = {f"AI-ACT-{question}": told for question, told in said.items()}
                row = self.found[one.name]
                classifying.classify(row, answers=answers, **self.how(one.classified))
        for paper in self.told.evidence:
            evidence.add(
                self.client,
                title=paper.title,
                article=paper.article,
                system=self.found[paper.system] if paper.system else None,
                valid_until_on=terms.months_on(self.today, paper.valid_months),
                **self.how(paper.ago),
            )

    def _spending(self) -> None:
        """A file for each quarter of the calendar, once it is over; what is older came when the estate was begun."""
        first = terms.months_on(self.today.replace(day=1), -self.told.months)
        if any(self._currency(one) != self.client.currency for one in self.told.vendors):
            self._rate(first)
        files: dict[Moment, list[dict[str, Any]]] = defaultdict(list)
        sums = {one.name: Decimal(one.monthly) for one in self.told.vendors}
        for number in range(self.told.months):
            month = terms.months_on(first, number)
            lines = files[self._billed(month)]
            for one in self.told.vendors:
                lines.append(
                    {
                        "month": f"{month:%Y-%m}",
                        "vendor": one.name,
                        "amount": sums[one.name].quantize(Decimal("0.01")),
                        "currency": self._currency(one),
                    }
                )
                sums[one.name] += sums[one.name] * one.growth / 100
        for at, lines in files.items():
            self.take("spend", lines, at)

    def _billed(self, month: datetime.date) -> Moment:
        after = terms.months_on(month, 3 - (month.month - 1) % 3) + BILLED
        days = min((self.today - after).days, self.told.since)
        return ago(self.now, max(days, 0))

    def _currency(self, one: Seller) -> str:
        return one.currency or self.client.currency

    def _rate(self, first: datetime.date) -> None:
        spend.record_rate(
            self.client,
            currency=self.client.currency,
            into="USD",
            rate=Decimal("1.08"),
            since_on=first,
            source="Agreed with the finance office",
            **self.how(self.told.since),
        )

    def _savings(self) -> None:
        for one in self.told.savings:
            how = self.how(one.ago)
            found = savings.identify(
                self.client,
                title=one.title,
                lever=one.lever,
                vendor=self.sellers[one.vendor],
                identified_amount=Decimal(one.identified),
                **how,
            )
            if one.agreed:
                found = savings.agree(found, amount=Decimal(one.agreed), **how)
            if one.realised:
                savings.realise(found, amount=Decimal(one.realised), **how)

    def _incidents(self) -> None:
        for one in self.told.incidents:
            found_at = ago(self.now, one.ago)
            # Put down the day after, when there was time to write.
            how = self.how(one.ago - 1)
            row = incidents.add(
                self.found[one.system],
                title=one.title,
                severity=one.severity,
                serious=one.serious,
                what_happened=one.what_happened,
                runbook=one.runbook,
                found_at=found_at,
                started_at=ago(self.now, one.ago + one.lasted) if one.lasted else None,
                **how,
            )
            if one.learned:
                row = incidents.contain(row, **how)
                incidents.close(row, learned=one.learned, ended_at=how["at"], **how)
