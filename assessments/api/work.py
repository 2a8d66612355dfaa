"""The roadmap, metrics and risks of a client over REST."""

from rest_framework import serializers

from assessments import initiatives, metrics, milestones, risks, roadmap_reviews, work_book
from assessments.models import (
    Initiative,
    InitiativeStatus,
    InitiativeSystem,
    Metric,
    MetricValue,
    Milestone,
    PostponedFor,
    Postponement,
    Risk,
    RoadmapReview,
)
from assessments.shapes import work as shapes
from practice.rest.filters import search
from practice.rest.inputs import Input, Plain
from practice.rest.resource import Resource, acts, adds, changes, removes

INITIATIVE = (
    "title",
    "hat",
    "is_ai",
    "horizon",
    "problem",
    "expected_outcome",
    "capacity_owner",
    "capacity_owner_name",
    "note",
    "external_id",
)


class MoveInitiativeInput(Plain):
    to = serializers.ChoiceField(choices=InitiativeStatus.choices)
    reason = serializers.CharField(
        max_length=4000, required=False, allow_blank=True, help_text="To drop it, why."
    )


class Initiatives(Resource):
    """What the client sets out to do: problem, expected outcome, horizon, and who has engineers for it."""

    model, shape = Initiative, shapes.INITIATIVE
    filters = ("client", "hat", "is_ai", "horizon", "status", "capacity_owner", "external_id")
    own_filters = {**shapes.INITIATIVE_FILTERS, "q": search("title", "problem", "expected_outcome")}
    ordering = ("title", "id")
    create = adds(
        initiatives.add, Input.of(Initiative, "client", *INITIATIVE, name="NewInitiative")
    )
    partial_update = changes(initiatives.change, Input.of(Initiative, *INITIATIVE))
    move = acts(initiatives.move, MoveInitiativeInput, matches=True)


class InitiativeSystems(Resource):
    """Which systems an initiative brings in, changes or ends."""

    model, shape = InitiativeSystem, shapes.INITIATIVE_SYSTEM
    filters = ("client", "initiative", "system")
    ordering = ("id",)
    create = adds(initiatives.link, Input.of(InitiativeSystem, "initiative", "system"))
    destroy = removes(initiatives.unlink)


MILESTONE = ("title", "is_ai", "external_id")


class PostponeInput(Plain):
    to_on = serializers.DateField()
    reason = serializers.ChoiceField(choices=PostponedFor.choices)
    words = serializers.CharField(max_length=4000)


class BringForwardInput(Plain):
    to_on = serializers.DateField()


class FinishMilestoneInput(Plain):
    done_on = serializers.DateField(required=False, help_text="Without it today.")


class DropMilestoneInput(Plain):
    reason = serializers.CharField(max_length=4000)


class Milestones(Resource):
    """Days by which something of an initiative is there."""

    model, shape = Milestone, shapes.MILESTONE
    filters = ("client", "initiative", "is_ai", "planned_on", "done_on", "external_id")
    own_filters = shapes.MILESTONE_FILTERS
    ordering = ("planned_on", "id")
    create = adds(
        milestones.add,
        Input.of(Milestone, "initiative", *MILESTONE, "planned_on", name="NewMilestone"),
    )
    partial_update = changes(milestones.change, Input.of(Milestone, *MILESTONE))
    postpone = acts(milestones.postpone, PostponeInput, matches=True)
    bring_forward = acts(milestones.bring_forward, BringForwardInput, matches=True)
    finish = acts(milestones.finish, FinishMilestoneInput, matches=True)
    drop = acts(milestones.drop, DropMilestoneInput, matches=True)
    reopen = acts(milestones.reopen, matches=True)


class Postponements(Resource):
    """Every time that a milestone was put off, and why."""

    model, shape = Postponement, shapes.POSTPONEMENT
    filters = ("client", "milestone", "reason")
    ordering = ("id",)


class RoadmapReviews(Resource):
    """When the roadmap as a whole was gone through, and what came of it."""

    model, shape = RoadmapReview, shapes.ROADMAP_REVIEW
    filters = ("client", "reviewed_on")
    ordering = ("reviewed_on", "id")
    create = adds(
        roadmap_reviews.review,
        Input.of(
            RoadmapReview,
            "client",
            "note",
            name="NewRoadmapReview",
            reviewed_on=serializers.DateField(required=False, help_text="Without it today."),
        ),
    )


METRIC = (
    "name",
    "definition",
    "unit",
    "currency",
    "direction",
    "target",
    "target_on",
    "initiative",
    "note",
    "external_id",
)


def _kind(**options: bool) -> dict[str, serializers.Field]:
    return {"kind": serializers.ChoiceField(choices=work_book.metrics().choices, **options)}


class Metrics(Resource):
    """What is measured, in what, and what it should become."""

    model, shape = Metric, shapes.METRIC
    filters = ("client", "kind", "unit", "initiative", "external_id")
    own_filters = {**shapes.FOLLOWED, "q": search("name", "definition")}
    ordering = ("name", "id")
    create = adds(metrics.add, Input.of(Metric, "client", *METRIC, name="NewMetric", **_kind()))
    partial_update = changes(metrics.change, Input.of(Metric, *METRIC, **_kind(required=False)))
    end = acts(metrics.end, matches=True)


VALUE = ("value", "source")


class MetricValues(Resource):
    """What a metric was on which day, and where that was read."""

    model, shape = MetricValue, shapes.METRIC_VALUE
    filters = ("client", "metric", "measured_on")
    ordering = ("measured_on", "id")
    create = adds(
        metrics.note,
        Input.of(
            MetricValue,
            "metric",
            *VALUE,
            name="NewMetricValue",
            measured_on=serializers.DateField(required=False, help_text="Without it today."),
        ),
    )
    partial_update = changes(metrics.correct, Input.of(MetricValue, *VALUE, "measured_on"))
    destroy = removes(metrics.remove)


RISK = (
    "title",
    "description",
    "system",
    "owner",
    "owner_name",
    "likelihood",
    "impact",
    "treatment",
    "plan",
    "review_months",
    "note",
    "external_id",
)


class RiskReviewInput(Plain):
    note = serializers.CharField(max_length=4000)
    reviewed_on = serializers.DateField(required=False, help_text="Without it today.")


class AcceptRiskInput(Plain):
    decision = serializers.UUIDField(help_text="A decision in force under DR-02 at this client.")


class CloseRiskInput(Plain):
    reason = serializers.CharField(max_length=4000)


class Risks(Resource):
    """What could go wrong, how likely and how bad it is, who answers for it and what is done about it."""

    model, shape = Risk, shapes.RISK
    filters = (
        "client",
        "system",
        "owner",
        "likelihood",
        "impact",
        "treatment",
        "status",
        "review_on",
        "external_id",
    )
    own_filters = {**shapes.RISK_FILTERS, "q": search("title", "description")}
    ordering = ("title", "review_on", "id")
    create = adds(risks.add, Input.of(Risk, "client", *RISK, name="NewRisk"))
    partial_update = changes(risks.change, Input.of(Risk, *RISK))
    review = acts(risks.review, RiskReviewInput, matches=True)
    accept = acts(risks.accept, AcceptRiskInput, matches=True)
    close = acts(risks.close, CloseRiskInput, matches=True)
    reopen = acts(risks.reopen, matches=True)


RESOURCES = {
    "initiatives": Initiatives,
    "initiative-systems": InitiativeSystems,
    "milestones": Milestones,
    "postponements": Postponements,
    "roadmap-reviews": RoadmapReviews,
    "metrics": Metrics,
    "metric-values": MetricValues,
    "risks": Risks,
}
