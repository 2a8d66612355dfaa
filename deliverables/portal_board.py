"""Board reports in the portal: what was issued, side by side with the quarter before, to acknowledge and to answer."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from deliverables import (
    board_asks,
    board_content,
    board_file,
    board_issuing,
    board_page,
    board_rendering,
    board_rows,
)
from deliverables.models import BoardAsk, BoardReading, BoardReport
from engagements import portal as below
from practice import access, markdown, rendering
from practice.access import Actor
from practice.identity import Here
from practice.portal import Page, portal
from practice.refusals import NotAllowed, NotFound, Refusal
from practice.sites.behind import behind

SHOWN = 100


def _rows(actor: Actor) -> QuerySet[BoardReport]:
    rows = access.visible_to(actor, BoardReport)
    return rows.select_related("engagement", "client", "issued_by__user").order_by(
        "-ends_on", "-edition", "-id"
    )


def _link(row: BoardReport) -> str:
    return reverse("portal:board-report", args=[row.pk])


def _may(actor: Actor) -> bool:
    return access.may(actor, "board_report", "accept")


def _unread(actor: Actor) -> QuerySet[BoardReport]:
    read = BoardReading.objects.filter(contact_id=actor.id or "", acknowledged_at__isnull=False)
    return _rows(actor).exclude(pk__in=read.values("report_id"))


def asked(here: Here) -> list[tuple[str, str, str]]:
    """For the portal's home, beside moves, charters, decisions and deliverables."""
    if not _may(here.actor):
        return []
    return [(str(row), _link(row), "Read and acknowledge") for row in _unread(here.actor)[:SHOWN]]


def listed(here: Here) -> dict[str, Any]:
    rows = list(_rows(here.actor)[: SHOWN + 1])
    return {
        "reports": [{"row": row, "link": _link(row)} for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
    }


BOARD_REPORTS = Page(
    "board-reports",
    "Board reports",
    "deliverables/portal/board_reports.html",
    listed,
    shown_to=lambda actor: access.may(actor, "board_report", "view"),
)


@require_safe
def one(request: HttpRequest, id: str) -> HttpResponse:
    row = behind(request, BoardReport, id)
    if request.method == "GET" and "back" not in request.GET:
        board_issuing.note_opened(row, by=request.here.actor, at=timezone.now())  # type: ignore[attr-defined]
    return _shown(request, row)


def _shown(request: HttpRequest, found: BoardReport, wrong: str = "") -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    row = _rows(actor).get(pk=found.pk)
    content = board_content.of(row, at=timezone.now())
    answers = board_content.answered(row)
    readings = access.visible_to(actor, BoardReading).filter(report=row)
    mine = readings.filter(contact_id=actor.id).first()
    newer = _rows(actor).filter(
        engagement_id=row.engagement_id, starts_on=row.starts_on, edition__gt=row.edition
    )
    asks = access.visible_to(actor, BoardAsk).filter(report=row).order_by("number")
    to_rows = reverse("portal:board-report-rows", args=[row.pk])
    links = board_rows.links(content, to_rows, by=actor)
    facts = {
        "title": str(row),
        "row": row,
        "content": content,
        "summary": board_page.summary(content, links),
        "sections": [board_page.laid_out(told, links) for told in content.get("sections", [])],
        "asks": [
            {
                "row": ask,
                "html": markdown.html(ask.context),
                "answer": answers.get(str(ask.pk)),
                "options": list(enumerate(ask.options, start=1)),
            }
            for ask in asks
        ],
        "may": _may(actor),
        "acknowledged": mine is not None and mine.acknowledged_at is not None,
        "readers": readings.select_related("contact").order_by("first_opened_at")
        if actor.role == access.SPONSOR
        else [],
        "newer": [(other, _link(other)) for other in newer],
        "paper": rendering.file(board_rendering.KIND, row.pk, by=actor),
        "wrong": wrong,
    }
    return portal.render(request, BOARD_REPORTS, "deliverables/portal/board_report.html", facts)


@require_safe
def rows(request: HttpRequest, id: str) -> HttpResponse:
    """The rows behind one figure, as far as this reader may see them now."""
    row, actor = behind(request, BoardReport, id), request.here.actor  # type: ignore[attr-defined]
    content = board_content.of(row, at=timezone.now())
    place = board_rows.places(content).get(request.GET.get("of", ""))
    if place is None:
        raise Http404
    found, more = board_rows.listed(place[1], _where, by=actor)
    facts = {
        "title": place[0],
        "label": place[0],
        "row": row,
        "back": f"{_link(row)}?back=1",
        "behind": found,
        "more": more,
    }
    return portal.render(request, BOARD_REPORTS, "deliverables/portal/board_rows.html", facts)


# Pages of the portal that show one row, or all rows of a kind.
ONE = {"decision": "decision", "release": "release"}
ALL = {
    "system": "ai-register",
    "spendline": "ai-register",
    "vendorcontract": "ai-register",
    "incident": "ai-register",
    "initiative": "ai-roadmap",
    "milestone": "ai-roadmap",
    "postponement": "ai-roadmap",
    "metric": "ai-roadmap",
    "risk": "ai-roadmap",
}


def _where(row: Any) -> str:
    name = row._meta.model_name
    if name in ONE:
        return reverse(f"portal:{ONE[name]}", args=[row.pk])
    return reverse(f"portal:{ALL[name]}") if name in ALL else ""


@require_POST
def acknowledge(request: HttpRequest, id: str) -> HttpResponse:
    row = behind(request, BoardReport, id)
    try:
        board_issuing.acknowledge(row, by=request.here.actor, at=timezone.now())  # type: ignore[attr-defined]
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        return _shown(request, row, refusal.sentence)
    messages.success(request, "You acknowledged it.")
    return HttpResponseRedirect(f"{_link(row)}?back=1")


@require_POST
def answer(request: HttpRequest, id: str) -> HttpResponse:
    """The board's answer to one question. It is given once."""
    ask = behind(request, BoardAsk, id)
    given = request.POST.get("chosen", "")
    chosen = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 0
    note = request.POST.get("note", "").replace("\x00", "")[:4000]
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    try:
        board_asks.answer(ask, chosen=chosen, note=note, by=by, at=at)
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        errors = getattr(refusal, "errors", None) or {"": [refusal.sentence]}
        sentence = " ".join(s for sentences in errors.values() for s in sentences)
        return _shown(request, ask.report, sentence)
    messages.success(request, "The answer is recorded.")
    return HttpResponseRedirect(f"{_link(ask.report)}?back=1#asks")


portal.add(BOARD_REPORTS)
portal.views += [
    ("board-reports/<uuid:id>/", "board-report", one, "board_report"),
    ("board-reports/<uuid:id>/rows/", "board-report-rows", rows, "board_report"),
    ("board-reports/<uuid:id>/paper/", "board-report-paper", board_file.show, "board_report"),
    (
        "board-reports/<uuid:id>/acknowledge/",
        "board-report-acknowledge",
        acknowledge,
        "board_report",
    ),
    ("board-asks/<uuid:id>/answer/", "board-ask-answer", answer, "board_report"),
]
below.ASKED.append(asked)
