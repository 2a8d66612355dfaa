"""Many rows as one parameter of a statement, on both engines: a thousand parameters cost more than their work."""

import datetime
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models.expressions import RawSQL

Columns = dict[str, str]


def table(columns: Columns) -> str:
    """A FROM item with these columns (of these PostgreSQL types), whose one parameter is `rows(...)`."""
    if connection.vendor == "postgresql":
        declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        return f"json_to_recordset(%s::json) AS given({declared})"
    picked = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
    return f"(SELECT {picked} FROM json_each(%s)) AS given"


def rows(columns: Columns, values: Iterable[tuple[Any, ...]]) -> str:
    return orjson.dumps([dict(zip(columns, row, strict=True)) for row in values]).decode()


def id_form() -> Callable[[UUID], str]:
    """How the engine keeps an id: SQLite has text of 32 letters."""
    return str if connection.vendor == "postgresql" else lambda id: id.hex


def moment(value: datetime.datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(value))


def ids(values: Iterable[UUID]) -> RawSQL:
    """For `id__in`: all of them as one parameter."""
    texts = list(map(id_form(), values))
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::uuid[])", ["{" + ",".join(texts) + "}"])
    return RawSQL("SELECT value FROM json_each(%s)", [orjson.dumps(texts).decode()])
