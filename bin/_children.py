"""Processes that a supervisor starts, listens to and ends for certain, with everything they started."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

CHILD = Path(__file__).with_name("_child.py")
Say = Callable[[str, str], None]


class Child:
    """One Python module as a process of its own session, its output handed on line by line."""

    def __init__(self, name: str, arguments: Sequence[str], environ: dict[str, str], say: Say):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, str(CHILD), str(os.getpid()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environ,
            text=True,
            errors="replace",
            # A session of its own: the terminal's Ctrl-C reaches the supervisor alone, which ends the
            # children in order, and one signal to the group reaches all that a child has started.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(say,), daemon=True)
        self._reader.start()

    def _read(self, say: Say) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            say(self.name, line.rstrip("\n"))

    @property
    def ended(self) -> int | None:
        """The exit status, once there is one and its last words have been read."""
        status = self.process.poll()
        if status is not None:
            self._reader.join(timeout=1)
        return status

    def ask_to_stop(self) -> None:
        # The leader alone: the worker wants to end its own pool, and gunicorn its own workers.
        if self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def stop(children: Sequence[Child], grace: float, hurry: Callable[[], bool]) -> None:
    """Asks, waits up to `grace` seconds, then kills whatever is left of each group."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and not hurry():
        if all(child.process.poll() is not None for child in children):
            break
        time.sleep(0.05)
    for child in children:
        child.kill()
        child.process.wait()
