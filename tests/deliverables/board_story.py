"""Nine months of a random client, told through the verbs, with a plain diary beside it: what was so when, to be counted
again without any reading of ours."""

import bisect
import datetime
import random
import zoneinfo
from decimal import Decimal
from typing import Any

from assessments import (
    classifying,
    incidents,
    initiatives,
    metrics,
    milestones,
    risks,
    vendor_contracts,
)
from assessments import savings as saving_verbs
from assessments import systems as system_verbs
from deliverables import accepting, decisions, owed, releasing, reviewing, writing
from engagements import timesheet
from engagements.models import Engagement, Finding
from practice import access, rows
from tests import make
from tests.assessments import estate, planned
from tests.assessments.test_classification import answers
from tests.cast import Cast
from tests.deliverables import logged

Day = datetime.date
Moment = datetime.datetime
UTC = datetime.UTC
FIRST, LAST = Day(2025, 7, 1), Day(2026, 2, 27)
# The quarter that is told of, and the one before it, are over; the story goes on behind them.
ENDS, STARTS, BEFORE = Day(2025, 12, 31), Day(2025, 10, 1), Day(2025, 7, 1)
CURRENCIES = ("EUR", "USD", "GBP")
TIERS: dict[str, dict[str, Any]] = {
    "MINIMAL_RISK": {},
    "LIMITED_RISK": {"SHOWN": ["interacts"]},
    "HIGH_RISK": {"AREAS": ["employment"]},
}
NAMES = ("Orchid", "Badger", "Cobalt", "Dahlia", "Ember", "Falcon", "Garnet", "Heron", "Indigo")


class Diary:
    """By row: moments and what it was from then on."""

    def __init__(self) -> None:
        self.kept: dict[Any, list[tuple[Moment, dict[str, Any]]]] = {}

    def write(self, key: Any, at: Moment, **said: Any) -> None:
        pages = self.kept.setdefault(key, [])
        pages.append((at, {**(pages[-1][1] if pages else {}), **said}))

    def of(self, key: Any, at: Moment) -> dict[str, Any]:
        """As it was then; what was written down later as it was at first."""
        pages = self.kept[key]
        n = bisect.bisect_right([when for when, _ in pages], at)
        return pages[max(n - 1, 0)][1]

    def since(self, key: Any) -> Moment:
        return self.kept[key][0][0]


