"""Knocking at every page of the admin sites: lists, filters, forms, inlines, actions, acts, and others' rows."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db import models
from django.urls import reverse

from tests.doors import forms
from tests.doors.api_probes import column_paths
from tests.doors.asking import MISSING_ID, MISSING_MARK, Answer, Asker
from tests.doors.routes import Route, of_site, routes


def knock(asker: Asker, sites: list[AdminSite], urlconf: Any = None) -> None:
    """Pages of the sites are for people; whoever has no session is shown the way out, by turns of those without."""
    for site in sites:
        if asker.actor in asker.world.keys and not asker.takes_turn("site", site.name):
            continue
        for name in ("index", "jsi18n", "password_change", "password_change_done"):
            asker.ask(f"{site.name}:{name}", "GET", reverse(f"{site.name}:{name}"))
        for model, admin in site._registry.items():
            for family in FAMILIES:
                family(asker, site, model, admin)
        acting(asker, site, [r for r in routes(urlconf) if of_site(r, [site])])


def address(site: AdminSite, model: type[models.Model], what: str, *args: Any) -> str:
    opts = model._meta
    return reverse(f"{site.name}:{opts.app_label}_{opts.model_name}_{what}", args=args)


def door(site: AdminSite, model: type[models.Model], what: str) -> str:
    return f"{site.name} {model._meta.model_name} {what}"


def listing(asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin) -> None:
    path, name = address(site, model, "changelist"), door(site, model, "list")
    page = asker.ask(name, "GET", path)
    for query in ("e=1", "all=1", "o=1.-2", "_popup=1", "_facets=True", "p=2"):
        if asker.takes("list", name, query):
            asker.ask(f"{name}?{query}", "GET", f"{path}?{query}")
    for mark in _marks_around(asker, model):
        if asker.takes("search", name, mark):
            _twins(asker, f"{name}?q", path, "q", mark, MISSING_MARK)
    if page.status == 200:
        _bulk(asker, site, model, admin, path, page)


def filtering(asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin) -> None:
    path, name = address(site, model, "changelist"), door(site, model, "list")
    for key in _keys(model):
        for _, id in asker.hidden_rows(key.related_model._meta.model_name):
            for parameter in (f"{key.name}__id__exact", key.attname, f"{key.name}__pk"):
                if asker.takes("filter", name, parameter, id):
                    _twins(asker, f"{name}?{parameter}", path, parameter, id, MISSING_ID)
    for column, target, field in column_paths(model):
        for mark in asker.hidden_marks(target._meta.model_name, field)[:3]:
            parameter = f"{column}__startswith"
            if asker.takes("filter", name, parameter, mark):
                begin = mark[:7]
                _twins(asker, f"{name}?{parameter}", path, parameter, begin, MISSING_MARK[:7])


def looking(asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin) -> None:
    """Own rows' pages and the empty form, as they are and with another's id in the address."""
    own = _own_id(asker, model)
    # Their forms are asked for where they are bent.
    for what in ("delete", "history"):
        for id in own:
            asker.ask(door(site, model, what), "GET", address(site, model, what, id))
    for key in _keys(model):
        for _, id in asker.hidden_rows(key.related_model._meta.model_name):
            name = f"{door(site, model, 'add')}?{key.name}"
            if asker.takes("initial", name, id):
                _twins(asker, name, address(site, model, "add"), key.name, id, MISSING_ID)


def anothers_row(asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin) -> None:
    for _, id in asker.hidden_rows(model._meta.model_name):
        for what in ("change", "delete", "history"):
            name = door(site, model, what)
            if asker.takes("row", name, id):
                _one_and_other(
                    asker, name, lambda id, what=what: address(site, model, what, id), id
                )


def saving(asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin) -> None:
    """Every select and id box of a form, inlines included, pointed at another's row and at nobody's."""
    pages = [("add", address(site, model, "add"))]
    pages += [("change", address(site, model, "change", id)) for id in _own_id(asker, model)]
    for what, path in pages:
        page = asker.ask(door(site, model, what), "GET", path)
        if page.status == 200:
            _bend(
                asker,
                door(site, model, what),
                path,
                forms.read(page.text).sent(),
                _targets(model, admin),
            )


def autocompleting(asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin) -> None:
    for key in _keys(model):
        if not asker.takes_turn("autocomplete", site.name, key):
            continue
        query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
        path = f"{reverse(f'{site.name}:autocomplete')}?{query}&field_name={key.name}&term=zq"
        asker.ask(f"{site.name} autocomplete {model._meta.model_name}.{key.name}", "GET", path)


FAMILIES: list[Callable[[Asker, AdminSite, Any, ModelAdmin], None]] = [
    listing,
    filtering,
    looking,
    anothers_row,
    saving,
    autocompleting,
]
# What every model's admin has; the families above know these.
STOCK = ("change", "delete", "history", "changelist", "add")


def acting(asker: Asker, site: AdminSite, found: list[Route]) -> None:
    """Pages of a row that a site adds to the stock ones."""
    for route in found:
        model = _model_of(site, route)
        if model is None or "{object_id}" not in route.pattern or route.name.endswith(STOCK):
            continue
        path = route.pattern.replace("{object_id}", "{}").format
        name = f"{site.name} {model._meta.model_name} {route.name.rsplit('_', 1)[-1]}"
        for id in _own_id(asker, model):
            asker.ask(name, "GET", path(id))
        for _, id in asker.hidden_rows(model._meta.model_name):
            if asker.takes("act", name, id):
                _one_and_other(asker, name, path, id)


def _model_of(site: AdminSite, route: Route) -> type[models.Model] | None:
    for model in site._registry:
        if route.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return model
    return None


def _one_and_other(asker: Asker, name: str, path: Callable[[str], str], id: str) -> None:
    """Another's row and a missing one, looked at and posted to."""
    for form in (None, {"post": "yes"}):
        one, two = (
            asker.ask(name, "POST" if form else "GET", path(i), form=form, sent=(i,))
            for i in (id, MISSING_ID)
        )
        asker.differ(name, "another's row answers unlike a missing one", one, two)
        if one.status == 200 or (form and one.status == 302 and two.status != 302):
            asker.found(name, "reaches another's row")


