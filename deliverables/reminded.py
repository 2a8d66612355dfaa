"""How often those who are to answer a release were reminded, as the outbox has it. Silence counts only after that."""

import datetime

from deliverables import duedates
from deliverables.models import Release
from practice.models import Notice
from practice.quarters import end_of_day, local_day

LETTER = "acceptance_awaited"
NEEDED = 2


def times(release: Release) -> int:
    """Reminders that were sent before the day to answer was over, each counted once however many people it went to.

    Two on one day are one: after an outage they go out together, which gives nobody a second chance.
    """
    zone = release.engagement.client.time_zone
    sent = Notice.objects.filter(
        practice_id=release.practice_id,
        entry__kind=duedates.ANSWER,
        entry__subject_id=release.pk,
        kind=LETTER,
        status=Notice.Status.DONE,
        done_at__isnull=False,
    )
    if release.answer_by is not None:
        sent = sent.filter(done_at__lt=end_of_day(release.answer_by, zone))
    first: dict[str, datetime.datetime] = {}
    for occurrence, done_at in sent.order_by("done_at").values_list("occurrence", "done_at"):
        if done_at is not None:
            first.setdefault(occurrence, done_at)
    return len({local_day(moment, zone) for moment in first.values()})
