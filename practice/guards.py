"""What the database itself refuses, on both engines: rows that point into another practice or move to one, changes
to append-only tables, stretches that overlap, parts of what was offered, what was settled. Put in place after every `migrate`, from the models."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from practice.guard_parts import Guard
from practice.guards_postgres import Postgres
from practice.guards_sqlite import Sqlite
from practice.reach import Reach


def tenant_models() -> list[type[models.Model]]:
    # A proxy is another way to look at a table that is guarded already.
    models_ = [m for m in apps.get_models() if not m._meta.proxy]
    return [m for m in models_ if isinstance(getattr(m, "reach", None), Reach)]


def tenant_keys() -> Iterator[tuple[type[models.Model], "models.ForeignKey[Any, Any]"]]:
    """Every foreign key from one practice's row to another row of a practice."""
    owned = {m for m in tenant_models() if m.reach.practice == "practice_id"}  # type: ignore[attr-defined]
    for model in sorted(owned, key=lambda m: m._meta.db_table):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in owned:
                yield model, field


def guards(vendor: str) -> list[Guard]:
    build = Postgres() if vendor == "postgresql" else Sqlite()
    found = [
        build.same_practice(m._meta.db_table, f.column, f.related_model._meta.db_table)
        for m, f in tenant_keys()
    ]
    for model in tenant_models():
        table = model._meta.db_table
        if getattr(model, "append_only", False):
            found.append(build.append_only(table, _unique(model)))
        elif getattr(model, "written_once", False):
            found.append(build.written_once(table, _unique(model)))
        elif model.reach.practice == "practice_id":  # type: ignore[attr-defined]
            found.append(build.stays_put(table))
        if whose := getattr(model, "no_overlap", ""):
            found.append(build.no_overlap(table, whose))
        if unless := getattr(model, "frozen_unless", ()):
            found.append(build.frozen(table, *unless))
        if settles := getattr(model, "settles", ()):
            column, words, free = settles
            found.append(build.settled(table, column, words, _kept(model, free)))
        if settles := getattr(model, "part_settles", ()):
            found.append(build.part_settled(table, *settles))
    return [guard for part in found for guard in part]


def _kept(model: type[models.Model], free: tuple[str, ...]) -> dict[str, str]:
    """The columns of a settled row that stay, each with what may be written over it to forget it."""
    erasable = getattr(model, "erasable", {})
    columns = [field.column or field.name for field in model._meta.local_concrete_fields]
    return {column: erasable.get(column, "") for column in columns if column not in free}


def _unique(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Columns by which a row can push another out of its place, besides the id."""
    meta = model._meta
    alone = [(f.column,) for f in meta.local_concrete_fields if f.unique and not f.primary_key]
    rules = [c for c in meta.constraints if isinstance(c, models.UniqueConstraint)]
    together = [
        tuple(meta.get_field(name).column for name in rule.fields)  # type: ignore[union-attr]
        for rule in rules
        if rule.fields and rule.condition is None
    ]
    return [*alone, *together]  # type: ignore[list-item]


def install(connection: Any) -> None:
    """Put in place what is missing; what stands is not touched, so a deployment takes no needless locks."""
    absent = set(missing(connection))
    with connection.cursor() as cursor:
        for guard in guards(connection.vendor):
            if guard.name in absent:
                cursor.execute(guard.create)


def lift(connection: Any) -> None:
    """Take the guards off: SQLite re-makes a table to alter it, and would stumble over their triggers."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in guards(connection.vendor):
            if guard.table in tables:
                cursor.execute(guard.drop)


def missing(connection: Any) -> list[str]:
    """Names of guards that the database's tables lack; of one that is empty yet, none."""
    queries = {
        "postgresql": (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "
            "UNION SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes"
        ),
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor])
        there = {row[0] for row in cursor.fetchall()}
    tables = set(connection.introspection.table_names())
    wanted = [guard for guard in guards(connection.vendor) if guard.table in tables]
    return [guard.name for guard in wanted if guard.name not in there]
