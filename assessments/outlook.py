"""A client's roadmap by horizon, its metrics and its risks, as desk and portal show them on one page."""

import datetime
from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from assessments import metrics, roadmap_reviews, work_book
from assessments.models import (
    Direction,
    Initiative,
    Milestone,
    Postponement,
    Risk,
    RiskStatus,
    Unit,
)
from assessments.models.work import LIVE
from practice import access
from practice.access import Actor
from practice.models import Client, Contact
from practice.quarters import local_day

SHOWN = 200
SOMEBODY = "Somebody of your company"
SUFFIX = {
    Unit.PERCENT: " %",
    Unit.HOURS: " hours",
    Unit.DAYS: " days",
    Unit.POINTS: " points",
    Unit.COUNT: "",
}


def of(client: Client, *, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """Each part only where the actor may see such rows. A constant number of queries."""
    today = local_day(at, client.time_zone)
    # Of people, each reads the names that they may read anyway.
    people = dict(access.visible_to(by, Contact).filter(client=client).values_list("pk", "name"))
    sees_roadmap = access.may(by, "initiative", "view")
    horizons = _horizons(client, by, today, people) if sees_roadmap else None
    return {
        "horizons": horizons,
        "review": _review(client, today) if sees_roadmap else None,
        "any": any(one["initiatives"] for one in horizons or []),
        "metrics": _metrics(client, at) if access.may(by, "metric", "view") else None,
        "quarter": metrics.this_quarter(client, at),
        "risks": _risks(client, by, today, people) if access.may(by, "risk", "view") else None,
    }


def _review(client: Client, today: datetime.date) -> dict[str, Any] | None:
    """When the roadmap was gone through last and is next; nothing where nothing on it is live."""
    standing = roadmap_reviews.standings([client.pk]).get(client.pk)
    if standing is None:
        return None
    due_on = standing.due_on(client.time_zone)
    return {"last": standing.last, "due_on": due_on, "overdue": due_on < today}


def named(contact: UUID | None, name: str, people: dict[UUID, str]) -> str:
    return people.get(contact, SOMEBODY) if contact is not None else name


def _horizons(
    client: Client, by: Actor, today: datetime.date, people: dict[UUID, str]
) -> list[dict[str, Any]]:
    rows = access.visible_to(by, Initiative).filter(client=client, status__in=LIVE)
    found = list(rows.order_by("title", "id")[:SHOWN])
    dated: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    steps = access.visible_to(by, Milestone).filter(
        initiative__in=[row.pk for row in found], dropped_on=None
    )
    milestones = list(steps.order_by("planned_on", "id"))
    put_off = Counter(
        Postponement.objects.filter(milestone__in=[one.pk for one in milestones]).values_list(
            "milestone_id", flat=True
        )
    )
    for one in milestones:
        late = one.done_on is None and one.planned_on < today
        dated[one.initiative_id].append(
            {"row": one, "late": late, "times": put_off[one.pk], "done": one.done_on}
        )
    return [
        {
            "words": words,
            "initiatives": [
                {
                    "row": row,
                    "engineers": named(row.capacity_owner_id, row.capacity_owner_name, people),
                    "milestones": dated[row.pk],
                }
                for row in found
                if row.horizon == key
            ],
        }
        for key, words in work_book.roadmap().horizons.items()
    ]


def _metrics(client: Client, at: datetime.datetime) -> list[dict[str, Any]]:
    readings = metrics.values_in(client, metrics.this_quarter(client, at))
    return [
        {
            "id": one.id,
            "name": one.name,
            "kind": one.kind_label,
            "definition": one.definition,
            "value": said(one.value, one.unit, one.currency),
            "on": one.measured_on,
            "source": one.source,
            "before": said(one.before, one.unit, one.currency),
            "target": said(one.target, one.unit, one.currency),
            "target_on": one.target_on,
            "at_least": one.direction == Direction.UP,
            "on_target": one.on_target,
        }
        for one in readings
    ]


def said(amount: Any, unit: str, currency: str) -> str:
    """A figure with what it is counted in, without the zeros that the column keeps."""
    if amount is None:
        return ""
    text = f"{amount:,.4f}".rstrip("0").rstrip(".")
    return f"{text} {currency}" if unit == Unit.MONEY else f"{text}{SUFFIX[Unit(unit)]}"


def _risks(
    client: Client, by: Actor, today: datetime.date, people: dict[UUID, str]
) -> dict[str, Any]:
    book = work_book.risks()
    rows = access.visible_to(by, Risk).filter(client=client).exclude(status=RiskStatus.CLOSED)
    found = sorted(
        rows.select_related("system").order_by("title", "id")[:SHOWN],
        key=lambda row: -row.weight,
    )
    there = Counter((row.likelihood, row.impact) for row in found)
    grid = [
        {
            "mark": likelihood,
            "cells": [
                {
                    "band": book.band(likelihood.mark * impact.mark),
                    "count": there[likelihood.mark, impact.mark],
                }
                for impact in book.impact
            ],
        }
        for likelihood in reversed(book.likelihood)
    ]
    return {
        "rows": [
            {
                "row": row,
                "owner": named(row.owner_id, row.owner_name, people),
                "band": book.band(row.weight),
                "overdue": row.review_on < today,
            }
            for row in found
        ],
        "grid": grid,
        "impact": book.impact,
        "bands": book.bands,
    }
