"""What a valid call for a write is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.callers import Form
from tests.doors.routes import Operation
from tests.doors.world import World

__all__ = ["Body", "Form", "Move", "always", "nothing", "of", "target"]

Body = dict[str, Any]


@dataclass(frozen=True)
class Move:
    row: str
    """Model of the row whose id stands in the address; for lists, of the row that is made."""
    body: Callable[[World, str], Body]
    """What to send, for a row or client at this place."""
    events: tuple[str, ...]
    """What the log says afterwards, in order, when `by` does it at Orchard."""
    at: str = ""
    """Which spare row stands in the address, where the first of its kind is not in the state this needs."""
    by: str = "olu"


LEADS = {"orchard": "ada", "quarry": "olu", "harbour": "zoe"}


def lead(world: World, place: str) -> str:
    """Who works for the client of a place."""
    return str(world.people[LEADS[place]].pk)


def nothing(world: World, place: str) -> Body:
    return {}


def always(**body: Any) -> Callable[[World, str], Body]:
    return lambda world, place: body


def of(model: str, spare: str = "", /, **body: Any) -> Callable[[World, str], Body]:
    """A body that names one row of the place, the first of its kind or a spare one, under its model's name."""

    def made(world: World, place: str) -> Body:
        row = world.spare[place, spare] if spare else world.rows[place, model]
        return {model: str(row.pk), **body}

    return made


def target(moves: Mapping[str, Move], world: World, operation: Operation, place: str) -> str:
    """The id in the address of an operation on one row."""
    if not operation.of_one:
        return ""
    move = moves.get(operation.name)
    if move is not None and move.at:
        return str(world.spare[place, move.at].pk)
    return world.id(place, move.row if move else operation.view.model._meta.model_name)
