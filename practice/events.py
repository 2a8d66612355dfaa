"""The event log: what happened, who did it, to what. Verbs write it inside their own transaction, or not at all."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

from practice import reach as reaches
from practice.access import Actor
from practice.models import Event

PERSONAL = "(personal)"
State = dict[str, Any]
BATCH = 500


def record(
    kind: str,
    *,
    by: Actor,
    at: datetime.datetime,
    subject: models.Model,
    before: State | None = None,
    after: State | None = None,
    hat: str = "",
    on_behalf_id: UUID | None = None,
) -> Event:
    _in_transaction(kind)
    event = _event(kind, by, at, subject, before, after, hat, on_behalf_id)
    event.save(force_insert=True)
    return event


def record_many(
    happened: Iterable[tuple[str, models.Model, State | None, State | None]],
    *,
    by: Actor,
    at: datetime.datetime,
) -> None:
    """The same for many rows that one verb wrote at once: kind, subject, before and after of each, in their order."""
    _in_transaction("a change of many rows")
    written = [_event(kind, by, at, row, before, after) for kind, row, before, after in happened]
    Event.objects.bulk_create(written, batch_size=BATCH)


def _in_transaction(kind: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} would be recorded outside the transaction of what it records")


def _event(
    kind: str,
    by: Actor,
    at: datetime.datetime,
    subject: models.Model,
    before: State | None,
    after: State | None,
    hat: str = "",
    on_behalf_id: UUID | None = None,
) -> Event:
    return Event(
        practice_id=_practice_id(subject),
        client_id=_client_id(subject),
        at=at,
        kind=kind,
        actor_kind=by.kind,
        actor_id=by.id,
        on_behalf_id=on_behalf_id,
        hat=hat,
        # A proxy is a way to look at a row; the log names the row.
        subject_kind=getattr(subject._meta.concrete_model, "_meta", subject._meta).model_name or "",
        subject_id=subject.pk,
        **_apart(subject, before, after),
        source=by.source,
        request_id=by.request_id,
    )


def _fees(subject: Any, values: State) -> tuple[str, ...]:
    """Which of these values are commercial. Where a whole row tells of fees, so do all its columns."""
    reach = reaches.of(type(subject))
    if reach.commercial and getattr(subject, reach.commercial):
        return tuple(field.attname for field in subject._meta.concrete_fields)
    when = reach.fees_when
    # As it was at the time: a row that was counted in money before may be counted in days now.
    if when and values.get(when.column, getattr(subject, when.column)) == when.value:
        return (*reach.fees, *when.fields)
    return reach.fees


def _apart(subject: models.Model, before: State | None, after: State | None) -> dict[str, Any]:
    """Commercial values go to a column of their own, which only those who see fees are shown."""
    open_: dict[str, State | None] = {"before": before, "after": after}
    commercial: dict[str, State] = {}
    for when, values in open_.items():
        fees = _fees(subject, values) if values else ()
        if values and (told := {name: value for name, value in values.items() if name in fees}):
            commercial[when] = told
            open_[when] = {name: value for name, value in values.items() if name not in fees}
    return {**open_, "commercial": commercial or None}


def state(row: models.Model, fields: set[str] | None = None) -> State:
    """A row as the log may know it: personal values are named, not quoted, and secrets are absent."""
    reach = reaches.of(type(row))
    kept = {}
    for field in row._meta.concrete_fields:
        name = field.attname
        if name in reach.secret or (fields is not None and name not in fields):
            continue
        if isinstance(field, models.BinaryField):
            continue
        value = getattr(row, name)
        kept[name] = PERSONAL if field.name in reach.personal and value else _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _practice_id(subject: Any) -> UUID:
    whose: UUID = getattr(subject, reaches.of(type(subject)).practice)
    return whose


def _client_id(subject: Any) -> UUID | None:
    """The one client a row speaks of; a row that joins two belongs to neither one's log."""
    paths = reaches.of(type(subject)).clients
    return getattr(subject, paths[0]) if len(paths) == 1 else None
