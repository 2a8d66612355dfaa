"""Knocking at every resource of the API: reading, narrowing, ordering, expanding, writing, and asking for another's rows."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.relations import ManyRelatedField, RelatedField

from tests.doors.asking import MISSING_ID, MISSING_MARK, Asker
from tests.doors.canaries import is_free_text
from tests.doors.moving import Move, target
from tests.doors.routes import Operation, operations

HTML = "text/html,application/xhtml+xml"
Moves = dict[str, Move]


def knock(asker: Asker, moves: Moves, urlconf: Any = None) -> None:
    for operation in operations(urlconf):
        for family in FAMILIES:
            family(asker, operation, moves)


def reading(asker: Asker, operation: Operation, moves: Moves) -> None:
    if operation.method != "GET":
        return
    door, path = operation.name, operation.path(_own_id(asker, operation, moves))
    # Everybody reads all there is at every address; the other ways to ask go by turns.
    asker.ask(door, "GET", f"{path}?limit=200" if operation.action == "list" else path)
    for method, headers in (
        ("GET", {"Accept": HTML}),
        ("OPTIONS", {}),
        ("OPTIONS", {"Accept": HTML}),
        ("HEAD", {}),
    ):
        if asker.takes_turn("reading", door, method, *headers):
            asker.ask(door, method, path, **headers)
    for relation in operation.view.shape.expands:
        if asker.takes_turn("expanding", door, relation):
            asker.ask(f"{door}?expand", "GET", f"{path}?expand={relation}")


def narrowing(asker: Asker, operation: Operation, moves: Moves) -> None:
    """A filter on another's value and on nobody's: the answers must be the same."""
    if operation.action != "list":
        return
    for name, lookup, model in _filters(operation):
        for hidden, missing in _values_for(asker, lookup, model):
            door = f"{operation.name}?{name}"
            if asker.takes("narrowing", door, hidden):
                one = asker.ask(door, "GET", f"{operation.path()}?{name}={hidden}", sent=(hidden,))
                two = asker.ask(
                    door, "GET", f"{operation.path()}?{name}={missing}", sent=(missing,)
                )
                asker.differ(door, "filter tells another's value from nobody's", one, two)


def chained(asker: Asker, operation: Operation, moves: Moves) -> None:
    """The filters that nobody declared: columns and paths through relations, with look-ups."""
    if operation.action != "list":
        return
    for path, hidden in _undeclared(asker, operation.view.model):
        door = f"{operation.name}?{path}"
        if not asker.takes("chained", door):
            continue
        begin = hidden[:7] if path.endswith("startswith") else hidden
        nobody = MISSING_MARK[: len(begin)] if begin.startswith("zq") else MISSING_ID
        one = asker.ask(door, "GET", f"{operation.path()}?{path}={begin}", sent=(begin,))
        two = asker.ask(door, "GET", f"{operation.path()}?{path}={nobody}", sent=(nobody,))
        asker.differ(door, "undeclared filter tells", one, two)


def ordering(asker: Asker, operation: Operation, moves: Moves) -> None:
    if operation.action != "list":
        return
    for path in _orders(operation.view.model):
        door = f"{operation.name}?order"
        if path not in operation.view.ordering and asker.takes("ordering", door, path):
            answer = asker.ask(door, "GET", f"{operation.path()}?order={path}")
            if answer.status == 200:
                asker.found(door, f"orders by {path}")


def anothers_row(asker: Asker, operation: Operation, moves: Moves) -> None:
    """Every method on a row that is there for others, and on one that is there for nobody."""
    if not operation.of_one:
        return
    body = _body(asker, operation, moves)
    methods = [(operation.method, body)] + (
        [("OPTIONS", None)] if operation.method == "GET" else []
    )
    for _, id in asker.hidden_rows(operation.view.model._meta.model_name):
        for method, sent_body in methods:
            if asker.takes("row", operation.name, method, id):
                one = asker.ask(operation.name, method, operation.path(id), sent_body, sent=(id,))
                two = asker.ask(
                    operation.name,
                    method,
                    operation.path(MISSING_ID),
                    sent_body,
                    sent=(MISSING_ID,),
                )
                asker.differ(operation.name, "another's row answers unlike a missing one", one, two)
                if one.status < 400 and method != "OPTIONS":
                    asker.found(operation.name, "reaches another's row")


def anothers_key(asker: Asker, operation: Operation, moves: Moves) -> None:
    """Every relation of every input, pointed at another's row and at nobody's."""
    if operation.reader is None:
        return
    body, path = _body(asker, operation, moves), operation.path(_own_id(asker, operation, moves))
    for name, model in relations(operation.reader):
        for place, id in asker.hidden_rows(model._meta.model_name):
            if not asker.takes("key", operation.name, name, id):
                continue
            door = f"{operation.name} {name}"
            one = asker.ask(door, operation.method, path, body | {name: id}, sent=(id,))
            two = asker.ask(
                door, operation.method, path, body | {name: MISSING_ID}, sent=(MISSING_ID,)
            )
            asker.differ(door, "another's id answers unlike a missing one", one, two)
            if one.status < 400:
                asker.found(door, f"accepts a row of {place}")


def taken_value(asker: Asker, operation: Operation, moves: Moves) -> None:
    """A text that stands in a row one cannot see is as free as any other."""
    if operation.reader is None:
        return
    body, path = _body(asker, operation, moves), operation.path(_own_id(asker, operation, moves))
    for name, reader in operation.reader().fields.items():
        if not isinstance(reader, serializers.CharField):
            continue
        for hidden in asker.hidden_marks(operation.view.model._meta.model_name, name):
            if not asker.takes("taken", operation.name, name, hidden):
                continue
            is_mail = isinstance(reader, serializers.EmailField)
            suffix = "@canary.test" if is_mail else ""
            one, two = (
                asker.ask(
                    f"{operation.name} {name}",
                    operation.method,
                    path,
                    body | {name: value + suffix},
                    sent=(value + suffix, value),
                )
                for value in (hidden, MISSING_MARK)
            )
            asker.differ(f"{operation.name} {name}", "tells that a value is taken", one, two)


FAMILIES: list[Callable[[Asker, Operation, Moves], None]] = [
    reading,
    narrowing,
    chained,
    ordering,
    anothers_row,
    anothers_key,
    taken_value,
]


def relations(reader: type[serializers.Serializer]) -> Iterator[tuple[str, type[models.Model]]]:
    """Fields of an input that take ids of rows, however they are declared."""
    for name, found in reader().fields.items():
        inner = found.child_relation if isinstance(found, ManyRelatedField) else found
        if isinstance(inner, RelatedField):
            queryset = getattr(inner, "queryset", None)
            model = getattr(inner, "model", None) or (
                queryset.model if queryset is not None else None
            )
            if model is not None:
                yield name, model


def _own_id(asker: Asker, operation: Operation, moves: Moves) -> str:
    return target(moves, asker.world, operation, asker.own_place())


def _body(asker: Asker, operation: Operation, moves: Moves) -> dict[str, Any] | None:
    if operation.method not in {"POST", "PATCH", "PUT"}:
        return None
    return copy.copy(moves[operation.name].body(asker.world, asker.own_place()))


def _filters(operation: Operation) -> Iterator[tuple[str, str, type[models.Model]]]:
    """Declared filters with the model and column that they look at."""
    view = operation.view()
    for name, by in view.narrowed_by.items():
        paths = getattr(by, "paths", None) or (by.lookup,)
        for path in paths:
            model, column = _end(view.model, path)
            if column is not None:
                yield name, column, model


def _end(model: type[models.Model], path: str) -> tuple[type[models.Model], str | None]:
    """Where a path ends; look-ups at its end are left out, ids of relations lead to their model."""
    for step in path.split("__"):
        columns = {name: f for f in model._meta.concrete_fields for name in (f.name, f.attname)}
        if step not in columns:
            return model, None
        if not columns[step].is_relation:
            return model, step
        model = columns[step].related_model
    return model, "id"


def _values_for(asker: Asker, column: str, model: type[models.Model]) -> Iterator[tuple[str, str]]:
    if isinstance(model._meta.get_field(column), models.UUIDField):
        # A bare id, such as an event's subject, may be that of any row.
        kind = model._meta.model_name if column == "id" else "client"
        for _, id in asker.hidden_rows(kind):
            # The id of a row that one may not read may stand in a row that one may: a filter tells no more.
            if not asker.sees.allows(asker.world.canaries.ids[id]):
                yield id, MISSING_ID
    for mark in asker.hidden_marks(model._meta.model_name, column):
        yield mark, MISSING_MARK


def _undeclared(asker: Asker, model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for path, owner, column in column_paths(model):
        for mark in asker.hidden_marks(owner._meta.model_name, column)[:3]:
            yield path, mark
            yield f"{path}__startswith", mark


def column_paths(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model], str]]:
    for column in model._meta.concrete_fields:
        target = getattr(column, "related_model", None)
        if target is not None:
            for inner in target._meta.concrete_fields:
                if is_free_text(inner):
                    yield f"{column.name}__{inner.name}", target, inner.name
        elif is_free_text(column):
            yield column.name, model, column.name


def _orders(model: type[models.Model]) -> Iterator[str]:
    for column in model._meta.concrete_fields:
        yield column.name
    for path, _, _ in column_paths(model):
        if "__" in path:
            yield path
