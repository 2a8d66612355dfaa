"""The desk's site, its menu and its home page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from practice import reminders
from practice.desk import home
from practice.models import (
    AgendaEntry,
    ApiKey,
    Assignment,
    Client,
    Competitors,
    Contact,
    Delivery,
    Event,
    Invitation,
    Member,
    Notice,
    Practice,
    ReminderTimes,
    Seat,
    Webhook,
)
from practice.sites import Site


class Desk(Site):
    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        request.current_app = self.name  # type: ignore[attr-defined]
        here = request.here  # type: ignore[attr-defined]
        context = {**self.each_context(request), "title": "Home", **home.facts(here, self)}
        return TemplateResponse(request, "desk/home.html", context)


desk = Desk("desk", kind="member", title="Desk")
desk.views.append(("reminders/", "reminders", reminders.at_desk, "preference"))
desk.menu = [
    ("", [("Home", "home", "index"), ("Inbox", "inbox", "inbox")]),
    (
        "Clients",
        [
            ("Clients", "apartment", Client),
            ("Contacts", "contacts", Contact),
            ("Executive seats", "chair", Seat),
            ("Agenda", "event", AgendaEntry),
            ("Calendar feeds", "calendar_add_on", "calendar"),
        ],
    ),
    (
        "Practice",
        [
            ("Members", "group", Member),
            ("Assignments", "assignment_ind", Assignment),
            ("Competitors", "compare_arrows", Competitors),
            ("Invitations", "mail", Invitation),
            ("Our practice", "tune", Practice),
            ("Reminder times", "alarm", ReminderTimes),
            ("My reminders", "notifications_active", "reminders"),
        ],
    ),
    (
        "Record",
        [
            ("Event log", "history", Event),
            ("Sent and failed", "monitor_heart", "motion"),
            ("Notices", "outbox", Notice),
            ("Webhooks", "webhook", Webhook),
            ("Deliveries", "send", Delivery),
            ("API keys", "key", ApiKey),
        ],
    ),
]
