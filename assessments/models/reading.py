"""What is known of a client, what the lenses made of it, and what was read and chosen. History is never overwritten."""

from django.db import models
from django.db.models import F, Q

from practice.models.base import TenantRow, one_of
from practice.reach import Reach


class FactSource(models.TextChoices):
    TALK = "talk", "Conversation"
    DOCUMENT = "document", "Document"
    PROSPECT = "prospect", "Prospect's questionnaire"
    ESTATE = "estate", "AI estate"
    IMPORT = "import", "Import"


class ClientFact(TenantRow):
    """One answer to one fact, from when until when it was held true. The open stretch is what is known now."""

    reach = Reach("fact", clients=("client_id",), personal=("said_by",))

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=60)
    # In the form of data/facts.toml; null says that it is no longer known.
    value = models.JSONField(null=True, blank=True)
    said_by = models.CharField(max_length=120, blank=True, default="")
    said_on = models.DateField()
    source = models.CharField(max_length=8, choices=FactSource)
    until_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            one_of("source", FactSource, "fact_source_is_known"),
            models.UniqueConstraint(
                fields=["practice", "client", "name"],
                condition=Q(until_at=None),
                name="fact_one_present",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("created_at")),
                name="fact_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["practice", "client", "name", "id"], name="fact_history")]

    def __str__(self) -> str:
        return self.name


class Assessment(TenantRow):
    """One run of the panel over the facts of a moment. Never changed: a re-run makes a new one."""

    reach = Reach("assessment", clients=("client_id",), personal=("answered_by",))
    append_only = True

    client = models.ForeignKey(
        "practice.Client", on_delete=models.PROTECT, related_name="assessments"
    )
    answered_by = models.CharField(max_length=120, blank=True, default="")
    source = models.CharField(max_length=8, choices=FactSource)
    facts = models.JSONField()
    # Key, version and hash of every lens that spoke, so that the result can be computed again.
    lenses = models.JSONField()
    result = models.JSONField()
    next_seat = models.CharField(max_length=20)
    end_shape = models.CharField(max_length=24)

    class Meta:
        constraints = [one_of("source", FactSource, "assessment_source_is_known")]
        indexes = [models.Index(fields=["practice", "client", "id"], name="assessment_by_client")]

    def __str__(self) -> str:
        return f"Assessment of {self.client}"


class Choice(TenantRow):
    """What the consultant made of an assessment, and why. Once, for good."""

    reach = Reach("choice", clients=("client_id",))
    append_only = True

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="choice")
    next_seat = models.CharField(max_length=20)
    end_shape = models.CharField(max_length=24)
    point = models.CharField(max_length=16)
    hats = models.JSONField(default=list, blank=True)
    preferred_lens = models.CharField(max_length=20, blank=True, default="")
    reason = models.TextField(max_length=4000)
    # Conflicts in which another value than the practice's default was taken: id, value, reason.
    overrides = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="choice_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.next_seat}, {self.end_shape}"


class ProspectLink(TenantRow):
    """A private address where somebody without an account answers, once."""

    reach = Reach(
        "prospect_link",
        clients=("client_id",),
        personal=("person",),
        secret=("token_hash", "draft"),
    )

    client = models.ForeignKey(
        "practice.Client", on_delete=models.PROTECT, related_name="prospect_links"
    )
    person = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, editable=False)
    may_see_read = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Answers so far, by fact: the prospect can leave and come back.
    draft = models.JSONField(default=dict, blank=True, editable=False)
    assessment = models.OneToOneField(
        Assessment,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="link",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="prospect_link_token_once"),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(assessment__isnull=False),
                name="prospect_link_submitted_has_assessment",
            ),
        ]

    def __str__(self) -> str:
        return f"Link for {self.person}"


class Read(TenantRow):
    """The written read: what the prospect is told, frozen when it was issued."""

    reach = Reach("read", clients=("client_id",), released=lambda actor: Q())
    append_only = True

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="reads")
    # The whole text as it was issued, so that a later change of words changes no letter of it.
    content = models.JSONField()

    def __str__(self) -> str:
        return f"Read of {self.client}"


class PracticeLens(TenantRow):
    """A lens file that a practice wrote itself. It stands beside the panel and never votes."""

    reach = Reach("own_lens", shared=True)
    append_only = True

    key = models.CharField(max_length=40)
    lens_version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    text = models.TextField(max_length=200_000)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "own lens"
        verbose_name_plural = "own lenses"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "key", "lens_version"], name="own_lens_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.lens_version}"
