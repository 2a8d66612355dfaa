"""Rows as they were at a moment: as they are now, with what the event log says was changed since undone."""

import copy
import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from practice import access, events
from practice.access import Actor
from practice.models import Client, Event
from practice.models.base import Row

R = TypeVar("R", bound=Row)
Moment = datetime.datetime


@dataclass(frozen=True)
class Past:
    """What was changed about rows of one client since a moment, the latest first. Read once for any number of rows."""

    changes: dict[UUID, list[tuple[Moment, dict[str, Any]]]] = field(default_factory=dict)

    @classmethod
    def of(cls, client: Client, models: Iterable[type[Row]], *, since: Moment, by: Actor) -> "Past":
        kinds = [model._meta.model_name for model in models]
        found: dict[UUID, list[tuple[Moment, dict[str, Any]]]] = defaultdict(list)
        happened = (
            access.visible_to(by, Event)
            .filter(client_id=client.pk, subject_kind__in=kinds, at__gt=since, before__isnull=False)
            .order_by("-at", "-id")
        )
        for id, at, before in happened.values_list("subject_id", "at", "before"):
            found[id].append((at, before or {}))
        return cls(dict(found))

    def was(self, row: R, at: Moment) -> R:
        """The row as it was then; one that was written down later as it was at first."""
        undone = [before for when, before in self.changes.get(row.pk, ()) if when > at]
        if not undone:
            return row
        then = copy.copy(row)
        columns = {one.attname: one for one in row._meta.concrete_fields}
        for before in undone:
            for name, value in before.items():
                if name in columns:
                    known = value is None or value == events.PERSONAL
                    setattr(then, name, value if known else columns[name].to_python(value))
        return then

    def moved_at(self, row: Row, name: str, at: Moment) -> Moment | None:
        """When a column last changed until then; None where it did not since the log was read from."""
        for when, before in self.changes.get(row.pk, ()):
            if when <= at and name in before:
                return when
        return None
