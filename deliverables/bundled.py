"""The split rule (S2-V4): what is delivered under one hat is not handed in under another as well."""

import datetime
from typing import Any

from django.db import transaction

from deliverables.models import Deliverable, DeliverableStatus, DeliverableVersion
from practice import access, events
from practice.access import Actor
from practice.refusals import Conflict

REFUSED = "deliverable.bundle_refused"


class Bundled(Conflict):
    code = "bundled_document"
    sentence = "The same content stands under another hat already; each hat delivers its own."


def check(deliverable: Deliverable, sha256: str, *, by: Actor, at: datetime.datetime) -> None:
    """Refused where the same bytes are a version under another hat of the engagement. Its lock is held."""
    others = DeliverableVersion.objects.filter(
        practice_id=deliverable.practice_id,
        engagement_id=deliverable.engagement_id,
        sha256=sha256,
    ).exclude(hat=deliverable.hat)
    other = others.exclude(deliverable__status=DeliverableStatus.DROPPED).first()
    if other is None:
        return
    refusal = Bundled(hat=str(other.hat), deliverable=str(other.deliverable_id))

    def leave() -> None:
        _leave(deliverable, other, sha256, by, at)

    refusal.leaves = leave
    raise refusal


def _leave(
    deliverable: Deliverable,
    other: DeliverableVersion,
    sha256: str,
    by: Actor,
    at: datetime.datetime,
) -> None:
    """The attempt itself is on record: the radar counts it (FM-06)."""
    told: dict[str, Any] = {
        "sha256": sha256,
        "hat": str(deliverable.hat),
        "other_hat": str(other.hat),
        "other": str(other.deliverable_id),
    }
    with transaction.atomic():
        own = access.on_own_authority(by)
        events.record(REFUSED, by=own, at=at, subject=deliverable, after=told, hat=deliverable.hat)
