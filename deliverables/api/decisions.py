"""Over REST: decisions, who is asked to agree, scorecards, what they are about; the check, the report, the files."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from deliverables import agreements, decisions, files, preview, reports, reviews, scorecards
from deliverables.models import Agreement, Decision, DecisionLink, Score
from deliverables.shapes import decisions as shapes
from engagements.models import Engagement
from practice import access
from practice.models.people import Hat
from practice.refusals import Invalid
from practice.rest.inputs import Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes
from practice.rest.schema import Problem, answers_with_file


class Decisions(Resource):
    """The decision log. What was decided never changes; another decision takes its place."""

    model, shape = Decision, shapes.DECISION
    filters = (
        "engagement",
        "client",
        "hat",
        "code",
        "status",
        "origin",
        "decider",
        "over_limit",
        "decided_at",
        "review_on",
    )
    own_filters = shapes.FILTERS
    ordering = ("id", "number")
    create = adds(decisions.propose, shapes.PROPOSAL)
    partial_update = changes(decisions.change, shapes.CHANGE)
    decide = acts(decisions.decide, matches=True)
    decide_on_behalf = acts(decisions.decide_on_behalf, shapes.ON_BEHALF, matches=True)
    agree = acts(agreements.agree, shapes.AGREE, matches=True)
    agree_on_behalf = acts(agreements.agree_on_behalf, shapes.AGREED_ON_BEHALF, matches=True)
    reject = acts(decisions.reject, shapes.REJECT, matches=True)
    withdraw = acts(decisions.withdraw, shapes.WITHDRAW, matches=True)
    supersede = acts(decisions.supersede, shapes.SUCCESSOR, makes=True)
    score = acts(scorecards.score, shapes.SCORED)
    review = acts(reviews.review, shapes.REVIEW, matches=True)
    share = acts(decisions.share, shapes.SHARE, matches=True)

    @answers_with_file("text/markdown")
    @action(detail=True, methods=["get"])
    def record(self, request: Any, id: str) -> HttpResponse:
        """One decision as a decision record in Markdown."""
        self._params(set())
        row = self.find(id)
        told = files.read(self.rows().filter(pk=row.pk))[0]
        name = files.record_name(told).rpartition("/")[2]
        return files.answer(files.as_record(told).encode(), "text/markdown; charset=utf-8", name)

    @answers_with_file("text/csv")
    @action(detail=False, methods=["get"])
    def csv(self, request: Any) -> HttpResponse:
        """The log as a table, narrowed like the list."""
        return files.answer(files.as_csv(self._told()), "text/csv; charset=utf-8", "decisions.csv")

    @answers_with_file("application/json")
    @action(detail=False, methods=["get"])
    def json(self, request: Any) -> HttpResponse:
        """The log with everything in it, narrowed like the list."""
        return files.answer(files.as_json(self._told()), "application/json", "decisions.json")

    @answers_with_file("application/zip")
    @action(detail=False, methods=["get"])
    def records(self, request: Any) -> HttpResponse:
        """A decision record in Markdown for each, in an archive, narrowed like the list."""
        return files.answer(files.as_records(self._told()), "application/zip", "decisions.zip")

    def _told(self) -> list[dict[str, Any]]:
        access.require(self.actor, "decision", "view")
        return files.read(self._narrowed(self._params(set(self.narrowed_by))))


class Agreements(Resource):
    """Whom the charter asks to agree to each decision, and what they answered."""

    model, shape = Agreement, shapes.AGREEMENT
    filters = ("decision", "engagement", "client", "asked", "hat")
    own_filters = shapes.ASKED


class Scores(Resource):
    """What each hat makes of each option: impact and feasibility, counted half each."""

    model, shape = Score, shapes.SCORE
    filters = ("decision", "engagement", "client", "hat")


class Links(Resource):
    """What decisions are about."""

    model, shape = DecisionLink, shapes.LINK
    filters = ("decision", "engagement", "client", "kind", "target_id")


class Asked(Plain):
    engagement = Scoped(Engagement)
    code = serializers.CharField(max_length=12)
    hat = serializers.ChoiceField(choices=Hat.choices)
    amount = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True
    )
    currency = serializers.RegexField(r"\A[A-Z]{3}\Z", required=False)
    rate = serializers.DecimalField(max_digits=18, decimal_places=8, required=False)
    supersedes = Scoped(Decision, required=False)

    def validate(self, said: Any) -> Any:
        if (said.get("amount") is None) != ("currency" not in said):
            raise serializers.ValidationError(
                {"currency": ["An amount and its currency come together."]}
            )
        return said


def _parameter(name: str, kind: Any, *, required: bool = False, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, required=required, **more)


class Check(ViewSet):
    """What would become of a decision: whose right it is, who would be asked, what is left to spend."""

    @extend_schema(
        operation_id="decision_check",
        parameters=[
            _parameter("engagement", OpenApiTypes.UUID, required=True),
            _parameter("code", OpenApiTypes.STR, required=True),
            _parameter("hat", OpenApiTypes.STR, required=True, enum=Hat.values),
            _parameter("amount", OpenApiTypes.DECIMAL),
            _parameter("currency", OpenApiTypes.STR, pattern="^[A-Z]{3}$"),
            _parameter("rate", OpenApiTypes.DECIMAL),
            _parameter("supersedes", OpenApiTypes.UUID),
        ],
        responses={"200": shapes.VERDICT, ("default", MEDIA_TYPE): Problem},
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "decision", "add")
        asked = Asked(data=request.query_params.dict(), context={"actor": request.auth})
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        return Response(preview.of(by=request.auth, at=timezone.now(), **said))


class Report(ViewSet):
    """Of one engagement: rights never used, decisions nobody looks at again, how much each hat decides."""

    @extend_schema(
        operation_id="decision_report",
        parameters=[_parameter("engagement", OpenApiTypes.UUID, required=True)],
        responses={"200": shapes.REPORT, ("default", MEDIA_TYPE): Problem},
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "decision", "view")
        given = request.query_params.dict()
        wrong = {
            name: ["There is no such parameter here."] for name in given.keys() - {"engagement"}
        }
        if "engagement" not in given:
            wrong["engagement"] = ["Say of which engagement."]
        if wrong:
            raise Invalid(wrong)
        engagement = access.get(request.auth, Engagement, given["engagement"])
        return Response(reports.of(engagement, by=request.auth, at=timezone.now()))


RESOURCES: dict[str, Any] = {
    "decisions": Decisions,
    "decision-agreements": Agreements,
    "decision-scores": Scores,
    "decision-links": Links,
    "decision-check": Check,
    "decision-report": Report,
}
