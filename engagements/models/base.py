"""What rows of an engagement share: whose they are, the commercial terms, and how an acceptance is recorded."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from practice.models.base import CurrencyField, TenantRow
from practice.reach import FeesWhen

if TYPE_CHECKING:
    from practice.access import Actor


class Point(models.TextChoices):
    ADVISORY = "ADVISORY", "Advisory"
    SPRINT = "SPRINT", "Sprint"
    RETAINER = "RETAINER", "Retainer"
    RETAINER_HIGH = "RETAINER_HIGH", "High-intensity retainer"
    FULL_TIME = "FULL_TIME", "Full-time"


class Phase(models.TextChoices):
    """Sub-phases of a retainer."""

    FIRST_90_DAYS = "first_90_days", "First 90 days"
    MONTHS_4_12 = "months_4_12", "Months 4 to 12"
    YEAR_2_ON = "year_2_on", "Year 2 on"


class FeeModel(models.TextChoices):
    FIXED_MONTHLY = "fixed_monthly", "Fixed per month"
    PER_DAY = "per_day", "Per day"
    PER_PROJECT = "per_project", "Per project"
    CAPPED_TIME = "capped_time", "Time, up to a cap"


class AllowanceUnit(models.TextChoices):
    NONE = "none", "None"
    DAYS = "days", "Days"
    HOURS = "hours", "Hours"
    MONEY = "money", "Money"


class Overage(models.TextChoices):
    """What becomes of time beyond the allowance."""

    BILLED = "billed", "Billed"
    CARRIED = "carried", "Taken from the next period"
    ABSORBED = "absorbed", "Absorbed"


def set_by_verbs(model: str) -> "models.ForeignKey[Any, Any]":
    """One such row or nobody, as a verb wrote it down; no form offers it and the row does not know of it."""
    return models.ForeignKey(
        model, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )


class OfEngagement(TenantRow):
    """A row that belongs to one engagement, and by it to one client."""

    client = models.ForeignKey(
        "practice.Client", on_delete=models.PROTECT, related_name="+", editable=False
    )
    engagement = models.ForeignKey(
        "engagements.Engagement", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


def shown_to(*roles: str) -> "Callable[[Actor], Q]":
    """What contacts of these roles (of any, without) see: nothing of an engagement still being drafted."""

    def released(actor: "Actor") -> Q:
        if roles and actor.role not in roles:
            return Q(pk=None)
        return ~Q(engagement__status="draft")

    return released


FEES = ("fee_amount", "hour_rate", "cap_amount")
# What is given each month says what is paid for it, where it is counted in money.
IN_MONEY = FeesWhen(("allowance", "rollover_cap"), "allowance_unit", AllowanceUnit.MONEY)


class Terms(models.Model):
    """What was agreed for one stretch. A change of terms is a move to a new stage, never an edit."""

    fee_model = models.CharField(max_length=16, choices=FeeModel)
    fee_amount = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="Per month, day or project, as the fee model says.",
    )
    hour_rate = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What an hour costs over the allowance, or under a cap.",
    )
    cap_amount = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = CurrencyField()
    allowance = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="Per calendar month, in the unit beside it.",
    )
    allowance_unit = models.CharField(
        max_length=8, choices=AllowanceUnit, default=AllowanceUnit.NONE
    )
    day_minutes = models.PositiveSmallIntegerField(
        default=480,
        validators=[MinValueValidator(60), MaxValueValidator(1440)],
        help_text="Minutes that make one day.",
    )
    rollover_cap = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text="How much of what is left moves on, in the allowance's unit.",
    )
    rollover_months = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(24)],
        help_text="For how many months it can still be used; 0: nothing moves on.",
    )
    overage = models.CharField(max_length=8, choices=Overage, default=Overage.BILLED)
    auto_renew = models.BooleanField(default=False)
    notice_days = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(730)], help_text="Notice, in days."
    )
    planned_end_on = models.DateField(null=True, blank=True)
    client_sees_balance = models.BooleanField(default=True)
    client_sees_hats = models.BooleanField(default=False)
    silence_accepts = models.BooleanField(
        default=False,
        help_text="A deliverable that nobody answers by its day counts as accepted, after two reminders.",
    )

    class Meta:
        abstract = True


TERMS = tuple(field.name for field in Terms._meta.local_fields)


class Accepted(models.Model):
    """Who said yes for the client, when; and if they said it elsewhere, who wrote that down on what evidence."""

    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = set_by_verbs("practice.Contact")
    # Filled when a member records an acceptance that was given outside the portal.
    recorded_by = set_by_verbs("practice.Member")
    evidence_note = models.TextField(blank=True, default="", max_length=2000, editable=False)
    evidence = set_by_verbs("practice.StoredFile")

    class Meta:
        abstract = True


def accepted_whole(name: str) -> models.CheckConstraint:
    """An acceptance has a moment and a person, or neither; recorded for somebody, it has a note."""
    return models.CheckConstraint(
        condition=(
            Q(accepted_at=None, accepted_by=None, recorded_by=None)
            | Q(accepted_at__isnull=False, accepted_by__isnull=False, recorded_by=None)
            | (
                Q(accepted_at__isnull=False, accepted_by__isnull=False, recorded_by__isnull=False)
                & ~Q(evidence_note="")
            )
        ),
        name=name,
    )


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(until_on=None) | Q(until_on__gte=F("since_on")), name=name
    )
