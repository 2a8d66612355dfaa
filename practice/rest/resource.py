"""One resource of the API: a scoped list and its rows, and the verbs that change them."""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from practice import access
from practice.access import Actor
from practice.refusals import Invalid, NotFound, Refusal
from practice.rest import filters as narrowing
from practice.rest import pages, replay
from practice.rest.pages import Order
from practice.rest.shapes import Shape

# `list` inside Resource is the endpoint.
Names = list[str]
EXPANDS_AT_ONCE = 3
RESERVED = {"cursor", "limit", "order", "expand"}


class MatchNeeded(Refusal):
    status, code = 428, "match_needed"
    sentence = "Send If-Match with the ETag you read, so that nobody's change is overwritten."


class Resource(ViewSet):
    """Declare `model`, `shape` and `filters`; the rest is inherited."""

    model: ClassVar[type[models.Model]]
    shape: ClassVar[Shape]
    # What one row is told with, where that is more than a list should carry.
    whole: ClassVar[Shape | None] = None
    filters: ClassVar[tuple[str, ...]] = ()
    own_filters: ClassVar[dict[str, Any]] = {}
    # Columns of the shape that the list may be ordered by; the first is the default. None may be null.
    ordering: ClassVar[tuple[str, ...]] = ("id",)
    match_needed: ClassVar[bool] = False
    lookup_field = "id"
    lookup_value_regex = "[^/]+"

    @property
    def actor(self) -> Actor:
        return self.request.auth

    def rows(self) -> QuerySet[Any]:
        return access.visible_to(self.actor, self.model)

    @property
    def narrowed_by(self) -> dict[str, Any]:
        return _narrowed_by(type(self))

    def list(self, request: Any) -> Response:
        params = self._params(RESERVED | set(self.narrowed_by))
        access.require(self.actor, self.model.reach.resource, "view")  # type: ignore[attr-defined]
        order, size, expands = self._order(params), self._size(params), self._expands(params)
        rows, cursor = self._narrowed(params), None
        if "cursor" in params:
            cursor = pages.read_cursor(params["cursor"], order, self._kind(order))
            rows = rows.filter(order.beyond(cursor.value, cursor.id, cursor.backward))
        rows = order.apply(rows, cursor is not None and cursor.backward)[: size + 1]
        found, following, preceding = pages.cut(
            self.shape.rows(rows, self.actor), size=size, order=order, came_by=cursor
        )
        self.shape.expand(found, expands, self.actor)
        link = self._link
        return Response(
            {"next": link(following, order), "previous": link(preceding, order), "results": found}
        )

    def retrieve(self, request: Any, id: str) -> Response:
        expands = self._expands(self._params({"expand"}))
        return self.answer(id, expands=expands)

    def answer(
        self,
        id: Any,
        status: int = status.HTTP_200_OK,
        expands: "Names | None" = None,
        **more: Any,
    ) -> Response:
        """The row as the caller may see it, with its ETag."""
        shape = self.whole or self.shape
        found = shape.rows(self.rows().filter(pk=self._id(id)), self.actor)
        if not found:
            raise NotFound
        shape.expand(found, expands or [], self.actor)
        row = found[0]
        headers = {"ETag": f'"{row["version"]}"'} if "version" in row else {}
        return Response({**row, **more}, status=status, headers=headers)

    def made(self, made: Any, status: int) -> Response:
        row, more = (made[0], {"secret": made[1]}) if isinstance(made, tuple) else (made, {})
        return self.answer(row.pk, status, **more)

    def as_other(self, other: "type[Resource]") -> "Resource":
        """Another resource, answering the same caller."""
        found = other()
        found.request = self.request
        return found

    def find(self, id: Any) -> Any:
        return access.get(self.actor, self.model, self._id(id))

    def expected(self) -> int | None:
        """The version the caller has seen, from If-Match."""
        tag = self.request.headers.get("If-Match")
        if tag is None:
            if self.match_needed:
                raise MatchNeeded
            return None
        if tag.strip() == "*":
            return None
        number = tag.strip().removeprefix("W/").strip('"')
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            return -1  # a tag we never gave matches nothing
        return int(number)

    def read(
        self, reader: type[serializers.Serializer] | None, *, partial: bool = False
    ) -> dict[str, Any]:
        """The body, checked; a verb without input takes an empty object or nothing."""
        if reader is None:
            if self.request.data:
                raise Invalid(
                    {name: ["There is no such field here."] for name in self.request.data}
                )
            return {}
        checked = reader(data=self.request.data, partial=partial, context={"actor": self.actor})
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def _id(self, text: Any) -> Any:
        try:
            return serializers.UUIDField().run_validation(text)
        except ValidationError as wrong:
            raise NotFound from wrong

    def _params(self, known: set[str]) -> dict[str, str]:
        given = self.request.query_params
        wrong = {name: ["There is no such parameter here."] for name in given if name not in known}
        wrong |= {
            name: ["Given twice."]
            for name in given
            if name in known and len(given.getlist(name)) > 1
        }
        if wrong:
            raise Invalid(wrong)
        return given.dict()

    def _narrowed(self, params: dict[str, str]) -> QuerySet[Any]:
        rows, wrong = self.rows(), {}
        for name, by in self.narrowed_by.items():
            if name in params:
                try:
                    rows = rows.filter(by.q(params[name]))
                except ValidationError as error:
                    wrong[name] = [str(sentence) for sentence in error.detail]
        if wrong:
            raise Invalid(wrong)
        return rows

    def _order(self, params: dict[str, str]) -> Order:
        wanted = params.get("order", self.ordering[0])
        name = wanted.removeprefix("-")
        if name not in {column.removeprefix("-") for column in self.ordering}:
            raise Invalid(
                {
                    "order": [
                        f"One of: {', '.join(sorted(c.removeprefix('-') for c in self.ordering))}."
                    ]
                }
            )
        path = next(column.path for column in self.shape.columns if column.name == name)
        return Order(name, path, wanted.startswith("-"))

    def _kind(self, order: Order) -> serializers.Field:
        return next(column.kind for column in self.shape.columns if column.name == order.name)

    def _size(self, params: dict[str, str]) -> int:
        text = params.get("limit", str(pages.SIZE))
        if (
            not text.isascii()
            or not text.isdigit()
            or len(text) > 4
            or not 1 <= int(text) <= pages.LARGEST
        ):
            raise Invalid({"limit": [f"A whole number from 1 to {pages.LARGEST}."]})
        return int(text)

    def _expands(self, params: dict[str, str]) -> "Names":
        names = [name for name in params.get("expand", "").split(",") if name]
        unknown = sorted(set(names) - set(self.shape.expands))
        if unknown or len(names) > EXPANDS_AT_ONCE or len(set(names)) < len(names):
            known = ", ".join(sorted(self.shape.expands)) or "nothing"
            raise Invalid({"expand": [f"At most {EXPANDS_AT_ONCE} of: {known}."]})
        return names

    def _link(self, cursor: pages.Cursor | None, order: Order) -> str | None:
        if cursor is None:
            return None
        query = {**self.request.query_params.dict(), "cursor": cursor.text(order)}
        return self.request.build_absolute_uri(f"?{urlencode(query)}")


