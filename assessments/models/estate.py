"""The client's AI estate: what runs there, whom it is bought from and on which contract."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from practice.models.base import CountryField, CurrencyField, TenantRow, one_of
from practice.reach import Reach

if TYPE_CHECKING:
    from practice.access import Actor


def shown_to(*roles: str) -> "Callable[[Actor], Q]":
    """The estate is the client's own: its people of these roles see all of it."""
    return lambda actor: Q() if actor.role in roles else Q(pk=None)


class OfClient(TenantRow):
    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    # What other software calls it: a row that is taken in again is changed, not made twice.
    external_id = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        abstract = True


def external_once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["practice", "client", "external_id"], condition=~Q(external_id=""), name=name
    )


class Vendor(OfClient):
    """A supplier of AI to the client, and when somebody last looked at what it offers."""

    reach = Reach("vendor", clients=("client_id",), released=shown_to("sponsor", "board"))

    name = models.CharField(max_length=200)
    website = models.CharField(max_length=200, blank=True, default="")
    country = CountryField()
    note = models.TextField(max_length=4000, blank=True, default="")
    review_months = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text="Looked at anew after so many months.",
    )
    review_on = models.DateField(editable=False)
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    review_note = models.TextField(max_length=4000, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="vendor_has_a_name"),
            models.CheckConstraint(
                condition=Q(review_months__range=(1, 3)), name="vendor_review_months"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on=None) | Q(review_on__gt=F("reviewed_on")),
                name="vendor_reviewed_before_next",
            ),
            external_once("vendor_external_once"),
        ]
        indexes = [models.Index(fields=["practice", "client", "name", "id"], name="vendor_by_name")]

    def __str__(self) -> str:
        return self.name


class DataProcessing(models.TextChoices):
    UNKNOWN = "unknown", "Not looked at"
    MISSING = "missing", "None agreed"
    AGREED = "agreed", "Agreed"
    NOT_NEEDED = "not_needed", "Not needed"


