"""Papers that a worker sets: one row for each thing and state of it that somebody wants on paper."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from practice.models.base import TenantRow, one_of
from practice.reach import Reach


class RenderingStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RENDERING = "rendering", "Being set"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class RenderingStep(models.TextChoices):
    """What is being done now."""

    ASKED = "asked", "Waiting for its turn"
    READING = "reading", "Reading what it says"
    SETTING = "setting", "Setting the pages"
    KEEPING = "keeping", "Keeping the file"
    KEPT = "kept", "Ready"


class Rendering(TenantRow):
    """One paper on its way: asked for once, tried a few times, kept as a file or shown as failed."""

    Status, Step = RenderingStatus, RenderingStep

    reach = Reach("rendering", clients=("client_id",))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    # Of practice/rendering.py's register, and which thing of that kind.
    kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    # Of what the paper says: the same content is set once.
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    step = models.CharField(max_length=8, choices=Step, default=Step.ASKED)
    percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # The class of what went wrong last, never its text: texts can carry content.
    fault = models.CharField(max_length=60, blank=True, default="")
    file = models.ForeignKey(
        "practice.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("status", RenderingStatus, "rendering_status_is_known"),
            one_of("step", RenderingStep, "rendering_step_is_known"),
            models.UniqueConstraint(
                fields=["practice", "kind", "subject_id", "sha256"], name="rendering_once"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="rendering_percent"),
            models.CheckConstraint(
                condition=Q(status="done", file__isnull=False, done_at__isnull=False, percent=100)
                | (~Q(status="done") & Q(file=None, done_at=None)),
                name="rendering_done_has_a_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status__in=["waiting", "rendering"]),
                name="rendering_due",
            )
        ]

    def __str__(self) -> str:
        return self.get_status_display()
