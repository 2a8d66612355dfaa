"""What comes to its end with an engagement: hats, deputies and reporting lines, charter and contract. History stays."""

import datetime
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from engagements import radar
from engagements.models import (
    Charter,
    ContractVersion,
    Deputy,
    Engagement,
    OfferStatus,
    ReportingLine,
    Wearing,
)
from practice import rows
from practice.access import Actor

S = TypeVar("S", Wearing, ReportingLine)
OVER = "The engagement ended."
OPEN = (OfferStatus.DRAFT, OfferStatus.OFFERED)


def hats(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    """From that day on nobody wears them; a stretch that was still to come covers no day."""
    for row in _beyond(Wearing.objects.filter(engagement=engagement), on):
        changes = {"until_on": max(on, row.since_on)}
        rows.change(row, changes, by=by, at=at, kind="wearing.ended")


def lines(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    for row in _beyond(ReportingLine.objects.filter(engagement=engagement), on):
        changes = {"until_on": max(on, row.since_on)}
        rows.change(row, changes, by=by, at=at, kind="reporting_line.stretch_ended")


def deputies(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    """Who stands in does so until that day; who was to come later, or waits for an answer, does not come."""
    standing = Deputy.objects.filter(engagement=engagement, withdrawn_at=None, declined_at=None)
    for row in standing.filter(Q(accepted_at=None) | Q(until_on__gt=on)):
        if row.accepted_at is not None and row.since_on < on:
            rows.change(row, {"until_on": on}, by=by, at=at, kind="deputy.ended")
        else:
            rows.change(row, {"withdrawn_at": at}, by=by, at=at, kind="deputy.withdrawn")


def agreements(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    """What was in force is so no longer, what waits is taken back."""
    own = {"practice_id": engagement.practice_id, "engagement": engagement}
    for name, model in (("charter", Charter), ("contract", ContractVersion)):
        for row in model.objects.filter(**own, status__in=OPEN):
            changes = {"status": OfferStatus.WITHDRAWN, "answered_reason": OVER}
            rows.change(row, changes, by=by, at=at, kind=f"{name}.withdrawn")
        for row in model.objects.filter(**own, status=OfferStatus.ACCEPTED):
            rows.change(row, {"status": OfferStatus.ENDED}, by=by, at=at, kind=f"{name}.ended")


def findings(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    """Nothing of it is watched any more."""
    radar.sweep_engagement(engagement, at=at, by=by)


def _beyond(stretches: QuerySet[S], on: datetime.date) -> QuerySet[S]:
    """Without an end, or with one after that day; one that covers no day anyway is left as it is."""
    return stretches.filter(Q(until_on=None) | Q(until_on__gt=on, since_on__lt=F("until_on")))
