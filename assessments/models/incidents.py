"""What went wrong with a system of the client's AI, from being found until what was learnt of it."""

from django.db import models
from django.db.models import F, Q

from assessments.models.estate import OfClient, System, external_once, shown_to
from practice.models.base import one_of
from practice.reach import Reach


class Severity(models.TextChoices):
    CRITICAL = "critical", "Critical"
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class IncidentStatus(models.TextChoices):
    OPEN = "open", "Open"
    CONTAINED = "contained", "Contained"
    CLOSED = "closed", "Closed"


class Incident(OfClient):
    """One incident of one system. When it began and ended may be known later than that it was found."""

    Severity = Severity
    Status = IncidentStatus

    reach = Reach("incident", clients=("client_id",), released=shown_to("sponsor", "board"))

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="incidents")
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, choices=Severity)
    status = models.CharField(
        max_length=9, choices=IncidentStatus, default=IncidentStatus.OPEN, editable=False
    )
    # No day is computed from it: the table of the law names none, so counsel is asked.
    serious = models.BooleanField(
        default=False,
        help_text="Where it may have to be reported to an authority: counsel says whether, to whom and by when.",
    )
    what_happened = models.TextField(max_length=8000)
    runbook = models.CharField(
        max_length=400,
        blank=True,
        default="",
        help_text="Which runbook was followed, or where it lies.",
    )
    found_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    contained_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    learned = models.TextField(max_length=8000, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            one_of("severity", Severity, "incident_severity_is_known"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(what_happened=""), name="incident_says_what"
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(started_at__lte=F("found_at")),
                name="incident_began_before_found",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at=None) | Q(ended_at__gte=F("started_at")),
                name="incident_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(status="open", contained_at=None, closed_at=None, learned="")
                | Q(status="contained", contained_at__isnull=False, closed_at=None, learned="")
                | Q(
                    status="closed",
                    contained_at__isnull=False,
                    closed_at__isnull=False,
                    ended_at__isnull=False,
                )
                & ~Q(learned=""),
                name="incident_status_has_its_words",
            ),
            external_once("incident_external_once"),
        ]
        indexes = [
            models.Index(fields=["practice", "client", "found_at", "id"], name="incident_by_found"),
            models.Index(fields=["practice", "found_at", "id"], name="incident_by_moment"),
        ]

    def __str__(self) -> str:
        return self.title
