"""Checks on seats, people, charters, advice, reporting lines and facts: FM-04, 05, 15, 16 and 17."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from uuid import UUID

from django.db.models import Q, Sum

from engagements import radar_split
from engagements.days import months_on
from engagements.models import Engagement, Move, Point, ReportingLine, Stage, TimeEntry, Wearing
from engagements.models.course import MoveStatus
from engagements.radar import Hit
from engagements.radar_sight import Sight
from practice import policies

TOGETHER = datetime.timedelta(days=92)
ADVICE_DAYS = 3
RETAINERS = (Point.RETAINER, Point.RETAINER_HIGH)


def no_platform(sight: Sight) -> Iterator[Hit]:
    """FM-04. The recorded seat speaks where there is one, else the fact. A CTO of ours fills the seat."""
    ours = {row.client_id for row in sight.engagements if "CTO" in sight.shares[row.pk]}
    for engagement in sight.engagements:
        if "CAIO" not in sight.shares[engagement.pk] or engagement.client_id in ours:
            continue
        seat = sight.cto_seats.get(engagement.client_id)
        said = seat.status if seat else sight.facts[engagement.client_id].get("cto_seat")
        if said == "none":
            shown = (
                [("seat", seat.pk, f"CTO seat empty since {told(seat.since_on)}")] if seat else []
            )
            yield Hit(
                engagement.pk,
                "A CAIO is at work where the CTO seat is empty.",
                rows=shown,
                figures={
                    "CTO seat": "empty, by the recorded seat" if seat else "empty, by the facts"
                },
            )


def two_people(sight: Sight) -> Iterator[Hit]:
    """FM-05. Two of our people at one client, in one engagement or in two; "within" is met at exactly 92 days."""
    at_client: dict[UUID, dict[str, list[tuple[Engagement, Wearing]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for engagement in sight.engagements:
        for hat, wearing in sight.worn(engagement).items():
            at_client[engagement.client_id][hat].append((engagement, wearing))
    for hats in at_client.values():
        named = set()
        for (one, cto), (other, caio) in product(hats["CTO"], hats["CAIO"]):
            apart = abs(cto.since_on - caio.since_on)
            alone = cto.member_id == caio.member_id or apart > TOGETHER
            if alone or {one.pk, other.pk} & sight.charters or other.pk in named:
                continue
            named.add(other.pk)
            began = f"began {apart.days} days apart" if apart else "began on the same day"
            yield Hit(
                other.pk,
                f"{cto.member} as CTO and {caio.member} as CAIO {began}, and no charter is accepted.",
                rows=[
                    ("wearing", cto.pk, f"{cto.member}, CTO since {told(cto.since_on)}"),
                    ("wearing", caio.pk, f"{caio.member}, CAIO since {told(caio.since_on)}"),
                ],
                figures={"apart": f"{apart.days} days", "limit": f"within {TOGETHER.days} days"},
            )


def advice_without_owner(sight: Sight) -> Iterator[Hit]:
    """FM-15. Days are minutes in advisory stages of the client over the length of a day as agreed; at exactly 3 it fires."""
    since = {row.client_id: months_on(sight.day(row), -6) for row in sight.engagements}
    days: dict[UUID, Decimal] = defaultdict(Decimal)
    shown: dict[UUID, list[tuple[str, UUID, str]]] = defaultdict(list)
    for stage, minutes in _advised(sight, since):
        spent = Decimal(minutes) / stage.day_minutes
        days[stage.client_id] += spent
        words = f"Advisory since {told(stage.since_on)}: {spent:.1f} days"
        shown[stage.client_id].append(("stage", stage.pk, words))
    proposed = dict(
        Move.objects.filter(client__in=sight.client_ids, to_point__in=RETAINERS)
        .exclude(status__in=[MoveStatus.SUGGESTED, MoveStatus.WITHDRAWN])
        .order_by("created_at")
        .values_list("client_id", "created_at")
    )
    present = {row.client_id: row for row in sight.engagements}
    for client, engagement in present.items():
        made = proposed.get(client)
        if days[client] >= ADVICE_DAYS and not (made and made.date() >= since[client]):
            yield Hit(
                engagement.pk,
                f"{days[client]:.1f} days of advice in six months, and no retainer was proposed.",
                rows=shown[client],
                figures={"days": f"{days[client]:.1f}", "limit": f"{ADVICE_DAYS} or more"},
            )


def no_reporting_line(sight: Sight) -> Iterator[Hit]:
    """FM-16."""
    lines = ReportingLine.objects.filter(
        Q(until_on=None) | Q(until_on__gt=sight.earliest), engagement__in=sight.ids, hat="CAIO"
    )
    reported: dict[UUID, list[ReportingLine]] = defaultdict(list)
    for line in lines:
        reported[line.engagement_id].append(line)
    for engagement in sight.engagements:
        worn, day = sight.worn(engagement).get("CAIO"), sight.day(engagement)
        present = any(
            line.since_on <= day and (line.until_on is None or line.until_on > day)
            for line in reported[engagement.pk]
        )
        if worn is not None and not present:
            yield Hit(
                engagement.pk,
                f"{worn.member} wears the CAIO hat, and it is not recorded to whom it reports.",
                rows=[("wearing", worn.pk, f"{worn.member}, CAIO since {told(worn.since_on)}")],
            )


def outgrown_seat(sight: Sight) -> Iterator[Hit]:
    """FM-17. By the limits of the lens that the practice goes by (policy `split_lens`)."""
    for engagement in sight.engagements:
        if not sight.is_combined(engagement):
            continue
        lens = policies.of(engagement.practice, "split_lens")
        crossed = radar_split.crossed(lens, sight.facts[engagement.client_id])
        if crossed:
            worn = sight.worn(engagement)["CAIO"]
            yield Hit(
                engagement.pk,
                f"One person wears both hats, and the client has outgrown that by {lens}: "
                + " ".join(crossed.values()),
                rows=[("wearing", worn.pk, f"{worn.member}, CTO and CAIO")],
                figures={
                    **radar_split.figures(lens, sight.facts[engagement.client_id]),
                    "by": lens,
                },
            )


def _advised(sight: Sight, since: dict[UUID, datetime.date]) -> Iterator[tuple[Stage, int]]:
    """The clients' advisory stages, and the minutes worked in each in the last six months."""
    stages = list(
        Stage.objects.filter(client__in=sight.client_ids, point=Point.ADVISORY).order_by("id")
    )
    worked = (
        TimeEntry.objects.filter(
            engagement__in={stage.engagement_id for stage in stages},
            worked_on__gt=min(since.values(), default=sight.earliest),
        )
        .values("engagement_id", "worked_on")
        .order_by()
        .annotate(spent=Sum("minutes"))
    )
    spent: dict[UUID, list[tuple[datetime.date, int]]] = defaultdict(list)
    for row in worked:
        spent[row["engagement_id"]].append((row["worked_on"], row["spent"]))
    for stage in stages:
        minutes = sum(
            minutes
            for on, minutes in spent[stage.engagement_id]
            if on > since[stage.client_id]
            and stage.since_on <= on
            and (stage.until_on is None or on < stage.until_on)
        )
        if minutes:
            yield stage, minutes


def told(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
