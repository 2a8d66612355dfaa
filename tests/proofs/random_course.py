"""Ten thousand random verbs on engagements, and after each of them all that must hold of stages, moves, months and papers."""

import re

from tests.proofs import Figure
from tests.proofs._suite import run

STEPS = 10_000
COUNTED = re.compile(r"(\d+) courses; happened: (.*); refused: (.*)\.$", re.MULTILINE)
# The rest of what happened is what these brought about.
SHOWN = ("steps", "move.effective", "phase.turned", "stage.begun", "period.locked", "time.noted")
SHOWN += ("engagement.activated", "engagement.paused", "engagement.ended", "burst.planned")
SHOWN += ("charter.accepted", "contract.accepted")


def prove(scale: float) -> dict[str, Figure]:
    # The suite walks a few courses already; small, this shows that the proof itself runs.
    steps = STEPS if scale >= 1 else 100
    printed = run(["tests/engagements/test_random_course.py"], REMIT_STEPS=str(steps))
    found = COUNTED.search(printed)
    assert found, printed
    courses, happened, refused = found.groups()
    counts = {what: int(count) for what, count in (one.split(" ") for one in happened.split(", "))}
    assert counts["steps"] >= 0.9 * steps
    return {
        "courses": int(courses),
        **{what: counts.get(what, 0) for what in SHOWN},
        "broken": 0,
        "refused, by code": refused,
    }
