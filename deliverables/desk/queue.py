"""The review queue at the desk: what waits for one's own look, what one has handed in, and what may go out."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deliverables import standing
from deliverables.models import Deliverable, DeliverableStatus, InternalReview
from practice import access
from practice.desk.site import desk

MOST = 100


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    reviews = (
        access.visible_to(actor, InternalReview)
        .filter(state="open")
        .exclude(engagement__status="ended")
        .select_related(
            "deliverable__client",
            "deliverable__engagement",
            "pinned__author__user",
            "asked_by__user",
            "reviewer__user",
        )
        .defer("pinned__text")
    )
    mine = Q(asked_by=actor.id) | Q(pinned__author=actor.id)
    for_me = Q(reviewer=actor.id) | Q(reviewer=None)
    ready = standing.joined(
        access.visible_to(actor, Deliverable).filter(status=DeliverableStatus.REVIEWED)
    )
    context = {
        **desk.each_context(request),
        "title": "Review queue",
        "lists": [
            _list(
                "Waits for your look",
                reviews.filter(for_me).exclude(mine),
                "Nothing waits for you. What colleagues hand in at your clients appears here.",
            ),
            _list(
                "You handed in",
                reviews.filter(mine),
                "Nothing of yours is in review.",
            ),
            _list(
                "Waits for somebody else",
                reviews.exclude(mine).exclude(for_me),
                "",
            ),
        ],
        "ready": [(row, desk.page_of(row)) for row in standing.by_due(ready)[:MOST]],
        "may_release": access.may(actor, "release", "add"),
    }
    return TemplateResponse(request, "deliverables/desk/queue.html", context)


def _list(title: str, rows: Any, empty: str) -> dict[str, Any]:
    now = timezone.now()
    found = list(rows.order_by("id")[: MOST + 1])
    return {
        "title": title,
        "empty": empty,
        "more": len(found) > MOST,
        "rows": [
            {"row": one, "link": desk.page_of(one.deliverable), "days": (now - one.created_at).days}
            for one in found[:MOST]
        ],
    }


desk.views.append(("review-queue/", "review-queue", queue, "deliverable"))
