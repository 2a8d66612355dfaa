"""What belongs to a decision: who had to agree, what the hats made of its options, and what it is about."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from deliverables.models.decisions import MOST_OPTIONS, SETTLED, Decision, released
from engagements.models.base import OfEngagement, set_by_verbs
from practice.models.base import one_of
from practice.models.people import Hat
from practice.reach import Reach

LEAST, MOST = 1, 5


class Asked(models.TextChoices):
    HAT = "hat", "Another hat"
    SECOND = "second", "A second person"
    CLIENT = "client", "The client's sponsor"


class Agreement(OfEngagement):
    """One whom the charter asks to agree, and whether they did. One person with two hats confirms under the other."""

    Asked = Asked

    reach = Reach(
        "decision",
        clients=("client_id",),
        released=lambda actor: released("decision__"),
        personal=("evidence_note",),
    )
    part_settles = ("decision_id", "deliverables_decision", "status", SETTLED)

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="agreements")
    asked = models.CharField(max_length=8, choices=Asked)
    hat = models.CharField(max_length=8, choices=Hat, blank=True, default="")
    why = models.CharField(max_length=200)
    given_at = models.DateTimeField(null=True, blank=True, editable=False)
    member = set_by_verbs("practice.Member")
    contact = set_by_verbs("practice.Contact")
    recorded_by = set_by_verbs("practice.Member")
    evidence_note = models.TextField(blank=True, default="", max_length=2000, editable=False)
    evidence = set_by_verbs("practice.StoredFile")

    class Meta:
        constraints = [
            one_of("asked", Asked, "agreement_asked_is_known"),
            models.CheckConstraint(
                condition=Q(asked="hat", hat__in=Hat.values) | (~Q(asked="hat") & Q(hat="")),
                name="agreement_of_a_hat_names_it",
            ),
            models.UniqueConstraint(
                fields=["practice", "decision", "asked", "hat"], name="agreement_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, member=None, contact=None, recorded_by=None)
                | (
                    ~Q(asked="client")
                    & Q(
                        given_at__isnull=False,
                        member__isnull=False,
                        contact=None,
                        recorded_by=None,
                    )
                )
                | Q(
                    asked="client",
                    given_at__isnull=False,
                    member=None,
                    contact__isnull=False,
                    recorded_by=None,
                )
                | (
                    Q(
                        asked="client",
                        given_at__isnull=False,
                        member=None,
                        contact__isnull=False,
                        recorded_by__isnull=False,
                    )
                    & ~Q(evidence_note="")
                ),
                name="agreement_given_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.hat or self.get_asked_display()


class Score(OfEngagement):
    """What one hat makes of one option: business impact and technical feasibility, counted half each (S3-B2)."""

    reach = Reach(
        "decision",
        clients=("client_id",),
        released=lambda actor: released("decision__"),
        personal=("note",),
    )
    part_settles = ("decision_id", "deliverables_decision", "status", SETTLED)

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="scores")
    hat = models.CharField(max_length=8, choices=Hat)
    option = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(MOST_OPTIONS)],
        help_text="Which option, counted from 1.",
    )
    impact = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)]
    )
    feasibility = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(LEAST), MaxValueValidator(MOST)]
    )
    note = models.CharField(max_length=400, blank=True, default="")
    member = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            one_of("hat", Hat, "score_hat_is_known"),
            models.UniqueConstraint(
                fields=["practice", "decision", "hat", "option"], name="score_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    impact__range=(LEAST, MOST), feasibility__range=(LEAST, MOST), option__gte=1
                ),
                name="score_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hat}: {self.impact}/{self.feasibility}"


class DecisionLink(OfEngagement):
    """A thing that a decision is about; what kinds there are is contributed."""

    reach = Reach("decision", clients=("client_id",), released=lambda actor: released("decision__"))
    part_settles = ("decision_id", "deliverables_decision", "status", SETTLED)

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=40)
    target_id = models.UUIDField()
    # As it was called when it was linked: the log must stay readable when the thing is gone.
    title = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "decision", "kind", "target_id"], name="decision_link_once"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "kind", "target_id"], name="decision_link_target")
        ]

    def __str__(self) -> str:
        return self.title
