"""What AI costs, at the desk: the ledger, rates, findings, and a client's spending against the axis."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextareaWidget

from assessments import pictures, savings, spend, spend_report
from assessments.desk.listing import ListedInFiles
from assessments.models import ExchangeRate, Saving, SavingStatus, SpendLine
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin

LINE = ("month_on", "system", "vendor", "amount", "currency", "note", "external_id")


@register(SpendLine, site=desk)
class SpendLineAdmin(ListedInFiles):
    file_kind = "spend"
    intro = "What AI cost your clients, month by month. Sums, forecast and the axis are on a client's page of spending."
    empty = "Nothing noted yet."
    list_display = ("month_on", "client", "vendor", "system", "amount", "currency")
    list_filter = ("client", "vendor", "system", "currency")
    list_select_related = ("client", "vendor", "system")
    ordering = ("-month_on", "client__name", "id")
    add_verb = staticmethod(spend.note)
    change_verb = staticmethod(spend.change)
    remove_verb = staticmethod(spend.remove)
    add_fields = ("client", *LINE)
    change_fields = LINE
    fieldsets = ((None, {"fields": ["client", *LINE]}),)


RATE = ("currency", "into", "rate", "since_on", "source")


@register(ExchangeRate, site=desk)
class ExchangeRateAdmin(ScopedAdmin):
    intro = "Sums of several currencies are added only by a rate that was recorded here."
    empty = "No rates yet. Record one from each currency into the client's, and into dollars for the axis."
    list_display = ("currency", "into", "rate", "since_on", "client", "source")
    list_filter = ("client", "currency")
    list_select_related = ("client",)
    ordering = ("-since_on", "id")
    add_verb = staticmethod(spend.record_rate)
    change_verb = staticmethod(spend.correct_rate)
    add_fields = ("client", *RATE)
    change_fields = RATE
    fieldsets = ((None, {"fields": ["client", *RATE]}),)


class AmountForm(forms.Form):
    amount = forms.DecimalField(
        max_digits=14, decimal_places=2, label="In a year", widget=UnfoldAdminDecimalFieldWidget
    )


class DropForm(forms.Form):
    reason = forms.CharField(max_length=4000, label="Why", widget=UnfoldAdminTextareaWidget)


FOUND = (
    "title",
    "lever",
    "system",
    "vendor",
    "identified_amount",
    "currency",
    "identified_on",
    "note",
    "external_id",
)
SAVING_STATUS = {
    SavingStatus.IDENTIFIED: "info",
    SavingStatus.AGREED: "warning",
    SavingStatus.REALISED: "success",
    SavingStatus.DROPPED: "default",
}


@register(Saving, site=desk)
class SavingAdmin(ScopedAdmin):
    intro = "What could be spent less in a year: by consolidation, a smaller model where it is enough, or unused capacity."
    empty = "No findings yet."
    list_display = (
        "title",
        "client",
        "lever",
        "stands",
        "identified_amount",
        "agreed_amount",
        "realised_amount",
        "currency",
    )
    list_filter = ("client", "lever", "status")
    list_select_related = ("client", "vendor", "system")
    search_fields = ("title",)
    ordering = ("-identified_on", "id")
    add_verb = staticmethod(savings.identify)
    change_verb = staticmethod(savings.change)
    add_fields = ("client", *FOUND)
    change_fields = FOUND
    readonly_fields = (
        "stands",
        "agreed_amount",
        "agreed_on",
        "realised_amount",
        "realised_on",
        "dropped_reason",
    )
    fieldsets = (
        (None, {"fields": ["client", *FOUND]}),
        ("What came of it", {"fields": [*readonly_fields]}),
    )
    stands = show.status(SAVING_STATUS)
    acts = (
        Act(
            "agree",
            "Agreed",
            savings.agree,
            explain="What of {0} the client agreed to go for.",
            done="Kept.",
            when=lambda row: SavingStatus.AGREED in savings.STEPS[row.status],
            form=AmountForm,
            icon="handshake",
        ),
        Act(
            "realise",
            "Realised",
            savings.realise,
            explain="What came of {0}. Nothing is an answer, too.",
            done="Kept.",
            when=lambda row: SavingStatus.REALISED in savings.STEPS[row.status],
            form=AmountForm,
            icon="savings",
        ),
        Act(
            "drop",
            "Drop it",
            savings.drop,
            explain="{0} will not be done.",
            done="Dropped.",
            when=lambda row: SavingStatus.DROPPED in savings.STEPS[row.status],
            form=DropForm,
            icon="delete",
            danger=True,
        ),
    )


def report(admin: Any, request: HttpRequest, client: Any) -> HttpResponse:
    """What AI costs one client, as the API tells it."""
    actor = request.here.actor  # type: ignore[attr-defined]
    at = timezone.now()
    told = spend_report.of(client, by=actor, at=at)
    by_month = spend_report.by_vendor_and_month(client, by=actor, at=at)
    context = {
        **desk.each_context(request),
        "title": "AI spending",
        "opts": admin.opts,
        "original": client,
        "back": desk.page_of(client),
        "told": told,
        "picture": pictures.axis(told["axis"]),
        "months": pictures.months(by_month, told["axis"]["marks"]),
    }
    return TemplateResponse(request, "assessments/desk/spend.html", context)
