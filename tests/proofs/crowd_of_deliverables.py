"""Fifty at once accept, take back and write anew, round after round: one outcome each time, nobody is told of a fault."""

import re
import time

from tests.proofs import Figure, private_postgresql
from tests.proofs._suite import run

CROWD, ROUNDS = 50, 20
COUNTED = re.compile(r"(\w+), (\d+) rounds: (.*)\.$", re.MULTILINE)


def prove(scale: float) -> dict[str, Figure]:
    rounds = max(1, round(ROUNDS * scale))
    figures: dict[str, Figure] = {"at once": CROWD, "rounds": rounds}
    with private_postgresql() as server:
        figures |= _round_after_round(rounds, DATABASE_URL=server.url)
    # The suite has a small one on either engine already; small, this shows that the proof itself runs.
    if scale >= 1:
        figures |= _round_after_round(rounds)
    return figures


def _round_after_round(rounds: int, **engine: str) -> dict[str, Figure]:
    began = time.monotonic()
    size = {"REMIT_ROUNDS": str(rounds), "REMIT_CROWD": str(CROWD)}
    printed = run(["tests/deliverables/test_crowd_deliverables.py"], **size, **engine)
    found = COUNTED.search(printed)
    assert found, printed
    vendor, gone_round, answers = found.groups()
    assert int(gone_round) == rounds, printed
    return {vendor: answers, f"{vendor} (s)": round(time.monotonic() - began, 1)}
