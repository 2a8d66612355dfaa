"""Over REST: engagements and their verbs, hats, pauses, the contract register, the handover."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assessments.models import Choice
from engagements import contracts, dates, discarding, handover, lifecycle, standing
from engagements.models import ContractVersion, Engagement, HandoverItem, HatShare, Pause
from practice import access
from practice.models import Contact, Member, StoredFile
from practice.rest.filters import search
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, discards
from practice.rest.schema import Problem
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, MEMBER, ROW

OF = (*ROW, "client", "engagement")
ACCEPTED = ("accepted_at", "accepted_by", "recorded_by", "evidence_note", "evidence")

ENGAGEMENT = Shape(
    "Engagement",
    Engagement,
    *ROW,
    "client",
    "name",
    "lead",
    "status",
    "starts_on",
    "ended_on",
    "end_reason",
    "origin",
    "ai_in_scope",
    "eu_milestones",
    "curve",
    "po_number",
    client_name="client__name",
    lead_name="lead__user__name",
    expands={"client": CLIENT, "lead": MEMBER},
)
HAT = Shape("HatShare", HatShare, *OF, "hat", "target", expands={"engagement": ENGAGEMENT})
PAUSE = Shape(
    "Pause", Pause, *OF, "since_on", "until_on", "reason", expands={"engagement": ENGAGEMENT}
)
CONTRACT = Shape(
    "ContractVersion",
    ContractVersion,
    *OF,
    "number",
    "title",
    "summary",
    "file",
    "status",
    "offered_at",
    "answered_reason",
    *ACCEPTED,
    expands={"engagement": ENGAGEMENT},
)
HANDOVER_ITEM = Shape(
    "HandoverItem",
    HandoverItem,
    *OF,
    "key",
    "label",
    "done_at",
    "done_by",
    "note",
    expands={"engagement": ENGAGEMENT},
)

Text, Flag, Day = serializers.CharField, serializers.BooleanField, serializers.DateField


def form(name: str, /, **fields: Any) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), fields)


def taken(name: str, /, **fields: Any) -> type[Plain]:
    """What a verb takes that is not shaped like a row."""
    return type(name, (Plain,), fields)


HATS = serializers.DictField(
    child=serializers.IntegerField(min_value=0, max_value=100),
    required=False,
    help_text="Target share of the work by hat, in per cent; together 100.",
)
REASON = taken("EngagementReason", reason=Text(max_length=2000))
ON_BEHALF = taken(
    "OnBehalfInput",
    contact=Scoped(Contact),
    note=Text(max_length=2000, help_text="Where and how it was said."),
    evidence=Scoped(StoredFile, required=False, allow_null=True),
    said_on=Day(required=False, help_text="The day it was said; today where left out."),
)
STANDING = form(
    "EngagementStanding",
    point=Text(allow_null=True),
    phase=Text(allow_blank=True),
    since_on=Day(allow_null=True),
    phase_ends_on=Day(allow_null=True),
    overdue=Flag(),
    exit_tests=form(
        "ExitTestState", key=Text(), label=Text(), source=Text(), met=Flag(), stated=Flag()
    )(many=True),
    planned=form(
        "PlannedIntensity",
        month=serializers.IntegerField(),
        low=serializers.IntegerField(),
        high=serializers.IntegerField(),
        unit=Text(),
    )(allow_null=True),
    missing=form("MissingCondition", key=Text(), label=Text(), what=Text())(many=True),
)


class Engagements(Resource):
    """Who serves a client under which hats, from draft to handover."""

    model, shape = Engagement, ENGAGEMENT
    filters = ("client", "lead", "status", "starts_on")
    own_filters = {"q": search("name")}
    create = adds(
        lifecycle.open_for,
        Input.of(
            Engagement,
            "client",
            "name",
            "starts_on",
            "ai_in_scope",
            "eu_milestones",
            "curve",
            "po_number",
            lead=Scoped(Member),
            origin=Scoped(Choice, required=False, allow_null=True),
            hats=HATS,
        ),
    )
    partial_update = changes(
        lifecycle.change,
        Input.of(
            Engagement,
            "name",
            "lead",
            "starts_on",
            "ai_in_scope",
            "eu_milestones",
            "curve",
            "po_number",
            hats=HATS,
            name="EngagementChange",
        ),
    )
    propose = acts(lifecycle.propose, matches=True)
    withdraw = acts(lifecycle.withdraw, matches=True)
    discard = discards(discarding.engagement)
    activate = acts(lifecycle.activate, matches=True)
    pause = acts(
        lifecycle.pause,
        taken(
            "PauseInput",
            reason=Text(max_length=2000),
            since_on=Day(required=False),
            until_on=Day(required=False, allow_null=True),
        ),
        matches=True,
    )
    resume = acts(lifecycle.resume, taken("ResumeInput", on=Day(required=False)), matches=True)
    end = acts(
        lifecycle.end,
        taken("EndInput", reason=Text(max_length=2000), on=Day(required=False)),
        matches=True,
    )
    settle_date = acts(
        dates.settle,
        taken(
            "SettleInput",
            kind=serializers.ChoiceField(choices=dates.BY_HAND),
            period=Text(max_length=20, required=False, allow_blank=True),
        ),
    )

    @extend_schema(responses={"200": STANDING, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def standing(self, request: Any, id: str) -> Response:
        """The stage it is at, the tests its phase ends with, and what keeps it from being active."""
        access.require(self.actor, "exit_statement", "view")
        return Response(standing.of(self.find(id), at=timezone.now()))


class Hats(Resource):
    """The hats of engagements; set together, on the engagement."""

    model, shape = HatShare, HAT
    filters = ("engagement", "client", "hat")


class Pauses(Resource):
    model, shape = Pause, PAUSE
    filters = ("engagement", "client", "since_on")


class Contracts(Resource):
    """The contract register: versions, one at a time."""

    model, shape = ContractVersion, CONTRACT
    filters = ("engagement", "client", "status")
    create = adds(
        contracts.draft, Input.of(ContractVersion, "engagement", "title", "summary", "file")
    )
    partial_update = changes(
        contracts.change,
        Input.of(ContractVersion, "title", "summary", "file", name="ContractChange"),
    )
    offer = acts(contracts.offer, matches=True)
    accept = acts(contracts.accept, matches=True)
    accept_on_behalf = acts(contracts.accept_on_behalf, ON_BEHALF, matches=True)
    decline = acts(contracts.decline, REASON, matches=True)
    discard = discards(discarding.contract)
    withdraw = acts(
        contracts.withdraw,
        taken("ContractWithdrawal", reason=Text(max_length=2000, required=False, allow_blank=True)),
        matches=True,
    )


class HandoverItems(Resource):
    """What is handed over when a seat is filled or an engagement ends."""

    model, shape = HandoverItem, HANDOVER_ITEM
    filters = ("engagement", "client", "key")
    tick = acts(
        handover.tick,
        taken("HandoverNote", note=Text(max_length=2000, required=False, allow_blank=True)),
        matches=True,
    )
    untick = acts(handover.untick, matches=True)


RESOURCES: dict[str, type[Resource]] = {
    "engagements": Engagements,
    "engagement-hats": Hats,
    "pauses": Pauses,
    "contracts": Contracts,
    "handover-items": HandoverItems,
}
