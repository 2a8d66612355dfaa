"""What engagements themselves ask before one becomes active. The charter's own condition stands beside it."""

import datetime

from assessments import known
from engagements import stages, wearing
from engagements.gate import Condition
from engagements.models import Engagement, HatShare, Move, Wearing
from practice.quarters import local_day

AGREED = (Move.Status.AGREED, Move.Status.EFFECTIVE)


def _no_hats(engagement: Engagement, at: datetime.datetime) -> list[str]:
    there = HatShare.objects.filter(engagement=engagement, target__gt=0).exists()
    return [] if there else ["It has no hat yet; at least one is needed."]


def _bare_hats(engagement: Engagement, at: datetime.datetime) -> list[str]:
    worn = wearing.worn_on(engagement, _day(engagement, at))
    hats = HatShare.objects.filter(engagement=engagement, target__gt=0).order_by("hat")
    return [
        f"Nobody wears the {share.get_hat_display()} hat on the first day."
        for share in hats
        if share.hat not in worn
    ]


def _no_beginning(engagement: Engagement, at: datetime.datetime) -> list[str]:
    begun = stages.present(engagement) is not None
    agreed = Move.objects.filter(
        engagement=engagement, kind=Move.Kind.BEGIN, status__in=AGREED
    ).exists()
    if begun or agreed:
        return []
    return ["The sponsor has not agreed to the first stage and its terms."]


def _no_start(engagement: Engagement, at: datetime.datetime) -> list[str]:
    agreed = Move.objects.filter(engagement=engagement, kind=Move.Kind.BEGIN, status__in=AGREED)
    return [] if engagement.starts_on or agreed.exists() else ["It has no first day."]


def _no_depth(engagement: Engagement, at: datetime.datetime) -> list[str]:
    on_the_day = wearing.during(_day(engagement, at))
    shown = Wearing.objects.filter(on_the_day, engagement=engagement, hat="CAIO").exclude(
        depth_evidence=""
    )
    if (
        shown.exists()
        or known.now_of(engagement.client).get("candidate_production_ai_depth") == "yes"
    ):
        return []
    return ["Nothing shows that whoever wears the CAIO hat has depth with AI in production."]


def _day(engagement: Engagement, at: datetime.datetime) -> datetime.date:
    today = local_day(at, engagement.client.time_zone)
    return max(today, engagement.starts_on or today)


def _not_yet_active(engagement: Engagement, day: datetime.date) -> bool:
    """Under way the gate is asked again only of one person who takes both hats; these were answered then."""
    return engagement.status in (Engagement.Status.DRAFT, Engagement.Status.PROPOSED)


CONDITIONS = (
    Condition("hats", "At least one hat", _not_yet_active, _no_hats),
    Condition("worn", "Every hat is worn", _not_yet_active, _bare_hats),
    Condition("begin", "A first stage that was agreed", _not_yet_active, _no_beginning),
    Condition("start", "A first day", _not_yet_active, _no_start),
    # S2-D6 i: without it, two people.
    Condition("depth", "Depth with AI in production", wearing.is_combined, _no_depth),
)
