"""Adding and changing one row under the house's rules: scoped, locked, checked, versioned and recorded. Verbs call this."""

import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from practice import access, events
from practice import reach as reaches
from practice.access import Actor
from practice.models import Row
from practice.refusals import Invalid, NotFound, Stale, Taken

R = TypeVar("R", bound=Row)


def add(
    row: R,
    *,
    by: Actor,
    at: datetime.datetime,
    kind: str,
    taken: Taken | None = None,
    hat: str = "",
) -> R:
    """Write a new row and the event that says so, under which hat where it was done under one."""
    row.created_at = at
    _check(row, by, set(_names(row)))
    with transaction.atomic():
        _write(row, taken, force_insert=True)
        # A row that can never change is its own record; the log need not repeat it.
        after = None if getattr(row, "append_only", False) else events.state(row)
        events.record(kind, by=by, at=at, subject=row, after=after, hat=hat)
    return row


def change(
    row: R,
    changes: dict[str, Any],
    *,
    by: Actor,
    at: datetime.datetime,
    kind: str,
    expected: int | None = None,
    taken: Taken | None = None,
    hat: str = "",
) -> R:
    """Change a row somebody may see: locked, compared with the version they saw, recorded field by field.

    A change to what is there already writes nothing and records nothing.
    """
    with transaction.atomic():
        row = access.get(by, type(row), row.pk, lock=True)
        if expected is not None and expected != row.version:
            raise Stale(version=row.version)
        touched = {name for name, value in changes.items() if getattr(row, name) != value}
        if not touched:
            return row
        columns = {field.attname for field in row._meta.concrete_fields if field.name in touched}
        before = events.state(row, columns)
        for name in touched:
            setattr(row, name, changes[name])
        _check(row, by, touched)
        row.version += 1
        _write(row, taken, update_fields=[*touched, "version"])
        after = events.state(row, columns)
        events.record(kind, by=by, at=at, subject=row, before=before, after=after, hat=hat)
    return row


def wanted(row: R, changes: dict[str, Any], *, by: Actor) -> R:
    """What a row would be with these changes, to be looked at before they are made. The row itself stays as it is."""
    there = access.get(by, type(row), row.pk)
    for name, value in changes.items():
        setattr(there, name, value)
    return there


def remove(
    row: Row, *, by: Actor, at: datetime.datetime, kind: str, expected: int | None = None
) -> None:
    with transaction.atomic():
        row = access.get(by, type(row), row.pk, lock=True)
        if expected is not None and expected != row.version:
            raise Stale(version=row.version)
        events.record(kind, by=by, at=at, subject=row, before=events.state(row))
        row.delete()


def _names(row: Row) -> list[str]:
    return [field.name for field in row._meta.concrete_fields]


def _check(row: Row, by: Actor, touched: set[str]) -> None:
    """Field rules, and that every row pointed at exists for this actor."""
    errors: dict[str, list[str]] = {}
    relations = [f for f in row._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    pointers = {field.name for field in relations}
    try:
        row.clean_fields(exclude={n for n in _names(row) if n not in touched} | pointers)
    except ValidationError as wrong:
        errors.update(wrong.message_dict)
    for field in relations:
        try:
            if field.name in touched:
                _reachable(row, field, by)
        except NotFound:
            errors[field.name] = ["There is no such thing here."]
    if errors:
        raise Invalid(errors)


def _reachable(row: Row, field: "models.ForeignKey[Any, Any]", by: Actor) -> None:
    target, value = field.related_model, getattr(row, field.attname)
    if value is None or not isinstance(getattr(target, "reach", None), reaches.Reach):
        return
    if field.name == "practice":
        if by.practice_id not in (None, value):
            raise NotFound
        return
    try:
        there = access.visible_to(by, target).filter(pk=value).exists()
    except (ValidationError, ValueError, TypeError) as wrong:
        raise NotFound from wrong
    if not there:
        raise NotFound


def _write(row: Row, taken: Taken | None, **how: Any) -> None:
    try:
        with transaction.atomic():
            row.save(**how)
    except IntegrityError as broken:
        if "unique" in str(broken).lower():
            raise (taken or Taken()) from broken
        raise
