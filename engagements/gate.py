"""What must hold before an engagement becomes active: a list that the rooms above join, and the refusal that names
what is missing. A condition that nobody contributed is not asked."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from engagements.models import Engagement
from practice.quarters import local_day
from practice.refusals import Conflict
from practice.registers import Register


@dataclass(frozen=True)
class Condition:
    key: str
    label: str
    applies: Callable[[Engagement, datetime.date], bool]
    """Whether it is asked of this engagement, as it stands on that day."""
    missing: Callable[[Engagement, datetime.datetime], list[str]]
    """What is still missing, each a sentence; empty when it is met."""


# Contributed under the condition's key.
CONDITIONS: Register[Condition] = Register("conditions of activation")


class GateNotMet(Conflict):
    code = "gate_not_met"
    sentence = "This engagement cannot be active yet; see what is missing."


def missing(engagement: Engagement, at: datetime.datetime) -> list[dict[str, str]]:
    """Everything that stands against it being active on its first day, or today where that is later."""
    today = local_day(at, engagement.client.time_zone)
    day = max(today, engagement.starts_on or today)
    return [
        {"key": condition.key, "label": condition.label, "what": what}
        for condition in (CONDITIONS[key] for key in CONDITIONS)
        if condition.applies(engagement, day)
        for what in condition.missing(engagement, at)
    ]


def require_met(engagement: Engagement, at: datetime.datetime) -> None:
    found = missing(engagement, at)
    if found:
        raise GateNotMet(missing=found)
