"""Assessing a client: answers on the left as they are known, the panel they make on the right."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments import known, own_lenses, panel, questionnaire, scoring, shown
from assessments.desk import asking
from assessments.desk.asking import Answers
from assessments.models import Assessment, FactSource
from practice import access
from practice.desk.site import desk
from practice.models import Client
from practice.quarters import local_day
from practice.refusals import Refusal
from practice.sites.forms import DayInput

# Where answers come from that a member types; the other sources put theirs down themselves.
TYPED = [(FactSource.TALK, "A conversation"), (FactSource.DOCUMENT, "A document")]
KEEP, RUN = "keep", "run"


class ToldForm(forms.Form):
    """Who said all this, when and how."""

    said_by = forms.CharField(max_length=120, required=False, label="Who says so")
    said_on = forms.DateField(widget=DayInput, label="On")
    source = forms.ChoiceField(choices=TYPED, label="From")


@require_http_methods(["GET", "POST"])
def _page(request: HttpRequest, client: Client) -> HttpResponse:
    today = local_day(timezone.now(), client.time_zone)
    told = ToldForm(
        request.POST or None, initial={"said_on": today, "source": FactSource.TALK}, label_suffix=""
    )
    before = known.now_of(client)
    answers = _answers(request) if request.method == "POST" else before
    act = request.POST.get("act", "")
    if act in (KEEP, RUN) and told.is_valid():
        try:
            return _keep(request, client, answers, told.cleaned_data, run=act == RUN)
        except Refusal as refusal:
            _tell(request, told, refusal)
    context = {
        **desk.each_context(request),
        **_panel(request, answers),
        "title": f"Assess {client.name}",
        "client": client,
        "told": told,
        "subjects": _subjects(answers),
        # What the form was filled with: only what somebody changed is put down, so that two people can work at once.
        "was": request.POST.get("was") or json.dumps(before),
        "back": desk.page_of(client),
    }
    return TemplateResponse(request, "assessments/desk/runner.html", context)


def page(admin: Any, request: HttpRequest, client: Client) -> HttpResponse:
    if not access.may(request.here.actor, "fact", "add"):  # type: ignore[attr-defined]
        raise Http404
    answer: HttpResponse = _page(request, client)
    return answer


@require_POST
def _fragment(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(
        request, "assessments/desk/panel.html", _panel(request, _answers(request))
    )


def fragment(admin: Any, request: HttpRequest, client: Client) -> HttpResponse:
    """The panel over answers that are not kept yet. Nothing is stored."""
    answer: HttpResponse = _fragment(request)
    return answer


def _answers(request: HttpRequest) -> Answers:
    return asking.answers((ask for _, ask in questionnaire.asks()), request.POST)


def _panel(request: HttpRequest, answers: Answers) -> dict[str, Any]:
    actor = request.here.actor  # type: ignore[attr-defined]
    result, _, errors = asking.weighed(panel.evaluate, answers)
    result["beside"] = own_lenses.beside(actor, result["facts"])
    return {
        "panel": shown.panel(result, own=own_lenses.behind(actor, result["beside"])),
        "faults": [(questionnaire.label(name), why) for name, why in errors.items()],
        "answered": len(result["facts"]),
        "asked": len(questionnaire.path(result["facts"])),
        "off": [
            ask.fact
            for _, ask in questionnaire.asks()
            if not questionnaire.applies(ask, result["facts"])
        ],
    }


def _subjects(answers: Answers) -> list[dict[str, Any]]:
    words = _plain(answers)
    off = {ask.fact for _, ask in questionnaire.asks() if not questionnaire.applies(ask, words)}
    return [
        {
            "title": subject.title,
            "key": subject.key,
            "questions": asking.boxes(subject.questions, answers, off),
        }
        for subject in questionnaire.subjects()
    ]


def _plain(answers: Answers) -> Answers:
    """Conditions look at words only; a number typed wrongly must not trip them."""
    return {name: value for name, value in answers.items() if isinstance(value, str)}


@transaction.atomic
def _keep(
    request: HttpRequest, client: Client, answers: Answers, told: dict[str, Any], *, run: bool
) -> HttpResponse:
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    was = _was(request)
    changed = {name: value for name, value in answers.items() if value != was.get(name)}
    rows = known.learn(client, facts=changed, by=by, at=at, **told)
    if not run:
        messages.success(request, f"{len(rows)} new answers are kept." if rows else "Nothing new.")
        return HttpResponseRedirect(request.path)
    made: Assessment = scoring.assess(
        client, answered_by=told["said_by"], source=told["source"], by=by, at=at
    )
    return HttpResponseRedirect(desk.page_of(made))


def _was(request: HttpRequest) -> Answers:
    try:
        was = json.loads(request.POST.get("was", ""))
    except ValueError:
        return {}
    return was if isinstance(was, dict) else {}


def _tell(request: HttpRequest, told: ToldForm, refusal: Refusal) -> None:
    for field, sentences in (getattr(refusal, "errors", None) or {"": [refusal.sentence]}).items():
        name = field.removeprefix("facts.")
        for sentence in sentences:
            if name in told.fields:
                told.add_error(name, sentence)
            else:
                said = questionnaire.label(name) if name else ""
                messages.error(request, f"{said}: {sentence}" if said else sentence)
