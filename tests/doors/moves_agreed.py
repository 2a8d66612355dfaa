"""Valid calls for what is put before a client: hats and deputies, charters with rights and limits."""

from tests.doors.agreed import SHA
from tests.doors.moving import Body, Move, always, nothing, of
from tests.doors.world import World


def said_elsewhere(world: World, place: str) -> Body:
    sponsor, file = world.spare[place, "sponsor"], world.rows[place, "storedfile"]
    return {"contact": str(sponsor.pk), "note": "By letter", "evidence": str(file.pk)}


def _charter_said_elsewhere(world: World, place: str) -> Body:
    return {"sha256": SHA, **said_elsewhere(world, place)}


def _new_wearing(world: World, place: str) -> Body:
    return {
        "engagement": world.id(place, "engagement"),
        "hat": "CTO",
        "member": world.id(place, "member"),
        "since_on": "2099-01-01",
    }


def _new_deputy(world: World, place: str) -> Body:
    days = {"since_on": "2099-02-01", "until_on": "2099-03-01"}
    wearing = world.id(place, "wearing")
    return {"wearing": wearing, "member": world.id(place, "member"), **days}


LINE = {"hat": "CAIO", "reports_to": "CTO", "since_on": "2026-01-01"}
LIMIT = {"per_decision": "10.00", "per_period": "20.00", "period": "month", "currency": "EUR"}
ACCEPTED = ("charter.superseded", "charter.accepted", "facts.learnt")

MOVES = {
    "POST wearings/": Move(
        "wearing", _new_wearing, ("wearing.ended", "assignment.made", "wearing.begun")
    ),
    "PATCH wearings/{id}/": Move(
        "wearing", always(depth_evidence="Shipped it."), ("wearing.depth_noted",)
    ),
    "POST wearings/{id}/take-off/": Move(
        "wearing", always(until_on="2099-01-01"), ("wearing.ended",)
    ),
    "POST deputies/": Move("deputy", _new_deputy, ("assignment.made", "deputy.named")),
    "POST deputies/{id}/accept/": Move("deputy", nothing, ("deputy.accepted",), by="priya"),
    "POST deputies/{id}/accept-on-behalf/": Move("deputy", said_elsewhere, ("deputy.accepted",)),
    "POST deputies/{id}/decline/": Move(
        "deputy", always(reason="Not them"), ("deputy.declined",), by="priya"
    ),
    "POST deputies/{id}/withdraw/": Move("deputy", nothing, ("deputy.withdrawn",)),
    "POST reporting-lines/": Move(
        "reportingline", of("engagement", **LINE), ("reporting_line.recorded",)
    ),
    "POST charters/": Move(
        "charter", of("engagement", "engagement paused", note="N"), ("charter.drafted",)
    ),
    "POST charters/{id}/offer/": Move("charter", nothing, ("charter.offered",), at="charter draft"),
    "POST charters/{id}/discard/": Move(
        "charter", nothing, ("charter.discarded",), at="charter draft"
    ),
    "POST charters/{id}/withdraw/": Move("charter", nothing, ("charter.withdrawn",)),
    "POST charters/{id}/accept/": Move("charter", always(sha256=SHA), ACCEPTED, by="priya"),
    "POST charters/{id}/accept-on-behalf/": Move("charter", _charter_said_elsewhere, ACCEPTED),
    "POST charters/{id}/decline/": Move(
        "charter", always(sha256=SHA, reason="No"), ("charter.declined",), by="priya"
    ),
    "POST rights/": Move(
        "right", of("charter", "charter draft", label="L", cto="D"), ("charter.right_added",)
    ),
    "PATCH rights/{id}/": Move(
        "right", always(label="Other"), ("charter.right_set",), at="right draft"
    ),
    "DELETE rights/{id}/": Move("right", nothing, ("charter.right_removed",), at="right draft"),
    "POST spending-limits/": Move(
        "spendinglimit", of("charter", "charter draft", hat="CTO", **LIMIT), ("charter.limit_set",)
    ),
    "PATCH spending-limits/{id}/": Move(
        "spendinglimit", always(per_decision="10.00"), ("charter.limit_set",), at="limit draft"
    ),
    "DELETE spending-limits/{id}/": Move(
        "spendinglimit", nothing, ("charter.limit_removed",), at="limit draft"
    ),
}
