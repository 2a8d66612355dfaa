"""The figures of a board report counted once more: plain loops over rows and over the diary of the story, no reading of ours."""

import datetime
import zoneinfo
from collections import Counter
from decimal import Decimal
from typing import Any

from assessments.models import (
    ExchangeRate,
    Incident,
    MetricValue,
    Saving,
    SpendLine,
    VendorContract,
)
from deliverables.models import Decision
from tests.deliverables.board_story import BEFORE, ENDS, STARTS, Story

Day = datetime.date
CENT = Decimal("0.01")
BANDS = (("Critical", 16, 99), ("High", 10, 15), ("Medium", 5, 9), ("Low", 1, 4))
TIERS = {
    "HIGH_RISK": "High risk",
    "LIMITED_RISK": "Limited risk",
    "MINIMAL_RISK": "Minimal risk",
    "": "Not classified yet",
}
STATUSES = {
    "discovered": "Discovered",
    "assessed": "Assessed",
    "approved": "Approved",
    "in_use": "In use",
    "retiring": "Being retired",
}
Pair = tuple[str, str | None]


def money(amount: Decimal) -> str:
    return f"{amount.quantize(CENT):,} EUR"


def said(day: Day) -> str:
    return f"{day.day} {day:%b %Y}"


class Counted:
    def __init__(self, story: Story) -> None:
        self.story, self.client = story, story.client
        self.zone = zoneinfo.ZoneInfo(self.client.time_zone)
        self.end, self.former = self._close(ENDS), self._close(STARTS - datetime.timedelta(days=1))

    def _close(self, day: Day) -> datetime.datetime:
        after = day + datetime.timedelta(days=1)
        midnight = datetime.datetime(after.year, after.month, after.day, tzinfo=self.zone)
        return midnight - datetime.timedelta(microseconds=1)

    def on(self, at: datetime.datetime) -> Day:
        return at.astimezone(self.zone).date()

    # Money.

    def euros(self, amount: Decimal, currency: str) -> Decimal | None:
        if currency == "EUR":
            return amount
        rates = list(ExchangeRate.objects.filter(client=self.client, currency=currency))
        return (amount * rates[0].rate).quantize(CENT) if rates else None

    def spent(self, first: Day, last: Day) -> dict[str, Decimal]:
        """By vendor. Each month, vendor and currency is converted once, to the cent."""
        sums: Counter[Any] = Counter()
        for line in SpendLine.objects.filter(client=self.client):
            if first <= line.month_on <= last:
                sums[line.month_on, line.vendor.name, line.currency] += line.amount
        found: dict[str, Decimal] = {}
        for (_, vendor, currency), amount in sums.items():
            found.setdefault(vendor, Decimal(0))
            found[vendor] += self.euros(amount, currency) or 0
        return found

    def planned(self) -> Decimal:
        sums: Counter[str] = Counter()
        for row in VendorContract.objects.filter(client=self.client):
            if row.annual_spend is not None and (row.ended_on is None or row.ended_on > ENDS):
                sums[row.currency] += row.annual_spend
        yearly = sum(self.euros(amount, currency) or 0 for currency, amount in sums.items())
        return (Decimal(yearly) / 4).quantize(CENT)

    def saved(self, step: str) -> Decimal:
        sums: Counter[Any] = Counter()
        for row in Saving.objects.filter(client=self.client):
            on = getattr(row, f"{step}_on")
            if row.status != "dropped" and on is not None and on <= ENDS:
                sums[row.lever, row.currency] += getattr(row, f"{step}_amount")
        by_currency: Counter[str] = Counter()
        for (_, currency), amount in sums.items():
            by_currency[currency] += amount
        # By lever and currency, each converted once.
        return sum(
            (self.euros(amount, currency) or Decimal(0) for (_, currency), amount in sums.items()),
            Decimal(0),
        )

    def money_figures(self) -> dict[str, Pair]:
        now = sum(self.spent(STARTS, ENDS).values(), Decimal(0))
        last = sum(self.spent(BEFORE, STARTS - datetime.timedelta(days=1)).values(), Decimal(0))
        plan = self.planned()

        def signed(amount: Decimal) -> str:
            return f"{'+' if amount > 0 else ''}{money(amount)}"

        return {
            "spent": (money(now), money(last)),
            "change": (signed(now - last), None),
            "plan": (money(plan), None),
            "against_plan": (signed(now - plan), None),
            **{
                f"savings_{step}": (money(self.saved(step)), None)
                for step in ("identified", "agreed", "realised")
            },
        }

    def vendors(self) -> list[list[str]]:
        now = self.spent(STARTS, ENDS)
        last = self.spent(BEFORE, STARTS - datetime.timedelta(days=1))
        nothing = Decimal(0)
        names = sorted({*now, *last}, key=lambda name: (-now.get(name, nothing), name))
        return [[n, money(now.get(n, nothing)), money(last.get(n, nothing))] for n in names]

    # Systems.

    def systems(self, at: datetime.datetime) -> list[dict[str, Any]]:
        diary = self.story.systems
        then = [diary.of(id, at) for id in diary.kept]
        return [one for one in then if one["on"] <= self.on(at) and one["status"] != "retired"]

    def system_figures(self) -> dict[str, Pair]:
        now, last = self.systems(self.end), self.systems(self.former)

        def both(fits: Any) -> Pair:
            return str(sum(map(fits, now))), str(sum(map(fits, last)))

        return {
            "systems": both(lambda one: True),
            "systems_in_production": both(lambda one: one["in_production"]),
            "high_risk": both(lambda one: one["tier"] == "HIGH_RISK"),
            "unclassified": both(lambda one: not one["tier"]),
            "unowned": both(lambda one: not one["owned"]),
            "customer_facing": both(lambda one: one["in_production"] and one["customer_facing"]),
        }

    def by(self, column: str, labels: dict[str, str]) -> list[list[str]]:
        now = Counter(one[column] for one in self.systems(self.end))
        last = Counter(one[column] for one in self.systems(self.former))
        return [
            [label, str(now[value]), str(last[value])]
            for value, label in labels.items()
            if now[value] or last[value]
        ]

    # Roadmap and metrics.

    def roadmap_figures(self) -> dict[str, Pair]:
        diary, steps = self.story.initiatives, self.story.steps
        at = {id: [diary.of(id, when) for when in (self.end, self.former)] for id in diary.kept}
        there = [id for id in diary.kept if diary.since(id) <= self.end]
        earlier = [id for id in diary.kept if diary.since(id) <= self.former]
        kept = []
        for id in steps.kept:
            if steps.since(id) <= self.end:
                done = steps.kept[id][-1][1]["done_on"]
                kept.append({**steps.of(id, self.end), "done_on": done})
        reached = [one for one in kept if one["done_on"] and STARTS <= one["done_on"] <= ENDS]
        before = [one for one in kept if one["done_on"] and BEFORE <= one["done_on"] < STARTS]
        open_ = [one for one in kept if not one["done_on"] or one["done_on"] > ENDS]
        coming = [one for one in open_ if ENDS < one["planned_on"] <= Day(2026, 4, 2)]
        late = [one for one in open_ if one["planned_on"] <= ENDS]
        put_off = [on for on, *_ in self.story.postponed]
        return {
            "initiatives": (
                str(sum(at[id][0]["status"] == "under_way" for id in there)),
                str(sum(at[id][1]["status"] == "under_way" for id in earlier)),
            ),
            "milestones_reached": (str(len(reached)), str(len(before))),
            "milestones_late": (str(len(late)), None),
            "milestones_next": (str(len(coming)), None),
            "postponed": (
                str(sum(STARTS <= on <= ENDS for on in put_off)),
                str(sum(BEFORE <= on < STARTS for on in put_off)),
            ),
        }

    def put_off(self) -> list[list[str]]:
        return [
            [title, of, said(from_on), said(to_on), why]
            for on, title, of, from_on, to_on, why in self.story.postponed
            if STARTS <= on <= ENDS
        ]

    def metrics(self) -> list[list[str]]:
        found = []
        values = list(MetricValue.objects.filter(client=self.client).select_related("metric"))
        for metric in sorted({row.metric for row in values}, key=lambda one: one.name):
            mine = sorted((r for r in values if r.metric == metric), key=lambda r: r.measured_on)
            now = [row.value for row in mine if STARTS <= row.measured_on <= ENDS]
            last = [row.value for row in mine if row.measured_on < STARTS]
            up = metric.direction == "up"
            met = now and (now[-1] >= metric.target if up else now[-1] <= metric.target)
            found.append(
                [
                    metric.name,
                    f"{float(now[-1]):g} %" if now else "",
                    f"{float(last[-1]):g} %" if last else "",
                    f"{'at least' if up else 'at most'} 50 %",
                    ("Met" if met else "Not met") if now else "",
                ]
            )
        return found

    # Risks, incidents, radar.

    def risks(self, at: datetime.datetime) -> list[dict[str, Any]]:
        diary = self.story.risks
        return [diary.of(id, at) for id in diary.kept if diary.since(id) <= at]

    def bands(self) -> list[list[str]]:
        def many(at: datetime.datetime, least: int, most: int) -> int:
            return sum(
                one["status"] != "closed" and least <= one["likelihood"] * one["impact"] <= most
                for one in self.risks(at)
            )

        return [
            [name, str(many(self.end, *of)), str(many(self.former, *of))] for name, *of in BANDS
        ]

    def incidents(self, first: Day, at: datetime.datetime) -> tuple[int, int]:
        rows = [row for row in Incident.objects.filter(client=self.client) if row.found_at <= at]
        found = sum(self.on(row.found_at) >= first for row in rows)
        return found, sum(row.closed_at is None or row.closed_at > at for row in rows)

    def risk_figures(self) -> dict[str, Pair]:
        now, last = self.risks(self.end), self.risks(self.former)

        def shut(rows: list[dict[str, Any]], first: Day) -> int:
            return sum(
                one["status"] == "closed" and self.on(one["closed_at"]) >= first for one in rows
            )

        found, open_ = self.incidents(STARTS, self.end)
        earlier, carried = self.incidents(BEFORE, self.former)
        on = [(self.on(up), down and self.on(down)) for up, down in self.story.findings]
        return {
            "risks_open": tuple(
                str(sum(one["status"] == "open" for one in rows)) for rows in (now, last)
            ),
            "risks_accepted": ("0", "0"),
            "risks_closed": (str(shut(now, STARTS)), str(shut(last, BEFORE))),
            "incidents": (str(found), str(earlier)),
            "incidents_open": (str(open_), str(carried)),
            "radar": (
                str(sum(up <= ENDS and (down is None or down > ENDS) for up, down in on)),
                str(sum(up < STARTS and (down is None or down >= STARTS) for up, down in on)),
            ),
        }

    def posture(self) -> str:
        """The first of these that moved decides."""
        pairs = [[int(n) for n in row[1:]] for row in self.bands()[:-1]]
        figures = {**self.risk_figures(), **self.system_figures()}
        for key in ("incidents_open", "incidents", "unowned", "radar"):
            pairs.append([int(n or 0) for n in figures[key]])
        for now, last in pairs:
            if now != last:
                return "Worse" if now > last else "Better"
        return "Unchanged"

    # Deliverables, decisions, time.

    def owed_figures(self) -> dict[str, Pair]:
        told = self.story.deliverables
        days = [at and self.on(at) for _, _, at in told]
        open_ = [due for (_, due, _), on in zip(told, days, strict=True) if not on or on > ENDS]
        return {
            "accepted": (
                str(sum(bool(on) and STARTS <= on <= ENDS for on in days)),
                str(sum(bool(on) and BEFORE <= on < STARTS for on in days)),
            ),
            "late": (str(sum(due <= ENDS for due in open_)), None),
            "next": (str(sum(ENDS < due <= Day(2026, 4, 2) for due in open_)), None),
        }

    def decided(self, first: Day, last: Day) -> list[Decision]:
        rows = Decision.objects.filter(client=self.client).order_by("number")
        return [
            row
            for row in rows
            if row.client_sees and row.decided_at and first <= self.on(row.decided_at) <= last
        ]

    def decision_figures(self) -> dict[str, Pair]:
        now = self.decided(STARTS, ENDS)
        last = self.decided(BEFORE, STARTS - datetime.timedelta(days=1))
        return {"decided": (str(len(now)), str(len(last))), "asked": ("0", None)}

    def decisions(self) -> list[list[str]]:
        return [
            [str(row.number), row.question, "CTO", "Buy one", money(row.amount)]
            for row in self.decided(STARTS, ENDS)
        ]

    def used(self, first: Day, last: Day) -> str:
        """In hours, of which a minute is more than a hundredth."""
        worked = sum(m for on, _, m, counts in self.story.minutes if counts and first <= on <= last)
        return f"{(Decimal(worked) / 60).quantize(CENT)}"

    def shares(self, first: Day, last: Day) -> dict[str, str]:
        by: Counter[str] = Counter()
        for on, hat, minutes, _ in self.story.minutes:
            by[hat] += minutes if first <= on <= last else 0
        whole = sum(by.values())
        return {
            hat: f"{(Decimal(100 * by[hat]) / (whole or 1)).quantize(Decimal('0.1'))} %"
            for hat in ("CTO", "CAIO")
        }

    def time_figures(self) -> dict[str, Pair]:
        eve = STARTS - datetime.timedelta(days=1)
        now, last = self.shares(STARTS, ENDS), self.shares(BEFORE, eve)
        return {
            "used_minutes": (self.used(STARTS, ENDS), self.used(BEFORE, eve)),
            "hat_cto": (now["CTO"], last["CTO"]),
            "hat_caio": (now["CAIO"], last["CAIO"]),
        }

    # All of it.

    def figures(self) -> dict[str, Pair]:
        return {
            **self.money_figures(),
            **self.owed_figures(),
            **self.system_figures(),
            **self.roadmap_figures(),
            **self.risk_figures(),
            **self.decision_figures(),
            **self.time_figures(),
            "posture": (self.posture(), None),
        }

    def tables(self) -> dict[str, list[list[str]]]:
        return {
            "vendors": self.vendors(),
            "tiers": self.by("tier", TIERS),
            "statuses": self.by("status", STATUSES),
            "postponed": self.put_off(),
            "metrics": self.metrics(),
            "risk_bands": self.bands(),
            "decisions": self.decisions(),
        }

    def trends(self) -> dict[str, list[str]]:
        eve = STARTS - datetime.timedelta(days=1)
        live = [
            sum(one["in_production"] for one in self.systems(at)) for at in (self.former, self.end)
        ]
        going = [
            sum(one["status"] != "closed" for one in self.risks(at))
            for at in (self.former, self.end)
        ]
        return {
            "systems_trend/In production": [str(n) for n in live],
            "risks_trend/All": [str(n) for n in going],
            "used_trend/Used": [self.used(BEFORE, eve), self.used(STARTS, ENDS)],
        }
