"""What is owed of an engagement: adding a deliverable by hand, changing when and by whom it is due, dropping it.

What a stage owes by itself is planned in planning.py.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from deliverables import duedates, kinds
from deliverables.kinds import Known
from deliverables.models import Deliverable, DeliverableStatus, InternalReview, Release
from engagements import days
from engagements.models import Engagement, HatShare
from engagements.wearing import EngagementEnded
from practice import access, rows
from practice.access import Actor
from practice.models import Assignment, Member
from practice.refusals import Conflict, Invalid

Status = DeliverableStatus
# The client has it, or has answered: what it says of itself is theirs to rely on.
WITH_CLIENT = (Status.RELEASED, Status.ACCEPTED, Status.ACCEPTED_WITH_REMARKS)
DONE = (Status.ACCEPTED, Status.ACCEPTED_WITH_REMARKS, Status.DROPPED)


class WithClient(Conflict):
    code = "with_client"
    sentence = "It was released; take the release back, or begin a new version, first."


class Dropped(Conflict):
    code, sentence = "deliverable_dropped", "This deliverable was dropped."


class NotDropped(Conflict):
    code, sentence = "not_dropped", "This deliverable was not dropped."


class AcceptedAlready(Conflict):
    code = "accepted_already"
    sentence = "A version of it was accepted; what was delivered is not dropped."


def add(
    engagement: Engagement,
    *,
    code: str,
    hat: str = "",
    title: str = "",
    by: Actor,
    at: datetime.datetime,
    **says: Any,
) -> Deliverable:
    """Owe one more thing, of a kind of the catalogue or of one's own."""
    access.require(by, "deliverable", "add")
    with transaction.atomic():
        engagement = held(engagement.pk, by)
        kind = kinds.known(engagement.practice_id, code)
        hat = hat or next(iter(kind.hats), "")
        _check_hat(engagement, kind, hat)
        says = _cleaned(engagement, says)
        fixed = says.get("due_on") is not None
        row = put(engagement, kind, hat=hat, title=title, due_fixed=fixed, by=by, at=at, **says)
        duedates.plan(row, engagement, at=at)
        return row


def put(
    engagement: Engagement,
    kind: Known,
    *,
    hat: str,
    title: str = "",
    number: int | None = None,
    by: Actor,
    at: datetime.datetime,
    **says: Any,
) -> Deliverable:
    """Write the row. The caller holds the engagement, has asked who may, and plans its date."""
    if number is None:
        there = Deliverable.objects.filter(engagement=engagement)
        number = (there.aggregate(last=Max("number"))["last"] or 0) + 1
    says.setdefault("criteria", list(kind.criteria))
    row = Deliverable(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        number=number,
        code=kind.code,
        catalogue=kind.catalogue,
        own_kind_id=kind.own_id,
        title=title.strip() or kind.title,
        hat=hat,
        **says,
    )
    # The kind is the practice's; a key that is limited to one client does not see it.
    own = access.on_own_authority(by)
    return rows.add(row, by=own, at=at, kind="deliverable.planned", hat=hat)


def change(
    deliverable: Deliverable,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Deliverable:
    """Its title, owner, day, criteria and note, as long as the client does not have it."""
    access.require(by, "deliverable", "change")
    with transaction.atomic():
        engagement, row = held_both(deliverable, by)
        if row.status == Status.DROPPED:
            raise Dropped
        if row.status in WITH_CLIENT and set(changes) - {"owner", "note"}:
            raise WithClient
        changes = _cleaned(engagement, changes)
        if "due_on" in changes and changes["due_on"] != row.due_on:
            changes["due_fixed"] = changes["due_on"] is not None
        row = rows.change(
            row,
            changes,
            by=by,
            at=at,
            kind="deliverable.changed",
            expected=expected,
            hat=row.hat,
        )
        duedates.plan(row, engagement, at=at)
        return row


def drop(
    deliverable: Deliverable,
    *,
    reason: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Deliverable:
    """It is not owed after all, and why. What was accepted cannot be dropped."""
    access.require(by, "deliverable", "change")
    if not reason.strip():
        raise Invalid({"reason": ["Say why it is not owed."]})
    with transaction.atomic():
        engagement, row = held_both(deliverable, by)
        if row.status == Status.DROPPED:
            raise Dropped
        if row.accepted_id is not None:
            raise AcceptedAlready
        if Release.objects.filter(deliverable=row, state="open").exists():
            raise WithClient
        for review in row.reviews.filter(state=InternalReview.State.OPEN):
            own, taken = access.on_own_authority(by), {"state": InternalReview.State.WITHDRAWN}
            kind = "deliverable.review_withdrawn"
            rows.change(review, taken, by=own, at=at, kind=kind, hat=row.hat)
        changes = {"status": Status.DROPPED, "dropped_reason": reason.strip()}
        row = rows.change(
            row,
            changes,
            by=by,
            at=at,
            kind="deliverable.dropped",
            expected=expected,
            hat=row.hat,
        )
        duedates.plan(row, engagement, at=at)
        return row


def take_up(
    deliverable: Deliverable, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Deliverable:
    """It is owed after all."""
    access.require(by, "deliverable", "change")
    with transaction.atomic():
        engagement, row = held_both(deliverable, by)
        if row.status != Status.DROPPED:
            raise NotDropped
        status = Status.IN_PROGRESS if row.latest_id else Status.PLANNED
        changes = {"status": status, "dropped_reason": ""}
        row = rows.change(
            row,
            changes,
            by=by,
            at=at,
            kind="deliverable.taken_up",
            expected=expected,
            hat=row.hat,
        )
        duedates.plan(row, engagement, at=at)
        return row


def held(engagement_id: UUID, by: Actor) -> Engagement:
    """The engagement's lock first, as every verb of these rooms takes it."""
    engagement = access.get(by, Engagement, engagement_id, lock=True)
    if engagement.status == Engagement.Status.ENDED:
        raise EngagementEnded
    return engagement


def held_both(deliverable: Deliverable, by: Actor) -> tuple[Engagement, Deliverable]:
    engagement = held(deliverable.engagement_id, by)
    return engagement, access.get(by, Deliverable, deliverable.pk, lock=True)


def _cleaned(engagement: Engagement, says: dict[str, Any]) -> dict[str, Any]:
    days.check(due_on=says.get("due_on"))
    if "criteria" in says:
        says["criteria"] = kinds.criteria(says["criteria"])
    owner: Member | None = says.get("owner")
    if owner is not None:
        assigned = Assignment.objects.filter(client_id=engagement.client_id, member=owner)
        if not owner.active or not (owner.role == access.OWNER or assigned.exists()):
            raise Invalid({"owner": ["A member who works for this client is needed."]})
    return says


def _check_hat(engagement: Engagement, kind: Known, hat: str) -> None:
    if kind.hats and hat not in kind.hats:
        raise Invalid({"hat": [f"This kind is owed under {' or '.join(kind.hats)}."]})
    if not HatShare.objects.filter(engagement=engagement, hat=hat).exists():
        raise Invalid({"hat": ["A hat of this engagement is needed."]})
