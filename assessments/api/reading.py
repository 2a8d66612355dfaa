"""Assessments over REST: lenses and panel (nothing stored), facts, assessments, choices, prospect links."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from assessments import (
    authored,
    downloads,
    evaluation,
    known,
    library,
    links,
    own_lenses,
    panel,
    reads,
    scoring,
    shapes,
    whatif,
    wire,
)
from assessments.answers import BadAnswers
from assessments.models import (
    Assessment,
    Choice,
    ClientFact,
    FactSource,
    PracticeLens,
    ProspectLink,
    Read,
)
from practice import access
from practice.models import Client
from practice.refusals import Invalid
from practice.rest import replay
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, takes
from practice.rest.schema import Problem


class AnswersInput(Plain):
    answers = serializers.DictField(help_text="Answers by question id.")


class FactsInput(Plain):
    facts = serializers.DictField(help_text="Facts by name of the fact dictionary.")


def documented(answer: Any, request: Any = None) -> Any:
    return extend_schema(
        request=request, responses={"200": answer, ("default", MEDIA_TYPE): Problem}
    )


class Lenses(ViewSet):
    """The published frameworks: their questions and rules' outcomes, and a run that stores nothing."""

    lookup_field = "key"
    lookup_value_regex = "[A-Za-z0-9-]{1,40}"

    @documented(shapes.LENS_LIST)
    def list(self, request: Any) -> Response:
        access.require(request.auth, "lens", "view")
        return Response({"results": [wire.summary(lens) for lens in library.newest().values()]})

    @documented(shapes.LENS)
    def retrieve(self, request: Any, key: str) -> Response:
        return Response(wire.whole(self._find(request, key)))

    @documented(shapes.RESULT, AnswersInput)
    @action(detail=True, methods=["post"])
    def evaluate(self, request: Any, key: str) -> Response:
        def run(lens: Any, answers: Any) -> dict[str, Any]:
            own = lens.key not in library.newest()
            return (own_lenses.evaluate if own else evaluation.evaluate)(lens, answers)

        return self._run(request, key, run)

    @documented(shapes.FLIPS, AnswersInput)
    @action(detail=True, methods=["post"], url_path="what-if")
    def what_if(self, request: Any, key: str) -> Response:
        """Which single answer, moved how far, changes the outcome."""

        def flips(lens: Any, answers: Any) -> dict[str, Any]:
            with authored.telling(lens):
                result = evaluation.evaluate(lens, answers)
                found = whatif.flips(lens, answers, result)
            return {"outcome": result["outcome"], "flips": found}

        return self._run(request, key, flips)

    def _find(self, request: Any, key: str) -> Any:
        access.require(request.auth, "lens", "view")
        return library.newest().get(key) or own_lenses.find(request.auth, key)

    def _run(self, request: Any, key: str, run: Any) -> Response:
        lens = self._find(request, key)
        body = AnswersInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            result = run(lens, request.data["answers"])
        except BadAnswers as bad:
            raise wire.refused(bad, "answers") from bad
        except authored.Failed as failed:
            raise Invalid({"answers": [str(failed)]}) from failed
        return Response({**result, "evaluated_at": timezone.now()})


