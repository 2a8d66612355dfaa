"""A board report from draft to acknowledged: what each step asks for, what is frozen, and who may."""

import datetime
import hashlib
import json

import pytest
from django.db import DatabaseError, transaction

from deliverables import board_issuing, board_opening, board_writing
from deliverables.models import BoardReading, BoardReport, BoardSection
from practice.models import AgendaEntry, Notice
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def report(cast, engagement):
    return boarding.opened(cast, engagement)


def told(kind):
    rows = Notice.objects.filter(kind=kind).order_by("recipient")
    return list(rows.values_list("address", flat=True))


def test_a_report_without_words_is_not_put_to_review(cast, report):
    ada = make.actor(cast.ada)
    with pytest.raises(board_issuing.NothingWritten) as no:
        board_issuing.submit(report, reviewer=cast.olu, by=ada, at=NOW)
    assert no.value.sentence.endswith("Without: AI spend, Capability progress, Risk posture.")


def test_what_one_wrote_another_reviews(cast, report):
    ada = make.actor(cast.ada)
    boarding.written(cast, report)
    report = board_issuing.submit(report, reviewer=cast.ada, by=ada, at=NOW)
    with pytest.raises(board_issuing.SomebodyElseReviews):
        board_issuing.pass_on(report, self_reason="Nobody else.", by=ada, at=NOW)
    report = board_issuing.pass_on(report, by=make.actor(cast.olu), at=NOW)
    assert (report.status, report.reviewed_by) == ("reviewed", cast.olu)


def test_the_reviewer_hears_of_it_when_it_is_submitted(cast, report):
    boarding.submitted(cast, report)
    build.tick(NOW)
    assert told("board_review_asked") == ["olu@lantern.test"]


def test_sent_back_it_is_a_draft_again_with_what_is_wanting(cast, report):
    report = boarding.submitted(cast, report)
    olu = make.actor(cast.olu)
    with pytest.raises(Invalid):
        board_issuing.send_back(report, note=" ", by=olu, at=NOW)
    report = board_issuing.send_back(report, note="Say why it rose.", by=olu, at=NOW)
    assert (report.status, report.submitted_at) == ("draft", None)
    assert report.review_note == "Say why it rose."
    assert not AgendaEntry.objects.filter(kind="board_review", status="open").exists()


def test_reviewed_it_is_written_no_more_until_it_is_taken_back(cast, report):
    report = boarding.reviewed(cast, report)
    ada, section = make.actor(cast.ada), BoardSection.objects.get(report=report, key="spend")
    with pytest.raises(board_writing.BoardReportSettled):
        board_writing.write(section, words="Other words.", by=ada, at=NOW)
    report = board_issuing.take_back(report, by=ada, at=NOW)
    board_writing.write(section, words="Other words.", by=ada, at=NOW)
    assert (report.status, report.reviewed_by) == ("draft", None)


def test_it_is_not_issued_before_it_is_reviewed(cast, report):
    with pytest.raises(board_issuing.NotReviewed):
        board_issuing.issue(report, by=make.actor(cast.ada), at=NOW)


