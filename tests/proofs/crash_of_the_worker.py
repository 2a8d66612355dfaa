"""Worker and clock killed at random moments while invitations fall due: each effect and each letter exactly once.

A letter can reach the mail server twice when the kill falls between its "250" and our mark; the stable Message-ID
lets the receiver drop the second. Such repeats are bounded by kills × concurrency. Some kills take the worker alone,
so that its orphaned clock goes on ticking beside the next one's.

On PostgreSQL and Redis at full size: ten thousand reminders due at once, two workers with a clock each, and a broker that
is emptied half-way.
"""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import redis

from tests.ops.serving import temporary_folder
from tests.proofs import Figure, Missing, empty_database, private_postgresql, private_redis
from tests.proofs._sink import Sink, sink
from tests.proofs._worker import CONCURRENCY, Works


def prove(scale: float) -> dict[str, Figure]:
    kills = max(3, round(20 * scale))
    figures = _on_sqlite(max(20, round(1000 * scale)), kills)
    # The second engine multiplies the time, and the suite runs this on a tenth.
    if scale == 1:
        try:
            figures |= on_services(500, 10_000, kills)
        except Missing as missing:
            figures["PostgreSQL + Redis"] = f"did not run: {missing}"
    return figures


def _on_sqlite(expiring: int, kills: int) -> dict[str, Figure]:
    with temporary_folder() as var, sink(seconds_each=0.002) as mail:
        urls = {"DATABASE_URL": empty_database(var), "REDIS_URL": ""}
        return Run("SQLite", var, urls, mail).prove(expiring, expiring // 2, kills)


def on_services(expiring: int, reminding: int, kills: int) -> dict[str, Figure]:
    with (
        temporary_folder() as var,
        sink(seconds_each=0.002) as mail,
        private_postgresql() as database,
        private_redis() as broker,
    ):
        urls = {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
        return Many("PostgreSQL + Redis", var, urls, mail).prove(expiring, reminding, kills)


class Run(Works):
    """Made by verbs: each that is reminded got its invitation by mail as well."""

    make, letters_each = "make", 2
    workers = 1

    def __init__(self, name: str, var: Path, urls: dict[str, str], mail: Sink) -> None:
        super().__init__(var, urls, mail)
        self.name, self.chance = name, random.Random(20260302)
        self.working: list[subprocess.Popen[bytes]] = []

    def prove(self, expiring: int, reminding: int, kills: int) -> dict[str, Figure]:
        self.ask(f"{self.make}({expiring}, {reminding})", CELERY_BROKER_URL="memory://")
        # Done in the end: of each expiring one its effect and the inviter's letter, of the others their letters.
        whole = 2 * expiring + self.letters_each * reminding
        began = time.monotonic()
        try:
            self._start_and_kill(kills, whole)
            self._all_at_work()
            self.wait_for(lambda: self.left() == 0 and self.done() >= whole)
            time.sleep(2.5)  # two more ticks, in which nothing may happen
        finally:
            self.end()
        found = json.loads(self.ask("count()"))
        self._judge(found, expiring, reminding, kills)
        return {
            f"{self.name}: invitations due": expiring + reminding,
            f"{self.name}: kills": kills,
            f"{self.name}: effects, each once": found["events"],
            f"{self.name}: letters, each once by Message-ID": len(set(self.mail.taken)),
            f"{self.name}: repeats on the wire": len(self.mail.taken) - len(set(self.mail.taken)),
            f"{self.name}: repeats allowed": kills * CONCURRENCY,
            f"{self.name}: seconds": round(time.monotonic() - began, 1),
        }

    def _judge(self, found: dict[str, Any], expiring: int, reminding: int, kills: int) -> None:
        assert found["invitations"] == {"expired": expiring, "pending": reminding}, found
        assert (found["events"], found["subjects"]) == (expiring, expiring)
        invited = {"invitation cancelled": expiring, "invitation done": reminding}
        assert found["notices"] == {
            "expire_invitation done": expiring,
            "invitation_expired done": expiring,
            "invitation_reminder cancelled": expiring,
            "invitation_reminder done": reminding,
            **(invited if self.letters_each == 2 else {}),
        }
        received = {text.removeprefix("<").partition("@")[0] for text in self.mail.taken}
        assert sorted(received) == found["sent"]
        assert len(self.mail.taken) - len(received) <= kills * CONCURRENCY

    def _start_and_kill(self, kills: int, whole: int) -> None:
        """Moments are counted in work done, so that every kill falls into the work and none before or after it."""
        moments = sorted(self.chance.sample(range(1, whole * 9 // 10), kills))
        for number, moment in enumerate(moments):
            self._all_at_work()
            # The oldest, so that the other one is in the middle of its work when a new one joins it.
            worker = self.working.pop(0)
            self.wait_for(lambda moment=moment: self.done() >= moment)
            time.sleep(self.chance.uniform(0, 0.05))
            if number % 3 == 1:
                # The worker alone: its clock and pool are orphans, and end when they notice or at the very end.
                worker.kill()
            else:
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            if number == kills // 2 and self.urls["REDIS_URL"]:
                with redis.Redis.from_url(self.urls["REDIS_URL"]) as broker:
                    broker.flushall()

    def _all_at_work(self) -> None:
        while len(self.working) < self.workers:
            self.working.append(self.start())


class Many(Run):
    """Written as rows; two workers with a clock each, so that ticks meet."""

    make, letters_each = "make_many", 1
    workers = 2
