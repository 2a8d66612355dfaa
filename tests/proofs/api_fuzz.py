"""Generated requests from the OpenAPI document, valid and not, as everybody: no fault, no answer outside the contract."""

import re

from tests.proofs import Figure
from tests.proofs._suite import run

COUNTED = re.compile(r"(\d+) cases on (\d+) operations, (\d+) reached a 2xx")


def prove(scale: float) -> dict[str, Figure]:
    # At full size 10,000 cases and more. The suite sends one of each already; small, this shows that the proof itself runs.
    examples, every = (15, 1) if scale >= 1 else (1, 10)
    size = {"FUZZ_EXAMPLES": str(examples), "FUZZ_EVERY": str(every)}
    printed = run(["tests/doors/test_fuzz.py"], **size)
    found = COUNTED.findall(printed)
    assert found, printed
    cases, known, reached = (sum(map(int, counts)) for counts in zip(*found, strict=True))
    assert scale < 1 or reached >= 0.9 * known, (
        f"only {reached} of {known} operations reached a 2xx"
    )
    return {
        "cases": cases,
        "operations": known,
        "operations that reached a 2xx": reached,
        "faults": 0,
    }
