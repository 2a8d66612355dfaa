"""The allowance and the hat balance in the portal, each where the terms let the client see it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from engagements import balances, hat_balance, pictures
from engagements.models import Engagement
from practice import access
from practice.access import Actor
from practice.identity import Here
from practice.portal import Page, portal
from practice.portal.pages import CARDS, Card

SHOWN = 12
RUNNING = ("active", "paused", "ended")


def _rows(actor: Actor) -> list[Engagement]:
    rows = access.visible_to(actor, Engagement).filter(status__in=RUNNING)
    return list(rows.order_by("-starts_on", "name", "id"))


def shown(here: Here) -> dict[str, Any]:
    actor, at = here.actor, timezone.now()
    sees_months = access.may(actor, "period", "view")
    engagements = []
    rows = _rows(actor)
    months = balances.of_many(access.visible_to(actor, Engagement), at=at) if sees_months else {}
    measured = hat_balance.seen(actor, at=at)
    for row in rows:
        seen = balances.seen(actor, months.get(row.pk, []))[-SHOWN:]
        hats = measured.get(row.pk)
        if seen or hats:
            engagements.append(
                {
                    "name": row.name,
                    "now": [(month, pictures.told(month)) for month in balances.present(seen)]
                    if seen
                    else [],
                    "bars": pictures.balance(seen),
                    "hats": hats,
                    "hat_bars": pictures.hats(hats) if hats and hats.minutes else "",
                }
            )
    return {"engagements": engagements}


def _may(actor: Actor) -> bool:
    return access.may(actor, "period", "view") or access.may(actor, "hat_balance", "view")


def card(here: Here) -> Card | None:
    """What is left this month, on the home page."""
    if not access.may(here.actor, "period", "view"):
        return None
    link, at = reverse("portal:balance"), timezone.now()
    all_months = balances.of_many(access.visible_to(here.actor, Engagement), at=at)
    lines = []
    for row in _rows(here.actor):
        seen = balances.seen(here.actor, all_months.get(row.pk, []))
        if seen and row.status != "ended":
            now = balances.present(seen)
            lines += [
                (row.name, link, f"{month.starts_on:%B}: {pictures.told(month)}") for month in now
            ]
    return Card("Allowance", lines, "") if lines else None


portal.add(
    Page("balance", "Allowance", "engagements/portal/balance.html", shown, shown_to=_may),
)
CARDS.append(card)
