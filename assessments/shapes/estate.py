"""What the API tells of the AI estate: systems, vendors, contracts, spend, rates and findings of what can be saved."""

from django.db.models import Q
from rest_framework import serializers

from assessments import estate_book
from assessments.models import (
    ExchangeRate,
    Incident,
    Saving,
    SpendLine,
    System,
    Vendor,
    VendorContract,
)
from practice.rest.filters import Filter
from practice.rest.shapes import Shape
from practice.shapes import CLIENT, ROW

OF = ("client", "external_id")

VENDOR = Shape(
    "Vendor",
    Vendor,
    *ROW,
    *OF,
    "name",
    "website",
    "country",
    "note",
    "review_months",
    "review_on",
    "reviewed_on",
    "review_note",
    client_name="client__name",
    expands={"client": CLIENT},
)

SYSTEM = Shape(
    "System",
    System,
    *ROW,
    *OF,
    "name",
    "kind",
    "status",
    "status_at",
    "owner",
    "owner_name",
    "risk_owner",
    "risk_owner_name",
    "purpose",
    "business_problem",
    "expected_outcome",
    "data_classes",
    "vendor",
    "ai_model",
    "fallback_plan",
    "in_production",
    "customer_facing",
    "critical_path",
    "profiles_persons",
    "tier",
    "discovered_how",
    "discovered_note",
    "discovered_on",
    # Not the vendor's name: a client's reviewer reads systems and no vendors.
    client_name="client__name",
    expands={"client": CLIENT, "vendor": VENDOR},
)

VENDOR_CONTRACT = Shape(
    "VendorContract",
    VendorContract,
    *ROW,
    *OF,
    "vendor",
    "name",
    "annual_spend",
    "currency",
    "starts_on",
    "renews_on",
    "auto_renew",
    "renewal_months",
    "notice_days",
    "notice_on",
    "notice_given_on",
    "ended_on",
    "data_processing",
    "data_terms",
    client_name="client__name",
    vendor_name="vendor__name",
    expands={"client": CLIENT, "vendor": VENDOR},
)

SPEND_LINE = Shape(
    "SpendLine",
    SpendLine,
    *ROW,
    *OF,
    "month_on",
    "system",
    "vendor",
    "amount",
    "currency",
    "note",
    system_name="system__name",
    vendor_name="vendor__name",
    expands={"client": CLIENT, "system": SYSTEM, "vendor": VENDOR},
)

EXCHANGE_RATE = Shape(
    "ExchangeRate",
    ExchangeRate,
    *ROW,
    "client",
    "currency",
    "into",
    "rate",
    "since_on",
    "source",
    expands={"client": CLIENT},
)

SAVING = Shape(
    "Saving",
    Saving,
    *ROW,
    *OF,
    "title",
    "lever",
    "system",
    "vendor",
    "note",
    "status",
    "currency",
    "identified_amount",
    "identified_on",
    "agreed_amount",
    "agreed_on",
    "realised_amount",
    "realised_on",
    "dropped_reason",
    system_name="system__name",
    vendor_name="vendor__name",
    expands={"client": CLIENT, "system": SYSTEM, "vendor": VENDOR},
)

INCIDENT = Shape(
    "Incident",
    Incident,
    *ROW,
    *OF,
    "system",
    "title",
    "severity",
    "status",
    "serious",
    "what_happened",
    "runbook",
    "found_at",
    "started_at",
    "ended_at",
    "contained_at",
    "closed_at",
    "learned",
    client_name="client__name",
    system_name="system__name",
    expands={"client": CLIENT, "system": SYSTEM},
)


class OwnerNamed:
    """Whether somebody answers for its risk, a contact or another by name."""

    paths = ("risk_owner", "risk_owner_name")
    kind = serializers.BooleanField(help_text="Whether somebody answers for its risk.")

    def q(self, text: str) -> Q:
        nobody = Q(risk_owner=None, risk_owner_name="")
        return ~nobody if self.kind.run_validation(text) else nobody


class OfClass:
    """Systems that touch a class of data: quoted, as it stands in the list, so that no key is found in another."""

    paths = ("data_classes",)
    kind = serializers.ChoiceField(choices=sorted(estate_book.words().data_classes.items()))

    def q(self, text: str) -> Q:
        return Q(data_classes__icontains=f'"{self.kind.run_validation(text)}"')


SYSTEM_FILTERS = {"risk_owned": OwnerNamed(), "data_class": OfClass()}
UNDER_WAY = {
    "under_way": Filter("ended_on__isnull", serializers.BooleanField(help_text="Not over."))
}
