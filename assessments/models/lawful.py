"""What the law says of a client's AI: how a system was classified, and what shows that its duties are met."""

from django.db import models
from django.db.models import Q

from assessments.models.estate import OfClient, System, Tier, Vendor, external_once, shown_to
from practice.models.base import TenantRow, one_of
from practice.reach import Reach


class Classification(TenantRow):
    """How one system was read under the law once. Never changed: the newest counts. Orientation, not legal advice."""

    Tier = Tier

    reach = Reach(
        "classification",
        clients=("client_id",),
        released=shown_to("sponsor", "board", "reviewer"),
        inner=("note",),
    )
    append_only = True

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="classifications")
    reviewer = models.ForeignKey("practice.Member", on_delete=models.PROTECT, related_name="+")
    reviewed_on = models.DateField()
    answers = models.JSONField()
    # When it, or the first of its type, was placed on the market or put into service: decides what is legacy.
    placed_on = models.DateField(null=True, blank=True)
    tier = models.CharField(max_length=12, choices=Tier)
    # Questions are open whose answer could make it one of these.
    provisional = models.BooleanField(default=False)
    alternatives = models.JSONField(default=list, blank=True)
    # Each with its code and its sentence, which names the article.
    reasons = models.JSONField(default=list, blank=True)
    # Roles and traits, as the law table calls them.
    words = models.JSONField(default=list, blank=True)
    # Apart from the tier: each with key, text and articles, as that version of the law has them.
    obligations = models.JSONField(default=list, blank=True)
    # With what it can be computed again.
    lens_key = models.CharField(max_length=10)
    lens_version = models.PositiveIntegerField()
    lens_sha256 = models.CharField(max_length=64)
    law_key = models.CharField(max_length=10)
    law_version = models.PositiveIntegerField()
    note = models.TextField(max_length=4000, blank=True, default="")

    class Meta:
        constraints = [one_of("tier", Tier, "classification_tier_is_known")]
        indexes = [
            models.Index(fields=["practice", "system", "id"], name="classification_by_system"),
            models.Index(fields=["practice", "id"], name="classification_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()}, {self.reviewed_on}"


class Evidence(OfClient):
    """What shows that a duty is met: of one system, of one article for all of them, or both."""

    reach = Reach(
        "evidence",
        clients=("client_id",),
        released=shown_to("sponsor", "board", "reviewer"),
        inner=("note", "file"),
    )

    system = models.ForeignKey(
        System, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    article = models.CharField(
        max_length=60, blank=True, default="", help_text="Such as Article 9. Empty: of the system."
    )
    title = models.CharField(max_length=200)
    file = models.ForeignKey(
        "practice.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    valid_until_on = models.DateField(
        null=True, blank=True, help_text="Its last day. Empty: it does not expire."
    )
    note = models.TextField(max_length=4000, blank=True, default="")
    withdrawn_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_a_title"),
            models.CheckConstraint(
                condition=Q(system__isnull=False) | ~Q(article=""), name="evidence_shows_something"
            ),
            external_once("evidence_external_once"),
        ]
        indexes = [
            models.Index(fields=["practice", "client", "id"], name="evidence_by_client"),
            models.Index(fields=["practice", "system", "id"], name="evidence_by_system"),
        ]

    def __str__(self) -> str:
        return self.title


class Asked(models.TextChoices):
    MISSING = "missing", "Not asked for yet"
    ASKED = "asked", "Asked for"
    RECEIVED = "received", "Received"
    REFUSED = "refused", "The vendor gives none"
    NOT_NEEDED = "not_needed", "Not needed, with counsel"


class VendorEvidence(TenantRow):
    """One item to ask of the vendor of a general-purpose model, whose duty it is: confirm with counsel."""

    Status = Asked

    reach = Reach(
        "vendor_evidence",
        clients=("client_id",),
        released=shown_to("sponsor", "board"),
        inner=("note", "file"),
    )

    client = models.ForeignKey("practice.Client", on_delete=models.PROTECT, related_name="+")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="evidence")
    # A key of data/gpai.toml.
    item = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Asked, default=Asked.MISSING)
    status_on = models.DateField()
    link = models.CharField(max_length=400, blank=True, default="")
    file = models.ForeignKey(
        "practice.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(max_length=4000, blank=True, default="")

    class Meta:
        verbose_name = "item asked of a model vendor"
        verbose_name_plural = "asked of model vendors"
        constraints = [
            one_of("status", Asked, "vendor_evidence_status_is_known"),
            models.UniqueConstraint(fields=["vendor", "item"], name="vendor_evidence_item_once"),
        ]
        indexes = [models.Index(fields=["practice", "client", "id"], name="vendor_evidence_order")]

    def __str__(self) -> str:
        return f"{self.vendor}: {self.item.replace('_', ' ')}"
