"""Board reports at the desk and in the portal: words to write, figures that stand, an answer and an acknowledgement."""

import pytest

from deliverables import board_asks
from deliverables.models import BoardAnswer, BoardReading, BoardReport, BoardSection
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

DESK = "/desk/deliverables"


@pytest.fixture
def report(cast):
    return boarding.opened(cast, build.engagement(cast))


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_report_is_opened_on_the_page_of_its_engagement(cast, page):
    engagement = build.engagement(cast)
    path = f"/desk/engagements/engagement/{engagement.pk}/open-board-report/"
    answer = page(cast.ada).post(path, {"on": "2026-03-01"})
    report = BoardReport.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{DESK}/boardreport/{report.pk}/change/",
    )
    assert "AI spend this quarter" in text(page(cast.ada).get(answer["Location"]))


def test_words_are_written_and_figures_are_not(cast, page, report):
    section = BoardSection.objects.get(report=report, key="spend")
    path = f"{DESK}/boardsection/{section.pk}/write/"
    assert 'name="figures"' not in text(page(cast.ada).get(path))
    page(cast.ada).post(path, {"title": "AI spend", "words": "It **rose**."})
    shown = text(page(cast.ada).get(f"{DESK}/boardreport/{report.pk}/change/"))
    assert "<strong>rose</strong>" in shown


def test_what_is_written_is_text_and_never_markup(cast, page, report):
    nasty = "<script>alert(1)</script> ![x](https://evil.test/x.png)"
    section = BoardSection.objects.get(report=report, key="risk")
    path = f"{DESK}/boardsection/{section.pk}/write/"
    page(cast.ada).post(path, {"title": nasty[:60], "words": nasty})
    boarding.issued(cast, report)
    for person, place in (
        (cast.ada, f"{DESK}/boardreport/{report.pk}/change/"),
        (cast.marta, f"/portal/board-reports/{report.pk}/"),
    ):
        shown = text(page(person).get(place))
        assert "<script>alert(1)" not in shown
        assert 'src="https://evil.test' not in shown


def test_the_board_reads_acknowledges_and_answers(cast, page, report):
    ask = board_asks.add(
        report, question="Go on?", options=["Yes", "No"], by=make.actor(cast.ada), at=NOW
    )
    assert page(cast.marta).get(f"/portal/board-reports/{report.pk}/").status_code == 404
    boarding.issued(cast, report)
    marta = page(cast.marta)
    assert "Board report FY2026Q1" in text(marta.get("/portal/board-reports/"))
    shown = text(marta.get(f"/portal/board-reports/{report.pk}/"))
    assert ("Go on?" in shown, "Acknowledge</button>" in shown) == (True, True)
    assert BoardReading.objects.get().contact == cast.marta
    marta.post(f"/portal/board-asks/{ask.pk}/answer/", {"chosen": "1", "note": ""})
    marta.post(f"/portal/board-reports/{report.pk}/acknowledge/")
    report.refresh_from_db()
    assert (report.status, BoardAnswer.objects.get().chosen) == ("acknowledged", 1)
    assert "You acknowledged it." in text(marta.get(f"/portal/board-reports/{report.pk}/"))


def test_the_sponsor_sees_who_opened_it_and_others_do_not(cast, page, report):
    boarding.issued(cast, report)
    path = f"/portal/board-reports/{report.pk}/"
    page(cast.marta).get(path)
    assert "Who opened it" in text(page(cast.priya).get(path))
    assert "Who opened it" not in text(page(cast.marta).get(path))
    assert page(cast.ravi).get(path).status_code == 404
    assert page(cast.priya).post(f"{path}acknowledge/").status_code == 404
