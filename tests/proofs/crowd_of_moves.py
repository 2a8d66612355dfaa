"""Fifty identical moves at once, round after round: one takes effect, the others are told 409, nobody of a fault (C1)."""

import re
import time

from tests.proofs import Figure, private_postgresql
from tests.proofs._suite import run

ROUNDS = 20
COUNTED = re.compile(r"(\w+), (\d+) rounds: (.*)\.$", re.MULTILINE)


def prove(scale: float) -> dict[str, Figure]:
    rounds = max(1, round(ROUNDS * scale))
    figures: dict[str, Figure] = {"at once": 50, "rounds": rounds}
    with private_postgresql() as server:
        figures |= _round_after_round(rounds, DATABASE_URL=server.url)
    # The suite has a round of it on either engine already; small, this shows that the proof itself runs.
    if scale >= 1:
        figures |= _round_after_round(rounds)
    return figures


def _round_after_round(rounds: int, **engine: str) -> dict[str, Figure]:
    began = time.monotonic()
    printed = run(["tests/engagements/test_crowd.py"], REMIT_ROUNDS=str(rounds), **engine)
    found = COUNTED.search(printed)
    assert found, printed
    vendor, gone_round, answers = found.groups()
    assert int(gone_round) == rounds, printed
    return {vendor: answers, f"{vendor} (s)": round(time.monotonic() - began, 1)}