class Story:
    def __init__(self, cast: Cast, engagement: Engagement, seed: int) -> None:
        self.cast, self.engagement = cast, engagement
        self.client = engagement.client
        self.chance = random.Random(seed)
        self.zone = zoneinfo.ZoneInfo(self.client.time_zone)
        self.systems, self.risks, self.initiatives, self.steps = Diary(), Diary(), Diary(), Diary()
        self.rows: dict[Any, Any] = {}
        self.postponed: list[tuple[Day, str, str, Day, Day, str]] = []
        self.minutes: list[tuple[Day, str, int, bool]] = []
        self.findings: list[tuple[Moment, Moment | None]] = []
        self.deliverables: list[tuple[Moment, Day, Moment | None]] = []

    def day(self, first: Day = FIRST, last: Day = LAST) -> Day:
        return first + datetime.timedelta(days=self.chance.randrange((last - first).days + 1))

    def noon(self, day: Day) -> Moment:
        return Moment(day.year, day.month, day.day, 12, self.chance.randrange(60), tzinfo=UTC)

    def acts(self, at: Moment) -> dict[str, Any]:
        return {"by": access.system(self.client.practice_id), "at": at}

    def tell(self) -> None:
        self._ledger()
        self._decided()
        self._owed()
        self._worked()
        self._measured()
        moments = sorted(self.noon(self.day()) for _ in range(48))
        for at in moments:
            act = self.chance.choice(
                (self._system, self._system, self._risk, self._risk, self._incident, self._step)
            )
            act(at)
        self._radar()

    # The ledger.

    def _ledger(self) -> None:
        for currency in CURRENCIES[1:]:
            if self.chance.random() < 0.6:
                estate.rate(self.client, currency, "EUR", "0.8", Day(2025, 1, 1))
        vendors = [estate.vendor(self.client, f"{name} Models") for name in NAMES[:3]]
        for month in range(7, 15):
            for _ in range(self.chance.randrange(1, 4)):
                cents = self.chance.randrange(1, 10**7)
                estate.line(
                    self.client,
                    month,
                    str(Decimal(cents) / 100),
                    currency=self.chance.choice(CURRENCIES),
                    vendor=self.chance.choice(vendors),
                )
        for vendor in vendors:
            yearly = Decimal(self.chance.randrange(10**7)) / 100
            contract = estate.contract(
                vendor,
                annual_spend=yearly,
                currency=self.chance.choice(CURRENCIES),
                starts_on=Day(2025, 1, 1),
            )
            if self.chance.random() < 0.5:
                on = self.day()
                vendor_contracts.end(contract, ended_on=on, **self.acts(self.noon(LAST)))
        for n in range(4):
            on = self.day(FIRST, Day(2025, 12, 1))
            row = estate.saving(
                self.client,
                str(Decimal(self.chance.randrange(1, 10**6)) / 100),
                title=f"Saving {n}",
                lever=self.chance.choice(("consolidation", "downshift", "unused")),
                identified_on=on,
                currency=self.chance.choice(CURRENCIES),
            )
            for step in (saving_verbs.agree, saving_verbs.realise)[: self.chance.randrange(3)]:
                on = self.day(on)
                amount = Decimal(self.chance.randrange(10**6)) / 100
                name = "agreed_on" if step is saving_verbs.agree else "realised_on"
                row = step(row, amount=amount, **{name: on}, **self.acts(self.noon(LAST)))

    # The decision log.

    def _decided(self) -> None:
        huge = {"per_decision": Decimal(10**9), "per_period": Decimal(10**9)}
        logged.charter(self.cast, self.engagement, limit=huge, at=self.noon(FIRST))
        for at in sorted(self.noon(self.day()) for _ in range(6)):
            amount = Decimal(self.chance.randrange(1, 10**6)) / 100
            row = logged.decision(
                self.engagement,
                self.cast.ada,
                at=at,
                question=f"What of {at:%j}?",
                amount=amount,
                currency="EUR",
            )
            if self.chance.random() < 0.7:
                decisions.share(row, client_sees=True, by=make.actor(self.cast.ada), at=at)

    # What is owed.

    def _owed(self) -> None:
        ada, olu, priya = (
            make.actor(one) for one in (self.cast.ada, self.cast.olu, self.cast.priya)
        )
        for n in range(4):
            due_on, at = self.day(), self.noon(FIRST)
            row = owed.add(
                self.engagement, code="DV-07", title=f"Map {n}", due_on=due_on, by=ada, at=at
            )
            accepted_at = None
            if self.chance.random() < 0.6:
                accepted_at = at = self.noon(self.day())
                writing.submit(writing.begin(row, text=f"# {n}\n", by=ada, at=at), by=ada, at=at)
                reviewing.pass_on(row, by=olu, at=at)
                row.refresh_from_db()
                release = releasing.release(row, to=[self.cast.priya], by=ada, at=at)
                for number in range(1, len(release.criteria) + 1):
                    accepting.tick(release, number=number, by=priya, at=at)
                accepting.answer(release, answer="accepted", by=priya, at=at)
            self.deliverables.append((self.noon(FIRST), due_on, accepted_at))

    def _worked(self) -> None:
        for _ in range(40):
            on, minutes = self.day(), self.chance.randrange(1, 600)
            hat, billable = self.chance.choice(("CTO", "CAIO")), self.chance.random() < 0.8
            timesheet.note(
                self.engagement,
                worked_on=on,
                minutes=minutes,
                hat=hat,
                billable=billable,
                by=make.actor(self.cast.ada),
                at=self.noon(on),
            )
            self.minutes.append((on, hat, minutes, billable))

    def _measured(self) -> None:
        for name in NAMES[:3]:
            more = {"target": Decimal(50), "direction": self.chance.choice(("up", "down"))}
            metric = planned.metric(self.client, f"{name} rate", **more)
            for day in sorted({self.day() for _ in range(4)}):
                value = str(Decimal(self.chance.randrange(1000)) / 10)
                metrics.note(
                    metric,
                    value=Decimal(value),
                    measured_on=day,
                    source="Survey",
                    **self.acts(self.noon(LAST)),
                )

    # What has a life of its own.

    def _system(self, at: Moment) -> None:
        known = list(self.systems.kept)
        if not known or self.chance.random() < 0.35:
            name = f"{self.chance.choice(NAMES)} {len(known)}"
            said = {
                "in_production": self.chance.random() < 0.5,
                "customer_facing": self.chance.random() < 0.5,
            }
            found_on = at.astimezone(self.zone).date()
            row = system_verbs.add(
                self.client,
                name=name,
                kind="workload",
                discovered_on=found_on,
                **said,
                **self.acts(at),
            )
            self.rows[row.pk] = row
            self.systems.write(
                row.pk,
                at,
                name=name,
                on=found_on,
                status="discovered",
                tier="",
                owned=False,
                **said,
            )
            return
        id = self.chance.choice(known)
        row, now = self.rows[id], self.systems.of(id, at)
        kind = self.chance.randrange(4)
        if kind == 0:
            to = self.chance.choice(system_verbs.STEPS[now["status"]])
            if to in ("approved", "in_use", "retiring") and not now["owned"]:
                return
            self.rows[id] = system_verbs.move(row, to=to, **self.acts(at))
            gone = {"in_production": False} if to == "retired" else {}
            self.systems.write(id, at, status=to, **gone)
        elif kind == 1:
            tier = self.chance.choice(list(TIERS))
            classifying.classify(
                row,
                answers=answers(["deployer"], TIERS[tier]),
                by=make.actor(self.cast.ada),
                at=at,
            )
            self.systems.write(id, at, tier=tier)
        elif kind == 2:
            self.rows[id] = system_verbs.name_risk_owner(row, name="Nora", **self.acts(at))
            self.systems.write(id, at, owned=True)
        elif now["status"] != "retired":
            changed = {"in_production": not now["in_production"]}
            self.rows[id] = system_verbs.change(row, **changed, **self.acts(at))
            self.systems.write(id, at, **changed)

    def _risk(self, at: Moment) -> None:
        known = list(self.risks.kept)
        marks = {
            "likelihood": self.chance.randrange(1, 6),
            "impact": self.chance.randrange(1, 6),
        }
        if not known or self.chance.random() < 0.4:
            title = f"Risk {len(known)} of {self.chance.choice(NAMES)}"
            row = risks.add(self.client, title=title, **marks, **self.acts(at))
            self.rows[row.pk] = row
            self.risks.write(row.pk, at, title=title, status="open", **marks)
            return
        id = self.chance.choice(known)
        row, now = self.rows[id], self.risks.of(id, at)
        if now["status"] == "closed":
            self.rows[id] = risks.reopen(row, **self.acts(at))
            self.risks.write(id, at, status="open")
        elif self.chance.random() < 0.6:
            self.rows[id] = risks.change(row, **marks, **self.acts(at))
            self.risks.write(id, at, **marks)
        else:
            self.rows[id] = risks.close(row, reason="It is gone.", **self.acts(at))
            self.risks.write(id, at, status="closed", closed_at=at)

    def _incident(self, at: Moment) -> None:
        if not self.systems.kept:
            return
        row = incidents.add(
            self.rows[self.chance.choice(list(self.systems.kept))],
            title=f"Incident of {at:%j}",
            severity=self.chance.choice(("low", "medium", "high", "critical")),
            what_happened="It said what is not so.",
            **self.acts(at),
        )
        for later in (incidents.contain, incidents.close)[: self.chance.randrange(3)]:
            at = min(at + datetime.timedelta(days=self.chance.randrange(60)), self.noon(LAST))
            more = {"learned": "To look.", "ended_at": at} if later is incidents.close else {}
            row = later(row, **more, **self.acts(at))

    def _step(self, at: Moment) -> None:
        known = list(self.steps.kept)
        if not known or self.chance.random() < 0.4:
            title = f"Initiative {len(self.initiatives.kept)}"
            row = initiatives.add(self.client, title=title, horizon="quarter", **self.acts(at))
            self.initiatives.write(row.pk, at, title=title, status="proposed")
            for to in ("agreed", "under_way")[: self.chance.randrange(3)]:
                row = initiatives.move(row, to=to, **self.acts(at))
                self.initiatives.write(row.pk, at, status=to)
            planned_on = self.day(at.date(), Day(2026, 4, 1))
            step = milestones.add(
                row, title=f"Step of {title}", planned_on=planned_on, **self.acts(at)
            )
            self.rows[step.pk] = step
            self.steps.write(
                step.pk, at, title=step.title, of=row.pk, planned_on=planned_on, done_on=None
            )
            return
        id = self.chance.choice(known)
        row, now = self.rows[id], self.steps.of(id, at)
        if now["done_on"]:
            return
        if self.chance.random() < 0.6:
            to_on = now["planned_on"] + datetime.timedelta(days=self.chance.randrange(1, 40))
            words = f"Not ready on {at:%j}."
            said = {"to_on": to_on, "reason": "data", "words": words}
            self.rows[id] = milestones.postpone(row, **said, **self.acts(at))
            on = at.astimezone(self.zone).date()
            initiative = self.initiatives.of(now["of"], at)["title"]
            self.postponed.append(
                (on, now["title"], initiative, now["planned_on"], to_on, f"Data: {words}")
            )
            self.steps.write(id, at, planned_on=to_on)
        else:
            self.rows[id] = milestones.finish(row, **self.acts(at))
            self.steps.write(id, at, done_on=at.astimezone(self.zone).date())

    def _radar(self) -> None:
        """As the sweep writes them down."""
        for n in range(4):
            raised, cleared = sorted((self.noon(self.day()), self.noon(self.day())))
            row = Finding(
                practice_id=self.engagement.practice_id,
                client_id=self.client.pk,
                engagement=self.engagement,
                code="FM-07",
                about=str(n),
                sentence="Nobody answers for it.",
                evidence=[{"kind": "system", "id": "1", "text": "One of them."}],
                raised_at=raised,
                seen_at=raised,
            )
            rows.add(row, kind="finding.raised", **self.acts(raised))
            gone = self.chance.random() < 0.5 and cleared > raised
            if gone:
                change = {"cleared_at": cleared}
                rows.change(row, change, kind="finding.cleared", **self.acts(cleared))
            self.findings.append((raised, cleared if gone else None))
