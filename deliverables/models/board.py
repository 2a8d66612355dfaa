"""Board reports: one per engagement, fiscal quarter and edition, with its sections, asks and answers. Issued, it stays as it is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from engagements.models.base import OfEngagement
from practice.models.base import one_of
from practice.reach import Reach

if TYPE_CHECKING:
    from practice.access import Actor


class BoardReportStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    REVIEWED = "reviewed", "Reviewed"
    ISSUED = "issued", "Issued"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"


ISSUED = ("issued", "acknowledged")


def read_when_issued(prefix: str = "") -> "Callable[[Actor], Q]":
    """The board and the sponsor read what was issued, and nothing before."""

    def released(actor: "Actor") -> Q:
        if actor.role not in ("sponsor", "board"):
            return Q(pk=None)
        return Q(**{f"{prefix}status__in": ISSUED})

    return released


class BoardReport(OfEngagement):
    Status = BoardReportStatus

    reach = Reach(
        "board_report",
        clients=("client_id",),
        released=read_when_issued(),
        # What the figures were when they were filled in, and what was said inside; the client reads the content.
        inner=(
            "figures",
            "kept",
            "reviewer",
            "submitted_at",
            "reviewed_by",
            "reviewed_at",
            "review_note",
            "self_reason",
        ),
        personal=(
            "cover_line",
            "correction",
            "review_note",
            "self_reason",
            "figures",
            "kept",
            "content",
        ),
        fees=("figures", "kept", "content"),
    )
    # Of an issued report these alone still move: that the board acknowledged it.
    settles = ("status", ISSUED, ("status", "version", "acknowledged_at"))

    # The client's fiscal quarter, as it was when the report was opened.
    quarter = models.CharField(max_length=12, editable=False)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)
    edition = models.PositiveSmallIntegerField(
        default=1, editable=False, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    corrects = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    correction = models.TextField(blank=True, default="", max_length=2000)
    status = models.CharField(
        max_length=12, choices=BoardReportStatus, default=BoardReportStatus.DRAFT, editable=False
    )
    by_choice = models.BooleanField(
        default=False, editable=False, help_text="Opened by somebody before it was owed."
    )
    author = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    cover_line = models.CharField(max_length=200, blank=True, default="")
    confidentiality = models.CharField(max_length=200, blank=True, default="Confidential")
    # As the registers had them at `as_of`: {"summary": […], "notes": […], "sections": {key: {…}}}.
    figures = models.JSONField(default=dict, editable=False)
    as_of = models.DateTimeField(editable=False)
    # Figures that moved since and were left as they were on purpose: the hash of what they are now, by their place.
    kept = models.JSONField(default=dict, blank=True, editable=False)
    reviewer = models.ForeignKey(
        "practice.Member",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        "practice.Member",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True, blank=True, editable=False)
    review_note = models.TextField(blank=True, default="", max_length=2000, editable=False)
    self_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)
    issued_by = models.ForeignKey(
        "practice.Member",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Canonical JSON, to the byte as it was hashed; and where the decision log stood at that moment.
    content = models.TextField(blank=True, default="", editable=False)
    sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    log_head = models.CharField(max_length=64, blank=True, default="", editable=False)
    log_length = models.PositiveIntegerField(
        default=0, editable=False, validators=[MaxValueValidator(2_147_483_647)]
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            one_of("status", BoardReportStatus, "board_report_status_is_known"),
            models.UniqueConstraint(
                fields=["practice", "engagement", "starts_on", "edition"],
                name="board_report_once_a_quarter",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement", "starts_on"],
                condition=Q(status__in=["draft", "reviewed"]),
                name="board_report_one_being_written",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="board_report_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(edition=1, corrects=None, correction="")
                | (Q(edition__gt=1, corrects__isnull=False) & ~Q(correction="")),
                name="board_report_edition_says_what_changed",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", reviewed_at=None, reviewed_by=None)
                | (
                    ~Q(status="draft")
                    & Q(
                        reviewed_at__isnull=False,
                        reviewed_by__isnull=False,
                        submitted_at__isnull=False,
                    )
                ),
                name="board_report_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status__in=ISSUED, issued_at__isnull=False, issued_by__isnull=False)
                    & ~Q(content="")
                    & ~Q(sha256="")
                )
                | (
                    ~Q(status__in=ISSUED)
                    & Q(issued_at=None, issued_by=None, content="", sha256="", log_head="")
                ),
                name="board_report_issued_is_frozen",
            ),
            models.CheckConstraint(
                condition=Q(status="acknowledged", acknowledged_at__isnull=False)
                | (~Q(status="acknowledged") & Q(acknowledged_at=None)),
                name="board_report_acknowledged_has_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "engagement", "ends_on"], name="board_report_of"),
            models.Index(fields=["practice", "status", "ends_on"], name="board_report_by_status"),
        ]

    def __str__(self) -> str:
        second = f", edition {self.edition}" if self.edition > 1 else ""
        return f"{self.title}{second}"


class OfReport(OfEngagement):
    """A part of one report; written no more once that is issued."""

    report = models.ForeignKey(
        BoardReport, editable=False, on_delete=models.PROTECT, related_name="%(class)ss"
    )

    class Meta:
        abstract = True


PART = ("report_id", "deliverables_boardreport", "status", ISSUED)


class BoardSection(OfReport):
    """The words of one section; its figures come from the registers and stand on the report."""

    reach = Reach(
        "board_report",
        clients=("client_id",),
        released=read_when_issued("report__"),
        personal=("words", "writer"),
    )
    part_settles = PART

    key = models.CharField(max_length=20, editable=False)
    title = models.CharField(max_length=120)
    place = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    mandatory = models.BooleanField(default=False, editable=False)
    words = models.TextField(blank=True, default="", max_length=20000, help_text="Markdown.")
    # Who wrote it, where that is not the author.
    writer = models.CharField(max_length=120, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "report", "key"], name="board_section_once"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="board_section_has_a_title"),
        ]
        indexes = [models.Index(fields=["practice", "report", "place"], name="board_section_of")]

    def __str__(self) -> str:
        return self.title


class Contribution(OfReport):
    """A link by which somebody without an account answers one section: it expires and can be taken back."""

    reach = Reach(
        "board_report",
        clients=("client_id",),
        secret=("token_hash",),
        personal=("person", "question", "answer"),
    )

    section = models.ForeignKey(
        BoardSection, on_delete=models.PROTECT, related_name="contributions"
    )
    person = models.CharField(max_length=120, help_text="Who is asked.")
    question = models.TextField(max_length=2000)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(blank=True, default="", max_length=20000, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When its words were taken into the section.
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="contribution_ends"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, taken_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="contribution_answered_whole",
            ),
        ]
        indexes = [models.Index(fields=["practice", "report", "id"], name="contribution_of")]

    def __str__(self) -> str:
        return self.person
