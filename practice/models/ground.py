"""The ground floor's own tables: events, agenda, notices, keys, replays, pulse."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from practice import ids
from practice.agenda_rules import addressed_to, client_title
from practice.models.base import TenantRow, ZoneField, one_of
from practice.models.people import Hat
from practice.quarters import local_day
from practice.reach import Everyones, Reach


class Source(models.TextChoices):
    DESK = "desk", "Desk"
    PORTAL = "portal", "Portal"
    API = "api", "API"
    JOB = "job", "Job"
    IMPORT = "import", "Import"
    CONSOLE = "console", "Console"


class Event(models.Model):
    """What happened. Written once; the database refuses to change or remove it (practice/guards.py)."""

    reach = Reach("event", clients=("client_id",), tells_of="subject_kind", fees=("commercial",))
    append_only = True

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    practice = models.ForeignKey("practice.Practice", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(
        "practice.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    # Ids, not names: a person can be erased while the record stays.
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True, blank=True)
    on_behalf_id = models.UUIDField(null=True, blank=True)
    hat = models.CharField(max_length=8, choices=Hat, blank=True, default="")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    # The same for commercial fields, apart: who sees the event does not always see the fees.
    commercial = models.JSONField(null=True, blank=True)
    source = models.CharField(max_length=8, choices=Source)
    request_id = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [one_of("source", Source, "event_source_is_known")]
        indexes = [
            models.Index(fields=["practice", "id"], name="event_by_practice"),
            models.Index(fields=["practice", "subject_id", "id"], name="event_by_subject"),
            models.Index(fields=["practice", "client", "id"], name="event_by_client"),
        ]

    def __str__(self) -> str:
        return self.kind


class AgendaEntryStatus(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"


class AgendaEntry(TenantRow):
    """One dated thing owed. Upserted by the verb that makes or moves the date; unique per kind, subject and period."""

    Status = AgendaEntryStatus

    reach = Reach(
        "agenda",
        clients=("client_id",),
        released=lambda actor: Q(client_sees=True) & addressed_to(actor),
        personal=("title",),
    )

    client = models.ForeignKey(
        "practice.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    period = models.CharField(max_length=20, blank=True, default="")
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(
        "practice.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)
    time_zone = ZoneField()
    client_sees = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    # The next moment at which anything happens because of this entry; null: nothing more will.
    # One index range over it is all that a tick reads, however many entries are not due.
    next_at = models.DateTimeField(null=True, blank=True)
    # No reminder until then; at that moment one. Effects and escalation do not wait.
    snoozed_until = models.DateTimeField(null=True, blank=True)
    # When it became as it is, for calendars; null: as it was made.
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "agenda entries"
        constraints = [
            one_of("status", AgendaEntryStatus, "agenda_status_is_known"),
            models.UniqueConstraint(
                fields=["practice", "kind", "subject_id", "period"], name="agenda_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(next_at=None), name="agenda_closed_is_quiet"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="agenda_next"
            ),
            models.Index(fields=["practice", "status", "due_at", "id"], name="agenda_by_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def client_title(self) -> str:
        return client_title(self.kind, self.title)

    @property
    def due_on(self) -> datetime.date:
        """A whole day as the client counts it, wherever one reads it; a moment where the reader is."""
        if self.all_day:
            return local_day(self.due_at, self.time_zone)
        return timezone.localtime(self.due_at).date()

    @property
    def due_words(self) -> str:
        if self.all_day:
            return date_format(self.due_on, "j M Y")
        return date_format(timezone.localtime(self.due_at), "j M Y, H:i")


class NoticeChannel(models.TextChoices):
    MAIL = "mail", "E-mail"
    DIGEST = "digest", "Line of a digest"
    INBOX = "inbox", "Inbox"
    HOOK = "hook", "Webhook"
    EFFECT = "effect", "Dated effect"


class NoticeStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    TAKEN = "taken", "Taken"
    DONE = "done", "Done"
    DEAD = "dead", "Dead"
    CANCELLED = "cancelled", "Cancelled"


class Notice(TenantRow):
    """The outbox: one thing that has to happen once, because an entry fell due or a verb asked for it."""

    Channel = NoticeChannel

    Status = NoticeStatus

    reach = Reach("notice", clients=("client_id",), personal=("address", "title"))

    client = models.ForeignKey(
        "practice.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entry = models.ForeignKey(
        AgendaEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    channel = models.CharField(max_length=8, choices=Channel)
    # Of a line: the mail that it goes out in, once there is one.
    digest = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
    )
    # What to say or do: a key of practice/notices.py's registers.
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    # (subject, occurrence, recipient) happens once, whoever asks however often.
    occurrence = models.CharField(max_length=60)
    recipient = models.CharField(max_length=60)
    address = models.EmailField(max_length=254, blank=True, default="")
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    # The class of what went wrong last, never its text: texts can carry addresses and content.
    fault = models.CharField(max_length=120, blank=True, default="")
    # What it said and where it leads, for the inbox of whoever can sign in; written when it is composed.
    title = models.CharField(max_length=200, blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("status", NoticeStatus, "notice_status_is_known"),
            models.UniqueConstraint(
                fields=["practice", "kind", "subject_id", "occurrence", "recipient"],
                name="notice_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status__in=["waiting", "taken"]) & ~Q(channel__in=["hook", "digest"]),
                name="notice_due",
            ),
            # Apart from the above, so that the backlog of a silent receiver is not in the mail's way.
            models.Index(
                fields=["subject_id", "due_at", "id"],
                condition=Q(status__in=["waiting", "taken"]) & Q(channel="hook"),
                name="notice_hook_due",
            ),
            models.Index(
                fields=["subject_id"],
                condition=Q(status="taken", channel="hook"),
                name="notice_hook_called",
            ),
            models.Index(
                fields=["due_at", "id"], condition=Q(channel="hook"), name="notice_hook_age"
            ),
            models.Index(fields=["recipient", "id"], condition=~Q(title=""), name="notice_inbox"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status="waiting", channel="digest", digest=None),
                name="notice_line_due",
            ),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="notice_lines"),
            models.Index(fields=["practice", "id"], name="notice_by_practice"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class ApiKey(TenantRow):
    reach = Reach("key", clients=("client_id",), secret=("secret_hash",))

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    client = models.ForeignKey(
        "practice.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        "practice.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.name


class Replay(models.Model):
    """The answer to a POST that carried an Idempotency-Key, kept so that a repeat gets the same one."""

    reach = Reach("replay")

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    practice = models.ForeignKey("practice.Practice", on_delete=models.PROTECT, related_name="+")
    credential = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "credential", "key"], name="replay_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="replay_age")]

    def __str__(self) -> str:
        return self.key


class Pulse(models.Model):
    """When each recurring piece of work last ran: the age that /readyz and the metrics show."""

    reach = Everyones("says when the installation's own clockwork last ran")

    name = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
