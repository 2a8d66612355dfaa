"""By which ways what happens reaches people and software besides mail: inbox, calendar feeds, webhooks."""

from django.db import models
from django.db.models import Q

from practice.models.base import TenantRow, one_of
from practice.models.ground import Notice
from practice.reach import Reach


class InboxItems(models.Manager["InboxItem"]):
    def get_queryset(self) -> models.QuerySet["InboxItem"]:
        # Only what says something to a person has a title (practice/notices.py).
        return super().get_queryset().exclude(title="").exclude(status=Notice.Status.CANCELLED)


class InboxItem(Notice):
    """A notice as the person sees it whom it was for. The same row as in the outbox, not a copy of it."""

    reach = Reach(
        "inbox",
        clients=("client_id",),
        own=lambda actor: Q(recipient=f"{actor.kind}:{actor.id}"),
        personal=("address", "title"),
    )

    objects = InboxItems()

    class Meta:
        proxy = True
        verbose_name = "inbox item"


class Deliveries(models.Manager["Delivery"]):
    def get_queryset(self) -> models.QuerySet["Delivery"]:
        return super().get_queryset().filter(channel=Notice.Channel.HOOK)


class Delivery(Notice):
    """A notice to software: one event for one webhook. `subject_id` is the webhook, `occurrence` the event's id."""

    reach = Reach("webhook", clients=("client_id",))

    objects = Deliveries()

    class Meta:
        proxy = True
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"Delivery {self.pk.hex[-8:]}"


class DeliveryAttempt(TenantRow):
    """One call of a webhook's address, and what came back. Kept as long as its delivery."""

    reach = Reach("webhook")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="calls")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    # Null: there was no answer, and `fault` says why not.
    answered = models.PositiveSmallIntegerField(null=True, blank=True)
    fault = models.CharField(max_length=60, blank=True, default="")
    took_ms = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["notice", "id"], name="attempt_of_delivery")]

    def __str__(self) -> str:
        return f"Attempt {self.number}"


class WebhookStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    DISABLED = "disabled", "Disabled"


class DisabledBy(models.TextChoices):
    OWNER = "owner", "An owner"
    GONE = "gone", "The receiver said that it is gone (410)"
    FAILING = "failing", "It failed for too long"


class Webhook(TenantRow):
    """An address of other software that is told of events: which kind, of what, when; never the content."""

    Status = WebhookStatus

    reach = Reach(
        "webhook",
        clients=("client_id",),
        # An address may carry a token of the receiver: the log says that it changed, not to what.
        personal=("url",),
        secret=("nonce", "earlier_nonce"),
    )

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500, verbose_name="address")
    client = models.ForeignKey(
        "practice.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kinds = models.JSONField(
        default=list,
        blank=True,
        help_text="Kinds of events, such as client.changed or client.*; none: all of them.",
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    disabled_by = models.CharField(max_length=8, choices=DisabledBy, blank=True, default="")
    disabled_at = models.DateTimeField(null=True, blank=True)
    # Half of the signing secret; the other half is the server's, so a stolen database signs nothing.
    nonce = models.CharField(max_length=32, editable=False)
    earlier_nonce = models.CharField(max_length=32, blank=True, default="", editable=False)
    earlier_until = models.DateTimeField(null=True, blank=True)
    # Events up to this id have all become deliveries (practice/hooks/taking.py).
    cursor = models.UUIDField(editable=False)
    # Bookkeeping of the drain, no version: what the receiver did lately.
    failures = models.PositiveIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    tried_at = models.DateTimeField(null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            one_of("status", WebhookStatus, "webhook_status_is_known"),
            models.CheckConstraint(
                condition=Q(disabled_by__in=["", *DisabledBy.values]),
                name="webhook_disabled_by_is_known",
            ),
        ]
        indexes = [models.Index(fields=["status", "tried_at", "id"], name="webhook_by_tried")]

    def __str__(self) -> str:
        return self.name


class Feed(TenantRow):
    """A calendar address that needs no sign-in: whoever has it sees what its person may see."""

    reach = Reach(
        "calendar",
        own=lambda actor: (
            Q(member_id=actor.id) if actor.kind == "member" else Q(contact_id=actor.id)
        ),
        secret=("token_hash",),
    )

    member = models.ForeignKey(
        "practice.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact = models.ForeignKey(
        "practice.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What it is limited to: a key of practice/feeds' register, and the id of the row where it has one.
    scope = models.CharField(max_length=20, default="all")
    scope_id = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "calendar feed"
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None) ^ Q(contact=None), name="feed_is_one_persons"
            )
        ]

    def __str__(self) -> str:
        return f"Calendar feed of {self.created_at:%Y-%m-%d}"
