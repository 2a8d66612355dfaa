"""Billing batches at the desk: collected, looked through, exported as files, settled with the invoice's number."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from engagements import billing, billing_files
from engagements.models import BillingBatch, BillingLine
from practice.desk.site import desk
from practice.sites import Act, RowPage, ScopedAdmin, Section, VerbForm
from practice.sites.forms import DayInput

Status = BillingBatch.Status
STATUS = {Status.OPEN: "info", Status.EXPORTED: "warning", Status.SETTLED: "success"}


class BatchForm(VerbForm):
    currency = forms.CharField(
        max_length=3,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Only where the client is billed in more than one: which one this batch is in.",
    )
    tax_code = forms.CharField(
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Your accounts' code, put on every line as it is. Nothing is computed from it.",
    )

    class Meta:
        labels = {"from_on": "From", "until_on": "Until"}
        help_texts = {
            "from_on": "The first of a month.",
            "until_on": "The first of the month after the last one in the batch.",
        }


class SettleForm(forms.Form):
    external_number = forms.CharField(
        max_length=80, widget=UnfoldAdminTextInputWidget, label="Number of the invoice"
    )
    external_on = forms.DateField(widget=DayInput, label="Date of the invoice")


def _file(kind: str) -> Any:
    def show(admin: Any, request: HttpRequest, row: BillingBatch) -> HttpResponse:
        try:
            content = billing.content_of(row, by=request.here.actor)  # type: ignore[attr-defined]
        except billing.NotExported as early:
            raise Http404 from early
        return billing_files.answer(row, content, kind)

    return show


@register(BillingBatch, site=desk)
class BatchAdmin(ScopedAdmin):
    intro = (
        "What is handed to your accounts: fees, time over the allowance and expenses of a client, in whole months. "
        "An exported batch never changes; Remit writes no invoices and computes no tax."
    )
    empty = (
        "No batch yet. Close the month of the client's engagements, then collect what is billable."
    )
    form = BatchForm
    list_display = ("number", "client", "months", "sum", "stands", "invoice")
    list_filter = ("client", "status")
    list_select_related = ("client",)
    search_fields = ("client__name", "external_number")
    ordering = ("-number", "-id")
    add_verb = staticmethod(billing.open_batch)
    add_fields = ("client", "from_on", "until_on", "currency", "tax_code")
    readonly_fields = ("months", "sum", "state", "order", "invoice", "fingerprint")
    fieldsets = (
        (None, {"fields": ["client", "from_on", "until_on", "currency", "tax_code"]}),
        (None, {"fields": ["months", "sum", "order", "state"]}),
        ("Export", {"fields": ["exported_at", "fingerprint", "invoice"]}),
    )
    pages = (
        RowPage("csv", "CSV", _file("csv"), "billing", action="see_fees", first=True),
        RowPage("json", "JSON", _file("json"), "billing", action="see_fees"),
    )
    acts = (
        Act(
            "export",
            "Export for good",
            billing.export,
            explain="{0} of {0.client} stays as it is from now on, and so does the time in it. Every later download "
            "is the same to the byte.",
            done="The batch is exported.",
            when=lambda row: row.status == Status.OPEN,
            icon="output",
        ),
        Act(
            "settle",
            "Note the invoice",
            billing.settle,
            explain="Which invoice has {0} become? Said again, it corrects number and date.",
            done="The invoice is noted.",
            when=lambda row: row.status != Status.OPEN,
            form=SettleForm,
            icon="receipt_long",
        ),
        Act(
            "discard",
            "Discard",
            billing.discard,
            explain="{0} is taken apart. What it held can be billed anew.",
            done="The batch is discarded; what it held is free.",
            when=lambda row: row.status == Status.OPEN,
            icon="delete",
            danger=True,
        ),
    )
    sections = (
        Section(
            "Lines",
            BillingLine,
            on="batch",
            columns=(
                ("What", lambda row: row.what),
                ("From", lambda row: row.from_on),
                ("Quantity", lambda row: f"{row.quantity.normalize():f} × {row.unit}"),
                ("Price", lambda row: f"{row.unit_price:,.2f}"),
                ("Amount", lambda row: f"{row.amount:,.2f}"),
                ("Order", lambda row: row.po_number),
            ),
            order=("position",),
            longest=200,
            wide=True,
        ),
    )

    @display(description="Months", ordering="from_on")
    def months(self, row: BillingBatch) -> str:
        last = row.until_on.replace(day=1)
        months = (last.year - row.from_on.year) * 12 + last.month - row.from_on.month
        first = f"{row.from_on:%B %Y}"
        return first if months == 1 else f"{months} months from {first}"

    @display(description="Total", ordering="total")
    def sum(self, row: BillingBatch) -> str:
        return f"{row.total:,.2f} {row.currency}"

    @display(description="Status", ordering="status", label={str(k): v for k, v in STATUS.items()})
    def stands(self, row: BillingBatch) -> tuple[str, str]:
        return row.status, row.get_status_display()

    @display(description="Status")
    def state(self, row: BillingBatch) -> str:
        return row.get_status_display()

    @display(description="Order number")
    def order(self, row: BillingBatch) -> str:
        return row.po_number

    @display(description="Invoice")
    def invoice(self, row: BillingBatch) -> str:
        if not row.external_on:
            return "Not noted yet"
        return f"{row.external_number} of {row.external_on.day} {row.external_on:%B %Y}"

    @display(description="SHA-256 of the JSON file")
    def fingerprint(self, row: BillingBatch) -> str:
        return row.sha256

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What was asked to collect it is told in other words once it is there."""
        groups = super().get_fieldsets(request, obj)
        if obj is None:
            return groups
        (_, asked), (_, there), export = groups
        told = {**asked, "fields": ["client", *there["fields"]]}
        return [(None, told)] if obj.status == Status.OPEN else [(None, told), export]

    def _around(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        around = super()._around(request, row)
        if row is not None and row.status == Status.OPEN:
            around["pages"] = []
        return around

    def after_act(self, request: HttpRequest, act: Act, row: Any, result: Any) -> HttpResponse:
        if act.name == "discard":
            return HttpResponseRedirect(desk.link(BillingBatch))
        return super().after_act(request, act, row, result)


@register(BillingLine, site=desk)
class LineAdmin(ScopedAdmin):
    intro = "Every line that was ever put into a batch."
    empty = "No lines yet: they come with the first batch."
    list_display = ("what", "client", "batch", "kind", "amount", "currency")
    list_filter = ("client", "batch", "kind")
    list_select_related = ("client", "batch", "engagement")
    search_fields = ("what",)
    ordering = ("-batch__number", "position", "id")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "what",
                    "batch",
                    "engagement",
                    "client",
                    "kind",
                    "hat",
                    "from_on",
                    "until_on",
                    "quantity",
                    "unit",
                    "unit_price",
                    "amount",
                    "currency",
                    "tax_code",
                    "po_number",
                    "key",
                ]
            },
        ),
    )
