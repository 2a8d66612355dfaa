"""The ground floor's pages of the portal. Each shows what `visible_to` gives a contact, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from practice import access, reminders
from practice.access import Actor
from practice.identity import Here
from practice.models import AgendaEntry, Assignment, Contact, Seat

SHOWN = 12
IN_SUPPORT = "In support"


@dataclass(frozen=True)
class Page:
    """One page of the portal. Apps above add theirs with `portal.add`."""

    name: str
    """Its address under /portal/, empty for the home page."""
    title: str
    template: str
    facts: Callable[..., dict[str, Any]]
    """What the template is given, from who is here; and from the address's query, where `paged`."""
    shown_to: Callable[[Actor], bool] = lambda actor: True
    """Who finds it in the menu and at its address."""
    aside: bool = False
    """Found under the person's own name instead of in the menu: for what is set up once."""
    paged: bool = False
    """Whether it shows a long list in parts, of which the query says which."""


@dataclass(frozen=True)
class Card:
    """One list on the portal's home page: rows of (text, link, remark)."""

    title: str
    rows: list[tuple[str, str, str]]
    empty: str
    first: bool = False
    """Whether it stands above everything else: what waits for this person."""


# What apps above show on the home page; None where there is nothing for this person.
CARDS: list[Callable[[Here], Card | None]] = []


def home(here: Here) -> dict[str, Any]:
    actor, now = here.actor, timezone.now()
    entries = access.visible_to(actor, AgendaEntry)
    coming = entries.filter(status=AgendaEntry.Status.OPEN, due_at__gte=now)
    return {
        "team": team(actor),
        "sees_seats": access.may(actor, "seat", "view"),
        "seats": access.visible_to(actor, Seat).filter(until_on=None).order_by("hat"),
        "coming": coming.order_by("due_at", "id")[:SHOWN],
        "cards": [card for make in CARDS if (card := make(here))],
    }


def team(actor: Actor) -> list[dict[str, str]]:
    """Who works for the client and under which hats. Names only: whether they also serve a competitor is the
    practice's business, so this does not go through the assignment's own rows."""
    if not access.may(actor, "team", "view"):
        return []
    rows = (
        Assignment.objects.filter(
            practice_id=actor.practice_id, client_id=actor.client_id, member__active=True
        )
        .order_by("member__user__name", "hat")
        .values_list("member_id", "member__user__name", "hat")
    )
    hats: dict[Any, tuple[str, list[str]]] = {}
    for id, name, hat in rows:
        label = Assignment(hat=hat).get_hat_display() if hat else ""
        hats.setdefault(id, (name, []))[1].append(label)
    return [
        {"name": name, "hats": ", ".join(filter(None, worn)) or IN_SUPPORT}
        for name, worn in hats.values()
    ]


def people(here: Here) -> dict[str, Any]:
    rows = access.visible_to(here.actor, Contact).order_by("-active", "name", "id")
    return {"people": rows, "me": here.actor.id}


PAGES = (
    Page("", "Home", "portal/home.html", home),
    Page(
        "people",
        "People",
        "portal/people.html",
        people,
        shown_to=lambda actor: actor.role == access.SPONSOR,
    ),
    Page("reminders", "Reminders", "portal/reminders.html", reminders.facts, aside=True),
)
