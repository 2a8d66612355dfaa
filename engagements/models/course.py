"""The way along the spectrum: stages that never overlap, the moves between them, bursts, exit tests, the handover."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from engagements.models.base import (
    FEES,
    IN_MONEY,
    Accepted,
    AllowanceUnit,
    FeeModel,
    OfEngagement,
    Phase,
    Point,
    Terms,
    accepted_whole,
    ends_after_start,
    set_by_verbs,
    shown_to,
)
from practice.models.base import one_of
from practice.reach import FeesWhen, Reach

if TYPE_CHECKING:
    from practice.access import Actor


class Stage(Terms, OfEngagement):
    """A dated stretch at one point and phase under one set of terms: from its first day until the next begins."""

    reach = Reach(
        "stage", clients=("client_id",), released=shown_to(), fees=FEES, fees_when=IN_MONEY
    )
    no_overlap = "engagement_id"

    point = models.CharField(max_length=16, choices=Point)
    phase = models.CharField(max_length=16, choices=Phase, blank=True, default="")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, editable=False)
    sprint = models.CharField(max_length=4, blank=True, default="")
    # The date of its phase's end came and an exit test was not met: said here until the next phase begins.
    overdue = models.BooleanField(default=False, editable=False)
    contract = models.ForeignKey(
        "engagements.ContractVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stages",
    )

    class Meta:
        constraints = [
            one_of("point", Point, "stage_point_is_known"),
            one_of("fee_model", FeeModel, "stage_fee_model_is_known"),
            models.CheckConstraint(
                condition=Q(phase__in=["", *Phase.values]), name="stage_phase_is_known"
            ),
            models.CheckConstraint(
                condition=Q(phase="") | Q(point__in=["RETAINER", "RETAINER_HIGH"]),
                name="stage_phase_only_in_a_retainer",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(until_on=None),
                name="stage_one_present",
            ),
            ends_after_start("stage_ends_after_start"),
        ]
        indexes = [models.Index(fields=["practice", "engagement", "since_on"], name="stage_course")]

    def __str__(self) -> str:
        return self.get_point_display()


class MoveKind(models.TextChoices):
    BEGIN = "begin", "Begin"
    UP = "up", "Step up"
    DOWN = "down", "Step down"
    PHASE = "phase", "Next phase"
    TERMS = "terms", "New terms"


class MoveCause(models.TextChoices):
    CONSULTANT = "consultant", "The consultant's judgement"
    FACTS = "facts", "Facts that changed"
    DATE = "date", "A date that came"


class MoveStatus(models.TextChoices):
    # By the engine, from facts: nobody at the client sees it before a consultant puts it forward.
    SUGGESTED = "suggested", "Suggested"
    PROPOSED = "proposed", "Proposed"
    AGREED = "agreed", "Agreed"
    EFFECTIVE = "effective", "In effect"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


def _put_forward(actor: "Actor") -> Q:
    return shown_to("sponsor", "board")(actor) & ~Q(status="suggested")


class Move(Accepted, Terms, OfEngagement):
    """A step along the spectrum: proposed with cause and evidence, agreed where terms change, in effect from a date."""

    Status = MoveStatus
    Kind = MoveKind

    reach = Reach(
        "move", clients=("client_id",), released=_put_forward, fees=FEES, fees_when=IN_MONEY
    )

    kind = models.CharField(max_length=8, choices=Kind, editable=False)
    from_stage = models.ForeignKey(
        Stage, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    to_point = models.CharField(max_length=16, choices=Point)
    to_phase = models.CharField(max_length=16, choices=Phase, blank=True, default="")
    sprint = models.CharField(max_length=4, blank=True, default="")
    effective_on = models.DateField(help_text="First day of the new stage, where the client is.")
    cause = models.CharField(max_length=12, choices=MoveCause, default=MoveCause.CONSULTANT)
    reason = models.TextField(max_length=4000)
    evidence_text = models.TextField(blank=True, default="", max_length=4000)
    # The run of the panel that a suggestion came from: one suggestion for each.
    assessment = models.ForeignKey(
        "assessments.Assessment",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    contract = models.ForeignKey(
        "engagements.ContractVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    needs_agreement = models.BooleanField(default=True, editable=False)
    status = models.CharField(
        max_length=10, choices=Status, default=Status.PROPOSED, editable=False
    )
    answered_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)
    effective_at = models.DateTimeField(null=True, blank=True, editable=False)
    stage = models.OneToOneField(
        Stage,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="came_by",
    )

    class Meta:
        constraints = [
            one_of("kind", MoveKind, "move_kind_is_known"),
            one_of("cause", MoveCause, "move_cause_is_known"),
            one_of("status", MoveStatus, "move_status_is_known"),
            one_of("to_point", Point, "move_point_is_known"),
            accepted_whole("move_accepted_whole"),
            # One step at a time: a second proposal waits for the answer to the first.
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(status__in=["proposed", "agreed"]),
                name="move_one_pending",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(status="suggested"),
                name="move_one_suggested",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement", "assessment"],
                name="move_once_per_assessment",
            ),
            models.CheckConstraint(
                condition=Q(status="effective", effective_at__isnull=False, stage__isnull=False)
                | (~Q(status="effective") & Q(effective_at=None, stage=None)),
                name="move_effective_has_a_stage",
            ),
            models.CheckConstraint(
                condition=Q(needs_agreement=False)
                | Q(status__in=["suggested", "proposed", "declined", "withdrawn"])
                | Q(accepted_at__isnull=False),
                name="move_agreed_before_effect",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_to_point_display()}"


class BurstCause(models.TextChoices):
    PRODUCT = "product", "New AI product"
    ACQUISITION = "acquisition", "Acquisition"
    REGULATION = "regulation", "Regulation"


class Burst(OfEngagement):
    """More work for a while, with a cause and an end (CAD-14). The stage and its terms stay."""

    reach = Reach(
        "stage",
        clients=("client_id",),
        released=shown_to(),
        fees_when=FeesWhen(("extra",), "unit", AllowanceUnit.MONEY),
    )
    no_overlap = "engagement_id"

    since_on = models.DateField()
    until_on = models.DateField(help_text="The day from which the usual intensity holds again.")
    cause = models.CharField(max_length=12, choices=BurstCause)
    extra = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        help_text="What comes on top of the month's allowance, in its unit.",
    )
    # Of the terms under which it was planned or changed last.
    unit = models.CharField(max_length=8, choices=AllowanceUnit, editable=False)
    note = models.TextField(blank=True, default="", max_length=2000)

    class Meta:
        constraints = [
            one_of("cause", BurstCause, "burst_cause_is_known"),
            models.CheckConstraint(
                condition=Q(unit__in=["days", "hours", "money"]), name="burst_unit_is_known"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("since_on")), name="burst_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(extra__gt=0), name="burst_is_more"),
        ]

    def __str__(self) -> str:
        return f"Burst from {self.since_on}"


class ExitStatement(OfEngagement):
    """What a consultant states of one exit test of a phase, and why. The latest of a test counts."""

    reach = Reach("exit_statement", clients=("client_id",))
    append_only = True

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    test = models.CharField(max_length=40)
    met = models.BooleanField()
    reason = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="exit_statement_has_a_reason")
        ]

    def __str__(self) -> str:
        return self.test


class HandoverItem(OfEngagement):
    """One thing to hand over when an engagement ends."""

    reach = Reach("handover", clients=("client_id",), released=shown_to())

    key = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = set_by_verbs("practice.Member")
    note = models.TextField(blank=True, default="", max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "engagement", "key"], name="handover_once")
        ]

    def __str__(self) -> str:
        return self.label
