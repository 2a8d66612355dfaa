"""What the client spends on AI, by month; rates between currencies; and what could be saved."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from assessments.models.estate import OfClient, System, Vendor, external_once, shown_to
from practice.models.base import CurrencyField, TenantRow, one_of
from practice.reach import Reach


class SpendLine(OfClient):
    """One amount of one month: for a system, to a vendor, or both. Below zero: a credit."""

    reach = Reach(
        "spend",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        fees=("amount",),
    )

    month_on = models.DateField(help_text="The first day of its month.")
    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.PROTECT, related_name="spend"
    )
    vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="spend"
    )
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = CurrencyField()
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="spend_is_not_nothing"),
            models.CheckConstraint(
                condition=Q(system__isnull=False) | Q(vendor__isnull=False),
                name="spend_for_something",
            ),
            external_once("spend_external_once"),
        ]
        indexes = [
            # Covers the sums: a report reads nothing else of a line.
            models.Index(
                fields=["practice", "client", "month_on", "vendor", "system", "currency", "amount"],
                name="spend_by_month",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency} in {self.month_on:%B %Y}"


class ExchangeRate(TenantRow):
    """What one unit of a currency was worth in another from a day on, as somebody recorded it for this client."""

    reach = Reach("exchange_rate", clients=("client_id",), released=shown_to("sponsor", "board"))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    currency = CurrencyField()
    into = CurrencyField()
    rate = models.DecimalField(max_digits=18, decimal_places=8, validators=[MinValueValidator(0)])
    since_on = models.DateField()
    source = models.CharField(max_length=200, help_text="Where it was read.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(
                condition=~Q(currency=F("into")), name="exchange_rate_of_two_currencies"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="exchange_rate_has_a_source"),
            models.UniqueConstraint(
                fields=["practice", "client", "currency", "into", "since_on"],
                name="exchange_rate_once",
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate} {self.into} from {self.since_on}"


class Lever(models.TextChoices):
    CONSOLIDATION = "consolidation", "Consolidation"
    DOWNSHIFT = "downshift", "A smaller model where it is enough"
    UNUSED = "unused", "Unused capacity"


class SavingStatus(models.TextChoices):
    IDENTIFIED = "identified", "Identified"
    AGREED = "agreed", "Agreed"
    REALISED = "realised", "Realised"
    DROPPED = "dropped", "Dropped"


class Saving(OfClient):
    """A finding of what could be spent less in a year, what of it was agreed, and what came of it."""

    reach = Reach(
        "saving",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        fees=("identified_amount", "agreed_amount", "realised_amount"),
    )

    title = models.CharField(max_length=200)
    lever = models.CharField(max_length=13, choices=Lever)
    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.PROTECT, related_name="savings"
    )
    vendor = models.ForeignKey(
        Vendor, null=True, blank=True, on_delete=models.PROTECT, related_name="savings"
    )
    note = models.TextField(max_length=4000, blank=True, default="")
    status = models.CharField(
        max_length=10, choices=SavingStatus, default=SavingStatus.IDENTIFIED, editable=False
    )
    currency = CurrencyField()
    identified_amount = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[MinValueValidator(0)], help_text="In a year."
    )
    identified_on = models.DateField()
    agreed_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, editable=False
    )
    agreed_on = models.DateField(null=True, blank=True, editable=False)
    realised_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, editable=False
    )
    realised_on = models.DateField(null=True, blank=True, editable=False)
    dropped_reason = models.TextField(max_length=4000, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            one_of("lever", Lever, "saving_lever_is_known"),
            one_of("status", SavingStatus, "saving_status_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="saving_has_a_title"),
            models.CheckConstraint(
                condition=Q(identified_amount__gt=0), name="saving_identified_positive"
            ),
            models.CheckConstraint(
                condition=Q(agreed_amount=None, agreed_on=None)
                | Q(agreed_amount__gte=0, agreed_on__isnull=False),
                name="saving_agreed_whole",
            ),
            models.CheckConstraint(
                condition=Q(realised_amount=None, realised_on=None)
                | Q(realised_amount__gte=0, realised_on__isnull=False),
                name="saving_realised_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="identified", agreed_amount=None, realised_amount=None)
                | Q(status="agreed", agreed_amount__isnull=False, realised_amount=None)
                | Q(status="realised", agreed_amount__isnull=False, realised_amount__isnull=False)
                | Q(status="dropped", realised_amount=None) & ~Q(dropped_reason=""),
                name="saving_status_has_its_amounts",
            ),
            external_once("saving_external_once"),
        ]
        indexes = [models.Index(fields=["practice", "client", "status"], name="saving_by_status")]

    def __str__(self) -> str:
        return self.title
