"""What every test may ask for: the cast, callers signed in as its people, and a database that can be emptied again."""

import os
import re
from collections.abc import Callable
from pathlib import Path

os.environ["REMIT_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")

import django
import pytest

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client as Browser
from django.test import TransactionTestCase

import practice.urls  # noqa: F401 (joins every page to its site, as the first request would)
from practice import guards
from practice.models import Member
from tests import again
from tests import cast as casting
from tests.callers import Caller

SERVICES = re.compile(r"\b(cache|celery|connections?|redis|settings|subprocess)\b", re.IGNORECASE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a long test come first, so that the workers end together and none waits for one of these. Files that
    ask for no database and name nothing else that an engine brings run once: no engine can make a difference to them."""
    with_database = {item.path for item in items if _asks_for_a_database(item)}
    for path in {item.path for item in items} - with_database:
        if SERVICES.search(path.read_text()):
            with_database.add(path)
    for item in items:
        if item.path not in with_database:
            item.add_marker(pytest.mark.once)
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: item.path not in long)


def _asks_for_a_database(item: pytest.Item) -> bool:
    asked = {"db", "transactional_db", "_lasting"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session", autouse=True)
def files_folder(tmp_path_factory) -> Path:
    """Each process of a run keeps the files of its own database, and nobody else's."""
    folder = tmp_path_factory.mktemp("files")
    settings.STORAGES["files"]["OPTIONS"]["location"] = str(folder)
    return folder


@pytest.fixture
def cast(db) -> casting.Cast:
    return again.built("cast", casting.build)


@pytest.fixture
def api() -> Callable[..., Caller]:
    """`api(cast.ada)` calls as a person's session, `api(cast.bot)` with a key, `api()` as nobody."""
    return Caller


@pytest.fixture
def page() -> Callable[..., Browser]:
    """`page(cast.ada)` is a browser signed in as her, acting from that place."""

    def signed_in(place) -> Browser:
        browser = Browser()
        browser.force_login(place.user)
        session = browser.session
        session["acting_as"] = f"{'member' if isinstance(place, Member) else 'contact'}:{place.pk}"
        session.save()
        return browser

    return signed_in


@pytest.fixture(autouse=True)
def _empty_cache():
    from django.core.cache import cache

    yield
    cache.clear()


_emptied = TransactionTestCase._fixture_teardown


def _emptied_without_guards(self) -> None:
    """A transactional test ends with every table emptied, which is just what the guards refuse."""
    guards.lift(connection)
    try:
        _emptied(self)
    finally:
        guards.install(connection)


TransactionTestCase._fixture_teardown = _emptied_without_guards
