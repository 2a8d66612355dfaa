"""The OpenAPI document, from the same declarations that answer the requests."""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from practice.rest import pages
from practice.rest.problems import MEDIA_TYPE

WALL_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"


class Problem(serializers.Serializer):
    """RFC 9457. `code` is stable; `errors` names fields."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def answers_with_file(kind: str) -> Any:
    """A file to be saved instead of rows; one of JSON is an object to whoever reads it as an answer."""
    whole = OpenApiTypes.OBJECT if kind == "application/json" else OpenApiTypes.BINARY
    return extend_schema(responses={("200", kind): whole, ("default", MEDIA_TYPE): Problem})


class TimeOfDay(OpenApiSerializerFieldExtension):
    """JSON Schema's own format "time" demands an offset; ours is a time on the wall of a person's own zone."""

    target_class = serializers.TimeField

    def map_serializer_field(self, _auto_schema: Any, _direction: str) -> dict[str, Any]:
        return {"type": "string", "pattern": WALL_CLOCK, "example": "20:00:00"}


class Schema(AutoSchema):
    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # our pages are objects

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_description(self) -> str:
        return (self._method().__doc__ or "").strip()

    def get_operation_id(self) -> str:
        name = {"partial_update": "change", "destroy": "remove", "create": "add"}.get(
            self._action(), self._action()
        )
        return f"{self.get_tags()[0]}_{name}".replace("-", "_")

    def get_request_serializer(self) -> Any:
        return getattr(self._method(), "reader", None)

    def get_response_serializers(self) -> Any:
        method = self._method()
        code, shape = getattr(method, "code", 200), getattr(self.view, "shape", None)
        one = getattr(self.view, "whole", None) or shape
        answer = getattr(method, "answer_shape", None) or (one and one.serializer)
        if self._action() == "list" and shape:
            answer = shape.page
        return {str(code): None if code == 204 else answer, ("default", MEDIA_TYPE): Problem}

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return [*self._query(), *self._headers()]

    def _query(self) -> list[OpenApiParameter]:
        view, found = self.view, []
        if self._action() in {"list", "export"} and hasattr(view, "narrowed_by"):
            for name, by in view.narrowed_by.items():
                found.append(
                    OpenApiParameter(
                        name,
                        _type_of(by.kind),
                        description=by.kind.help_text or "",
                        enum=_words(by.kind),
                    )
                )
        if self._action() == "list" and hasattr(view, "narrowed_by"):
            columns = [column.removeprefix("-") for column in view.ordering]
            orders = [sign + column for column in columns for sign in ("", "-")]
            found.append(OpenApiParameter("order", str, enum=orders, default=view.ordering[0]))
            found.append(OpenApiParameter("cursor", str, description="From `next` or `previous`."))
            found.append(
                OpenApiParameter(
                    "limit",
                    {
                        "type": "integer",
                        "minimum": 1,
                        "maximum": pages.LARGEST,
                        "default": pages.SIZE,
                    },
                )
            )
        if (
            self._action() in {"list", "retrieve"}
            and getattr(view, "shape", None)
            and view.shape.expands
        ):
            names = ", ".join(sorted(view.shape.expands))
            found.append(
                OpenApiParameter(
                    "expand", str, description=f"Up to three, comma-separated, of: {names}."
                )
            )
        return found

    def _headers(self) -> list[OpenApiParameter]:
        where = OpenApiParameter.HEADER
        if self.method == "POST":
            return [
                OpenApiParameter(
                    "Idempotency-Key", str, where, description="Makes a repeat safe for 48 hours."
                )
            ]
        if self.method in {"PATCH", "DELETE"}:
            needed = bool(getattr(self.view, "match_needed", False))
            return [
                OpenApiParameter(
                    "If-Match", str, where, required=needed, description="The ETag you read."
                )
            ]
        return []

    def _action(self) -> str:
        return getattr(self.view, "action", None) or self.method.lower()

    def _method(self) -> Any:
        return getattr(self.view, self._action(), None) or self.view


def _type_of(kind: serializers.Field) -> Any:
    types = {
        serializers.UUIDField: OpenApiTypes.UUID,
        serializers.BooleanField: OpenApiTypes.BOOL,
        serializers.IntegerField: OpenApiTypes.INT,
        serializers.DateTimeField: OpenApiTypes.DATETIME,
        serializers.DateField: OpenApiTypes.DATE,
    }
    return types.get(type(kind), OpenApiTypes.STR)


def _words(kind: serializers.Field) -> list[str] | None:
    return list(kind.choices) if isinstance(kind, serializers.ChoiceField) else None


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "practice.rest.sign_in.KeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key, made by an owner at the desk.",
        }


class PageSessionScheme(OpenApiAuthenticationExtension):
    target_class = "practice.rest.sign_in.PageSessionAuthentication"
    name = "pageSession"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
