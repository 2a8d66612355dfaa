"""What deliverables add to the hat balance and to the handover: how many moved under each hat, and what is open."""

import datetime
from collections import Counter
from uuid import UUID

from django.db.models import Count, Q

from deliverables.models import Deliverable, DeliverableStatus, DeliverableVersion, Release
from engagements.models import Engagement
from practice.quarters import local_day

Day = datetime.date
OVER = (
    DeliverableStatus.ACCEPTED,
    DeliverableStatus.ACCEPTED_WITH_REMARKS,
    DeliverableStatus.DROPPED,
)


def counted(practice_id: UUID, from_on: Day, until_on: Day) -> dict[tuple[UUID, str], int]:
    """Versions submitted and releases made, by engagement and hat, from a day until before another, each where its
    client is; one statement."""
    # The day where the client is differs from UTC's by less than two days: those are looked at one by one.
    day, noon = datetime.timedelta(days=2), datetime.time(12, tzinfo=datetime.UTC)
    within = (
        datetime.datetime.combine(from_on - day, noon),
        datetime.datetime.combine(until_on + day, noon),
    )
    told = ("engagement_id", "hat", "client__time_zone")
    submitted = DeliverableVersion.objects.filter(
        practice_id=practice_id, submitted_at__range=within
    ).values_list(*told, "submitted_at")
    released = Release.objects.filter(
        practice_id=practice_id, created_at__range=within
    ).values_list(*told, "created_at")
    found: Counter[tuple[UUID, str]] = Counter()
    for engagement, hat, zone, moment in submitted.union(released, all=True):
        if moment and from_on <= local_day(moment, zone) < until_on:
            found[engagement, hat] += 1
    return dict(found)


def handed_over(engagement: Engagement) -> dict[str, str]:
    """For the checklist at the end: what was accepted, and what is still open."""
    told = Deliverable.objects.filter(engagement=engagement).aggregate(
        accepted=Count("id", filter=Q(accepted__isnull=False)),
        open=Count("id", filter=~Q(status__in=OVER)),
    )
    items = {}
    if told["accepted"]:
        items["accepted_deliverables"] = (
            f"Accepted deliverables are handed over: {told['accepted']}"
        )
    if told["open"]:
        items["open_deliverables"] = f"Deliverables still open: {told['open']}"
    return items
