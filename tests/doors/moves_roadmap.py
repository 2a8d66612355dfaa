"""Valid calls for the roadmap, metrics and risks."""

from tests.doors.moving import Body, Move, always, nothing, of
from tests.doors.world import World

PLAN = {"title": "Answers", "horizon": "quarter", "is_ai": True, "hat": "CAIO"}
FIGURE = {"name": "Use", "kind": "adoption", "definition": "Share", "unit": "percent"}
RATED = {"title": "Leak", "likelihood": 3, "impact": 4}
VALUE = {"value": "12.5", "source": "Survey", "measured_on": "2026-01-01"}
OFF = {"to_on": "2098-06-01", "reason": "technology", "words": "Gateway"}


def _link(world: World, place: str) -> Body:
    system = world.spare[place, "system unlinked"]
    return {"initiative": world.id(place, "initiative"), "system": str(system.pk)}


def _accepted(world: World, place: str) -> Body:
    return {"decision": str(world.spare[place, "decision on a risk"].pk)}


MOVES = {
    "POST initiatives/": Move("initiative", of("client", **PLAN), ("initiative.added",)),
    "PATCH initiatives/{id}/": Move("initiative", always(problem="Waits"), ("initiative.changed",)),
    "POST initiatives/{id}/move/": Move(
        "initiative", always(to="under_way"), ("initiative.under_way",)
    ),
    "POST initiative-systems/": Move("initiativesystem", _link, ("initiative.system_linked",)),
    "DELETE initiative-systems/{id}/": Move(
        "initiativesystem", nothing, ("initiative.system_unlinked",)
    ),
    "POST milestones/": Move(
        "milestone", of("initiative", title="Pilot", planned_on="2098-02-01"), ("milestone.added",)
    ),
    "PATCH milestones/{id}/": Move("milestone", always(title="Pilot"), ("milestone.changed",)),
    "POST milestones/{id}/postpone/": Move(
        "milestone", always(**OFF), ("milestone.postponed", "postponement.kept")
    ),
    "POST milestones/{id}/bring-forward/": Move(
        "milestone", always(to_on="2098-03-01"), ("milestone.brought_forward",)
    ),
    "POST milestones/{id}/finish/": Move("milestone", nothing, ("milestone.reached",)),
    "POST milestones/{id}/drop/": Move(
        "milestone", always(reason="Not wanted"), ("milestone.dropped",)
    ),
    "POST milestones/{id}/reopen/": Move(
        "milestone", nothing, ("milestone.reopened",), at="milestone done"
    ),
    "POST roadmap-reviews/": Move(
        "roadmapreview", of("client", note="Gone"), ("roadmap.reviewed",)
    ),
    "POST metrics/": Move("metric", of("client", **FIGURE), ("metric.added",)),
    "PATCH metrics/{id}/": Move("metric", always(target="40"), ("metric.changed",)),
    "POST metrics/{id}/end/": Move("metric", nothing, ("metric.ended",)),
    "POST metric-values/": Move("metricvalue", of("metric", **VALUE), ("metric.value_noted",)),
    "PATCH metric-values/{id}/": Move(
        "metricvalue", always(source="Count"), ("metric.value_corrected",)
    ),
    "DELETE metric-values/{id}/": Move("metricvalue", nothing, ("metric.value_removed",)),
    "POST risks/": Move("risk", of("client", **RATED), ("risk.added",)),
    "PATCH risks/{id}/": Move("risk", always(plan="Test it"), ("risk.changed",)),
    "POST risks/{id}/review/": Move("risk", always(note="As before"), ("risk.reviewed",)),
    "POST risks/{id}/accept/": Move("risk", _accepted, ("risk.accepted",)),
    "POST risks/{id}/close/": Move("risk", always(reason="Gone"), ("risk.closed",)),
    "POST risks/{id}/reopen/": Move("risk", nothing, ("risk.reopened",), at="risk closed"),
}
