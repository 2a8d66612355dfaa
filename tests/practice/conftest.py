"""What several tests share: the marked world of the door tests, built once for a module, and webhooks whose receivers
are on this machine and that forget how the cast was made."""

import ipaddress
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from practice.hooks import subscriptions
from practice.models import Webhook
from tests import again, make
from tests import cast as casting
from tests.doors import world as worlds
from tests.doors.lasting import Lasting
from tests.make import NOW
from tests.practice import agenda_fixtures
from tests.practice.hooking import newest
from tests.practice.receiving import receiver


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
def seeded(_built: worlds.World, db: None, settings: Any) -> Iterator[worlds.World]:
    settings.API_RATE_PER_MINUTE = 10**9
    logging.disable(logging.CRITICAL)
    yield _built
    logging.disable(logging.NOTSET)


@pytest.fixture
def own_network(settings):
    settings.WEBHOOK_HTTP = True
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def its(own_network):
    with receiver() as receiving:
        yield receiving


@pytest.fixture
def add(cast, own_network):
    """A webhook of Olu's practice (or another owner's); it forgets what the cast's making recorded."""

    def added(url: str, owner=None, **details) -> Webhook:
        by = make.actor(owner or cast.olu)
        hook, hook_secret = subscriptions.add(
            by=by, at=NOW, **{"name": "Ledger", "url": url} | details
        )
        Webhook.objects.filter(pk=hook.pk).update(cursor=newest())
        hook.refresh_from_db()
        hook.secret = hook_secret
        return hook

    return added


# What the tests of the agenda share; kept apart, because a folder has one conftest.
kinds, plan, tick, told = (
    agenda_fixtures.kinds,
    agenda_fixtures.plan,
    agenda_fixtures.tick,
    agenda_fixtures.told,
)
