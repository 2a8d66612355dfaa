"""Asking every route as everybody, for their own and for others' rows, and the table of what must be answered."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.admin import AdminSite
from django.db import transaction
from django.urls import reverse

from tests.callers import Caller
from tests.doors.moves import MOVES
from tests.doors.moving import target
from tests.doors.routes import Operation
from tests.doors.world import PLACES, World

FILES = {"api": "access.toml", "pages": "access_pages.toml"}
Table = dict[str, dict[str, str]]


def expected(section: str) -> Table:
    """Route → actor → statuses at Orchard, Quarry and Harbour (one status where no place is named)."""
    told = tomllib.loads(Path(__file__).with_name(FILES[section]).read_text())[section]
    return {route: dict(_each_actor(groups)) for route, groups in told.items()}


def _each_actor(groups: dict[str, str]) -> Iterator[tuple[str, str]]:
    for actors, statuses in groups.items():
        for actor in actors.split():
            yield actor, statuses


def grouped(answers: dict[str, str]) -> dict[str, str]:
    """Actor → statuses, written as the table is: actors with the same answers together."""
    groups: dict[str, list[str]] = {}
    for actor, statuses in answers.items():
        groups.setdefault(statuses, []).append(actor)
    return {" ".join(actors): statuses for statuses, actors in groups.items()}


def of_api(world: World, callers: dict[str, Caller], asked: Iterable[Operation]) -> Table:
    return {
        operation.name: {name: _statuses(world, c, operation) for name, c in callers.items()}
        for operation in asked
    }


def _statuses(world: World, caller: Caller, operation: Operation) -> str:
    found = [_status(world, caller, operation, place) for place in _places(world, operation)]
    return " ".join(map(str, found))


def _places(world: World, operation: Operation) -> tuple[str, ...]:
    """A list has one answer; so has a write whose body names no place."""
    if operation.of_one:
        return PLACES
    if operation.method == "GET":
        return PLACES[:1]
    bodies = [MOVES[operation.name].body(world, place) for place in PLACES]
    return PLACES if bodies[0] != bodies[2] else PLACES[:1]


def _status(world: World, caller: Caller, operation: Operation, place: str) -> int:
    path = operation.path(target(MOVES, world, operation, place))
    return status(caller, operation.method, path, body(world, operation, place))


def body(world: World, operation: Operation, place: str) -> Any:
    return None if operation.method == "GET" else MOVES[operation.name].body(world, place)


def status(caller: Caller, method: str, path: str, sent: Any) -> int:
    """What is answered; whatever was done is undone."""
    with transaction.atomic():
        answered: int = caller.call(method, path, sent).status_code
        transaction.set_rollback(True)
    return answered


# Keys have no session; for pages they are nobody.
PEOPLE = (
    "olu",
    "ada",
    "ben",
    "amy",
    "fin",
    "priya",
    "marta",
    "viewer",
    "ravi",
    "zoe",
    "hana",
    "nobody",
)


def of_pages(world: World, callers: dict[str, Caller], sites: list[AdminSite]) -> Table:
    """List, form and, for a row at each place, its page and the page that removes it."""
    return {
        f"{site.name} {model._meta.model_name} {what}": {
            name: " ".join(_looked(world, callers[name], site, model, what)) for name in PEOPLE
        }
        for site in sites
        for model in site._registry
        for what in ("list", "add", "change", "delete")
    }


def _looked(world: World, caller: Caller, site: AdminSite, model: Any, what: str) -> Iterator[str]:
    name = f"{site.name}:{model._meta.app_label}_{model._meta.model_name}"
    if what in {"list", "add"}:
        yield str(
            status(
                caller, "GET", reverse(f"{name}_{'changelist' if what == 'list' else what}"), None
            )
        )
        return
    for place in PLACES:
        path = reverse(f"{name}_{what}", args=[world.id(place, model._meta.model_name)])
        yield str(status(caller, "GET", path, None))


def written(section: str, answers: Table) -> str:
    """The table as its file holds it: to be read by a person before it is committed."""
    lines = []
    for route, by_actor in answers.items():
        lines.append(f'\n[{section}."{route}"]')
        for actors, statuses in grouped(by_actor).items():
            lines.append(f'"{actors}" = "{statuses}"')
    return "\n".join(lines) + "\n"
