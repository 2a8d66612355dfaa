"""Ten years of quarter ends in every time zone, with clocks that step and stand still: once each, at times that exist."""

import json
import subprocess
import sys

from tests.ops.serving import REPO, embedded, temporary_folder
from tests.proofs import Figure, empty_database


def prove(scale: float) -> dict[str, Figure]:
    # In the suite a zone of twenty and a tick each half day; whole, every zone and four ticks a day.
    years, every, hours = (10, 1, 6) if scale == 1 else (1, round(2 / scale), 12)
    with temporary_folder() as var:
        empty_database(var)
        environ = embedded(var, PYTHONPATH=str(REPO), LOG_LEVEL="CRITICAL")
        code = f"from tests.proofs import _calendar; _calendar.measure({years}, {every}, {hours})"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
        done = subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    assert found["notices"] == found["different"] == 2 * found["entries"], found
    assert (found["early"], found["open"]) == (0, 0), found
    return {
        "time zones": found["zones"],
        "years": years,
        "local moments that exist": found["moments"],
        "entries, one a quarter": found["entries"],
        "reminders, each once": found["notices"],
        "ticks, with steps of an hour": found["ticks"],
        "outages of five days": found["outages"],
    }
