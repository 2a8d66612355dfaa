"""Time by hat, expenses, and the months that were closed."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from engagements.models.base import OfEngagement
from practice.models.base import CurrencyField, one_of
from practice.models.people import Hat
from practice.reach import Reach


class TimeEntry(OfEngagement):
    """Minutes of one member on one day under one hat; with no hat, joint: split over the engagement's hats."""

    reach = Reach("time", clients=("client_id",))

    member = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    worked_on = models.DateField()
    # The day by which it counts: another than the day worked only where that month was closed already.
    booked_on = models.DateField(editable=False)
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    hat = models.CharField(
        max_length=8, choices=Hat, blank=True, default="", help_text="Empty: joint."
    )
    billable = models.BooleanField(default=True)
    reactive = models.BooleanField(default=False, help_text="A fire, as opposed to planned work.")
    note = models.CharField(max_length=400, blank=True, default="")
    # What it was for: (kind, id) of something that an upper room contributed.
    link_kind = models.CharField(max_length=24, blank=True, default="")
    link_id = models.UUIDField(null=True, blank=True)
    # The row of a file that this came from: the same file read again changes nothing.
    external_id = models.CharField(max_length=120, blank=True, default="")
    line = models.ForeignKey(
        "engagements.BillingLine",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="entries",
    )

    class Meta:
        verbose_name_plural = "time entries"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 1440)), name="time_minutes"),
            models.CheckConstraint(
                condition=Q(hat__in=["", *Hat.values]), name="time_hat_is_known"
            ),
            models.CheckConstraint(
                condition=Q(booked_on__gte=F("worked_on")), name="time_booked_not_before_worked"
            ),
            models.CheckConstraint(
                condition=Q(link_kind="", link_id=None)
                | ~Q(link_kind="") & Q(link_id__isnull=False),
                name="time_link_is_whole",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement", "external_id"],
                condition=~Q(external_id=""),
                name="time_external_once",
            ),
        ]
        indexes = [
            # Covers the sums by hat: balance and hat balance read nothing else of a row.
            models.Index(
                fields=["practice", "engagement", "booked_on", "hat", "minutes"], name="time_by_hat"
            ),
            models.Index(fields=["practice", "member", "worked_on"], name="time_week"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min on {self.worked_on}"


class Expense(OfEngagement):
    reach = Reach("expense", clients=("client_id",), fees=("amount",))

    member = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    spent_on = models.DateField()
    booked_on = models.DateField(editable=False)
    amount = models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    currency = CurrencyField()
    what = models.CharField(max_length=200)
    billable = models.BooleanField(default=True)
    against_allowance = models.BooleanField(
        default=False, help_text="Taken from an allowance of money."
    )
    receipt = models.ForeignKey(
        "practice.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    line = models.ForeignKey(
        "engagements.BillingLine",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="expenses",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="expense_is_positive"),
            models.CheckConstraint(
                condition=Q(booked_on__gte=F("spent_on")), name="expense_booked_not_before_spent"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "engagement", "booked_on"], name="expense_by_day")
        ]

    def __str__(self) -> str:
        return self.what


class PeriodUnit(models.TextChoices):
    MINUTES = "minutes", "Minutes"
    MONEY = "money", "Money"


class Period(OfEngagement):
    """A closed month: its balance as it stood, for good. Open months are computed from the rows."""

    reach = Reach(
        "period",
        clients=("client_id",),
        released=lambda actor: Q(client_sees=True) if actor.role == "sponsor" else Q(pk=None),
        # An account of money values time at the hour's rate.
        commercial="commercial",
    )

    starts_on = models.DateField()
    unit = models.CharField(max_length=8, choices=PeriodUnit)
    currency = models.CharField(max_length=3, blank=True, default="")
    allowance = models.DecimalField(max_digits=14, decimal_places=2)
    # With its sign: below zero, the month began with a debt.
    rolled_in = models.DecimalField(max_digits=14, decimal_places=2)
    used = models.DecimalField(max_digits=14, decimal_places=2)
    left = models.DecimalField(max_digits=14, decimal_places=2)
    over = models.DecimalField(max_digits=14, decimal_places=2)
    expired = models.DecimalField(max_digits=14, decimal_places=2)
    billed = models.DecimalField(max_digits=14, decimal_places=2)
    # What moves on: {"slices": [{"from": "2026-10-01", "until": "2026-12-31", "amount": "120.00"}], "owed": "0.00"},
    # oldest first; a debt and slices exclude each other.
    carried = models.JSONField(default=dict)
    commercial = models.BooleanField(default=False)
    client_sees = models.BooleanField(default=False)
    locked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "engagement", "starts_on", "unit", "currency"],
                name="period_locked_once",
            ),
            one_of("unit", PeriodUnit, "period_unit_is_known"),
            models.CheckConstraint(
                condition=Q(unit="minutes", currency="", commercial=False)
                | Q(unit="money", commercial=True) & ~Q(currency=""),
                name="period_money_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"
