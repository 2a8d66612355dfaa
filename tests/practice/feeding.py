"""Steps that tests of calendar feeds take: entries to be fed, feeds that fetch, and what a feed's answer says."""

import datetime
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone
from icalendar import Calendar

from practice import agenda
from practice.feeds import opening
from practice.models import AgendaEntry
from tests import make
from tests.make import NOW

KIND = "invitation_expiry"
DAY = datetime.timedelta(days=1)
SOON = timezone.now().replace(microsecond=0) + 20 * DAY


@pytest.fixture
def plan(cast) -> Callable[..., AgendaEntry]:
    AgendaEntry.objects.all().delete()

    def planned(number: int = 1, **details) -> AgendaEntry:
        facts = {
            "subject_id": make.uuid(number),
            "practice_id": cast.practice.pk,
            "client_id": cast.orchard.pk,
            "due_at": SOON,
            "title": f"Thing {number}",
            "time_zone": "Europe/Lisbon",
            "client_sees": True,
            "at": NOW,
        }
        with transaction.atomic():
            return agenda.plan(KIND, **facts | details)

    return planned


@pytest.fixture
def feed(cast, client):
    """`feed(cast.ada)` opens one of hers and gives a function that fetches it."""

    def opened(place, **scope) -> Callable[..., object]:
        row, address = opening.open_feed(by=make.actor(place), at=NOW, **scope)
        path = address.partition("8000")[2]

        def fetch(**headers):
            return client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})

        fetch.row, fetch.address = row, address
        return fetch

    return opened


def events(answer) -> dict[str, object]:
    assert answer.status_code == 200, answer.content
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["SUMMARY"]): event for event in found}


def titles(answer) -> list[str]:
    return sorted(events(answer))
