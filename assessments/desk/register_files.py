"""Files of the register at the desk: tried first, with what each row would do, then taken in; and lists given out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import exporting, importing, register_files
from assessments.register_rows import ADD, CHANGE, ERROR, SAME, Row
from practice import access
from practice.access import Actor
from practice.csv_files import RowsWrong
from practice.desk.site import desk
from practice.models import Client
from practice.refusals import Refusal
from practice.sites.carried import CarriedFile

SHOWN = 500
ACTIONS = {
    ERROR: ("Wrong", "danger"),
    ADD: ("New", "success"),
    CHANGE: ("Changed", "info"),
    SAME: ("As it is", ""),
}


def kinds(actor: Actor) -> list[tuple[str, str]]:
    """What this actor may take in."""
    return [
        (kind, register_files.known()[kind].label)
        for kind, model in exporting.MODELS.items()
        if all(access.may(actor, model.reach.resource, act) for act in ("add", "change"))
    ]


class FileForm(CarriedFile):
    largest = register_files.LARGEST
    told = "UTF-8, with commas or semicolons, up to 2 MB and 10,000 rows."
    field_order = ("client", "kind", "file")

    client = forms.ModelChoiceField(Client.objects.none(), empty_label="Choose")
    kind = forms.ChoiceField(label="What the file lists")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        choice: Any = self.fields["client"]
        choice.queryset = access.visible_to(actor, Client).order_by("name")
        of: Any = self.fields["kind"]
        of.choices = kinds(actor)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    if not kinds(actor):
        raise PermissionDenied
    posted = request.method == "POST"
    form = FileForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        actor=actor,
        initial={"kind": request.GET.get("kind", "")},
    )
    result = None
    if posted and form.is_valid():
        act = request.POST.get("act", "")
        result = _run(form, actor, dry_run=act not in ("take", "partial"), partial=act == "partial")
        if result is not None and result.written:
            messages.success(request, _said(result))
            return HttpResponseRedirect(_list(result.kind))
    context = {
        **desk.each_context(request),
        "title": "Take in a file of the register",
        "form": form,
        "tried": _tried(result) if result else None,
        "packed": form.carried() if result else "",
        "known": register_files.known().items(),
        "back": _list(form.cleaned_data["kind"]) if result else _list("systems"),
    }
    return TemplateResponse(request, "assessments/desk/register_file.html", context)


def _run(form: FileForm, actor: Actor, *, dry_run: bool, partial: bool) -> importing.Result | None:
    how = {name: form.cleaned_data[name] for name in ("client", "kind", "content")}
    how |= {"by": actor, "at": timezone.now()}
    client = how.pop("client")
    try:
        return importing.take(client, dry_run=dry_run, partial=partial, **how)
    except RowsWrong as no:
        form.add_error(None, no.sentence)
        return importing.take(client, dry_run=True, **how)
    except Refusal as no:
        for name, sentences in (getattr(no, "errors", None) or {"": [no.sentence]}).items():
            field = {"content": "file"}.get(name, name)
            for sentence in sentences:
                form.add_error(field if field in form.fields else None, sentence)
        return None


def _said(result: importing.Result) -> str:
    counts = result.counts
    told = f"{counts[ADD]} new, {counts[CHANGE]} changed, {counts[SAME]} as they were"
    return f"Taken in: {told}{f', {counts[ERROR]} left out' if counts[ERROR] else ''}."


def _tried(result: importing.Result) -> dict[str, Any]:
    # What is wrong comes first: it is what there is to do.
    order = {action: place for place, action in enumerate(ACTIONS)}
    rows = sorted(result.rows, key=lambda row: order[row.action])
    counts = result.counts
    return {
        "label": register_files.known()[result.kind].label,
        "counts": [(*said, counts[name]) for name, said in ACTIONS.items() if counts[name]],
        "does": bool(counts[ADD] or counts[CHANGE]),
        "errors": counts[ERROR],
        "left_out": result.left_out,
        "more": max(len(rows) - SHOWN, 0),
        "rows": [_row(row) for row in rows[:SHOWN]],
    }


def _row(row: Row) -> dict[str, Any]:
    said = row.line.said
    changed = ", ".join(sorted(name.removesuffix("_id") for name in row.touched))
    why = [f"{f.column}: {f.why}".removeprefix(": ") for f in row.faults]
    return {
        "line": row.line.number,
        "action": ACTIONS[row.action],
        "what": said.get("name") or " · ".join(filter(None, (said.get(n, "") for n in SHORT))),
        "external_id": said.get("external_id", ""),
        "why": why or ([f"Changes {changed}." if changed else ""]),
    }


SHORT = ("month", "system", "vendor", "amount", "currency")


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """A list as it is narrowed on its page, as a file."""
    asked = request.GET.copy()
    kind, form = asked.pop("kind", ["systems"])[-1], asked.pop("format", ["csv"])[-1]
    if kind not in exporting.MODELS or form not in exporting.FORMATS:
        raise Http404
    admin: Any = desk._registry[exporting.MODELS[kind]]
    if not admin.has_view_permission(request):
        raise PermissionDenied
    request.GET = asked  # type: ignore[assignment]
    try:
        found = admin.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters as wrong:
        raise Http404 from wrong
    actor = request.here.actor  # type: ignore[attr-defined]
    return exporting.answer(kind, form, found.select_related(None).order_by("id"), actor)


def _list(kind: str) -> str:
    name = exporting.MODELS[kind]._meta.model_name
    return reverse(f"desk:assessments_{name}_changelist")


desk.views.append(("register/file/", "register-file", page, "system"))
desk.views.append(("register/export/", "register-export", export, "system"))
