"""How a model says whose its rows are. Data only: the access table reads it, nothing here decides anything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Q

    from practice.access import Actor


@dataclass(frozen=True)
class FeesWhen:
    """Fields that are commercial figures in some rows only: an allowance that is counted in money, not in days."""

    fields: tuple[str, ...]
    column: str
    """The row's own column that decides it."""
    value: str

    def tells(self, row: Any) -> bool:
        return bool(getattr(row, self.column) == self.value)


@dataclass(frozen=True)
class Reach:
    """Stated once per model, as its class attribute `reach`."""

    resource: str
    """The row of the access table that governs it."""
    practice: str = "practice_id"
    """Path to the id of the practice a row belongs to."""
    clients: tuple[str, ...] = ()
    """Paths to the ids of the clients a row speaks of; all of them must be within reach."""
    shared: bool = False
    """Practice-level rows that every member may know of (colleagues, the practice itself)."""
    released: "Callable[[Actor], Q] | None" = None
    """Which rows of the own client its contacts see; None: none of them."""
    own: "Callable[[Actor], Q] | None" = None
    """Rows of one person each: nobody else sees them, whatever their role."""
    tells_of: str = ""
    """Column naming the model of another row that this one tells of: seen by those who may view such rows."""
    personal: tuple[str, ...] = ()
    """Fields about a person: the event log says that they changed, never to what."""
    secret: tuple[str, ...] = ()
    """Fields that leave the database in no form."""
    inner: tuple[str, ...] = ()
    """Fields that the practice keeps among itself, also on rows that the client's contacts read."""
    fees: tuple[str, ...] = ()
    """Commercial figures: for those whose role may see fees."""
    fees_when: FeesWhen | None = None
    """Fields that are commercial figures where another column says so."""
    commercial: str = ""
    """Column that says whether a whole row tells of fees: then it is for those whose role may see fees."""


@dataclass(frozen=True)
class Everyones:
    """A table that belongs to no practice, and why that is right."""

    because: str


def of(model: Any) -> Reach:
    """The reach of a tenant's model; a model without one is a programming error, not an empty result."""
    reach = getattr(model, "reach", None)
    if not isinstance(reach, Reach):
        raise TypeError(
            f"{model.__name__} does not state whose its rows are (see practice/reach.py)"
        )
    return reach
