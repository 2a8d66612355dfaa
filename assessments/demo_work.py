"""How the demo tells a roadmap (data/demo): initiatives with milestones that slipped, metrics with values, and risks.
All of it goes through the verbs."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import initiatives, metrics, milestones, risks, roadmap_reviews
from assessments.demo_told import Danger, Estate, Measured, Stop, Undertaking
from assessments.models import Initiative, System
from practice.access import Actor
from practice.demo.dates import ago
from practice.models import Contact
from practice.quarters import local_day

MONTH = datetime.timedelta(days=30)


class Teller:
    """Who tells which roadmap, and when."""

    def __init__(self, told: Estate, sponsor: Contact, by: Actor, now: datetime.datetime) -> None:
        self.told, self.by, self.now = told, by, now
        self.sponsor, self.client = sponsor, sponsor.client
        self.today = local_day(now, self.client.time_zone)
        self.systems = {row.name: row for row in System.objects.filter(client=self.client)}

    def tell(self) -> None:
        for one in self.told.initiatives:
            self._initiative(one)
        for review in self.told.reviews:
            roadmap_reviews.review(self.client, note=review.note, **self.how(review.ago))
        for metric in self.told.metrics:
            self._metric(metric)
        for risk in self.told.risks:
            self._risk(risk)

    def how(self, days: int) -> dict[str, Any]:
        return {"by": self.by, "at": ago(self.now, days)}

    def _initiative(self, one: Undertaking) -> None:
        row = initiatives.add(
            self.client,
            title=one.title,
            horizon=one.horizon,
            hat=one.hat,
            problem=one.problem,
            expected_outcome=one.outcome,
            capacity_owner=self.sponsor if one.engineers else None,
            **self.how(one.ago),
        )
        for name in one.systems:
            initiatives.link(row, system=self.systems[name], **self.how(one.ago))
        for stop in one.milestones:
            self._milestone(row, stop, one.ago)
        for step in one.steps:
            row = initiatives.move(row, to=step.to, **self.how(step.ago))

    def _milestone(self, row: Initiative, one: Stop, since: int) -> None:
        planned_on = self.today - datetime.timedelta(days=one.ago)
        milestone = milestones.add(row, title=one.title, planned_on=planned_on, **self.how(since))
        for number, reason in enumerate(one.put_off):
            # Told when the day had come, or now where it has not.
            told = self.how(max(one.ago - 30 * number, 0)) if one.ago < since else self.how(since)
            milestone = milestones.postpone(
                milestone,
                to_on=milestone.planned_on + MONTH,
                reason=reason,
                words=one.words,
                **told,
            )
        if one.reached:
            days = min((self.today - milestone.planned_on).days, since)
            milestones.finish(milestone, done_on=milestone.planned_on, **self.how(days))

    def _metric(self, one: Measured) -> None:
        metric = metrics.add(
            self.client,
            kind=one.kind,
            name=one.name,
            definition=one.definition,
            unit=one.unit,
            direction=one.direction,
            target=Decimal(one.target),
            **self.how(one.ago),
        )
        for days, value in one.values.items():
            metrics.note(
                metric,
                value=Decimal(value),
                source=one.source,
                measured_on=self.today - datetime.timedelta(days=int(days)),
                **self.how(min(int(days), one.ago)),
            )

    def _risk(self, one: Danger) -> None:
        risk = risks.add(
            self.client,
            title=one.title,
            likelihood=one.likelihood,
            impact=one.impact,
            treatment=one.treatment,
            plan=one.plan,
            owner=self.sponsor if one.owned else None,
            system=self.systems[one.system] if one.system else None,
            **self.how(one.ago),
        )
        if one.looked:
            risks.review(risk, note=one.look, **self.how(one.looked))
