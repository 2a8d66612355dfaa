"""What the demo tells of a roadmap: initiatives with milestones that slipped, metrics with values, and risks.

All of it goes through the verbs, dated relative to the day of loading.
"""

import datetime
from decimal import Decimal
from typing import Any

from assessments import initiatives, metrics, milestones, risks
from assessments.models import Metric, System
from practice.access import Actor
from practice.models import Client, Contact
from practice.quarters import local_day

# Title, horizon, problem, expected outcome, whether the sponsor has engineers for it, how far it has come.
INITIATIVES = (
    ("Answers to complaints in a day", "quarter", "Complaints wait nine days for an answer.", "The middle answer goes out within a day.", True, ("agreed", "under_way")),
    ("Credit memos from the files", "two_quarters", "Analysts copy figures from files for half their week.", "A memo takes an hour, and every figure names its page.", False, ("agreed",)),
    ("An assistant for every branch", "months_18", "", "", False, ()),
    ("Pricing by what customers do", "years_3_5", "Prices follow last year's survey.", "Prices follow what customers did last month.", False, ()),
)  # fmt: skip
# Initiative, milestone, days from now, whether it was reached, reasons for which it was put off.
MILESTONES = (
    (0, "Pilot in two teams", -40, True, ()),
    (0, "All teams", 35, False, ("people",)),
    (1, "Quotas on the gateway", -6, False, ("technology", "technology")),
    (1, "First hundred memos", 60, False, ()),
)
# Kind, name, definition, unit, target, values by days ago.
METRICS = (
    ("adoption", "Clerks who use the drafts", "Of the clerks who have it, those who used it in the last two weeks.", "percent", "70", ((95, "31"), (4, "58"))),
    ("use_case_value", "Hours saved on complaints", "Hours a month, counted over a sample of a hundred answers.", "hours", "400", ((95, "120"), (4, "265.5"))),
    ("roi", "Return on AI", "What AI saved in four quarters less what it cost, as a share of what it cost.", "percent", "15", ()),
)  # fmt: skip
# Title, likelihood, impact, treatment, plan, whether somebody answers for it, days since it was put down.
RISKS = (
    ("An answer promises what no contract says", 3, 4, "reduce", "A clerk reads every draft; a sample is checked each week.", True, 30),
    ("Customer files reach a browser plug-in", 4, 5, "avoid", "Switch the plug-in off and offer another way to write minutes.", False, 30),
    ("One vendor's outage stops the branches", 2, 4, "share", "A second model behind the gateway.", True, 100),
    ("Memos repeat last year's mistakes", 2, 2, "reduce", "", True, 30),
)  # fmt: skip


def tell(client: Client, sponsor: Contact, by: Actor, at: datetime.datetime) -> None:
    acts: dict[str, Any] = {"by": by, "at": at - datetime.timedelta(days=20)}
    _roadmap(client, sponsor, at, acts)
    _metrics(client, by, at)
    system = System.objects.filter(client=client, kind="shadow").first()
    for title, likelihood, impact, treatment, plan, owned, ago in RISKS:
        risks.add(
            client,
            title=title,
            likelihood=likelihood,
            impact=impact,
            treatment=treatment,
            plan=plan,
            owner=sponsor if owned else None,
            system=system if treatment == "avoid" else None,
            by=by,
            at=at - datetime.timedelta(days=ago),
        )


def _roadmap(client: Client, sponsor: Contact, at: datetime.datetime, acts: dict[str, Any]) -> None:
    today, made = local_day(at, client.time_zone), []
    for title, horizon, problem, outcome, owned, steps in INITIATIVES:
        row = initiatives.add(
            client,
            title=title,
            horizon=horizon,
            problem=problem,
            expected_outcome=outcome,
            capacity_owner=sponsor if owned else None,
            **acts,
        )
        for step in steps:
            row = initiatives.move(row, to=step, **acts)
        made.append(row)
    month = datetime.timedelta(days=30)
    for of, title, ahead, reached, reasons in MILESTONES:
        planned_on = today + datetime.timedelta(days=ahead) - month * len(reasons)
        milestone = milestones.add(made[of], title=title, planned_on=planned_on, **acts)
        for reason in reasons:
            milestone = milestones.postpone(
                milestone,
                to_on=milestone.planned_on + month,
                reason=reason,
                words="The gateway counts no calls yet."
                if reason == "technology"
                else "Two of the clerks it needs are in another project.",
                **acts,
            )
        if reached:
            milestones.finish(milestone, done_on=milestone.planned_on, **acts)


def _metrics(client: Client, by: Actor, at: datetime.datetime) -> None:
    today = local_day(at, client.time_zone)
    for kind, name, definition, unit, target, values in METRICS:
        metric: Metric = metrics.add(
            client,
            kind=kind,
            name=name,
            definition=definition,
            unit=unit,
            target=Decimal(target),
            by=by,
            at=at,
        )
        for ago, value in values:
            day = today - datetime.timedelta(days=ago)
            metrics.note(
                metric, value=Decimal(value), source="Sample", measured_on=day, by=by, at=at
            )
