"""A release that no longer counts: a newer version is being written, so what the client has is void."""

import datetime

from deliverables import duedates, letters
from deliverables.models import Deliverable, Release, ReleaseState
from engagements.models import Engagement
from practice import rows
from practice.access import Actor


def void(
    deliverable: Deliverable, engagement: Engagement, *, by: Actor, at: datetime.datetime
) -> Release | None:
    """Void what waits for an answer, if anything does. Answers that were given stay what they are."""
    release = Release.objects.filter(deliverable=deliverable, state=ReleaseState.OPEN).first()
    if release is None:
        return None
    voided = {"state": ReleaseState.VOIDED}
    release = rows.change(release, voided, by=by, at=at, kind="release.voided", hat=deliverable.hat)
    duedates.stop_waiting(release, done=False, at=at)
    letters.tell_closed(release, by=by, at=at)
    return release
