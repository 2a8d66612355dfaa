"""How people and practices want to be reminded: each person's own choices, and a practice's own offsets of a kind."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from practice.models.base import TenantRow, one_of
from practice.reach import Reach


class Digest(models.TextChoices):
    IMMEDIATE = "immediate", "At once, one by one"
    DAILY = "daily", "One mail a day"
    WEEKLY = "weekly", "One mail a week"
    NONE = "none", "No mail of this kind"


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class Preference(TenantRow):
    """What one person chose at one place; without a row the defaults of practice/preferences.py hold."""

    Digest = Digest

    reach = Reach(
        "preference",
        own=lambda actor: (
            Q(member_id=actor.id) if actor.kind == "member" else Q(contact_id=actor.id)
        ),
        personal=("digest", "digest_hour", "digest_day", "quiet_from", "quiet_until"),
    )

    member = models.OneToOneField(
        "practice.Member",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="preference",
    )
    contact = models.OneToOneField(
        "practice.Contact",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="preference",
    )
    digest = models.CharField(max_length=9, choices=Digest)
    # In the person's own time zone, as are the quiet hours.
    digest_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])
    digest_day = models.PositiveSmallIntegerField(
        choices=Weekday, default=Weekday.MONDAY, validators=[MaxValueValidator(6)]
    )
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("digest", Digest, "preference_digest_is_known"),
            models.CheckConstraint(
                condition=Q(member=None, contact__isnull=False)
                | Q(member__isnull=False, contact=None),
                name="preference_is_one_persons",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_from_and_until",
            ),
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23) & Q(digest_day__lte=6),
                name="preference_hour_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Preferences of {self.member or self.contact}"


class ReminderTimes(TenantRow):
    """A practice's own offsets of one kind of agenda entry, in place of those of the book."""

    reach = Reach("reminder_times", shared=True)

    kind = models.CharField(max_length=40)
    # Lengths of time as the book writes them, the longest first: "30d, 7d, 0s". Empty: no reminder at all.
    before = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        verbose_name = "reminder times"
        verbose_name_plural = "reminder times"
        constraints = [
            models.UniqueConstraint(fields=["practice", "kind"], name="reminder_times_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.before or 'never'}"
