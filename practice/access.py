"""The access table: who may do what, and which rows exist for whom. Every door asks here; there is no second place."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from practice import reach as reaches
from practice.access_roles import (
    ALL_FEES,
    ASSOCIATE,
    BOARD,
    CLIENT_LEADS,
    CONSULTANT,
    CONTACTS,
    DELIVERY,
    FINANCE,
    INTEGRATION,
    KEY,
    LEADS,
    MEMBERS,
    NOBODY,
    OWNER,
    REVIEWER,
    SCOPE_OF,
    SCOPES,
    SPONSOR,
    SYSTEM,
    TABLE,
    VIEWER,
    WHOLE_PRACTICE,
)
from practice.refusals import NotAllowed, NotFound

# The roles and the table are at home one module further (practice/access_roles.py).
__all__ = [
    "ALL_FEES",
    "ASSOCIATE",
    "BOARD",
    "CLIENT_LEADS",
    "CONSULTANT",
    "CONTACTS",
    "DELIVERY",
    "FINANCE",
    "INTEGRATION",
    "KEY",
    "LEADS",
    "MEMBERS",
    "NOBODY",
    "OWNER",
    "REVIEWER",
    "SCOPES",
    "SCOPE_OF",
    "SPONSOR",
    "SYSTEM",
    "TABLE",
    "VIEWER",
    "WHOLE_PRACTICE",
    "Actor",
    "get",
    "hidden_fields",
    "hidden_of",
    "hidden_when",
    "may",
    "on_own_authority",
    "practice_of",
    "require",
    "system",
    "visible_to",
    "within",
]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting, from where. Made at the edge, handed to every verb as `by`."""

    role: str
    kind: str = "system"
    practice_id: UUID | None = None
    id: UUID | None = None
    user_id: UUID | None = None
    # The one client a contact or a limited key belongs to.
    client_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    name: str = ""
    source: str = "job"
    request_id: str = ""

    @property
    def credential(self) -> str:
        return f"{self.kind}:{self.id}"


def system(practice_id: UUID | None = None, *, source: str = "job") -> Actor:
    """The clockwork and set-up: reaches one practice, or with None all of them."""
    return Actor(role=SYSTEM, practice_id=practice_id, source=source)


def on_own_authority(actor: Actor) -> Actor:
    """The same person, for what follows from an act they were allowed (a flag, a seat in support)."""
    return replace(actor, role=SYSTEM)


def within(actor: Actor, practice_id: UUID) -> Actor:
    """The system, narrowed to the practice whose row it is working on."""
    return replace(actor, practice_id=practice_id)


def may(actor: Actor | None, resource: str, action: str) -> bool:
    if actor is None:
        return False
    if actor.role == SYSTEM:
        return True
    if actor.role not in TABLE.get(resource, {}).get(action, NOBODY):
        return False
    return actor.role != KEY or _scopes_for(resource, action) <= actor.scopes


def _scopes_for(resource: str, action: str) -> frozenset[str]:
    scope = SCOPE_OF.get(action, "write")
    return frozenset(
        {scope, "commercial"} if scope == "write" and resource in ALL_FEES else {scope}
    )


def practice_of(actor: Actor) -> UUID:
    """Where a new row of this actor belongs. The system without a practice adds nothing."""
    if actor.practice_id is None:
        raise NotAllowed("Say for which practice.")
    return actor.practice_id


def require(actor: Actor | None, resource: str, action: str) -> None:
    if not may(actor, resource, action):
        raise NotAllowed


