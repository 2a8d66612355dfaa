"""Eight processes seal a hundred thousand entries on PostgreSQL while a ninth checks: no gap, no broken link, no false alarm (E2)."""

import json
import subprocess
import sys
import time

from tests.ops.serving import REPO, stranger, temporary_folder
from tests.proofs import Figure, private_postgresql

WRITERS = 8
LOGS = 4
ENTRIES = 100_000
# The suite shows that the proof itself runs.
FEW = 800


def prove(scale: float) -> dict[str, Figure]:
    each = (ENTRIES if scale >= 1 else FEW) // WRITERS
    with temporary_folder() as var, private_postgresql() as database:
        environ = stranger(
            REMIT_MODE="embedded", REMIT_VAR=str(var), DATABASE_URL=database.url, REDIS_URL=""
        )

        def start(what: str) -> subprocess.Popen[str]:
            code = f"from tests.proofs import _sealed_logs; _sealed_logs.{what}"
            command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
            pipe = subprocess.PIPE
            return subprocess.Popen(
                command, cwd=REPO, env=environ, stdin=pipe, stdout=pipe, text=True
            )

        start(f"make({LOGS})").communicate(timeout=300)
        writers = [start(f"append({number}, {each})") for number in range(WRITERS)]
        watcher = start(f"watch({10 if scale >= 1 else 0.5})")
        for process in (*writers, watcher):
            _said(process, "ready")
        began = time.monotonic()
        for process in (*writers, watcher):
            _tell(process)
        for writer in writers:
            _said(writer, "done")
            writer.communicate(timeout=60)
        seconds = time.monotonic() - began
        _tell(watcher)
        watched = json.loads(watcher.communicate(timeout=600)[0])
        found = json.loads(start("count()").communicate(timeout=600)[0])
    whole = each * WRITERS
    assert found["entries"] == whole, found
    assert (found["broken"], found["alarms"]) == (0, 0), found
    assert watched["alarms"] == 0, watched
    assert watched["checks"] >= LOGS, watched
    return {
        "writers": WRITERS,
        "logs": LOGS,
        "entries": whole,
        "entries per second": round(whole / seconds),
        "broken links": found["broken"],
        "checks while they wrote": watched["checks"],
        "false alarms": found["alarms"] + watched["alarms"],
        "feeds, heads published meanwhile": f"{found['feeds']}, {found['heads']}",
    }


def _said(process: "subprocess.Popen[str]", word: str) -> None:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line == f"{word}\n", line


def _tell(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
