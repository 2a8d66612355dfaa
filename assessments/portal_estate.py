"""The client's own register in the portal: its AI systems, what they cost, contracts that come up, and open incidents."""

import datetime
from typing import Any

from django.utils import timezone

from assessments import contract_calendar, law, law_told, outlook, pictures, spend_report
from assessments.models import (
    Incident,
    IncidentStatus,
    System,
    SystemStatus,
)
from practice import access
from practice.access import Actor
from practice.identity import Here
from practice.models import Client, Contact
from practice.portal import Page, portal
from practice.quarters import local_day

SHOWN = 200
COMING = 20


def register(here: Here) -> dict[str, Any]:
    actor, at = here.actor, timezone.now()
    client = access.get(actor, Client, str(actor.client_id))
    systems = _systems(actor)
    return {
        "client": client,
        "sees_roadmap": access.may(actor, "initiative", "view"),
        "systems": systems[:SHOWN],
        "orientation": law.ORIENTATION,
        "sees_law": access.may(actor, "classification", "view"),
        "more": len(systems) > SHOWN,
        "shown": SHOWN,
        "counts": _counts(actor),
        "spend": _spend(actor, client, at),
        "sees_contracts": access.may(actor, "vendor_contract", "view"),
        "contracts": contract_calendar.coming(
            client, by=actor, today=local_day(at, client.time_zone)
        )[:COMING],
        "sees_incidents": access.may(actor, "incident", "view"),
        "incidents": list(
            access.visible_to(actor, Incident)
            .exclude(status=IncidentStatus.CLOSED)
            .select_related("system")
            .order_by("-found_at", "-id")[:COMING]
        ),
    }


def _systems(actor: Actor) -> list[dict[str, Any]]:
    """What is retired comes last. Of people, each reads the names that they may read anyway."""
    rows = access.visible_to(actor, System).select_related("vendor")
    people = dict(access.visible_to(actor, Contact).values_list("pk", "name"))
    sees_vendors = access.may(actor, "vendor", "view")
    shown = list(rows.order_by("name", "id")[: SHOWN + 1])
    classes = law_told.classes(shown, by=actor)
    told = [
        {
            "row": row,
            "classified": classes.get(row.pk),
            "risk_owner": outlook.named(row.risk_owner_id, row.risk_owner_name, people),
            "vendor": row.vendor.name if sees_vendors and row.vendor is not None else "",
            "retired": row.status == SystemStatus.RETIRED,
        }
        for row in shown
    ]
    return sorted(told, key=lambda one: bool(one["retired"]))


def _counts(actor: Actor) -> dict[str, int]:
    rows = access.visible_to(actor, System).exclude(status=SystemStatus.RETIRED)
    told = list(rows.values_list("in_production", "risk_owner_id", "risk_owner_name"))
    return {
        "systems": len(told),
        "in_production": sum(1 for running, _, _ in told if running),
        "unowned": sum(1 for _, contact, name in told if contact is None and not name),
    }


def _spend(actor: Actor, client: Client, at: datetime.datetime) -> dict[str, Any] | None:
    if not access.may(actor, "spend", "see_fees"):
        return None
    told = spend_report.of(client, by=actor, at=at)
    return {**told, "picture": pictures.axis(told["axis"])}


portal.add(
    Page(
        "ai-register",
        "AI register",
        "assessments/portal/register.html",
        register,
        shown_to=lambda actor: access.may(actor, "system", "view"),
    )
)
