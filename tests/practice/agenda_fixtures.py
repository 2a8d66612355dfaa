"""A kind of agenda entry of the tests' own: reminded, digestible, done by hand, escalated."""

import datetime
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import transaction

from practice import agenda, agenda_rules, clockwork, ids
from practice.models import AgendaEntry, Notice
from tests.make import NOW

REVIEW = """
[review]
label = "Review"
digest = true
by_hand = true
reminders = [
    { before = "3d", to = "owner", notice = "entry_due" },
    { before = "0s", to = "owner", notice = "entry_due" },
]
escalate = [{ after = "2d", to = "owners", notice = "entry_overdue" }]

[answer]
label = "Answer"
client_label = "Please answer"
reminders = [{ before = "3d", to = "sponsors", notice = "entry_due" }]

[report]
label = "Report"
digest = true
reminders = [{ before = "3d", to = "sponsors", notice = "entry_due" }]
"""


@pytest.fixture
def kinds(tmp_path) -> Iterator[None]:
    file = tmp_path / "agenda.toml"
    file.write_text(REVIEW)
    agenda_rules.CONTRIBUTED.append(file)
    agenda_rules.rules.cache_clear()
    yield
    agenda_rules.CONTRIBUTED.remove(file)
    agenda_rules.rules.cache_clear()


@pytest.fixture
def plan(cast, kinds) -> Callable[..., AgendaEntry]:
    """`plan("review", due_at)` of Ada's at Orchard."""

    def planned(
        kind: str, due_at: datetime.datetime, subject: UUID | None = None, **more
    ) -> AgendaEntry:
        facts = {
            "title": "Review of the roadmap",
            "client_id": cast.orchard.pk,
            "owner_id": cast.ada.pk,
            "at": NOW,
        }
        with transaction.atomic():
            return agenda.plan(
                kind,
                subject_id=subject or ids.new(),
                practice_id=cast.practice.pk,
                due_at=due_at,
                **(facts | more),
            )

    return planned


@pytest.fixture
def tick() -> Callable[[datetime.datetime], dict[str, int]]:
    return lambda at: clockwork.tick(at=at, clock=lambda: at)


@pytest.fixture
def told() -> Callable[[AgendaEntry], list[tuple[str, str, str]]]:
    """What an entry has caused: letter, to whom, and how that stands."""

    def rows(entry: AgendaEntry) -> list[tuple[str, str, str]]:
        found = Notice.objects.filter(entry=entry).order_by("id")
        return [(n.kind, n.recipient.partition(":")[0] + " " + n.address, n.status) for n in found]

    return rows
