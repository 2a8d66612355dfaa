"""The published heads: hashes of a practice's logs, day by day, for whoever wants to keep a copy. No sign-in, no names."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deliverables import bundle
from practice.models import Practice
from practice.rest import problems
from practice.rest.render import dumps
from practice.rest.throttle import Throttle, counted

PAGE = 60


@require_safe
def heads(request: HttpRequest, practice: UUID) -> HttpResponse:
    """The newest days first; `?before=12` goes on below feed 12."""
    if not counted(f"heads:{Throttle().get_ident(request)}"):
        answer: HttpResponse = problems.plain(429, "throttled", "Too many requests; wait a minute.")
        answer["Retry-After"] = "60"
        return answer
    before = request.GET.get("before", "")
    known = Practice.objects.filter(pk=practice).exists()
    if not known or (before and not (before.isascii() and before.isdigit() and len(before) < 10)):
        return problems.plain(404, "not_found", "There is no such thing here.")
    said = {
        "practice": practice,
        "keys": bundle.keys(practice),
        "feeds": bundle.feeds(practice, before=int(before) if before else None, most=PAGE),
    }
    answer = HttpResponse(dumps(said), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=300"
    return answer
