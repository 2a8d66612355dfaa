"""The days of deliverables on the agenda: when one is due to the client, and by when the client is to answer."""

import datetime

from deliverables.models import Deliverable, DeliverableStatus, Release
from engagements.models import Engagement
from practice import agenda
from practice.models.people import Hat
from practice.quarters import end_of_day

DUE, ANSWER = "deliverable_due", "acceptance_deadline"
# Nothing is owed by the practice: the client has it, has it for good, or it is not wanted.
NOT_OWED = (
    DeliverableStatus.RELEASED,
    DeliverableStatus.ACCEPTED,
    DeliverableStatus.ACCEPTED_WITH_REMARKS,
    DeliverableStatus.REJECTED,
    DeliverableStatus.DROPPED,
)


def plan(row: Deliverable, engagement: Engagement, *, at: datetime.datetime) -> None:
    """In the transaction of whatever changed the deliverable."""
    own = {"subject_id": row.pk, "practice_id": row.practice_id}
    runs = engagement.status in (Engagement.Status.ACTIVE, Engagement.Status.PAUSED)
    if row.due_on is None or row.status in NOT_OWED or not runs:
        done = row.status not in (DeliverableStatus.DROPPED, DeliverableStatus.PLANNED)
        agenda.close(DUE, done=done and runs, at=at, **own)
        return
    zone = engagement.client.time_zone
    agenda.plan(
        DUE,
        client_id=row.client_id,
        owner_id=row.owner_id or engagement.lead_id,
        due_at=end_of_day(row.due_on, zone),
        at=at,
        title=f"{Hat(row.hat).label}: {row.title}"[:200],
        time_zone=zone,
        all_day=True,
        **own,
    )


def await_answer(release: Release, engagement: Engagement, *, at: datetime.datetime) -> None:
    """In the transaction that releases it."""
    if release.answer_by is None:
        return
    zone = engagement.client.time_zone
    agenda.plan(
        ANSWER,
        subject_id=release.pk,
        practice_id=release.practice_id,
        client_id=release.client_id,
        owner_id=release.released_by_id,
        due_at=end_of_day(release.answer_by, zone),
        at=at,
        title=f"Answer to: {release.title}"[:200],
        time_zone=zone,
        all_day=True,
    )


def stop_waiting(release: Release, *, done: bool, at: datetime.datetime) -> None:
    agenda.close(ANSWER, subject_id=release.pk, practice_id=release.practice_id, done=done, at=at)
