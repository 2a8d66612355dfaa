"""Which database and broker the suite can run on here, and the names it may create there.

Only databases called remit_test_<machine>_<process> and Redis keys under that prefix are made and removed.
"""

import os
import re
import socket
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

MACHINE = f"{zlib.crc32(socket.gethostname().encode()):08x}"
RUN = f"remit_test_{MACHINE}_{os.getpid()}"
# Far from the databases that people use; the key prefix keeps us apart even there.
REDIS_DATABASE = "13"
PATIENCE_SECONDS = 3


@dataclass(frozen=True)
class Engine:
    name: str
    environ: dict[str, str] = field(default_factory=dict)


def sqlite(var: Path) -> Engine:
    return Engine("SQLite", {"DATABASE_URL": f"sqlite:///{var / 'remit.sqlite3'}", "REDIS_URL": ""})


def postgresql_urls() -> Iterator[str]:
    """DATABASE_URL alone when it is set, else the usual local server, else the PG… variables."""
    given = os.environ.get("DATABASE_URL", "")
    if re.match(r"(postgres|postgresql)://", given):
        yield given
        return
    yield "postgres://postgres@127.0.0.1:5432/postgres"
    if user := os.environ.get("PGUSER"):
        password = quote(os.environ.get("PGPASSWORD", ""), safe="")
        host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
        yield f"postgres://{quote(user, safe='')}:{password}@{host}:{port}/postgres"


def postgresql() -> tuple[str, str] | None:
    """Address and version of the first server on which we may create databases."""
    for url in postgresql_urls():
        try:
            with _maintenance(url) as connection:
                may = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
                row = connection.execute(may).fetchone()
                version = str(connection.info.server_version // 10000)
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return url, version
        print("PostgreSQL answers, but this role may not create databases.")
    return None


def redis_server() -> tuple[str, str] | None:
    parts = urlsplit(os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379")
    url = urlunsplit((parts.scheme, parts.netloc, f"/{REDIS_DATABASE}", parts.query, ""))
    try:
        with redis.Redis.from_url(url, socket_timeout=PATIENCE_SECONDS) as client:
            return url, str(client.info("server")["redis_version"])
    except redis.RedisError:
        return None


def maintenance_url(url: str) -> str:
    """The same server's own database: there to connect to, never to write to."""
    return urlunsplit(urlsplit(url)._replace(path="/postgres"))


def services(database: tuple[str, str], broker: tuple[str, str]) -> Engine:
    parts = urlsplit(database[0])
    return Engine(
        f"PostgreSQL {database[1]} + Redis {broker[1]}",
        {
            # The name too: a connection outside the test database must not find a real one.
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{RUN}")),
            "REDIS_URL": broker[0],
            # SQLite came first: what reaches no engine need not be asked again.
            "REMIT_SECOND_ENGINE": "1",
        },
    )


def remove_leftovers(database_url: str) -> None:
    """Databases of this run, and of earlier runs on this machine whose process is gone."""
    with _maintenance(database_url) as connection:
        pattern = rf"^remit_test_{MACHINE}_([0-9]+)(_gw[0-9]+)?$"
        rows = connection.execute("select datname from pg_database where datname ~ %s", (pattern,))
        for (name,) in rows.fetchall():
            found = re.match(pattern, name)
            if found and (int(found[1]) == os.getpid() or not _alive(int(found[1]))):
                drop = sql.SQL("drop database if exists {} with (force)")
                connection.execute(drop.format(sql.Identifier(name)))


def remove_keys(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter(f"*{RUN}*", count=1000):
            client.delete(key)


def _maintenance(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        url, dbname="postgres", autocommit=True, connect_timeout=PATIENCE_SECONDS
    )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
