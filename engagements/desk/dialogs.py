"""A page of a row that asks and does one verb: who may, what it asks, what it says when the verb refuses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from unfold.widgets import (
    CHECKBOX_CLASSES,
    INPUT_CLASSES,
    SELECT_CLASSES,
    TEXTAREA_CLASSES,
    UnfoldAdminFileFieldWidget,
)

from practice import files
from practice.desk.site import desk
from practice.refusals import NotFound, Refusal
from practice.sites import RowPage

DRESS: tuple[tuple[Any, list[str]], ...] = (
    (forms.CheckboxInput, CHECKBOX_CLASSES),
    (forms.Select, SELECT_CLASSES),
    (forms.Textarea, TEXTAREA_CLASSES),
    (forms.Widget, INPUT_CLASSES),
)

# Refusals that speak of a day: they stand on the first of these that the form asks for.
OF_A_DAY = frozenset(
    {
        "before_present",
        "burst_overlaps",
        "line_before_then",
        "month_closed",
        "pause_overlaps",
        "stood_in_already",
        "worn_before_then",
    }
)
DAYS = ("effective_on", "since_on", "on", "until_on")

BARE = (forms.CheckboxSelectMultiple, forms.HiddenInput, UnfoldAdminFileFieldWidget)


class AskForm(forms.Form):
    """Made with the request and the row it is asked of. What it asks are the verb's arguments."""

    # The verb's name for something that the form asks under another.
    shown_at: dict[str, str] = {}

    def __init__(self, *args: Any, request: HttpRequest, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.actor, self.row = request.here.actor, row  # type: ignore[attr-defined]
        self.ask()
        for one in self.fields.values():
            dress(one)

    def ask(self) -> None:
        """Fields that depend on who asks and of which row."""

    def chosen(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def dress(one: forms.Field) -> None:
    """Unfold's looks on a plain widget."""
    if isinstance(one.widget, BARE):
        return
    classes = next(classes for kind, classes in DRESS if isinstance(one.widget, kind))
    one.widget.attrs.setdefault("class", " ".join(classes))


@dataclass(frozen=True)
class Dialog:
    verb: Callable[..., Any]
    explain: str
    done: str
    button: str
    form: type[AskForm] = AskForm
    target: Callable[[Any], Any] = lambda row: row
    """What the verb is called with, where that is not the row itself."""
    template: str = "engagements/desk/dialog.html"
    facts: Callable[[HttpRequest, Any, Any], dict[str, Any]] = lambda request, row, form: {}
    """What the page shows besides the form."""
    initial: Callable[[HttpRequest, Any], dict[str, Any]] = lambda request, row: {}
    after: Callable[[Any, Any], str] = field(default=lambda row, result: desk.page_of(row))
    danger: bool = False


def page(name: str, label: str, dialog: Dialog, resource: str, **how: Any) -> RowPage:
    """The dialog as a page of a row, under a button of its own."""
    show = partial(_show, dialog, label)
    action = how.pop("action", "change")
    return RowPage(name, label, show, resource, action=action, danger=dialog.danger, **how)


def _show(dialog: Dialog, label: str, admin: Any, request: HttpRequest, row: Any) -> HttpResponse:
    answer: HttpResponse = _page(request, dialog, label, admin, row)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def _page(request: HttpRequest, dialog: Dialog, label: str, admin: Any, row: Any) -> HttpResponse:
    if dialog.target(row) is None:
        raise Http404
    posted = request.method == "POST"
    given = {"data": request.POST, "files": request.FILES} if posted else {}
    form = dialog.form(**given, request=request, row=row, initial=dialog.initial(request, row))
    refusal: Refusal | None = None
    # A look at what it amounts to, without doing it.
    is_look = "look" in request.POST
    if posted and form.is_valid() and not is_look:
        try:
            result = _do(dialog, request, row, form)
        except NotFound as gone:
            raise Http404 from gone
        except Refusal as no:
            refusal = no
            tell(form, no)
        else:
            messages.success(request, dialog.done.format(row))
            return HttpResponseRedirect(dialog.after(row, result))
    context = {
        **desk.each_context(request),
        "title": label,
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "explain": dialog.explain.format(row),
        "button": dialog.button,
        "danger": dialog.danger,
        "form": form,
        "missing": _lacking(refusal),
        "back": dialog.after(row, row),
        **dialog.facts(request, row, form),
    }
    return TemplateResponse(request, dialog.template, context)


def _lacking(refusal: Refusal | None) -> list[str]:
    """What a refusal says is missing, each as a sentence."""
    found = refusal.facts.get("missing", []) if refusal else []
    names = ("what", "label", "name")
    return [next(str(one[name]) for name in names if one.get(name)) for one in found]


@transaction.atomic
def _do(dialog: Dialog, request: HttpRequest, row: Any, form: AskForm) -> Any:
    """Files and what names them are kept together or not at all."""
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    given = form.chosen()
    for name, value in given.items():
        if isinstance(value, UploadedFile):
            told = {"name": value.name or "file", "content": value.read(files.LARGEST + 1)}
            given[name] = files.keep(row.client, **told, by=by, at=at)
    return dialog.verb(dialog.target(row), by=by, at=at, **given)


def tell(form: forms.Form, refusal: Refusal) -> None:
    """What the verb says no to, on the field it speaks of."""
    shown_at = getattr(form, "shown_at", {})
    about = ""
    if refusal.code in OF_A_DAY:
        about = next((name for name in DAYS if name in form.fields), "")
    for name, sentences in (
        getattr(refusal, "errors", None) or {about: [refusal.sentence]}
    ).items():
        shown = shown_at.get(name, name)
        for sentence in sentences:
            form.add_error(shown if shown in form.fields else None, sentence)
