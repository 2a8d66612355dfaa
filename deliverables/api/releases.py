"""Over REST: what left the house. Contacts read what was released to them by name, tick, answer and reply."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from deliverables import accepting, commenting, receipts, releasing
from deliverables.models import Comment, Recipient, Release, Tick
from deliverables.shapes import deliverables as shapes
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts
from practice.rest.schema import Problem


class Comments(Resource):
    """What was said of deliverables: among the practice's own people, or with the client. It stays as it was said."""

    model, shape = Comment, shapes.COMMENT
    filters = ("deliverable", "engagement", "client", "pinned", "internal", "member", "contact")


class Releases(Resource):
    """One version put before named contacts, and their answer. Answered, it stays as it is."""

    model, shape = Release, shapes.RELEASE
    filters = (
        "deliverable",
        "engagement",
        "client",
        "pinned",
        "hat",
        "code",
        "state",
        "contact",
        "sha256",
        "answer_by",
        "answered_at",
    )
    own_filters = shapes.FOUND
    withdraw = acts(releasing.withdraw, matches=True)
    tick = acts(accepting.tick, shapes.TICKED)
    untick = acts(accepting.untick, shapes.TICKED)
    answer_it = acts(accepting.answer, shapes.ANSWER, matches=True, path="answer")
    answer_on_behalf = acts(accepting.answer_on_behalf, shapes.ANSWERED_ELSEWHERE, matches=True)
    reply = acts(commenting.reply, shapes.REPLY, makes=Comments)

    @extend_schema(responses={"200": shapes.RECEIPT, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def receipt(self, request: Any, id: str) -> Response:
        """What was accepted, by whom and when, as it was signed; with what is needed to check that by hand."""
        self._params(set())
        return Response(receipts.of(self.find(id)))


class Recipients(Resource):
    """To whom versions were released, and when they opened them. A contact reads their own."""

    model, shape = Recipient, shapes.RECIPIENT
    filters = ("release", "deliverable", "engagement", "client", "pinned", "contact")


class Ticks(Resource):
    """Criteria that were found met, each by whom."""

    model, shape = Tick, shapes.TICK
    filters = ("release", "engagement", "client", "contact", "number")


RESOURCES: dict[str, type[Resource]] = {
    "releases": Releases,
    "release-recipients": Recipients,
    "release-ticks": Ticks,
    "deliverable-comments": Comments,
}
