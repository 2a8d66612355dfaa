"""The virtual environment: made once, filled from a hash-pinned lock, healed when a first try was cut short.

`python _venv.py LOCK SCRIPT [ARG ...]` brings .venv in step with LOCK and becomes SCRIPT inside it.
Runs under whatever Python started it, so: standard library only.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

REPO = Path(__file__).resolve().parent.parent
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
# Lies there while packages are being written: found at a start, it tells of a start that was cut short.
UNFINISHED = VENV / ".unfinished"
OFFLINE = re.compile(
    r"connection (broken|refused|reset|error)|newconnectionerror|name resolution|timed? ?out"
    r"|network is unreachable|proxy ?error|could not find a version that satisfies",
    re.IGNORECASE,
)


def refuse(sentence: str) -> NoReturn:
    """One clear sentence and no traceback: the person reading it did not write this code."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def ready(lock: str) -> Path:
    """The Python of a virtual environment that holds exactly what `lock` pins."""
    wanted = _digest(lock)
    if _stamp(lock) == wanted and PYTHON.exists() and not UNFINISHED.exists():
        return PYTHON
    with _alone():
        try:
            _make_if_broken()
            _install(lock)
        except OSError as error:
            refuse(f"Cannot write {error.filename or VENV}: {error.strerror}.")
    return PYTHON


def become(interpreter: Path, arguments: list[str]) -> NoReturn:
    os.execv(interpreter, [str(interpreter), *arguments])


def _digest(lock: str) -> str:
    try:
        return hashlib.sha256((REPO / lock).read_bytes()).hexdigest()
    except OSError as error:
        refuse(f"Cannot read {lock}: {error.strerror}.")


def _stamp_path(lock: str) -> Path:
    return VENV / f".installed-{lock}"


def _stamp(lock: str) -> str:
    try:
        return _stamp_path(lock).read_text()
    except OSError:
        return ""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """bin/serve and bin/test started side by side must not fill the same environment at once."""
    folder = os.open(REPO, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make_if_broken() -> None:
    if not UNFINISHED.exists() and _works():
        return
    if VENV.is_symlink() or VENV.is_file():
        refuse(f"{VENV} is not a virtual environment that works; remove it and start again.")
    print("Making .venv ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    made = subprocess.run(
        [sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False
    )
    if made.returncode:
        refuse(f"Python could not make {VENV}: {_last_line(made.stdout + made.stderr)}")


def _works() -> bool:
    """Asks the interpreter itself: after a system upgrade the link may lead nowhere."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False)
    return asked.returncode == 0


def _install(lock: str) -> None:
    print(f"Installing {lock} ...", flush=True)
    for stamp in VENV.glob(".installed-*"):
        stamp.unlink()
    UNFINISHED.touch()
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--retries", "2", "--require-hashes", "-r", str(REPO / lock)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    # pip came to an end of its own, good or bad, so nothing is half-written; without a stamp we try again.
    UNFINISHED.unlink()
    if done.returncode:
        if OFFLINE.search(done.stderr):
            refuse(
                "Cannot download the packages Remit needs: no network, or the package index "
                "does not answer. Connect and start again."
            )
        refuse(f"pip could not install {lock}: {_last_line(done.stderr)}")
    for held in _locks_within(lock):
        _stamp_path(held).write_text(_digest(held))


def _locks_within(lock: str) -> list[str]:
    """The development lock holds the runtime's pins too, so one installation can satisfy both."""
    pins = _pins(lock)
    return [path.name for path in REPO.glob("requirements*.txt") if _pins(path.name) <= pins]


def _pins(lock: str) -> set[str]:
    return set(re.findall(r"^[A-Za-z0-9][^\s\\;]*==[^\s\\;]+", (REPO / lock).read_text(), re.M))


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no reason given"])[-1]


if __name__ == "__main__":
    try:
        become(ready(sys.argv[1]), sys.argv[2:])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
