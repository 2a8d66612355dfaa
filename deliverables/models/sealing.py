"""The sealed log: entries that nobody can quietly rewrite, what opens them, and heads that were signed and published.

An entry's header is made of its columns and the hash of its body. A body holds seals in place of names and free text;
what opens a seal lies apart, so that it can be erased and the log still be checked.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from engagements.models.base import OfEngagement, shown_to
from practice.models.base import TenantRow
from practice.reach import Reach
from practice.registers import Register

if TYPE_CHECKING:
    from practice.access import Actor

# Contributed, by the kind of a sealed row: ids of those that a contact may read.
SUBJECTS: Register[Callable[["Actor"], Any]] = Register("what is sealed")
# What happens to the log itself, and so is for everybody who sees it.
ITSELF = "chain"


def _readable(prefix: str = "") -> "Callable[[Actor], Q]":
    def released(actor: "Actor") -> Q:
        readable = Q(**{f"{prefix}subject_kind": ITSELF})
        for kind in SUBJECTS:
            of_kind = {f"{prefix}subject_kind": kind}
            readable |= Q(**of_kind, **{f"{prefix}subject_id__in": SUBJECTS[kind](actor)})
        return readable & shown_to()(actor)

    return released


class Chain(OfEngagement):
    """An engagement's log as a whole. Whoever appends holds this row, so numbers have no gaps."""

    reach = Reach("log", clients=("client_id",), released=shown_to())

    length = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, blank=True, default="", editable=False)
    # The last entry under a signed head; the next feed speaks of what came after.
    anchored = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = "log"
        constraints = [
            models.UniqueConstraint(fields=["practice", "engagement"], name="chain_one_each"),
            models.CheckConstraint(
                condition=Q(length=0, head="") | (Q(length__gte=1) & ~Q(head="")),
                name="chain_has_a_head_or_is_empty",
            ),
        ]

    def __str__(self) -> str:
        return f"Log of {self.length}"


class SealedEntry(OfEngagement):
    reach = Reach("log", clients=("client_id",), released=_readable())
    append_only = True

    number = models.PositiveIntegerField(editable=False)
    sealed_at = models.DateTimeField(editable=False)
    previous = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)
    # Canonical JSON, to the byte as it was hashed.
    body = models.TextField(editable=False)
    # Said in the body too; here to be looked for.
    kind = models.CharField(max_length=60, editable=False)
    subject_kind = models.CharField(max_length=40, editable=False)
    subject_id = models.UUIDField(editable=False)

    class Meta:
        verbose_name_plural = "sealed entries"
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "engagement", "number"], name="sealed_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="sealed_number_from_one"),
        ]
        indexes = [
            models.Index(fields=["practice", "subject_id", "number"], name="sealed_by_subject")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"


class Opening(OfEngagement):
    """A sealed value with the salt it was sealed with. Never changed; deleted when it is to be forgotten."""

    reach = Reach(
        "log", clients=("client_id",), released=_readable("entry__"), personal=("value", "salt")
    )
    written_once = True

    entry = models.ForeignKey(SealedEntry, on_delete=models.PROTECT, related_name="openings")
    name = models.CharField(max_length=40, editable=False)
    salt = models.CharField(max_length=64, editable=False)
    # Canonical JSON: a column of JSON would keep the meaning and not the bytes.
    value = models.TextField(editable=False)
    # Whom it is about, where it is about one person.
    person_kind = models.CharField(max_length=8, blank=True, default="", editable=False)
    person_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "entry", "name"], name="opening_once")
        ]
        indexes = [models.Index(fields=["practice", "person_id"], name="opening_by_person")]

    def __str__(self) -> str:
        return self.name


class SigningKey(TenantRow):
    """A key the practice signs heads with. Its private half is derived from `nonce` and the server's secret."""

    reach = Reach("signing_key", shared=True, secret=("nonce",))

    public_key = models.CharField(max_length=64, editable=False)
    nonce = models.CharField(max_length=64, editable=False)
    since_at = models.DateTimeField(editable=False)
    until_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The key before it says, signed, that this one follows; empty for the first, and where that one was lost.
    introduction = models.TextField(blank=True, default="", editable=False)
    introduction_signature = models.CharField(
        max_length=128, blank=True, default="", editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "public_key"], name="signing_key_once"),
            models.UniqueConstraint(
                fields=["practice"], condition=Q(until_at=None), name="signing_key_one_present"
            ),
        ]

    def __str__(self) -> str:
        return self.public_key[:16]


class HeadFeed(TenantRow):
    """What was published on one day: a hash of every head that moved, signed. Each names the one before it."""

    reach = Reach("signing_key", shared=True)
    append_only = True

    number = models.PositiveIntegerField(editable=False)
    on = models.DateField(editable=False)
    text = models.TextField(editable=False)
    hash = models.CharField(max_length=64, editable=False)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+", editable=False)
    signature = models.CharField(max_length=128, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="head_feed_number_once"),
            models.UniqueConstraint(fields=["practice", "on"], name="head_feed_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"Heads of {self.on}"


class Anchor(OfEngagement):
    """A head that was signed: at that moment the log had so many entries and ended in this hash."""

    reach = Reach("log", clients=("client_id",), released=shown_to())
    append_only = True

    number = models.PositiveIntegerField(editable=False)
    hash = models.CharField(max_length=64, editable=False)
    text = models.TextField(editable=False)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+", editable=False)
    signature = models.CharField(max_length=128, editable=False)
    # Of the daily ones; the others were asked for, by whatever carries them: a receipt, a board report.
    feed = models.ForeignKey(
        HeadFeed,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="anchors",
        editable=False,
    )
    carrier_kind = models.CharField(max_length=40, blank=True, default="", editable=False)
    carrier_id = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "head"
        indexes = [
            models.Index(fields=["practice", "engagement", "number"], name="anchor_by_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
