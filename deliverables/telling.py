"""A decision told to people: in plain words, whom it asked, its quarter, and whether its seal holds. Reads only."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from deliverables import chain, sealed
from deliverables.models import (
    Agreement,
    Asked,
    Chain,
    Decision,
    DecisionLink,
    DecisionStatus,
    Opening,
    SealedEntry,
)
from deliverables.models.decisions import SETTLED
from practice import access
from practice.access import Actor
from practice.quarters import Quarter, local_day, quarter_of

PEOPLE = ("holder__user", "decider__user", "recorder__user")
# What a review changes after the seal; everything else stays as it was sealed.
AFTERWARDS = ("review_on",)
WORDS = ("question", "context", "options", "reason", "evidence_note")


def joined(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """With everything that is told of each, in a fixed number of statements."""
    asked = Agreement.objects.select_related("member__user", "contact", "recorded_by__user")
    return rows.select_related(
        "right", "client", "engagement", "supersedes", "superseded_by", *PEOPLE
    ).prefetch_related(
        Prefetch("agreements", asked.order_by("asked", "hat")),
        Prefetch("links", DecisionLink.objects.order_by("kind", "title", "id")),
    )


def sentences(row: Decision, reader: UUID | None = None, *, answers: bool = False) -> list[str]:
    """Who decided it, under which hat and right, and who agreed or is asked, and why; the reader is “you”, and
    `answers` where it is theirs to agree for the client."""
    right = f"under the right {row.code}, “{row.right.label}”"
    told = [f"{_hat(row)} {_verb(row)}{_on(row)}, {right}."]
    for given in row.agreements.all():
        told.append(_answer(row, given, reader, answers))
    if row.status == DecisionStatus.SUPERSEDED and row.superseded_by is not None:
        told.append(f"Decision {row.superseded_by.number} has taken its place.")
    if row.status in (DecisionStatus.REJECTED, DecisionStatus.WITHDRAWN):
        why = f": {row.closed_reason}" if row.closed_reason else "."
        told.append(f"It was {row.get_status_display().lower()}{why}")
    return told


def because(why: str) -> str:
    """The reason an agreement is asked for, as it goes on after “because”."""
    words = why.strip().rstrip(".")
    if words.startswith("More than"):
        return f"it is more{words[4:]}"
    if words[:1].isupper() and words[1:2].islower():
        return words[0].lower() + words[1:]
    return words


def whom(given: Agreement) -> str:
    if given.asked == Asked.HAT:
        return f"The {given.get_hat_display()} hat"
    return given.get_asked_display()


def moment_of(row: Decision) -> Any:
    """Where it stands in time: decided, else closed, else put forward, else written down."""
    return row.decided_at or row.closed_at or row.taken_at or row.created_at


def by_quarter(rows: Iterable[Decision]) -> list[tuple[Quarter, list[Decision]]]:
    """Newest first, in the client's own fiscal quarters."""
    groups: dict[Quarter, list[Decision]] = {}
    for row in sorted(rows, key=lambda one: (moment_of(one), one.number), reverse=True):
        day = local_day(moment_of(row), row.client.time_zone)
        groups.setdefault(quarter_of(day, row.client.fiscal_year_start), []).append(row)
    return list(groups.items())


def seal_of(row: Decision, by: Actor) -> dict[str, Any] | None:
    """The entry that seals it, and what no longer fits: the entry itself, its place, its words, or the row."""
    if row.status not in SETTLED or not access.may(by, "log", "view"):
        return None
    mine = {"practice_id": row.practice_id, "engagement_id": row.engagement_id}
    entry = (
        access.visible_to(by, SealedEntry)
        .filter(**mine, subject_kind="decision", subject_id=row.pk)
        .order_by("number")
        .first()
    )
    if entry is None:
        return {"entry": None, "faults": ["There is no seal of it."]}
    before = SealedEntry.objects.filter(**mine, number=entry.number - 1)
    previous = before.values_list("hash", flat=True).first() or chain.START
    openings = list(Opening.objects.filter(**mine, entry=entry))
    log = Chain.objects.get(**mine)
    return {
        "entry": entry,
        "faults": [*_broken(entry, previous), *_differs(row, entry, openings)],
        "signed": log.anchored >= entry.number,
        "erased": sorted(set(_body(entry).get("sealed", {})) - {one.name for one in openings}),
    }


def _broken(entry: SealedEntry, previous: str) -> Iterable[str]:
    link = chain.Link(entry.engagement_id, entry.number, entry.sealed_at, entry.previous)
    if chain.entry(link, chain.sha256(entry.body)) != entry.hash:
        yield "Its hash is not that of its text."
    if entry.previous != previous:
        yield "It does not follow the entry before it."


def _differs(row: Decision, entry: SealedEntry, openings: list[Opening]) -> Iterable[str]:
    body = _body(entry)
    told = sealed.opened(row)
    kept = body.get("open", {})
    if not row.options:
        told["options"] = kept.get("options")
    for name in sorted(told.keys() - set(AFTERWARDS)):
        if kept.get(name) != told[name]:
            yield f"The row says another {name.replace('_', ' ')} than the seal."
    for one in openings:
        value = json.loads(one.value)
        if body.get("sealed", {}).get(one.name) != chain.commitment(one.name, one.salt, value):
            yield f"The words kept of {one.name.replace('_', ' ')} do not fit the seal."
        elif one.name in WORDS and value != getattr(row, one.name):
            yield f"The row says another {one.name.replace('_', ' ')} than the seal."


def _body(entry: SealedEntry) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(entry.body)
    except ValueError:
        return {}
    return found


def _hat(row: Decision) -> str:
    named = f"The {row.get_hat_display()} hat"
    if row.decider is None:
        return named
    instead = f", standing in for {row.holder}" if row.holder_id != row.decider_id else ""
    return f"{named} ({row.decider}{instead})"


def _verb(row: Decision) -> str:
    if row.status in SETTLED:
        return "decided this"
    return "put this forward" if row.taken_at is not None else "is to decide this"


def _on(row: Decision) -> str:
    moment = row.decided_at if row.status in SETTLED else row.taken_at
    if moment is None:
        return ""
    day = local_day(moment, row.client.time_zone)
    return f" on {day.day} {day:%B %Y}"


def _answer(row: Decision, given: Agreement, reader: UUID | None, answers: bool) -> str:
    why = because(given.why)
    if given.given_at is None:
        if row.status != DecisionStatus.AWAITING:
            return f"{whom(given)} was asked, because {why}."
        mine = answers and given.asked == Asked.CLIENT
        asked = "your agreement" if mine else f"the agreement of {_lower(whom(given))}"
        return f"It waits for {asked}, because {why}."
    put_down = f" ({given.recorded_by} put it down)" if given.recorded_by else ""
    if given.asked == Asked.HAT:
        return f"{whom(given)} agreed ({given.member}), because {why}."
    if given.contact_id is not None and given.contact_id == reader:
        return f"You agreed{put_down}, because {why}."
    return f"{given.member or given.contact} agreed{put_down}, because {why}."


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
