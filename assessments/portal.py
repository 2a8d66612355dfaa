"""Written reads in the portal: what a client was told, as a page and as a PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import downloads
from assessments.models import Read
from practice import access
from practice.identity import Here
from practice.portal import Page, portal
from practice.portal.pages import CARDS, Card
from practice.sites.behind import behind

SHOWN = 50


def _rows(here: Here) -> list[tuple[str, str, str]]:
    reads = access.visible_to(here.actor, Read).order_by("-id")[:SHOWN]
    return [
        (read.content["title"], reverse("portal:read", args=[read.pk]), read.content["issued_on"])
        for read in reads
    ]


def listed(here: Here) -> dict[str, Any]:
    return {"reads": _rows(here)}


def card(here: Here) -> Card | None:
    if not access.may(here.actor, "read", "view"):
        return None
    rows = _rows(here)
    return Card("What we told you in writing", rows, "Nothing yet.") if rows else None


READS = Page(
    "reads",
    "Reads",
    "assessments/portal/reads.html",
    listed,
    shown_to=lambda actor: access.may(actor, "read", "view"),
)


@require_safe
def one(request: HttpRequest, id: str) -> HttpResponse:
    read = behind(request, Read, id)
    facts = {"title": read.content["title"], "d": read.content, "read": read}
    return portal.render(request, READS, "assessments/portal/read.html", facts)


@require_safe
def pdf(request: HttpRequest, id: str) -> HttpResponse:
    return downloads.pdf(behind(request, Read, id))


portal.add(READS)
portal.views += [
    ("reads/<uuid:id>/", "read", one, "read"),
    ("reads/<uuid:id>/pdf/", "read-pdf", pdf, "read"),
]
CARDS.append(card)
