"""Over REST: deliverables, and what is done with them step by step."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from deliverables import commenting, owed, planning, releasing, reviewing, writing
from deliverables.api.releases import Comments, Releases
from deliverables.api.versions import Versions
from deliverables.models import Deliverable
from deliverables.shapes import deliverables as shapes
from practice import files, uploads
from practice.refusals import TooLarge
from practice.rest import replay
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import Resource, acts, adds, changes, takes
from practice.rest.schema import Problem


class Deliverables(Resource):
    """What is owed, under one hat each, and how far it is. The practice's own; contacts read releases."""

    model, shape = Deliverable, shapes.DELIVERABLE
    filters = ("engagement", "client", "hat", "status", "code", "owner", "due_on", "stage")
    own_filters = shapes.FILTERS
    ordering = ("id", "number")
    create = adds(owed.add, shapes.NEW)
    partial_update = changes(owed.change, shapes.CHANGE)
    drop = acts(owed.drop, shapes.DROP, matches=True)
    take_up = acts(owed.take_up, matches=True)
    begin = acts(writing.begin, shapes.BEGIN, makes=Versions)
    hand_in = acts(writing.hand_in, shapes.HAND_IN, makes=Versions)
    pass_on = acts(reviewing.pass_on, shapes.PASS_ON, matches=True)
    send_back = acts(reviewing.send_back, shapes.SEND_BACK, matches=True)
    take_back = acts(reviewing.take_back, matches=True)
    release = acts(releasing.release, shapes.RELEASED, makes=Releases)
    comment = acts(commenting.comment, shapes.SAID, makes=Comments)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        # Before anything reads the body, as practice/api_files.py does.
        told = request.META.get("CONTENT_LENGTH") or "0"
        sends = self.action == "upload"
        if sends and (not told.isascii() or not told.isdigit() or int(told) > uploads.LARGEST_BODY):
            raise TooLarge("The file is larger than 10 MB.")
        super().initial(request, *args, **kwargs)

    @extend_schema(
        responses={"201": shapes.VERSION_WHOLE.serializer, ("default", MEDIA_TYPE): Problem},
    )
    @takes(shapes.UPLOAD)
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Any, id: str) -> Any:
        """Send a file and hand it in as the next version at once, or do neither."""

        def work() -> Response:
            row, said = self.find(id), self.read(shapes.UPLOAD)
            content = said.pop("content")
            # Known before a byte of it is held in memory.
            if (content.size or 0) > files.LARGEST:
                raise TooLarge("The file is larger than 10 MB.")
            name = said.pop("name", "") or content.name or ""
            told = {"name": name, "content": content.read(), **said}
            made = writing.upload(row, by=self.actor, at=timezone.now(), **told)
            return self.as_other(Versions).made(made, status.HTTP_201_CREATED)

        return replay.once(request, work)

    @extend_schema(responses={"200": shapes.DRAWN_UP, ("default", MEDIA_TYPE): Problem})
    @action(detail=False, methods=["post"], url_path="draw-up")
    @takes(shapes.DRAW_UP)
    def draw_up(self, request: Any) -> Any:
        """Make the plan of an engagement before it begins, to be seen and changed; answers what is on it."""

        def work() -> Response:
            said = self.read(shapes.DRAW_UP)
            planned = planning.draw_up(by=self.actor, at=timezone.now(), **said)
            return Response({"deliverables": [row.pk for row in planned]})

        return replay.once(request, work)


RESOURCES: dict[str, type[Resource]] = {"deliverables": Deliverables}
