"""Valid calls for the decision log."""

from tests.doors.moves_agreed import said_elsewhere
from tests.doors.moving import Body, Move, always, nothing, of
from tests.doors.world import World

SAYS = {"question": "Q?", "options": [{"label": "One"}], "reason": "R"}
DECIDED = ("decision.agreed", "decision.decided")


def _successor(world: World, place: str) -> Body:
    file = world.rows[place, "storedfile"]
    return {**SAYS, "links": [{"kind": "file", "id": str(file.pk)}]}


MOVES = {
    "POST decisions/": Move(
        "decision", of("engagement", code="DR-01", hat="CTO", **SAYS), ("decision.proposed",)
    ),
    "PATCH decisions/{id}/": Move(
        "decision", always(horizon="quarter"), ("decision.changed",), at="decision proposed"
    ),
    "POST decisions/{id}/decide/": Move(
        "decision", nothing, ("decision.decided",), at="decision proposed", by="ada"
    ),
    "POST decisions/{id}/decide-on-behalf/": Move(
        "decision", always(note="At the meeting"), ("decision.decided",), at="decision proposed"
    ),
    "POST decisions/{id}/agree/": Move("decision", nothing, DECIDED, by="priya"),
    "POST decisions/{id}/agree-on-behalf/": Move("decision", said_elsewhere, DECIDED),
    "POST decisions/{id}/reject/": Move(
        "decision", always(reason="No"), ("decision.rejected",), by="priya"
    ),
    "POST decisions/{id}/withdraw/": Move(
        "decision", always(reason="Overtaken"), ("decision.withdrawn",)
    ),
    "POST decisions/{id}/supersede/": Move(
        "decision",
        _successor,
        ("decision.proposed", "decision.linked"),
        at="decision decided",
    ),
    "POST decisions/{id}/score/": Move(
        "decision",
        always(hat="CTO", impact=4, feasibility=2),
        ("decision.scored",),
        at="decision to score",
        by="ada",
    ),
    "POST decisions/{id}/review/": Move(
        "decision", always(note="Still right"), ("decision.reviewed",), at="decision decided"
    ),
    "POST decisions/{id}/share/": Move(
        "decision", always(client_sees=True), ("decision.shared",), at="decision decided"
    ),
}
