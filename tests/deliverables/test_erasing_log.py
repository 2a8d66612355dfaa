"""Forgetting: values and salts go, the log stays whole and says what it can no longer open."""

import json

import pytest

from deliverables import anchors, checking, erasing, verify_log
from deliverables.erasing import NothingToErase
from deliverables.models import Opening, SealedEntry
from practice import access
from practice.models import Event
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.deliverables import sealed
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def log(cast, engagement):
    sealed.entry(engagement, 1, about=cast.ada)
    sealed.entry(engagement, 2, about=cast.priya)
    sealed.entry(engagement, 3, about=cast.ada)
    made = sealed.of(engagement)
    anchors.anchor(made, by=access.system(made.practice_id), at=NOW)
    return made


def left(log) -> list[tuple[int, str]]:
    rows = Opening.objects.filter(engagement_id=log.engagement_id)
    return sorted(rows.values_list("entry__number", "name"))


def test_erasing_a_person_opens_nothing_and_leaves_the_log_verifiable(log, cast):
    before = {e["seq"]: e["hash"] for e in sealed.taken_away(log)["entries"]}
    kept = [(log.length, log.head)]
    erasing.erase(log, member=cast.ada, reason="Art. 17.", by=make.actor(cast.olu), at=NOW)
    taken = sealed.taken_away(log)
    assert "Somebody Named" not in json.dumps(taken["entries"][0])
    assert {e["seq"]: e["hash"] for e in taken["entries"][:3]} == before
    found = verify_log.check(taken, kept)
    assert (found.status, found.closed) == (verify_log.INTACT, 2)
    assert checking.check(log, at=NOW).status == verify_log.INTACT
    assert left(log) == [
        (1, "question"),
        (1, "reason"),
        (2, "decider"),
        (2, "question"),
        (2, "reason"),
        (3, "question"),
        (3, "reason"),
        (4, "reason"),
    ]


def test_the_log_itself_says_what_was_erased_and_by_whom(log, cast):
    erasing.erase(log, member=cast.ada, reason="Art. 17.", by=make.actor(cast.olu), at=NOW)
    entry = SealedEntry.objects.order_by("-number")[0]
    said = json.loads(entry.body)
    assert (entry.kind, entry.subject_kind, entry.subject_id) == ("log.erased", "chain", log.pk)
    assert said["open"] == {
        "erased": [{"seq": 1, "name": "decider"}, {"seq": 3, "name": "decider"}]
    }
    assert said["by"] == {"kind": "member", "id": str(cast.olu.pk)}
    assert Event.objects.get(kind="log.erased").after == said["open"]
    assert "Art. 17" not in json.dumps(Event.objects.get(kind="log.erased").after)


def test_named_values_of_one_entry_can_be_erased(log, cast):
    entry = SealedEntry.objects.get(number=2)
    erasing.erase(
        log,
        entry=entry,
        names=["reason"],
        reason="Named a patient.",
        by=make.actor(cast.olu),
        at=NOW,
    )
    assert (2, "reason") not in left(log)
    assert (2, "question") in left(log)
    assert checking.check(log, at=NOW).faults == []


def test_an_erased_value_cannot_be_put_back_as_something_else(log, cast):
    erasing.erase(log, contact=cast.priya, reason="Left.", by=make.actor(cast.olu), at=NOW)
    taken = sealed.taken_away(log)
    taken["entries"][1]["openings"]["decider"] = {"salt": "00" * 32, "value": "Somebody Else"}
    assert verify_log.check(taken).faults == ["entry 2: its value 'decider' was edited."]


def test_the_row_itself_is_blotted_by_whoever_brought_it(log, cast, engagement):
    blotted = []
    erasing.BLOTS.add("engagement", lambda id, names, by, at: blotted.append((id, names)))
    try:
        erasing.erase(log, member=cast.ada, reason="Art. 17.", by=make.actor(cast.olu), at=NOW)
    finally:
        del erasing.BLOTS._entries["engagement"]
    assert blotted == [(engagement.pk, {"decider"})]


def test_what_is_not_there_is_not_erased_and_nothing_is_sealed_for_it(log, cast):
    with pytest.raises(NothingToErase):
        erasing.erase(log, contact=cast.marta, reason="Left.", by=make.actor(cast.olu), at=NOW)
    assert sealed.of(log.engagement).length == 3


@pytest.mark.parametrize("what", [{}, {"names": ["reason"]}, {"reason": " "}])
def test_half_a_wish_is_refused(log, cast, what):
    given = {"reason": "Left.", **what}
    if given["reason"] == " ":
        given["contact"] = cast.priya
    with pytest.raises(Invalid):
        erasing.erase(log, by=make.actor(cast.olu), at=NOW, **given)


def test_only_an_owner_erases(log, cast):
    for person in (cast.ada, cast.priya, cast.fin):
        with pytest.raises(NotAllowed):
            erasing.erase(log, member=cast.ada, reason="R", by=make.actor(person), at=NOW)


def test_another_logs_entry_is_not_erased_through_this_one(log, cast):
    other = build.engagement(cast, client=cast.quarry, lead=cast.olu)
    entry = sealed.entry(other, 1)
    with pytest.raises(NothingToErase):
        erasing.erase(
            log, entry=entry, names=["reason"], reason="R", by=make.actor(cast.olu), at=NOW
        )
    assert entry.openings.count() == 2
