"""Who is written to about deliverables: asked for by the verbs, in their transaction, each letter once for each person.

What the letters say is in letter_words.py, composed when they leave. Whoever just acted gets none.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from deliverables.models import Comment, Deliverable, InternalReview, Recipient, Release
from engagements.models import Engagement
from practice import access, notices
from practice.access import Actor
from practice.agenda import Recipient as Told
from practice.models import AgendaEntry, Contact, Member

RELEASED, CLOSED, ANSWERED = "deliverable_released", "release_closed", "release_answered"
REVIEW, REVIEWED, COMMENTED = "review_asked", "review_done", "deliverable_commented"


def asked(entries: list[AgendaEntry]) -> dict[UUID, list[Told]]:
    """Those who may answer a release, of the entries that wait for one."""
    rows = Recipient.objects.filter(
        release__in=[entry.subject_id for entry in entries],
        release__state="open",
        contact__active=True,
        contact__role__in=access.TABLE["release"]["accept"],
    ).exclude(contact__email="")
    found: dict[UUID, list[Told]] = defaultdict(list)
    for release, contact, email in rows.values_list("release", "contact", "contact__email"):
        found[release].append(Told(f"contact:{contact}", email))
    return {entry.id: found[entry.subject_id] for entry in entries if entry.subject_id in found}


def addressed(actor: Actor) -> Any:
    """Releases that this contact is asked to answer: their dates are nobody else's."""
    rows = Recipient.objects.filter(contact_id=actor.id).exclude(release__state="withdrawn")
    if actor.role not in access.TABLE["release"]["accept"]:
        rows = rows.none()
    return rows.order_by().values("release_id")


def tell_released(
    release: Release, contacts: Iterable[Contact], *, by: Actor, at: datetime.datetime
) -> None:
    for contact in contacts:
        _ask(RELEASED, release.pk, release, _contact(contact), by, at)


def tell_closed(release: Release, *, by: Actor, at: datetime.datetime) -> None:
    """It is void, or was taken back: whoever was told of it hears that there is nothing to answer any more."""
    rows = Recipient.objects.filter(release=release, contact__active=True)
    for row in rows.select_related("contact"):
        _ask(CLOSED, release.pk, release, _contact(row.contact), by, at, str(release.state))


def tell_answered(
    release: Release, engagement: Engagement, *, by: Actor, at: datetime.datetime
) -> None:
    """The engagement's lead and whoever released it."""
    for member in _once(engagement.lead, release.released_by):
        _ask(ANSWERED, release.pk, release, _member(member), by, at)


def tell_review_asked(
    review: InternalReview, others: Iterable[Member], *, by: Actor, at: datetime.datetime
) -> None:
    """The one it was put to; nobody in particular: everybody who could look at it."""
    whom = [review.reviewer] if review.reviewer is not None else others
    for member in _once(*whom):
        _ask(REVIEW, review.pk, review, _member(member), by, at)


def tell_reviewed(review: InternalReview, *, by: Actor, at: datetime.datetime) -> None:
    """Whoever asked for it, and whoever wrote it."""
    for member in _once(review.asked_by, review.pinned.author):
        _ask(REVIEWED, review.pk, review, _member(member), by, at)


def tell_commented(
    comment: Comment, row: Deliverable, engagement: Engagement, *, by: Actor, at: datetime.datetime
) -> None:
    """A client's words go to the lead; what a member says to the client, to whom the deliverable was released by
    name. What is internal goes nowhere."""
    if comment.internal:
        return
    if comment.contact_id is not None:
        _ask(COMMENTED, comment.pk, comment, _member(engagement.lead), by, at)
        return
    named = Recipient.objects.filter(deliverable=row).exclude(release__state="withdrawn")
    for contact in Contact.objects.filter(active=True, pk__in=named.values("contact_id")):
        _ask(COMMENTED, comment.pk, comment, _contact(contact), by, at)


def _once(*members: Member) -> list[Member]:
    return list({member.pk: member for member in members if member.active}.values())


def _contact(contact: Contact) -> Told:
    return Told(f"contact:{contact.pk}", contact.email)


def _member(member: Member) -> Told:
    return Told(f"member:{member.pk}", member.user.email)


def _ask(
    kind: str,
    subject_id: UUID,
    row: Any,
    told: Told,
    by: Actor,
    at: datetime.datetime,
    occurrence: str = "once",
) -> None:
    if not told.address or told.key == f"{by.kind}:{by.id}":
        return
    notices.ask(
        kind,
        practice_id=row.practice_id,
        client_id=row.client_id,
        subject_id=subject_id,
        recipient=told.key,
        address=told.address,
        occurrence=occurrence,
        at=at,
    )
