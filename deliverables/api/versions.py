"""Over REST: what was written, and the look inside the house at it. A contact reads what was released to them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from deliverables import comparing, opened, writing
from deliverables import files as made_files
from deliverables.models import DeliverableVersion, InternalReview
from deliverables.shapes import deliverables as shapes
from practice import access, file_kinds, file_links, files, markdown
from practice.api_files import LinkAnswer
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, changes, discards, takes
from practice.rest.schema import Problem

Form = DeliverableVersion.Form


class Versions(Resource):
    """What was written, a text or a file. Submitted, it stays as it is; a contact reads what was released to them."""

    model, shape, whole = DeliverableVersion, shapes.VERSION, shapes.VERSION_WHOLE
    filters = (
        "deliverable",
        "engagement",
        "client",
        "hat",
        "form",
        "state",
        "author",
        "sha256",
        "submitted_at",
        "released_at",
    )
    ordering = ("id", "number")
    partial_update = changes(writing.revise, shapes.REVISE)
    submit = acts(writing.submit, shapes.SUBMIT, matches=True)
    discard = discards(writing.discard)

    def retrieve(self, request: Any, id: str) -> Response:
        answer = super().retrieve(request, id)
        self._noted(self.find(id))
        return answer

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "Range",
                location=OpenApiParameter.HEADER,
                description="Of a file, one part of its bytes, such as bytes=0-1023.",
            )
        ],
        responses={
            ("200", "text/markdown"): OpenApiTypes.BINARY,
            **{
                (status, kind): OpenApiTypes.BINARY
                for status in ("200", "206")
                for kind in file_kinds.MEDIA_TYPES
            },
            ("default", MEDIA_TYPE): Problem,
        },
    )
    @action(detail=True, methods=["get"])
    def content(self, request: Any, id: str) -> Any:
        """The text as Markdown or the file as it was handed in, to be saved."""
        self._params(set())
        row = self._noted(self.find(id))
        if row.form == Form.FILE:
            return files.serve(request, row.file)
        name = f"{row.deliverable.code} version {row.number}.md"
        return made_files.answer(row.text.encode(), "text/markdown; charset=utf-8", name)

    @extend_schema(request=None, responses={200: LinkAnswer, ("default", MEDIA_TYPE): Problem})
    @takes(None)
    @action(detail=True, methods=["post"])
    def link(self, request: Any, id: str) -> Response:
        """An address that gives the text or the file to this caller alone, for five minutes."""
        self.read(None)
        found = self.find(id).pk
        made = file_links.link("deliverable_version", found, by=self.actor, at=timezone.now())
        return Response({"url": made.url, "expires_at": made.expires_at})

    @extend_schema(
        parameters=[OpenApiParameter("against", OpenApiTypes.UUID)],
        responses={"200": shapes.COMPARED, ("default", MEDIA_TYPE): Problem},
    )
    @action(detail=True, methods=["get"])
    def diff(self, request: Any, id: str) -> Response:
        """What changed since another version of it; without a word, since the text before it."""
        params = self._params({"against"})
        row = self._noted(self.find(id))
        others = self.rows().filter(deliverable_id=row.deliverable_id, form=Form.TEXT)
        if "against" in params:
            other = access.get(self.actor, DeliverableVersion, self._id(params["against"]))
            if other.deliverable_id != row.deliverable_id or other.form != Form.TEXT:
                raise writing.NotAText("Two texts of one deliverable are compared.")
        else:
            other = others.filter(number__lt=row.number).order_by("-number").first()
        if row.form != Form.TEXT:
            raise writing.NotAText("Two texts of one deliverable are compared.")
        found = comparing.hunks(other.text if other else "", row.text)
        told = [
            {
                "old_start": hunk.old_start,
                "old_lines": hunk.old_lines,
                "new_start": hunk.new_start,
                "new_lines": hunk.new_lines,
                "lines": [{"change": what, "text": text} for what, text in hunk.lines],
            }
            for hunk in found
        ]
        return Response({"old": other and other.pk, "new": row.pk, "hunks": told})

    @extend_schema(responses={"200": shapes.PREVIEW, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def preview(self, request: Any, id: str) -> Response:
        """The text as HTML in which nothing acts and nothing is fetched from elsewhere."""
        self._params(set())
        row = self._noted(self.find(id))
        if row.form != Form.TEXT:
            raise writing.NotAText
        return Response({"html": markdown.html(row.text)})

    def _noted(self, row: DeliverableVersion) -> DeliverableVersion:
        """A contact who reads it has opened it."""
        opened.note_version(row, by=self.actor, at=timezone.now())
        return row


class Reviews(Resource):
    """The look inside the house before a version may leave it: asked of whom, and what they said."""

    model, shape = InternalReview, shapes.REVIEW
    filters = ("deliverable", "engagement", "client", "pinned", "reviewer", "asked_by", "state")


RESOURCES: dict[str, type[Resource]] = {
    "deliverable-versions": Versions,
    "internal-reviews": Reviews,
}
