"""The PDF of a board report, at both sites, for whoever reads the report."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from deliverables import board_issuing, board_rendering
from deliverables.models import BoardReport
from practice import access, file_pages
from practice.refusals import Refusal


@require_safe
def show(request: HttpRequest, id: str) -> HttpResponseBase:
    """To be saved; there is none before the worker has set it. A contact who takes it has opened the report."""
    actor = request.here.actor  # type: ignore[attr-defined]
    try:
        report = access.get(actor, BoardReport, id)
        stored = board_rendering.given(report, by=actor)
    except Refusal as refusal:
        raise Http404 from refusal
    if request.method == "GET":
        board_issuing.note_opened(report, by=actor, at=timezone.now())
    return file_pages.give(request, stored)
