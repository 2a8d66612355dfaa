"""Letting a reviewed version leave the house, to contacts by name; and taking it back before they answer."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from deliverables import duedates, letters, split
from deliverables.models import (
    Deliverable,
    DeliverableStatus,
    DeliverableVersion,
    Recipient,
    Release,
    ReleaseState,
)
from deliverables.owed import held_both
from engagements import days, stages
from engagements.models import Engagement
from practice import access, keys, rows
from practice.access import Actor
from practice.models import Contact
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid

# [ours] The sources name no time to answer in.
ANSWER_DAYS = 14
MOST = 50


class NotReviewed(Conflict):
    code = "not_reviewed"
    sentence = "Only what passed internal review can be released."


class NotWaiting(Conflict):
    code = "release_closed"
    sentence = "This was answered, taken back, or is void since a newer version is being written."


def release(
    deliverable: Deliverable,
    *,
    to: Iterable[Contact],
    answer_by: datetime.date | None = None,
    message: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Release:
    """Put the reviewed version before these contacts. One of them at least must be able to answer."""
    access.require(by, "release", "add")
    with transaction.atomic():
        engagement, row = held_both(deliverable, by)
        if row.status != DeliverableStatus.REVIEWED or row.latest is None:
            raise NotReviewed
        contacts = list({contact.pk: contact for contact in to}.values())
        today = local_day(at, engagement.client.time_zone)
        answer_by = answer_by or today + ANSWER_DAYS * days.ONE
        _check(engagement, contacts, answer_by, today)
        made = _released(row, row.latest, engagement, message, answer_by, by, at)
        for contact in contacts:
            recipient = Recipient(
                practice_id=row.practice_id,
                client_id=row.client_id,
                engagement=engagement,
                release=made,
                deliverable=row,
                pinned=row.latest,
                contact=contact,
            )
            rows.add(recipient, by=by, at=at, kind="release.addressed", hat=row.hat)
        own = access.on_own_authority(by)
        if row.latest.released_at is None:
            shown = {"released_at": at}
            rows.change(row.latest, shown, by=own, at=at, kind="deliverable_version.released")
        released = {"status": DeliverableStatus.RELEASED}
        row = rows.change(row, released, by=own, at=at, kind="deliverable.released", hat=row.hat)
        duedates.plan(row, engagement, at=at)
        duedates.await_answer(made, engagement, at=at)
        letters.tell_released(made, contacts, by=by, at=at)
        split.settle(engagement, at=at)
        return made


def withdraw(
    release: Release, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Release:
    """Take it back before anybody answered. The contacts no longer see it; it can be released again."""
    access.require(by, "release", "change")
    with transaction.atomic():
        engagement, release, row = held(release, by)
        own = access.on_own_authority(by)
        release = rows.change(
            release,
            {"state": ReleaseState.WITHDRAWN},
            by=own,
            at=at,
            kind="release.withdrawn",
            expected=expected,
            hat=release.hat,
        )
        reviewed = {"status": DeliverableStatus.REVIEWED}
        row = rows.change(row, reviewed, by=own, at=at, kind="deliverable.withdrawn", hat=row.hat)
        duedates.stop_waiting(release, done=False, at=at)
        letters.tell_closed(release, by=by, at=at)
        duedates.plan(row, engagement, at=at)
        return release


def held(release: Release, by: Actor) -> tuple[Engagement, Release, Deliverable]:
    """The engagement's lock first, also after its end: what was put before the client can still be answered."""
    engagement = access.get(by, Engagement, release.engagement_id, lock=True)
    release = access.get(by, Release, release.pk, lock=True)
    if release.state != ReleaseState.OPEN:
        raise NotWaiting
    # A contact has no sight of the row itself.
    own = access.on_own_authority(by)
    return engagement, release, access.get(own, Deliverable, release.deliverable_id, lock=True)


def may_answer(contact: Contact) -> bool:
    return contact.active and contact.role in access.TABLE["release"]["accept"]


def _released(
    row: Deliverable,
    version: DeliverableVersion,
    engagement: Engagement,
    message: str,
    answer_by: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> Release:
    stage = stages.present(engagement)
    made = Release(
        practice_id=row.practice_id,
        client_id=row.client_id,
        engagement=engagement,
        deliverable=row,
        pinned=version,
        code=row.code,
        title=row.title,
        hat=row.hat,
        sha256=version.sha256,
        criteria=list(row.criteria),
        message=message.strip(),
        released_by=keys.stands_for(by, engagement.lead),
        answer_by=answer_by,
        silence_accepts=bool(stage and stage.silence_accepts),
    )
    # Who a key stands for is named, also where the key sees no members.
    own = access.on_own_authority(by)
    return rows.add(made, by=own, at=at, kind="release.made", hat=row.hat)


def _check(
    engagement: Engagement,
    contacts: list[Contact],
    answer_by: datetime.date,
    today: datetime.date,
) -> None:
    days.check(answer_by=answer_by)
    wrong: dict[str, list[str]] = {}
    if engagement.status == Engagement.Status.DRAFT:
        wrong["to"] = ["The client sees nothing of a draft; propose the engagement first."]
    elif not contacts or len(contacts) > MOST:
        wrong["to"] = [f"From one to {MOST} contacts."]
    elif any(c.client_id != engagement.client_id or not c.active for c in contacts):
        wrong["to"] = ["Active contacts of this client are needed."]
    elif not any(may_answer(contact) for contact in contacts):
        wrong["to"] = ["One of them must be able to answer: a sponsor, a board member, a reviewer."]
    if answer_by < today:
        wrong["answer_by"] = ["Not in the past."]
    if wrong:
        raise Invalid(wrong)
