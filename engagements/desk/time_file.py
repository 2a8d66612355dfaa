"""Files of time at the desk: tried first, with what each row would do, then taken in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements import pictures, time_files, time_import
from engagements.models import Engagement
from practice import access
from practice.access import Actor
from practice.csv_files import RowsWrong
from practice.desk.site import desk
from practice.refusals import Refusal
from practice.sites.carried import CarriedFile

SHOWN = 500
ACTIONS = {
    time_import.ADD: ("New", "success"),
    time_import.CHANGE: ("Changed", "info"),
    time_import.SAME: ("As it is", ""),
    time_import.SKIP: ("Left out", ""),
    time_import.ERROR: ("Wrong", "danger"),
}


class FileForm(CarriedFile):
    largest = time_files.LARGEST
    told = "The detailed report of Toggl Track, Clockify or Harvest, up to 2 MB."
    field_order = ("engagement", "file")

    engagement = forms.ModelChoiceField(Engagement.objects.none(), empty_label="Choose")
    dates = forms.ChoiceField(label="Days are written as", choices=list(time_files.DATES.items()))
    hat_from = forms.ChoiceField(
        label="The hat stands in",
        choices=[("tags", "the tags"), ("task", "the task"), ("project", "the project")],
    )
    hats = forms.CharField(
        required=False,
        max_length=4000,
        label="Words for hats",
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "Platform = CTO"}),
        help_text="One a line: the file's word = a hat, or joint. Hats by their own name need no line.",
    )
    otherwise = forms.CharField(
        required=False,
        max_length=8,
        label="Rows that name no hat",
        help_text="A hat, or joint. Left empty, they are wrong.",
    )
    project = forms.CharField(
        required=False,
        max_length=200,
        label="Only this project or client",
        help_text="As the file writes it. Left empty: every row.",
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        running = access.visible_to(actor, Engagement).exclude(status__in=["draft", "proposed"])
        choice: Any = self.fields["engagement"]
        choice.queryset = running.select_related("client").order_by("client__name", "name")
        choice.label_from_instance = lambda row: f"{row.client}: {row}"

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["hats"] = self._words(given.get("hats", ""))
        return given

    def _words(self, text: str) -> dict[str, str]:
        words = {}
        for line in filter(str.strip, text.splitlines()):
            word, equals, hat = line.partition("=")
            if not equals or not word.strip() or not hat.strip():
                self.add_error("hats", f"Write each line as word = hat, unlike: {line.strip()}")
            words[word.strip()] = hat.strip()
        return words


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    if not access.may(actor, "time", "add"):
        raise PermissionDenied
    form = FileForm(request.POST or None, request.FILES or None, actor=actor)
    result = None
    if request.method == "POST" and form.is_valid():
        take = request.POST.get("act") == "take"
        result = _run(form, actor, dry_run=not take)
        if result is not None and result.written:
            counts = result.counts
            said = (
                f"{counts['add']} new, {counts['change']} changed, {counts['same']} as they were."
            )
            messages.success(request, f"Taken in: {said}")
            return HttpResponseRedirect(reverse("desk:time-week"))
    context = {
        **desk.each_context(request),
        "title": "Take in a file of time",
        "form": form,
        "tried": _tried(result) if result else None,
        "packed": form.carried() if result else "",
        "back": reverse("desk:time-week"),
        "any": form.fields["engagement"].queryset.exists(),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "engagements/desk/time_file.html", context)


def _run(form: FileForm, actor: Actor, *, dry_run: bool) -> time_import.Result | None:
    given = form.cleaned_data
    how = {
        name: given[name]
        for name in ("content", "dates", "hat_from", "hats", "otherwise", "project")
    }
    how |= {"by": actor, "at": timezone.now()}
    try:
        return time_import.take(given["engagement"], dry_run=dry_run, **how)
    except RowsWrong as no:
        form.add_error(None, no.sentence)
        return time_import.take(given["engagement"], dry_run=True, **how)
    except Refusal as no:
        for name, sentences in (getattr(no, "errors", None) or {"": [no.sentence]}).items():
            field = {"content": "file"}.get(name, name)
            for sentence in sentences:
                form.add_error(field if field in form.fields else None, sentence)
        return None


def _tried(result: time_import.Result) -> dict[str, Any]:
    # What is wrong comes first: it is what there is to do.
    rows = sorted(result.rows, key=lambda row: row.action != time_import.ERROR)
    return {
        "layout": time_files.layouts()[result.layout].label,
        "counts": [(*ACTIONS[name], count) for name, count in result.counts.items() if count],
        "may_take": not result.counts[time_import.ERROR]
        and bool(result.counts[time_import.ADD] or result.counts[time_import.CHANGE]),
        "errors": result.counts[time_import.ERROR],
        "more": max(len(rows) - SHOWN, 0),
        "rows": [
            {
                "line": row.line.number,
                "action": ACTIONS[row.action],
                "day": row.line.day,
                "length": pictures.length(row.line.minutes) if row.line.minutes is not None else "",
                "hat": (row.entry.hat or "joint") if row.entry else "",
                "note": row.line.note,
                "why": [f"{fault.column}: {fault.why}".lstrip(": ") for fault in row.faults]
                or [row.why or ("Counts in the next open month." if row.late else "")],
            }
            for row in rows[:SHOWN]
        ],
    }


desk.views.append(("time/file/", "time-file", page, "time"))