DISCARDED = type(
    "Discarded", (serializers.Serializer,), {"id": serializers.UUIDField(help_text="It was.")}
)


@cache
def _narrowed_by(resource: type[Resource]) -> dict[str, Any]:
    return narrowing.declared(resource.model, resource.filters, resource.own_filters)


def adds(
    verb: Callable[..., Any], reader: type[serializers.Serializer], *, answer: Any = None
) -> Any:
    """POST to the list. A verb may return (row, secret): the secret is shown in this one answer."""

    def create(self: Resource, request: Any) -> Any:
        def work() -> Response:
            made = verb(by=self.actor, at=timezone.now(), **self.read(reader))
            return self.made(made, status.HTTP_201_CREATED)

        return replay.once(request, work)

    return _told(create, verb, reader=reader, code=201, answer=answer)


def changes(verb: Callable[..., Any], reader: type[serializers.Serializer]) -> Any:
    """PATCH of a row."""

    def partial_update(self: Resource, request: Any, id: str) -> Response:
        row, body = self.find(id), self.read(reader, partial=True)
        if not body:
            raise Invalid({"body": ["Say what should change."]})
        verb(row, by=self.actor, at=timezone.now(), expected=self.expected(), **body)
        return self.answer(id)

    return _told(partial_update, verb, reader=reader)


