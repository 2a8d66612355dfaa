"""JSON in and out, strictly."""

from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from practice.refusals import TooLarge


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)  # money is never a float
    if isinstance(value, str):
        return str(value)  # lazy translations and safe strings
    if isinstance(value, memoryview):
        return None
    return str(value)


def dumps(data: Any) -> bytes:
    return orjson.dumps(data, default=_other, option=orjson.OPT_UTC_Z)


class Json(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else dumps(data)


class StrictJson(BaseParser):
    """Bounded, UTF-8, no NaN; the body of a write is always an object."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: Any = None, parser_context: Any = None
    ) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            data = orjson.loads(raw)
        except orjson.JSONDecodeError as wrong:
            raise ParseError(f"This is not JSON: {wrong}") from wrong
        if not isinstance(data, dict):
            raise ParseError("The body is a JSON object.")
        if _deeper_than(data, DEEPEST):
            raise ParseError(f"The body is nested more than {DEEPEST} levels deep.")
        return data


# Far more than any input needs, and far less than what JSON writers and databases stumble over.
DEEPEST = 32


def _deeper_than(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        return False
    return levels == 0 or any(_deeper_than(part, levels - 1) for part in inner)
