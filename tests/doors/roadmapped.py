"""A client's roadmap, metrics and risks: an initiative with a milestone put off, a metric with a value, a risk; and spare
ones."""

import datetime
from typing import Any

from assessments import initiatives, metrics, milestones, risks, roadmap_reviews, systems
from assessments.models import Postponement
from practice import access
from practice.models import Client
from tests import make
from tests.doors.canaries import Canaries, Origin

FIRST, LATER = datetime.date(2098, 1, 1), datetime.date(2098, 4, 1)
BEFORE = datetime.date(2026, 2, 1)


def rows_at(client: Client, place: str, canaries: Canaries) -> tuple[list[Any], dict[str, Any]]:
    acts: dict[str, Any] = {"by": access.system(client.practice_id), "at": make.NOW}

    def sum_of(model: str, field: str) -> Any:
        return canaries.sum(Origin(frozenset({place}), model, field))

    system = systems.add(client, name="S", kind="workload", **acts)
    other = systems.add(client, name="S", kind="workload", **acts)
    initiative = initiatives.add(client, title="I", horizon="quarter", **acts)
    initiative = initiatives.move(initiative, to="agreed", **acts)
    link = initiatives.link(initiative, system=system, **acts)
    milestone = milestones.add(initiative, title="M", planned_on=FIRST, **acts)
    words = canaries.text(Origin(frozenset({place}), "postponement", "words"))
    milestone = milestones.postpone(
        milestone, to_on=LATER, reason="technology", words=words, **acts
    )
    done = milestones.add(initiative, title="M", planned_on=FIRST, **acts)
    done = milestones.finish(done, **acts)
    metric = metrics.add(
        client,
        name="N",
        kind="roi",
        definition="D",
        unit="percent",
        target=sum_of("metric", "target"),
        **acts,
    )
    value = metrics.note(metric, value=sum_of("metricvalue", "value"), source="F", **acts)
    rated: dict[str, Any] = {"likelihood": 2, "impact": 3, "owner_name": "O", **acts}
    risk = risks.add(client, title="R", **rated)
    closed = risks.close(risks.add(client, title="R", **rated), reason="Gone", **acts)
    put_off = Postponement.objects.get(milestone=milestone)
    gone = roadmap_reviews.review(
        client,
        note=canaries.text(Origin(frozenset({place}), "roadmapreview", "note")),
        reviewed_on=BEFORE,
        **acts,
    )
    spare = {"milestone done": done, "risk closed": closed, "system unlinked": other}
    return [initiative, link, milestone, put_off, gone, metric, value, risk], spare
