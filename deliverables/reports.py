"""What the decision log shows of an engagement: rights never used, decisions nobody looks at again, hats that decide."""

import datetime
from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from deliverables.models import Decision, DecisionStatus
from deliverables.models.decisions import SETTLED
from engagements import charters, rights
from engagements.models import Engagement, Right
from practice import access
from practice.access import Actor
from practice.quarters import local_day

Day = datetime.date


def of(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> dict[str, Any]:
    """Of what this actor may see."""
    seen = access.visible_to(by, Decision).filter(engagement=engagement)
    decided = seen.filter(status__in=SETTLED)
    used = set(decided.values_list("code", flat=True))
    in_force = seen.filter(status=DecisionStatus.DECIDED)
    today = local_day(at, engagement.client.time_zone)
    by_hat = Counter(dict(decided.values_list("hat").annotate(Count("id")).order_by()))
    return {
        "engagement": engagement.pk,
        "decided": sum(by_hat.values()),
        "rights_never_used": _unused(engagement, used),
        "without_review": _named(in_force.filter(review_on=None)),
        "review_overdue": _named(in_force.filter(review_on__lt=today)),
        "hats": _shares(engagement, by_hat),
    }


def counted(practice_id: UUID, from_on: Day, until_on: Day) -> dict[tuple[UUID, str], int]:
    """Decisions by engagement and hat, from a day until before another, each where its client is."""
    # The day where the client is differs from UTC's by less than two days: those are looked at one by one.
    day = datetime.timedelta(days=2)
    noon = datetime.time(12, tzinfo=datetime.UTC)
    rows = Decision.objects.filter(
        practice_id=practice_id,
        status__in=SETTLED,
        decided_at__gte=datetime.datetime.combine(from_on - day, noon),
        decided_at__lt=datetime.datetime.combine(until_on + day, noon),
    )
    found: Counter[tuple[UUID, str]] = Counter()
    told = rows.values_list("engagement_id", "hat", "decided_at", "client__time_zone")
    for engagement, hat, moment, zone in told:
        if moment and from_on <= local_day(moment, zone) < until_on:
            found[engagement, hat] += 1
    return dict(found)


def handed_over(engagement: Engagement) -> dict[str, str]:
    """For the checklist at the end: the log itself, and what in it is still open."""
    rows = Decision.objects.filter(engagement=engagement)
    open_ = Q(status__in=[DecisionStatus.PROPOSED, DecisionStatus.AWAITING])
    told = rows.aggregate(
        decided=Count("id", filter=Q(status__in=SETTLED)), open=Count("id", filter=open_)
    )
    items = {}
    if told["decided"]:
        items["decision_log"] = f"The decision log is handed over: {told['decided']} decided"
    if told["open"]:
        items["open_decisions"] = f"Decisions still open: {told['open']}"
    return items


def _unused(engagement: Engagement, used: set[str]) -> list[dict[str, str]]:
    charter = charters.in_force(engagement)
    if charter is None:
        return []
    rows = Right.objects.filter(charter=charter).exclude(code__in=used)
    ours = [right for right in rows if _ours(right)]
    return [{"code": right.code, "label": right.label} for right in ours]


def _ours(right: Right) -> bool:
    """Whether a hat could have used it: what the client decides for itself, no hat can."""
    cells = [getattr(right, cell) for cell in rights.CELLS]
    hats = cells[:-1]
    return rights.DECIDES in hats or (rights.DECIDES not in cells and rights.AGREES in hats)


def _named(rows: Any) -> list[dict[str, Any]]:
    told = rows.order_by("number").values("id", "number", "question", "hat", "review_on")
    return list(told)


def _shares(engagement: Engagement, by_hat: "Counter[str]") -> list[dict[str, Any]]:
    total = sum(by_hat.values())
    hats = dict.fromkeys([*charters.hats_of(engagement), *sorted(by_hat)])
    return [
        {
            "hat": hat,
            "decided": by_hat[hat],
            "share": round(100 * by_hat[hat] / total) if total else None,
        }
        for hat in hats
    ]
