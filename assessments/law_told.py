"""What people and other software are told of a system under the law: its tier, why, and what applies when."""

import datetime
from dataclasses import asdict
from typing import Any

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
