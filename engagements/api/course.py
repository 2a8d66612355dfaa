"""Over REST: the spectrum, and the course along it: stages, moves, bursts, exit statements."""

import dataclasses
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from engagements import bursts, discarding, moves, phases, prices
from engagements import spectrum as book
from engagements.api.engaging import ACCEPTED, ENGAGEMENT, OF, ON_BEHALF, REASON
from engagements.models import Burst, ExitStatement, FeeModel, Move, Phase, Point, Stage
from engagements.models.base import TERMS
from practice import access
from practice.rest.inputs import Input
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, discards, removes
from practice.rest.schema import Problem
from practice.rest.shapes import Shape

EXPANDS = {"engagement": ENGAGEMENT}
STAGE = Shape(
    "Stage",
    Stage,
    *OF,
    "point",
    "phase",
    "since_on",
    "until_on",
    "sprint",
    "overdue",
    "contract",
    *TERMS,
    expands=EXPANDS,
)
MOVE = Shape(
    "Move",
    Move,
    *OF,
    "kind",
    "from_stage",
    "to_point",
    "to_phase",
    "sprint",
    "effective_on",
    "cause",
    "reason",
    "evidence_text",
    "contract",
    "needs_agreement",
    "status",
    "answered_reason",
    "effective_at",
    "stage",
    *TERMS,
    *ACCEPTED,
    expands=EXPANDS | {"from_stage": STAGE, "stage": STAGE},
)
BURST = Shape(
    "Burst",
    Burst,
    *OF,
    "since_on",
    "until_on",
    "cause",
    "extra",
    "unit",
    "note",
    expands=EXPANDS,
)
EXIT_STATEMENT = Shape(
    "ExitStatement", ExitStatement, *OF, "stage", "test", "met", "reason", expands={"stage": STAGE}
)

# The first step says how it is paid; later ones keep what they do not say.
FEE = serializers.ChoiceField(choices=FeeModel.choices, required=False)
OTHERS = tuple(name for name in TERMS if name != "fee_model")


class Stages(Resource):
    """Dated stretches along the spectrum; the one without an end is the present. A move begins the next."""

    model, shape = Stage, STAGE
    filters = ("engagement", "client", "point", "phase", "overdue", "since_on")


class Moves(Resource):
    """Steps along the spectrum: proposed, agreed, in effect from a day."""

    model, shape = Move, MOVE
    filters = ("engagement", "client", "status", "kind", "to_point", "effective_on")
    create = adds(
        moves.propose,
        Input.of(
            Move,
            "engagement",
            "sprint",
            "effective_on",
            "reason",
            "evidence_text",
            "contract",
            *OTHERS,
            to_point=serializers.ChoiceField(choices=Point.choices, required=False),
            to_phase=serializers.ChoiceField(choices=Phase.choices, required=False),
            fee_model=FEE,
        ),
    )
    put_forward = acts(
        moves.put_forward,
        Input.of(
            Move, "sprint", "effective_on", "contract", *OTHERS, fee_model=FEE, name="PutForward"
        ),
        matches=True,
    )
    agree = acts(moves.agree, matches=True)
    agree_on_behalf = acts(moves.agree_on_behalf, ON_BEHALF, matches=True)
    decline = acts(moves.decline, REASON, matches=True)
    withdraw = acts(moves.withdraw, REASON, matches=True)
    discard = discards(discarding.move)


class Bursts(Resource):
    """More work for a while, on top of the month's allowance."""

    model, shape = Burst, BURST
    filters = ("engagement", "client", "cause", "since_on")
    create = adds(
        bursts.plan,
        Input.of(Burst, "engagement", "since_on", "until_on", "cause", "extra", "note"),
    )
    partial_update = changes(
        bursts.change, Input.of(Burst, "until_on", "extra", "note", name="BurstChange")
    )
    destroy = removes(bursts.cancel)


class ExitStatements(Resource):
    """What was stated of the tests that a phase ends with. The latest of a test counts."""

    model, shape = ExitStatement, EXIT_STATEMENT
    filters = ("engagement", "client", "stage", "test", "met")
    create = adds(phases.state_test, Input.of(ExitStatement, "engagement", "test", "met", "reason"))


SPECTRUM = type(
    "Spectrum",
    (serializers.Serializer,),
    {
        "version": serializers.IntegerField(),
        "points": serializers.DictField(child=serializers.DictField()),
        "moves": serializers.ListField(child=serializers.DictField()),
        "phases": serializers.ListField(child=serializers.DictField()),
        "exit_tests": serializers.ListField(child=serializers.DictField()),
        "curves": serializers.DictField(child=serializers.DictField()),
        "sprints": serializers.DictField(child=serializers.DictField()),
        "milestones": serializers.ListField(child=serializers.DictField()),
        "prices": serializers.DictField(child=serializers.DictField()),
    },
)


class Spectrum(ViewSet):
    """The points, the moves between them, the phases and what the articles say it costs. Data, the same for all."""

    @extend_schema(
        operation_id="spectrum", responses={"200": SPECTRUM, ("default", MEDIA_TYPE): Problem}
    )
    def list(self, request: Any) -> Response:
        access.require(request.auth, "lens", "view")
        found = dataclasses.asdict(book.spectrum())
        for move in found["moves"]:
            move["from"] = move.pop("since") or None
        told = {code: dataclasses.asdict(price) for code, price in prices.prices().items()}
        return Response({**found, "prices": told})


# A file, not rows: there is no list to page through.
spectrum_router = SimpleRouter(use_regex_path=True)
spectrum_router.register("spectrum", Spectrum, basename="spectrum")
RESOURCES: dict[str, type[Resource]] = {
    "stages": Stages,
    "moves": Moves,
    "bursts": Bursts,
    "exit-statements": ExitStatements,
}
