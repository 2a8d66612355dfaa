"""Four processes write to the embedded database at once, through a verb: nobody is told "locked", every row is there."""

import json
import subprocess
import sys

from tests.ops.serving import REPO, embedded, temporary_folder
from tests.proofs import Figure, empty_database

WRITERS = 4


def prove(scale: float) -> dict[str, Figure]:
    each = max(10, round(300 * scale))
    with temporary_folder() as var:
        empty_database(var)
        code = f"from tests.proofs import _appending; _appending.measure({WRITERS}, {each})"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
        environ = embedded(var, PYTHONPATH=str(REPO), LOG_LEVEL="CRITICAL")
        done = subprocess.run(
            command, cwd=REPO, env=environ, capture_output=True, text=True, timeout=300
        )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    seconds, locked, whole = found.pop("seconds"), found.pop("locked"), WRITERS * each
    assert locked == 0, f"{locked} of {whole} writes were refused"
    everything = {"contacts": whole, "events": whole, "counters": [each] * WRITERS}
    assert found == {"answered": WRITERS, **everything}
    return {
        "writers": WRITERS,
        "appends": whole,
        "refused": locked,
        "appends per second": round(whole / seconds),
    }
