"""The library of lenses: what each asks, which rules it follows, what it can say and whose view it is."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments import library, own_lenses
from assessments.lenses import Lens
from assessments.models import PracticeLens
from practice import access
from practice.desk.site import desk
from practice.refusals import NotFound

KINDS = {
    "yes_no": "yes or no",
    "choice": "one of",
    "multi": "any of",
    "count": "a number",
    "money": "an amount in US dollars",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    context = {
        "title": "Lenses",
        "groups": [
            ("The panel", "These speak side by side in every assessment.", library.shipped()),
            (
                "Instruments",
                "Built alike, for a question of their own. Fill them in for one person.",
                library.instruments(),
            ),
        ],
        "own": own_lenses.newest(actor),
        "own_list": desk.link(PracticeLens),
        "may_add": access.may(actor, "own_lens", "add"),
    }
    return page(request, "assessments/desk/lenses.html", context)


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    lens = find(request, key)
    context = {
        "title": lens.name,
        "lens": lens,
        "fill": reverse("desk:lens-fill", args=[key]),
        "questions": [
            {
                "id": question.id,
                "text": question.text,
                "help": question.help,
                "kind": KINDS[question.kind],
                "choices": [word.replace("_", " ") for word in question.choices],
                "needed": question.needed,
            }
            for question in lens.questions
        ],
        "outcomes": [(code, lens.texts.get(code, "")) for code in lens.outcomes],
        "rules": _rules(lens),
        "file": _file(request, key),
        "back": desk.link("lenses"),
    }
    return page(request, "assessments/desk/lens.html", context)


def find(request: HttpRequest, key: str) -> Lens:
    """A shipped one or the practice's own; another practice's is none."""
    try:
        return library.newest().get(key) or own_lenses.find(request.here.actor, key)  # type: ignore[attr-defined]
    except NotFound as gone:
        raise Http404 from gone


def _file(request: HttpRequest, key: str) -> str:
    lens = library.newest().get(key)
    if lens:
        return library.text(key, lens.version)
    return own_lenses.text(request.here.actor, key)  # type: ignore[attr-defined]


def _rules(lens: Lens) -> list[dict[str, Any]]:
    """In the order in which they are tried, each in the words the read uses for it."""
    return [
        {
            "outcome": rule.outcome,
            "reasons": [(id, lens.texts.get(id, "")) for id in rule.reasons],
            "when": rule.when,
        }
        for rule in (*lens.rules, *lens.overrides)
    ]


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**desk.each_context(request), **context})


desk.views += [
    ("lenses/", "lenses", index, "lens"),
    ("lenses/<str:key>/", "lens", one, "lens"),
]
