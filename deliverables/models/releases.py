"""What left the house: releases to named contacts, what they ticked and answered, who opened it, and what was said."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from deliverables.models.owed import ACCEPTED, Deliverable
from deliverables.models.reading import read_by
from deliverables.models.versions import DeliverableVersion
from engagements.models.base import OfEngagement, set_by_verbs
from practice.models.base import one_of
from practice.models.people import Hat
from practice.reach import Reach


class ReleaseState(models.TextChoices):
    OPEN = "open", "Waits for an answer"
    ACCEPTED = "accepted", "Accepted"
    REMARKS = "remarks", "Accepted with remarks"
    CHANGES = "changes", "Changes requested"
    REJECTED = "rejected", "Rejected"
    VOIDED = "voided", "Void, a newer version is being written"
    WITHDRAWN = "withdrawn", "Taken back"


ANSWERED = (*ACCEPTED, "changes", "rejected")
CLOSED = (*ANSWERED, "voided", "withdrawn")


class Release(OfEngagement):
    """One version put before named contacts, and their answer, pinned to what they saw. Answered, it stays as it is."""

    State = ReleaseState

    reach = Reach(
        "release",
        clients=("client_id",),
        released=lambda actor: read_by(actor, "pk", "release_id"),
        # The key that signed is known to whoever has the receipt; not everybody who reads the log sees keys.
        personal=("message", "remarks", "evidence_note", "receipt", "signed_with"),
    )
    settles = ("state", CLOSED, ("state", "version"))

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="releases")
    pinned = models.ForeignKey(
        DeliverableVersion, on_delete=models.PROTECT, related_name="releases"
    )
    # As they were when it was released: the client reads these, never the deliverable's own row.
    code = models.CharField(max_length=12, editable=False)
    title = models.CharField(max_length=160, editable=False)
    hat = models.CharField(max_length=8, choices=Hat, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    criteria = models.JSONField(default=list, blank=True, editable=False)
    message = models.TextField(blank=True, default="", max_length=4000)
    released_by = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    answer_by = models.DateField(null=True, blank=True)
    # The terms of that day say that silence counts as a yes.
    silence_accepts = models.BooleanField(default=False, editable=False)
    state = models.CharField(max_length=10, choices=ReleaseState, default="open", editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    contact = set_by_verbs("practice.Contact")
    remarks = models.TextField(blank=True, default="", max_length=8000, editable=False)
    by_silence = models.BooleanField(default=False, editable=False)
    recorded_by = set_by_verbs("practice.Member")
    evidence_note = models.TextField(blank=True, default="", max_length=2000, editable=False)
    evidence = set_by_verbs("practice.StoredFile")
    # What the receipt says, as it was signed: canonical JSON, with the head of the decision log at that moment.
    receipt = models.TextField(blank=True, default="", editable=False)
    signature = models.CharField(max_length=128, blank=True, default="", editable=False)
    signed_with = set_by_verbs("deliverables.SigningKey")

    class Meta:
        constraints = [
            one_of("state", ReleaseState, "release_state_is_known"),
            one_of("hat", Hat, "release_hat_is_known"),
            models.UniqueConstraint(
                fields=["practice", "deliverable"],
                condition=Q(state="open"),
                name="release_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ANSWERED, answered_at__isnull=False, contact__isnull=False)
                | Q(state="accepted", answered_at__isnull=False, by_silence=True, contact=None)
                | (
                    ~Q(state__in=ANSWERED)
                    & Q(answered_at=None, contact=None, recorded_by=None, by_silence=False)
                ),
                name="release_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(by_silence=False) | Q(silence_accepts=True, recorded_by=None),
                name="release_silence_was_agreed",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by=None) | (~Q(evidence_note="") & Q(evidence__isnull=False)),
                name="release_on_behalf_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["remarks", "changes", "rejected"]) | ~Q(remarks=""),
                name="release_answer_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ACCEPTED)
                | (~Q(receipt="") & ~Q(signature="") & Q(signed_with__isnull=False)),
                name="release_accepted_has_a_receipt",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "state", "answer_by"], name="release_by_state"),
            models.Index(fields=["practice", "engagement", "id"], name="release_of"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Recipient(OfEngagement):
    """To whom a version was released, and when they opened it."""

    reach = Reach("release", clients=("client_id",), released=lambda actor: Q(contact_id=actor.id))

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="recipients")
    deliverable = models.ForeignKey(
        Deliverable, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    pinned = models.ForeignKey(
        DeliverableVersion, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    contact = models.ForeignKey("practice.Contact", on_delete=models.PROTECT, related_name="+")
    first_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    times_opened = models.PositiveIntegerField(
        default=0, editable=False, validators=[MaxValueValidator(2_147_483_647)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "release", "contact"], name="recipient_once"
            ),
            models.CheckConstraint(
                condition=Q(times_opened=0, first_opened_at=None, last_opened_at=None)
                | Q(
                    times_opened__gt=0,
                    first_opened_at__isnull=False,
                    last_opened_at__isnull=False,
                ),
                name="recipient_opened_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "contact", "release"], name="recipient_by_contact")
        ]

    def __str__(self) -> str:
        return str(self.contact)


class Tick(OfEngagement):
    """One criterion of a release that somebody found met."""

    reach = Reach(
        "release",
        clients=("client_id",),
        released=lambda actor: read_by(actor, "release_id", "release_id"),
    )
    part_settles = ("release_id", "deliverables_release", "state", CLOSED)

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="ticks")
    number = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(100)], help_text="Which criterion, counted from 1."
    )
    contact = models.ForeignKey(
        "practice.Contact", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = set_by_verbs("practice.Member")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "release", "number"], name="tick_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="tick_counts_from_one"),
        ]

    def __str__(self) -> str:
        return f"Criterion {self.number}"


class Comment(OfEngagement):
    """Something said of a deliverable: among the practice's own people, or with the client. Never one for the other."""

    reach = Reach(
        "deliverable_comment",
        clients=("client_id",),
        released=lambda actor: (
            Q(internal=False)
            & read_by(actor, "deliverable_id", "deliverable_id")
            # Of a version that was put before others, its readers talk among themselves.
            & (Q(pinned=None) | read_by(actor, "pinned_id", "pinned_id"))
        ),
        personal=("body",),
    )
    append_only = True

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="comments")
    pinned = models.ForeignKey(
        DeliverableVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="comments",
    )
    body = models.TextField(max_length=8000)
    internal = models.BooleanField(help_text="For the practice's own people alone.")
    member = set_by_verbs("practice.Member")
    contact = set_by_verbs("practice.Contact")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member__isnull=False, contact=None)
                | Q(member=None, contact__isnull=False, internal=False),
                name="comment_by_one_and_never_internal_of_a_client",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
        ]
        indexes = [models.Index(fields=["practice", "deliverable", "id"], name="comment_of")]

    def __str__(self) -> str:
        return self.body[:60]
