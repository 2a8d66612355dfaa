"""What the API tells of the roadmap, metrics and risks of a client."""

from django.db.models import Q
from rest_framework import serializers

from assessments.models import (
    Initiative,
    InitiativeSystem,
    Metric,
    MetricValue,
    Milestone,
    Postponement,
    Risk,
    RoadmapReview,
)
from assessments.shapes.estate import OF, SYSTEM
from practice.rest.filters import Filter
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

INITIATIVE = Shape(
    "Initiative",
    Initiative,
    *ROW,
    *OF,
    "title",
    "hat",
    "is_ai",
    "horizon",
    "problem",
    "expected_outcome",
    "capacity_owner",
    "capacity_owner_name",
    "status",
    "status_at",
    "done_on",
    "dropped_reason",
    "note",
    client_name="client__name",
    expands={"client": CLIENT},
)

INITIATIVE_SYSTEM = Shape(
    "InitiativeSystem",
    InitiativeSystem,
    *ROW,
    "client",
    "initiative",
    "system",
    initiative_title="initiative__title",
    system_name="system__name",
    expands={"client": CLIENT, "initiative": INITIATIVE, "system": SYSTEM},
)

MILESTONE = Shape(
    "Milestone",
    Milestone,
    *ROW,
    *OF,
    "initiative",
    "title",
    "is_ai",
    "planned_on",
    "first_planned_on",
    "done_on",
    "dropped_on",
    "dropped_reason",
    initiative_title="initiative__title",
    expands={"client": CLIENT, "initiative": INITIATIVE},
)

POSTPONEMENT = Shape(
    "Postponement",
    Postponement,
    *ROW,
    "client",
    "milestone",
    "from_on",
    "to_on",
    "reason",
    "words",
    initiative="milestone__initiative",
    milestone_title="milestone__title",
    expands={"client": CLIENT, "milestone": MILESTONE},
)

ROADMAP_REVIEW = Shape(
    "RoadmapReview",
    RoadmapReview,
    *ROW,
    "client",
    "reviewed_on",
    "reviewer",
    "note",
    client_name="client__name",
    reviewer_name="reviewer__user__name",
    expands={"client": CLIENT},
)

METRIC = Shape(
    "Metric",
    Metric,
    *ROW,
    *OF,
    "name",
    "kind",
    "definition",
    "unit",
    "currency",
    "direction",
    "target",
    "target_on",
    "initiative",
    "ended_on",
    "note",
    client_name="client__name",
    expands={"client": CLIENT, "initiative": INITIATIVE},
)

METRIC_VALUE = Shape(
    "MetricValue",
    MetricValue,
    *ROW,
    "client",
    "metric",
    "measured_on",
    "value",
    "source",
    metric_name="metric__name",
    unit="metric__unit",
    currency="metric__currency",
    expands={"client": CLIENT, "metric": METRIC},
)

RISK = Shape(
    "Risk",
    Risk,
    *ROW,
    *OF,
    "title",
    "description",
    "system",
    "owner",
    "owner_name",
    "likelihood",
    "impact",
    "treatment",
    "plan",
    "status",
    "status_at",
    "accepted_decision_id",
    "accepted_at",
    "closed_reason",
    "review_months",
    "review_on",
    "reviewed_on",
    "review_note",
    "note",
    client_name="client__name",
    system_name="system__name",
    expands={"client": CLIENT, "system": SYSTEM},
)


class OpenMilestone:
    """Neither reached nor dropped."""

    paths = ("done_on", "dropped_on")
    kind = serializers.BooleanField(help_text="Neither reached nor dropped.")

    def q(self, text: str) -> Q:
        open_still = Q(done_on=None, dropped_on=None)
        return open_still if self.kind.run_validation(text) else ~open_still


class Owned:
    """Whether somebody is named, a contact or another by name."""

    def __init__(self, owner: str, says: str) -> None:
        self.paths = (owner, f"{owner}_name")
        self.kind = serializers.BooleanField(help_text=says)

    def q(self, text: str) -> Q:
        nobody = Q(**{self.paths[0]: None, self.paths[1]: ""})
        return ~nobody if self.kind.run_validation(text) else nobody


INITIATIVE_FILTERS = {
    "capacity_owned": Owned("capacity_owner", "Whether somebody answers for the engineers.")
}
MILESTONE_FILTERS = {"open": OpenMilestone()}
RISK_FILTERS = {"owned": Owned("owner", "Whether somebody answers for it.")}
FOLLOWED = {
    "followed": Filter("ended_on__isnull", serializers.BooleanField(help_text="Still followed."))
}
