"""The decision log: who decided what, under which hat and by which right.

Once decided, a row and its parts stay as they are; a correction is a decision that takes its place.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from engagements.models.base import OfEngagement, set_by_verbs
from practice.models.base import currency_code, one_of
from practice.models.people import Hat
from practice.reach import Reach

MOST_OPTIONS = 12

ERASED = "(erased)"
SETTLED = ("decided", "superseded")


class DecisionStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    AWAITING = "awaiting", "Awaiting agreement"
    DECIDED = "decided", "Decided"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"


class Horizon(models.TextChoices):
    QUARTER = "quarter", "One quarter"
    TWO_QUARTERS = "two_quarters", "Two quarters"
    MONTHS_18 = "months_18", "18 months"
    YEARS_3_5 = "years_3_5", "3 to 5 years"


class Origin(models.TextChoices):
    """How a decision came into the log."""

    LOGGED = "logged", "By who decided"
    ON_BEHALF = "on_behalf", "Put down for who decided"
    IMPORTED = "imported", "By another system"


def released(prefix: str = "") -> Q:
    """What was put forward and is marked for the client. A proposal is the practice's own."""
    return Q(**{f"{prefix}client_sees": True, f"{prefix}taken_at__isnull": False}) & ~Q(
        engagement__status="draft"
    )


