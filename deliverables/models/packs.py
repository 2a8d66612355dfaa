"""Packs: deliverables that are handed over together, and the links by which somebody outside reads one."""

from django.db import models
from django.db.models import Q

from engagements.models.base import OfEngagement
from practice.models.shared import SharedLink, link_constraints
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


class PackShare(SharedLink, OfEngagement):
    """A link to a pack for somebody without an account: it expires, can be taken back, and is counted."""

    reach = Reach("pack", clients=("client_id",), secret=("token_hash",), personal=("recipient",))
    word = "pack_share"

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="shares")

    class Meta:
        verbose_name, verbose_name_plural = "link to a pack", "links to packs"
        constraints = link_constraints("pack_share")
        indexes = [models.Index(fields=["practice", "pack", "id"], name="pack_share_of")]
