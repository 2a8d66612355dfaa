"""What somebody without an account reads of a pack: accepted versions, behind a link that ends."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from deliverables import pack_files, sharing
from deliverables.models import PackShare
from practice import brand
from practice.refusals import NotFound, Refusal
from practice.rest.throttle import Throttle, counted

# The same for all of these, or it would tell which.
GONE = (
    "It has expired, was taken back, or lost a letter on the way. "
    "Ask whoever sent it to you for a new one."
)
View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """Around every page behind such an address: found or 404, counted, and never told on."""

    @require_safe
    def inner(request: HttpRequest, token: str, **parts: Any) -> HttpResponseBase:
        if not counted(f"packs:{Throttle().get_ident(cast(Any, request))}"):
            answer = _notice("Too many requests", "Wait a minute, then go on.", 429)
            answer["Retry-After"] = "60"
            return _quiet(answer)
        try:
            link = sharing.find(token, at=timezone.now())
            return _quiet(view(request, link, token=token, **parts))
        except NotFound:
            return _quiet(_notice("This address does not work", GONE, 404))
        except Refusal as refusal:
            return _quiet(_notice("This cannot be given out", refusal.sentence, refusal.status))

    inner.__name__ = view.__name__
    return inner


@private
def pack(request: HttpRequest, link: PackShare, *, token: str) -> HttpResponseBase:
    """What was accepted, and what is still missing. Looking at it is counted."""
    packed = pack_files.gather(link.pack)
    if request.method == "GET":
        link = sharing.view(link, at=timezone.now())
    places = {part.piece.place: part for part in packed.parts}
    context = {
        "link": link,
        "token": token,
        "pack": link.pack,
        "client": link.client,
        "practice": link.practice,
        "brand_name": link.practice.name,
        "accent": brand.accent(link.practice.colour),
        "pieces": [(piece, places.get(piece.place)) for piece in packed.filled.pieces],
        "filled": packed.filled,
        # Nobody knows the reader's time zone.
        "until": pack_files.in_words(link.expires_at),
    }
    return render(request, "deliverables/pack/public.html", context)


@private
def archive(request: HttpRequest, link: PackShare, *, token: str) -> HttpResponseBase:
    return pack_files.download(link.pack)


@private
def file(request: HttpRequest, link: PackShare, *, token: str, version: UUID) -> HttpResponseBase:
    """One accepted version. Any other, be it of the same deliverable, is not there."""
    for part in pack_files.gather(link.pack).parts:
        if part.version.pk == version:
            return pack_files.one(part)
    raise NotFound


def _quiet(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _notice(title: str, sentence: str, status: int) -> HttpResponse:
    # Without the request: who is signed in has nothing to do with it.
    page = render_to_string("public/notice.html", {"title": title, "sentence": sentence})
    return HttpResponse(page, status=status)
