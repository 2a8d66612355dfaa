"""Writing a deliverable: one draft at a time, a text or a file, until it is submitted; from then on it stays as it is."""

import datetime
import hashlib
import re
from typing import Any

from django.db import transaction
from django.db.models import Max

from deliverables import bundled, duedates, kinds, letters, reviewing, split, voiding
from deliverables.models import (
    Deliverable,
    DeliverableStatus,
    DeliverableVersion,
    InternalReview,
    Release,
)
from deliverables.models.versions import LONGEST
from deliverables.owed import Dropped, held_both
from engagements.models import Engagement
from practice import access, files, keys, refusals, rows
from practice.access import Actor
from practice.models import Member, StoredFile
from practice.refusals import Conflict, Invalid

Form, State = DeliverableVersion.Form, DeliverableVersion.State
Status = DeliverableStatus
WORD = re.compile(r"\w+")
MARKDOWN = "text/markdown"


class DraftThere(Conflict):
    code, sentence = "draft_there", "A version of this is being written; go on with that one."


class InReview(Conflict):
    code, sentence = "in_review", "It is in review; take it back first."


class Submitted(Conflict):
    code = "version_submitted"
    sentence = "What was submitted stays as it is; begin a new version."


class NotAText(Conflict):
    code, sentence = "not_a_text", "This version is a file; hand in another one instead."


