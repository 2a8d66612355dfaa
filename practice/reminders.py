"""The page on which a person says when they want to hear of what is due: at the desk and in the portal."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from practice import preferences
from practice.identity import Here
from practice.models.reminding import Digest, Weekday
from practice.refusals import Refusal
from practice.sites.forms import zone_field


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"class": " ".join(INPUT_CLASSES)}, format="%H:%M")


class PreferenceForm(forms.Form):
    digest = forms.ChoiceField(
        choices=Digest.choices,
        label="Mails about what can wait",
        help_text="What needs an answer by a date comes one by one in any case.",
        widget=UnfoldAdminSelectWidget,
    )
    digest_hour = forms.TypedChoiceField(
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        label="The one mail comes at",
        widget=UnfoldAdminSelectWidget,
    )
    digest_day = forms.TypedChoiceField(
        choices=Weekday.choices,
        coerce=int,
        label="The weekly one on",
        widget=UnfoldAdminSelectWidget,
    )
    quiet_from = forms.TimeField(required=False, label="No reminder from", widget=TimeInput)
    quiet_until = forms.TimeField(required=False, label="No reminder until", widget=TimeInput)
    time_zone = zone_field(
        forms.CharField(required=False, label="Your time zone", help_text="Where you are.")
    )


class PortalForm(PreferenceForm):
    """The same with the browser's own controls: the desk's need the desk's style sheet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.widget = forms.Select(choices=field.choices)


def facts(here: Here) -> dict[str, Any]:
    return {"form": _form(here, PortalForm)}


def at_desk(request: HttpRequest) -> HttpResponse:
    return _at_desk(request)


@require_http_methods(["GET", "HEAD", "POST"])
def _at_desk(request: HttpRequest) -> HttpResponse:
    from practice.desk.site import desk  # its menu names this page

    form = _form(request.here, PreferenceForm, request)  # type: ignore[attr-defined]
    if request.method == "POST" and _saved(request, form):
        return HttpResponseRedirect(request.path)
    context = {**desk.each_context(request), "title": "My reminders", "form": form}
    return TemplateResponse(request, "desk/reminders.html", context)


@require_POST
def in_portal(request: HttpRequest, site: Any) -> HttpResponse:
    form = _form(request.here, PortalForm, request)  # type: ignore[attr-defined]
    if _saved(request, form):
        return HttpResponseRedirect(site.link("reminders"))
    page = site.pages["reminders"]
    answer: HttpResponse = site.render(request, page, page.template, {"form": form})
    return answer


def _form(
    here: Here, kind: type[PreferenceForm], request: HttpRequest | None = None
) -> PreferenceForm:
    choice = preferences.of(here.place)
    now = {name: getattr(choice, name) for name in preferences.FIELDS}
    typed = request.POST if request is not None and request.method == "POST" else None
    return kind(typed, initial={**now, "time_zone": choice.zone})


def _saved(request: HttpRequest, form: PreferenceForm) -> bool:
    if not form.is_valid():
        return False
    by = request.here.actor  # type: ignore[attr-defined]
    try:
        preferences.choose(by=by, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        for field, sentences in getattr(refusal, "errors", {"": [refusal.sentence]}).items():
            form.add_error(field or None, sentences)
        return False
    messages.success(request, "Reminders come as you chose.")
    return True
