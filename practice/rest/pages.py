"""Cursor pages: each begins where the last ended, by key, so the millionth row costs what the first did."""

import base64
import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError

SIZE, LARGEST = 50, 200


@dataclass(frozen=True)
class Order:
    """One column and its direction; the id breaks ties."""

    name: str
    path: str
    falling: bool

    def apply(self, rows: QuerySet[Any], backward: bool) -> QuerySet[Any]:
        falling = self.falling != backward
        sign = "-" if falling else ""
        keys = [f"{sign}{self.path}"] + ([] if self.path == "id" else [f"{sign}id"])
        return rows.order_by(*keys)

    def beyond(self, value: Any, id: Any, backward: bool) -> Q:
        step = "lt" if self.falling != backward else "gt"
        if self.path == "id":
            return Q(**{f"id__{step}": id})
        return Q(**{f"{self.path}__{step}": value}) | Q(**{self.path: value, f"id__{step}": id})


@dataclass(frozen=True)
class Cursor:
    value: Any
    id: str
    backward: bool

    def text(self, order: Order) -> str:
        named = f"-{order.name}" if order.falling else order.name
        raw = orjson.dumps(
            [named, self.value, self.id, self.backward], default=str, option=orjson.OPT_UTC_Z
        )
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_cursor(text: str, order: Order, field: Any) -> Cursor:
    """Cursors come back as we wrote them or not at all; one made for another order is refused."""
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
        named, value, id, backward = raw
        UUID(id)
        if named != (f"-{order.name}" if order.falling else order.name) or not isinstance(
            backward, bool
        ):
            raise ValueError
        value = field.run_validation(value)
        return Cursor(value, id, backward)
    except (ValueError, TypeError, AttributeError, ValidationError) as wrong:
        raise ValidationError({"cursor": ["Not a cursor of this list and order."]}) from wrong


def cut(
    rows: list[dict[str, Any]], *, size: int, order: Order, came_by: Cursor | None
) -> tuple[list[dict[str, Any]], Cursor | None, Cursor | None]:
    """From one row too many: the page, and where its neighbours begin."""
    more = len(rows) > size
    rows = rows[:size]
    backward = came_by is not None and came_by.backward
    if backward:
        rows.reverse()
    has_next = more if not backward else came_by is not None
    has_previous = came_by is not None if not backward else more
    following = _at(rows[-1], order, False) if rows and has_next else None
    preceding = _at(rows[0], order, True) if rows and has_previous else None
    return rows, following, preceding


def _at(row: dict[str, Any], order: Order, backward: bool) -> Cursor:
    value = row[order.name]
    return Cursor(
        value.isoformat() if isinstance(value, datetime.date) else value, str(row["id"]), backward
    )