def begin(
    deliverable: Deliverable,
    *,
    text: str | None = None,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> DeliverableVersion:
    """Begin a version as a text: the one given, else the last version's, else what its kind starts from.

    Where the client has not answered yet, what they have becomes void.
    """
    access.require(by, "deliverable", "write")
    with transaction.atomic():
        engagement, row = _to_be_written(deliverable, by)
        if text is None:
            last = row.latest
            text = last.text if last and last.form == Form.TEXT else ""
            text = text or kinds.text_of(row.code, row.own_kind)
        version = _new(row, engagement, note, by)
        _say(version, text)
        return _written(row, engagement, version, by, at)


def hand_in(
    deliverable: Deliverable,
    *,
    file: StoredFile,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> DeliverableVersion:
    """Begin a version that is a file. Refused where the same file stands under another hat."""
    access.require(by, "deliverable", "write")
    with refusals.leaving(), transaction.atomic():
        engagement, row = _to_be_written(deliverable, by)
        file = access.get(by, StoredFile, file.pk)
        if file.client_id != row.client_id or file.commercial:
            raise Invalid({"file": ["A file of this client is needed that does not tell of fees."]})
        bundled.check(row, file.sha256, by=by, at=at)
        version = _new(row, engagement, note, by)
        version.form, version.file = Form.FILE, file
        version.sha256, version.size, version.media_type = (
            file.sha256,
            file.size,
            file.media_type,
        )
        return _written(row, engagement, version, by, at)


def upload(
    deliverable: Deliverable,
    *,
    name: str,
    content: bytes,
    note: str = "",
    by: Actor,
    at: datetime.datetime,
) -> DeliverableVersion:
    """Store a file and hand it in at once, or do neither."""
    access.require(by, "deliverable", "write")
    with refusals.leaving(), transaction.atomic():
        told = {"name": name, "content": content, "commercial": False}
        file = files.keep(deliverable.client, by=by, at=at, **told)
        return hand_in(deliverable, file=file, note=note, by=by, at=at)


def revise(
    version: DeliverableVersion,
    *,
    text: str | None = None,
    note: str | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> DeliverableVersion:
    """Write on in a draft."""
    access.require(by, "deliverable", "write")
    with transaction.atomic():
        _, row, version = held_draft(version, by)
        changes: dict[str, Any] = {}
        if text is not None:
            if version.form != Form.TEXT:
                raise NotAText
            changes |= _facts(text)
        if note is not None:
            changes["note"] = note.strip()
        own = access.on_own_authority(by)
        told = {"kind": "deliverable.written", "hat": row.hat, "expected": expected}
        return rows.change(version, changes, by=own, at=at, **told)


def discard(
    version: DeliverableVersion, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Throw a draft away. What was submitted stays, and what a draft made void stays void."""
    access.require(by, "deliverable", "write")
    with transaction.atomic():
        engagement, row, version = held_draft(version, by)
        former = row.versions.exclude(pk=version.pk).order_by("-number").first()
        own = access.on_own_authority(by)
        changes = {"latest": former, "status": _status_without(row, former)}
        row = rows.change(
            row, changes, by=own, at=at, kind="deliverable.draft_discarded", hat=row.hat
        )
        rows.remove(version, by=own, at=at, kind="deliverable_version.discarded", expected=expected)
        duedates.plan(row, engagement, at=at)


def submit(
    version: DeliverableVersion,
    *,
    reviewer: Member | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> DeliverableVersion:
    """Put a version to internal review. From now on it cannot be changed."""
    access.require(by, "deliverable", "write")
    with refusals.leaving(), transaction.atomic():
        engagement, row, version = held_draft(version, by)
        if version.form == Form.TEXT and not version.text.strip():
            raise Invalid({"text": ["There is nothing in it yet."]})
        if version.form == Form.TEXT:
            bundled.check(row, version.sha256, by=by, at=at)
        own = access.on_own_authority(by)
        who = keys.stands_for(by, engagement.lead)
        _check_reviewer(row, reviewer)
        version = rows.change(
            version,
            {"state": State.SUBMITTED, "submitted_at": at},
            by=own,
            at=at,
            kind="deliverable.submitted",
            expected=expected,
            hat=row.hat,
        )
        review = InternalReview(
            practice_id=row.practice_id,
            client_id=row.client_id,
            engagement=engagement,
            deliverable=row,
            pinned=version,
            asked_by=who,
            reviewer=reviewer,
        )
        rows.add(review, by=own, at=at, kind="deliverable.review_asked", hat=row.hat)
        others = reviewing.others(row, {who.pk, version.author_id}).select_related("user")
        letters.tell_review_asked(review, others, by=by, at=at)
        _turn(row, Status.IN_REVIEW, own, at)
        return version


def held_version(
    version: DeliverableVersion, by: Actor
) -> tuple[Engagement, Deliverable, DeliverableVersion]:
    engagement, row = held_both(version.deliverable, by)
    return engagement, row, access.get(by, DeliverableVersion, version.pk, lock=True)


def held_draft(
    version: DeliverableVersion, by: Actor
) -> tuple[Engagement, Deliverable, DeliverableVersion]:
    """What can still be written on: the work of a deliverable that was dropped rests until it is taken up."""
    engagement, row, version = held_version(version, by)
    _require_draft(version)
    if row.status == Status.DROPPED:
        raise Dropped
    return engagement, row, version


def words_in(text: str) -> int:
    return len(WORD.findall(text))


def _to_be_written(deliverable: Deliverable, by: Actor) -> tuple[Engagement, Deliverable]:
    engagement, row = held_both(deliverable, by)
    if row.status == Status.DROPPED:
        raise Dropped
    if row.status == Status.IN_REVIEW:
        raise InReview
    if row.versions.filter(state=State.DRAFT).exists():
        raise DraftThere
    return engagement, row


def _new(row: Deliverable, engagement: Engagement, note: str, by: Actor) -> DeliverableVersion:
    last: int | None = row.versions.aggregate(last=Max("number"))["last"]
    return DeliverableVersion(
        practice_id=row.practice_id,
        client_id=row.client_id,
        engagement=engagement,
        deliverable=row,
        number=(last or 0) + 1,
        author=keys.stands_for(by, engagement.lead),
        hat=row.hat,
        note=note.strip(),
    )


def _written(
    row: Deliverable,
    engagement: Engagement,
    version: DeliverableVersion,
    by: Actor,
    at: datetime.datetime,
) -> DeliverableVersion:
    own = access.on_own_authority(by)
    version = rows.add(version, by=own, at=at, kind="deliverable_version.begun", hat=row.hat)
    voiding.void(row, engagement, by=own, at=at)
    changes = {"latest": version, "status": Status.IN_PROGRESS}
    row = rows.change(row, changes, by=own, at=at, kind="deliverable.begun", hat=row.hat)
    duedates.plan(row, engagement, at=at)
    split.settle(engagement, at=at)
    return version


def _say(version: DeliverableVersion, text: str) -> None:
    for name, value in _facts(text).items():
        setattr(version, name, value)


def _facts(text: str) -> dict[str, Any]:
    """A text as it is kept, and what it measures. PostgreSQL knows no NUL in a text."""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST:
        raise Invalid({"text": [f"At most {LONGEST:,} characters."]})
    content = text.encode()
    return {
        "text": text,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "media_type": MARKDOWN,
        "words": words_in(text),
    }


def _status_without(row: Deliverable, former: DeliverableVersion | None) -> str:
    if former is None:
        return Status.PLANNED
    if row.accepted_id == former.pk:
        answer = Release.objects.filter(pinned=former, state__in=("accepted", "remarks")).last()
        return Status(answer.state) if answer else Status.ACCEPTED
    return Status.IN_PROGRESS


def _check_reviewer(row: Deliverable, reviewer: Member | None) -> None:
    if reviewer is not None and not reviewing.may_review(row, reviewer):
        raise Invalid({"reviewer": ["A member who works for this client is needed."]})


def _require_draft(version: DeliverableVersion) -> None:
    if version.state != State.DRAFT:
        raise Submitted


def _turn(row: Deliverable, status: str, by: Actor, at: datetime.datetime) -> Deliverable:
    told = {"kind": f"deliverable.{status}", "hat": row.hat}
    return rows.change(row, {"status": status}, by=by, at=at, **told)
