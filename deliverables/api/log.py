"""The sealed log over REST: logs, their entries and heads, the keys, the download that a client checks by itself."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from deliverables import anchors, bundle, erasing, signing
from deliverables.models import Anchor, Chain, Opening, SealedEntry, SigningKey
from practice import access
from practice.models import Contact, Member
from practice.rest.inputs import Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts
from practice.rest.schema import Problem
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

OF = (*ROW, "client", "engagement")

LOG = Shape("DecisionLog", Chain, *OF, "length", "head", "anchored", expands={"client": CLIENT})
ENTRY = Shape(
    "SealedEntry",
    SealedEntry,
    *OF,
    "number",
    "sealed_at",
    "previous",
    "hash",
    "kind",
    "subject_kind",
    "subject_id",
    "body",
)
OPENING = Shape("SealOpening", Opening, "name", "salt", "value")
HEAD = Shape(
    "LogHead",
    Anchor,
    *OF,
    "number",
    "hash",
    "text",
    "signature",
    "carrier_kind",
    "carrier_id",
    public_key="key__public_key",
    published_on="feed__on",
)
KEY = Shape(
    "SigningKey",
    SigningKey,
    *ROW,
    "public_key",
    "since_at",
    "until_at",
    "introduction",
    "introduction_signature",
)
OPENINGS = type(
    "SealOpenings", (serializers.Serializer,), {"results": OPENING.serializer(many=True)}
)


class EraseInput(Plain):
    reason = serializers.CharField(max_length=400, help_text="Sealed with the entry that says so.")
    member = Scoped(Member, required=False, help_text="All that is about this person.")
    contact = Scoped(Contact, required=False, help_text="All that is about this person.")
    entry = Scoped(SealedEntry, required=False)
    names = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        max_length=40,
        help_text="Which values of the entry.",
    )


class DecisionLogs(Resource):
    """The log of an engagement as a whole: how long it is, and in which hash it ends."""

    model, shape = Chain, LOG
    filters = ("engagement", "client")
    anchor = acts(anchors.anchor)
    erase = acts(erasing.erase, EraseInput)

    @extend_schema(
        responses={
            ("200", "application/zip"): OpenApiTypes.BINARY,
            ("default", MEDIA_TYPE): Problem,
        }
    )
    @action(detail=True, methods=["get"])
    def bundle(self, request: Any, id: str) -> HttpResponse:
        """The log to take away: entries, openings, signed heads, keys, and the program that checks them."""
        self._params(set())
        return bundle.download(self.find(id), by=self.actor, at=timezone.now())


class SealedEntries(Resource):
    """What was sealed, one entry after the other. Never changed and never removed."""

    model, shape = SealedEntry, ENTRY
    filters = ("engagement", "client", "kind", "subject_id", "number")
    ordering = ("id", "number")

    @extend_schema(responses={"200": OPENINGS, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def openings(self, request: Any, id: str) -> Response:
        """What opens its seals: each value as canonical JSON, with its salt. What was erased is not among them."""
        self._params(set())
        rows = access.visible_to(self.actor, Opening).filter(entry_id=self.find(id).pk)
        return Response({"results": OPENING.rows(rows.order_by("name"), self.actor)})


class LogHeads(Resource):
    """Heads that were signed: once a day where the log moved, and whenever something was to carry one."""

    model, shape = Anchor, HEAD
    filters = ("engagement", "client", "number")


class SigningKeys(Resource):
    """The keys of the practice, with those that signed earlier."""

    model, shape = SigningKey, KEY
    rotate = acts(signing.rotate, matches=True)


RESOURCES: dict[str, type[Resource]] = {
    "decision-logs": DecisionLogs,
    "sealed-entries": SealedEntries,
    "log-heads": LogHeads,
    "signing-keys": SigningKeys,
}
