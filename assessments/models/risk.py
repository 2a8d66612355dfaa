"""The register of what could go wrong with the client's AI: how likely, how bad, and what is done about it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from assessments.models.estate import OfClient, System, external_once, shown_to
from practice.models.base import one_of
from practice.reach import Reach

LEAST, MOST = 1, 5
FROM_1_TO_5 = [MinValueValidator(LEAST), MaxValueValidator(MOST)]


class Treatment(models.TextChoices):
    REDUCE = "reduce", "Reduce it"
    AVOID = "avoid", "Avoid it"
    SHARE = "share", "Share it with others"
    ACCEPT = "accept", "Accept it"


class RiskStatus(models.TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    CLOSED = "closed", "Closed"


class Risk(OfClient):
    """One risk, who answers for it, and when it is looked at again. To accept one takes a decision of the log."""

    Status = RiskStatus

    reach = Reach(
        "risk",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        personal=("owner_name",),
        # The decision itself may not be the client's to read.
        inner=("note", "accepted_decision_id"),
    )

    title = models.CharField(max_length=200)
    description = models.TextField(max_length=4000, blank=True, default="")
    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.PROTECT, related_name="risks"
    )
    # The one person who answers for it: a contact, or anybody else by name.
    owner = models.ForeignKey(
        "practice.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner_name = models.CharField(max_length=120, blank=True, default="")
    # Words for the marks stand in data/risks.toml.
    likelihood = models.PositiveSmallIntegerField(validators=FROM_1_TO_5)
    impact = models.PositiveSmallIntegerField(validators=FROM_1_TO_5)
    treatment = models.CharField(max_length=6, choices=Treatment, default=Treatment.REDUCE)
    plan = models.TextField(
        max_length=4000, blank=True, default="", help_text="What is done about it, and by when."
    )
    status = models.CharField(
        max_length=8, choices=RiskStatus, default=RiskStatus.OPEN, editable=False
    )
    status_at = models.DateTimeField(editable=False)
    # Of the decision log, which lies above this room: contributed to risks.ACCEPTANCES, and looked up there.
    accepted_decision_id = models.UUIDField(null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_reason = models.TextField(max_length=4000, blank=True, default="", editable=False)
    review_months = models.PositiveSmallIntegerField(
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="Looked at again after so many months.",
    )
    review_on = models.DateField(editable=False)
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    review_note = models.TextField(max_length=4000, blank=True, default="", editable=False)
    note = models.TextField(
        max_length=4000, blank=True, default="", help_text="For the practice alone."
    )

    class Meta:
        constraints = [
            one_of("treatment", Treatment, "risk_treatment_is_known"),
            one_of("status", RiskStatus, "risk_status_is_known"),
            models.CheckConstraint(condition=~Q(title=""), name="risk_has_a_title"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(LEAST, MOST), impact__range=(LEAST, MOST)),
                name="risk_marks_from_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(owner_name=""), name="risk_one_owner"
            ),
            models.CheckConstraint(
                condition=Q(
                    status="accepted",
                    accepted_decision_id__isnull=False,
                    accepted_at__isnull=False,
                )
                | ~Q(status="accepted") & Q(accepted_decision_id=None, accepted_at=None),
                name="risk_accepted_by_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(owner__isnull=False) | ~Q(owner_name=""),
                name="risk_accepted_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(status="closed") & ~Q(closed_reason="")
                | ~Q(status="closed") & Q(closed_reason=""),
                name="risk_closed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(review_months__range=(1, 12)), name="risk_review_months"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on=None) | Q(review_on__gt=F("reviewed_on")),
                name="risk_reviewed_before_next",
            ),
            external_once("risk_external_once"),
        ]
        indexes = [
            models.Index(fields=["practice", "client", "title", "id"], name="risk_by_title"),
            models.Index(fields=["practice", "client", "status"], name="risk_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_owner(self) -> bool:
        return self.owner_id is not None or bool(self.owner_name)

    @property
    def weight(self) -> int:
        return self.likelihood * self.impact
