"""What is due, what was sent, what failed: the agenda in motion on one page, with a way to try again. For owners."""

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from practice import access, health, notices
from practice.access import Actor
from practice.agenda_rules import rules
from practice.desk import show
from practice.desk.site import desk
from practice.hooks.subscriptions import OPEN
from practice.models import AgendaEntry, Delivery, Notice, Webhook
from practice.refusals import NotFound, Refusal

SHOWN = 15
AHEAD = datetime.timedelta(days=14)
LATELY = datetime.timedelta(days=7)
Status = Notice.Status


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    actor, now = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    context = {
        **desk.each_context(request),
        "title": "Sent and failed",
        "heading": True,
        "clock": _clock(),
        "counts": _counts(actor, now),
        "overdue": _entries(actor, due_at__lt=now),
        "due": _entries(actor, due_at__gte=now, due_at__lt=now + AHEAD),
        "failed": _told(_notices(actor).filter(status=Status.DEAD)),
        "waiting": _told(_notices(actor).filter(status__in=OPEN)),
        "sent": _told(_notices(actor).filter(status=Status.DONE, done_at__gte=now - LATELY)),
        "webhooks": _webhooks(actor),
        "replay_url": reverse("desk:motion-replay"),
        "links": {
            "agenda": desk.link(AgendaEntry),
            "notices": desk.link(Notice),
            "webhooks": desk.link(Webhook),
            "deliveries": desk.link(Delivery),
        },
    }
    return TemplateResponse(request, "desk/motion.html", context)


@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Try a dead one again."""
    actor, now = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    try:
        row = access.get(actor, Notice, request.POST.get("notice", ""))
        notices.replay(row, by=actor, at=now)
    except NotFound as gone:
        raise Http404 from gone
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, "It will be tried again in a moment.")
    return HttpResponseRedirect(reverse("desk:motion"))


def _clock() -> dict[str, Any]:
    age = health.tick_age()
    return {
        "age": None if age is None else round(age),
        "late": health.is_late(age),
    }


def _counts(actor: Actor, now: datetime.datetime) -> list[tuple[str, int]]:
    """Of the last days; one statement."""
    found = _rows(actor).aggregate(
        sent=Count("id", filter=Q(status=Status.DONE, done_at__gte=now - LATELY)),
        waiting=Count("id", filter=Q(status__in=OPEN)),
        failed=Count("id", filter=Q(status=Status.DEAD)),
    )
    return [
        ("Sent or done in seven days", found["sent"]),
        ("Waiting", found["waiting"]),
        ("Given up", found["failed"]),
    ]


def _entries(actor: Actor, **when: Any) -> list[AgendaEntry]:
    rows = access.visible_to(actor, AgendaEntry).filter(status=AgendaEntry.Status.OPEN, **when)
    return list(rows.select_related("client", "owner__user").order_by("due_at", "id")[:SHOWN])


def _rows(actor: Actor) -> Any:
    """Letters and effects. What software is told of is counted by webhook: it is too much to be read."""
    return access.visible_to(actor, Notice).exclude(channel=Notice.Channel.HOOK)


def _notices(actor: Actor) -> Any:
    return _rows(actor).select_related("client", "entry").order_by("-id")


def _told(rows: Any) -> list[tuple[Notice, str]]:
    return [(row, _what(row)) for row in rows[:SHOWN]]


def _webhooks(actor: Actor) -> list[dict[str, Any]]:
    """Each webhook with what waits and what was given up; two statements."""
    of_each = access.visible_to(actor, Delivery).filter(status__in=[*OPEN, Status.DEAD])
    counted = (
        of_each.order_by()
        .values("subject_id")
        .annotate(
            waiting=Count("id", filter=Q(status__in=OPEN)),
            failed=Count("id", filter=Q(status=Status.DEAD)),
        )
    )
    found = {row["subject_id"]: row for row in counted}
    hooks = access.visible_to(actor, Webhook).order_by("name", "id")
    none = {"waiting": 0, "failed": 0}
    return [{"hook": hook, **found.get(hook.pk, none)} for hook in hooks]


def _what(row: Notice) -> str:
    if row.title:
        return row.title
    if row.entry is None:
        return show.words(row.kind)
    rule = rules().get(row.entry.kind)
    if rule is None or row.entry.title.startswith(rule.label):
        return row.entry.title
    return f"{rule.label}: {row.entry.title}"


desk.views += [
    ("motion/", "motion", look, "notice"),
    ("motion/replay/", "motion-replay", replay, "notice"),
]
