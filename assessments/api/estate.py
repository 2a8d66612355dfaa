"""Systems, vendors and contracts of a client's AI estate over REST."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assessments import classifying, law_told, systems, vendor_contracts, vendors
from assessments.api.lawful import Classifications, ClassifyInput
from assessments.api.register import Register
from assessments.models import System, SystemStatus, Vendor, VendorContract
from assessments.shapes import estate as shapes
from assessments.shapes import lawful as law_shapes
from practice import access
from practice.models import Contact
from practice.rest.filters import search
from practice.rest.inputs import Input, Plain, Scoped
from practice.rest.problems import MEDIA_TYPE
from practice.rest.resource import acts, adds, changes
from practice.rest.schema import Problem

SYSTEM = (
    "name",
    "kind",
    "owner",
    "owner_name",
    "purpose",
    "business_problem",
    "expected_outcome",
    "vendor",
    "ai_model",
    "fallback_plan",
    "in_production",
    "customer_facing",
    "critical_path",
    "profiles_persons",
    "discovered_how",
    "discovered_note",
    "external_id",
)
CLASSES = {
    "data_classes": serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=40, required=False
    ),
    "discovered_on": serializers.DateField(required=False, help_text="Without it today."),
}


class RiskOwnerInput(Plain):
    contact = Scoped(Contact, required=False, allow_null=True)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)


class MoveSystemInput(Plain):
    to = serializers.ChoiceField(choices=SystemStatus.choices)


class Systems(Register):
    """The inventory: workloads, vendor relationships, gateways, prompt management and shadow AI."""

    model, shape, file_kind = System, shapes.SYSTEM, "systems"
    filters = (
        "client",
        "kind",
        "status",
        "vendor",
        "owner",
        "risk_owner",
        "in_production",
        "customer_facing",
        "critical_path",
        "profiles_persons",
        "tier",
        "discovered_how",
        "discovered_on",
        "external_id",
    )
    own_filters = {**shapes.SYSTEM_FILTERS, "q": search("name", "purpose", "ai_model")}
    ordering = ("name", "discovered_on", "id")
    create = adds(systems.add, Input.of(System, "client", *SYSTEM, name="NewSystem", **CLASSES))
    partial_update = changes(systems.change, Input.of(System, *SYSTEM, **CLASSES))
    move = acts(systems.move, MoveSystemInput, matches=True)
    name_risk_owner = acts(systems.name_risk_owner, RiskOwnerInput, matches=True)
    classify = acts(classifying.classify, ClassifyInput, matches=True, makes=Classifications)

    @extend_schema(responses={"200": law_shapes.CALENDAR, ("default", MEDIA_TYPE): Problem})
    @action(detail=True, methods=["get"])
    def law(self, request: Any, id: str) -> Response:
        """What of the law applies to it from when, by the newest table: orientation, not legal advice."""
        access.require(self.actor, "classification", "view")
        self._params(set())
        return Response(law_told.told(self.find(id), by=self.actor, at=timezone.now()))


VENDOR = ("name", "website", "country", "note", "review_months", "external_id")


class VendorReviewInput(Plain):
    note = serializers.CharField(max_length=4000)
    reviewed_on = serializers.DateField(required=False, help_text="Without it today.")


class Vendors(Register):
    """Suppliers of AI, and when they are looked at anew."""

    model, shape, file_kind = Vendor, shapes.VENDOR, "vendors"
    filters = ("client", "country", "review_on", "external_id")
    own_filters = {"q": search("name")}
    ordering = ("name", "review_on", "id")
    create = adds(vendors.add, Input.of(Vendor, "client", *VENDOR, name="NewVendor"))
    partial_update = changes(vendors.change, Input.of(Vendor, *VENDOR))
    review = acts(vendors.review, VendorReviewInput, matches=True)


CONTRACT = (
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


class VendorNoticeInput(Plain):
    given_on = serializers.DateField(required=False, help_text="Without it today.")


class RenewVendorContractInput(Plain):
    renews_on = serializers.DateField(
        required=False, help_text="The day after the new term; without it as long as agreed."
    )


class EndVendorContractInput(Plain):
    ended_on = serializers.DateField(required=False, help_text="Its last day; without it today.")


class VendorContracts(Register):
    """Contracts with vendors: spend, term, renewal, notice and the terms for data."""

    model, shape, file_kind = VendorContract, shapes.VENDOR_CONTRACT, "contracts"
    filters = (
        "client",
        "vendor",
        "auto_renew",
        "data_processing",
        "starts_on",
        "renews_on",
        "notice_on",
        "external_id",
    )
    own_filters = {**shapes.UNDER_WAY, "q": search("name", "vendor__name")}
    ordering = ("id", "name", "starts_on")
    create = adds(
        vendor_contracts.add,
        Input.of(VendorContract, "vendor", *CONTRACT, name="NewVendorContract"),
    )
    partial_update = changes(vendor_contracts.change, Input.of(VendorContract, *CONTRACT))
    give_notice = acts(vendor_contracts.give_notice, VendorNoticeInput, matches=True)
    renew = acts(vendor_contracts.renew, RenewVendorContractInput, matches=True)
    end = acts(vendor_contracts.end, EndVendorContractInput, matches=True)


RESOURCES = {"systems": Systems, "vendors": Vendors, "vendor-contracts": VendorContracts}
