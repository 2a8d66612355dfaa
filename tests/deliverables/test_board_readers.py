"""Who opened an issued report, and when: on the page, on paper, as JSON; and who is not counted."""

import pytest

from deliverables.models import BoardReading
from practice import rendering
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def report(cast):
    report = boarding.issued(cast, boarding.opened(cast, build.engagement(cast)))
    rendering.drain(clock=lambda: NOW)
    return report


def counted() -> list[tuple[str, int]]:
    return list(BoardReading.objects.order_by("id").values_list("contact__name", "times_opened"))


def test_a_contact_has_opened_it_on_the_page_on_paper_and_as_json(cast, report, page, api):
    browser, caller = page(cast.marta), api(cast.marta)
    for number, (get, address) in enumerate(
        (
            (browser.get, f"/portal/board-reports/{report.pk}/"),
            (browser.get, f"/portal/board-reports/{report.pk}/paper/"),
            (caller.get, f"board-reports/{report.pk}/document/"),
            (caller.get, f"board-reports/{report.pk}/paper/"),
        ),
        start=1,
    ):
        answer = get(address)
        assert (answer.status_code, bool(answer.getvalue())) == (200, True)
        assert counted() == [("Marta", number)]


def test_coming_back_after_an_act_or_asking_for_the_head_is_no_opening(cast, report, page):
    browser = page(cast.marta)
    browser.get(f"/portal/board-reports/{report.pk}/?back=1")
    browser.head(f"/portal/board-reports/{report.pk}/")
    assert counted() == []


def test_lists_in_which_it_stands_are_no_opening(cast, report, page, api):
    page(cast.marta).get("/portal/board-reports/")
    for address in ("board-reports/", f"board-reports/{report.pk}/", "board-sections/"):
        assert api(cast.marta).get(address).status_code == 200
    assert counted() == []


def test_neither_members_nor_their_keys_are_counted(cast, report, page, api):
    key = make.key(cast.practice, "Reader", ("read", "commercial"))
    for caller in (api(cast.ada), api(cast.olu), api(key)):
        assert caller.get(f"board-reports/{report.pk}/document/").status_code == 200
        assert caller.get(f"board-reports/{report.pk}/paper/").getvalue()[:5] == b"%PDF-"
    page(cast.ada).get(f"/desk/deliverables/boardreport/{report.pk}/change/")
    assert counted() == []


def test_the_sponsor_reads_who_opened_it_and_when_wherever_it_was(cast, report, page, api):
    assert api(cast.marta).get(f"board-reports/{report.pk}/paper/").getvalue()[:5] == b"%PDF-"
    page(cast.priya).get(f"/portal/board-reports/{report.pk}/")
    shown = page(cast.priya).get(f"/portal/board-reports/{report.pk}/?back=1").content.decode()
    readers = shown[shown.index("Who opened it") :]
    assert [name in readers for name in ("Marta", "Priya")] == [True, True]
    told = api(cast.priya).get(f"board-readings/?report={report.pk}").json()["results"]
    assert len(told) == 2
    assert all(one["first_opened_at"] and one["last_opened_at"] for one in told)


def test_of_the_board_everybody_reads_of_themselves_alone(cast, report, page, api):
    page(cast.priya).get(f"/portal/board-reports/{report.pk}/")
    page(cast.marta).get(f"/portal/board-reports/{report.pk}/")
    told = api(cast.marta).get(f"board-readings/?report={report.pk}").json()["results"]
    assert [one["contact"] for one in told] == [str(cast.marta.pk)]
