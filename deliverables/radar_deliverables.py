"""Checks on deliverables: FM-06, and what FM-01 asks of them: whether the AI hat moved any in the last weeks."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Max

from deliverables import bundled, split
from deliverables.models import Deliverable, DeliverableVersion, Release
from engagements.radar import Hit
from engagements.radar_checks import told
from engagements.radar_sight import WINDOW, Sight
from practice.models import Event
from practice.models.people import Hat
from practice.quarters import local_day

AI = ("CAIO", "AI_CTO")


def one_document(sight: Sight) -> Iterator[Hit]:
    """FM-06. One file was to stand under two hats within 28 days, or the CAIO's half is too thin."""
    yield from _refused(sight)
    yield from _thin(sight)


def _refused(sight: Sight) -> Iterator[Hit]:
    events = Event.objects.filter(
        practice__in={row.practice_id for row in sight.engagements},
        client__in=sight.client_ids,
        kind=bundled.REFUSED,
        at__gt=sight.at - WINDOW - datetime.timedelta(days=1),
        at__lte=sight.at,
    )
    attempts = list(events.order_by("at", "id").values_list("subject_id", "at"))
    rows = Deliverable.objects.filter(
        engagement__in=sight.ids, pk__in={subject for subject, _ in attempts}
    )
    of = {row.pk: row for row in rows.select_related("client")}
    tried: dict[UUID, list[tuple[Deliverable, datetime.date]]] = defaultdict(list)
    for subject, at in attempts:
        if row := of.get(subject):
            tried[row.engagement_id].append((row, local_day(at, row.client.time_zone)))
    for engagement in sight.engagements:
        first = sight.day(engagement) - WINDOW
        within = [(row, day) for row, day in tried[engagement.pk] if day > first]
        if not within:
            continue
        named = {row.pk: f"{Hat(row.hat).label}: {row}" for row, _ in within}
        times = "once" if len(within) == 1 else f"{len(within)} times"
        yield Hit(
            engagement.pk,
            f"The same file was handed in under two hats, {times} in 28 days; it was refused.",
            about="bundled",
            rows=[("deliverable", id, text) for id, text in named.items()],
            figures={"refused": str(len(within)), "last": told(within[-1][1])},
        )


def _thin(sight: Sight) -> Iterator[Hit]:
    """Met at under 35 %; exactly 35 % is thick enough."""
    found = split.pairs(sight.ids)
    thin = {id: pair for id, pair in found.items() if pair.thin}
    ids = {one for pair in thin.values() for one in pair.deliverables}
    names = {
        row.pk: f"{Hat(row.hat).label}: {row}" for row in Deliverable.objects.filter(pk__in=ids)
    }
    for engagement in sight.engagements:
        if (pair := thin.get(engagement.pk)) is None:
            continue
        yield Hit(
            engagement.pk,
            f"The CAIO's part is {pair.share} % of the words that both hats wrote for the first quarter.",
            about="thin",
            rows=[("deliverable", id, names[id]) for id in pair.deliverables],
            figures={
                "CTO": f"{pair.cto} words",
                "CAIO": f"{pair.caio} words",
                "limit": f"under {split.THICK_ENOUGH} % of both",
            },
        )


def moved(sight: Sight) -> dict[UUID, datetime.date]:
    """The last day, where the client is, on which the AI hat began, submitted or released something, or the client
    answered."""
    zones = {row.pk: row for row in sight.engagements}
    latest: dict[UUID, datetime.date] = {}
    for id, *moments in (*_written(sight), *_released(sight)):
        last = max(moment for moment in moments if moment is not None)
        day = local_day(last, zones[id].client.time_zone)
        latest[id] = max(day, latest.get(id, day))
    return latest


Moments = list[tuple[UUID, datetime.datetime | None, datetime.datetime | None]]


def _written(sight: Sight) -> Moments:
    rows = DeliverableVersion.objects.filter(engagement__in=sight.ids, hat__in=AI)
    found = rows.values_list("engagement_id").annotate(Max("created_at"), Max("submitted_at"))
    return list(found.order_by())


def _released(sight: Sight) -> Moments:
    rows = Release.objects.filter(engagement__in=sight.ids, hat__in=AI)
    found = rows.values_list("engagement_id").annotate(Max("created_at"), Max("answered_at"))
    return list(found.order_by())
