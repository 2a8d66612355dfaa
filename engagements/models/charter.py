"""The charter: who decides what, under which hat, up to which amount. An edit is a new version."""

from itertools import combinations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from engagements.models.base import Accepted, OfEngagement, accepted_whole
from engagements.models.contracts import OfferStatus
from practice.models.base import CurrencyField, one_of
from practice.models.people import Hat
from practice.reach import Reach

CELLS = ("cto", "caio", "cio", "cdo", "client_say")


class Say(models.TextChoices):
    NONE = "", "—"
    DECIDES = "D", "Decides"
    AGREES = "A", "Must agree"
    INPUT = "I", "Gives input"


def _any_two_decide() -> Q:
    found = Q()
    for one, other in combinations(CELLS, 2):
        found |= Q(**{one: "D", other: "D"})
    return found


# What was put before the client. A draft is the practice's own, and so is what it took back.
SHOWN = ("offered", "accepted", "declined", "superseded", "ended")


def _released(actor: object) -> Q:
    return Q(charter__status__in=SHOWN) & ~Q(engagement__status="draft")


class Charter(Accepted, OfEngagement):
    """One version of the decision rights. At most one is in force."""

    Status = OfferStatus

    reach = Reach(
        "charter",
        clients=("client_id",),
        released=lambda actor: Q(status__in=SHOWN) & ~Q(engagement__status="draft"),
    )

    number = models.PositiveSmallIntegerField(editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Of rights and limits as they were offered: what the sponsor accepted is exactly this.
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    note = models.TextField(blank=True, default="", max_length=4000)
    answered_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)

    class Meta:
        constraints = [
            one_of("status", OfferStatus, "charter_status_is_known"),
            accepted_whole("charter_accepted_whole"),
            models.UniqueConstraint(
                fields=["practice", "engagement", "number"], name="charter_number_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(status__in=["draft", "offered"]),
                name="charter_one_open",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(status="accepted"),
                name="charter_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "superseded", "ended"])
                | Q(accepted_at__isnull=False) & ~Q(sha256=""),
                name="charter_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Charter {self.number}"


class Right(OfEngagement):
    """One decision and what each hat and the client have to say in it."""

    reach = Reach("charter", clients=("client_id",), released=_released)
    frozen_unless = ("charter_id", "engagements_charter", "status", "draft")

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="rights")
    code = models.CharField(max_length=12)
    label = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    # Each hat decides within its own area and limit (DR-05): more than one D is then no conflict.
    each_own = models.BooleanField(default=False)
    # Besides whoever the cells name: somebody else of the practice than who decides.
    second_person = models.BooleanField(
        default=False, help_text="Somebody else than who decides must agree as well."
    )
    cto = models.CharField(max_length=1, choices=Say, blank=True, default=Say.NONE)
    caio = models.CharField(max_length=1, choices=Say, blank=True, default=Say.NONE)
    cio = models.CharField(max_length=1, choices=Say, blank=True, default=Say.NONE)
    cdo = models.CharField(max_length=1, choices=Say, blank=True, default=Say.NONE)
    client_say = models.CharField(max_length=1, choices=Say, blank=True, default=Say.NONE)
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ("position", "code")
        constraints = [
            models.UniqueConstraint(fields=["practice", "charter", "code"], name="right_once"),
            models.CheckConstraint(
                condition=Q(each_own=True) | ~_any_two_decide(),
                name="right_one_decides",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{cell}__in": Say.values}), name=f"right_{cell}_is_known"
                )
                for cell in CELLS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class LimitPeriod(models.TextChoices):
    MONTH = "month", "Month"
    QUARTER = "quarter", "Fiscal quarter"
    YEAR = "year", "Fiscal year"


class SpendingLimit(OfEngagement):
    """What a hat may spend without asking: by one decision, and by all of a period together."""

    reach = Reach("charter", clients=("client_id",), released=_released)
    frozen_unless = ("charter_id", "engagements_charter", "status", "draft")

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="limits")
    hat = models.CharField(max_length=8, choices=Hat)
    per_decision = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    per_period = models.DecimalField(
        max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    period = models.CharField(max_length=8, choices=LimitPeriod, default=LimitPeriod.QUARTER)
    currency = CurrencyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "charter", "hat"], name="limit_once"),
            one_of("hat", Hat, "limit_hat_is_known"),
            one_of("period", LimitPeriod, "limit_period_is_known"),
            models.CheckConstraint(
                condition=Q(per_decision__gte=0) & Q(per_period__gte=0), name="limit_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hat} up to {self.per_decision} {self.currency}"
