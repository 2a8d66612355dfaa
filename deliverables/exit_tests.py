"""The exit tests of a phase that end with a deliverable: met when the client accepted it in the present retainer."""

import datetime
from collections.abc import Callable

from deliverables import catalogue
from deliverables.models import Deliverable
from engagements import spectrum, stages
from engagements.models import Engagement, Stage
from practice.quarters import local_day

Test = Callable[[Engagement, Stage, datetime.datetime], bool]


def contributed() -> dict[str, Test]:
    """By the key of the test, which is the code of what has to be accepted."""
    tests = spectrum.spectrum().exit_tests
    return {test.key: _accepted(test.key) for test in tests if test.key in catalogue.kinds()}


def _accepted(code: str) -> Test:
    def met(engagement: Engagement, stage: Stage, at: datetime.datetime) -> bool:
        # What was accepted in an earlier retainer says nothing of this one.
        since, zone = stages.run_since(engagement), engagement.client.time_zone
        accepted = Deliverable.objects.filter(
            engagement=engagement, code=code, accepted__isnull=False
        )
        return any(
            since is None or local_day(moment, zone) >= since
            for moment in accepted.values_list("accepted_at", flat=True)
            if moment is not None
        )

    return met
