"""Vendors and their contracts at the desk: reviews, terms, notice, renewal."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from assessments import contract_calendar, gpai, vendor_contracts, vendors
from assessments.desk.listing import ListedInFiles
from assessments.models import System, Vendor, VendorContract, VendorEvidence
from practice.desk import show
from practice.desk.site import desk
from practice.models import Client
from practice.quarters import local_day
from practice.sites import Act, Section
from practice.sites.forms import DayInput


class VendorReviewForm(forms.Form):
    note = forms.CharField(
        max_length=4000, label="What came of it", widget=UnfoldAdminTextareaWidget
    )


@register(Vendor, site=desk)
class VendorAdmin(ListedInFiles):
    file_kind = "vendors"
    intro = "From whom your clients buy AI. The market changes within a quarter, so each is looked at anew every three months."
    empty = "No vendors yet."
    list_display = ("name", "client", "country", "reviewed_on", "review_on")
    list_filter = ("client",)
    list_select_related = ("client",)
    search_fields = ("name",)
    ordering = ("name", "id")
    add_verb = staticmethod(vendors.add)
    change_verb = staticmethod(vendors.change)
    add_fields = ("client", "name", "website", "country", "review_months", "note", "external_id")
    change_fields = add_fields[1:]
    readonly_fields = ("reviewed_on", "review_on", "review_note")
    fieldsets = (
        (None, {"fields": ["client", "name", "website", "country", "note", "external_id"]}),
        ("Reviews", {"fields": ["review_months", "review_on", "reviewed_on", "review_note"]}),
    )
    acts = (
        Act(
            "review",
            "Looked at anew",
            vendors.review,
            explain="What {0} offers now, its models, prices and terms: the next look is due after its months.",
            done="Kept. The next look is on the agenda.",
            form=VendorReviewForm,
            icon="event_repeat",
        ),
    )
    sections = (
        Section(
            "Contracts",
            VendorContract,
            on="vendor",
            columns=(
                ("Contract", str),
                ("Renews or ends", lambda row: row.renews_on or "No fixed term"),
                ("Last day for notice", lambda row: row.notice_on or ""),
                ("Stands", lambda row: state(row)[1]),
            ),
            order=("-starts_on",),
            wide=True,
        ),
        Section(
            "Asked of this vendor",
            VendorEvidence,
            on="vendor",
            columns=(
                ("What", lambda row: gpai.label(row.item)),
                ("Stands", VendorEvidence.get_status_display),
                ("Since", lambda row: row.status_on),
            ),
            order=("item",),
            empty="Nothing yet. The vendor of a general-purpose model owes documentation, a copyright policy and a summary of its training data.",
            wide=True,
        ),
        Section(
            "Systems",
            System,
            on="vendor",
            columns=(
                ("System", str),
                ("Kind", System.get_kind_display),
                ("Status", System.get_status_display),
            ),
            order=("name",),
        ),
    )


def state(row: VendorContract) -> show.Badge:
    if row.ended_on is not None:
        return show.Badge("over", f"Over since {row.ended_on}")
    if row.notice_given_on is not None:
        return show.Badge("notice", "Notice given")
    return show.Badge("runs", "Renews by itself" if row.auto_renew else "Under way")


class NoticeForm(forms.Form):
    given_on = forms.DateField(
        required=False, label="Given on", widget=DayInput, help_text="Left empty: today."
    )


class RenewForm(forms.Form):
    renews_on = forms.DateField(
        required=False,
        label="Until before",
        widget=DayInput,
        help_text="The day after the new term. Left empty: as long as its terms say.",
    )


class EndForm(forms.Form):
    ended_on = forms.DateField(
        required=False, label="Its last day", widget=DayInput, help_text="Left empty: today."
    )


TERMS = (
    "name",
    "annual_spend",
    "currency",
    "starts_on",
    "renews_on",
    "auto_renew",
    "renewal_months",
    "notice_days",
    "data_processing",
    "data_terms",
    "external_id",
)


def runs(row: VendorContract) -> bool:
    return row.ended_on is None


@register(VendorContract, site=desk)
class VendorContractAdmin(ListedInFiles):
    file_kind = "contracts"
    intro = "What your clients agreed with vendors of AI. Renewals and last days for notice are on the agenda."
    empty = "No contracts yet. Add the vendor first, then what was agreed with it."
    list_display = (
        "name",
        "vendor",
        "client",
        "stands",
        "renews_on",
        "notice_on",
        "annual_spend",
        "currency",
    )
    list_filter = (
        show.narrowed("when", "Under way", "Under way and over", ended_on=None),
        "client",
        "vendor",
        "data_processing",
    )
    list_select_related = ("client", "vendor")
    search_fields = ("name", "vendor__name")
    ordering = ("renews_on", "name", "id")
    add_verb = staticmethod(vendor_contracts.add)
    change_verb = staticmethod(vendor_contracts.change)
    add_fields = ("vendor", *TERMS)
    change_fields = TERMS
    readonly_fields = ("stands", "notice_on", "notice_given_on", "ended_on")
    fieldsets = (
        (None, {"fields": ["vendor", "name", "stands", "annual_spend", "currency"]}),
        (
            "Term",
            {
                "fields": [
                    "starts_on",
                    "renews_on",
                    "auto_renew",
                    "renewal_months",
                    "notice_days",
                    "notice_on",
                    "notice_given_on",
                    "ended_on",
                ]
            },
        ),
        ("Data", {"fields": ["data_processing", "data_terms", "external_id"]}),
    )
    acts = (
        Act(
            "give-notice",
            "Notice was given",
            vendor_contracts.give_notice,
            explain="{0} ends with its term and does not renew.",
            done="Kept. It ends with its term.",
            when=lambda row: runs(row) and row.renews_on and row.notice_given_on is None,
            form=NoticeForm,
            icon="outgoing_mail",
        ),
        Act(
            "renew",
            "It was renewed",
            vendor_contracts.renew,
            explain="{0} goes on for another term. Notice that was given is void.",
            done="Kept, with its new days on the agenda.",
            when=lambda row: runs(row) and row.renews_on is not None,
            form=RenewForm,
            icon="autorenew",
        ),
        Act(
            "end",
            "It is over",
            vendor_contracts.end,
            explain="Nothing of {0} is due any more.",
            done="The contract is over.",
            when=runs,
            form=EndForm,
            icon="event_busy",
            danger=True,
        ),
    )

    @display(description="State", label={"runs": "success", "notice": "warning", "over": "default"})
    def stands(self, row: VendorContract) -> show.Badge:
        return state(row)


def calendar(admin: Any, request: HttpRequest, client: Client) -> HttpResponse:
    """What of a client's contracts comes up, and when."""
    actor = request.here.actor  # type: ignore[attr-defined]
    today = local_day(timezone.now(), client.time_zone)
    told = contract_calendar.coming(client, by=actor, today=today)
    months = [
        (first, list(of_it)) for first, of_it in groupby(told, lambda one: one.day.replace(day=1))
    ]
    context = {
        **desk.each_context(request),
        "title": "AI contracts",
        "opts": admin.opts,
        "original": client,
        "back": desk.page_of(client),
        "months": [
            (first, [(one, desk.page_of(one.row)) for one in of_it]) for first, of_it in months
        ],
    }
    return TemplateResponse(request, "assessments/desk/contracts.html", context)
