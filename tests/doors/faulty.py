"""Routes that go wrong on purpose, for tests of what is said then."""

import datetime
from typing import Any

from django.db import OperationalError
from django.urls import include, path
from rest_framework.routers import SimpleRouter

from practice import clients
from practice.access import Actor
from practice.api import CLIENT_INPUT
from practice.models import Client
from practice.rest.resource import Resource, adds, changes
from practice.shapes import CLIENT
from practice.urls import handler400, handler403, handler404, handler500, urlpatterns

FAULT = "SELECT secret FROM practice_client -- /srv/remit/practice/clients.py"
crashes = {"left": 0}


def broken(*, by: Actor, at: datetime.datetime, **details: Any) -> Client:
    """Does its work and then falls over, as often as it is told to."""
    made = clients.add(by=by, at=at, **details)
    if crashes["left"]:
        crashes["left"] -= 1
        raise RuntimeError(FAULT)
    return made


def unreachable(row: Client, **how: Any) -> Client:
    raise OperationalError(FAULT)


class Careful(Resource):
    model, shape, match_needed = Client, CLIENT, True
    create = adds(broken, CLIENT_INPUT)
    partial_update = changes(clients.change, CLIENT_INPUT)


class Away(Resource):
    model, shape = Client, CLIENT
    partial_update = changes(unreachable, CLIENT_INPUT)


router = SimpleRouter(use_regex_path=True)
router.register("careful", Careful, basename="careful")
router.register("away", Away, basename="away")
urlpatterns = [path("api/v1/", include(router.urls)), *urlpatterns]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
