"""Writing as it is done in the house, and as somebody in a hurry does it."""

import datetime
from typing import Any

from practice import access, ids
from practice.access import Actor
from practice.refusals import Taken
from tests.doors.planted.models import Note


def add(*, by: Actor, at: datetime.datetime, **details: Any) -> Note:
    """Each practice's own slugs: another's is as free as any."""
    access.require(by, "client", "add")
    slug = details.pop("slug", "")
    if access.visible_to(by, Note).filter(slug=slug).exists():
        raise Taken("This slug is taken.", "slug")
    return _write(by, at, slug=f"{by.practice_id}:{ids.new()}", **details)


def add_where_slugs_are_everybody_s(*, by: Actor, at: datetime.datetime, **details: Any) -> Note:
    access.require(by, "client", "add")
    if Note.objects.filter(slug=details.get("slug", "")).exists():
        raise Taken("This slug is taken.", "slug")
    return _write(by, at, **details)


def _write(by: Actor, at: datetime.datetime, **details: Any) -> Note:
    return Note.objects.create(practice_id=access.practice_of(by), created_at=at, **details)
