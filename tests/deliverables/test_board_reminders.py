"""Letters about board reports that came late: after an outage each person hears once, and of what still holds."""

import datetime

import pytest

from deliverables import board_issuing
from practice.models import AgendaEntry, Notice
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


@pytest.fixture
def report(cast):
    return boarding.opened(cast, build.engagement(cast))


def told(who, *kinds: str) -> int:
    place = "contact" if hasattr(who, "client_id") else "member"
    return Notice.objects.filter(kind__in=kinds, recipient=f"{place}:{who.pk}").count()


def test_the_author_hears_once_of_a_week_that_nobody_sent_anything(cast, report):
    due = AgendaEntry.objects.get(kind="board_report").due_at
    build.tick(due - 31 * DAY)
    before = told(cast.ada, "board_report_due", "board_report_overdue")
    build.tick(due + 8 * DAY)
    after = told(cast.ada, "board_report_due", "board_report_overdue")
    assert after - before == 1
    build.tick(due + 8 * DAY)
    build.tick(due + 13 * DAY)
    assert told(cast.ada, "board_report_due", "board_report_overdue") == after
    build.tick(due + 14 * DAY)
    assert told(cast.ada, "board_report_due", "board_report_overdue") == after + 1


def test_the_reviewer_hears_when_it_is_submitted_and_again_after_two_and_five_days(cast, report):
    boarding.submitted(cast, report)
    heard = []
    for days in range(8):
        build.tick(NOW + days * DAY)
        heard.append(told(cast.olu, "board_review_asked"))
    assert heard == [1, 1, 2, 2, 2, 3, 3, 3]


def test_a_reviewer_who_was_away_with_the_clock_hears_once(cast, report):
    boarding.submitted(cast, report)
    build.tick(NOW + 7 * DAY)
    assert told(cast.olu, "board_review_asked") == 1


def test_who_has_reviewed_hears_no_more(cast, report):
    report = boarding.submitted(cast, report)
    build.tick(NOW)
    board_issuing.pass_on(report, by=make.actor(cast.olu), at=NOW + DAY)
    build.tick(NOW + 6 * DAY)
    assert told(cast.olu, "board_review_asked") == 1


def test_the_board_hears_on_issue_and_after_one_and_two_weeks_until_it_is_acknowledged(
    cast, report
):
    report = boarding.issued(cast, report)
    kinds = ("board_report_issued", "board_report_unread")
    heard = []
    for days in (0, 6, 7, 8):
        build.tick(NOW + days * DAY)
        heard.append((told(cast.marta, *kinds), told(cast.priya, *kinds)))
    assert heard == [(1, 1), (1, 1), (2, 2), (2, 2)]
    board_issuing.acknowledge(report, by=make.actor(cast.marta), at=NOW + 9 * DAY)
    build.tick(NOW + 20 * DAY)
    assert (told(cast.marta, *kinds), told(cast.priya, *kinds)) == (2, 2)


def test_after_an_outage_the_board_hears_once_that_there_is_a_report(cast, report):
    boarding.issued(cast, report)
    build.tick(NOW + 15 * DAY)
    assert told(cast.marta, "board_report_issued", "board_report_unread") == 1
