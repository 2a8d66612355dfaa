"""What is owed: deliverables of an engagement, each under one hat, and the kinds that a practice adds of its own."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from engagements.models.base import OfEngagement, Phase
from practice.models.base import TenantRow, one_of
from practice.models.people import Hat
from practice.reach import Reach

own_code = RegexValidator(
    r"\A(?!DV-)[A-Z][A-Z0-9-]{1,11}\Z",
    "Two to twelve capital letters, digits and hyphens, not beginning with DV-.",
)


class OwnKind(TenantRow):
    """A kind of deliverable of the practice's own, beside the catalogue."""

    reach = Reach("deliverable_kind", shared=True)

    code = models.CharField(max_length=12, validators=[own_code])
    title = models.CharField(max_length=120)
    hat = models.CharField(max_length=8, choices=Hat)
    # With a phase it is planned by itself when that phase begins; without, it is added by hand.
    phase = models.CharField(max_length=16, choices=Phase, blank=True, default="")
    due_day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
        help_text="Due so many days after the first day of the work.",
    )
    criteria = models.JSONField(default=list, blank=True)
    text = models.TextField(
        blank=True, default="", max_length=100_000, help_text="What work on it starts from."
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            one_of("hat", Hat, "own_kind_hat_is_known"),
            models.CheckConstraint(
                condition=Q(phase__in=["", *Phase.values]), name="own_kind_phase_is_known"
            ),
            models.UniqueConstraint(fields=["practice", "code"], name="own_kind_once"),
            models.CheckConstraint(
                condition=Q(phase="") | Q(due_day__isnull=False), name="own_kind_planned_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class DeliverableStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    IN_PROGRESS = "in_progress", "In progress"
    IN_REVIEW = "in_review", "In internal review"
    REVIEWED = "reviewed", "Ready to release"
    RELEASED = "released", "Released"
    ACCEPTED = "accepted", "Accepted"
    ACCEPTED_WITH_REMARKS = "remarks", "Accepted with remarks"
    CHANGES_REQUESTED = "changes", "Changes requested"
    REJECTED = "rejected", "Rejected"
    DROPPED = "dropped", "Dropped"


ACCEPTED = ("accepted", "remarks")


class Deliverable(OfEngagement):
    """One piece of work that is owed under one hat. What was written is in its versions, what the client said in its
    releases."""

    Status = DeliverableStatus

    reach = Reach("deliverable", clients=("client_id",), personal=("note", "dropped_reason"))

    number = models.PositiveIntegerField(editable=False)
    # Of the catalogue, or of a kind of the practice's own; the version of the catalogue it was planned from.
    code = models.CharField(max_length=12, editable=False)
    catalogue = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, validators=[MaxValueValidator(32767)]
    )
    own_kind = models.ForeignKey(
        OwnKind, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=160)
    hat = models.CharField(max_length=8, choices=Hat)
    owner = models.ForeignKey(
        "practice.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    # Set by hand: then a moved stage leaves it alone.
    due_fixed = models.BooleanField(default=False, editable=False)
    status = models.CharField(
        max_length=12, choices=DeliverableStatus, default="planned", editable=False
    )
    stage = models.ForeignKey(
        "engagements.Stage",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Why the plan holds it: planned again it is found by this, so it is planned once.
    planned_as = models.CharField(max_length=60, blank=True, default="", editable=False)
    criteria = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True, default="", max_length=4000)
    dropped_reason = models.CharField(max_length=400, blank=True, default="", editable=False)
    latest = models.ForeignKey(
        "deliverables.DeliverableVersion",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # The version that was accepted last stays so, whatever is written after it.
    accepted = models.ForeignKey(
        "deliverables.DeliverableVersion",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            one_of("status", DeliverableStatus, "deliverable_status_is_known"),
            one_of("hat", Hat, "deliverable_hat_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="deliverable_has_a_title"),
            models.UniqueConstraint(
                fields=["practice", "engagement", "number"], name="deliverable_number_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement", "planned_as"],
                condition=~Q(planned_as=""),
                name="deliverable_planned_once",
            ),
            models.CheckConstraint(
                condition=Q(catalogue__isnull=False, own_kind=None)
                | Q(catalogue=None, own_kind__isnull=False),
                name="deliverable_of_one_kind",
            ),
            models.CheckConstraint(
                condition=Q(accepted=None, accepted_at=None)
                | Q(accepted__isnull=False, accepted_at__isnull=False),
                name="deliverable_accepted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ACCEPTED) | Q(accepted__isnull=False),
                name="deliverable_accepted_names_its_version",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "dropped"]) | Q(latest__isnull=False),
                name="deliverable_begun_has_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(dropped_reason=""),
                name="deliverable_dropped_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "engagement", "id"], name="deliverable_of"),
            models.Index(fields=["practice", "status", "due_on"], name="deliverable_by_due"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
