"""A row of any model at any place, made from its fields: so that a new table is under test from its first day.

Where a table's constraints want more than fields tell, seed it by hand in tests/doors/world.py.
"""

import datetime
import uuid
from typing import Any

from django.db import IntegrityError, models, transaction

from tests.doors.canaries import Canaries, Origin, is_free_text

Rows = dict[tuple[str, str], models.Model]
SOON = datetime.datetime(2099, 5, 1, 12, 0, tzinfo=datetime.UTC)


class CannotFill(AssertionError):
    pass


def fill(rows: Rows, place: str, owned: list[type[models.Model]], canaries: Canaries) -> None:
    """Rows for the models that have none here yet, those first that the others point at."""
    waiting = [m for m in owned if (place, m._meta.model_name) not in rows and _speaks_of_client(m)]
    while waiting:
        ready = [m for m in waiting if not _needs(m) & set(waiting) - {m}]
        if not ready:
            raise CannotFill(f"These point at each other; seed them by hand: {waiting}")
        for model in ready:
            rows[place, model._meta.model_name] = _made(rows, place, model, canaries)
            waiting.remove(model)


def _speaks_of_client(model: type[models.Model]) -> bool:
    return any(_target(column) == "practice.Client" for column in model._meta.concrete_fields)


def _needs(model: type[models.Model]) -> set[type[models.Model]]:
    return {c.related_model for c in model._meta.concrete_fields if c.is_relation and not c.null}


def _target(column: models.Field) -> str:
    return column.related_model._meta.label if column.is_relation else ""


def _made(rows: Rows, place: str, model: type[models.Model], canaries: Canaries) -> models.Model:
    values: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if column.is_relation:
            values[column.name] = _related(rows, place, column)
        elif not column.has_default() and not column.null:
            values[column.name] = _value(column)
        if is_free_text(column) or (
            isinstance(column, models.JSONField) and not column.has_default()
        ):
            origin = Origin(frozenset({place}), model._meta.model_name, column.name)
            mark = canaries.text(origin, email=isinstance(column, models.EmailField))
            values[column.name] = mark if is_free_text(column) else {"mark": mark}
    try:
        with transaction.atomic():
            return model._default_manager.create(**values)
    except (IntegrityError, ValueError, TypeError) as wrong:
        raise CannotFill(f"Seed {model.__name__} in tests/doors/world.py: {wrong}") from wrong


def _related(rows: Rows, place: str, column: models.Field) -> models.Model | None:
    found = rows.get((place, column.related_model._meta.model_name))
    if found is None and not column.null:
        raise CannotFill(f"Nothing at {place} for {column}; seed it in tests/doors/world.py")
    return None if isinstance(column, models.OneToOneField) and column.null else found


def _value(column: models.Field) -> Any:
    if column.choices:
        return column.choices[0][0]
    if isinstance(column, models.DateTimeField):
        return SOON
    if isinstance(column, models.DateField):
        return SOON.date()
    if isinstance(column, models.UUIDField):
        return uuid.uuid4()
    if isinstance(column, models.CharField | models.TextField):
        return uuid.uuid4().hex[: column.max_length or 32]
    if isinstance(column, models.BooleanField):
        return False
    return 1
