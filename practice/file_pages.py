"""Files over addresses that are no part of the API: what cannot be given out is a page with a sentence."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from practice import file_links, files, page_pictures
from practice.models import StoredFile
from practice.page_pictures import Picture
from practice.refusals import Refusal


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponseBase:
    """A link's address. Whatever is wrong with it, the answer is the same: that there is nothing."""
    try:
        linked, actor, found = file_links.follow(request, token, at=timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
    return linked.give(request, actor, found) if linked.give else give(request, found)


def give(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """To somebody whose right to it was asked already."""
    try:
        return files.serve(request, stored)
    except Refusal as refusal:
        context = {"title": "The file cannot be given out", "sentence": refusal.sentence}
        return render(request, "public/notice.html", context, status=refusal.status)


@dataclass(frozen=True)
class Leaf:
    """One page of a file that is looked through, and those beside it."""

    number: int
    pages: int
    address: str
    drawn: Picture | None

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.pages else None

    @property
    def capped(self) -> bool:
        return self.pages == page_pictures.MOST_PAGES


def leaf(request: HttpRequest, stored: StoredFile | None, address: str) -> Leaf | None:
    """The page that the address asks for, the first without that; `address` gives pictures out. Nothing where there
    is no preview, and then the page says so."""
    if stored is None or stored.media_type != page_pictures.DRAWN:
        return None
    number = max(_number(request), 1)
    try:
        drawn = page_pictures.picture(stored, number)
        pages = page_pictures.pages(stored)
        if number > pages > 0:
            number, drawn = pages, page_pictures.picture(stored, pages)
    except Refusal:
        return None
    if not pages:
        return None
    sign = "&" if "?" in address else "?"
    return Leaf(number, pages, f"{address}{sign}page={number}", drawn)


def picture(request: HttpRequest, stored: StoredFile | None) -> HttpResponse:
    """The page that the address asks for as a picture of ours. Whose right it is was asked already."""
    try:
        drawn = page_pictures.picture(stored, _number(request)) if stored else None
    except Refusal as refusal:
        return HttpResponse(status=refusal.status, headers={"Retry-After": "2"})
    if drawn is None:
        raise Http404
    answer = HttpResponse(drawn.content, content_type="image/webp")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _number(request: HttpRequest) -> int:
    told = request.GET.get("page", "1")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0
