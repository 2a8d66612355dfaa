"""What is said of a deliverable: among the practice's own people, or with the client. A client's words are never internal."""

import datetime

from django.db import transaction

from deliverables import letters
from deliverables.models import Comment, Deliverable, DeliverableVersion, Release
from engagements.models import Engagement
from practice import access, rows
from practice.access import Actor
from practice.models import Contact, Member
from practice.refusals import Invalid, NotAllowed


def comment(
    deliverable: Deliverable,
    *,
    body: str,
    internal: bool,
    pinned: DeliverableVersion | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Comment:
    """Say something as a member; `internal` is said each time, so nothing goes to the client by oversight."""
    access.require(by, "deliverable_comment", "add")
    if by.kind != "member" or by.id is None:
        raise NotAllowed("Only a person can comment.")
    with transaction.atomic():
        row = access.get(by, Deliverable, deliverable.pk)
        if pinned is not None and pinned.deliverable_id != row.pk:
            raise Invalid({"pinned": ["A version of this deliverable is needed."]})
        if not internal and not _shown(row, pinned):
            raise Invalid({"internal": ["The client has not seen it; say it internally."]})
        return _said(
            row, row.engagement, body, pinned, by, at, internal=internal, member=_member(by)
        )


def reply(release: Release, *, body: str, by: Actor, at: datetime.datetime) -> Comment:
    """Say something as a contact, of what was released to them."""
    access.require(by, "deliverable_comment", "add")
    if by.kind != "contact" or by.id is None:
        raise NotAllowed("Members comment on the deliverable itself.")
    with transaction.atomic():
        release = access.get(by, Release, release.pk)
        contact = access.get(by, Contact, by.id)
        return _said(
            release.deliverable,
            release.engagement,
            body,
            release.pinned,
            by,
            at,
            internal=False,
            contact=contact,
        )


def _shown(row: Deliverable, pinned: DeliverableVersion | None) -> bool:
    """Whether the client has this version of it, or any where none is named. What was taken back it has not."""
    shown = Release.objects.filter(deliverable=row).exclude(state="withdrawn")
    return (shown if pinned is None else shown.filter(pinned=pinned)).exists()


def _said(
    row: Deliverable,
    engagement: Engagement,
    body: str,
    pinned: DeliverableVersion | None,
    by: Actor,
    at: datetime.datetime,
    *,
    internal: bool,
    member: Member | None = None,
    contact: Contact | None = None,
) -> Comment:
    body = body.replace("\x00", "").strip()
    if not body:
        raise Invalid({"body": ["Say something."]})
    said = Comment(
        practice_id=row.practice_id,
        client_id=row.client_id,
        engagement=engagement,
        deliverable=row,
        pinned=pinned,
        body=body,
        internal=internal,
        member=member,
        contact=contact,
    )
    # A contact has no sight of the deliverable's own row, though the comment names it.
    own = access.on_own_authority(by)
    said = rows.add(said, by=own, at=at, kind="deliverable.commented", hat=row.hat)
    letters.tell_commented(said, row, engagement, by=by, at=at)
    return said


def _member(by: Actor) -> Member:
    return access.get(by, Member, by.id or "")
