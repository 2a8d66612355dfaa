"""What of the law applies to a client's AI when, in its portal: each system with its class, why, and its calendar."""

from typing import Any

from django.utils import timezone

from assessments import law, law_calendar, law_told
from assessments.models import Classification, System, SystemStatus
from practice import access
from practice.identity import Here
from practice.models import Client
from practice.portal import Page, portal
from practice.quarters import local_day

SHOWN = 100


def listed(here: Here) -> dict[str, Any]:
    """Every system that is not retired: those that were classified, by what comes first, and the names of the others."""
    systems = access.visible_to(here.actor, System).exclude(status=SystemStatus.RETIRED)
    seen = access.visible_to(here.actor, Classification)
    newest = law_calendar.newest(systems.exclude(tier="")).filter(pk__in=seen.values("pk"))
    client = access.visible_to(here.actor, Client).get()
    today = local_day(timezone.now(), client.time_zone)
    rows = newest.order_by("system__name", "id")[:SHOWN]
    return {
        "orientation": law.ORIENTATION,
        "table": law_told.table(),
        "systems": [{"row": row, "rows": law_told.calendar(row, today)} for row in rows],
        "open": systems.filter(tier="").order_by("name", "id")[:SHOWN],
    }


LAW = Page(
    "ai-law",
    "AI and the law",
    "assessments/portal/law.html",
    listed,
    shown_to=lambda actor: access.may(actor, "classification", "view"),
)
portal.add(LAW)
