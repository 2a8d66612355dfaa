"""The consultant's choice on an assessment, with the reason; whatever the panel says, a person decides."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from assessments import library, own_lenses, reads, scoring, shown
from assessments.models import Assessment
from practice import policies
from practice.desk.site import desk
from practice.models.people import Hat
from practice.refusals import Refusal

VALUE, REASON = "value_", "reason_"
PLAIN = ("next_seat", "end_shape", "point", "hats", "preferred_lens", "reason")


def _said(kind: str, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    said = [(code, reads.words(kind, code)) for code in codes]
    return [("", "Choose"), *((code, words[:1].upper() + words[1:]) for code, words in said)]


def _choice(label: str, choices: list[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=UnfoldAdminSelectWidget, **more)


class ChoiceForm(forms.Form):
    next_seat = _choice("Next", _said("next_seat", scoring.NEXT_SEATS))
    end_shape = _choice("In the end", _said("end_shape", scoring.END_SHAPES))
    point = _choice("In which form we come in", _said("point", scoring.POINTS))
    hats = forms.MultipleChoiceField(
        choices=Hat.choices,
        required=False,
        label="Hats we would wear",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    reason = forms.CharField(
        max_length=4000,
        label="Why",
        widget=UnfoldAdminTextareaWidget,
        help_text="Stands in the read as you write it here.",
    )

    def __init__(self, *args: Any, open_conflicts: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        lenses = [(key, f"{lens.name} ({key})") for key, lens in library.shipped().items()]
        self.fields["preferred_lens"] = _choice(
            "The lens you lean on", [("", "None in particular"), *lenses], required=False
        )
        self.overrides = [conflict["id"] for conflict in open_conflicts]
        for conflict in open_conflicts:
            self._ask_override(conflict)

    def _ask_override(self, conflict: dict[str, Any]) -> None:
        values = [
            (value, shown.policy_value(value))
            for value in policies.policies()[conflict["policy"]].values
        ]
        self.fields[VALUE + conflict["id"]] = _choice(
            f"{conflict['id']}: {conflict['question']}",
            [("", f"As the practice has it: {shown.policy_value(conflict['ours'])}"), *values],
            required=False,
        )
        self.fields[REASON + conflict["id"]] = forms.CharField(
            required=False,
            max_length=2000,
            label=f"{conflict['id']}: why otherwise here",
            widget=UnfoldAdminTextInputWidget,
        )

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in PLAIN]

    @property
    def override_fields(self) -> list[forms.BoundField]:
        return [self[part + id] for id in self.overrides for part in (VALUE, REASON)]

    @property
    def overrides_touched(self) -> bool:
        return any(field.errors or field.data for field in self.override_fields)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for id in self.overrides:
            if given.get(VALUE + id) and not given.get(REASON + id, "").strip():
                self.add_error(REASON + id, "Say why this client is an exception.")
        return given

    def chosen(self) -> dict[str, Any]:
        """As the verb takes it."""
        given = self.cleaned_data
        return {name: given[name] for name in PLAIN} | {
            "overrides": [
                {"conflict": id, "value": given[VALUE + id], "reason": given[REASON + id].strip()}
                for id in self.overrides
                if given[VALUE + id]
            ]
        }


@require_http_methods(["GET", "POST"])
def _page(request: HttpRequest, admin: Any, row: Assessment) -> HttpResponse:
    here = request.here  # type: ignore[attr-defined]
    ours = scoring.policies_of(row)
    undecided = [{**told, "ours": ours[told["policy"]]} for told in shown.open_choices(row.result)]
    form = ChoiceForm(request.POST or None, open_conflicts=undecided, initial=_proposed(row))
    if request.method == "POST" and form.is_valid():
        try:
            scoring.choose(row, by=here.actor, at=timezone.now(), **form.chosen())
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, "Your choice is recorded.")
            return HttpResponseRedirect(desk.page_of(row))
    context = {
        **desk.each_context(request),
        "title": "Record your choice",
        "opts": admin.opts,
        "original": row,
        "form": form,
        "panel": shown.panel(
            row.result, own=own_lenses.behind(here.actor, row.result.get("beside", []))
        ),
        "back": desk.page_of(row),
    }
    return TemplateResponse(request, "assessments/desk/choose.html", context)


def page(admin: Any, request: HttpRequest, row: Assessment) -> HttpResponse:
    answer: HttpResponse = _page(request, admin, row)
    return answer


def _proposed(row: Assessment) -> dict[str, str]:
    """What the panel agrees on; where it does not, the person chooses from nothing."""
    told = {"next_seat": row.next_seat, "end_shape": row.end_shape}
    agreed = {name: code for name, code in told.items() if code not in shown.OPEN}
    return {**agreed, "point": row.result.get("spectrum_point") or ""}


def _tell(form: ChoiceForm, refusal: Refusal) -> None:
    for field, sentences in (getattr(refusal, "errors", None) or {"": [refusal.sentence]}).items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)
