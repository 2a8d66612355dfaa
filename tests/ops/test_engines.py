"""bin/test touches no database and no key but its own."""

import os
import subprocess
import sys

import psycopg
import pytest
import redis

import _engines
from tests import proofs
from tests.ops.needs import needed

pytestmark = pytest.mark.once


def dead_process() -> int:
    """A number that was a process a moment ago and is none now."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_only_databases_of_ended_runs_on_this_machine_are_dropped() -> None:
    prefix = f"remit_test_{_engines.MACHINE}"
    running = f"{prefix}_{os.getppid()}"
    foreign = ["remit", "test_remit", "remit_test_00000000_1", f"{prefix}_notes", running]
    stale = [f"{prefix}_{dead_process()}", f"{prefix}_{dead_process()}_gw1", _engines.RUN]
    with (
        needed(),
        proofs.private_postgresql() as server,
        psycopg.connect(server.url, autocommit=True) as connection,
    ):
        for name in foreign + stale:
            connection.execute(
                psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(name))
            )
        _engines.remove_leftovers(server.url)
        left = connection.execute("select datname from pg_database where not datistemplate")
        assert sorted(name for (name,) in left) == sorted([*foreign, "postgres"])


def test_only_keys_of_this_run_are_removed() -> None:
    with needed(), proofs.private_redis() as server, redis.Redis.from_url(server.url) as client:
        for key in (f"{_engines.RUN}:1:throttle", f"_kombu.{_engines.RUN}", "somebody:else"):
            client.set(key, "1")
        _engines.remove_keys(server.url)
        assert client.keys() == [b"somebody:else"]


def test_the_address_given_is_the_only_one_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@database.example/mine")
    assert list(_engines.postgresql_urls()) == ["postgres://me@database.example/mine"]


def test_without_an_address_the_local_server_comes_before_the_pg_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name in ("PGHOST", "PGPORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGUSER", "me")
    monkeypatch.setenv("PGPASSWORD", "p@ss")
    assert list(_engines.postgresql_urls()) == [
        "postgres://postgres@127.0.0.1:5432/postgres",
        "postgres://me:p%40ss@127.0.0.1:5432/postgres",
    ]


def test_a_services_run_never_connects_to_the_database_that_was_given() -> None:
    engine = _engines.services(
        ("postgres://me@db.example/mine", "17"), ("redis://r.example/13", "7")
    )
    assert engine.environ["DATABASE_URL"] == f"postgres://me@db.example/{_engines.RUN}"
