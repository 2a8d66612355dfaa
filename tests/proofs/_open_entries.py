"""Run inside a process of its own, on an empty PostgreSQL database: how long a tick takes over very many open entries."""

import datetime
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from practice import agenda, practices, users
from practice.access import system
from practice.models import Member

PASSWORD = "seven-grey-herons-fly"

OPEN = """
INSERT INTO practice_agendaentry (id, version, created_at, practice_id, owner_id, kind, subject_id, period, title,
                                  due_at, all_day, time_zone, client_sees, status, next_at)
SELECT gen_random_uuid(), 1, %(at)s, %(practice)s, %(owner)s, 'invitation_expiry', gen_random_uuid(), '',
       'Invitation expires', %(at)s + make_interval(days => 3 + n %% 300, secs => n), false, 'UTC', false, 'open',
       %(at)s + make_interval(days => 1 + n %% 300, secs => n)
  FROM generate_series(1, %(count)s) AS n
"""
OVER = "UPDATE practice_agendaentry SET due_at = %s, next_at = %s WHERE next_at IS NULL"
DUE = """
UPDATE practice_agendaentry SET due_at = %s, next_at = %s
 WHERE id IN (SELECT id FROM practice_agendaentry ORDER BY id LIMIT %s)
"""
# What a hand would write for the same work: who is told, what takes effect, and that it was seen to.
BY_HAND = """
WITH due AS (
    SELECT id, practice_id, client_id, owner_id, subject_id, due_at FROM practice_agendaentry
     WHERE next_at <= %(at)s FOR UPDATE SKIP LOCKED
), told AS (
    INSERT INTO practice_notice (id, version, created_at, practice_id, client_id, entry_id, channel, kind, subject_id,
                                 occurrence, recipient, address, status, due_at, attempts, fault, title, link)
    SELECT gen_random_uuid(), 1, %(at)s, d.practice_id, d.client_id, d.id, 'effect', 'expire_invitation',
           d.subject_id, d.due_at::text, 'clockwork', '', 'waiting', %(at)s, 0, '', '', '' FROM due d
    UNION ALL
    SELECT gen_random_uuid(), 1, %(at)s, d.practice_id, d.client_id, d.id, 'mail', 'invitation_expired',
           d.subject_id, d.due_at::text, 'member:' || d.owner_id, u.email, 'waiting', %(at)s, 0, '', '', ''
      FROM due d JOIN practice_member m ON m.id = d.owner_id AND m.active JOIN practice_user u ON u.id = m.user_id
    ON CONFLICT DO NOTHING
)
UPDATE practice_agendaentry e SET next_at = NULL FROM due WHERE e.id = due.id
"""


def measure(small: int, large: int, due: int, rounds: int, ticks: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    at = timezone.now()
    person = users.make(email="olu@lantern.test", name="Olu", password=PASSWORD, at=at)
    owner = practices.found(name="Lantern", owner=person, at=at, by=system())
    found: dict[str, Any] = {}
    for name, more in {"small": small, "large": large - small}.items():
        _open(more, owner, at)
        found[f"due, {name}"], found[f"by hand, {name}"], ratios = _in_turns(due, at, rounds)
        found[f"ratio, {name}"] = statistics.median(ratios)
        # After all those that were due, as in life: what they leave in tables and indexes must not be read for ever.
        found[f"nothing due, {name}"] = _median(
            [_timed(lambda: agenda.fall_due(at)) for _ in range(ticks)]
        )
        found[f"pages, {name}"] = _pages_read(lambda: agenda.fall_due(at))
    print(json.dumps(found))


def _pages_read(work: Callable[[], object]) -> int:
    """How many of the database's pages its statements look at, which no neighbour on the machine changes."""
    with CaptureQueriesContext(connection) as captured:
        work()
    pages = 0
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0]
        plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return pages


def _open(count: int, owner: Member, at: datetime.datetime) -> None:
    values = {"at": at, "practice": owner.practice_id, "owner": owner.pk, "count": count}
    # The rows are right by construction; guards and foreign keys, asked a million times, would take most of the time.
    with transaction.atomic():
        _run("SET LOCAL session_replication_role = replica")
        plain = _plain_indexes()
        for name in plain:
            _run(f"DROP INDEX {name}")
        _run(OPEN, values)
        for definition in plain.values():
            _run(definition)
    _run("VACUUM ANALYZE")
    # What loading left to be written must not be charged to the ticks.
    _run("CHECKPOINT")


def _plain_indexes() -> dict[str, str]:
    """Built once from all rows is quicker than row by row; those that keep a rule stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'practice_agendaentry' AND indexdef LIKE 'CREATE INDEX%'"
        )
        return dict(cursor.fetchall())


def _in_turns(due: int, at: datetime.datetime, rounds: int) -> tuple[float, float, list[float]]:
    product, by_hand = [], []
    for number in range(rounds):
        for turn in (0, 1) if number % 2 else (1, 0):
            _make_due(due, at)
            if turn:
                product.append(_timed(lambda: agenda.fall_due(at)))
            else:
                by_hand.append(_timed(lambda: _run(BY_HAND, {"at": at})))
            assert _count("practice_notice") == 2 * due
            assert _count("practice_agendaentry WHERE next_at IS NULL") == due
    return (
        _median(product),
        _median(by_hand),
        [a / b for a, b in zip(product, by_hand, strict=True)],
    )


def _make_due(count: int, at: datetime.datetime) -> None:
    _run("TRUNCATE practice_notice CASCADE")
    day = datetime.timedelta(days=1)
    _run(OVER, [at + 3 * day, at + day])
    _run(DUE, [at, at, count])
    _run("VACUUM ANALYZE practice_agendaentry")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _median(seconds: list[float]) -> float:
    return round(statistics.median(seconds) * 1000, 2)


def _count(what: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {what}")
        return int(cursor.fetchone()[0])


def _run(statement: str, values: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
