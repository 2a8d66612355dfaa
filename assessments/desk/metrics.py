"""Metrics at the desk: what is measured, its values, and the target."""

from typing import Any

from django import forms
from django.contrib.admin import register
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from assessments import metrics, work_book
from assessments.models import Metric, MetricValue
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin, Section, VerbForm


class MetricForm(VerbForm):
    kind = forms.ChoiceField(
        choices=lambda: work_book.metrics().choices, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        labels = {"external_id": "Id elsewhere", "direction": "Better is", "target_on": "By"}
        help_texts = {
            "definition": "How it is counted, so that two people come to the same figure.",
            "currency": "For money alone. Left empty: the client's.",
        }


METRIC = (
    "name",
    "kind",
    "definition",
    "unit",
    "currency",
    "direction",
    "target",
    "target_on",
    "initiative",
    "note",
    "external_id",
)


@register(Metric, site=desk)
class MetricAdmin(ScopedAdmin):
    intro = "What is measured at your clients. While you wear a CAIO hat, one figure of return, adoption, governance or value has a new value each quarter."
    empty = "Nothing is measured yet. Begin with one figure that the sponsor asks for anyway."
    form = MetricForm
    list_display = ("name", "client", "kind_words", "unit", "direction", "target", "target_on")
    list_filter = (show.narrowed("when", "Followed", "All", ended_on=None), "client", "unit")
    list_select_related = ("client",)
    search_fields = ("name", "definition")
    ordering = ("name", "id")
    add_verb = staticmethod(metrics.add)
    change_verb = staticmethod(metrics.change)
    add_fields = ("client", *METRIC)
    change_fields = METRIC
    readonly_fields = ("ended_on",)
    fieldsets = (
        (None, {"fields": ["client", "name", "kind", "definition", "initiative"]}),
        ("In what", {"fields": ["unit", "currency"]}),
        ("Target", {"fields": ["direction", "target", "target_on", "ended_on"]}),
        ("For the practice alone", {"fields": ["note", "external_id"]}),
    )
    acts = (
        Act(
            "end",
            "Follow it no longer",
            metrics.end,
            explain="{0} takes no more values. What it was stays.",
            done="Ended.",
            when=lambda row: row.ended_on is None,
            icon="block",
            danger=True,
        ),
    )
    sections = (
        Section(
            "Values",
            MetricValue,
            on="metric",
            columns=(
                ("On", lambda row: row.measured_on),
                ("Value", lambda row: f"{row.value.normalize():f}"),
                ("Read where", lambda row: row.source),
            ),
            order=("-measured_on",),
            wide=True,
        ),
    )

    @display(description="Kind", ordering="kind")
    def kind_words(self, row: Metric) -> str:
        return work_book.metrics().kinds[row.kind].label


VALUE = ("measured_on", "value", "source")


@register(MetricValue, site=desk)
class MetricValueAdmin(ScopedAdmin):
    intro = "What was measured, on which day, and where it was read."
    empty = "No values yet. They are added on a metric's page."
    list_display = ("metric", "client", "measured_on", "value", "source")
    list_filter = ("client", "metric")
    list_select_related = ("client", "metric")
    ordering = ("-measured_on", "id")
    add_verb = staticmethod(metrics.note)
    change_verb = staticmethod(metrics.correct)
    remove_verb = staticmethod(metrics.remove)
    add_fields = ("metric", *VALUE)
    change_fields = VALUE
    fieldsets: Any = ((None, {"fields": ["metric", *VALUE]}),)
