"""Where somebody without an account reads a client's AI register, behind a link that ends."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from assessments import law, law_told, register_shared, register_sharing
from assessments.models import RegisterShare
from practice import brand, csv_files, shared_links, shared_pages
from practice.quarters import local_day

GONE = (
    "It has expired, was taken back, or lost a letter on the way. "
    "Ask whoever sent it to you for a new one."
)
# On the page; the file has all of them.
SHOWN = 300
private = shared_pages.private("registers", register_sharing.find, gone=GONE)


@private
def register(request: HttpRequest, link: RegisterShare, *, token: str) -> HttpResponseBase:
    """The register at the moment of looking. Looking at it is counted."""
    at = timezone.now()
    found = register_shared.entries(link.client, at=at, most=SHOWN + 1)
    if request.method == "GET":
        link = shared_links.view(link, at=at)
    context = {
        "link": link,
        "token": token,
        "client": link.client,
        "practice": link.practice,
        "brand_name": link.practice.name,
        "accent": brand.accent(link.practice.colour),
        "entries": found[:SHOWN],
        "more": len(found) > SHOWN,
        "shown": SHOWN,
        "today": local_day(at, link.client.time_zone),
        "orientation": law.ORIENTATION,
        "table": law_told.table(),
    }
    return render(request, "assessments/public/register.html", context)


@private
def file(request: HttpRequest, link: RegisterShare, *, token: str) -> HttpResponseBase:
    """The same as CSV, of all systems."""
    found = register_shared.entries(link.client, at=timezone.now())
    lines = b"".join(csv_files.lines(register_shared.table(found)))
    answer = HttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="ai-register.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
