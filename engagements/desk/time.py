"""Time entries and expenses as lists at the desk; the week page is where people note their own."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextInputWidget

from engagements import expenses, pictures, timesheet
from engagements.models import Engagement, Expense, TimeEntry
from practice import files
from practice.desk.site import desk
from practice.sites import ScopedAdmin, VerbForm

RUNNING = ("active", "paused", "ended")


class OfRunning(ScopedAdmin):
    """Notes something for an engagement that has begun."""

    def offered(self, request: HttpRequest, model: Any) -> Any:
        rows = super().offered(request, model)
        return rows.filter(status__in=RUNNING) if model is Engagement else rows

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        me = {"member": request.here.place.pk}  # type: ignore[attr-defined]
        return {**me, **super().get_changeform_initial_data(request)}


class TimeForm(VerbForm):
    class Meta:
        labels = {"hat": "Hat", "worked_on": "Day"}
        help_texts = {
            "hat": "Left empty: joint, split equally over the engagement's hats.",
            "minutes": "90 for an hour and a half.",
        }


@register(TimeEntry, site=desk)
class TimeEntryAdmin(OfRunning):
    intro = (
        "Every entry of time, by whom and under which hat. You note your own on the week's page."
    )
    empty = "No time yet. Note it on the page of the week, or take in a file of another tool."
    form = TimeForm
    list_display = (
        "worked_on",
        "engagement",
        "hat_or_joint",
        "how_long",
        "member",
        "note",
        "is_billable",
        "planned",
        "counts",
    )
    list_filter = ("client", "engagement", "member", "hat", "billable", "reactive")
    list_select_related = ("engagement", "member__user")
    search_fields = ("note", "engagement__name")
    ordering = ("-worked_on", "-id")
    add_verb = staticmethod(timesheet.note)
    change_verb = staticmethod(timesheet.change)
    remove_verb = staticmethod(timesheet.remove)
    change_fields = ("worked_on", "minutes", "hat", "note", "billable", "reactive")
    add_fields = ("engagement", "member", *change_fields)
    readonly_fields = ("counts",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "engagement",
                    "member",
                    "worked_on",
                    "minutes",
                    "hat",
                    "note",
                    "billable",
                    "reactive",
                    "counts",
                ]
            },
        ),
    )

    @display(description="Hat", ordering="hat")
    def hat_or_joint(self, row: TimeEntry) -> str:
        return row.get_hat_display() if row.hat else "Joint"

    @display(description="Length", ordering="minutes")
    def how_long(self, row: TimeEntry) -> str:
        return pictures.length(row.minutes)

    @display(description="Billable", ordering="billable")
    def is_billable(self, row: TimeEntry) -> str:
        return "Yes" if row.billable else "No"

    @display(description="Planned", ordering="reactive")
    def planned(self, row: TimeEntry) -> str:
        return "Reactive" if row.reactive else "Planned"

    @display(description="Counts in")
    def counts(self, row: TimeEntry) -> str:
        late = " (late)" if row.booked_on != row.worked_on else ""
        return f"{row.booked_on:%B %Y}{late}"


class ExpenseForm(VerbForm):
    currency = forms.CharField(
        required=False,
        max_length=3,
        widget=UnfoldAdminTextInputWidget,
        help_text="Left empty: the client's.",
    )
    upload = forms.FileField(
        required=False,
        label="New receipt",
        widget=UnfoldAdminFileFieldWidget,
        help_text="A picture or PDF of it, kept with the client's files.",
    )

    class Meta:
        labels = {"what": "What for", "spent_on": "Day"}


@register(Expense, site=desk)
class ExpenseAdmin(OfRunning):
    intro = "What was spent for clients: billed to them, or taken from an allowance of money."
    empty = "No expenses yet. Add one with its receipt while you have it in your hand."
    form = ExpenseForm
    list_display = ("spent_on", "engagement", "what", "amount", "currency", "member", "billable")
    list_filter = ("client", "engagement", "member", "billable")
    list_select_related = ("engagement", "member__user")
    search_fields = ("what", "engagement__name")
    ordering = ("-spent_on", "-id")
    add_verb = staticmethod(expenses.note)
    change_verb = staticmethod(expenses.change)
    remove_verb = staticmethod(expenses.remove)
    change_fields = (
        "spent_on",
        "amount",
        "currency",
        "what",
        "billable",
        "against_allowance",
        "receipt",
        "upload",
    )
    add_fields = ("engagement", "member", *change_fields)
    fieldsets = ((None, {"fields": ["engagement", "member", *change_fields]}),)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        groups = super().get_fieldsets(request, obj)
        if obj is None or self.changeable(request):
            return groups
        return [
            (title, {**options, "fields": [n for n in options["fields"] if n != "upload"]})
            for title, options in groups
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"currency": "", **super().get_changeform_initial_data(request)}

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The new receipt and the expense that it shows, or neither."""
        upload = form.cleaned_data.pop("upload", None)
        if change and not form.cleaned_data.get("currency"):
            form.cleaned_data["currency"] = form.instance.currency
        with transaction.atomic():
            if upload is not None:
                engagement = form.cleaned_data.get("engagement") or form.instance.engagement
                form.cleaned_data["receipt"] = files.keep(
                    engagement.client,
                    name=upload.name,
                    content=upload.read(),
                    by=request.here.actor,  # type: ignore[attr-defined]
                    at=timezone.now(),
                )
                form.changed_data.append("receipt")
            return super().save_form(request, form, change)
