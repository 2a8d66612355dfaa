"""Plain factory functions for deliverables: one of any state, through the verbs."""

import datetime
from typing import Any

from deliverables import accepting, owed, releasing, reviewing, writing
from deliverables.models import Deliverable, DeliverableVersion, Release
from engagements.models import Engagement
from practice.models import Contact, Member
from tests import make
from tests.cast import Cast
from tests.make import NOW

TEXT = "# Capability map\n\nWhat the company can do with models today, and what it cannot do yet.\n"


def planned(engagement: Engagement, by: Member, *, code: str = "DV-05", **says: Any) -> Deliverable:
    return owed.add(engagement, code=code, by=make.actor(by), at=NOW, **says)


def written(deliverable: Deliverable, by: Member, text: str = TEXT) -> DeliverableVersion:
    return writing.begin(deliverable, text=text, by=make.actor(by), at=NOW)


def reviewed(
    deliverable: Deliverable, by: Member, other: Member, text: str = TEXT
) -> DeliverableVersion:
    """Written and submitted by one, passed by another."""
    version = writing.submit(written(deliverable, by, text), by=make.actor(by), at=NOW)
    reviewing.pass_on(deliverable, by=make.actor(other), at=NOW)
    return version


def released(
    cast: Cast,
    engagement: Engagement,
    *,
    code: str = "DV-05",
    text: str = TEXT,
    to: list[Contact] | None = None,
    at: datetime.datetime = NOW,
    **says: Any,
) -> Release:
    """Ada's, passed by Olu, before Priya unless somebody else is named."""
    row = planned(engagement, cast.ada, code=code)
    reviewed(row, cast.ada, cast.olu, text)
    row.refresh_from_db()
    return releasing.release(row, to=to or [cast.priya], by=make.actor(cast.ada), at=at, **says)


def accepted(cast: Cast, release: Release, *, at: datetime.datetime = NOW) -> Release:
    """By Priya, every criterion ticked."""
    priya = make.actor(cast.priya)
    for number in range(1, len(release.criteria) + 1):
        accepting.tick(release, number=number, by=priya, at=at)
    return accepting.answer(release, answer="accepted", by=priya, at=at)


def delivered(
    cast: Cast, engagement: Engagement, *codes: str, at: datetime.datetime = NOW
) -> list[Release]:
    """Accepted by Priya, each of these: what the plan holds of it, or else one added by hand."""
    found = []
    for code in codes:
        row = Deliverable.objects.filter(engagement=engagement, code=code).first()
        row = row or planned(engagement, cast.ada, code=code)
        reviewed(row, cast.ada, cast.olu, f"# {code}\n\nWhat is said under {row.hat}.\n")
        row.refresh_from_db()
        release = releasing.release(row, to=[cast.priya], by=make.actor(cast.ada), at=at)
        found.append(accepted(cast, release, at=at))
    return found
