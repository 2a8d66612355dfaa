"""Over REST: who wears which hat, deputies, reporting lines, charters with their rights and limits."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements import (
    charter_rights,
    charter_views,
    charters,
    deputies,
    discarding,
    reporting,
    rights,
    wearing,
)
from engagements.models import Charter, Deputy, ReportingLine, Right, SpendingLimit, Wearing
from practice.models import Contact, StoredFile
from practice.rest.filters import Filter
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, discards, removes
from practice.rest.schema import Problem
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, MEMBER, ROW

OF = (*ROW, "client", "engagement")
ACCEPTED = ("accepted_at", "accepted_by", "recorded_by", "evidence_note", "evidence")
CELLS = rights.CELLS

WEARING = Shape(
    "Wearing",
    Wearing,
    *OF,
    "hat",
    "member",
    "since_on",
    "until_on",
    "depth_evidence",
    expands={"client": CLIENT, "member": MEMBER},
)
DEPUTY = Shape(
    "Deputy",
    Deputy,
    *OF,
    "wearing",
    "member",
    "since_on",
    "until_on",
    "limit_per_decision",
    "withdrawn_at",
    "declined_at",
    "answered_reason",
    *ACCEPTED,
    hat="wearing__hat",
    expands={"member": MEMBER, "wearing": WEARING},
)
REPORTING_LINE = Shape(
    "ReportingLine", ReportingLine, *OF, "hat", "reports_to", "since_on", "until_on", "review_on"
)
CHARTER = Shape(
    "Charter",
    Charter,
    *OF,
    "number",
    "status",
    "offered_at",
    "sha256",
    "note",
    "answered_reason",
    *ACCEPTED,
    expands={"client": CLIENT},
)
RIGHT = Shape(
    "Right",
    Right,
    *OF,
    "charter",
    "code",
    "label",
    "position",
    "each_own",
    "second_person",
    *CELLS,
    "note",
    expands={"charter": CHARTER},
)
LIMIT = Shape(
    "SpendingLimit",
    SpendingLimit,
    *OF,
    "charter",
    *charters.LIMITED,
    expands={"charter": CHARTER},
)

Text = serializers.CharField
PRESENT = {
    "present": Filter(
        "until_on__isnull", serializers.BooleanField(help_text="Only the stretch without an end.")
    )
}


def form(name: str, base: type = serializers.Serializer, /, **fields: Any) -> Any:
    return type(name, (base,), fields)


CELL = form(
    "CharterCell",
    column=Text(),
    label=Text(),
    letter=Text(allow_blank=True),
    words=Text(allow_blank=True),
)
LINE = form(
    "CharterLine",
    code=Text(),
    label=Text(),
    note=Text(allow_blank=True),
    sentence=Text(),
    cells=CELL(many=True),
)
COLUMN = form("CharterColumn", key=Text(), label=Text())
MATRIX = form("CharterMatrix", columns=COLUMN(many=True), rows=LINE(many=True))

SEEN: dict[str, Any] = {
    "sha256": serializers.RegexField(
        r"\A[0-9a-fA-F]{64}\Z", help_text="Of the version that was read."
    )
}


def on_behalf() -> dict[str, Any]:
    return {
        "contact": Scoped(Contact, help_text="The sponsor who agreed."),
        "note": Text(max_length=2000, help_text="Where and how they agreed."),
        "evidence": Scoped(StoredFile, required=False, allow_null=True),
        "said_on": serializers.DateField(required=False, allow_null=True),
    }


class Wearings(Resource):
    """Which member wears which hat of an engagement, from when until when."""

    model, shape = Wearing, WEARING
    filters = ("engagement", "client", "hat", "member")
    own_filters = PRESENT
    create = adds(
        wearing.wear,
        Input.of(
            Wearing,
            "engagement",
            "hat",
            "member",
            "since_on",
            "depth_evidence",
            reason=Text(max_length=2000, required=False, help_text="If they serve a competitor."),
        ),
    )
    partial_update = changes(
        wearing.note_depth, Input.of(Wearing, "depth_evidence", name="WearingChange")
    )
    take_off = acts(
        wearing.take_off,
        form("TakeOffInput", Plain, until_on=serializers.DateField()),
        matches=True,
    )


class Deputies(Resource):
    """Who decides under a hat while its holder is away; in force once the sponsor has accepted."""

    model, shape = Deputy, DEPUTY
    filters = ("engagement", "client", "wearing", "member")
    create = adds(
        deputies.name,
        Input.of(
            Deputy,
            "wearing",
            "member",
            "since_on",
            "until_on",
            "limit_per_decision",
            reason=Text(max_length=2000, required=False, help_text="If they serve a competitor."),
        ),
    )
    accept = acts(deputies.accept, matches=True)
    accept_on_behalf = acts(
        deputies.accept_on_behalf, form("DeputyOnBehalfInput", Plain, **on_behalf()), matches=True
    )
    decline = acts(
        deputies.decline,
        form("DeputyDeclineInput", Plain, reason=Text(max_length=2000)),
        matches=True,
    )
    withdraw = acts(deputies.withdraw, matches=True)


class ReportingLines(Resource):
    """To whom each hat answers at the client, with the past."""

    model, shape = ReportingLine, REPORTING_LINE
    filters = ("engagement", "client", "hat")
    own_filters = PRESENT
    create = adds(
        reporting.answer_to,
        Input.of(ReportingLine, "engagement", "hat", "reports_to", "since_on", "review_on"),
    )


class Charters(Resource):
    """Versions of the decision rights. What was offered never changes."""

    model, shape = Charter, CHARTER
    filters = ("engagement", "client", "status")
    create = adds(
        charters.draft,
        Input.of(
            Charter,
            "engagement",
            "note",
            origin=serializers.ChoiceField(choices=charters.ORIGINS, required=False),
        ),
    )
    offer = acts(charters.offer, matches=True)
    withdraw = acts(charters.withdraw_offer, matches=True)
    discard = discards(discarding.charter)
    accept = acts(charters.accept, form("CharterAcceptInput", Plain, **SEEN))
    accept_on_behalf = acts(
        charters.accept_on_behalf, form("CharterOnBehalfInput", Plain, **SEEN, **on_behalf())
    )
    decline = acts(
        charters.decline,
        form("CharterDeclineInput", Plain, **SEEN, reason=Text(max_length=2000)),
    )

    @extend_schema(responses={"200": MATRIX, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def matrix(self, request: Any, id: str) -> Response:
        """Rights by hats and client: D decides, A must agree, I gives input; a sentence for each right."""
        return self._shown(id, charter_views.matrix)

    @extend_schema(responses={"200": MATRIX, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def rapid(self, request: Any, id: str) -> Response:
        """As RAPID: A agrees, I gives input, D decides. Who recommends and performs a charter does not say."""
        return self._shown(id, charter_views.rapid)

    @extend_schema(responses={"200": MATRIX, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def raci(self, request: Any, id: str) -> Response:
        """As RACI: who decides is accountable, who agrees or gives input is consulted."""
        return self._shown(id, charter_views.raci)

    def _shown(self, id: str, view: Callable[..., dict[str, Any]]) -> Response:
        charter = self.find(id)
        return Response(view(charters.said(charter), charters.hats_of(charter.engagement)))


SAYS = Input.of(Right, "label", *CELLS, "second_person", "note", name="RightChange")


class Rights(Resource):
    """One decision each: what every hat and the client have to say in it."""

    model, shape = Right, RIGHT
    filters = ("charter", "engagement", "client", "code")
    ordering = ("id", "position")
    create = adds(
        charter_rights.add_own_right,
        Input.of(Right, "charter", "label", *CELLS, "second_person", "note"),
    )
    partial_update = changes(charter_rights.change_right, SAYS)
    destroy = removes(charter_rights.remove_own_right)


class SpendingLimits(Resource):
    """What a hat may spend without asking; another limit for the same hat of a draft takes its place."""

    model, shape = SpendingLimit, LIMIT
    filters = ("charter", "engagement", "client", "hat")
    create = adds(charter_rights.set_limit, Input.of(SpendingLimit, "charter", *charters.LIMITED))
    partial_update = changes(
        charter_rights.change_limit,
        Input.of(SpendingLimit, *charters.LIMITED[1:], name="SpendingLimitChange"),
    )
    destroy = removes(charter_rights.remove_limit)


RESOURCES: dict[str, type[Resource]] = {
    "wearings": Wearings,
    "deputies": Deputies,
    "reporting-lines": ReportingLines,
    "charters": Charters,
    "rights": Rights,
    "spending-limits": SpendingLimits,
}
