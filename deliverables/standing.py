"""Where a deliverable stands, as people read it: how long until it is due, and for whom it waits. Reads only."""

import datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from deliverables.duedates import NOT_OWED
from deliverables.models import (
    ACCEPTED,
    Deliverable,
    DeliverableStatus,
    InternalReview,
    Recipient,
    Release,
    ReleaseState,
)
from practice.quarters import local_day

Status = DeliverableStatus
# Somebody still has to do something about it: also where the client rejected what they were given.
OPEN = tuple(status for status in Status if status not in (*ACCEPTED, Status.DROPPED))
WITH_OWNER = (Status.PLANNED, Status.IN_PROGRESS, Status.CHANGES_REQUESTED, Status.REJECTED)
# What an open release and an open review are joined under.
RELEASES, REVIEWS = "waiting_releases", "waiting_reviews"


def joined(rows: QuerySet[Deliverable]) -> QuerySet[Deliverable]:
    """With everything that is told of each row, in a fixed number of queries."""
    recipients = Recipient.objects.select_related("contact").order_by("contact__name", "id")
    return rows.select_related(
        "engagement__client", "engagement__lead__user", "client", "owner__user", "latest"
    ).prefetch_related(
        Prefetch(
            "releases",
            Release.objects.filter(state=ReleaseState.OPEN).prefetch_related(
                Prefetch("recipients", recipients)
            ),
            to_attr=RELEASES,
        ),
        Prefetch(
            "reviews",
            InternalReview.objects.filter(state="open").select_related("reviewer__user"),
            to_attr=REVIEWS,
        ),
    )


def by_due(rows: QuerySet[Deliverable]) -> QuerySet[Deliverable]:
    """What is due first; what has no day comes last."""
    return rows.order_by(F("due_on").asc(nulls_last=True), "number", "id")


def days_left(row: Deliverable, at: datetime.datetime) -> int | None:
    """Counted at the client; below zero it is late. None where nothing is owed or no day is set."""
    if row.due_on is None or row.status in NOT_OWED:
        return None
    return (row.due_on - local_day(at, row.client.time_zone)).days


def left(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return f"{_days(-days)} late"
    return ("today", "tomorrow")[days] if days < 2 else f"in {_days(days)}"


def waits_for(row: Deliverable) -> str:
    """Whose turn it is; nobody's, where it is done."""
    if row.status in WITH_OWNER:
        return str(row.owner or row.engagement.lead)
    if row.status == Status.IN_REVIEW:
        named = [review.reviewer for review in _joined(row, REVIEWS) if review.reviewer]
        return f"{named[0]}, to look at it" if named else "anybody else here, to look at it"
    if row.status == Status.REVIEWED:
        return f"{row.owner or row.engagement.lead}, to release it"
    if row.status == Status.RELEASED:
        return ", ".join(
            str(one.contact)
            for release in _joined(row, RELEASES)
            for one in release.recipients.all()
        )
    return ""


def _joined(row: Deliverable, name: str) -> list[Any]:
    found: list[Any] = getattr(row, name)
    return found


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
