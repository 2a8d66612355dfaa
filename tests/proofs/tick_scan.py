"""A tick over very many open entries costs what is due, not what is open; compared with one statement written by hand."""

import json
import subprocess
import sys

from tests.ops.serving import REPO, stranger, temporary_folder
from tests.proofs import Figure, private_postgresql

# The way down the index and what lies there: of a million entries as of a thousand.
FEW_PAGES = 12


def prove(scale: float) -> dict[str, Figure]:
    # In the suite enough to see a scan of what is not due; the figures in milliseconds are of the whole size alone.
    whole = (20_000, 1_000_000, 1000, 7, 200)
    small, large, due, rounds, ticks = whole if scale == 1 else (1000, 20_000, 50, 2, 20)
    with temporary_folder() as var, private_postgresql() as database:
        environ = stranger(
            REMIT_MODE="embedded", REMIT_VAR=str(var), DATABASE_URL=database.url, REDIS_URL=""
        )
        code = f"from tests.proofs import _open_entries; _open_entries.measure({small}, {large}, {due}, {rounds}, {ticks})"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
        done = subprocess.run(command, cwd=REPO, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    pages = found["pages, small"], found["pages, large"]
    assert max(pages) <= FEW_PAGES, f"a tick with nothing due reads {pages} pages"
    return {
        "open entries": f"{small:,} and {large:,}",
        "due": due,
        "tick (ms), small and large": f"{found['due, small']} and {found['due, large']}",
        "by hand (ms), small and large": f"{found['by hand, small']} and {found['by hand, large']}",
        "tick ÷ by hand, large (goal 3)": round(found["ratio, large"], 2),
        "due: large ÷ small": round(found["due, large"] / found["due, small"], 2),
        "nothing due: pages of the database read, small and large": f"{pages[0]} and {pages[1]}",
        "nothing due (ms), small and large": f"{found['nothing due, small']} and {found['nothing due, large']}",
        "nothing due: large ÷ small (goal 1.5)": round(
            found["nothing due, large"] / found["nothing due, small"], 2
        ),
    }
