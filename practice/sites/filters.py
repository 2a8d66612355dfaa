"""List filters that offer visible rows only."""

from typing import Any

from django.contrib.admin import FieldListFilter, RelatedFieldListFilter, SimpleListFilter
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.http import HttpRequest

from practice import access


class ScopedRelatedFilter(RelatedFieldListFilter):
    """The stock one lists every row of the other table."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = offered(request, field.related_model, model_admin.admin_site)
        return sorted(((row.pk, str(row)) for row in rows), key=lambda choice: choice[1].lower())


def offered(request: HttpRequest, model: Any, site: Any) -> models.QuerySet[Any]:
    """The rows a form or filter may name, with what their names are made of."""
    rows = access.visible_to(request.here.actor, model)  # type: ignore[attr-defined]
    admin = site._registry.get(model)
    joined = admin.list_select_related if admin is not None else ()
    return rows.select_related(*joined) if joined else rows


def scoped(model: Any, declared: Any) -> Any:
    """A declared list filter as one that cannot show another's rows."""
    if isinstance(declared, type) and issubclass(declared, SimpleListFilter):
        return declared
    if not isinstance(declared, str) or "__" in declared:
        raise ImproperlyConfigured(f"{declared!r}: name a field of {model.__name__} to filter by")
    field = model._meta.get_field(declared)
    return (declared, ScopedRelatedFilter) if field.is_relation else declared


def lookups(model: Any, declared: Any) -> set[str]:
    """The query parameters a declared filter reads; all others are refused."""
    if isinstance(declared, type) and issubclass(declared, SimpleListFilter):
        return {declared.parameter_name}
    if model._meta.get_field(declared).is_relation:
        return {f"{declared}__id__exact", f"{declared}__isnull"}
    return {f"{declared}{tail}" for tail in ("", "__exact", "__isnull", "__gte", "__lt")}


__all__ = ["FieldListFilter", "ScopedRelatedFilter", "lookups", "offered", "scoped"]
