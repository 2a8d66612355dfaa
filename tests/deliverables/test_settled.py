"""The database itself keeps what was decided, on both engines: the row, and whatever belongs to it."""

import contextlib
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from deliverables import agreements, erasing
from deliverables.models import Agreement, Chain, Decision, SealedEntry
from practice.models import Event
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

POSTGRES = connection.vendor == "postgresql"


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


@pytest.fixture
def decision(cast, engagement):
    """Decided, with an agreement and a thing it is about."""
    waits = logged.decision(
        engagement, cast.ada, code="DR-08", hat="CAIO", amount=Decimal(10), currency="EUR"
    )
    return agreements.agree(waits, hat="CTO", by=make.actor(cast.ada), at=NOW)


@contextlib.contextmanager
def refused():
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def sql(text, *params):
    with connection.cursor() as cursor:
        cursor.execute(text, params)


@pytest.mark.parametrize(
    "change",
    [
        "question = 'Another'",
        "chosen = 2",
        "amount = 1",
        "hat = 'CTO'",
        "status = 'proposed', decided_at = NULL, taken_at = NULL",
        "status = 'withdrawn'",
        "reason = ''",
    ],
)
def test_a_decided_row_stays_as_it_is(decision, change):
    with refused():
        sql(f"UPDATE deliverables_decision SET {change}")


def test_it_cannot_be_deleted_or_replaced(decision):
    with refused():
        sql("DELETE FROM deliverables_decision")
    if not POSTGRES:
        with refused():
            sql("INSERT OR REPLACE INTO deliverables_decision SELECT * FROM deliverables_decision")


@pytest.mark.skipif(not POSTGRES, reason="SQLite has no TRUNCATE")
def test_it_cannot_be_truncated(decision):
    for table in ("deliverables_decision", "deliverables_agreement"):
        with refused():
            sql(f"TRUNCATE {table} CASCADE")


def test_its_review_and_who_reads_it_still_move(decision):
    sql("UPDATE deliverables_decision SET review_note = 'Fine', client_sees = true, version = 9")

    assert Decision.objects.get().review_note == "Fine"


def test_who_agreed_stays_too(decision):
    with refused():
        sql("UPDATE deliverables_agreement SET hat = 'CIO'")
    with refused():
        sql("DELETE FROM deliverables_agreement")
    with refused():
        Agreement.objects.create(
            practice_id=decision.practice_id,
            client_id=decision.client_id,
            engagement_id=decision.engagement_id,
            decision=decision,
            asked="client",
            why="Late",
            created_at=NOW,
        )


def test_over_the_limit_nothing_is_decided_without_the_client(cast, engagement):
    waits = logged.decision(engagement, cast.ada, amount=Decimal(6000), currency="EUR")

    with refused():
        sql("UPDATE deliverables_decision SET status = 'decided', decided_at = taken_at")
    assert waits.status == "awaiting"


def test_a_decision_is_sealed_when_it_is_decided_and_not_before(cast, engagement):
    waits = logged.decision(engagement, cast.ada, code="DR-08", hat="CAIO")
    assert not SealedEntry.objects.exists()

    agreements.agree(waits, hat="CTO", by=make.actor(cast.ada), at=NOW)

    entry = SealedEntry.objects.get()
    assert (entry.number, entry.kind, entry.subject_id) == (1, "decision.decided", waits.pk)
    assert waits.reason not in entry.body


def test_what_is_erased_from_the_log_is_blotted_out_of_the_row_and_never_was_in_the_events(
    cast, decision
):
    log, entry = Chain.objects.get(), SealedEntry.objects.get()
    names = ["reason", "options", "question"]

    erasing.erase(
        log, reason="Asked to.", entry=entry, names=names, by=make.actor(cast.olu), at=NOW
    )

    decision.refresh_from_db()
    told = (decision.reason, decision.options, decision.question, decision.choice)
    assert told == ("(erased)", [], "(erased)", "(erased)")
    events = Event.objects.filter(subject_kind="decision").values_list("before", "after")
    assert logged.SAYS["reason"] not in str(list(events))
