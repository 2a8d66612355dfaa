"""Engagements in the portal: where we are, what waits for the sponsor's answer, and the handover."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from engagements import (
    balances,
    contracts,
    deputies,
    hat_balance,
    moves,
    overview,
    pictures,
    spectrum,
    terms_words,
)
from engagements.models import Charter, ContractVersion, Deputy, Engagement, HandoverItem, Move
from engagements.overview import Course
from practice import access, file_pages
from practice.access import Actor
from practice.identity import Here
from practice.portal import Page, portal
from practice.portal.pages import CARDS, Card
from practice.refusals import NotAllowed, NotFound, Refusal
from practice.sites.behind import behind

SHOWN = 20
# More that a contact is asked for, of apps above: rows of (text, link, remark).
ASKED: list[Callable[[Here], list[tuple[str, str, str]]]] = []


def _engagements(actor: Actor) -> QuerySet[Engagement]:
    rows = access.visible_to(actor, Engagement).select_related("client", "lead__user")
    # What goes on comes first, what ended last.
    return rows.order_by(F("ended_on").desc(nulls_first=True), "-id")[:SHOWN]


def where(here: Here) -> dict[str, Any]:
    actor, at = here.actor, timezone.now()
    courses = overview.load(actor, _engagements(actor), at=at)
    among = Engagement.objects.filter(pk__in=[course.engagement.pk for course in courses])
    months = balances.of_many(among, at=at) if access.may(actor, "period", "view") else {}
    hats = hat_balance.seen(actor, at=at)
    items: dict[Any, list[HandoverItem]] = {}
    for item in access.visible_to(actor, HandoverItem).filter(engagement__in=among).order_by("id"):
        items.setdefault(item.engagement_id, []).append(item)
    return {
        "told": [
            _told(actor, course, months.get(course.engagement.pk, []), hats, items)
            for course in courses
        ]
    }


def _told(
    actor: Actor, course: Course, months: list[Any], hats: dict[Any, Any], items: dict[Any, Any]
) -> dict[str, Any]:
    fees = access.may(actor, "stage", "see_fees")
    stage, id = course.stage or course.last, course.engagement.pk
    shown = balances.present(balances.seen(actor, months)) if months else []
    measured = hats.get(id)
    return {
        "course": course,
        "engagement": course.engagement,
        "picture": course.picture,
        "phases": course.phases,
        "stage": stage,
        "ends": _ends(course),
        "terms": terms_words.told(stage, fees=fees, yours=True) if stage else {},
        "pending": _waiting_move(actor, course),
        "balance": [(one.starts_on, pictures.told(one)) for one in shown],
        "bars": pictures.balance(shown),
        "hat_balance": measured,
        "hat_bars": pictures.hats(measured) if measured and measured.minutes else "",
        "items": items.get(id, []),
    }


def _ends(course: Course) -> list[str]:
    """What the present phase should leave behind."""
    stage = course.stage
    if stage is None or not stage.phase:
        return []
    hats = {share.hat for share in course.shares}
    return [test.label for test in spectrum.exit_tests(stage.phase, hats)]


def _waiting_move(actor: Actor, course: Course) -> dict[str, Any] | None:
    move = course.pending
    if move is None:
        return None
    return {
        "move": move,
        "link": reverse("portal:move", args=[move.pk]),
        "may_answer": _may_answer(actor, move),
    }


def _may_answer(actor: Actor, row: Any) -> bool:
    open_as = {
        "move": Move.Status.PROPOSED,
        "contract": ContractVersion.Status.OFFERED,
        "deputy": Deputy.NAMED,
    }
    resource = row.reach.resource
    return row.status == open_as[resource] and access.may(actor, resource, "accept")


# What waits.


def waiting(here: Here) -> Card | None:
    """One list of everything that this person is asked for."""
    rows = _of_the_engagement(here.actor) if access.may(here.actor, "move", "accept") else []
    for more in ASKED:
        rows += more(here)
    return Card("Waiting for your answer", rows, "", first=True) if rows else None


def _of_the_engagement(actor: Actor) -> list[tuple[str, str, str]]:
    """What its sponsor alone answers."""
    asked: tuple[tuple[Any, dict[str, Any], str], ...] = (
        (Move, {"status": Move.Status.PROPOSED}, "move"),
        (Charter, {"status": Charter.Status.OFFERED}, "charter"),
        (ContractVersion, {"status": ContractVersion.Status.OFFERED}, "contract"),
    )
    rows: list[tuple[str, str, str]] = []
    for model, which, name in asked:
        found = access.visible_to(actor, model).filter(**which).select_related("engagement")
        rows += [
            (
                f"{one} for {one.engagement}",
                reverse(f"portal:{name}", args=[one.pk]),
                "Read and answer",
            )
            for one in found.order_by("id")[:SHOWN]
        ]
    stand_ins = access.visible_to(actor, Deputy).filter(
        accepted_at=None, withdrawn_at=None, declined_at=None
    )
    for one in stand_ins.select_related("member__user", "wearing__member__user")[:SHOWN]:
        link = reverse("portal:deputy", args=[one.pk])
        rows.append((f"{one.member} stands in", link, "Read and answer"))
    return rows


def card(here: Here) -> Card | None:
    courses = overview.load(here.actor, _engagements(here.actor)[:5], at=timezone.now())
    rows = []
    for course in courses:
        said = course.stage.get_point_display() if course.stage else ""
        if course.phase_label:
            said += f", {course.phase_label.lower()}"
        status = course.engagement.get_status_display()
        remark = status if course.engagement.status != "active" else said
        rows.append((course.engagement.name, reverse("portal:where"), remark))
    return Card("Where we are", rows, "") if rows else None


WHERE = Page(
    "where",
    "Where we are",
    "engagements/portal/where.html",
    where,
    shown_to=lambda actor: access.may(actor, "engagement", "view"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, id: str) -> HttpResponse:
    """What would change, before and after; the sponsor's yes or no to exactly this."""
    row = behind(request, Move, id)
    done = _answered(request, row, moves.agree, moves.decline, "move")
    if isinstance(done, HttpResponse):
        return done
    actor = request.here.actor  # type: ignore[attr-defined]
    row = behind(request, Move, id)
    fees = access.may(actor, "move", "see_fees")
    before = row.from_stage
    facts = {
        "title": str(row),
        "row": row,
        "engagement": row.engagement,
        "changes": terms_words.changes(before, row, fees=fees, yours=True),
        "before": before,
        "may_answer": _may_answer(actor, row),
        "wrong": done,
    }
    return portal.render(request, WHERE, "engagements/portal/move.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def contract(request: HttpRequest, id: str) -> HttpResponse:
    row = behind(request, ContractVersion, id)
    done = _answered(request, row, contracts.accept, contracts.decline, "contract")
    if isinstance(done, HttpResponse):
        return done
    row = behind(request, ContractVersion, id)
    facts = {
        "title": row.title,
        "row": row,
        "engagement": row.engagement,
        "may_answer": _may_answer(request.here.actor, row),  # type: ignore[attr-defined]
        "wrong": done,
    }
    return portal.render(request, WHERE, "engagements/portal/contract.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
def deputy(request: HttpRequest, id: str) -> HttpResponse:
    """Who would decide in whose place, on which days and up to what."""
    row = behind(request, Deputy, id)
    done = _answered(request, row, deputies.accept, deputies.decline, "deputy")
    if isinstance(done, HttpResponse):
        return done
    row = deputies.with_currency(Deputy.objects.filter(pk=row.pk)).get()
    most = row.limit_per_decision
    facts = {
        "title": f"{row.member} stands in",
        "row": row,
        "limit": "" if most is None else terms_words.money(most, row.limit_currency),  # type: ignore[attr-defined]
        "engagement": row.engagement,
        "may_answer": _may_answer(request.here.actor, row),  # type: ignore[attr-defined]
        "wrong": done,
    }
    return portal.render(request, WHERE, "engagements/portal/deputy.html", facts)


@require_safe
def contract_file(request: HttpRequest, id: str) -> HttpResponseBase:
    """Who may read the contract gets its document."""
    row = behind(request, ContractVersion, id)
    if row.file is None:
        raise Http404
    return file_pages.give(request, row.file)


def _answered(
    request: HttpRequest, row: Any, yes: Callable[..., Any], no: Callable[..., Any], what: str
) -> HttpResponse | str:
    """Where to go after an answer; or why it could not be taken, nothing on a mere look."""
    if request.method != "POST":
        return ""
    given = request.POST
    how: dict[str, Any] = {
        "by": request.here.actor,  # type: ignore[attr-defined]
        "at": timezone.now(),
        # The sponsor answers what was on the page, not what it has become since.
        "expected": int(given.get("seen", "")) if given.get("seen", "").isdigit() else -1,
    }
    try:
        if given.get("answer") == "yes":
            yes(row, **how)
            said = f"You agreed to this {what}."
        else:
            if not given.get("reason", "").strip():
                return "Say what should be different."
            no(row, reason=given["reason"], **how)
            said = f"You declined. {request.here.practice.name} reads your reason."  # type: ignore[attr-defined]
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        return refusal.sentence
    messages.success(request, said)
    return HttpResponseRedirect(reverse("portal:where"))


portal.add(WHERE)
portal.views += [
    ("moves/<uuid:id>/", "move", move, "move"),
    ("deputies/<uuid:id>/", "deputy", deputy, "deputy"),
    ("contracts/<uuid:id>/", "contract", contract, "contract"),
    ("contracts/<uuid:id>/file/", "contract-file", contract_file, "contract"),
]
CARDS[:0] = [waiting, card]
