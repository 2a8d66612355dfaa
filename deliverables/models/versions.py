"""What was written: the versions of a deliverable, and the look that somebody in the practice took at each."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from deliverables.models.owed import Deliverable
from deliverables.models.reading import read_by
from engagements.models.base import OfEngagement, set_by_verbs
from practice.models.base import one_of
from practice.models.people import Hat
from practice.reach import Reach

LONGEST = 400_000


class DeliverableVersion(OfEngagement):
    """A text or a file, under the hat it was written with. Once submitted for review it stays as it is."""

    class Form(models.TextChoices):
        TEXT = "text", "Text"
        FILE = "file", "File"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"

    reach = Reach(
        "deliverable_version",
        clients=("client_id",),
        released=lambda actor: read_by(actor, "pk", "pinned_id"),
        personal=("text", "note"),
    )
    settles = ("state", ("submitted",), ("state", "version", "released_at"))

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(editable=False)
    author = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    hat = models.CharField(max_length=8, choices=Hat, editable=False)
    form = models.CharField(max_length=4, choices=Form, default=Form.TEXT)
    text = models.TextField(blank=True, default="", max_length=LONGEST)
    file = models.ForeignKey(
        "practice.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=400, blank=True, default="", help_text="What is new in it.")
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    # Of a text; what a file holds is not read.
    words = models.PositiveIntegerField(
        null=True, blank=True, editable=False, validators=[MaxValueValidator(2_147_483_647)]
    )
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(form="text", file=None)
                | Q(form="file", file__isnull=False, text="", words=None),
                name="version_is_text_or_file",
            ),
            one_of("hat", Hat, "version_hat_is_known"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None, released_at=None)
                | Q(state="submitted", submitted_at__isnull=False),
                name="version_submitted_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["practice", "deliverable", "number"], name="version_number_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "deliverable"],
                condition=Q(state="draft"),
                name="version_one_draft",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "engagement", "sha256"], name="version_by_content")
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class InternalReview(OfEngagement):
    """Whether a version may leave the house: another member's word, or one's own with a reason where nobody else is."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        PASSED = "passed", "Passed"
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"

    reach = Reach("deliverable", clients=("client_id",), personal=("note", "self_reason"))
    settles = ("state", ("passed", "returned", "withdrawn"), ("state", "version"))

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="reviews")
    pinned = models.ForeignKey(DeliverableVersion, on_delete=models.PROTECT, related_name="reviews")
    asked_by = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    # Whom it was put to; nobody in particular, without.
    reviewer = models.ForeignKey(
        "practice.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN, editable=False)
    done_by = set_by_verbs("practice.Member")
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    self_reason = models.CharField(max_length=400, blank=True, default="", editable=False)
    note = models.TextField(blank=True, default="", max_length=4000, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], done_by=None, done_at=None)
                | Q(state__in=["passed", "returned"], done_by__isnull=False, done_at__isnull=False),
                name="review_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="passed")
                | ~Q(done_by=models.F("asked_by"))
                | ~Q(self_reason=""),
                name="review_of_oneself_says_why",
            ),
            models.UniqueConstraint(
                fields=["practice", "deliverable"],
                condition=Q(state="open"),
                name="review_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"Review: {self.get_state_display()}"
