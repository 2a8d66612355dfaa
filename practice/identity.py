"""The place somebody acts from. One login may be a member here and a contact there; the session holds one place at a
time, chosen openly, so that nothing of one shows up in the other."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField
from django.http import HttpRequest

from practice.access import Actor
from practice.logs import bind
from practice.models import Contact, Member, Practice, User
from practice.rest.prepared import PreparedRow, Slot

SESSION_KEY = "acting_as"


@dataclass(frozen=True)
class Here:
    """The chosen place: who acts, in whose practice, and for contacts at which client."""

    actor: Actor
    practice: Practice
    place: Member | Contact

    @property
    def time_zone(self) -> str:
        user_zone = self.place.user.time_zone if self.place.user else ""
        home = (
            self.place.client.time_zone
            if isinstance(self.place, Contact)
            else self.practice.time_zone
        )
        return user_zone or home

    @property
    def home(self) -> str:
        return "/desk/" if self.actor.kind == "member" else "/portal/"


def places(user: User) -> list[Member | Contact]:
    """Everywhere this login may act from, members first, in the order of joining."""
    return [*_memberships(user.pk).order_by("id"), *_contacts(user.pk).order_by("id")]


def name_of(place: Member | Contact) -> str:
    return f"{'member' if isinstance(place, Member) else 'contact'}:{place.pk}"


def here(request: HttpRequest, *, source: str) -> Here | None:
    """Looked up on every request, so that taking a role away ends it at once."""
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "_place"):
        request._place = _place(request, request.user.pk)  # type: ignore[attr-defined]
    place = request._place  # type: ignore[attr-defined]
    if place is None:
        return None
    bind(practice_id=place.practice_id)
    return Here(actor(place, source, request_id(request)), place.practice, place)


def choose(request: HttpRequest, place: Member | Contact) -> None:
    request.session[SESSION_KEY] = name_of(place)
    request._place = place  # type: ignore[attr-defined]


def request_id(request: Any) -> str:
    return getattr(request, "request_id", "") or getattr(
        getattr(request, "_request", None), "request_id", ""
    )


def actor(place: Member | Contact, source: str, request_id: str = "") -> Actor:
    return Actor(
        role=place.role,
        kind="member" if isinstance(place, Member) else "contact",
        practice_id=place.practice_id,
        id=place.pk,
        user_id=place.user_id,
        client_id=place.client_id if isinstance(place, Contact) else None,
        name=str(place),
        source=source,
        request_id=request_id,
    )


def _place(request: HttpRequest, user_id: UUID) -> Member | Contact | None:
    kind, _, id = request.session.get(SESSION_KEY, "").partition(":")
    if kind == "member":
        return MEMBERSHIP.one(user=user_id, id=UUID(id))
    if kind == "contact":
        return CONTACT.one(user=user_id, id=UUID(id))
    first = (
        _memberships(user_id).order_by("id").first() or _contacts(user_id).order_by("id").first()
    )
    if first:
        request.session[SESSION_KEY] = name_of(first)
    return first


def _memberships(user_id: UUID | Slot) -> QuerySet[Member]:
    rows = Member.objects.filter(user_id=user_id, active=True).select_related("practice", "user")
    return rows.defer("practice__logo")


def _contacts(user_id: UUID | Slot) -> QuerySet[Contact]:
    rows = Contact.objects.filter(user_id=user_id, active=True)
    return rows.select_related("practice", "client", "user").defer("practice__logo")


# Asked on every request of somebody signed in; building and compiling them anew took a quarter of a short answer's time.
_USER, _ID = Slot("user", UUIDField()), Slot("id", UUIDField())
MEMBERSHIP = PreparedRow(lambda: _memberships(_USER).filter(pk=_ID))
CONTACT = PreparedRow(lambda: _contacts(_USER).filter(pk=_ID))
