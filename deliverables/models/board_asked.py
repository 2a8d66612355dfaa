"""What a board report asks, what the board answered, and who read it."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from deliverables.models.board import PART, OfReport, read_when_issued
from deliverables.models.decisions import ERASED
from practice.reach import Reach

MOST_ANSWERS = 12


class BoardAsk(OfReport):
    """A decision asked of the board, with the options it has."""

    reach = Reach(
        "board_report",
        clients=("client_id",),
        released=read_when_issued("report__"),
        personal=("question", "context", "options"),
    )
    part_settles = PART

    number = models.PositiveSmallIntegerField(
        editable=False, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    question = models.CharField(max_length=200)
    context = models.TextField(blank=True, default="", max_length=8000)
    # Words of each option, in order; an answer counts them from 1.
    options = models.JSONField(default=list)
    # Under which right of the charter, by which hat, the answer goes into the decision log.
    code = models.CharField(max_length=12, blank=True, default="")
    hat = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "report", "number"], name="board_ask_number_once"
            ),
            models.CheckConstraint(condition=~Q(question=""), name="board_ask_asks_something"),
            models.CheckConstraint(
                condition=Q(code="", hat="") | (~Q(code="") & ~Q(hat="")),
                name="board_ask_right_has_a_hat",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class BoardAnswer(OfReport):
    """What the board answered: by a contact in the portal, or put down with what shows it."""

    reach = Reach(
        "board_report",
        clients=("client_id",),
        released=read_when_issued("report__"),
        personal=("note", "evidence_note"),
    )
    # Given once and never changed, but for what must be forgotten.
    settles = ("state", ("given",), ("version",))
    erasable: ClassVar[dict[str, str]] = {"note": ERASED, "evidence_note": ERASED}

    state = models.CharField(max_length=5, default="given", editable=False)
    ask = models.ForeignKey(BoardAsk, on_delete=models.PROTECT, related_name="answers")
    chosen = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ANSWERS)],
        help_text="Which option, counted from 1.",
    )
    note = models.TextField(blank=True, default="", max_length=4000)
    contact = models.ForeignKey("practice.Contact", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        "practice.Member",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    evidence_note = models.TextField(blank=True, default="", max_length=2000)
    # The proposal that the answer became in the log; without one, why there is none.
    decision = models.ForeignKey(
        "deliverables.Decision",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    not_logged = models.CharField(max_length=300, blank=True, default="", editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "ask"], name="board_answer_once"),
            models.CheckConstraint(condition=Q(state="given"), name="board_answer_is_given"),
            models.CheckConstraint(
                condition=Q(recorded_by=None) | ~Q(evidence_note=""),
                name="board_answer_put_down_has_a_note",
            ),
            models.CheckConstraint(
                condition=(Q(decision__isnull=False) & Q(not_logged=""))
                | (Q(decision=None) & ~Q(not_logged="")),
                name="board_answer_logged_or_says_why_not",
            ),
        ]
        indexes = [models.Index(fields=["practice", "report", "id"], name="board_answer_of")]

    def __str__(self) -> str:
        return f"Answer {self.chosen}"


class BoardReading(OfReport):
    """That one contact opened an issued report, and acknowledged it. The sponsor reads everybody's, others their own."""

    reach = Reach(
        "board_report",
        clients=("client_id",),
        released=lambda actor: (
            read_when_issued("report__")(actor)
            & (Q() if actor.role == "sponsor" else Q(contact_id=actor.id))
        ),
    )

    contact = models.ForeignKey("practice.Contact", on_delete=models.PROTECT, related_name="+")
    first_opened_at = models.DateTimeField(editable=False)
    last_opened_at = models.DateTimeField(editable=False)
    times_opened = models.PositiveIntegerField(
        default=1, editable=False, validators=[MaxValueValidator(2_147_483_647)]
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "report", "contact"], name="board_reading_once"
            ),
            models.CheckConstraint(
                condition=Q(times_opened__gte=1, last_opened_at__gte=F("first_opened_at")),
                name="board_reading_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact)
