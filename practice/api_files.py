"""Files over REST: sent as a form with one file, told of without their bytes, given out to be saved."""

import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from practice import access, file_kinds, file_links, files, shapes, uploads
from practice.access import Actor
from practice.models import Client, StoredFile
from practice.refusals import TooLarge
from practice.rest.inputs import Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.render import StrictJson
from practice.rest.resource import Resource, adds, takes
from practice.rest.schema import Problem


class FileInput(Plain):
    client = Scoped(Client)
    content = serializers.FileField(
        max_length=1_000, allow_empty_file=True, help_text="At most 10 MB."
    )
    name = serializers.CharField(
        max_length=1_000, required=False, help_text="Else the name that the file came with."
    )
    commercial = serializers.BooleanField(
        required=False,
        default=None,
        allow_null=True,
        help_text="It tells of fees, so only those who see fees see it; by default so where you see them.",
    )


class LinkAnswer(serializers.Serializer):
    url = serializers.URLField(help_text="A person follows it signed in, a key's works by itself.")
    expires_at = serializers.DateTimeField()


def sent(
    client: Client,
    *,
    content: UploadedFile,
    name: str = "",
    commercial: bool | None = None,
    by: Actor,
    at: datetime.datetime,
) -> StoredFile:
    """Keep one file of a client."""
    # Known before a byte of it is held in memory.
    if (content.size or 0) > files.LARGEST:
        raise TooLarge("The file is larger than 10 MB.")
    return files.keep(
        client,
        name=name or content.name or "",
        content=content.read(),
        commercial=commercial,
        by=by,
        at=at,
    )


class Files(Resource):
    """What proves something: signed contracts, receipts, evidence. Never changed and never shown inline."""

    model, shape = StoredFile, shapes.FILE
    filters = ("client", "media_type", "sha256")
    parser_classes = (MultiPartParser,)
    create = adds(sent, FileInput)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        # Before anything reads the body: looking for the CSRF token would already take all of it in.
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not told.isascii() or not told.isdigit() or int(told) > uploads.LARGEST_BODY:
            raise TooLarge("The file is larger than 10 MB.")
        super().initial(request, *args, **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "Range",
                location=OpenApiParameter.HEADER,
                description="One part of the bytes, such as bytes=0-1023.",
            ),
            OpenApiParameter(
                "If-Range",
                location=OpenApiParameter.HEADER,
                description="The ETag of what was begun; all of the file where it is another.",
            ),
        ],
        responses={
            **{("200", kind): OpenApiTypes.BINARY for kind in file_kinds.MEDIA_TYPES},
            **{("206", kind): OpenApiTypes.BINARY for kind in file_kinds.MEDIA_TYPES},
            ("default", MEDIA_TYPE): Problem,
        },
    )
    @action(detail=True, methods=["get"])
    def content(self, request: Any, id: str) -> HttpResponseBase:
        """The bytes, or one part of them, to be saved."""
        access.require(self.actor, "file", "view")
        return files.serve(request, self.find(id))

    @extend_schema(request=None, responses={200: LinkAnswer, ("default", MEDIA_TYPE): Problem})
    @takes(None)
    @action(detail=True, methods=["post"], parser_classes=[StrictJson])
    def link(self, request: Any, id: str) -> Response:
        """An address that gives the bytes to this caller alone, for five minutes."""
        access.require(self.actor, "file", "view")
        self.read(None)
        made = file_links.link("file", self.find(id).pk, by=self.actor, at=timezone.now())
        return Response({"url": made.url, "expires_at": made.expires_at})
