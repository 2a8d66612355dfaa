"""Pytest plugin of bin/test: on shared servers, this run has its own database and its own keys (see _engines.py)."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.redis import RedisCache


class OwnKeys(RedisCache):
    """Emptying Redis is one command for the whole numbered database, so we remove our keys one by one."""

    def clear(self) -> None:
        client = self._cache.get_client(write=True)
        for key in client.scan_iter(f"{self.key_prefix}:*", count=1000):
            client.delete(key)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    from django.conf import settings  # after conftest has said which settings

    name = os.environ["REMIT_TEST_DATABASE"]
    database: dict[str, Any] = settings.DATABASES["default"]
    # A file for SQLite, because in memory it knows neither its journal nor a second connection.
    file = str(Path(os.environ["REMIT_VAR"]) / f"{name}.sqlite3")
    database.setdefault("TEST", {})["NAME"] = file if "sqlite" in database["ENGINE"] else name
    cache: dict[str, Any] = settings.CACHES["default"]
    if cache["BACKEND"].endswith("RedisCache"):
        cache["BACKEND"] = f"{__name__}.{OwnKeys.__qualname__}"
        # Each xdist worker has a database of its own, and so its own keys.
        cache["KEY_PREFIX"] = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