class VendorContract(OfClient):
    """What was agreed with a vendor: spend, term, renewal, notice, and the terms for data."""

    reach = Reach(
        "vendor_contract",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        fees=("annual_spend",),
    )

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="contracts")
    name = models.CharField(max_length=200)
    annual_spend = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Committed for a year, in the currency beside it.",
    )
    currency = CurrencyField()
    starts_on = models.DateField()
    renews_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day after the present term: it renews then, or is over. Empty: no fixed term.",
    )
    auto_renew = models.BooleanField(default=False)
    renewal_months = models.PositiveSmallIntegerField(
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="For how long it renews.",
    )
    notice_days = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(730)], help_text="Notice, in days before that day."
    )
    # The last day on which notice can be given: kept, so that lists can be ordered and narrowed by it.
    notice_on = models.DateField(null=True, blank=True, editable=False)
    notice_given_on = models.DateField(null=True, blank=True, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False)
    data_processing = models.CharField(
        max_length=10, choices=DataProcessing, default=DataProcessing.UNKNOWN
    )
    data_terms = models.TextField(
        max_length=4000,
        blank=True,
        default="",
        help_text="What was agreed about data: where it stays, for how long, whether it trains models.",
    )

    class Meta:
        constraints = [
            one_of("data_processing", DataProcessing, "vendor_contract_data_known"),
            models.CheckConstraint(condition=~Q(name=""), name="vendor_contract_has_a_name"),
            models.CheckConstraint(
                condition=Q(annual_spend=None) | Q(annual_spend__gte=0),
                name="vendor_contract_spend_positive",
            ),
            models.CheckConstraint(
                condition=Q(renews_on=None) | Q(renews_on__gt=F("starts_on")),
                name="vendor_contract_renews_after_start",
            ),
            models.CheckConstraint(
                condition=Q(notice_on=None)
                | Q(renews_on__isnull=False, notice_on__lt=F("renews_on")),
                name="vendor_contract_notice_before_renewal",
            ),
            models.CheckConstraint(
                condition=Q(renewal_months__range=(1, 120), notice_days__range=(0, 730)),
                name="vendor_contract_lengths",
            ),
            external_once("vendor_contract_external_once"),
        ]
        indexes = [
            models.Index(
                fields=["practice", "client", "renews_on", "id"], name="vendor_contract_by_renewal"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SystemKind(models.TextChoices):
    WORKLOAD = "workload", "Production workload"
    VENDOR = "vendor", "Vendor relationship or contract"
    GATEWAY = "gateway", "Model gateway"
    PROMPTS = "prompts", "Prompt management"
    SHADOW = "shadow", "Shadow AI"


class SystemStatus(models.TextChoices):
    DISCOVERED = "discovered", "Discovered"
    ASSESSED = "assessed", "Assessed"
    APPROVED = "approved", "Approved"
    IN_USE = "in_use", "In use"
    RETIRING = "retiring", "Being retired"
    RETIRED = "retired", "Retired"


# For these somebody answers.
VOUCHED_FOR = (SystemStatus.APPROVED, SystemStatus.IN_USE, SystemStatus.RETIRING)


class Discovery(models.TextChoices):
    INTERVIEW = "interview", "In a conversation"
    TOLD = "told", "Somebody said so unasked"
    INVOICES = "invoices", "Invoices and expenses"
    CONTRACTS = "contracts", "Contracts"
    SIGN_INS = "sign_ins", "Sign-in records"
    NETWORK = "network", "Network traffic"
    CODE = "code", "Code and configuration"
    IMPORT = "import", "Taken in from a file"
    OTHER = "other", "Otherwise"


class Tier(models.TextChoices):
    """How the EU AI Act takes a system. What it owes besides is told apart from it."""

    PROHIBITED = "PROHIBITED", "Prohibited"
    HIGH_RISK = "HIGH_RISK", "High risk"
    LIMITED_RISK = "LIMITED_RISK", "Limited risk"
    MINIMAL_RISK = "MINIMAL_RISK", "Minimal risk"
    NOT_REACHED = "NOT_REACHED", "Not reached by the Act"


class System(OfClient):
    """One entry of the inventory, of any of the five kinds."""

    Kind = SystemKind
    Status = SystemStatus

    reach = Reach(
        "system",
        clients=("client_id",),
        released=shown_to("sponsor", "board", "reviewer"),
        personal=("owner_name", "risk_owner_name"),
    )

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=SystemKind)
    status = models.CharField(
        max_length=10, choices=SystemStatus, default=SystemStatus.DISCOVERED, editable=False
    )
    status_at = models.DateTimeField(editable=False)
    # Whoever runs it: a contact, or anybody else by name.
    owner = models.ForeignKey(
        "practice.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField(max_length=120, blank=True, default="")
    # The one person who answers for its risk. Both columns at once would be two.
    risk_owner = models.ForeignKey(
        "practice.Contact",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    risk_owner_name = models.CharField(max_length=120, blank=True, default="", editable=False)
    purpose = models.TextField(max_length=4000, blank=True, default="")
    business_problem = models.TextField(max_length=4000, blank=True, default="")
    expected_outcome = models.TextField(max_length=4000, blank=True, default="")
    # Keys of data/estate.toml.
    data_classes = models.JSONField(default=list, blank=True)
    vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="systems"
    )
    ai_model = models.CharField(max_length=200, blank=True, default="")
    fallback_plan = models.TextField(max_length=4000, blank=True, default="")
    in_production = models.BooleanField(default=False)
    customer_facing = models.BooleanField(default=False)
    critical_path = models.BooleanField(
        default=False, help_text="Its customers' work stops when it stops."
    )
    profiles_persons = models.BooleanField(
        null=True, blank=True, help_text="Empty: nobody has looked yet."
    )
    discovered_how = models.CharField(max_length=10, choices=Discovery, default=Discovery.INTERVIEW)
    discovered_note = models.CharField(max_length=400, blank=True, default="")
    discovered_on = models.DateField()
    # Of its newest classification; empty until there is one.
    tier = models.CharField(
        max_length=12,
        choices=Tier,
        blank=True,
        default="",
        editable=False,
        verbose_name="risk class",
    )
    # The version of the law table by which its dates are planned: where it is behind, the tick plans them anew.
    law_version = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tier="") | Q(tier__in=Tier.values), name="system_tier_is_known"
            ),
            one_of("kind", SystemKind, "system_kind_is_known"),
            one_of("status", SystemStatus, "system_status_is_known"),
            one_of("discovered_how", Discovery, "system_discovery_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="system_has_a_name"),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(owner_name=""), name="system_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(risk_owner=None) | Q(risk_owner_name=""), name="system_one_risk_owner"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=VOUCHED_FOR)
                | Q(risk_owner__isnull=False)
                | ~Q(risk_owner_name=""),
                name="system_approved_has_risk_owner",
            ),
            external_once("system_external_once"),
        ]
        indexes = [
            models.Index(fields=["practice", "client", "name", "id"], name="system_by_name"),
            models.Index(fields=["practice", "client", "status", "kind"], name="system_by_status"),
            models.Index(fields=["law_version", "id"], name="system_by_law"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_risk_owner(self) -> bool:
        return self.risk_owner_id is not None or bool(self.risk_owner_name)
