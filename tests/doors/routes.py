"""Every address of the installation, from the URL resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver

API = "/api/v1/"


@dataclass(frozen=True)
class Operation:
    """One method of one address, with the method of the view that answers it."""

    method: str
    pattern: str
    view: Any
    action: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.pattern.removeprefix(API)}"

    @property
    def handler(self) -> Any:
        return getattr(self.view, self.action)

    @property
    def reader(self) -> Any:
        return getattr(self.handler, "reader", None)

    @property
    def of_one(self) -> bool:
        return "{id}" in self.pattern

    def path(self, id: object = "") -> str:
        """The address for one row; a second row in it is the same one."""
        return re.sub(r"\{\w+\}", str(id), self.pattern)


@dataclass(frozen=True)
class Route:
    pattern: str
    callback: Any
    name: str
    namespaces: tuple[str, ...]

    @property
    def view(self) -> Any:
        return getattr(self.callback, "cls", None)

    @property
    def is_resource(self) -> bool:
        return hasattr(self.view, "shape")

    def operations(self) -> Iterator[Operation]:
        for method, action in (getattr(self.callback, "actions", None) or {}).items():
            if method != "head":
                yield Operation(method.upper(), self.pattern, self.view, action)


def routes(urlconf: Any = None) -> list[Route]:
    return list(_walk(get_resolver(urlconf), "/", ()))


def _walk(resolver: URLResolver, before: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = _join(before, str(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, entry.callback, entry.name or "", namespaces)


def _join(before: str, pattern: str) -> str:
    if pattern.startswith("^") or pattern.endswith("$"):
        pattern = simplify_regex(pattern).lstrip("/")
    return before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)


def resources(urlconf: Any = None) -> list[Route]:
    """The routes that the API base answers."""
    return [route for route in routes(urlconf) if route.is_resource]


def operations(urlconf: Any = None) -> list[Operation]:
    return [operation for route in resources(urlconf) for operation in route.operations()]


def lists(urlconf: Any = None) -> list[Operation]:
    return [operation for operation in operations(urlconf) if operation.action == "list"]


def of_site(route: Route, sites: list[AdminSite]) -> AdminSite | None:
    return next((site for site in sites if site.name in route.namespaces), None)
