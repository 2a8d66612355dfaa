"""Where an engagement stands: its stage, when its phase ends and by which tests, what the gate still asks. Read only."""

import datetime
from typing import Any

from engagements import days, gate, phases, spectrum, stages
from engagements.models import Engagement
from practice.quarters import local_day


def of(engagement: Engagement, *, at: datetime.datetime) -> dict[str, Any]:
    stage = stages.present(engagement)
    waits = engagement.status in (Engagement.Status.DRAFT, Engagement.Status.PROPOSED)
    return {
        "point": stage.point if stage else None,
        "phase": stage.phase if stage else "",
        "since_on": stage.since_on if stage else None,
        "phase_ends_on": stages.last_day(engagement, stage) if stage else None,
        "overdue": stage.overdue if stage else False,
        "exit_tests": [
            {
                "key": test.key,
                "label": test.label,
                "source": test.source,
                "met": met,
                "stated": test.key not in phases.EXIT_TESTS,
            }
            for test, met in (phases.tests(engagement, stage, at) if stage else [])
        ],
        "planned": _planned(engagement, at),
        "missing": gate.missing(engagement, at) if waits else [],
    }


def _planned(engagement: Engagement, at: datetime.datetime) -> dict[str, Any] | None:
    """What the curve plans for the month it is in."""
    since = stages.run_since(engagement)
    if not engagement.curve or since is None:
        return None
    curve, month = spectrum.spectrum().curves[engagement.curve], 1
    today = local_day(at, engagement.client.time_zone)
    while days.months_on(since, month) <= today:
        month += 1
    step = curve.at(month)
    return {"month": month, "low": step.low, "high": step.high, "unit": curve.unit}
