"""The roadmap in the portal: what the client set out to do with AI, how that is measured, and what could go wrong."""

from typing import Any

from django.utils import timezone

from assessments import outlook
from practice import access
from practice.identity import Here
from practice.models import Client
from practice.portal import Page, portal


def told(here: Here) -> dict[str, Any]:
    actor = here.actor
    client = access.get(actor, Client, str(actor.client_id))
    return {
        "client": client,
        "sees_register": access.may(actor, "system", "view"),
        "told": outlook.of(client, by=actor, at=timezone.now()),
    }


portal.add(
    Page(
        "ai-roadmap",
        "Roadmap and risks",
        "assessments/portal/outlook.html",
        told,
        shown_to=lambda actor: access.may(actor, "initiative", "view"),
    )
)
