"""A marked world, built once for the tests of a module, and a log that keeps quiet about thousands of requests."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests import again
from tests import cast as casting
from tests.doors import world as worlds
from tests.doors.lasting import Lasting


@pytest.fixture
def quiet(settings) -> Iterator[None]:
    settings.API_RATE_PER_MINUTE = 10**9
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def _lasting(django_db_setup: None, django_db_blocker: Any) -> Iterator[Lasting]:
    lasting = Lasting(django_db_blocker)
    yield lasting
    lasting.close()


@pytest.fixture
def _built(_lasting: Lasting) -> worlds.World:
    return _lasting.world()


@pytest.fixture
def _apart(_lasting: Lasting) -> None:
    _lasting.close()


@pytest.fixture
def cast(_apart: None, db: None) -> casting.Cast:
    """The plain one: the world has people of the same names."""
    return again.built("cast", casting.build)


@pytest.fixture
def world(_built: worlds.World, db: None, quiet: None) -> worlds.World:
    return _built
