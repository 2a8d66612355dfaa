"""The worker killed in the middle of calls to webhooks: each delivery arrives at least once, each attempt was counted.

Counted before the call: whatever a receiver has seen when the worker dies stands in the database already. What was on
its way comes back when its lease runs out, which the proof does not wait for but sets back; it may arrive once more,
under the same id. Such repeats are bounded by kills × calls at once.
"""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from tests.ops.serving import temporary_folder
from tests.practice.receiving import Receiver, receiver
from tests.proofs import Figure, Missing, empty_database, private_postgresql, private_redis
from tests.proofs._sink import Sink, sink
from tests.proofs._worker import Works

HOOKS = 4
LONG_AGO = "2026-01-01 00:00:00"


def prove(scale: float) -> dict[str, Figure]:
    if scale < 1:
        return _on_sqlite(events=10, kills=1)
    figures = _on_sqlite(events=50, kills=5)
    try:
        with (
            temporary_folder() as var,
            sink() as mail,
            private_postgresql() as database,
            private_redis() as broker,
        ):
            urls = {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
            figures |= _run("PostgreSQL + Redis", var, urls, mail, events=200, kills=20)
    except Missing as missing:
        figures["PostgreSQL + Redis"] = f"did not run: {missing}"
    return figures


def _on_sqlite(events: int, kills: int) -> dict[str, Figure]:
    with temporary_folder() as var, sink() as mail:
        urls = {"DATABASE_URL": empty_database(var), "REDIS_URL": ""}
        return _run("SQLite", var, urls, mail, events, kills)


def _run(
    name: str, var: Path, urls: dict[str, str], mail: Sink, events: int, kills: int
) -> dict[str, Figure]:
    # Slow enough that a kill falls into calls and not between them.
    with receiver(delay=0.03) as its:
        allowed = {"WEBHOOK_HTTP": "true", "WEBHOOK_NETWORKS": "127.0.0.0/8"}
        works = Works(var, urls | allowed, mail)
        try:
            works.ask(
                f"make({its.url()!r}, {events})", "_deliveries", CELERY_BROKER_URL="memory://"
            )
            return _killed(name, works, its, HOOKS * events, kills)
        finally:
            works.end()


def _killed(name: str, works: Works, its: Receiver, whole: int, kills: int) -> dict[str, Figure]:
    chance = random.Random(20260302)
    for moment in sorted(chance.sample(range(HOOKS, whole * 9 // 10), kills)):
        worker = works.start()
        works.wait_for(lambda moment=moment: len(its.got) >= moment)
        time.sleep(chance.uniform(0, 0.03))
        os.killpg(worker.pid, signal.SIGKILL)
        works.end()
        _judge(works, its)
        lapse = f"UPDATE practice_notice SET due_at = '{LONG_AGO}' WHERE channel = 'hook'"
        works.look(f"{lapse} AND status = 'taken'")
    works.start()
    works.wait_for(lambda: _delivered(works) == whole)
    time.sleep(1.5)  # another tick, in which nothing may happen
    works.end()
    attempts = _judge(works, its)
    calls = Counter(got.headers["webhook-id"] for got in its.got)
    assert set(calls) == set(attempts), "a delivery never arrived, or one that nobody made did"
    assert len(calls) == _delivered(works) == whole
    repeats = len(its.got) - whole
    assert repeats <= kills * HOOKS, f"{repeats} repeats after {kills} kills"
    assert sum(attempts.values()) - len(its.got) <= kills * HOOKS
    return {
        f"{name}: deliveries, each at least once": whole,
        f"{name}: kills": kills,
        f"{name}: repeats, under the same id": repeats,
        f"{name}: repeats allowed": kills * HOOKS,
        f"{name}: attempts counted": sum(attempts.values()),
    }


def _judge(works: Works, its: Receiver) -> dict[str, int]:
    """However the worker ended: nothing was called that was not counted first. Attempts, by the id that receivers see."""
    rows = works.look("SELECT id, attempts FROM practice_notice WHERE channel = 'hook'")
    attempts = {f"msg_{str(id).replace('-', '')}": int(count) for id, count in rows}
    calls = Counter(got.headers["webhook-id"] for got in its.got)
    uncounted = {id: n for id, n in calls.items() if attempts.get(id, 0) < n}
    assert not uncounted, f"called and not counted: {uncounted}"
    return attempts


def _delivered(works: Works) -> int:
    done = "SELECT count(*) FROM practice_notice WHERE channel = 'hook' AND status = 'done'"
    return int(works.look(done)[0][0])
