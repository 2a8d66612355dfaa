"""Checks on the decision log: its part of FM-01 and FM-05, and FM-14."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Max, Min, Q

from deliverables import radar_deliverables
from deliverables.models import Decision, DecisionStatus, Origin
from deliverables.models.decisions import SETTLED
from engagements.models import Charter, Engagement
from engagements.radar import Hit
from engagements.radar_checks import told
from engagements.radar_sight import WINDOW, Sight
from practice.quarters import local_day

Status = DecisionStatus


def ai_undecided(sight: Sight) -> Iterator[Hit]:
    """FM-01. Where AI is owed beside a CTO: 28 days of a charter in force without one decision of the CAIO hat, and
    without a step of one of its deliverables."""
    last: dict[UUID, datetime.datetime] = dict(
        Decision.objects.filter(
            engagement__in=sight.ids, hat__in=("CAIO", "AI_CTO"), status__in=SETTLED
        )
        .values_list("engagement_id")
        .annotate(last=Max("decided_at"))
        .order_by()
    )
    in_force, moves = _since_when(sight), radar_deliverables.moved(sight)
    for engagement in sight.engagements:
        if not _owes_ai(sight, engagement) or engagement.pk not in in_force:
            continue
        zone, since = engagement.client.time_zone, sight.day(engagement) - WINDOW
        begun = max(in_force[engagement.pk], engagement.starts_on or since)
        decided = local_day(last[engagement.pk], zone) if engagement.pk in last else None
        moved = moves.get(engagement.pk)
        if begun > since or any(day is not None and day > since for day in (decided, moved)):
            continue
        yield Hit(
            engagement.pk,
            "AI is part of what is owed, and in 28 days the CAIO hat has decided nothing and moved no deliverable.",
            about="decisions",
            figures={
                "last decision": told(decided) if decided else "none",
                "last step of a deliverable": told(moved) if moved else "none",
                "limit": f"none since {told(since)}",
            },
        )


def two_hats_one_right(sight: Sight) -> Iterator[Hit]:
    """FM-05. Decisions in force on one right by different hats. What each hat decides for itself is no conflict."""
    rows = (
        Decision.objects.filter(
            engagement__in=sight.ids, status=Status.DECIDED, right__each_own=False
        )
        .order_by("decided_at", "id")
        .values_list("engagement_id", "code", "hat", "id", "number", "question")
    )
    latest: dict[tuple[UUID, str], dict[str, tuple[UUID, str]]] = defaultdict(dict)
    for engagement, code, hat, id, number, question in rows:
        latest[engagement, code][hat] = (id, f"{number}. {question}, under {hat}")
    for (engagement, code), by_hat in latest.items():
        if len(by_hat) > 1:
            yield Hit(
                engagement,
                f"On {code} decisions of {' and '.join(sorted(by_hat))} are in force side by side.",
                about=code,
                rows=[("decision", id, text) for id, text in by_hat.values()],
            )


def beyond_the_limit(sight: Sight) -> Iterator[Hit]:
    """FM-14. It waits for the client's agreement, and was taken elsewhere or is being spent already."""
    rows = (
        Decision.objects.filter(
            Q(over_limit=True),
            engagement__in=sight.ids,
            status=Status.AWAITING,
            client_agreed=False,
        )
        .filter(~Q(origin=Origin.LOGGED) | Q(spend_on__isnull=False))
        .order_by("engagement_id", "number")
    )
    there = {row.pk: row for row in sight.engagements}
    for row in rows:
        engagement = there[row.engagement_id]
        begun = row.spend_on is not None and row.spend_on <= sight.day(engagement)
        if row.origin == Origin.LOGGED and not begun:
            continue
        how = (
            f"spent since {told(row.spend_on)}"
            if begun and row.spend_on
            else f"taken elsewhere ({row.get_origin_display().lower()})"
        )
        yield Hit(
            row.engagement_id,
            f"{row.amount:,.2f} {row.currency} under {row.hat}, above its limit, {how}; the client has not "
            "agreed.",
            about=str(row.number),
            rows=[("decision", row.pk, str(row))],
            figures={"amount": f"{row.amount} {row.currency}"},
        )


def _since_when(sight: Sight) -> dict[UUID, datetime.date]:
    """Since which day there has been a charter, of whatever version, where one is in force."""
    first = (
        Charter.objects.filter(engagement__in=sight.charters, accepted_at__isnull=False)
        .values_list("engagement_id", "client__time_zone")
        .annotate(first=Min("accepted_at"))
        .order_by()
    )
    return {id: local_day(moment, zone) for id, zone, moment in first}


def _owes_ai(sight: Sight, engagement: Engagement) -> bool:
    hats = sight.shares[engagement.pk]
    return engagement.ai_in_scope and "CTO" in hats and "CAIO" in hats
