"""The decision log in the portal: what waits for the sponsor's agreement, the log in plain words, and the log to take away."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from deliverables import agreements, bundle, decisions, telling
from deliverables.models import Asked, Chain, Decision, DecisionStatus
from engagements import portal as below
from practice import access
from practice.access import Actor
from practice.identity import Here
from practice.models.people import Hat
from practice.portal import Page, portal
from practice.refusals import NotAllowed, NotFound, Refusal
from practice.sites.behind import behind

Status = DecisionStatus
SHOWN = 100


def _waiting(actor: Actor) -> list[Decision]:
    """What the sponsor is asked to agree to."""
    rows = access.visible_to(actor, Decision).filter(status=Status.AWAITING)
    asked = rows.filter(agreements__asked=Asked.CLIENT, agreements__given_at=None)
    return list(telling.joined(asked).order_by("taken_at", "id")[:SHOWN])


def _link(row: Decision) -> str:
    return reverse("portal:decision", args=[row.pk])


def asked(here: Here) -> list[tuple[str, str, str]]:
    """For the portal's home, beside moves and charters."""
    if not access.may(here.actor, "decision", "accept"):
        return []
    return [(row.question, _link(row), "Read and answer") for row in _waiting(here.actor)]


def listed(here: Here) -> dict[str, Any]:
    return _log(here, {})


def _log(here: Here, given: Any) -> dict[str, Any]:
    actor = here.actor
    seen = access.visible_to(actor, Decision)
    hat, words = given.get("hat", ""), _plain(given.get("q", ""))[:200].strip()
    rows = seen.filter(hat=hat) if hat in Hat.values else seen
    for word in words.split():
        rows = rows.filter(_about(word))
    waiting = _waiting(actor)
    rest = rows.exclude(pk__in=[row.pk for row in waiting])
    found = list(telling.joined(rest).order_by("-number", "-id")[: SHOWN + 1])
    logs: dict[Any, dict[str, Any]] = {}
    for row in found[:SHOWN]:
        log = logs.setdefault(row.engagement_id, {"of": row.engagement, "rows": []})
        log["rows"].append(_told(row, actor))
    chains = access.visible_to(actor, Chain).filter(length__gte=1).select_related("engagement")
    return {
        "waiting": [_told(row, actor) for row in waiting],
        "may_answer": access.may(actor, "decision", "accept"),
        "logs": list(logs.values()),
        "more": len(found) > SHOWN,
        "hats": [(hat_, Hat(hat_).label) for hat_ in _hats(seen)],
        "hat": hat,
        "words": words,
        "narrowed": bool(words or hat),
        "chains": [
            {"of": one, "link": reverse("portal:decision-bundle", args=[one.pk])}
            for one in chains.order_by("engagement__name", "id")
        ],
    }


def _plain(text: str) -> str:
    """PostgreSQL knows no NUL in a text."""
    return text.replace("\x00", "")


def _hats(rows: Any) -> list[str]:
    there = set(rows.order_by().values_list("hat", flat=True).distinct())
    return [hat for hat in Hat.values if hat in there]


def _told(row: Decision, actor: Actor) -> dict[str, Any]:
    return {"row": row, "link": _link(row), "sentences": _sentences(row, actor)}


def _sentences(row: Decision, actor: Actor) -> list[str]:
    answers = access.may(actor, "decision", "accept")
    return telling.sentences(row, actor.id, answers=answers)


DECISIONS = Page(
    "decisions",
    "Decisions",
    "deliverables/portal/decisions.html",
    listed,
    shown_to=lambda actor: access.may(actor, "decision", "view"),
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The page of the log, narrowed."""
    facts = _log(request.here, request.GET)  # type: ignore[attr-defined]
    return portal.render(request, DECISIONS, DECISIONS.template, facts)


@require_safe
def one(request: HttpRequest, id: str) -> HttpResponse:
    return _shown(request, behind(request, Decision, id))


def _shown(request: HttpRequest, found: Decision, wrong: str = "") -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    row = telling.joined(access.visible_to(actor, Decision)).get(pk=found.pk)
    asks = [one for one in row.agreements.all() if one.asked == Asked.CLIENT]
    open_ = [one for one in asks if one.given_at is None and row.status == Status.AWAITING]
    facts = {
        "title": f"Decision {row.number}",
        "row": row,
        "sentences": _sentences(row, actor),
        "may_answer": bool(open_) and access.may(actor, "decision", "accept"),
        "options": [
            {**option, "chosen": number == row.chosen}
            for number, option in enumerate(row.options, start=1)
        ],
        "seal": telling.seal_of(row, actor),
        "wrong": wrong,
        "reason": request.POST.get("reason", ""),
    }
    return portal.render(request, DECISIONS, "deliverables/portal/decision.html", facts)


@require_POST
def answer(request: HttpRequest, id: str) -> HttpResponse:
    """The sponsor's yes or no to what was on the page."""
    row = behind(request, Decision, id)
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    given = request.POST
    seen = given.get("seen", "")
    expected = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    try:
        if given.get("answer") == "agree":
            made = agreements.agree(row, by=by, at=at, expected=expected)
            told = "You agreed. " + (
                "It is decided." if made.status == Status.DECIDED else "Others are asked, too."
            )
        else:
            decisions.reject(
                row, reason=_plain(given.get("reason", "")), by=by, at=at, expected=expected
            )
            told = f"You rejected it. {request.here.practice.name} reads your reason."  # type: ignore[attr-defined]
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        errors = getattr(refusal, "errors", None) or {"": [refusal.sentence]}
        sentence = " ".join(s for sentences in errors.values() for s in sentences)
        return _shown(request, behind(request, Decision, id), sentence)
    messages.success(request, told)
    return HttpResponseRedirect(_link(row))


@require_safe
def take(request: HttpRequest, id: str) -> HttpResponse:
    """The log as an archive that its reader can check without us."""
    log = behind(request, Chain, id)
    return bundle.download(log, by=request.here.actor, at=timezone.now())  # type: ignore[attr-defined]


def _about(word: str) -> Any:
    found = Q()
    for name in ("question", "context", "reason", "code"):
        found |= Q(**{f"{name}__icontains": word})
    return found


portal.add(DECISIONS)
portal.views += [
    ("decisions/search/", "decisions-search", search, "decision"),
    ("decisions/<uuid:id>/", "decision", one, "decision"),
    ("decisions/<uuid:id>/answer/", "decision-answer", answer, "decision"),
    ("decision-logs/<uuid:id>/bundle/", "decision-bundle", take, "log"),
]
below.ASKED.append(asked)
