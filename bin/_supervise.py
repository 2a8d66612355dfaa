"""Second half of bin/serve, inside the virtual environment: prepares the data, runs web and worker, ends both."""

import fcntl
import http.client
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from environs import Env

import _serve
from _children import Child, stop
from _venv import REPO, refuse

COLOURS = {"prepare": "35", "web": "36", "worker": "33", "serve": "32"}
# Longer than gunicorn's own grace below; on its folder of messages the worker needs six seconds to notice,
# stop its clock and leave, even when it has nothing to do.
GRACE_SECONDS = 15.0
FIRST_ANSWER_SECONDS = 60.0


class Voice:
    """Whose line it is, in front of each line; in colour on a terminal."""

    def __init__(self) -> None:
        self.colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.broken = False

    def __call__(self, name: str, line: str) -> None:
        label = f"{name:<7} |"
        if self.colour:
            label = f"\033[{COLOURS[name]}m{label}\033[0m"
        self.print(f"{label} {line}")

    def print(self, text: str) -> None:
        try:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Whoever read our output is gone (`bin/serve | head`): the main loop ends in good order.
            self.broken = True


class Signals:
    """Counts requests to stop: the first ends in good order, the second at once."""

    def __init__(self) -> None:
        self.seen = 0
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._note)

    def _note(self, signum: int, frame: FrameType | None) -> None:
        self.seen += 1


class Supervisor:
    def __init__(self, host: str, port: int, demo: bool, var: Path) -> None:
        self.host, self.port, self.demo, self.var = host, port, demo, var
        self.say = Voice()
        self.signals = Signals()
        self.children: list[Child] = []
        self.environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "practice.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def run(self) -> int:
        try:
            return self._run()
        finally:
            if self.children:
                self.say("serve", "Stopping ...")
            stop(self.children, GRACE_SECONDS, hurry=lambda: self.signals.seen > 1)

    def _run(self) -> int:
        facts = self._prepare()
        if facts is None:
            return 0 if self._asked_to_stop() else 1
        self._start("web", *self._web(shared_counters=facts["redis"]))
        self._start("worker", *self._worker())
        trouble = self._first_answer()
        if trouble is None and not self._asked_to_stop():
            self._announce(facts)
            trouble = self._watch()
        if trouble is None:
            return 0
        print(trouble, file=sys.stderr)
        return 1

    def _first_answer(self) -> str | None:
        """Waits for the web to answer; what went wrong, if something did."""
        deadline = time.monotonic() + FIRST_ANSWER_SECONDS
        while not self._asked_to_stop():
            if trouble := self._lost():
                return trouble
            if status := self._answer():
                failed = status >= 500
                return f"The web server answers {status}; the reason is above." if failed else None
            if time.monotonic() > deadline:
                return f"The web server did not answer within {FIRST_ANSWER_SECONDS:.0f} s."
            time.sleep(0.05)
        return None

    def _watch(self) -> str | None:
        while not self._asked_to_stop():
            if trouble := self._lost():
                return trouble
            time.sleep(0.05)
        return None

    def _lost(self) -> str | None:
        """Nothing is restarted in silence: a half-running Remit is worse than a stopped one."""
        for child in self.children:
            if child.ended is not None:
                return f"The {child.name} process ended by itself ({child.ended})."
        return None

    def _asked_to_stop(self) -> bool:
        return self.signals.seen > 0 or self.say.broken

    def _start(self, name: str, *arguments: str) -> Child:
        child = Child(name, arguments, self.environ, self.say)
        self.children.append(child)
        return child

    def _prepare(self) -> dict[str, Any] | None:
        """Migrates and loads the demo in one process; None when it failed or was asked to stop."""
        with tempfile.TemporaryDirectory() as folder:
            facts = Path(folder) / "facts.json"
            options = ["--facts", str(facts)] + ([] if self.demo else ["--no-demo"])
            child = self._start("prepare", "manage", "prepare", *options)
            while (status := child.ended) is None:
                if self._asked_to_stop():
                    return None
                time.sleep(0.02)
            self.children.remove(child)
            found: dict[str, Any] | None = None if status else json.loads(facts.read_text())
        if status:
            print("Remit could not prepare its database; the reason is above.", file=sys.stderr)
        return found

    def _web(self, *, shared_counters: bool) -> list[str]:
        host = f"[{self.host}]" if ":" in self.host else self.host
        # Without Redis the throttle counts in memory: two processes would each allow the full rate.
        workers, threads = ("2", "4") if shared_counters else ("1", "8")
        command = ["gunicorn", "practice.wsgi:application", "--bind", f"{host}:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", workers, "--threads", threads]
        return [*command, "--graceful-timeout", "5", "--no-control-socket"]

    def _worker(self) -> list[str]:
        command = ["celery", "--quiet", "-A", "practice", "worker", "-B", "--concurrency", "2"]
        command += ["--schedule", str(self.var / "beat-schedule"), "--loglevel", "INFO"]
        return [*command, "--without-gossip", "--without-mingle"]

    def _answer(self) -> int | None:
        """The status of /healthz, once there is one."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (compared, not bound)
        there = everywhere.get(self.host, self.host)
        connection = http.client.HTTPConnection(there, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def _announce(self, facts: dict[str, Any]) -> None:
        base = self.environ["REMIT_URL"].rstrip("/")
        lines = ["", "Remit is ready. Ctrl-C stops it.", ""]
        lines += [f"  Desk    {base}/desk/", f"  Portal  {base}/portal/"]
        lines += [f"  API     {base}/api/v1/    reference: {base}/api/docs/", ""]
        if facts["demo"]:
            lines.append("Demo sign-ins (invented people, invented firms):")
            wide = max(len(entry["who"]) for entry in facts["demo"])
            for entry in facts["demo"]:
                who = entry["who"].ljust(wide)
                lines.append(f"  {entry['where']:<6}  {who}  {entry['login']}  {entry['secret']}")
        elif not facts["practices"]:
            lines.append("There is no practice yet: .venv/bin/python manage.py setup makes one.")
        self.say.print("\n".join([*lines, ""]))


def claim(var: Path) -> TextIO:
    """Two clocks on one folder would only confuse: the kernel frees the claim however we end."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        claimed = (var / "serve.lock").open("a+")
    except OSError as error:
        reason = "Not a directory" if isinstance(error, FileExistsError) else error.strerror
        refuse(
            f"Cannot write to {var}: {reason}. "
            "Make it writable, or set REMIT_VAR to a folder that is."
        )
    try:
        fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        refuse(f"Remit already runs on {var}; stop it first, or set REMIT_VAR to another folder.")
    return claimed


def main() -> int:
    chosen = _serve.options(sys.argv[1:])
    Env().read_env(str(REPO / ".env"), recurse=False)
    shown = "127.0.0.1" if chosen.host in {"0.0.0.0", "::"} else chosen.host  # noqa: S104
    os.environ.setdefault("REMIT_URL", f"http://{shown}:{chosen.port}")
    var = Path(os.environ.setdefault("REMIT_VAR", str(REPO / "var")))
    claimed = claim(var)
    with claimed:
        return Supervisor(chosen.host, chosen.port, not chosen.no_demo, var).run()


if __name__ == "__main__":
    sys.exit(main())
