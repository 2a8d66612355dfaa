"""A valid call for every route that changes something: what the events, access and fuzz tests send, and the door test bends.

A write that is missing here fails tests/doors/test_doors.py with its name.
"""

from tests.doors import (
    moves_agreed,
    moves_boarded,
    moves_chained,
    moves_channelled,
    moves_decided,
    moves_delivered,
    moves_engaged,
    moves_estated,
    moves_packed,
    moves_roadmap,
    moves_worked,
)
from tests.doors.assessed import OWN_LENS
from tests.doors.moving import Body, Move
from tests.doors.moving import always as _always
from tests.doors.moving import nothing as _nothing
from tests.doors.world import World


def _new_client(world: World, place: str) -> Body:
    return {"name": "Fresh", "responsible": world.id(place, "member"), "industry": "Fruit"}


def _new_assignment(world: World, place: str) -> Body:
    return {
        "client": world.id(place, "client"),
        "member": world.id(place, "member"),
        "hat": "CDO",
    }


def _new_contact(world: World, place: str) -> Body:
    return {
        "client": world.id(place, "client"),
        "name": "Nora",
        "email": "nora@fresh.test",
        "role": "viewer",
    }


def _new_pair(world: World, place: str) -> Body:
    other = {"orchard": "vineyard", "quarry": "mill", "harbour": "cove"}[place]
    return {"one": world.id(place, "client"), "other": str(world.clients[other].pk)}


def _new_seat(world: World, place: str) -> Body:
    return {
        "client": world.id(place, "client"),
        "hat": "CTO",
        "status": "filled",
        "holder": "Nora",
        "since_on": "2026-05-01",
    }


def _new_key(world: World, place: str) -> Body:
    return {"name": "Fresh", "scopes": ["read"], "client": world.id(place, "client")}


def _new_facts(world: World, place: str) -> Body:
    said = {"said_by": "Nora", "said_on": "2026-05-01", "source": "talk"}
    return {"client": world.id(place, "client"), "facts": {"employees": 12}, **said}


def _new_run(world: World, place: str) -> Body:
    return {"client": world.id(place, "client"), "answered_by": "Nora"}


def _new_choice(world: World, place: str) -> Body:
    words = {"next_seat": "CTO", "end_shape": "CTO_ONLY", "point": "SPRINT", "reason": "Plain"}
    return {"assessment": str(world.spare[place, "assessment"].pk), **words}


def _new_read(world: World, place: str) -> Body:
    return {"assessment": world.id(place, "assessment")}


def _new_lens(world: World, place: str) -> Body:
    return {"text": OWN_LENS}


def _new_link(world: World, place: str) -> Body:
    return {"client": world.id(place, "client"), "person": "Nora"}


GONE = "assignment.conflict_gone"
MOVES = {
    "PATCH practices/{id}/": Move("practice", _always(name="Renamed"), ("practice.changed",)),
    "PATCH members/{id}/": Move("member", _always(role="associate"), ("member.changed",)),
    "POST clients/": Move("client", _new_client, ("client.added", "assignment.made")),
    "PATCH clients/{id}/": Move("client", _always(industry="Fruit"), ("client.changed",)),
    "POST assignments/": Move("assignment", _new_assignment, ("assignment.made",)),
    "DELETE assignments/{id}/": Move("assignment", _nothing, ("assignment.withdrawn",)),
    "POST assignments/{id}/give-reason/": Move(
        "assignment", _always(reason="Both know"), ("assignment.reason_given",)
    ),
    "POST contacts/": Move("contact", _new_contact, ("contact.added",)),
    "PATCH contacts/{id}/": Move("contact", _always(title="CFO"), ("contact.changed",)),
    "POST contacts/{id}/invite/": Move("contact", _nothing, ("invitation.sent",)),
    "POST competitors/": Move("competitors", _new_pair, ("competitors.marked",)),
    "DELETE competitors/{id}/": Move(
        "competitors", _nothing, ("competitors.unmarked", GONE, GONE, GONE, GONE, GONE)
    ),
    "POST seats/": Move("seat", _new_seat, ("seat.recorded",)),
    "PATCH seats/{id}/": Move("seat", _always(holder="Nora"), ("seat.corrected",)),
    "POST invitations/": Move(
        "invitation", _always(email="nora@fresh.test", role="finance"), ("invitation.sent",)
    ),
    "POST invitations/{id}/revoke/": Move("invitation", _nothing, ("invitation.revoked",)),
    "POST keys/": Move("apikey", _new_key, ("key.made",)),
    "POST keys/{id}/rotate/": Move("apikey", _nothing, ("key.made", "key.rotated")),
    "POST keys/{id}/revoke/": Move("apikey", _nothing, ("key.revoked",)),
    "POST facts/": Move("clientfact", _new_facts, ("facts.learnt",)),
    "POST assessments/": Move("assessment", _new_run, ("assessment.made",)),
    "POST choices/": Move("choice", _new_choice, ("assessment.chosen",)),
    "POST reads/": Move("read", _new_read, ("read.issued",)),
    "POST own-lenses/": Move("practicelens", _new_lens, ("own_lens.taken_in",)),
    "POST prospect-links/": Move("prospectlink", _new_link, ("prospect_link.opened",)),
    "POST prospect-links/{id}/revoke/": Move("prospectlink", _nothing, ("prospect_link.revoked",)),
    "POST notices/{id}/replay/": Move("notice", _nothing, ("notice.replayed",)),
    **moves_engaged.MOVES,
    **moves_agreed.MOVES,
    **moves_worked.MOVES,
    **moves_channelled.MOVES,
    **moves_decided.MOVES,
    **moves_delivered.MOVES,
    **moves_chained.MOVES,
    **moves_packed.MOVES,
    **moves_boarded.MOVES,
    **moves_estated.MOVES,
    **moves_roadmap.MOVES,
}
