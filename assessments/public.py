"""The prospect's questionnaire: one question at a time, behind a private address and without an account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from assessments import downloads, links, questionnaire
from assessments.links import LinkEnded
from assessments.models import ProspectLink, Read
from practice import brand, shared_pages
from practice.refusals import Invalid, Refusal

REVIEW = "review"
GONE = "It has expired, was withdrawn or lost a letter on the way. Ask whoever sent it to you for a new one."
looking = shared_pages.private("answer", links.find, gone=GONE)
answering = shared_pages.private("answer", links.find, gone=GONE, methods=shared_pages.ANSWERING)


@answering
def answer(request: HttpRequest, link: ProspectLink, *, token: str) -> HttpResponse:
    if link.submitted_at:
        return _thanks(request, token, link)
    if request.method == "POST":
        return _post(request, token, link)
    at = request.GET.get("at", "")
    steps = questionnaire.path(link.draft)
    if at == REVIEW:
        return _review(request, token, link)
    place = next((i for i, (_, ask) in enumerate(steps) if ask.fact == at), None)
    if place is None:
        return _page(request, "start", token, link, {"go_on": _go_on(link), "count": len(steps)})
    return _question(request, token, link, place)


def _post(request: HttpRequest, token: str, link: ProspectLink) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act == "submit":
            if not link.draft:
                return _review(request, token, link, "Answer at least one question first.", 409)
            links.submit(link, at=timezone.now())
            return HttpResponseRedirect(_at(token))
        return _save(request, token, link)
    except LinkEnded:
        return HttpResponseRedirect(_at(token))
    except Invalid as refusal:
        return _again(request, token, link, refusal)
    except Refusal as refusal:
        return _review(request, token, link, refusal.sentence, refusal.status)


def _save(request: HttpRequest, token: str, link: ProspectLink) -> HttpResponse:
    """Keep one answer, and take back those that it makes senseless."""
    fact = request.POST.get("fact", "")
    ask = next((ask for _, ask in questionnaire.asks() if ask.fact == fact), None)
    if ask is None:
        raise Http404
    given = None if "skip" in request.POST else _given(request, ask)
    if given is not None or link.draft.get(fact) is not None:
        draft = {**link.draft, fact: given}
        gone = dict.fromkeys(questionnaire.ruled_out(draft))
        link = links.save_draft(link, answers={fact: given, **gone}, at=timezone.now())
    return HttpResponseRedirect(
        _after(token, link, fact, back_to_review=bool(request.POST.get("from")))
    )


def _given(request: HttpRequest, ask: questionnaire.Ask) -> Any:
    sent = request.POST.getlist("value")
    # Nothing ticked and "Next" pressed says: nobody.
    return (
        [word for word in sent if word] if ask.kind == "multi" else questionnaire.typed(ask, sent)
    )


def _after(token: str, link: ProspectLink, fact: str, *, back_to_review: bool) -> str:
    steps = [ask.fact for _, ask in questionnaire.path(link.draft)]
    following = steps[steps.index(fact) + 1 :] if fact in steps else steps
    if back_to_review or not following:
        return _at(token, REVIEW)
    return _at(token, following[0])


def _go_on(link: ProspectLink) -> str:
    """Behind the last answer: what was skipped before it was skipped on purpose."""
    steps = [ask.fact for _, ask in questionnaire.path(link.draft)]
    done = [i for i, fact in enumerate(steps) if link.draft.get(fact) is not None]
    following = done[-1] + 1 if done else 0
    return steps[following] if following < len(steps) else REVIEW


def _question(
    request: HttpRequest,
    token: str,
    link: ProspectLink,
    place: int,
    error: str = "",
    typed: str | None = None,
) -> HttpResponse:
    steps = questionnaire.path(link.draft)
    subject, ask = steps[place]
    value = link.draft.get(ask.fact)
    context = {
        "subject": subject,
        "ask": ask,
        "value": value if typed is None else typed,
        "answered": value is not None,
        "number": place + 1,
        "count": len(steps),
        "back": _at(token, steps[place - 1][1].fact) if place else _at(token),
        "from_review": request.GET.get("from") or request.POST.get("from", ""),
        "review": _at(token, REVIEW),
        "error": error,
    }
    return _page(request, "question", token, link, context, status=422 if error else 200)


def _again(request: HttpRequest, token: str, link: ProspectLink, refusal: Invalid) -> HttpResponse:
    fact = request.POST.get("fact", "")
    steps = [ask.fact for _, ask in questionnaire.path(link.draft)]
    if fact not in steps:
        return _review(request, token, link, refusal.sentence, refusal.status)
    sentences = refusal.errors.get(f"facts.{fact}", [refusal.sentence])
    said = " ".join(str(sentence) for sentence in sentences).capitalize()
    typed = request.POST.get("value", "")[:40]
    return _question(request, token, link, steps.index(fact), f"{said}.".replace("..", "."), typed)


def _review(
    request: HttpRequest, token: str, link: ProspectLink, error: str = "", status: int = 200
) -> HttpResponse:
    steps = questionnaire.path(link.draft)
    rows = [
        {
            "subject": subject.title,
            "text": ask.text,
            "said": questionnaire.spoken(ask.fact, link.draft.get(ask.fact)),
            "open": link.draft.get(ask.fact) is None,
            "link": f"{_at(token, ask.fact)}&from=review",
        }
        for subject, ask in steps
    ]
    context = {
        "rows": rows,
        "answered": sum(not row["open"] for row in rows),
        "error": error,
        "back": _at(token, steps[-1][1].fact),
    }
    return _page(request, "review", token, link, context, status=status)


def _thanks(request: HttpRequest, token: str, link: ProspectLink) -> HttpResponse:
    read = _read(link)
    address = reverse("answer-read", args=[token]) if read else ""
    return _page(request, "thanks", token, link, {"read": address})


@looking
def read(request: HttpRequest, link: ProspectLink, *, token: str) -> HttpResponse:
    found = _read(link)
    if found is None:
        raise Http404
    context = {"d": found.content, "pdf": reverse("answer-pdf", args=[token])}
    return _page(request, "read", token, link, context)


@looking
def pdf(request: HttpRequest, link: ProspectLink, *, token: str) -> HttpResponse:
    found = _read(link)
    if found is None:
        raise Http404
    return downloads.pdf(found)


def _read(link: ProspectLink) -> Read | None:
    """The read of what was submitted here, where the consultant allows it: never another of the same client."""
    if not link.may_see_read or link.assessment_id is None:
        return None
    issued = Read.objects.filter(practice_id=link.practice_id, assessment_id=link.assessment_id)
    return issued.order_by("-id").first()


def _at(token: str, at: str = "") -> str:
    address = reverse("answer", args=[token])
    return f"{address}?at={at}" if at else address


def _page(
    request: HttpRequest,
    name: str,
    token: str,
    link: ProspectLink,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    practice = link.practice
    around = {
        "link": link,
        "practice": practice,
        "client": link.client,
        "brand_name": practice.name,
        "accent": brand.accent(practice.colour),
        "action": _at(token),
    }
    template = f"assessments/public/{name}.html"
    return render(request, template, {**around, **context}, status=status)
