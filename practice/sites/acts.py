"""Verbs on one row besides add, change and remove: declared in an entry, done by POST after a page that says what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from practice import access
from practice.refusals import NotFound, Refusal


@dataclass(frozen=True)
class Act:
    """One verb a row's page offers."""

    name: str
    label: str
    verb: Callable[..., Any]
    explain: str
    done: str
    action: str = "change"
    """The action of the access table it needs."""
    resource: str = ""
    """Whose row of the access table, where it is not the model's own."""
    when: Callable[[Any], bool] = lambda row: True
    """Whether it fits the row's present state; the verb decides in the end."""
    form: type[forms.Form] | None = None
    icon: str = "play_arrow"
    danger: bool = False

    def allowed(self, actor: Any, model: Any) -> bool:
        return access.may(actor, self.resource or model.reach.resource, self.action)


def run(admin: Any, act: Act, request: HttpRequest, object_id: str) -> HttpResponse:
    """The page that asks, and the POST that does."""
    row = admin.get_object(request, object_id)
    actor = request.here.actor  # type: ignore[attr-defined]
    if row is None or not act.allowed(actor, admin.model):
        raise Http404
    form = act.form(request.POST or None) if act.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        try:
            result = act.verb(row, by=actor, at=timezone.now(), **given)
        except NotFound as gone:
            raise Http404 from gone
        except Refusal as refusal:
            _tell(request, form, refusal)
            if form is None:
                return HttpResponseRedirect(admin.admin_site.page_of(row))
        else:
            messages.success(request, act.done.format(row))
            return admin.after_act(request, act, row, result)
    return _ask(admin, act, request, row, form)


def _tell(request: HttpRequest, form: forms.Form | None, refusal: Refusal) -> None:
    if form is None:
        messages.error(request, refusal.sentence)
        return
    for field, sentences in (getattr(refusal, "errors", None) or {"": [refusal.sentence]}).items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _ask(admin: Any, act: Act, request: HttpRequest, row: Any, form: Any) -> HttpResponse:
    site = admin.admin_site
    context = {
        **site.each_context(request),
        "title": act.label,
        "act": act,
        "explain": act.explain.format(row),
        "form": form,
        "original": row,
        "opts": admin.opts,
        "back": site.page_of(row),
    }
    return TemplateResponse(request, "desk/act.html", context)
