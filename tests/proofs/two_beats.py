"""Two clocks tick at the same moments for ten minutes: no key twice, each letter once; one that always fails ends dead.

The letter that fails stands before a thousand others: it is tried five times, and none of them is late or lost.
"""

import json
import subprocess
import sys

from tests.ops.serving import REPO, stranger, temporary_folder
from tests.proofs import Figure, Missing, empty_database, private_postgresql


def prove(scale: float) -> dict[str, Figure]:
    count = max(50, round(1000 * scale))
    with temporary_folder() as var:
        figures = _run("SQLite", empty_database(var), str(var), count)
    if scale == 1:
        try:
            with temporary_folder() as var, private_postgresql() as database:
                figures |= _run("PostgreSQL", database.url, str(var), count)
        except Missing as missing:
            figures["PostgreSQL"] = f"did not run: {missing}"
    return figures


def _run(name: str, url: str, var: str, count: int) -> dict[str, Figure]:
    environ = stranger(
        REMIT_MODE="embedded",
        REMIT_VAR=var,
        DATABASE_URL=url,
        REDIS_URL="",
        CELERY_BROKER_URL="memory://",
        LOG_LEVEL="CRITICAL",
        PYTHONPATH=str(REPO),
    )
    code = f"from tests.proofs import _two_beats; _two_beats.measure({count})"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    assert found["keys"] == found["different"] == found["letters"] == count, found
    assert (found["repeats"], found["poison"]) == (0, ["dead", 5]), found
    assert found["states"] == {"done": count, "dead": 1}, found
    return {
        f"{name}: letters due in ten minutes": count,
        f"{name}: duplicate keys": 0,
        f"{name}: repeats on the wire": 0,
        f"{name}: attempts of the one that fails": 5,
    }
