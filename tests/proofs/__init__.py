"""Long proofs, one module each: `prove(scale)` raises AssertionError or returns its figures.

bin/prove runs them at full size, the suite at a tenth. A proof that kills or empties a server starts its own
here, from the installed binary on a free port; the shared ones are never touched.
"""

import atexit
import contextlib
import importlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol, Self, cast

import psycopg
import redis

from tests.ops.serving import REPO, embedded, free_port

FOLDER = Path(__file__).parent
Figure = float | int | str


class Proof(Protocol):
    __doc__: str | None

    def prove(self, scale: float) -> dict[str, Figure]: ...


class Missing(Exception):
    """What the proof needs is not installed on this machine."""


def names() -> list[str]:
    """By looking into the folder, so that no proof can be left out by forgetting to list it."""
    modules = (path.stem for path in FOLDER.glob("*.py"))
    return sorted(name for name in modules if not name.startswith(("_", "test_")))


def load(name: str) -> Proof:
    return cast(Proof, importlib.import_module(f"tests.proofs.{name}"))


def binary(name: str) -> str:
    """On PATH, or where Debian keeps PostgreSQL's server programs; the newest of several."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version, reverse=True)
    path = str(debian[0]) if debian else shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not installed")
    return path


def _version(path: Path) -> int:
    release = path.parts[-3]
    return int(release) if release.isdigit() else 0


class Server:
    """A private server that a proof may kill and start again on the same port and data."""

    url: str

    def __init__(self, command: list[str], answers: Callable[[], object], user: str | None = None):
        self._command, self._answers, self._user = command, answers, user
        self.start()

    def start(self) -> Self:
        group = pwd.getpwnam(self._user).pw_gid if self._user else None
        self.process = subprocess.Popen(
            self._command,
            user=self._user,
            group=group,
            extra_groups=[] if self._user else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 20
        while True:
            try:
                self._answers()
            except (psycopg.OperationalError, redis.RedisError):
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.kill()
                    raise
                time.sleep(0.05)
            else:
                return self

    def stop(self) -> None:
        """SIGINT ends both in good order without waiting for clients to leave."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@cache
def _migrated() -> Path:
    """An empty embedded database, made once: to make one takes longer than most proofs at a tenth."""
    folder = tempfile.mkdtemp(prefix="remit-migrated-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    environ = embedded(Path(folder), LOG_LEVEL="CRITICAL")
    done = subprocess.run(
        command, cwd=REPO, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return Path(folder) / "remit.sqlite3"


def empty_database(var: Path) -> str:
    """A migrated SQLite of its own in this folder; its address."""
    shutil.copy(_migrated(), var / "remit.sqlite3")
    return f"sqlite:///{var / 'remit.sqlite3'}"


@contextlib.contextmanager
def private_redis() -> Iterator[Server]:
    program, port = binary("redis-server"), free_port()
    with tempfile.TemporaryDirectory(prefix="remit-redis-") as folder:
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "no"]
        client = redis.Redis(port=port)
        server = Server(command, client.ping)
        server.url = f"redis://127.0.0.1:{port}/0"
        try:
            yield server
        finally:
            client.close()
            server.stop()


@contextlib.contextmanager
def private_postgresql() -> Iterator[Server]:
    """Superuser `postgres` without a password, on loopback only."""
    initdb, program, port = binary("initdb"), binary("postgres"), free_port()
    # PostgreSQL refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="remit-postgresql-") as folder:
        if user:
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)
        data = f"{folder}/data"
        initialise = [initdb, "--pgdata", data, "--username", "postgres", "--auth", "trust"]
        initialise += ["--encoding", "UTF8", "--no-locale", "--no-sync"]
        extra_groups = [] if user else None
        subprocess.run(
            initialise, user=user, extra_groups=extra_groups, check=True, capture_output=True
        )
        command = [program, "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
        command += ["-c", "unix_socket_directories=", "-c", "fsync=off"]
        url = f"postgres://postgres@127.0.0.1:{port}/postgres"
        server = Server(command, lambda: psycopg.connect(url, connect_timeout=2).close(), user)
        server.url = url
        try:
            yield server
        finally:
            server.stop()