def test_issued_it_is_frozen_with_its_hash(cast, report):
    report = boarding.issued(cast, report)
    assert (report.status, report.issued_by) == ("issued", cast.ada)
    assert report.sha256 == hashlib.sha256(report.content.encode()).hexdigest()
    content = json.loads(report.content)
    assert [one["key"] for one in content["sections"]][:3] == ["spend", "capability", "risk"]
    assert content["quarter"] == {
        "label": "FY2026Q1",
        "starts_on": "2026-01-01",
        "ends_on": "2026-03-31",
    }
    for changes in ({"title": "Another"}, {"content": "{}"}, {"status": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            BoardReport.objects.filter(pk=report.pk).update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        BoardSection.objects.filter(report=report).update(words="Other words.")
    with pytest.raises(DatabaseError), transaction.atomic():
        BoardSection.objects.filter(report=report).delete()


def test_the_board_and_the_sponsor_hear_of_an_issued_report(cast, report):
    boarding.issued(cast, report)
    build.tick(NOW)
    assert sorted(told("board_report_issued")) == ["marta@orchard.test", "priya@orchard.test"]
    assert AgendaEntry.objects.get(kind="board_report").status == "done"


def test_the_board_acknowledges_and_nobody_else(cast, report):
    report = boarding.issued(cast, report)
    for person in (cast.priya, cast.ada, cast.olu):
        with pytest.raises(NotAllowed):
            board_issuing.acknowledge(report, by=make.actor(person), at=NOW)
    with pytest.raises(NotAllowed):
        board_issuing.acknowledge(report, by=make.actor(cast.ravi), at=NOW)
    marta = make.actor(cast.marta)
    report = board_issuing.acknowledge(report, by=marta, at=NOW + HOUR)
    again = board_issuing.acknowledge(report, by=marta, at=NOW + 2 * HOUR)
    assert (report.status, report.acknowledged_at) == ("acknowledged", NOW + HOUR)
    assert (again.version, again.acknowledged_at) == (report.version, NOW + HOUR)
    assert AgendaEntry.objects.get(kind="board_reading").status == "done"


def test_a_draft_is_nothing_to_the_client(cast, report):
    with pytest.raises(NotFound):
        board_issuing.acknowledge(report, by=make.actor(cast.marta), at=NOW)


def test_who_opened_it_and_when_is_recorded_once_a_person(cast, report):
    report = boarding.issued(cast, report)
    for person, hours in ((cast.marta, 1), (cast.priya, 2), (cast.marta, 3), (cast.ada, 4)):
        board_issuing.note_opened(report, by=make.actor(person), at=NOW + hours * HOUR)
    found = BoardReading.objects.order_by("first_opened_at").values_list(
        "contact__name", "first_opened_at", "last_opened_at", "times_opened"
    )
    assert list(found) == [
        ("Marta", NOW + HOUR, NOW + 3 * HOUR, 2),
        ("Priya", NOW + 2 * HOUR, NOW + 2 * HOUR, 1),
    ]


def test_a_correction_is_a_new_edition_that_names_what_changed(cast, report):
    ada = make.actor(cast.ada)
    with pytest.raises(board_opening.NotIssued):
        board_opening.open_edition(report, correction="A sum.", by=ada, at=NOW)
    first = boarding.issued(cast, report)
    with pytest.raises(Invalid):
        board_opening.open_edition(first, correction=" ", by=ada, at=NOW)
    second = board_opening.open_edition(first, correction="A sum was wrong.", by=ada, at=NOW)
    assert (second.edition, second.corrects, second.status) == (2, first, "draft")
    words = BoardSection.objects.get(report=second, key="risk").words
    assert words == "What is to be said of risk posture."
    boarding.issued(cast, second)
    second.refresh_from_db()
    assert json.loads(second.content)["corrects"] == "A sum was wrong."
    with pytest.raises(board_opening.NotNewest):
        board_opening.open_edition(first, correction="Again.", by=ada, at=NOW)
    first.refresh_from_db()
    assert (first.status, first.edition) == ("issued", 1)


def test_reminders_come_before_the_day_and_after_it_until_it_is_issued(cast, engagement):
    build.replanned(engagement)
    build.tick(datetime.datetime(2026, 5, 31, 6, 0, tzinfo=datetime.UTC))
    due = AgendaEntry.objects.get(kind="board_report").due_at
    told = {}
    for days in range(-31, 30):
        moment = due + datetime.timedelta(days=days)
        build.tick(moment)
        letters = Notice.objects.filter(
            kind__in=["board_report_due", "board_report_overdue"],
            recipient=f"member:{cast.ada.pk}",
        )
        told[days] = letters.count()
    sent = [days for days in range(-30, 30) if told[days] > told[days - 1]]
    assert sent == [-30, -14, -3, 1, 2, 3, 4, 5, 6, 7, 14, 21, 28]
    assert told[29] == len(sent)
