"""Valid calls for engagements and their course: stages and moves, pauses and bursts, contracts, the handover."""

from tests.doors.moves_agreed import said_elsewhere
from tests.doors.moving import Body, Move, always, lead, nothing, of
from tests.doors.world import World

TERMS = {"fee_model": "fixed_monthly", "fee_amount": "9000.00"}
BURST = {"since_on": "2099-02-01", "until_on": "2099-03-01", "cause": "product", "extra": "1.00"}


def _new_engagement(world: World, place: str) -> Body:
    hats = {"CTO": 100}
    return {
        "client": world.id(place, "client"),
        "name": "Fresh",
        "lead": lead(world, place),
        "hats": hats,
    }


def _new_statement(world: World, place: str) -> Body:
    return {
        "engagement": str(world.spare[place, "engagement paused"].pk),
        # One that rests on somebody's word; others are read from what was delivered.
        "test": "sustainable",
        "met": True,
        "reason": "No fires for a month.",
    }


def _due(world: World, place: str) -> Body:
    return {"kind": "sprint_end", "period": world.spare[place, "date"].period}


NEXT = {"to_point": "RETAINER_HIGH", "effective_on": "2099-01-01", "reason": "More to do"}
WHY = always(reason="Plain")
ENDED = ("stage.ended", "burst.cancelled", "move.withdrawn", "engagement.ended")
# What both hats owe in the first 90 days of a retainer.
OWED = ("deliverable.planned",) * 17
WITH_IT = (
    *("charter.withdrawn", "charter.ended", "contract.withdrawn", "contract.ended"),
    *("decision.withdrawn",) * 3,
    "deliverable.review_withdrawn",
    *("deliverable.dropped",) * 21,
    "deputy.withdrawn",
    *("finding.cleared",) * 2,
    *("wearing.ended",) * 2,
    "reporting_line.stretch_ended",
)
MOVES = {
    "POST engagements/": Move("engagement", _new_engagement, ("engagement.opened", "hat.added")),
    "PATCH engagements/{id}/": Move("engagement", always(name="Renamed"), ("engagement.changed",)),
    "POST engagements/{id}/propose/": Move(
        "engagement", nothing, ("engagement.proposed",), at="engagement draft"
    ),
    "POST engagements/{id}/discard/": Move(
        "engagement",
        nothing,
        (
            *("wearing.discarded",) * 2,
            *("hat.discarded",) * 2,
            "engagement.discarded",
        ),
        at="engagement draft",
    ),
    "POST moves/{id}/discard/": Move("move", nothing, ("move.discarded",), at="move suggested"),
    "POST contracts/{id}/discard/": Move(
        "contractversion", nothing, ("contract.discarded",), at="contract draft"
    ),
    "POST engagements/{id}/withdraw/": Move(
        "engagement", nothing, ("move.withdrawn", "engagement.withdrawn"), at="engagement ready"
    ),
    "POST engagements/{id}/activate/": Move(
        "engagement",
        nothing,
        ("engagement.activated", "client.changed", "stage.begun", "move.effective", *OWED),
        at="engagement ready",
    ),
    "POST engagements/{id}/pause/": Move("engagement", WHY, ("pause.begun", "engagement.paused")),
    "POST engagements/{id}/resume/": Move(
        "engagement",
        nothing,
        # Their days are known again.
        ("pause.ended", "engagement.resumed", *("deliverable.moved",) * 6),
        at="engagement paused",
    ),
    "POST engagements/{id}/end/": Move(
        "engagement", WHY, (*ENDED, *("handover.item_added",) * 8, *WITH_IT)
    ),
    "POST engagements/{id}/settle-date/": Move("engagement", _due, ("engagement.date_settled",)),
    "POST moves/": Move(
        "move",
        of("engagement", "engagement paused", **NEXT, **TERMS),
        ("move.withdrawn", "move.proposed"),
    ),
    "POST moves/{id}/put-forward/": Move(
        "move",
        always(effective_on="2099-01-01", **TERMS),
        ("move.put_forward",),
        at="move suggested",
    ),
    "POST moves/{id}/agree/": Move("move", nothing, ("move.agreed",), by="priya"),
    "POST moves/{id}/agree-on-behalf/": Move("move", said_elsewhere, ("move.agreed",)),
    "POST moves/{id}/decline/": Move("move", WHY, ("move.declined",), by="priya"),
    "POST moves/{id}/withdraw/": Move("move", WHY, ("move.withdrawn",)),
    "POST bursts/": Move("burst", of("engagement", **BURST), ("burst.planned",)),
    "PATCH bursts/{id}/": Move("burst", always(note="Plain"), ("burst.changed",)),
    "DELETE bursts/{id}/": Move("burst", nothing, ("burst.cancelled",)),
    "POST exit-statements/": Move("exitstatement", _new_statement, ("exit_test.stated",)),
    "POST contracts/": Move(
        "contractversion", of("engagement", "engagement paused", title="T"), ("contract.drafted",)
    ),
    "PATCH contracts/{id}/": Move(
        "contractversion", always(title="Other"), ("contract.changed",), at="contract draft"
    ),
    "POST contracts/{id}/offer/": Move(
        "contractversion", nothing, ("contract.offered",), at="contract draft"
    ),
    "POST contracts/{id}/accept/": Move(
        "contractversion",
        nothing,
        ("contract.superseded", "contract.accepted", "stage.contract_named"),
        by="priya",
    ),
    "POST contracts/{id}/accept-on-behalf/": Move(
        "contractversion",
        said_elsewhere,
        ("contract.superseded", "contract.accepted", "stage.contract_named"),
    ),
    "POST contracts/{id}/decline/": Move(
        "contractversion", WHY, ("contract.declined",), by="priya"
    ),
    "POST contracts/{id}/withdraw/": Move("contractversion", nothing, ("contract.withdrawn",)),
    "POST handover-items/{id}/tick/": Move(
        "handoveritem", always(note="Given"), ("handover.item_done",)
    ),
    "POST handover-items/{id}/untick/": Move(
        "handoveritem", nothing, ("handover.item_reopened",), at="handover item done"
    ),
}