def removes(verb: Callable[..., Any]) -> Any:
    """DELETE of a row."""

    def destroy(self: Resource, request: Any, id: str) -> Response:
        verb(self.find(id), by=self.actor, at=timezone.now(), expected=self.expected())
        return Response(status=status.HTTP_204_NO_CONTENT)

    return _told(destroy, verb, code=204)


def acts(
    verb: Callable[..., Any],
    reader: type[serializers.Serializer] | None = None,
    *,
    matches: bool = False,
    makes: "bool | type[Resource]" = False,
    answer: Any = None,
    path: str = "",
) -> Any:
    """POST to a sub-resource of a row, named like the attribute it is assigned to; `makes` answers the row it made,
    as the resource that is named, where it is another's."""

    def act(self: Resource, request: Any, id: str) -> Any:
        def work() -> Response:
            expected = {"expected": self.expected()} if matches else {}
            done = verb(
                self.find(id), by=self.actor, at=timezone.now(), **expected, **self.read(reader)
            )
            if makes:
                return (self if makes is True else self.as_other(makes)).made(
                    done, status.HTTP_201_CREATED
                )
            return self.made(done if isinstance(done, tuple) else self.find(id), status.HTTP_200_OK)

        return replay.once(request, work)

    code = status.HTTP_201_CREATED if makes else status.HTTP_200_OK
    if makes and makes is not True:
        answer = answer or (makes.whole or makes.shape).serializer
    return _Named(_told(act, verb, reader=reader, code=code, answer=answer), path)


def discards(verb: Callable[..., Any]) -> Any:
    """POST to a sub-resource of a row that is gone afterwards: answered with its id."""

    def discard(self: Resource, request: Any, id: str) -> Any:
        def work() -> Response:
            self.read(None)
            expected = self.expected()
            verb(self.find(id), by=self.actor, at=timezone.now(), expected=expected)
            return Response({"id": id})

        return replay.once(request, work)

    return _Named(_told(discard, verb, answer=DISCARDED))


def takes(reader: type[serializers.Serializer] | None) -> Any:
    """A POST written out by hand says what it reads as the others do: for the document, and for whoever tries it."""

    def told(method: Any) -> Any:
        method.reader = reader
        return method

    return told


def _told(
    method: Any,
    verb: Callable[..., Any],
    *,
    reader: Any = None,
    code: int = 200,
    answer: Any = None,
) -> Any:
    """What the schema needs to know of a method."""
    method.reader, method.code, method.answer_shape = reader, code, answer
    method.__doc__ = (verb.__doc__ or "").strip() or verb.__name__
    return method


class _Named:
    """Takes the name of the class attribute it is assigned to, so the address need not be written twice; it is said
    besides where a resource has another use for the name."""

    def __init__(self, method: Any, path: str = "") -> None:
        self.method, self.path = method, path

    def __set_name__(self, owner: type, name: str) -> None:
        self.method.__name__ = name
        setattr(
            owner,
            name,
            action(detail=True, methods=["post"], url_path=self.path or name.replace("_", "-"))(
                self.method
            ),
        )
