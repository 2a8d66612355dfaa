"""Where somebody without an account answers a section of a board report, behind a link that ends."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deliverables import board_contributors
from practice import brand
from practice.refusals import Invalid, NotFound
from practice.rest.throttle import Throttle, counted

# The same for all of these, or it would tell which.
GONE = "It has expired, was taken back, or the report is written. Ask whoever sent it to you for a new one."


# No CSRF token and so no cookie: the address is all the authority there is, and who forges a post must know it.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request: HttpRequest, token: str) -> HttpResponse:
    if not counted(f"contributions:{Throttle().get_ident(cast(Any, request))}"):
        answer = _notice("Too many requests", "Wait a minute, then go on.", 429)
        answer["Retry-After"] = "60"
        return _quiet(answer)
    at = timezone.now()
    try:
        link = board_contributors.find(token, at=at)
        wrong = ""
        if request.method == "POST":
            try:
                words = request.POST.get("words", "")
                link = board_contributors.answer(link, words=words, at=at)
                return _quiet(
                    _notice("Thank you", f"{link.practice.name} reads what you wrote.", 200)
                )
            except Invalid as no:
                wrong = " ".join(no.errors["words"])
    except NotFound:
        return _quiet(_notice("This address does not work", GONE, 404))
    context = {
        "link": link,
        "practice": link.practice,
        "brand_name": link.practice.name,
        "accent": brand.accent(link.practice.colour),
        "words": request.POST.get("words", link.answer),
        "taken": link.taken_at is not None,
        "wrong": wrong,
    }
    page = render(
        request, "deliverables/board_contribute.html", context, status=400 if wrong else 200
    )
    return _quiet(page)


def _quiet(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _notice(title: str, sentence: str, status: int) -> HttpResponse:
    # Without the request: who is signed in has nothing to do with it.
    page = render_to_string("public/notice.html", {"title": title, "sentence": sentence})
    return HttpResponse(page, status=status)
