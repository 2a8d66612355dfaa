"""The whole round: every actor at every door, and what must hold of the doors themselves."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin import AdminSite
from rest_framework.relations import ManyRelatedField, RelatedField

from practice.rest.inputs import Scoped
from tests.doors import admin_probes, api_probes, table
from tests.doors.asking import Asker, Finding
from tests.doors.canaries import owned_models
from tests.doors.moves import MOVES
from tests.doors.moving import Move
from tests.doors.routes import of_site, operations, routes
from tests.doors.world import World

PARAMETERS = {
    "token": "made-up",
    "key": "made-up",
    "uidb36": "1",
    "login_token": "made-up",
    "pk": "1",
    "practice": "00000000-0000-0000-0000-000000000001",
}


@dataclass
class Round:
    probes: int = 0
    findings: set[Finding] = field(default_factory=set)
    seen: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def leaks(self) -> list[str]:
        return [f"{found.door}, as {found.actor}: {found.what}" for found in sorted(self.findings)]


def everybody(
    world: World,
    sites: list[AdminSite],
    *,
    share: float,
    only: Iterable[str] = (),
    moves: dict[str, Move] | None = None,
    urlconf: Any = None,
) -> Round:
    """Each actor at each door; `share` of the matrix, the same part in every run."""
    result, before = Round(), digest()
    for name, caller in world.callers().items():
        if only and name not in only:
            continue
        asker = Asker(world, name, caller, share=share, own_name=world.own_name(name))
        plain_pages(asker, sites, urlconf)
        api_probes.knock(asker, MOVES if moves is None else moves, urlconf)
        admin_probes.knock(asker, sites, urlconf)
        result.probes += asker.probes
        result.findings |= asker.findings
        result.seen[name] = asker.seen
    if digest() != before:
        result.findings.add(Finding("the whole round", "somebody", "left rows changed"))
    return result


def plain_pages(asker: Asker, sites: list[AdminSite], urlconf: Any = None) -> None:
    for route in routes(urlconf):
        if route.is_resource or of_site(route, sites):
            continue
        path = route.pattern
        for name, value in PARAMETERS.items():
            path = path.replace("{" + name + "}", value)
        if "{" not in path and asker.takes("page", path):
            for headers in ({}, {"Accept": api_probes.HTML}):
                asker.ask(route.pattern, "GET", path, **headers)
            asker.ask(route.pattern, "OPTIONS", path)


def digest() -> str:
    """Every row of ours: none may come, go or change. A key's last use is noted, and that is meant."""
    whole = hashlib.sha256()
    for model in owned_models():
        columns = [c.attname for c in model._meta.concrete_fields if c.name not in PASSING]
        for row in model._default_manager.order_by("pk").values_list(*columns):
            whole.update(repr(row).encode())
    return whole.hexdigest()


PASSING = {"last_used_at", "last_login"}


def unclassified(sites: list[AdminSite], urlconf: Any = None) -> list[str]:
    """Routes that are neither a resource, nor a page of a site, nor explained in the table."""
    left = []
    for route in routes(urlconf):
        known = route.is_resource or of_site(route, sites) is not None
        if not known and not any(_covers(entry, route.pattern) for entry in table.ROUTES):
            left.append(route.pattern)
    return left


def stale_entries(urlconf: Any = None) -> list[str]:
    """What the table explains and nobody can reach any more."""
    patterns = [route.pattern for route in routes(urlconf)]
    return [e for e in table.ROUTES if not any(_covers(e, pattern) for pattern in patterns)]


def _covers(entry: str, pattern: str) -> bool:
    return pattern.startswith(entry[:-1]) if entry.endswith("/*") else pattern == entry


def open_relations(urlconf: Any = None) -> Iterator[str]:
    """Inputs whose relation is not scoped, whatever the probes could reach."""
    for operation in operations(urlconf):
        if operation.reader is not None:
            for name, found in operation.reader().fields.items():
                inner = found.child_relation if isinstance(found, ManyRelatedField) else found
                if isinstance(inner, RelatedField) and not isinstance(inner, Scoped):
                    yield f"{operation.name} {name}"


def told_secrets(urlconf: Any = None) -> Iterator[str]:
    """Shapes with a column that leaves the database in no form."""
    for route in routes(urlconf):
        if route.is_resource:
            view = route.view
            for shape in [view.whole or view.shape, view.shape, *view.shape.expands.values()]:
                for column in shape.columns:
                    if column.field in getattr(getattr(column.owner, "reach", None), "secret", ()):
                        yield f"{shape.name}.{column.name}"


def narrowing_by_relation(urlconf: Any = None) -> Iterator[str]:
    """Filters that look a row up to judge the parameter, and so tell whether it exists."""
    for operation in operations(urlconf):
        if operation.action == "list":
            for name, by in operation.view().narrowed_by.items():
                if isinstance(by.kind, RelatedField | ManyRelatedField):
                    yield f"{operation.name}?{name}"
