"""Valid calls for the sealed log."""

from tests.doors.moving import Body, Move, nothing
from tests.doors.world import World


def _one_value(world: World, place: str) -> Body:
    return {"entry": world.id(place, "sealedentry"), "names": ["reason"], "reason": "Asked to."}


MOVES = {
    "POST decision-logs/{id}/anchor/": Move("chain", nothing, ("log.anchored",)),
    "POST decision-logs/{id}/erase/": Move("chain", _one_value, ("log.erased", "decision.erased")),
    "POST signing-keys/{id}/rotate/": Move(
        "signingkey", nothing, ("signing_key.retired", "signing_key.made")
    ),
}
