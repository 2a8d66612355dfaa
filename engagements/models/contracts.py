"""The contract register: versions and amendments, one at a time, each signed and accepted."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from engagements.models.base import Accepted, OfEngagement, accepted_whole, shown_to
from practice.models.base import one_of
from practice.reach import Reach

if TYPE_CHECKING:
    from practice.access import Actor


class OfferStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"
    # In force until the engagement was over.
    ENDED = "ended", "Ended"


# What was put before the sponsor. A draft is the practice's own, and so is what it took back.
SHOWN = ("offered", "accepted", "declined", "superseded", "ended")


def _released(actor: "Actor") -> Q:
    return shown_to("sponsor")(actor) & Q(status__in=SHOWN)


class ContractVersion(Accepted, OfEngagement):
    """The contract, or one amendment of it. What stands is the accepted version with the highest number."""

    Status = OfferStatus

    # What it says of itself tells of fees, as the file does.
    reach = Reach("contract", clients=("client_id",), released=_released, fees=("summary",))

    number = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True, default="", max_length=8000)
    file = models.ForeignKey(
        "practice.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    offered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_reason = models.TextField(blank=True, default="", max_length=2000, editable=False)

    class Meta:
        constraints = [
            one_of("status", OfferStatus, "contract_status_is_known"),
            accepted_whole("contract_accepted_whole"),
            models.UniqueConstraint(
                fields=["practice", "engagement", "number"], name="contract_number_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(status__in=["draft", "offered"]),
                name="contract_one_open",
            ),
            models.UniqueConstraint(
                fields=["practice", "engagement"],
                condition=Q(status="accepted"),
                name="contract_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "ended"]) | Q(accepted_at__isnull=False),
                name="contract_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
