"""A log to test with: entries as a decision would make them, and its content as rows that can be tampered with."""

import datetime
from typing import Any

from django.db import transaction

from deliverables import bundle, seals
from deliverables.models import Chain, SealedEntry
from engagements.models import Engagement
from practice import access
from practice.models import Contact, Member
from tests.make import NOW

HOUR = datetime.timedelta(hours=1)


def entry(
    engagement: Engagement,
    number: int = 1,
    *,
    about: Member | Contact | None = None,
    at: datetime.datetime = NOW,
    **sealed: Any,
) -> SealedEntry:
    """Sealed for the engagement itself, as a decision's row is made elsewhere."""
    said: dict[str, Any] = {"reason": f"Because of {number}.", "question": f"Which {number}?"}
    if about is not None:
        said["decider"] = seals.of(about, "Somebody Named")
    with transaction.atomic():
        return seals.append(
            engagement=engagement,
            kind="decision.decided",
            subject=engagement,
            open={"right": "DR-10", "amount": f"{number}.00", "number": number},
            sealed={**said, **sealed},
            by=access.system(engagement.practice_id),
            at=at + number * HOUR,
        )


def log(engagement: Engagement, length: int) -> Chain:
    for number in range(1, length + 1):
        entry(engagement, number)
    return of(engagement)


def of(engagement: Engagement) -> Chain:
    return Chain.objects.get(engagement=engagement)


def taken_away(log: Chain, *, at: datetime.datetime = NOW) -> dict[str, Any]:
    return bundle.content(log, by=access.system(log.practice_id), at=at)