class PanelEvaluation(APIView):
    """All lenses and the panel over a set of facts. Nothing is stored."""

    @extend_schema(
        operation_id="panel_evaluate",
        request=FactsInput,
        responses={"200": shapes.PANEL, ("default", MEDIA_TYPE): Problem},
    )
    def post(self, request: Any) -> Response:
        access.require(request.auth, "lens", "view")
        body = FactsInput(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            result = panel.evaluate(request.data["facts"])
        except BadAnswers as bad:
            raise wire.refused(bad, "facts") from bad
        return Response({**result, "evaluated_at": timezone.now()})


class LearnInput(Plain):
    client = Scoped(Client)
    facts = serializers.DictField(help_text="Values by name; null says that it is no longer known.")
    said_by = serializers.CharField(max_length=120, required=False)
    said_on = serializers.DateField()
    source = serializers.ChoiceField(choices=FactSource.choices)


class Facts(Resource):
    """Dated answers; the one without an end is what is known now."""

    model, shape = ClientFact, shapes.FACT
    filters = ("client", "name", "source")
    own_filters = shapes.PRESENT

    @extend_schema(responses={"201": shapes.FACT_LIST, ("default", MEDIA_TYPE): Problem})
    @takes(LearnInput)
    def create(self, request: Any) -> Any:
        """Put down several new answers at once."""

        def work() -> Response:
            rows = known.learn(by=self.actor, at=timezone.now(), **self.read(LearnInput))
            ids = [row.pk for row in rows]
            told = shapes.FACT.rows(self.rows().filter(pk__in=ids).order_by("name"), self.actor)
            return Response({"results": told}, status=status.HTTP_201_CREATED)

        return replay.once(request, work)


class Assessments(Resource):
    """Runs of the panel, never changed."""

    model, shape = Assessment, shapes.ASSESSMENT
    filters = ("client", "source", "next_seat", "end_shape")
    create = adds(
        scoring.assess,
        Input.of(
            Assessment,
            "client",
            "answered_by",
            source=serializers.ChoiceField(choices=FactSource.choices, required=False),
        ),
    )

    @extend_schema(
        parameters=[OpenApiParameter("other", OpenApiTypes.UUID, description="Else the latest.")],
        responses={"200": shapes.COMPARISON, ("default", MEDIA_TYPE): Problem},
    )
    @action(detail=True, methods=["get"])
    def compare(self, request: Any, id: str) -> Response:
        """What moved from this run to another of the same client."""
        one, params = self.find(id), self._params({"other"})
        latest = self.rows().filter(client_id=one.client_id).order_by("id").last()
        other = self.find(params["other"]) if "other" in params else latest
        return Response(scoring.compare(one, other))


class Choices(Resource):
    model, shape = Choice, shapes.CHOICE
    filters = ("client", "assessment")
    create = adds(
        scoring.choose,
        Input.of(
            Choice,
            "assessment",
            "preferred_lens",
            "reason",
            next_seat=serializers.ChoiceField(choices=scoring.NEXT_SEATS),
            end_shape=serializers.ChoiceField(choices=scoring.END_SHAPES),
            point=serializers.ChoiceField(choices=scoring.POINTS),
            hats=serializers.ListField(
                child=serializers.CharField(max_length=8), max_length=5, required=False
            ),
            overrides=serializers.ListField(child=shapes.Override(), max_length=27, required=False),
        ),
    )


class ProspectLinks(Resource):
    model, shape = ProspectLink, shapes.PROSPECT_LINK
    filters = ("client",)
    create = adds(
        links.open_for,
        Input.of(
            ProspectLink,
            "client",
            "person",
            "may_see_read",
            expires_at=serializers.DateTimeField(required=False),
        ),
        answer=shapes.NEW_LINK,
    )
    revoke = acts(links.revoke, matches=True)


class Reads(Resource):
    """Written reads, frozen when issued; the client's people see them."""

    model, shape = Read, shapes.READ
    # Not by assessment: a client's people see the read and no assessment, so its id tells them nothing.
    filters = ("client",)
    create = adds(reads.issue, Input.of(Read, "assessment"))

    @extend_schema(
        responses={
            ("200", "application/pdf"): OpenApiTypes.BINARY,
            ("default", MEDIA_TYPE): Problem,
        }
    )
    @action(detail=True, methods=["get"])
    def pdf(self, request: Any, id: str) -> HttpResponse:
        """The read as a PDF."""
        return downloads.pdf(self.find(id))


class OwnLenses(Resource):
    """Lens files that the practice wrote itself; run them under /lenses/{key}/evaluate/."""

    model, shape = PracticeLens, shapes.OWN_LENS
    filters = ("key",)
    create = adds(own_lenses.upload, Input.of(PracticeLens, "text"))


# Lenses are files, not rows: they have no list to page through.
lens_router = SimpleRouter(use_regex_path=True)
lens_router.register("lenses", Lenses, basename="lenses")
RESOURCES = {
    "facts": Facts,
    "assessments": Assessments,
    "choices": Choices,
    "prospect-links": ProspectLinks,
    "reads": Reads,
    "own-lenses": OwnLenses,
}
