"""What the API tells of each row of the ground floor."""

from typing import Any

from django.db.models import QuerySet

from practice.access import Actor
from practice.agenda_rules import client_title
from practice.models import (
    AgendaEntry,
    ApiKey,
    Assignment,
    Client,
    Competitors,
    Contact,
    Event,
    Invitation,
    Member,
    Notice,
    Practice,
    ReminderTimes,
    Seat,
    StoredFile,
)
from practice.rest.shapes import Shape

ROW = ("id", "version", "created_at")

PRACTICE = Shape(
    "Practice", Practice, *ROW, "name", "colour", "time_zone", "currency", "country", "policy"
)

MEMBER = Shape("Member", Member, *ROW, "role", "active", name="user__name", email="user__email")

CLIENT = Shape(
    "Client",
    Client,
    *ROW,
    "name",
    "legal_name",
    "industry",
    "country",
    "time_zone",
    "currency",
    "fiscal_year_start",
    "status",
    "responsible",
    "contacts_count",
    "day_rate",
    "po_number",
    responsible_name="responsible__user__name",
    expands={"responsible": MEMBER},
)

ASSIGNMENT = Shape(
    "Assignment",
    Assignment,
    *ROW,
    "member",
    "client",
    "hat",
    "conflict",
    "conflict_reason",
    member_name="member__user__name",
    client_name="client__name",
    expands={"member": MEMBER, "client": CLIENT},
)

CONTACT = Shape(
    "Contact",
    Contact,
    *ROW,
    "client",
    "name",
    "email",
    "title",
    "role",
    "active",
    client_name="client__name",
    expands={"client": CLIENT},
)

COMPETITORS = Shape(
    "Competitors",
    Competitors,
    *ROW,
    "one",
    "other",
    one_name="one__name",
    other_name="other__name",
    expands={"one": CLIENT, "other": CLIENT},
)

SEAT = Shape(
    "Seat",
    Seat,
    *ROW,
    "client",
    "hat",
    "status",
    "holder",
    "reports_to",
    "since_on",
    "until_on",
    client_name="client__name",
    expands={"client": CLIENT},
)

INVITATION = Shape(
    "Invitation",
    Invitation,
    *ROW,
    "email",
    "name",
    "role",
    "client",
    "contact",
    "invited_by",
    "status",
    "expires_at",
    expands={"client": CLIENT, "contact": CONTACT, "invited_by": MEMBER},
)

API_KEY = Shape(
    "ApiKey",
    ApiKey,
    *ROW,
    "name",
    "prefix",
    "scopes",
    "client",
    "created_by",
    "expires_at",
    "revoked_at",
    "last_used_at",
)

EVENT = Shape(
    "Event",
    Event,
    "id",
    "at",
    "kind",
    "client",
    "actor_kind",
    "actor_id",
    "on_behalf_id",
    "hat",
    "subject_kind",
    "subject_id",
    "before",
    "after",
    "commercial",
    "source",
    "request_id",
)


class AgendaShape(Shape):
    """An entry's title is written for the practice; a client's people read their own label, here as everywhere."""

    def rows(self, queryset: QuerySet[Any], actor: Actor | None) -> list[dict[str, Any]]:
        found = super().rows(queryset, actor)
        if actor is not None and actor.kind == "contact":
            for row in found:
                row["title"] = client_title(row["kind"], row["title"])
        return found


AGENDA_ENTRY = AgendaShape(
    "AgendaEntry",
    AgendaEntry,
    *ROW,
    "client",
    "kind",
    "subject_id",
    "period",
    "title",
    "owner",
    "due_at",
    "all_day",
    "time_zone",
    "status",
    "snoozed_until",
    expands={"client": CLIENT, "owner": MEMBER},
)

NOTICE = Shape(
    "Notice",
    Notice,
    *ROW,
    "client",
    "entry",
    "channel",
    "kind",
    "recipient",
    "status",
    "due_at",
    "attempts",
    "done_at",
    "fault",
)

REMINDER_TIMES = Shape("ReminderTimes", ReminderTimes, *ROW, "kind", "before")

FILE = Shape(
    "File",
    StoredFile,
    *ROW,
    "client",
    "name",
    "media_type",
    "size",
    "sha256",
    "commercial",
    expands={"client": CLIENT},
)
