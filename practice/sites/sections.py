"""Rows of another kind shown on a row's page: read only, scoped, each with a link to its own page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from practice import access

LONGEST = 50


@dataclass(frozen=True)
class Section:
    """One declared list. `columns` are (heading, how to get the text of a row)."""

    title: str
    model: Any
    on: str
    """Field of the model that points at the row whose page this is; two, for a pair: "one|other"."""
    columns: tuple[tuple[str, Callable[[Any], Any]], ...]
    joined: tuple[str, ...] = ()
    annotated: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    """What the columns read besides the rows' own."""
    order: tuple[str, ...] = ()
    empty: str = "None yet."
    where: dict[str, Any] = field(default_factory=dict)
    longest: int = LONGEST
    wide: bool = False
    """Takes the page's whole width: for many columns or long words."""
    narrows: str = ""
    """The list's own filter that shows all of them, where `on` is no relation."""

    def shown(self, request: HttpRequest, obj: Any, site: Any) -> dict[str, Any] | None:
        actor = request.here.actor  # type: ignore[attr-defined]
        if not access.may(actor, self.model.reach.resource, "view"):
            return None
        # Each column's own text is a template variable: escaped there.
        rows = [
            {
                "link": site.page_of(row),
                "cells": [(heading, text(row)) for heading, text in self.columns],
            }
            for row in self._rows(actor, obj)
        ]
        more, rows = len(rows) > self.longest, rows[: self.longest]
        return {
            "title": self.title,
            "wide": self.wide,
            "headings": [heading for heading, _ in self.columns],
            "rows": rows,
            "empty": self.empty,
            "add": self._add(request, obj, site),
            "more": f"{site.link(self.model)}?{self.narrows or self.on + '__id__exact'}={obj.pk}"
            if more
            else "",
        }

    def _rows(self, actor: Any, obj: Any) -> QuerySet[Any]:
        on = Q()
        for name in self.on.split("|"):
            on |= Q(**{name: obj.pk})
        rows = access.visible_to(actor, self.model).filter(on, **self.where)
        rows = self.annotated(rows.select_related(*self.joined))
        return rows.order_by(*self.order, "id")[: self.longest + 1]

    def _add(self, request: HttpRequest, obj: Any, site: Any) -> str:
        admin = site._registry.get(self.model)
        if admin is None or not admin.has_add_permission(request):
            return ""
        opts = self.model._meta
        link = reverse(f"{site.name}:{opts.app_label}_{opts.model_name}_add")
        return f"{link}?{self.on.split('|')[0]}={obj.pk}"
