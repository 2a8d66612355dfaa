"""The register as files over REST: taken in with a dry run first, given out as the list is narrowed."""

from typing import Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase, QueryDict
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser
from rest_framework.response import Response

from assessments import exporting, importing, register_files
from assessments.shapes import register as shapes
from practice import uploads
from practice.models import Client
from practice.refusals import TooLarge
from practice.rest import replay
from practice.rest.inputs import Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.render import StrictJson
from practice.rest.resource import Resource, takes
from practice.rest.schema import Problem

SAID = ("client", "dry_run", "partial")
ROWS = {"type": "array", "items": {"type": "object", "additionalProperties": True}}


class CsvBody(BaseParser):
    """The file itself as the body; what else there is to say stands in the address."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(register_files.LARGEST + 1)
        said = QueryDict(mutable=True)
        said.update((parser_context or {})["request"].query_params.dict())
        return DataAndFiles(said, {"file": SimpleUploadedFile("body.csv", raw, "text/csv")})


class Said(serializers.BooleanField):
    # A form that does not say it says nothing; DRF would read "no", and a dry run would write.
    default_empty_html = empty


class RegisterFileInput(Plain):
    client = Scoped(Client)
    content = serializers.CharField(
        required=False,
        trim_whitespace=False,
        max_length=register_files.LARGEST,
        help_text="The text of the file.",
    )
    file = serializers.FileField(
        required=False, allow_empty_file=True, help_text="Or the file: UTF-8, at most 2 MB."
    )
    dry_run = Said(default=True, help_text="Only tell what would happen.")
    partial = Said(default=False, help_text="Where rows are wrong, take the others.")

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        file, content = said.pop("file", None), said.get("content")
        if (file is None) == (content is None):
            raise serializers.ValidationError(
                {"content": ["Send the text or a file, one of them."]}
            )
        if file is not None:
            said["content"] = file.read(register_files.LARGEST + 1)
        return said


class Register(Resource):
    """A list of the register that is also taken in and given out as a file."""

    file_kind: ClassVar[str]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        # Before anything reads the body: looking for the CSRF token would already take all of it in.
        told = request.META.get("CONTENT_LENGTH") or "0"
        if not told.isascii() or not told.isdigit() or int(told) > uploads.LARGEST_BODY:
            raise TooLarge
        super().initial(request, *args, **kwargs)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                name,
                OpenApiTypes.UUID if name == "client" else OpenApiTypes.BOOL,
                description="Where the body is text/csv.",
            )
            for name in SAID
        ],
        responses={"200": shapes.TAKEN, ("default", MEDIA_TYPE): Problem},
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="import",
        parser_classes=[StrictJson, MultiPartParser, CsvBody],
    )
    @takes(RegisterFileInput)
    def take(self, request: Any) -> Any:
        """Take a CSV file in; a dry run, which is the rule, tells what each row would do."""
        is_csv = str(request.content_type or "").partition(";")[0].strip() == CsvBody.media_type
        self._params(set(SAID) if is_csv else set())

        def work() -> Response:
            given = self.read(RegisterFileInput)
            result = importing.take(kind=self.file_kind, by=self.actor, at=timezone.now(), **given)
            return Response(importing.result_as_json(result))

        return replay.once(request, work)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "format", OpenApiTypes.STR, enum=exporting.FORMATS, description="Without it csv."
            )
        ],
        responses={
            **{
                ("200", media.partition(";")[0]): (ROWS if form == "json" else OpenApiTypes.BINARY)
                for form, media in exporting.MEDIA.items()
            },
            ("default", MEDIA_TYPE): Problem,
        },
    )
    @action(detail=False, methods=["get"])
    def export(self, request: Any) -> HttpResponseBase:
        """The rows of the list, narrowed as it is, as a file whose cells no spreadsheet runs."""
        params = self._params({"format"} | set(self.narrowed_by))
        found = self._narrowed(params).order_by(self.ordering[0], "id")
        form = params.get("format", "csv")
        return exporting.answer(self.file_kind, form, found, self.actor)
