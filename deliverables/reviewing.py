"""The look inside the house before a version leaves it: by another member, or by oneself where there is nobody else."""

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from deliverables import letters
from deliverables.models import Deliverable, DeliverableStatus, InternalReview
from deliverables.owed import held_both
from practice import access, rows
from practice.access import Actor
from practice.models import Assignment, Member
from practice.refusals import Conflict, Invalid, NotAllowed

Status, State = DeliverableStatus, InternalReview.State


class NotInReview(Conflict):
    code, sentence = "not_in_review", "This is not in review."


class SomebodyElseReviews(Conflict):
    code = "somebody_else_reviews"
    sentence = "Somebody else here works for this client; what one wrote, another reviews."


def pass_on(
    deliverable: Deliverable,
    *,
    note: str = "",
    self_reason: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Deliverable:
    """It may leave the house. Of one's own work only where nobody else works for the client, and with a reason."""
    with transaction.atomic():
        row, review, who = _to_be_reviewed(deliverable, by)
        own_work = who.pk in (review.asked_by_id, review.pinned.author_id)
        if own_work:
            if others(row, {review.asked_by_id, review.pinned.author_id}).exists():
                raise SomebodyElseReviews
            if not self_reason.strip():
                raise Invalid({"self_reason": ["Say why nobody else looks at it."]})
        said = {
            "state": State.PASSED,
            "note": note.strip(),
            "self_reason": self_reason.strip() if own_work else "",
        }
        return _done(row, review, who, Status.REVIEWED, said, by, at, expected)


def send_back(
    deliverable: Deliverable,
    *,
    note: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Deliverable:
    """It is not ready, and what is wanting. The next version is begun from it."""
    if not note.strip():
        raise Invalid({"note": ["Say what is wanting."]})
    with transaction.atomic():
        row, review, who = _to_be_reviewed(deliverable, by)
        said = {"state": State.RETURNED, "note": note.strip()}
        return _done(row, review, who, Status.IN_PROGRESS, said, by, at, expected)


def take_back(
    deliverable: Deliverable, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Deliverable:
    """Take it out of review to write on. What was submitted stays; the next version begins from it."""
    access.require(by, "deliverable", "write")
    with transaction.atomic():
        _, row = held_both(deliverable, by)
        review = _open(row)
        own = access.on_own_authority(by)
        rows.change(
            review,
            {"state": State.WITHDRAWN},
            by=own,
            at=at,
            kind="deliverable.review_withdrawn",
            hat=row.hat,
        )
        return rows.change(
            row,
            {"status": Status.IN_PROGRESS},
            by=own,
            at=at,
            kind="deliverable.taken_back",
            expected=expected,
            hat=row.hat,
        )


def others(deliverable: Deliverable, than: set[object]) -> QuerySet[Member]:
    """Who else here could look at it: owners, and whoever is assigned to the client."""
    assigned = Assignment.objects.filter(client_id=deliverable.client_id).values("member_id")
    found = Member.objects.filter(practice_id=deliverable.practice_id, active=True)
    delivers = found.filter(Q(role=access.OWNER) | Q(role__in=access.DELIVERY, pk__in=assigned))
    return delivers.exclude(pk__in=than)


def may_review(deliverable: Deliverable, member: Member) -> bool:
    return others(deliverable, set()).filter(pk=member.pk).exists()


def _to_be_reviewed(
    deliverable: Deliverable, by: Actor
) -> tuple[Deliverable, InternalReview, Member]:
    access.require(by, "deliverable", "review")
    if by.kind != "member" or by.id is None:
        raise NotAllowed("Only a person can review.")
    _, row = held_both(deliverable, by)
    return row, _open(row), Member.objects.get(pk=by.id)


def _open(row: Deliverable) -> InternalReview:
    review = row.reviews.select_related("pinned").filter(state=State.OPEN).first()
    if row.status != Status.IN_REVIEW or review is None:
        raise NotInReview
    return review


def _done(
    row: Deliverable,
    review: InternalReview,
    who: Member,
    status: str,
    said: dict[str, object],
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> Deliverable:
    own = access.on_own_authority(by)
    done = {**said, "done_by": who, "done_at": at}
    review = rows.change(review, done, by=own, at=at, kind="deliverable.reviewed", hat=row.hat)
    letters.tell_reviewed(review, by=by, at=at)
    kind = f"deliverable.review_{said['state']}"
    changes = {"status": status}
    return rows.change(row, changes, by=own, at=at, kind=kind, expected=expected, hat=row.hat)
