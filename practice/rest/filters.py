"""Declared filters: what a list may be narrowed by. Nothing undeclared is looked at, so no path leads into other rows."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from rest_framework import serializers

from practice.rest.shapes import resolve

# What both engines keep in a whole number.
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Filter:
    """Rows whose `lookup` matches the parameter, read as `kind`."""

    lookup: str
    kind: serializers.Field

    def q(self, text: str) -> Q:
        """A relation's id is compared as it is: no look-up says whether another's row exists."""
        return Q(**{self.lookup: self.kind.run_validation(text)})


@dataclass(frozen=True)
class Search:
    """Rows in which any of the columns contains the words."""

    paths: tuple[str, ...]
    kind: serializers.Field

    def q(self, text: str) -> Q:
        words = self.kind.run_validation(text)
        found = Q()
        for path in self.paths:
            found |= Q(**{f"{path}__icontains": words})
        return found


def search(*paths: str) -> Search:
    return Search(
        paths, serializers.CharField(max_length=100, help_text=f"Text found in {', '.join(paths)}.")
    )


def declared(
    model: type[models.Model], names: tuple[str, ...], own: dict[str, Any]
) -> dict[str, Any]:
    """Filters by field name, typed as the field is; moments and dates become a pair, _from and _until."""
    found: dict[str, Any] = {}
    for name in names:
        _, field = resolve(model, name)
        found |= _of_field(name, field)
    return found | own


def _of_field(name: str, field: models.Field) -> dict[str, Filter]:
    if isinstance(field, models.ForeignKey):
        return {name: Filter(f"{name}_id", serializers.UUIDField())}
    if isinstance(field, models.UUIDField):
        return {name: Filter(name, serializers.UUIDField())}
    if isinstance(field, models.BooleanField):
        return {name: Filter(name, serializers.BooleanField())}
    if isinstance(field, models.DateField):
        is_moment = isinstance(field, models.DateTimeField)
        kind = serializers.DateTimeField if is_moment else serializers.DateField
        stem = name.removesuffix("_at").removesuffix("_on")
        return {
            f"{stem}_from": Filter(f"{name}__gte", kind()),
            f"{stem}_until": Filter(f"{name}__lt", kind()),
        }
    if field.choices:
        return {name: Filter(name, serializers.ChoiceField(choices=field.choices))}
    if isinstance(field, models.IntegerField):
        return {name: Filter(name, serializers.IntegerField(min_value=0, max_value=LARGEST))}
    return {name: Filter(name, serializers.CharField(max_length=200))}
