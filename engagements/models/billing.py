"""What is handed to the accounts: batches of lines that never change once exported. No tax, no invoices, no dunning."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from engagements.models.base import OfEngagement, Point
from practice.models.base import CurrencyField, TenantRow, one_of
from practice.models.people import Hat
from practice.reach import Reach


class BatchStatus(models.TextChoices):
    OPEN = "open", "Open"
    EXPORTED = "exported", "Exported"
    SETTLED = "settled", "Settled"


class BillingBatch(TenantRow):
    """Everything billable of one client up to a day."""

    Status = BatchStatus

    reach = Reach(
        "billing", clients=("client_id",), fees=("total", "po_number"), secret=("content",)
    )

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(editable=False)
    from_on = models.DateField()
    until_on = models.DateField(help_text="The first day that is not in it.")
    currency = CurrencyField()
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0, editable=False)
    po_number = models.CharField(max_length=60, blank=True, default="")
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN, editable=False)
    exported_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The lines as they were exported, so that a second export is the same to the byte.
    content = models.TextField(blank=True, default="", editable=False)
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    external_number = models.CharField(max_length=80, blank=True, default="")
    external_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "billing batches"
        constraints = [
            one_of("status", BatchStatus, "batch_status_is_known"),
            models.UniqueConstraint(fields=["practice", "number"], name="batch_number_once"),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="batch_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(status="open", exported_at=None, content="")
                | Q(exported_at__isnull=False) & ~Q(content="") & ~Q(sha256=""),
                name="batch_exported_is_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | ~Q(external_number=""),
                name="batch_settled_names_the_invoice",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.number}"


class LineKind(models.TextChoices):
    FEE = "fee", "Fee"
    OVERAGE = "overage", "Time over the allowance"
    TIME = "time", "Time"
    EXPENSE = "expense", "Expense"


class BillingLine(OfEngagement):
    reach = Reach("billing", clients=("client_id",), fees=("unit_price", "amount", "po_number"))
    # Once its batch is exported, a line stays as it is.
    frozen_unless = ("batch_id", "engagements_billingbatch", "status", "open")

    batch = models.ForeignKey(BillingBatch, on_delete=models.PROTECT, related_name="lines")
    # What it bills, in words that never come twice: "fee:<stage>:2026-10". Billing again finds it taken.
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=LineKind)
    what = models.CharField(max_length=240)
    hat = models.CharField(max_length=8, choices=Hat, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField()
    quantity = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=12)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = CurrencyField()
    tax_code = models.CharField(max_length=40, blank=True, default="")
    po_number = models.CharField(max_length=60, blank=True, default="")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            one_of("kind", LineKind, "line_kind_is_known"),
            models.UniqueConstraint(fields=["practice", "key"], name="line_billed_once"),
        ]

    def __str__(self) -> str:
        return self.what


class RatePer(models.TextChoices):
    HOUR = "hour", "Hour"
    DAY = "day", "Day"
    MONTH = "month", "Month"
    PROJECT = "project", "Project"


class Rate(TenantRow):
    """One line of the practice's own rate card, from a date on."""

    reach = Reach("rate", shared=True, fees=("low", "high"))

    point = models.CharField(max_length=16, choices=Point)
    per = models.CharField(max_length=8, choices=RatePer)
    low = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    high = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    currency = CurrencyField()
    since_on = models.DateField()

    class Meta:
        constraints = [
            one_of("point", Point, "rate_point_is_known"),
            one_of("per", RatePer, "rate_per_is_known"),
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="rate_high_not_below_low"),
            models.UniqueConstraint(
                fields=["practice", "point", "per", "currency", "since_on"], name="rate_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_point_display()} per {self.per}"


class Capacity(TenantRow):
    """How many days a month a member can promise, from a date on."""

    reach = Reach("capacity", shared=True)

    member = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    days_per_month = models.DecimalField(
        max_digits=4, decimal_places=1, validators=[MinValueValidator(0)]
    )
    since_on = models.DateField()

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "member", "since_on"], name="capacity_once"
            ),
            models.CheckConstraint(
                condition=Q(days_per_month__gte=0) & Q(days_per_month__lte=31),
                name="capacity_days_in_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.days_per_month} days a month"
