"""A proof that needs the suite's database: its tests in a process of their own, at the size the environment names."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ops.serving import REPO, temporary_folder

INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def run(arguments: list[str], **size: str) -> str:
    """What the tests print; AssertionError with it when one fails."""
    with temporary_folder() as var:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *arguments],
            cwd=REPO,
            env=_environment(var) | size,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def _environment(var: Path) -> dict[str, str]:
    """An empty SQLite of its own, whatever this process is connected to."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | {
        "REMIT_MODE": "test",
        "REMIT_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'proof.sqlite3'}",
        "REDIS_URL": "",
        "LOG_LEVEL": "CRITICAL",
    }
