"""Many callers at the same moment, each with a database connection of its own, on either engine."""

import contextlib
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextlib.contextmanager
def a_database_for_threads() -> Iterator[None]:
    """SQLite in memory knows one connection only, so its present state moves to a file for the while."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    settings, memory = connection.settings_dict, connection.connection
    folder = tempfile.mkdtemp(prefix="remit-crowd-")
    name, file = settings["NAME"], str(Path(folder) / "crowd.sqlite3")
    with contextlib.closing(sqlite3.connect(file)) as copy:
        memory.backup(copy)
    # The settings are one dictionary for all threads: connections made from now on open the file.
    settings["NAME"], connection.connection = file, None
    try:
        yield
    finally:
        connection.close()
        settings["NAME"], connection.connection = name, memory
        shutil.rmtree(folder)


def at_once(calls: list[Callable[[], Any]], *, threads: int) -> list[Any]:
    """All answers, in the order of the calls; the first `threads` of them start together."""
    start = threading.Barrier(threads)
    turn = iter(range(len(calls)))
    lock = threading.Lock()

    def work(call: Callable[[], Any]) -> Any:
        with lock:
            early = next(turn) < threads
        if early:
            start.wait(timeout=30)
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, calls))
