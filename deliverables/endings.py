"""What comes to its end with an engagement: open decisions, and what was owed and is not with the client."""

import datetime

from deliverables import agreements, duedates, reviews
from deliverables.models import (
    Decision,
    DecisionStatus,
    Deliverable,
    DeliverableStatus,
    InternalReview,
)
from engagements.models import Engagement
from practice import rows
from practice.access import Actor

REASON = "The engagement ended."
NOT_DELIVERED = (
    DeliverableStatus.PLANNED,
    DeliverableStatus.IN_PROGRESS,
    DeliverableStatus.IN_REVIEW,
    DeliverableStatus.REVIEWED,
    DeliverableStatus.CHANGES_REQUESTED,
)


def decisions(engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime) -> None:
    """Nobody is left to take or agree to what is open, nor to look again: the handover list names it instead."""
    rows = Decision.objects.filter(engagement=engagement).order_by("number")
    for row in rows.filter(status__in=[DecisionStatus.PROPOSED, DecisionStatus.AWAITING]):
        agreements.close(row, DecisionStatus.WITHDRAWN, REASON, by=by, at=at)
    for row in rows.filter(status=DecisionStatus.DECIDED, review_on__isnull=False):
        reviews.close(row, at=at)


def deliverables(
    engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime
) -> None:
    """What was never accepted and does not wait for an answer is dropped. What waits can still be answered."""
    for review in InternalReview.objects.filter(
        engagement=engagement, state=InternalReview.State.OPEN
    ):
        withdrawn = {"state": InternalReview.State.WITHDRAWN}
        rows.change(review, withdrawn, by=by, at=at, kind="deliverable.review_withdrawn")
    for there in Deliverable.objects.filter(engagement=engagement).order_by("number"):
        row = there
        if row.status in NOT_DELIVERED and row.accepted_id is None:
            dropped = {"status": DeliverableStatus.DROPPED, "dropped_reason": REASON}
            kind, hat = "deliverable.dropped", row.hat
            row = rows.change(row, dropped, by=by, at=at, kind=kind, hat=hat)
        duedates.plan(row, engagement, at=at)