def visible_to(actor: Actor | None, model: type[M]) -> QuerySet[M]:
    """The rows of a model that exist for this actor. An unknown actor sees nothing."""
    reach = reaches.of(model)
    rows: QuerySet[M] = model._default_manager.all()
    if actor is None or not may(actor, reach.resource, "view"):
        return rows.none()
    if actor.practice_id is None:
        return rows if actor.role == SYSTEM else rows.none()
    rows = rows.filter(**{reach.practice: actor.practice_id})
    if reach.commercial and not may(actor, reach.resource, "see_fees"):
        rows = rows.filter(**{reach.commercial: False})
    if reach.own is not None and actor.role != SYSTEM:
        return _own(rows, reach, actor)
    if actor.role in WHOLE_PRACTICE or actor.role == SYSTEM:
        return rows
    if reach.tells_of:
        rows = rows.filter(**{f"{reach.tells_of}__in": _viewable(actor)})
    if not reach.clients:
        return rows if reach.shared and actor.client_id is None else rows.none()
    if actor.role in CONTACTS:
        return _released(rows, reach, actor)
    if actor.role == KEY:
        return rows if actor.client_id is None else _of_client(rows, reach, actor)
    return rows.filter(*(_assigned(path, actor) for path in reach.clients))


def _own(rows: QuerySet[M], reach: reaches.Reach, actor: Actor) -> QuerySet[M]:
    """The actor's own, as far as they still reach the client it is about."""
    rows = rows.filter(reach.own(actor)) if reach.own else rows.none()
    if actor.role in WHOLE_PRACTICE:
        return rows
    for path in reach.clients:
        theirs = (
            Q(_assigned(path, actor)) if actor.role in MEMBERS else Q(**{path: actor.client_id})
        )
        rows = rows.filter(Q(**{path: None}) | theirs)
    return rows


def _viewable(actor: Actor) -> list[str]:
    """Models whose rows this actor may view at all: the log tells of no others."""
    ours = (m for m in apps.get_models() if isinstance(getattr(m, "reach", None), reaches.Reach))
    return [m._meta.model_name or "" for m in ours if may(actor, m.reach.resource, "view")]  # type: ignore[attr-defined]


def _of_client(rows: QuerySet[M], reach: reaches.Reach, actor: Actor) -> QuerySet[M]:
    return rows.filter(**dict.fromkeys(reach.clients, actor.client_id))


def _released(rows: QuerySet[M], reach: reaches.Reach, actor: Actor) -> QuerySet[M]:
    if reach.released is None or actor.client_id is None:
        return rows.none()
    return _of_client(rows, reach, actor).filter(reach.released(actor))


def _assigned(path: str, actor: Actor) -> Exists:
    assignments = _assignment_model()._default_manager.filter(
        practice_id=actor.practice_id, member_id=actor.id, client_id=OuterRef(path)
    )
    return Exists(assignments)


@cache
def _assignment_model() -> Any:
    # Looked up when first asked: the models state their reach, so they are loaded before this table.
    return apps.get_model("practice", "Assignment")


def get(actor: Actor | None, model: type[M], id: UUID | str, *, lock: bool = False) -> M:
    """The one visible row, or NotFound; `lock` holds it until the transaction ends."""
    rows = visible_to(actor, model)
    if lock:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=id)
    except (model.DoesNotExist, ValidationError, ValueError, TypeError) as missing:  # type: ignore[attr-defined]
        raise NotFound from missing


def hidden_fields(actor: Actor | None, model: type[Model]) -> frozenset[str]:
    """Columns this actor does not get even on rows that are theirs to see."""
    reach = reaches.of(model)
    hidden = set(reach.secret)
    if actor is not None and actor.role in CONTACTS:
        hidden |= set(reach.inner)
    if reach.fees and not may(actor, reach.resource, "see_fees"):
        hidden |= set(reach.fees)
    return frozenset(hidden)


def hidden_when(actor: Actor | None, model: type[Model]) -> reaches.FeesWhen | None:
    """Columns this actor does not get on some of the rows besides, and on which."""
    reach = reaches.of(model)
    return None if may(actor, reach.resource, "see_fees") else reach.fees_when


def hidden_of(actor: Actor | None, row: Model) -> frozenset[str]:
    """Columns this actor does not get on this one row."""
    always, when = hidden_fields(actor, type(row)), hidden_when(actor, type(row))
    return always | set(when.fields) if when and when.tells(row) else always
