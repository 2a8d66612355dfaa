"""The incident log at the desk."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.admin import register
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from assessments import incidents
from assessments.desk.estate import SystemAdmin
from assessments.models import Incident, IncidentStatus, Severity
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin, Section
from practice.sites.forms import DayInput, MomentInput, VerbForm

S = IncidentStatus
STATUS = {S.OPEN: "danger", S.CONTAINED: "warning", S.CLOSED: "success"}
SEVERITY = {
    Severity.CRITICAL: "danger",
    Severity.HIGH: "warning",
    Severity.MEDIUM: "info",
    Severity.LOW: "default",
}
KNOWN = (
    "title",
    "severity",
    "serious",
    "what_happened",
    "runbook",
    "found_at",
    "started_at",
    "ended_at",
    "external_id",
)


class CloseForm(forms.Form):
    learned = forms.CharField(
        max_length=8000, label="What was learnt", widget=UnfoldAdminTextareaWidget
    )
    ended_at = forms.DateTimeField(
        required=False,
        label="Ended, in your own time",
        widget=MomentInput,
        help_text="Left empty: as put down before.",
    )


class IncidentForm(VerbForm):
    class Meta:
        labels = {
            "found_at": "Found, in your own time",
            "started_at": "Began",
            "ended_at": "Ended",
            "external_id": "Id elsewhere",
        }


def may_go(to: str) -> Callable[[Incident], bool]:
    return lambda row: to in incidents.STEPS[row.status]


@register(Incident, site=desk)
class IncidentAdmin(ScopedAdmin):
    intro = (
        "What went wrong with your clients' AI. The client's sponsor and board read it as soon as it is put down. "
        "Whether an incident must be reported, to whom and by when, is a question for counsel."
    )
    form = IncidentForm
    empty = "No incidents. Put one down as soon as it is found, and complete it later."
    formfield_overrides = {
        models.DateField: {"widget": DayInput},
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
    }
    list_display = (
        "title",
        "how_bad",
        "stands",
        "system",
        "client",
        "may_be_reportable",
        "found_at",
    )
    list_filter = ("client", "status", "severity", "serious", "system")
    list_select_related = ("client", "system")
    search_fields = ("title", "what_happened")
    ordering = ("-found_at", "-id")
    add_verb = staticmethod(incidents.add)
    change_verb = staticmethod(incidents.change)
    add_fields = ("system", *KNOWN)
    change_fields = KNOWN
    readonly_fields = ("client", "stands", "contained_at", "closed_at", "learned")
    fieldsets = (
        (None, {"fields": ["system", "client", "title", "severity", "stands", "serious"]}),
        ("What happened", {"fields": ["what_happened", "runbook", "external_id"]}),
        (
            "When",
            {"fields": ["found_at", "started_at", "ended_at", "contained_at", "closed_at"]},
        ),
        ("What was learnt", {"fields": ["learned"]}),
    )
    acts = (
        Act(
            "contain",
            "It is contained",
            incidents.contain,
            explain="{0} does no further harm.",
            done="Kept.",
            when=may_go(S.CONTAINED),
            icon="shield",
        ),
        Act(
            "close",
            "Close it",
            incidents.close,
            explain="{0} is over. It stays as it is from then on.",
            done="Closed.",
            when=may_go(S.CLOSED),
            form=CloseForm,
            icon="task_alt",
        ),
        Act(
            "reopen",
            "Not contained after all",
            incidents.reopen,
            explain="{0} is open again.",
            done="It is open again.",
            when=may_go(S.OPEN),
            icon="undo",
        ),
    )
    stands = show.status(STATUS)

    @display(description="Severity", label={str(one): colour for one, colour in SEVERITY.items()})
    def how_bad(self, row: Incident) -> show.Badge:
        return show.Badge(row.severity, row.get_severity_display())

    @display(description="Serious", label={"ask": "danger"})
    def may_be_reportable(self, row: Incident) -> show.Badge | str:
        return show.Badge("ask", "Ask counsel") if row.serious else ""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        now = timezone.now().replace(second=0, microsecond=0)
        return {
            "found_at": now,
            "severity": "medium",
            **super().get_changeform_initial_data(request),
        }

    def changeable(self, request: HttpRequest, obj: Incident | None = None) -> tuple[str, ...]:
        closed = obj is not None and obj.status == S.CLOSED
        return () if closed else super().changeable(request, obj)


# What a system's page gains.
SystemAdmin.sections = (
    *SystemAdmin.sections,
    Section(
        "Incidents",
        Incident,
        on="system",
        columns=(
            ("Incident", str),
            ("Severity", Incident.get_severity_display),
            ("Status", Incident.get_status_display),
            ("Found", lambda row: row.found_at),
        ),
        order=("-found_at",),
        wide=True,
        empty="None.",
    ),
)