class Decision(OfEngagement):
    Status = DecisionStatus
    Horizon = Horizon
    Origin = Origin

    reach = Reach(
        "decision",
        clients=("client_id",),
        released=lambda actor: released(),
        # The log of events is for ever, and these may have to be forgotten.
        personal=(
            "question",
            "context",
            "options",
            "reason",
            "evidence_note",
            "review_note",
            "closed_reason",
        ),
    )
    # Of a decided row these alone still move: what took its place, its review, and who may read it.
    settles = (
        "status",
        SETTLED,
        (
            "status",
            "version",
            "superseded_by_id",
            "review_on",
            "reviewed_at",
            "review_note",
            "client_sees",
        ),
    )
    # What is written over it when it is to be forgotten; of a decided row nothing else ever is.
    erasable: ClassVar[dict[str, str]] = {
        "question": ERASED,
        "context": ERASED,
        "options": "[]",
        "reason": ERASED,
        "evidence_note": ERASED,
    }

    number = models.PositiveIntegerField(editable=False)
    status = models.CharField(
        max_length=10, choices=DecisionStatus, default=DecisionStatus.PROPOSED, editable=False
    )
    charter = models.ForeignKey(
        "engagements.Charter", on_delete=models.PROTECT, related_name="+", editable=False
    )
    right = models.ForeignKey(
        "engagements.Right", on_delete=models.PROTECT, related_name="+", editable=False
    )
    # The right's code stays the same from one version of the charter to the next.
    code = models.CharField(max_length=12, editable=False)
    hat = models.CharField(max_length=8, choices=Hat)
    # Who wore the hat when the decision was taken; the decider is they, or their deputy.
    holder = set_by_verbs("practice.Member")
    decider = set_by_verbs("practice.Member")
    deputy = models.ForeignKey(
        "engagements.Deputy",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorder = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.LOGGED, editable=False)
    evidence_note = models.TextField(blank=True, default="", max_length=2000, editable=False)
    evidence = set_by_verbs("practice.StoredFile")
    question = models.CharField(max_length=200)
    context = models.TextField(blank=True, default="", max_length=8000)
    # [{"label": "…", "note": "…"}]; `chosen` counts from 1.
    options = models.JSONField(default=list, blank=True)
    chosen = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OPTIONS)],
        help_text="Which option, counted from 1.",
    )
    reason = models.TextField(max_length=8000)
    amount = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What it commits the client to spend.",
    )
    currency = models.CharField(max_length=3, blank=True, default="", validators=[currency_code])
    rate = models.DecimalField(
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="What one unit is in the currency of the hat's limit.",
    )
    rate_on = models.DateField(null=True, blank=True)
    rate_source = models.CharField(max_length=200, blank=True, default="")
    # As it counts against the limit, set when it is decided.
    counted_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, editable=False
    )
    counted_currency = models.CharField(max_length=3, blank=True, default="", editable=False)
    spend_on = models.DateField(null=True, blank=True, help_text="When the spending begins.")
    horizon = models.CharField(max_length=12, choices=Horizon, blank=True, default="")
    review_on = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    review_note = models.TextField(blank=True, default="", max_length=4000, editable=False)
    client_sees = models.BooleanField(
        default=False, help_text="Whether the client's people read it. Who must agree does anyway."
    )
    over_limit = models.BooleanField(default=False, editable=False)
    client_agreed = models.BooleanField(default=False, editable=False)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)
    supersedes = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The decision whose place it takes.",
    )
    superseded_by = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        constraints = [
            one_of("status", DecisionStatus, "decision_status_is_known"),
            one_of("hat", Hat, "decision_hat_is_known"),
            one_of("origin", Origin, "decision_origin_is_known"),
            models.CheckConstraint(
                condition=Q(horizon__in=["", *Horizon.values]), name="decision_horizon_is_known"
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement", "number"], name="decision_number_once"
            ),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(reason="") & Q(chosen__gte=1),
                name="decision_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(amount=None, currency="")
                | Q(amount__gte=0, currency__regex=r"^[A-Z]{3}$"),
                name="decision_amount_has_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(rate=None, rate_on=None, rate_source="")
                | (Q(rate__gt=0, rate_on__isnull=False) & ~Q(rate_source="")),
                name="decision_rate_says_whence",
            ),
            models.CheckConstraint(
                condition=Q(counted_amount=None, counted_currency="")
                | (Q(counted_amount__gte=0) & ~Q(counted_currency="")),
                name="decision_counted_whole",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, holder=None, decider=None, deputy=None)
                | Q(taken_at__isnull=False, holder__isnull=False, deputy=None)
                & Q(decider=F("holder"))
                | Q(taken_at__isnull=False, holder__isnull=False, deputy__isnull=False)
                & ~Q(decider=F("holder")),
                name="decision_taken_by_holder_or_deputy",
            ),
            models.CheckConstraint(
                condition=~Q(status="proposed", taken_at__isnull=False)
                & ~Q(status__in=["awaiting", *SETTLED], taken_at=None),
                name="decision_taken_when_put_forward",
            ),
            models.CheckConstraint(
                condition=Q(status__in=SETTLED, decided_at__isnull=False)
                | (~Q(status__in=SETTLED) & Q(decided_at=None)),
                name="decision_decided_has_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["rejected", "withdrawn"], closed_at__isnull=False)
                | (~Q(status__in=["rejected", "withdrawn"]) & Q(closed_at=None)),
                name="decision_closed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SETTLED, over_limit=True, client_agreed=False),
                name="decision_over_limit_was_agreed",
            ),
            models.CheckConstraint(
                condition=Q(status="superseded", superseded_by__isnull=False)
                | (~Q(status="superseded") & Q(superseded_by=None)),
                name="decision_superseded_by_one",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")),
                name="decision_supersedes_another",
            ),
            models.UniqueConstraint(
                fields=["practice", "supersedes"],
                condition=Q(status__in=SETTLED),
                name="decision_superseded_once",
            ),
            models.CheckConstraint(
                condition=Q(origin="logged") | ~Q(evidence_note=""),
                name="decision_on_behalf_has_a_note",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "engagement", "id"], name="decision_by_engagement"),
            models.Index(
                fields=["practice", "engagement", "hat", "decided_at"], name="decision_by_hat"
            ),
            models.Index(fields=["practice", "decided_at", "id"], name="decision_by_moment"),
            models.Index(fields=["practice", "status", "id"], name="decision_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.question}"

    @property
    def choice(self) -> str:
        """The words of the option chosen."""
        there = 0 < self.chosen <= len(self.options)
        return str(self.options[self.chosen - 1]["label"]) if there else ERASED
