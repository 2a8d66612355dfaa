"""Decisions asked of the board: answered once, sealed, and proposed in the log where the charter has a right for it."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from deliverables import board_asks, board_contributors, erasing
from deliverables.models import (
    BoardAnswer,
    BoardSection,
    Chain,
    Decision,
    Opening,
    SealedEntry,
)
from practice.refusals import Invalid, NotAllowed, NotFound, Taken
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

OPTIONS = ["Yes", "Not yet"]


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def report(cast, engagement):
    return boarding.opened(cast, engagement)


def asked(cast, report, **more):
    ada = make.actor(cast.ada)
    said = {"question": "Shall we go on?", "options": OPTIONS, **more}
    return board_asks.add(report, by=ada, at=NOW, **said)


def test_a_question_has_at_least_two_options(cast, report):
    for options in ([], ["Yes"], ["Yes", " "]):
        with pytest.raises(Invalid):
            asked(cast, report, options=options)
    with pytest.raises(Invalid):
        asked(cast, report, code="DR-01")


def test_the_board_answers_an_issued_report_once(cast, report):
    ask = asked(cast, report)
    marta = make.actor(cast.marta)
    with pytest.raises(NotFound):
        board_asks.answer(ask, chosen=1, by=marta, at=NOW)
    boarding.issued(cast, report)
    for person in (cast.priya, cast.ada):
        with pytest.raises(NotAllowed):
            board_asks.answer(ask, chosen=1, by=make.actor(person), at=NOW)
    with pytest.raises(Invalid):
        board_asks.answer(ask, chosen=3, by=marta, at=NOW)
    answer = board_asks.answer(ask, chosen=2, note="In spring.", by=marta, at=NOW)
    assert (answer.chosen, answer.contact, answer.decision) == (2, cast.marta, None)
    assert answer.not_logged == board_asks.NO_RIGHT
    with pytest.raises(Taken):
        board_asks.answer(ask, chosen=1, by=marta, at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        BoardAnswer.objects.update(chosen=1)


def test_the_answer_is_sealed_in_the_decision_log(cast, report, engagement):
    ask = asked(cast, report)
    report = boarding.issued(cast, report)
    board_asks.answer(ask, chosen=1, by=make.actor(cast.marta), at=NOW)
    entry = SealedEntry.objects.get(engagement=engagement)
    assert (entry.kind, entry.subject_kind) == ("board.answered", "boardanswer")
    assert report.sha256 in entry.body
    names = Opening.objects.filter(entry=entry).order_by("name").values_list("name", flat=True)
    assert list(names) == ["answer", "contact_name", "question"]


def test_with_a_right_of_the_charter_it_becomes_a_proposal_there(cast, report, engagement):
    build.charter(cast, engagement)
    ask = asked(cast, report, code="DR-01", hat="CTO")
    boarding.issued(cast, report)
    answer = board_asks.answer(ask, chosen=2, by=make.actor(cast.marta), at=NOW)
    decision = Decision.objects.get(engagement=engagement)
    assert (answer.decision, answer.not_logged) == (decision, "")
    assert (decision.status, decision.code, decision.chosen) == ("proposed", "DR-01", 2)
    assert decision.reason == "Board report FY2026Q1: the board chose “Not yet”."


def test_without_a_charter_it_says_why_it_is_no_proposal(cast, report):
    ask = asked(cast, report, code="DR-01", hat="CTO")
    boarding.issued(cast, report)
    answer = board_asks.answer(ask, chosen=1, by=make.actor(cast.marta), at=NOW)
    said = "No charter is accepted here, so nobody has a right to decide yet."
    assert answer.not_logged == f"Not proposed in the decision log: {said}"


def test_what_was_answered_elsewhere_is_put_down_with_what_shows_it(cast, report):
    ask = asked(cast, report)
    boarding.issued(cast, report)
    ada = make.actor(cast.ada)
    with pytest.raises(Invalid):
        board_asks.put_down(ask, contact=cast.marta, chosen=1, evidence_note=" ", by=ada, at=NOW)
    said = {"contact": cast.marta, "chosen": 1, "evidence_note": "Minutes of May."}
    answer = board_asks.put_down(ask, by=ada, at=NOW, **said)
    assert (answer.contact, answer.recorded_by) == (cast.marta, cast.ada)


def test_what_a_person_said_can_be_forgotten_and_the_seal_stays(cast, report, engagement):
    ask = asked(cast, report)
    boarding.issued(cast, report)
    answer = board_asks.answer(
        ask, chosen=1, note="As my uncle said.", by=make.actor(cast.marta), at=NOW
    )
    log = Chain.objects.get(engagement=engagement)
    entry = SealedEntry.objects.get(engagement=engagement)
    erasing.erase(
        log, reason="Asked to", entry=entry, names=["note"], by=make.actor(cast.olu), at=NOW
    )
    answer.refresh_from_db()
    assert (answer.note, answer.chosen) == ("(erased)", 1)


def test_somebody_without_an_account_answers_a_section_behind_a_link(cast, report, client):
    ada = make.actor(cast.ada)
    section = BoardSection.objects.get(report=report, key="risk")
    link, address = board_contributors.ask(
        section, person="Nora", question="What changed?", by=ada, at=NOW
    )
    type(link).objects.update(expires_at=NOW + datetime.timedelta(days=36_500))
    path = address.partition("://")[2].partition("/")[2]
    assert client.get(f"/{path}").status_code == 200
    assert client.get(f"/{path[:-3]}x/").status_code == 404
    assert client.post(f"/{path}", {"words": " "}).status_code == 400
    assert client.post(f"/{path}", {"words": "Nothing <b>much</b>."}).status_code == 200
    link = board_contributors.take(link, by=ada, at=NOW)
    section.refresh_from_db()
    assert (section.words, section.writer) == ("Nothing <b>much</b>.", "Nora")
    assert client.post(f"/{path}", {"words": "Later."}).status_code == 404


def test_a_link_ends_when_it_is_revoked_expires_or_the_report_is_reviewed(cast, report):
    ada = make.actor(cast.ada)
    section = BoardSection.objects.get(report=report, key="risk")
    links = []
    for person in ("Nora", "Otto"):
        link, address = board_contributors.ask(
            section, person=person, question="What changed?", by=ada, at=NOW
        )
        links.append((link, address.rstrip("/").rpartition("/")[2]))
    later = NOW + datetime.timedelta(days=15)
    with pytest.raises(NotFound):
        board_contributors.find(links[0][1], at=later)
    assert board_contributors.find(links[0][1], at=NOW).person == "Nora"
    board_contributors.revoke(links[0][0], by=ada, at=NOW)
    with pytest.raises(NotFound):
        board_contributors.find(links[0][1], at=NOW)
    boarding.reviewed(cast, report)
    with pytest.raises(NotFound):
        board_contributors.find(links[1][1], at=NOW)