def _twins(asker: Asker, name: str, path: str, parameter: str, hidden: str, missing: str) -> None:
    one, two = (
        asker.ask(name, "GET", f"{path}?{parameter}={value}", sent=(value,))
        for value in (hidden, missing)
    )
    asker.differ(name, "tells another's value from nobody's", one, two)


def _bend(
    asker: Asker, name: str, path: str, sent: dict[str, str], targets: dict[str, Any]
) -> None:
    for box in sent:
        model = targets.get(box.rsplit("-", 1)[-1])
        if model is None:
            continue
        for place, id in asker.hidden_rows(model._meta.model_name):
            if not asker.takes("bend", name, box, id):
                continue
            one, two = (
                asker.ask(f"{name} {box}", "POST", path, form=sent | {box: value}, sent=(value,))
                for value in (id, MISSING_ID)
            )
            asker.differ(f"{name} {box}", "another's id answers unlike a missing one", one, two)
            if one.status == 302:
                asker.found(f"{name} {box}", f"accepts a row of {place}")


def _bulk(
    asker: Asker, site: AdminSite, model: Any, admin: ModelAdmin, path: str, page: Answer
) -> None:
    """Every action the list offers, on another's rows and on all rows."""
    names = [name for name in forms.read(page.text).options.get("action", []) if name]
    for action in names:
        name = f"{door(site, model, 'action')} {action}"
        for _, id in asker.hidden_rows(model._meta.model_name):
            if not asker.takes_turn("bulk", name, id):
                continue
            one, two = (
                asker.ask(name, "POST", path, form=_ticked(action, [i]), sent=(i,))
                for i in (id, MISSING_ID)
            )
            asker.differ(name, "another's row answers unlike a missing one", one, two)
        asker.ask(name, "POST", path, form=_ticked(action, _own_id(asker, model), across=True))


def _ticked(action: str, ids: list[str], *, across: bool = False) -> dict[str, Any]:
    return {
        "action": action,
        "_selected_action": ids,
        "select_across": str(int(across)),
        "index": "0",
    }


def _keys(model: type[models.Model]) -> Iterator[Any]:
    for column in model._meta.concrete_fields:
        if column.is_relation:
            yield column


def _targets(model: Any, admin: ModelAdmin) -> dict[str, Any]:
    found = {key.name: key.related_model for key in _keys(model)}
    for inline in admin.inlines:
        found |= {key.name: key.related_model for key in _keys(inline.model)}
    return found


def _own_id(asker: Asker, model: type[models.Model]) -> list[str]:
    row = asker.world.rows.get((asker.own_place(), model._meta.model_name))
    return [str(row.pk)] if row is not None else []


def _marks_around(asker: Asker, model: type[models.Model]) -> list[str]:
    """Hidden values of the model itself and of what it points at: what a search might look into."""
    found = []
    for path, target, column in column_paths(model):
        found += asker.hidden_marks(target._meta.model_name, column)[: 1 if "__" in path else 2]
    return found
