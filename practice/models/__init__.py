"""The firm, its people and clients, and the ground floor's tables."""

from practice.models.base import Row
from practice.models.channels import Delivery, DeliveryAttempt, Feed, InboxItem, Webhook
from practice.models.clients import Client, Competitors, Contact, Seat
from practice.models.files import StoredFile
from practice.models.ground import AgendaEntry, ApiKey, Event, Notice, Pulse, Replay
from practice.models.people import Assignment, Hat, Invitation, Member, Practice, User
from practice.models.reminding import Preference, ReminderTimes
from practice.models.rendering import Rendering

__all__ = [
    "AgendaEntry",
    "ApiKey",
    "Assignment",
    "Client",
    "Competitors",
    "Contact",
    "Delivery",
    "DeliveryAttempt",
    "Event",
    "Feed",
    "Hat",
    "InboxItem",
    "Invitation",
    "Member",
    "Notice",
    "Practice",
    "Preference",
    "Pulse",
    "ReminderTimes",
    "Rendering",
    "Replay",
    "Row",
    "Seat",
    "StoredFile",
    "User",
    "Webhook",
]
