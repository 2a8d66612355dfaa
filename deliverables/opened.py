"""Read receipts: that a contact opened what was released to them, first and last, and how often."""

import datetime

from django.db import transaction

from deliverables.models import DeliverableVersion, Recipient, Release
from practice import access, rows
from practice.access import Actor


def note(release: Release, *, by: Actor, at: datetime.datetime, again: bool = True) -> None:
    """In passing, where a contact reads the text, looks at a page or takes the file. Nobody else's reading is counted.
    Without `again`, only what was never opened is noted."""
    if by.kind != "contact":
        return
    with transaction.atomic():
        row = Recipient.objects.filter(release=release, contact_id=by.id).first()
        if row is None or (row.first_opened_at and not again):
            return
        own = access.on_own_authority(by)
        row = access.get(own, Recipient, row.pk, lock=True)
        seen = {
            "first_opened_at": row.first_opened_at or at,
            "last_opened_at": at,
            "times_opened": row.times_opened + 1,
        }
        rows.change(row, seen, by=own, at=at, kind="release.opened", hat=release.hat)


def note_version(version: DeliverableVersion, *, by: Actor, at: datetime.datetime) -> None:
    """As `note`, of the newest release that brought them this version."""
    if by.kind != "contact":
        return
    released = access.visible_to(by, Release).filter(pinned=version).order_by("-id").first()
    if released is not None:
        note(released, by=by, at=at)
