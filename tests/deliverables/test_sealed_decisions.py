"""A decision and its seal: in one transaction, readable by whom the decision is for, forgotten together."""

import json

import pytest

from deliverables import bundle, checking, erasing, verify_log
from deliverables.models import Decision, SealedEntry
from deliverables.models.decisions import ERASED
from practice import access
from practice.models import Event
from tests import make
from tests.deliverables import logged, sealed
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


def text(entry: dict) -> dict:
    return json.loads(entry["text"])


def test_a_decided_decision_is_the_next_entry_and_a_proposal_is_none(cast, engagement):
    logged.decision(engagement, cast.ada, decide=False)
    row = logged.decision(engagement, cast.ada, client_sees=True)
    entry = SealedEntry.objects.get()
    assert (entry.number, entry.kind, entry.subject_id) == (1, "decision.decided", row.pk)
    said = json.loads(entry.body)
    assert (said["open"]["right"], said["open"]["hat"], said["open"]["number"]) == (
        "DR-06",
        "CTO",
        row.number,
    )
    opened = {o.name: json.loads(o.value) for o in entry.openings.all()}
    assert opened["reason"] == row.reason
    assert opened["options"] == row.options
    assert opened["decider_name"] == str(cast.ada)
    assert "Time matters" not in entry.body
    assert checking.check(sealed.of(engagement), at=NOW).faults == []


def test_a_contact_reads_the_entries_that_are_for_the_client_and_checks_all_of_them(
    cast, engagement
):
    logged.decision(engagement, cast.ada, client_sees=True)
    logged.decision(engagement, cast.ada, client_sees=False, reason="Not for them.")
    log, priya = sealed.of(engagement), make.actor(cast.priya)
    taken = bundle.content(log, by=priya, at=NOW)
    shown, hidden = taken["entries"]
    assert text(shown)["open"]["right"] == "DR-06"
    assert shown["openings"]["reason"]["value"] == "Time matters more than fit."
    assert (hidden["text"], hidden["openings"]) == (None, {})
    assert "Not for them." not in json.dumps(taken)
    found = verify_log.check(taken, kept=[(2, log.head)])
    assert (found.status, found.withheld) == (verify_log.INTACT, 1)
    assert list(access.visible_to(priya, SealedEntry).values_list("number")) == [(1,)]


def test_erased_words_are_gone_from_log_row_and_events_alike(cast, engagement):
    row = logged.decision(engagement, cast.ada, client_sees=True, reason="Ravi is ill.")
    log = sealed.of(engagement)
    entry = SealedEntry.objects.get()
    erasing.erase(
        log, entry=entry, names=["reason"], reason="Health.", by=make.actor(cast.olu), at=NOW
    )
    row.refresh_from_db()
    assert row.reason == ERASED
    assert row.question != ERASED
    told = Event.objects.values_list("before", "after", "commercial")
    assert "Ravi is ill." not in json.dumps(list(told))
    assert "Ravi is ill." not in json.dumps(sealed.taken_away(log))
    assert checking.check(log, at=NOW).faults == []


def test_erasing_a_person_takes_their_name_from_every_entry_of_the_log(cast, engagement):
    for _ in range(2):
        logged.decision(engagement, cast.ada)
    log = sealed.of(engagement)
    erasing.erase(log, member=cast.ada, reason="Art. 17.", by=make.actor(cast.olu), at=NOW)
    taken = sealed.taken_away(log)
    assert [sorted(e["openings"]) for e in taken["entries"][:2]] == [
        ["context", "options", "question", "reason"]
    ] * 2
    assert f'"{cast.ada}"' not in json.dumps(taken)
    assert Decision.objects.filter(reason=ERASED).count() == 0
    assert checking.check(log, at=NOW).faults == []
