"""The charter in the portal: what is in force, what waits for an answer, and the sponsor's yes or no to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from engagements import charter_page, charters, deputies
from engagements.models import Charter, Deputy
from practice import access
from practice.identity import Here
from practice.portal import Page, portal
from practice.quarters import local_day
from practice.refusals import NotAllowed, NotFound, Refusal
from practice.sites.behind import behind

Status = Charter.Status
SHOWN = 50


def _rows(here: Here, *statuses: str) -> list[Charter]:
    found = access.visible_to(here.actor, Charter).select_related("engagement", "accepted_by")
    return list((found.filter(status__in=statuses) if statuses else found).order_by("-id")[:SHOWN])


def _link(charter: Charter) -> str:
    return reverse("portal:charter", args=[charter.pk])


def listed(here: Here) -> dict[str, Any]:
    by_state: dict[str, list[Charter]] = {"waiting": [], "standing": [], "past": []}
    for charter in _rows(here):
        state = {Status.OFFERED: "waiting", Status.ACCEPTED: "standing"}.get(charter.status, "past")
        by_state[state].append(charter)
    today = local_day(timezone.now(), here.time_zone)
    stand_ins = deputies.with_currency(access.visible_to(here.actor, Deputy)).select_related(
        "member__user", "wearing__member__user"
    )
    return {
        **by_state,
        "stand_ins": stand_ins.filter(
            withdrawn_at=None, declined_at=None, until_on__gte=today
        ).order_by("since_on"),
        "may_accept": access.may(here.actor, "charter", "accept"),
    }


CHARTERS = Page(
    "charters",
    "Decision rights",
    "engagements/portal/charters.html",
    listed,
    shown_to=lambda actor: access.may(actor, "charter", "view"),
)


@require_safe
def one(request: HttpRequest, id: str) -> HttpResponse:
    return _shown(request, behind(request, Charter, id))


def _shown(request: HttpRequest, charter: Charter, wrong: str = "") -> HttpResponse:
    here = request.here  # type: ignore[attr-defined]
    facts = {
        **charter_page.facts(charter, view=request.GET.get("view", "")),
        "title": f"{charter} for {charter.engagement}",
        "may_answer": charter.status == Status.OFFERED
        and access.may(here.actor, "charter", "accept"),
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
    }
    return portal.render(request, CHARTERS, "engagements/portal/charter.html", facts)


@require_POST
def answer(request: HttpRequest, id: str) -> HttpResponse:
    """Yes or no to the version that was on the page."""
    charter = behind(request, Charter, id)
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    seen = request.POST.get("sha256", "")
    try:
        if request.POST.get("answer") == "accept":
            charters.accept(charter, sha256=seen, by=by, at=at)
            told = f"You accepted {charter}. It is in force."
        else:
            reason = request.POST.get("reason", "")
            charters.decline(charter, sha256=seen, reason=reason, by=by, at=at)
            told = f"You declined {charter}. {request.here.practice.name} sees your reason."  # type: ignore[attr-defined]
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        errors = getattr(refusal, "errors", None) or {"": [refusal.sentence]}
        sentence = " ".join(s for sentences in errors.values() for s in sentences)
        return _shown(request, behind(request, Charter, id), sentence)
    messages.success(request, told)
    return HttpResponseRedirect(_link(charter))


portal.add(CHARTERS)
portal.views += [
    ("charters/<uuid:id>/", "charter", one, "charter"),
    ("charters/<uuid:id>/answer/", "charter-answer", answer, "charter"),
]
