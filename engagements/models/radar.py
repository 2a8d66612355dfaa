"""What the failure-mode radar found: raised once, cleared when gone, acknowledged with a reason. History stays."""

from django.db import models
from django.db.models import F, Q

from engagements.models.base import OfEngagement
from practice.reach import Reach


class Finding(OfEngagement):
    reach = Reach("finding", clients=("client_id",))

    code = models.CharField(max_length=8)
    # Tells two of one code apart (which hat, which system); empty where there can be only one.
    about = models.CharField(max_length=80, blank=True, default="")
    sentence = models.CharField(max_length=400)
    # The rows that show it: [{"kind": "timeentry", "id": "…", "text": "…"}], and the figures compared.
    evidence = models.JSONField(default=list)
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)
    acknowledged_by = models.ForeignKey(
        "practice.Member",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    acknowledged_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "engagement", "code", "about"],
                condition=Q(cleared_at=None),
                name="finding_raised_once",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None) | Q(cleared_at__gte=F("raised_at")),
                name="finding_cleared_after_raised",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, acknowledged_reason="")
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                & ~Q(acknowledged_reason=""),
                name="finding_acknowledged_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "cleared_at", "id"], name="finding_open"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"
