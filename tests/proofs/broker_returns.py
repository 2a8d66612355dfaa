"""The broker goes away and comes back: verbs go on meanwhile without waiting for it, and what they asked for is done."""

import json
import time

from tests.ops.serving import temporary_folder
from tests.proofs import Figure, empty_database, private_redis
from tests.proofs._sink import sink
from tests.proofs._worker import Works

# A verb's own work, on a machine that does other things as well; kombu's own patience would be six seconds.
NO_WAIT_SECONDS = 2.0


def prove(scale: float) -> dict[str, Figure]:
    people = max(3, round(20 * scale))
    with temporary_folder() as var, sink() as mail, private_redis() as broker:
        database = empty_database(var)
        works = Works(var, {"DATABASE_URL": database, "REDIS_URL": broker.url}, mail)
        works.ask("make(0, 3)", CELERY_BROKER_URL="memory://")
        works.start()
        try:
            works.wait_for(lambda: works.done() == 6)
            broker.stop()
            slowest = json.loads(works.ask(f"invite({people})"))
            time.sleep(3 * scale)
            broker.start()
            began = time.monotonic()
            works.wait_for(lambda: works.done() == 6 + people)
            back = time.monotonic() - began
        finally:
            works.end()
    assert slowest < NO_WAIT_SECONDS
    assert len(mail.taken) == len(set(mail.taken)) == 6 + people
    return {
        "verbs while the broker was away": people,
        "slowest of them (s)": round(slowest, 2),
        "letters sent after its return (s)": round(back, 1),
    }
