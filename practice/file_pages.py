"""Files over addresses that are no part of the API: what cannot be given out is a page with a sentence."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from practice import file_links, files
from practice.models import StoredFile
from practice.refusals import Refusal


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponseBase:
    """A link's address. Whatever is wrong with it, the answer is the same: that there is nothing."""
    try:
        stored = file_links.follow(request, token, at=timezone.now())
    except Refusal as refusal:
        raise Http404 from refusal
    return give(request, stored)


def give(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """To somebody whose right to it was asked already."""
    try:
        return files.serve(request, stored)
    except Refusal as refusal:
        context = {"title": "The file cannot be given out", "sentence": refusal.sentence}
        return render(request, "public/notice.html", context, status=refusal.status)
