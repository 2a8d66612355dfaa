"""A row shape: which columns an answer has. The one declaration makes the SQL, the JSON and the response schema."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers

from practice import access
from practice import reach as reaches
from practice.access import Actor

KINDS = serializers.ModelSerializer.serializer_field_mapping


@dataclass(frozen=True)
class Column:
    name: str
    path: str
    kind: serializers.Field
    owner: type[models.Model]
    """The model the value comes from, and the field there: who may not see that field does not get the column."""
    field: str


@dataclass(frozen=True)
class Veil:
    """A column that is left out of the rows where another has this value."""

    name: str
    path: str
    value: str


class Shape:
    """`Shape("Client", Client, "id", "name", responsible_name="responsible__user__name")`

    A relation's column is its id. `expands` names relations that ?expand= may add, each with its own shape.
    """

    def __init__(
        self,
        name: str,
        model: type[models.Model],
        /,
        *same: str,
        expands: "dict[str, Shape] | None" = None,
        **paths: str,
    ) -> None:
        self.name, self.model = name, model
        self.expands = expands or {}
        named = {**{name: name for name in same}, **paths}
        self.columns = [_column(model, column, path) for column, path in named.items()]

    def columns_for(self, actor: Actor | None) -> list[Column]:
        hidden = {
            owner: access.hidden_fields(actor, owner)
            for owner in {c.owner for c in self.columns}
            if _is_ours(owner)
        }
        return [c for c in self.columns if c.field not in hidden.get(c.owner, ())]

    def rows(self, queryset: QuerySet[Any], actor: Actor | None) -> list[dict[str, Any]]:
        columns = self.columns_for(actor)
        names = [c.name for c in columns]
        veils = list(self._veils(columns, actor))
        # Asked besides, where the answer does not tell it anyway.
        paths = list(dict.fromkeys([*(c.path for c in columns), *(veil.path for veil in veils)]))
        found = []
        for row in queryset.values_list(*paths):
            told = dict(zip(names, row, strict=False))
            for veil in veils:
                if row[paths.index(veil.path)] == veil.value:
                    del told[veil.name]
            found.append(told)
        return found

    def _veils(self, columns: list[Column], actor: Actor | None) -> Iterator["Veil"]:
        """Columns that some of the rows have not, for this actor."""
        for column in columns:
            when = access.hidden_when(actor, column.owner) if _is_ours(column.owner) else None
            if when is not None and column.field in when.fields:
                before = column.path.removesuffix(column.field)
                yield Veil(column.name, f"{before}{when.column}", when.value)

    def expand(self, rows: list[dict[str, Any]], names: list[str], actor: Actor | None) -> None:
        """One further scoped statement per expanded relation, however many rows."""
        for name in names:
            shape = self.expands[name]
            ids: set[UUID] = {row[name] for row in rows if row[name] is not None}
            there = (
                shape.rows(access.visible_to(actor, shape.model).filter(pk__in=ids), actor)
                if ids
                else []
            )
            found = {related["id"]: related for related in there}
            for row in rows:
                row.setdefault("expanded", {})[name] = found.get(row[name])

    @cached_property
    def serializer(self) -> type[serializers.Serializer]:
        """For the schema only; answers are never built by it."""
        fields: dict[str, Any] = {c.name: c.kind for c in self.columns}
        if self.expands:
            inner = {
                name: shape.serializer(required=False, allow_null=True)
                for name, shape in self.expands.items()
            }
            fields["expanded"] = type(f"{self.name}Expanded", (serializers.Serializer,), inner)(
                required=False
            )
        return type(self.name, (serializers.Serializer,), fields)

    @cached_property
    def page(self) -> type[serializers.Serializer]:
        return type(
            f"PageOf{self.name}",
            (serializers.Serializer,),
            {
                "next": serializers.URLField(allow_null=True),
                "previous": serializers.URLField(allow_null=True),
                "results": self.serializer(many=True),
            },
        )


def _is_ours(model: type[models.Model]) -> bool:
    return isinstance(getattr(model, "reach", None), reaches.Reach)


def _column(model: type[models.Model], name: str, path: str) -> Column:
    owner, field = resolve(model, path)
    if isinstance(field, models.ForeignKey):
        path = path if path.endswith("_id") else f"{path}_id"
    kind = _kind(owner, field, may_be_null=field.null or _may_lead_nowhere(model, path))
    return Column(name, path, kind, owner, field.name)


def _may_lead_nowhere(model: type[models.Model], path: str) -> bool:
    """A relation on the way may be empty; then so is what lies beyond it."""
    for step in path.split("__")[:-1]:
        relation = model._meta.get_field(step)
        if relation.null:
            return True
        model = relation.related_model  # type: ignore[assignment]
    return False


def resolve(model: type[models.Model], path: str) -> tuple[type[models.Model], models.Field]:
    """The model and field at the end of a path such as responsible__user__name."""
    *steps, last = path.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]
    return model, model._meta.get_field(last)  # type: ignore[return-value]


def _not_for_all(owner: type[models.Model]) -> tuple[str, ...]:
    """Fields that some who read the row do not get."""
    if not _is_ours(owner):
        return ()
    reach = reaches.of(owner)
    return (*reach.inner, *reach.fees, *(reach.fees_when.fields if reach.fees_when else ()))


def _kind(
    owner: type[models.Model], field: models.Field, *, may_be_null: bool
) -> serializers.Field:
    may_be_absent = field.name in _not_for_all(owner)
    options: dict[str, Any] = {"required": not may_be_absent, "allow_null": may_be_null}
    if field.help_text:
        options["help_text"] = str(field.help_text)
    if isinstance(field, models.ForeignKey):
        return serializers.UUIDField(**options)
    if field.choices:
        return serializers.ChoiceField(choices=field.choices, allow_blank=field.blank, **options)
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(field.max_digits, field.decimal_places, **options)
    kind = next(KINDS[base] for base in type(field).__mro__ if base in KINDS)
    return kind(**options)
