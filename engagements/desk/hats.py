"""Hats at the desk: who wears them, who stands in, to whom they answer."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from engagements import deputies, reporting, terms_words, wearing
from engagements.models import Deputy, ReportingLine, Wearing
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin, VerbForm
from practice.sites.forms import DayInput


class _WithReason(VerbForm):
    reason = forms.CharField(
        required=False,
        max_length=2000,
        label="If they serve a competitor: why",
        widget=UnfoldAdminTextareaWidget,
    )


class WearingForm(_WithReason):
    class Meta:
        help_texts = {
            "since_on": "From this day. Whoever wears the hat now takes it off that day.",
            "depth_evidence": "For an AI hat: what shows depth with AI in production.",
        }
        labels = {"since_on": "From", "depth_evidence": "Depth with AI"}


class DeputyForm(_WithReason):
    class Meta:
        labels = {"wearing": "Stands in for", "since_on": "From", "until_on": "Until"}


class TakeOffForm(forms.Form):
    until_on = forms.DateField(
        label="From", widget=DayInput, help_text="The first day on which nobody wears it."
    )


@register(Wearing, site=desk)
class WearingAdmin(ScopedAdmin):
    intro = "Who wears which hat of an engagement, from when until when."
    empty = "Nobody wears a hat yet. Open an engagement first, then say who wears its hats."
    form = WearingForm
    list_display = ("hat", "engagement", "member", "since_on", "until_on")
    list_filter = (
        show.narrowed("when", "Present", "Present and past", until_on=None),
        "engagement",
        "member",
        "hat",
    )
    list_select_related = ("engagement", "member__user", "client")
    ordering = ("engagement__name", "hat", "-since_on", "id")
    add_verb = staticmethod(wearing.wear)
    change_verb = staticmethod(wearing.note_depth)
    add_fields = ("engagement", "hat", "member", "since_on", "depth_evidence", "reason")
    change_fields = ("depth_evidence",)
    fieldsets = (
        (None, {"fields": ["engagement", "hat", "member", "since_on", "until_on"]}),
        ("Evidence", {"fields": ["depth_evidence", "reason"]}),
    )
    readonly_fields = ("until_on",)
    acts = (
        Act(
            "take-off",
            "Take the hat off",
            wearing.take_off,
            explain="{0} at {0.client}: from a day on, nobody wears this hat until somebody is named.",
            done="The stretch ends that day.",
            when=lambda row: row.until_on is None,
            form=TakeOffForm,
            icon="person_off",
        ),
    )


@register(Deputy, site=desk)
class DeputyAdmin(ScopedAdmin):
    intro = "Who decides under a hat while its holder is away. It holds once the sponsor has agreed in the portal."
    empty = "No deputies. Name one before the holder goes away."
    form = DeputyForm
    list_display = ("member", "wearing", "client", "since_on", "until_on", "state")
    list_filter = ("engagement", "member")
    list_select_related = ("member__user", "wearing__member__user", "client", "engagement")
    ordering = ("-since_on", "id")
    add_verb = staticmethod(deputies.name)
    add_fields = ("wearing", "member", "since_on", "until_on", "limit_per_decision", "reason")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "wearing",
                    "member",
                    "since_on",
                    "until_on",
                    "limit_per_decision",
                    "limit",
                    "reason",
                    "state",
                    "answer",
                ]
            },
        ),
    )
    readonly_fields = ("limit", "state", "answer")
    acts = (
        Act(
            "withdraw",
            "Withdraw",
            deputies.withdraw,
            explain="{0}: stands in no longer, from now on. What was decided until now stands.",
            done="They stand in no longer.",
            when=lambda row: row.withdrawn_at is None and row.declined_at is None,
            icon="person_off",
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return deputies.with_currency(super().get_queryset(request))

    def _add_only(self) -> set[str]:
        """Asked as a number, shown with its currency."""
        return super()._add_only() | {"limit_per_decision"}

    @display(description="May spend by one decision")
    def limit(self, row: Any) -> str:
        if row.limit_per_decision is None:
            return "As the holder"
        return terms_words.money(row.limit_per_decision, row.limit_currency)

    @display(description="State", label={"yes": "success", "open": "warning", "gone": "default"})
    def state(self, row: Deputy) -> Any:
        return {
            Deputy.WITHDRAWN: show.Badge("gone", "Withdrawn"),
            Deputy.DECLINED: show.Badge("gone", "Declined"),
            Deputy.ACCEPTED: show.Badge("yes", "Accepted"),
            Deputy.NAMED: show.Badge("open", "Waits for the sponsor"),
        }[row.status]

    @display(description="Why not")
    def answer(self, row: Deputy) -> str:
        return row.answered_reason or "–"


@register(ReportingLine, site=desk)
class ReportingLineAdmin(ScopedAdmin):
    intro = "To whom each hat answers at the client. A change begins a new stretch; the past stays."
    empty = "No reporting line recorded. An AI hat that answers to nobody in particular is a known cause of friction."
    list_display = ("hat", "engagement", "reports_to", "since_on", "until_on", "review_on")
    list_filter = (
        show.narrowed("when", "Present", "Present and past", until_on=None),
        "engagement",
        "hat",
    )
    list_select_related = ("engagement", "client")
    ordering = ("engagement__name", "hat", "-since_on", "id")
    add_verb = staticmethod(reporting.answer_to)
    add_fields = ("engagement", "hat", "reports_to", "since_on", "review_on")
    fieldsets = (
        (
            None,
            {"fields": ["engagement", "hat", "reports_to", "since_on", "until_on", "review_on"]},
        ),
    )
    readonly_fields = ("until_on",)
