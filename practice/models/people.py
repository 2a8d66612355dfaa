"""The practice and the people who work for it."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from practice import ids
from practice.models.base import (
    CountryField,
    CurrencyField,
    Row,
    TenantRow,
    ZoneField,
    hex_colour,
    one_of,
)
from practice.reach import Everyones, Reach


class Hat(models.TextChoices):
    CTO = "CTO", "CTO"
    CAIO = "CAIO", "CAIO"
    CIO = "CIO", "CIO"
    CDO = "CDO", "CDO"
    AI_CTO = "AI_CTO", "AI CTO"


class Users(BaseUserManager):
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A person who can sign in. What they may do depends on the place they act from, never on this row."""

    reach = Everyones("one login serves a member of one practice who is also a contact in another")

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    time_zone = ZoneField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(editable=False)

    objects = Users()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    # allauth asks this before an admin page; who may come in is decided by place (practice/sites).
    is_staff = True
    is_superuser = False

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    def has_perm(self, perm, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label) -> bool:
        return False


class Practice(Row):
    reach = Reach("practice", practice="id", shared=True)

    name = models.CharField(max_length=120)
    colour = models.CharField(max_length=7, default="#1f4e79", validators=[hex_colour])
    # Re-encoded by us on upload, so what is served was never written by a stranger.
    logo = models.BinaryField(null=True, blank=True, editable=False)
    time_zone = ZoneField()
    currency = CurrencyField()
    country = CountryField()
    # Choices where the sources disagree, by key of data/policies.toml.
    policy = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="practice_has_a_name")]

    def __str__(self) -> str:
        return self.name


class MemberRole(models.TextChoices):
    OWNER = "owner", "Owner"
    CONSULTANT = "consultant", "Consultant"
    ASSOCIATE = "associate", "Associate"
    FINANCE = "finance", "Finance"


class Member(TenantRow):
    Role = MemberRole

    reach = Reach("member", shared=True)

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "user"], name="member_once_per_practice"),
            one_of("role", MemberRole, "member_role_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Assignment(TenantRow):
    """A member may see and work for a client, under a hat or (hat empty) in support."""

    reach = Reach("assignment", clients=("client_id",))

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="assignments")
    client = models.ForeignKey(
        "practice.Client", on_delete=models.PROTECT, related_name="assignments"
    )
    hat = models.CharField(max_length=8, choices=Hat, blank=True, default="")
    # The member also serves a competitor of this client. A flag for the owner; the reason is on record.
    conflict = models.BooleanField(default=False)
    conflict_reason = models.TextField(blank=True, default="", max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "member", "client", "hat"], name="assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(hat__in=["", *Hat.values]), name="assignment_hat_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} at {self.client}" + (f" as {self.hat}" if self.hat else "")


class InvitationStatus(models.TextChoices):
    PENDING = "pending", "Pending"
    ACCEPTED = "accepted", "Accepted"
    REVOKED = "revoked", "Revoked"
    EXPIRED = "expired", "Expired"


class Invitation(TenantRow):
    """One person may join once: as a member of the practice, or as the contact named here."""

    Status = InvitationStatus

    reach = Reach(
        "invitation", clients=("client_id",), personal=("email", "name"), secret=("nonce",)
    )

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True, default="")
    role = models.CharField(max_length=12, choices=Member.Role, blank=True, default="")
    client = models.ForeignKey(
        "practice.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contact = models.ForeignKey(
        "practice.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    invited_by = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    expires_at = models.DateTimeField()
    # Half of the link's token; the other half is the server's secret, so a stolen database opens nothing.
    nonce = models.CharField(max_length=32)

    class Meta:
        constraints = [
            one_of("status", InvitationStatus, "invitation_status_is_known"),
            models.CheckConstraint(
                condition=(Q(role__in=Member.Role.values) & Q(contact=None) & Q(client=None))
                | (Q(role="") & Q(contact__isnull=False) & Q(client__isnull=False)),
                name="invitation_is_for_a_member_or_a_contact",
            ),
            models.UniqueConstraint(
                "practice",
                Lower("email"),
                condition=Q(status="pending", contact=None),
                name="invitation_member_pending_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "contact"],
                condition=Q(status="pending"),
                name="invitation_contact_pending_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.email}"
