"""Worker and clock as real processes on a database and a broker of their own, with a mail server that counts."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.ops.serving import REPO, family, stranger
from tests.proofs._sink import Sink

CONCURRENCY = 2
PATIENCE = 600.0


class Works:
    """`start` a worker with its clock as often as wanted; `end` leaves none of them, orphans included."""

    def __init__(self, var: Path, urls: dict[str, str], mail: Sink) -> None:
        self.var, self.mail, self.urls = var, mail, urls
        self.environ = stranger(
            REMIT_MODE="embedded",
            REMIT_VAR=str(var),
            EMAIL_URL=f"smtp://127.0.0.1:{mail.port}",
            TICK_SECONDS="1",
            NOTICE_LEASE_SECONDS="2",
            PYTHONPATH=str(REPO),
            **urls,
        )
        self.started: list[subprocess.Popen[bytes]] = []
        self._looking: Any = None

    def start(self) -> subprocess.Popen[bytes]:
        # Without the checks of `manage.py check`, which are half of a worker's start and none of this proof.
        command = [
            sys.executable,
            "-m",
            "celery",
            "--skip-checks",
            "-A",
            "practice",
            "worker",
            "-B",
        ]
        command += [
            "--concurrency",
            str(CONCURRENCY),
            "--schedule",
            f"{self.var / 'beat'}{len(self.started)}",
        ]
        command += ["--hostname", f"w{len(self.started)}@%h"]
        command += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        with (self.var / "log").open("ab") as log:
            worker = subprocess.Popen(
                command,
                cwd=REPO,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(worker)
        return worker

    def end(self) -> None:
        # By our folder's name in their environment: a number alone may be somebody else's by now.
        while left := family(self.var):
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for worker in self.started:
                worker.wait()
        if self._looking is not None:
            self._looking.close()
            self._looking = None

    def ask(self, what: str, module: str = "_invitations", **extra: str) -> str:
        code = f"from tests.proofs import {module}; {module}.{what}"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", code]
        done = subprocess.run(
            command, cwd=REPO, env=self.environ | extra, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def done(self) -> int:
        return self._number("status = 'done'")

    def left(self) -> int:
        return self._number("status IN ('waiting', 'taken')")

    def _number(self, condition: str) -> int:
        return int(self.look(f"SELECT count(*) FROM practice_notice WHERE {condition}")[0][0])

    def look(self, statement: str) -> list[tuple[Any, ...]]:
        # Over one connection: a new one at each look would cost more than the work that is looked at.
        if self._looking is None:
            self._looking = self._connected()
        found = self._looking.execute(statement)
        rows: list[tuple[Any, ...]] = found.fetchall() if found.description else []
        return rows

    def _connected(self) -> Any:
        url = self.urls["DATABASE_URL"]
        if urlsplit(url).scheme == "postgres":
            return psycopg.connect(url, autocommit=True)
        return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)

    def wait_for(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not reached():
            if time.monotonic() > deadline:
                log = (self.var / "log").read_text(errors="replace")[-3000:]
                raise AssertionError(f"{self.done()} done, {self.left()} left:\n{log}")
            time.sleep(0.05)
