"""What people and other software are told of a system under the law: its tier, why, and what applies when."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from assessments import law, law_calendar
from assessments.models import Classification, System
from practice import access
from practice.access import Actor
from practice.quarters import local_day


def told(system: System, *, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """The newest classification that the actor may see, and its calendar by the newest table."""
    rows = access.visible_to(by, Classification).filter(system=system)
    row = rows.order_by("-id").first()
    return {
        "orientation": law.ORIENTATION,
        "law": table(),
        "system": system.pk,
        "classification": row.pk if row else None,
        "tier": row.tier if row else "",
        "rows": calendar(row, local_day(at, system.client.time_zone)) if row else [],
    }


def classes(systems: Sequence[System], *, by: Actor) -> dict[UUID, Classification]:
    """For a list: the newest classification of each, where there is one that the actor may see."""
    ids = [system.pk for system in systems]
    seen = access.visible_to(by, Classification).values("pk")
    newest = law_calendar.newest(System.objects.filter(pk__in=ids)).filter(pk__in=seen)
    return {row.system_id: row for row in newest}


def with_doubt(systems: QuerySet[System]) -> QuerySet[System]:
    """Each with whether questions are open that could make it another class."""
    newest = Classification.objects.filter(system=OuterRef("pk")).order_by("-id")
    return systems.annotate(in_doubt=Subquery(newest.values("provisional")[:1]))


def class_in_words(row: Classification | None) -> str:
    return str(row.get_tier_display()) if row else "Not classified yet"


def table() -> dict[str, Any]:
    newest = law.newest()
    named = {name: getattr(newest, name) for name in ("key", "version", "name", "regulation")}
    return {**named, "checked_on": max(row.checked_on for row in newest.rows.values())}


def calendar(row: Classification, on: datetime.date) -> list[dict[str, Any]]:
    return [
        {**asdict(one), "duties": [_duty(duty) for duty in one.duties]}
        for one in law_calendar.of(row, on=on)
    ]


def _duty(duty: law.Duty) -> dict[str, Any]:
    return {"text": duty.text, "articles": list(duty.articles)}
