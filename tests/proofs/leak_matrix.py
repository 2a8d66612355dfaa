"""Every actor at every door, the whole matrix: nothing of another practice or client is shown, told or taken."""

import re

from tests.proofs import Figure
from tests.proofs._suite import run

# As many as tests/doors/test_doors.py parts everybody into, and an actor of one of them.
PARTIES, FEW = 6, "reviewer"
PROBES = re.compile(r"(\d+) probes, ([\d.]+) s of processor")


def prove(scale: float) -> dict[str, Figure]:
    # The suite goes round with every actor already; small, this shows that the proof itself runs.
    whole = scale >= 1
    share, party = (
        (1.0, "nobody_finds_anything")
        if whole
        else (scale / 10, f"nobody_finds_anything and {FEW}")
    )
    printed = run(["tests/doors/test_doors.py", "-k", party], DOORS_SHARE=str(share))
    rounds = PROBES.findall(printed)
    assert len(rounds) == (len(PARTIES) if whole else 1), printed
    return {
        "share of the matrix": share,
        "probes": sum(int(probes) for probes, _ in rounds),
        "findings": 0,
        "processor (s)": round(sum(float(seconds) for _, seconds in rounds), 1),
    }
