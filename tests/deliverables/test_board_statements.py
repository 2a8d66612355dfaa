"""Pages of board reports ask the database the same number of questions however much stands on them."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables import board_asks, board_contributors, board_issuing, board_opening, board_writing
from deliverables.models import BoardSection
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

SUMMER = datetime.date(2026, 5, 1)
LATER = datetime.datetime(2026, 5, 20, 9, tzinfo=datetime.UTC)


@pytest.fixture
def report(cast):
    return boarding.opened(cast, build.engagement(cast))


def statements(browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def kinds(report) -> set[str]:
    """Of the rows that its figures were made of."""
    return set(re.findall(r'"id":"[0-9a-f-]{36}","kind":"([a-z-]+)"', report.content))


def asked(cast, report, many: int) -> None:
    """Questions to the board, and people outside who were asked about a section."""
    ada = make.actor(cast.ada)
    section = BoardSection.objects.filter(report=report).first()
    for n in range(many):
        board_asks.add(report, question=f"Go on {n}?", options=["Yes", "No"], by=ada, at=NOW)
        board_contributors.ask(section, person=f"Nora {n}", question="Why?", by=ada, at=NOW)


def test_the_desk_page_of_a_report_with_one_and_with_three_questions(cast, report, page):
    address, browser = f"/desk/deliverables/boardreport/{report.pk}/change/", page(cast.ada)
    asked(cast, report, 1)
    one = statements(browser, address)
    asked(cast, report, 2)
    assert statements(browser, address) == one


def test_the_pages_of_an_issued_report_with_few_and_with_many_sections_questions_and_readers(
    cast, report, page
):
    ada = make.actor(cast.ada)
    for section in BoardSection.objects.filter(report=report, mandatory=False):
        board_writing.drop_section(section, by=ada, at=NOW)
    asked(cast, report, 1)
    few = boarding.issued(cast, report)
    many = boarding.opened(cast, few.engagement, on=SUMMER, at=LATER)
    asked(cast, many, 3)
    many = boarding.issued(cast, many, at=LATER)
    for row, readers in ((few, [cast.priya]), (many, [cast.priya, cast.marta])):
        for reader in readers:
            board_issuing.note_opened(row, by=make.actor(reader), at=LATER)
    for browser, address in (
        (page(cast.ada), "/desk/deliverables/boardreport/{}/change/"),
        (page(cast.priya), "/portal/board-reports/{}/?back=1"),
    ):
        one, other = (statements(browser, address.format(row.pk)) for row in (few, many))
        # Figures lead to their rows: one statement for each kind of row there is, however many there are.
        assert one <= other <= one + len(kinds(many) - kinds(few))


def test_the_lists_with_one_and_with_three_reports(cast, page):
    engagement = build.engagement(cast)
    one = boarding.issued(cast, boarding.opened(cast, engagement))
    desk, portal = page(cast.ada), page(cast.marta)
    lists = ((desk, "/desk/deliverables/boardreport/"), (portal, "/portal/board-reports/"))
    lists += ((portal, "/portal/"),)
    before = [statements(browser, address) for browser, address in lists]
    board = board_opening.open_edition(one, correction="A sum.", by=make.actor(cast.ada), at=NOW)
    boarding.issued(cast, board)
    boarding.issued(cast, boarding.opened(cast, engagement, on=SUMMER, at=LATER), at=LATER)
    assert [statements(browser, address) for browser, address in lists] == before
