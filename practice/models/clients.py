"""Clients and prospects, the people at them, and who holds which executive seat there."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from practice.models.base import CountryField, CurrencyField, TenantRow, ZoneField, one_of
from practice.reach import Reach


class ClientStatus(models.TextChoices):
    PROSPECT = "prospect", "Prospect"
    ACTIVE = "active", "Active"
    FORMER = "former", "Former"


class Client(TenantRow):
    Status = ClientStatus

    reach = Reach(
        "client", clients=("id",), released=lambda actor: Q(), fees=("day_rate", "po_number")
    )

    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=200, blank=True, default="")
    industry = models.CharField(max_length=80, blank=True, default="")
    country = CountryField()
    time_zone = ZoneField()
    currency = CurrencyField()
    fiscal_year_start = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="Month in which the fiscal year begins.",
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.PROSPECT)
    responsible = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    day_rate = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What the practice asks per day, in the client's currency.",
    )
    po_number = models.CharField(
        max_length=60, blank=True, default="", help_text="The client's purchase order."
    )
    # Kept by the verbs that add and close contacts: a list never counts.
    contacts_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            one_of("status", ClientStatus, "client_status_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="client_has_a_name"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start__range=(1, 12)), name="client_fiscal_month"
            ),
            models.CheckConstraint(
                condition=Q(day_rate=None) | Q(day_rate__gte=0), name="client_day_rate_positive"
            ),
        ]
        indexes = [models.Index(fields=["practice", "name", "id"], name="client_by_name")]

    def __str__(self) -> str:
        return self.name


class ContactRole(models.TextChoices):
    SPONSOR = "sponsor", "Sponsor"
    BOARD = "board", "Board member"
    REVIEWER = "reviewer", "Reviewer"
    VIEWER = "viewer", "Viewer"


class Contact(TenantRow):
    """A person at the client, with or without a login."""

    Role = ContactRole

    reach = Reach(
        "contact",
        clients=("client_id",),
        # The sponsor answers for who represents the company here; everybody else sees only themselves.
        released=lambda actor: Q() if actor.role == "sponsor" else Q(id=actor.id),
        personal=("name", "email", "title"),
    )

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254, blank=True, default="")
    title = models.CharField(max_length=120, blank=True, default="")
    role = models.CharField(max_length=8, choices=Role)
    user = models.ForeignKey(
        "practice.User", null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            one_of("role", ContactRole, "contact_role_is_known"),
            models.UniqueConstraint(
                "practice",
                "client",
                Lower("email"),
                condition=~Q(email=""),
                name="contact_email_once_per_client",
            ),
            models.UniqueConstraint(
                fields=["practice", "client", "user"],
                condition=Q(user__isnull=False),
                name="contact_user_once_per_client",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Competitors(TenantRow):
    """Two clients who compete. Their order means nothing: the smaller id is always `one`."""

    reach = Reach("competitors", clients=("one_id", "other_id"))

    one = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "competitors"
        constraints = [
            models.UniqueConstraint(fields=["practice", "one", "other"], name="competitors_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="competitors_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"


class SeatStatus(models.TextChoices):
    NONE = "none", "None"
    PARTIAL = "partial", "Partial"
    FILLED = "filled", "Filled"


class SeatAt(models.TextChoices):
    CTO = "CTO", "CTO"
    CAIO = "CAIO", "CAIO"
    CIO = "CIO", "CIO"
    CDO = "CDO", "CDO"


class Seat(TenantRow):
    """Who holds an executive seat at the client, from when until when. The open stretch is the present."""

    Status = SeatStatus

    At = SeatAt

    reach = Reach(
        "seat",
        clients=("client_id",),
        released=lambda actor: Q() if actor.role in {"sponsor", "board"} else Q(pk=None),
        personal=("holder", "reports_to"),
    )

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="seats")
    hat = models.CharField(max_length=8, choices=At)
    status = models.CharField(max_length=8, choices=Status)
    holder = models.CharField(max_length=120, blank=True, default="")
    reports_to = models.CharField(max_length=120, blank=True, default="")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            one_of("hat", SeatAt, "seat_hat_is_known"),
            one_of("status", SeatStatus, "seat_status_is_known"),
            models.UniqueConstraint(
                fields=["practice", "client", "hat"],
                condition=Q(until_on=None),
                name="seat_one_present",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")),
                name="seat_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="none") | Q(holder=""), name="seat_none_has_no_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hat} seat at {self.client}"
