"""Packs: deliverables that are handed over together, and the links by which somebody outside reads one."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from engagements.models.base import OfEngagement
from practice.reach import Reach

OWN = "own"


class Pack(OfEngagement):
    """A pack of the catalogue as one engagement fills it, or one put together by hand."""

    reach = Reach("pack", clients=("client_id",))

    # Of the catalogue: governance, day_90, eu; or own.
    key = models.CharField(max_length=20, default=OWN, editable=False)
    title = models.CharField(max_length=120)
    # Codes of kinds, in the order in which they are read.
    pieces = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "engagement", "key"],
                condition=~Q(key=OWN),
                name="pack_of_the_catalogue_once",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="pack_has_a_title"),
        ]
        indexes = [models.Index(fields=["practice", "engagement", "id"], name="pack_of")]

    def __str__(self) -> str:
        return self.title


class PackShare(OfEngagement):
    """A link to a pack for somebody without an account: it expires, can be taken back, and is counted."""

    reach = Reach("pack", clients=("client_id",), secret=("token_hash",), personal=("recipient",))

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="shares")
    recipient = models.CharField(max_length=200, help_text="For whom it is.")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        "practice.Member", editable=False, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    views = models.PositiveIntegerField(
        default=0, editable=False, validators=[MaxValueValidator(2_147_483_647)]
    )
    last_viewed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = "link to a pack", "links to packs"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="pack_share_ends"
            ),
            models.CheckConstraint(
                condition=Q(views=0, last_viewed_at=None)
                | Q(views__gt=0, last_viewed_at__isnull=False),
                name="pack_share_viewed_whole",
            ),
        ]
        indexes = [models.Index(fields=["practice", "pack", "id"], name="pack_share_of")]

    def __str__(self) -> str:
        return self.recipient
