"""Killed after any statement, commit, letter or message of reminders, digests and transitions: the end is the same.

Each point has a process of its own that is killed with SIGKILL there. What follows then is only what follows anyway:
the next ticks, and people who do again what got no answer. Compared with a run that nobody killed: every notice,
entry, event and letter; a letter may have reached the mail server once more, under its Message-ID.
"""

import json
import os
import subprocess
import sys

from tests.ops.serving import REPO, stranger, temporary_folder
from tests.proofs import Figure, Missing, empty_database, private_postgresql


def prove(scale: float) -> dict[str, Figure]:
    # A fork and a recovery at each point are dear: the suite takes one point of thirty.
    every = 1 if scale == 1 else round(3 / scale)
    with temporary_folder() as var:
        figures = _run("SQLite", empty_database(var), str(var), every)
    if scale == 1:
        try:
            with temporary_folder() as var, private_postgresql() as database:
                figures |= _run("PostgreSQL", database.url, str(var), every)
        except Missing as missing:
            figures["PostgreSQL"] = f"did not run: {missing}"
    return figures


def _run(name: str, url: str, var: str, every: int) -> dict[str, Figure]:
    environ = stranger(
        REMIT_MODE="embedded",
        REMIT_VAR=var,
        DATABASE_URL=url,
        REDIS_URL="",
        CELERY_BROKER_URL="memory://",
        PYTHONPATH=str(REPO),
        LOG_LEVEL="CRITICAL",
        PATH=os.environ["PATH"],
    )
    code = f"from tests.proofs import _crash_points; _crash_points.measure({every})"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    assert found["violations"] == [], found["violations"][:3]
    return {
        f"{name}: points": found["points"],
        f"{name}: killed at": found["tried"],
        f"{name}: violations": 0,
    }
