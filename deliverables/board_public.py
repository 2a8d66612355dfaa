"""Where somebody without an account answers a section of a board report, behind a link that ends."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from deliverables import board_contributors
from deliverables.models import Contribution
from practice import brand, shared_pages
from practice.refusals import Invalid

GONE = "It has expired, was taken back, or the report is written. Ask whoever sent it to you for a new one."


@shared_pages.private(
    "contributions", board_contributors.find, gone=GONE, methods=shared_pages.ANSWERING
)
def contribute(request: HttpRequest, link: Contribution, *, token: str) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        try:
            words = request.POST.get("words", "")
            board_contributors.answer(link, words=words, at=timezone.now())
        except Invalid as no:
            wrong = " ".join(no.errors["words"])
        else:
            thanks = f"{link.practice.name} reads what you wrote."
            return shared_pages.notice("Thank you", thanks, 200)
    context = {
        "link": link,
        "practice": link.practice,
        "brand_name": link.practice.name,
        "accent": brand.accent(link.practice.colour),
        "words": request.POST.get("words", link.answer),
        "taken": link.taken_at is not None,
        "wrong": wrong,
    }
    return render(
        request, "deliverables/board_contribute.html", context, status=400 if wrong else 200
    )
