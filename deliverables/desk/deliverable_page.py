"""What the page of one deliverable tells: criteria, versions, reviews, releases with who opened them, and comments."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from deliverables import catalogue, standing
from deliverables.models import (
    Comment,
    Deliverable,
    DeliverableStatus,
    DeliverableVersion,
    InternalReview,
    Recipient,
    Release,
    Tick,
)
from engagements.desk.engagement_page import under
from practice import access
from practice.desk.site import desk
from practice.models.people import Hat

MOST = 100
# What people come for, by where it stands; the other offers are quiet.
FIRST = {
    DeliverableStatus.PLANNED: ("begin",),
    DeliverableStatus.IN_PROGRESS: ("write", "submit"),
    DeliverableStatus.IN_REVIEW: ("pass",),
    DeliverableStatus.REVIEWED: ("release",),
    DeliverableStatus.CHANGES_REQUESTED: ("begin",),
    DeliverableStatus.REJECTED: ("begin",),
    DeliverableStatus.DROPPED: ("take-up",),
}
REVIEW_TONES = {
    "open": "warning",
    "passed": "success",
    "returned": "danger",
    "withdrawn": "default",
}
RELEASE_TONES = {
    "open": "warning",
    "accepted": "success",
    "remarks": "success",
    "changes": "danger",
    "rejected": "danger",
    "voided": "default",
    "withdrawn": "default",
}


def facts(request: HttpRequest, row: Deliverable) -> dict[str, Any]:
    actor = request.here.actor  # type: ignore[attr-defined]
    days = standing.days_left(row, timezone.now())
    releases = _releases(row, actor)
    comments = _comments(row, actor)
    may_say = access.may(actor, "deliverable_comment", "add")
    return {
        "hat_label": Hat(row.hat).label,
        "firsts": FIRST.get(DeliverableStatus(row.status), ()),
        "left": standing.left(days),
        "late": days is not None and days < 0,
        "turn": standing.waits_for(row),
        "plan": under(row.engagement, "deliverables"),
        "source": _source(row),
        "criteria": _criteria(row, releases),
        "versions": _versions(row, actor),
        "reviews": [
            (one, REVIEW_TONES[one.state])
            for one in access.visible_to(actor, InternalReview)
            .filter(deliverable=row)
            .select_related("pinned", "asked_by__user", "reviewer__user", "done_by__user")
            .order_by("-id")[:MOST]
        ],
        "releases": releases,
        "inside": [one for one in comments if one.internal],
        "outside": [one for one in comments if not one.internal],
        "say_inside": under(row, "say-inside") if may_say else "",
        "say_outside": under(row, "say-to-client") if may_say and releases else "",
    }


def _source(row: Deliverable) -> str:
    """Where the kind is described."""
    return f"{desk.link('catalogue')}?kind={row.code}" if row.code in catalogue.kinds() else ""


def _versions(row: Deliverable, actor: Any) -> list[dict[str, Any]]:
    rows = list(
        access.visible_to(actor, DeliverableVersion)
        .filter(deliverable=row)
        .select_related("author__user", "file")
        .defer("text")
        .order_by("-number")[:MOST]
    )
    told = []
    former: DeliverableVersion | None = None
    for one in reversed(rows):
        is_text = one.form == DeliverableVersion.Form.TEXT
        told.append(
            {
                "row": one,
                "read": f"{under(row, 'version')}?number={one.number}",
                "take": f"{under(row, 'take')}?number={one.number}",
                "diff": f"{under(row, 'diff')}?from={former.number}&to={one.number}"
                if former is not None and is_text
                else "",
                "state": _state(row, one),
            }
        )
        former = one if is_text else former
    return told[::-1]


def _state(row: Deliverable, one: DeliverableVersion) -> tuple[str, str]:
    if row.accepted_id == one.pk:
        return "success", "Accepted"
    if one.released_at:
        return "info", "Released"
    return ("default", "Submitted") if one.submitted_at else ("warning", "Draft")


def _releases(row: Deliverable, actor: Any) -> list[dict[str, Any]]:
    recipients = Recipient.objects.select_related("contact").order_by("contact__name", "id")
    rows = (
        access.visible_to(actor, Release)
        .filter(deliverable=row)
        .select_related(
            "pinned", "released_by__user", "contact", "recorded_by__user", "evidence", "signed_with"
        )
        .prefetch_related(
            Prefetch("recipients", recipients),
            Prefetch("ticks", Tick.objects.select_related("contact").order_by("number")),
        )
        .order_by("-id")[:MOST]
    )
    return [
        {
            "row": one,
            "tone": RELEASE_TONES[one.state],
            "receipt": reverse("desk:release-receipt", args=[one.pk]) if one.receipt else "",
            "evidence": f"{under(row, 'evidence')}?release={one.pk}" if one.evidence else "",
            "recipients": list(one.recipients.all()),
            "ticked": [tick.number for tick in one.ticks.all()],
        }
        for one in rows
    ]


def _criteria(row: Deliverable, releases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with whether it was found met in the last release that asks for the same."""
    last = next((one for one in releases if one["row"].criteria == row.criteria), None)
    met = {tick.number: tick.contact for tick in last["row"].ticks.all()} if last else {}
    return [
        {"text": text, "met": number in met, "by": met.get(number)}
        for number, text in enumerate(row.criteria, start=1)
    ]


def _comments(row: Deliverable, actor: Any) -> list[Comment]:
    seen = access.visible_to(actor, Comment).filter(deliverable=row)
    joined = seen.select_related("member__user", "contact", "pinned")
    return list(joined.order_by("-id")[:MOST])[::-1]
