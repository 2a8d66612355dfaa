"""Lock files: compiled in one way only, so that comparing them means something.

`bin/lock` rewrites them, `bin/lock --check` compares and changes nothing.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from _venv import REPO

# No index address and no header: the lock says what, never from which machine.
FLAGS = ["--quiet", "--generate-hashes", "--no-emit-index-url", "--no-header"]
# The oldest supported Python: what installs there installs on the newer ones too.
FLAGS += ["--python-version", "3.11.7"]
OFFLINE = re.compile(r"failed to fetch|error sending request|dns error|connect", re.IGNORECASE)


class Offline(Exception):
    """The package index does not answer, so nothing can be said about the locks."""


def compiled(source: Path, target: Path) -> str | None:
    """Compiles into `target`, which seeds the versions; the reason when uv refuses."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", *FLAGS]
    command += [source.name, "--output-file", str(target)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    if OFFLINE.search(done.stderr):
        raise Offline
    return done.stderr.strip()


def out_of_step() -> Iterator[str]:
    """One explanation for each lock that does not follow from its .in file."""
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted(REPO.glob("requirements*.in")):
            lock = source.with_suffix(".txt")
            fresh = Path(folder) / lock.name
            if lock.exists():
                shutil.copyfile(lock, fresh)
            if reason := compiled(source, fresh):
                yield f"{source.name} does not compile: {reason}"
            elif _pins(fresh) != _pins(lock):
                yield _difference(lock, fresh)


def _pins(lock: Path) -> list[str]:
    """Versions and hashes without the comments that uv wraps as it likes."""
    text = lock.read_text() if lock.exists() else ""
    return [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def _difference(lock: Path, fresh: Path) -> str:
    lines = difflib.unified_diff(
        _pins(lock), _pins(fresh), lock.name, "compiled now", n=0, lineterm=""
    )
    shown = [line for line in lines if "--hash" not in line][:20]
    return "\n".join([f"{lock.name} is not what its .in file compiles to; run bin/lock.", *shown])


def in_step() -> bool:
    try:
        complaints = list(out_of_step())
    except Offline:
        # A developer on a train may go on; a machine that guards the main branch may not.
        print("Lock files were not compared: the package index does not answer.")
        return os.environ.get("CI") != "true"
    for complaint in complaints:
        print(complaint)
    return not complaints


def write() -> bool:
    for source in sorted(REPO.glob("requirements*.in")):
        if reason := compiled(source, source.with_suffix(".txt")):
            print(reason, file=sys.stderr)
            return False
    return True


if __name__ == "__main__":
    try:
        held = in_step() if sys.argv[1:] == ["--check"] else write()
    except Offline:
        sys.exit("The package index does not answer.")
    sys.exit(not held)
