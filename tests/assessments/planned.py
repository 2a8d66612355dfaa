"""A client's roadmap, metrics and risks for the tests of them: plain factory functions over the verbs."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import initiatives, metrics, milestones, risks
from assessments.models import Initiative, Metric, MetricValue, Milestone, Risk
from practice.models import Client
from tests import make
from tests.assessments.estate import acts

ON = datetime.date
MAY = ON(2026, 5, 1)


def initiative(client: Client, title: str = "Answers from the archive", **more: Any) -> Initiative:
    """Proposed, without a problem, an outcome or anybody who has engineers; `status` takes it further."""
    status = more.pop("status", "proposed")
    row = initiatives.add(client, title=title, **{"horizon": "quarter"} | more, **acts(client))
    for step in {"agreed": ["agreed"], "under_way": ["agreed", "under_way"]}.get(status, []):
        row = initiatives.move(row, to=step, **acts(client))
    return row


def milestone(of: Initiative, planned_on: datetime.date = MAY, **more: Any) -> Milestone:
    usual = {"title": "Pilot runs"}
    return milestones.add(of, planned_on=planned_on, **usual | more, **acts(of.client))


def put_off(
    row: Milestone,
    times: int = 1,
    reason: str = "technology",
    at: datetime.datetime = make.NOW,
) -> Milestone:
    """A month later each time."""
    for _ in range(times):
        to_on = row.planned_on + datetime.timedelta(days=30)
        said = {"reason": reason, "words": "The gateway is not there."}
        row = milestones.postpone(row, to_on=to_on, **said, **acts(row.client, at))
    return row


def metric(client: Client, name: str = "Use", kind: str = "adoption", **more: Any) -> Metric:
    usual = {"definition": "Share of those who have it.", "unit": "percent"}
    return metrics.add(client, name=name, kind=kind, **usual | more, **acts(client))


def value(of: Metric, amount: str, measured_on: datetime.date) -> MetricValue:
    return metrics.note(
        of, value=Decimal(amount), measured_on=measured_on, source="Survey", **acts(of.client)
    )


def risk(client: Client, title: str = "Answers are made up", **more: Any) -> Risk:
    rated = {"likelihood": 3, "impact": 3}
    return risks.add(client, title=title, **rated | more, **acts(client))
