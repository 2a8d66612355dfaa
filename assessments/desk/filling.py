"""One lens filled in on a page of its own, as the runner fills in all of them. Nothing is kept."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from assessments import authored, facts, questionnaire, shown
from assessments.desk import asking
from assessments.desk.library import find, page
from assessments.lenses import Lens
from practice.desk.site import desk


class Asked(questionnaire.Box):
    """A lens's question as a box of the runner."""

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        if self.kind == "yes_no":
            return questionnaire.YES_NO
        source = facts.sources().get(self.name)
        fact = source.fact if source else self.of.fact
        return tuple((word, questionnaire.word_of(fact, word)) for word in self.of.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, key: str) -> HttpResponse:
    lens = find(request, key)
    asked = [Asked(question) for question in lens.questions]
    answers = asking.answers(asked, request.POST)
    said = _said(lens, answers)
    context = {
        "title": lens.name,
        "lens": lens,
        "boxes": asking.boxes(asked, answers, said["off"]),
        "live": reverse("desk:lens-said", args=[key]),
        "back": reverse("desk:lens", args=[key]),
        **said,
    }
    return page(request, "assessments/desk/fill.html", context)


@require_POST
def said(request: HttpRequest, key: str) -> HttpResponse:
    """What the lens says to answers that nobody keeps."""
    lens = find(request, key)
    answers = asking.answers((Asked(question) for question in lens.questions), request.POST)
    context = {"lens": lens, **_said(lens, answers)}
    return TemplateResponse(request, "assessments/desk/said.html", context)


def _said(lens: Lens, answers: asking.Answers) -> dict[str, Any]:
    given = {id: answer for id, answer in answers.items() if answer is not None}
    told = {question.id: question.text for question in lens.questions}
    try:
        result, sound, errors = asking.weighed(partial(authored.evaluate, lens), given)
        standing = authored.applying(lens, sound)
    except authored.Failed as failed:
        # A practice's own lens can divide by what somebody typed.
        return {"said": None, "off": [], "faults": [("It broke on these answers.", str(failed))]}
    return {
        "said": shown.voice(lens, result),
        "off": [id for id in told if id not in standing],
        "faults": [(told[id], why) for id, why in errors.items()],
        "answered": sum(id in sound for id in standing),
        "asked": len(standing),
    }


desk.views += [
    ("lenses/<str:key>/fill/", "lens-fill", fill, "lens"),
    ("lenses/<str:key>/said/", "lens-said", said, "lens"),
]
