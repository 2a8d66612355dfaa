"""What every link has by which somebody without an account reads something."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from practice.models.base import TenantRow


class SharedLink(TenantRow):
    """It says for whom it is, expires, can be taken back, and is counted. The verbs are in practice/shared_links.py."""

    # What its events are called by.
    word: ClassVar[str]

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
        abstract = True

    def __str__(self) -> str:
        return self.recipient


def link_constraints(word: str) -> list[models.CheckConstraint]:
    """A link ends after it was made, and the last look is known where there was one."""
    return [
        models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name=f"{word}_ends"),
        models.CheckConstraint(
            condition=Q(views=0, last_viewed_at=None)
            | Q(views__gt=0, last_viewed_at__isnull=False),
            name=f"{word}_viewed_whole",
        ),
    ]
