"""Checks on roadmap and metrics: the second half of FM-04, FM-08, FM-09 and FM-10.

What the client set out to do belongs to no engagement; it is told once, at one with the hat it stands under.
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Q

from assessments import metrics, work_book
from assessments.models import (
    Initiative,
    InitiativeStatus,
    MetricValue,
    Milestone,
    PostponedFor,
    Postponement,
)
from assessments.models.work import LIVE, ON_THE_ROADMAP
from engagements.models import Engagement, HatShare
from engagements.radar import WATCHED, Hit
from engagements.radar_checks import told
from engagements.radar_sight import Sight
from practice.models.people import Hat

OFTEN = 2


class Homes:
    """Which engagement of a client tells of its roadmap. All of the client's are asked, whichever are in sight: where
    one alone is looked at, it must not tell what another one tells already."""

    def __init__(self, sight: Sight) -> None:
        shares = HatShare.objects.filter(
            client__in=sight.client_ids, engagement__status__in=WATCHED
        ).order_by("engagement_id", "hat")
        self._in_sight = frozenset(sight.ids)
        self._hats: dict[UUID, dict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
        for client_id, engagement_id, hat in shares.values_list(
            "client_id", "engagement_id", "hat"
        ):
            self._hats[client_id][engagement_id].add(hat)

    def of(self, client_id: UUID, hat: str, *, elsewhere: bool = True) -> list[UUID]:
        """The first with this hat, or else with the CAIO's, or else the first; none where it is not in sight."""
        here = self._hats[client_id]
        found = [id for id, hats in here.items() if hat in hats]
        if not found and elsewhere:
            found = [id for id, hats in here.items() if Hat.CAIO in hats] or list(here)
        return [id for id in found[:1] if id in self._in_sight]


def no_engineers(sight: Sight) -> Iterator[Hit]:
    """FM-04, second half: what the roadmap counts on at a client with a CAIO of ours, and nobody has engineers for."""
    rows = Initiative.objects.filter(
        client__in=sight.client_ids,
        status__in=ON_THE_ROADMAP,
        capacity_owner=None,
        capacity_owner_name="",
    ).order_by("client_id", "title", "id")
    homes = Homes(sight)
    for row in rows:
        for engagement_id in homes.of(row.client_id, Hat.CAIO, elsewhere=False):
            yield Hit(
                engagement_id,
                f"{row.title} is on the roadmap, and nobody answers for the engineers it needs.",
                about=str(row.pk),
                rows=[("initiative", row.pk, f"{row.title}, {_status(row)}")],
            )


def always_later(sight: Sight) -> Iterator[Hit]:
    """FM-08. Twice or more for technology, whatever other reasons came between; gone once it is reached or dropped."""
    technical = Q(postponements__reason=PostponedFor.TECHNOLOGY)
    rows = (
        Milestone.objects.filter(
            client__in=sight.client_ids,
            is_ai=True,
            done_on=None,
            dropped_on=None,
            initiative__status__in=LIVE,
        )
        .annotate(times=Count("postponements", filter=technical))
        .filter(times__gte=OFTEN)
        .select_related("initiative")
        .order_by("client_id", "planned_on", "id")
    )
    found = list(rows)
    kept: dict[UUID, list[Postponement]] = defaultdict(list)
    for one in Postponement.objects.filter(
        milestone__in=[row.pk for row in found], reason=PostponedFor.TECHNOLOGY
    ).order_by("id"):
        kept[one.milestone_id].append(one)
    homes = Homes(sight)
    for row in found:
        first = ("milestone", row.pk, f"Planned for {told(row.first_planned_on)} at first")
        put_off = [
            ("postponement", one.pk, f"From {told(one.from_on)} to {told(one.to_on)}")
            for one in kept[row.pk]
        ]
        for engagement_id in homes.of(row.client_id, row.initiative.hat):
            yield Hit(
                engagement_id,
                f"{row.title}, of {row.initiative.title}, was put off {row.times} times for a reason of technology.",
                about=str(row.pk),
                rows=[first, *put_off],
                figures={"times": str(row.times), "limit": f"{OFTEN} or more"},
            )


def tools_first(sight: Sight) -> Iterator[Hit]:
    """FM-09. Both are wanted: a problem without an outcome is as little to hold it against as the other way round."""
    rows = Initiative.objects.filter(
        Q(problem="") | Q(expected_outcome=""),
        client__in=sight.client_ids,
        is_ai=True,
        status__in=LIVE,
    ).order_by("client_id", "title", "id")
    homes = Homes(sight)
    for row in rows:
        lacks = {"a business problem": row.problem, "an expected outcome": row.expected_outcome}
        missing = " and without ".join(name for name, said in lacks.items() if not said)
        for engagement_id in homes.of(row.client_id, row.hat):
            yield Hit(
                engagement_id,
                f"{row.title} stands without {missing}.",
                about=str(row.pk),
                rows=[("initiative", row.pk, f"{row.title}, {_status(row)}")],
            )


def nothing_measured(sight: Sight) -> Iterator[Hit]:
    """FM-10. One value of one of the four kinds is enough, measured in the fiscal quarter that the client is in."""
    kinds = [key for key, kind in work_book.metrics().kinds.items() if kind.shows_ai]
    quarters = {
        row.client_id: metrics.this_quarter(row.client, sight.at) for row in sight.engagements
    }
    since = min((quarter.starts_on for quarter in quarters.values()), default=sight.earliest)
    measured: set[UUID] = set()
    values = MetricValue.objects.filter(
        client__in=sight.client_ids, metric__kind__in=kinds, measured_on__gte=since
    )
    for client_id, day in values.values_list("client_id", "measured_on"):
        quarter = quarters[client_id]
        if quarter.starts_on <= day <= quarter.ends_on:
            measured.add(client_id)
    labels = ", ".join(work_book.metrics().kinds[key].label for key in kinds)
    for engagement in sight.engagements:
        worn = sight.worn(engagement).get("CAIO")
        active = engagement.status == Engagement.Status.ACTIVE
        if worn is None or not active or engagement.client_id in measured:
            continue
        quarter = quarters[engagement.client_id]
        yield Hit(
            engagement.pk,
            f"{worn.member} wears the CAIO hat, and since {told(quarter.starts_on)} nothing was measured of: {labels}.",
            rows=[("wearing", worn.pk, f"{worn.member}, CAIO since {told(worn.since_on)}")],
            figures={"quarter": quarter.name, "values": "none"},
        )


def _status(row: Initiative) -> str:
    return InitiativeStatus(row.status).label.lower()
