"""Around every page behind an address that is its own password: found or 404, counted, and never told on."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from practice.refusals import NotFound, Refusal
from practice.rest.throttle import Throttle, counted

View = Callable[..., HttpResponseBase]
Find = Callable[..., Any]
LOOKING = ("GET", "HEAD")
ANSWERING = (*LOOKING, "POST")


def private(
    scope: str, find: Find, *, gone: str, methods: tuple[str, ...] = LOOKING
) -> Callable[[View], View]:
    """`find` gives the link of a token or NotFound; the view is called with it. `gone` is the one sentence for every
    address that does not work, or it would tell which. Calls are counted by `scope`, before anything is looked at.

    No CSRF token and so no cookie: the address is all the authority there is, and who forges a post must know it.
    With a token, the policy "no-referrer" would blank the Origin header and refuse every honest post.
    """

    def around(view: View) -> View:
        @csrf_exempt
        @require_http_methods(list(methods))
        def inner(request: HttpRequest, token: str, **parts: Any) -> HttpResponseBase:
            if not counted(f"{scope}:{Throttle().get_ident(cast(Any, request))}"):
                answer = notice("Too many requests", "Wait a minute, then go on.", 429)
                answer["Retry-After"] = "60"
                return _quiet(answer)
            try:
                link = find(token, at=timezone.now())
                return _quiet(view(request, link, token=token, **parts))
            except NotFound:
                return _quiet(notice("This address does not work", gone, 404))
            except Refusal as refusal:
                return _quiet(notice("This cannot be given out", refusal.sentence, refusal.status))

        inner.__name__ = view.__name__
        return inner

    return around


def notice(title: str, sentence: str, status: int) -> HttpResponse:
    # Without the request: who is signed in has nothing to do with it.
    page = render_to_string("public/notice.html", {"title": title, "sentence": sentence})
    return HttpResponse(page, status=status)


def _quiet(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer
