"""An engagement: for whom, under which hats, worn by whom, answering to whom."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from engagements.models.base import (
    Accepted,
    OfEngagement,
    accepted_whole,
    ends_after_start,
    shown_to,
)
from practice.models.base import TenantRow, one_of
from practice.models.people import Hat
from practice.reach import Reach


class EngagementStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class CurveTemplate(models.TextChoices):
    NONE = "", "None"
    SMB_HOURS = "smb_hours", "Smaller company, in hours"
    MIDMARKET_DAYS = "midmarket_days", "Mid-market, in days"


class Engagement(TenantRow):
    Status = EngagementStatus

    reach = Reach(
        "engagement",
        clients=("client_id",),
        released=lambda actor: ~Q(status="draft"),
        fees=("po_number",),
    )

    client = models.ForeignKey(
        "practice.Client", on_delete=models.PROTECT, related_name="engagements"
    )
    name = models.CharField(max_length=120)
    lead = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status, default=Status.DRAFT, editable=False)
    starts_on = models.DateField(null=True, blank=True, help_text="The first day of the work.")
    ended_on = models.DateField(null=True, blank=True, editable=False)
    end_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)
    # The recorded choice that this engagement grew from.
    origin = models.ForeignKey(
        "assessments.Choice", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ai_in_scope = models.BooleanField(default=True, help_text="AI is part of what is owed.")
    eu_milestones = models.BooleanField(
        default=False, help_text="The EU milestones of day 30, 60 and 90 apply."
    )
    # The first day of the 30/60/90 plan, once the EU's exposure and a CAIO opened it: it opens once for an engagement,
    # and stays closed where somebody closed it.
    eu_since_on = models.DateField(null=True, blank=True, editable=False)
    curve = models.CharField(
        max_length=16, choices=CurveTemplate, blank=True, default=CurveTemplate.NONE
    )
    po_number = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            one_of("status", EngagementStatus, "engagement_status_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="engagement_has_a_name"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "proposed"]) | Q(starts_on__isnull=False),
                name="engagement_active_has_a_start",
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False)
                | (~Q(status="ended") & Q(ended_on=None)),
                name="engagement_ended_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "status", "id"], name="engagement_by_status"),
            models.Index(fields=["practice", "client", "id"], name="engagement_by_client"),
        ]

    def __str__(self) -> str:
        return self.name


class HatShare(OfEngagement):
    """A hat of the engagement and the share of the work it should get. The shares total 100 (held by the verb)."""

    reach = Reach("engagement", clients=("client_id",), released=shown_to())

    hat = models.CharField(max_length=8, choices=Hat)
    target = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(100)], help_text="Share of the work, in per cent."
    )

    class Meta:
        verbose_name = "hat"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "engagement", "hat"], name="hat_share_once"
            ),
            one_of("hat", Hat, "hat_share_hat_is_known"),
            models.CheckConstraint(condition=Q(target__range=(0, 100)), name="hat_share_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.hat} {self.target} %"


class Wearing(OfEngagement):
    """Which member wears a hat of the engagement, from when until when. The open stretch is the present."""

    reach = Reach("wearing", clients=("client_id",), released=shown_to(), inner=("depth_evidence",))

    hat = models.CharField(max_length=8, choices=Hat)
    member = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, editable=False)
    # For the AI hat: what shows depth with AI in production (S2-D6 i).
    depth_evidence = models.TextField(blank=True, default="", max_length=4000)

    class Meta:
        verbose_name, verbose_name_plural = "worn hat", "worn hats"
        constraints = [
            one_of("hat", Hat, "wearing_hat_is_known"),
            models.UniqueConstraint(
                fields=["practice", "engagement", "hat"],
                condition=Q(until_on=None),
                name="wearing_one_present",
            ),
            ends_after_start("wearing_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.member} as {self.hat}"


class Deputy(Accepted, OfEngagement):
    """Who decides under a hat while its holder is away: the same hat, for a stretch, once the sponsor agreed."""

    reach = Reach(
        "deputy",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
    )

    wearing = models.ForeignKey(Wearing, on_delete=models.PROTECT, related_name="deputies")
    member = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    since_on = models.DateField()
    until_on = models.DateField(help_text="The day from which they stand in no longer.")
    limit_per_decision = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="Where it is lower than the holder's own.",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    declined_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)

    class Meta:
        verbose_name_plural = "deputies"
        constraints = [
            accepted_whole("deputy_accepted_whole"),
            models.CheckConstraint(
                condition=Q(declined_at=None) | Q(accepted_at=None) & ~Q(answered_reason=""),
                name="deputy_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("since_on")), name="deputy_ends_after_start"
            ),
        ]

    NAMED, ACCEPTED, DECLINED, WITHDRAWN = "named", "accepted", "declined", "withdrawn"

    @property
    def status(self) -> str:
        """What other offers keep a column for."""
        if self.withdrawn_at is not None:
            return self.WITHDRAWN
        if self.declined_at is not None:
            return self.DECLINED
        return self.NAMED if self.accepted_at is None else self.ACCEPTED

    def get_status_display(self) -> str:
        return self.status.capitalize()

    def __str__(self) -> str:
        return f"{self.member} for {self.wearing}"


class ReportingLine(OfEngagement):
    """To whom a hat answers at the client, since when, and when that is looked at again (C-12)."""

    reach = Reach(
        "reporting_line",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
    )

    hat = models.CharField(max_length=8, choices=Hat)
    reports_to = models.CharField(max_length=80, help_text="A function, such as CEO, CTO or board.")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, editable=False)
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("hat", Hat, "reporting_line_hat_is_known"),
            models.CheckConstraint(condition=~Q(reports_to=""), name="reporting_line_names_whom"),
            models.UniqueConstraint(
                fields=["practice", "engagement", "hat"],
                condition=Q(until_on=None),
                name="reporting_line_one_present",
            ),
            ends_after_start("reporting_line_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.hat} reports to {self.reports_to}"


class Pause(OfEngagement):
    """Days on which nothing is owed and nothing is earned: from the first until the day work goes on."""

    reach = Reach("engagement", clients=("client_id",), released=shown_to())
    no_overlap = "engagement_id"

    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, editable=False)
    reason = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(until_on=None),
                name="pause_one_present",
            ),
            ends_after_start("pause_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"Pause since {self.since_on}"
