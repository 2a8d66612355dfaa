"""bin/serve as a stranger starts it: own port, own folder, nothing of this machine's configuration."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

REPO = Path(__file__).resolve().parents[2]
# What a developer or the suite itself may have set, and a stranger has not.
OURS = (
    "REMIT_",
    "DATABASE_",
    "REDIS_",
    "CACHE_",
    "CELERY_",
    "DJANGO_",
    "PYTHON",
    "SECRET_",
    "EMAIL_",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def stranger(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | extra


def embedded(var: Path, **extra: str) -> dict[str, str]:
    """Said outright, because a developer's .env may say something else."""
    database = f"sqlite:///{var / 'remit.sqlite3'}"
    return stranger(
        REMIT_MODE="embedded", REMIT_VAR=str(var), DATABASE_URL=database, REDIS_URL="", **extra
    )


def family(var: Path) -> list[int]:
    """Every living process that was started for this folder, whoever its parent is by now."""
    mark = f"REMIT_VAR={var}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        # A process can end between being listed and being read; a zombie has no environment left.
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def cpu_seconds(pid: int) -> float:
    """Of a process and of the children it has seen end; says more than a clock on a busy machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def answer(port: int, path: str = "/healthz", host: str = "127.0.0.1") -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


class Serve:
    """One run of bin/serve; leaving the block kills whatever it left behind."""

    def __init__(
        self, var: Path, *options: str, folder: Path = REPO, environ: dict[str, str] | None = None
    ) -> None:
        self.var, self.port = var, free_port()
        self.environ = embedded(var) if environ is None else environ
        self._folder = tempfile.TemporaryDirectory(prefix="remit-log-")
        self._log = Path(self._folder.name) / "log"
        self.began = time.monotonic()
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [folder / "bin" / "serve", "--port", str(self.port), *options],
                cwd=folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self._log.read_text()

    def last_words(self) -> str:
        return self.output()[-6000:]

    def wait_for_family(self, members: int, seconds: float = 20) -> None:
        """The addresses are printed when the web answers; the worker may need a moment more."""
        deadline = time.monotonic() + seconds
        while len(family(self.var)) < members:
            if time.monotonic() > deadline:
                found = len(family(self.var))
                raise AssertionError(
                    f"{found} processes instead of {members}:\n{self.last_words()}"
                )
            time.sleep(0.05)

    def wait_until_ready(self, seconds: float = 60) -> float:
        """How long it took from the start to the addresses on the screen."""
        deadline = time.monotonic() + seconds
        while "Remit is ready" not in self.output():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"bin/serve did not get ready:\n{self.last_words()}")
            time.sleep(0.05)
        assert answer(self.port) == 200
        return time.monotonic() - self.began

    def stop(self, signum: int = signal.SIGTERM, seconds: float = 30) -> float:
        """Signals the supervisor alone; how long until no process of its family is left."""
        began = time.monotonic()
        self.process.send_signal(signum)
        self.process.wait(timeout=seconds)
        self.wait_until_gone(seconds)
        return time.monotonic() - began

    def wait_until_gone(self, seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while left := family(self.var):
            if time.monotonic() > deadline:
                raise AssertionError(f"left running after {seconds} s: {left}\n{self.last_words()}")
            time.sleep(0.05)

    def __enter__(self) -> "Serve":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pid in family(self.var):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self._folder.cleanup()


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="remit-", ignore_cleanup_errors=True) as name:
        yield Path(name)
