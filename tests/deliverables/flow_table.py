"""Who may do what to a deliverable in which state, as a table: the code of the refusal, or `done`."""

STATES = (
    "planned",
    "in_progress",
    "in_review",
    "reviewed",
    "released",
    "accepted",
    "remarks",
    "changes",
    "rejected",
    "dropped",
    "ended",
)
# `ended` was released when its engagement ended; `dropped` was being written.
WITH_CONTACTS = ("released", "accepted", "remarks", "changes", "rejected", "ended")
HERE = ("olu", "ada", "amy")
NAMED = ("priya", "marta", "reviewer", "viewer")
ABROAD = ("ben", "fin", "unnamed", "ravi", "zoe")
ROLES = (*HERE, *ABROAD, *NAMED, "bot", "writer", "system")

DONE, ABSENT = "done", "not_found"
HIS, ENDED, CLOSED = "not_allowed", "engagement_ended", "release_closed"


def _all(but: str, **others: str) -> dict[str, str]:
    return {state: others.get(state, but) for state in STATES}


DROPPED = "deliverable_dropped"
STILL = {state: "version_submitted" for state in STATES if state != "planned"}
DRAFT = STILL | {"in_progress": DONE, "dropped": DROPPED, "ended": ENDED}
ANSWERED = dict.fromkeys(WITH_CONTACTS, CLOSED) | {"released": DONE, "ended": DONE}
WITH_CLIENT = dict.fromkeys(("released", "accepted", "remarks"), "with_client")
DELIVERED = dict.fromkeys(("accepted", "remarks"), "accepted_already")

# Verb → state → what becomes of it for those who may. A state that is missing has nothing that the verb works on.
OUTCOME: dict[str, dict[str, str]] = {
    "change": _all(DONE, dropped=DROPPED, ended=ENDED, **WITH_CLIENT),
    "drop": _all(DONE, released="with_client", dropped=DROPPED, ended=ENDED, **DELIVERED),
    "take-up": _all("not_dropped", dropped=DONE, ended=ENDED),
    "begin": _all(
        DONE, in_progress="draft_there", in_review="in_review", dropped=DROPPED, ended=ENDED
    ),
    "pass-on": _all("not_in_review", in_review=DONE, ended=ENDED),
    "send-back": _all("not_in_review", in_review=DONE, ended=ENDED),
    "take-back": _all("not_in_review", in_review=DONE, ended=ENDED),
    "release": _all("not_reviewed", reviewed=DONE, ended=ENDED),
    "comment": _all(DONE),
    "revise": DRAFT,
    "submit": DRAFT,
    "discard": DRAFT,
    "withdraw": ANSWERED,
    "tick": ANSWERED,
    "answer": ANSWERED,
    "reply": dict.fromkeys(WITH_CONTACTS, DONE),
}
# Verb → who may; of those who see the row, the others are told that their role does not allow it.
LEAD = ("olu", "ada", "writer", "system")
WRITES = (*LEAD, "amy")
ANSWERS = ("priya", "marta", "reviewer")
MAY: dict[str, tuple[str, ...]] = {
    "change": LEAD,
    "drop": LEAD,
    "take-up": LEAD,
    "begin": WRITES,
    "pass-on": HERE,
    "send-back": HERE,
    "take-back": WRITES,
    "release": LEAD,
    "comment": HERE,
    "revise": WRITES,
    "submit": WRITES,
    "discard": WRITES,
    "withdraw": LEAD,
    "tick": ANSWERS,
    "answer": ANSWERS,
    "reply": ANSWERS,
}
OF_DELIVERABLE = ("change", "drop", "take-up", "begin", "pass-on", "send-back", "take-back")
OF_DELIVERABLE = (*OF_DELIVERABLE, "release", "comment")
OF_VERSION = ("revise", "submit", "discard")
# What one wrote, another passes.
OWN_WORK = {("pass-on", "in_review", "ada"): "somebody_else_reviews"}


def expected(verb: str, state: str, role: str) -> str:
    if role in ABROAD or (role in NAMED and not _reaches(verb, state)):
        return ABSENT
    if role not in MAY[verb]:
        return HIS
    return OWN_WORK.get((verb, state, role), OUTCOME[verb][state])


def _reaches(verb: str, state: str) -> bool:
    """Whether those it was released to see the row that the verb is about."""
    return verb not in OF_DELIVERABLE and state in WITH_CONTACTS


CELLS = [
    (state, verb, role)
    for state in STATES
    for verb in OUTCOME
    if state in OUTCOME[verb]
    for role in ROLES
]
