"""The paper of a board report: asked for when it is issued, set by the worker, given to whoever reads the report."""

import io
import json
from datetime import timedelta

import pypdf
import pytest
from django.utils.text import slugify

from deliverables import board_rendering
from deliverables.models import BoardReading
from practice import file_store, rendering
from practice.models import Rendering
from practice.refusals import NotFound
from tests import make
from tests.deliverables import boarding
from tests.deliverables.test_board_paper import figures
from tests.engagements import build
from tests.make import NOW
from tests.on_paper import close


def words(stored) -> str:
    with file_store.opened(stored) as file:
        reader = pypdf.PdfReader(io.BytesIO(file.read()))
    return close(" ".join(page.extract_text() for page in reader.pages))


def paper(report, who):
    return rendering.file(board_rendering.KIND, report.pk, by=make.actor(who))


@pytest.fixture
def report(cast):
    return boarding.opened(cast, build.engagement(cast))


def test_an_issued_report_is_set_on_paper_with_every_figure_and_its_hash(cast, report):
    report = boarding.issued(cast, report)
    assert paper(report, cast.priya) is None
    assert rendering.drain(clock=lambda: NOW) == 1
    stored = paper(report, cast.priya)
    assert stored.sha256 == paper(report, cast.marta).sha256
    assert stored.name == f"{slugify(f'Orchard {report.title}')[:80]}.pdf"
    said, content = words(stored), json.loads(report.content)
    assert [one for one in figures(content) if close(one) not in said] == []
    assert report.sha256 in said
    assert close(report.title) in said
    assert "DRAFT" not in said


def test_a_draft_is_set_as_a_draft_and_anew_when_its_words_change(cast, report):
    ada = make.actor(cast.ada)
    rendering.ask(board_rendering.KIND, report.pk, by=ada, at=NOW)
    assert rendering.drain(clock=lambda: NOW) == 1
    assert "DRAFT" in words(paper(report, cast.ada))
    boarding.written(cast, report, at=NOW + timedelta(minutes=1))
    assert paper(report, cast.ada) is None
    rendering.ask(board_rendering.KIND, report.pk, by=ada, at=NOW)
    assert Rendering.objects.count() == 2


def test_who_does_not_read_the_report_does_not_get_its_paper(cast, report):
    with pytest.raises(NotFound):
        paper(report, cast.priya)
    report = boarding.issued(cast, report)
    rendering.drain(clock=lambda: NOW)
    for stranger in (cast.ben, cast.ravi, cast.zoe):
        with pytest.raises(NotFound):
            paper(report, stranger)


def test_the_pdf_is_given_over_the_api_once_it_is_set(cast, report, api):
    address = f"/api/v1/board-reports/{report.pk}"
    early = api(cast.ada).get(f"{address}/paper/")
    assert (early.status_code, early.json()["code"]) == (409, "paper_not_set")
    assert api(cast.ada).post(f"{address}/set-paper/").status_code == 200
    assert rendering.drain(clock=lambda: NOW + timedelta(days=3650)) == 1
    answer = api(cast.ada).get(f"{address}/paper/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer.getvalue()[:5] == b"%PDF-"


def test_a_paper_that_was_given_up_is_tried_again_by_the_same_verb(cast, report):
    ada = make.actor(cast.ada)
    board_rendering.have_set(report, by=ada, at=NOW)
    board_rendering.have_set(report, by=ada, at=NOW)
    assert Rendering.objects.count() == 1
    Rendering.objects.update(status="failed", attempts=5, fault="Outdated")
    board_rendering.have_set(report, by=ada, at=NOW)
    row = Rendering.objects.get()
    assert (row.status, row.attempts) == ("waiting", 0)


def test_a_reader_takes_the_pdf_in_the_portal_and_has_opened_it(cast, report, page):
    report = boarding.issued(cast, report)
    address = f"/portal/board-reports/{report.pk}/"
    marta = page(cast.marta)
    assert b"is being made" in marta.get(f"{address}?back=1").content
    assert marta.get(f"{address}paper/").status_code == 404
    rendering.drain(clock=lambda: NOW)
    assert f"{address}paper/".encode() in marta.get(f"{address}?back=1").content
    answer = marta.get(f"{address}paper/")
    assert (answer.getvalue()[:5], answer["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert BoardReading.objects.get(report=report).contact.user.email == cast.marta.user.email
    assert page(cast.ravi).get(f"{address}paper/").status_code == 404


def test_the_desk_says_how_far_it_is_and_gives_it_out(cast, report, page):
    address = f"/desk/deliverables/boardreport/{report.pk}"
    ada = page(cast.ada)
    assert ada.post(f"{address}/on-paper/", {}).status_code == 302
    assert b"<progress" in ada.get(f"{address}/change/").content
    Rendering.objects.update(status="failed", attempts=5, fault="TimeoutError")
    assert b"could not be set after 5 attempts" in ada.get(f"{address}/change/").content
    assert ada.post(f"{address}/on-paper/", {}).status_code == 302
    rendering.drain(clock=lambda: NOW + timedelta(days=3650))
    assert (
        f"/desk/board-reports/{report.pk}/paper/".encode() in ada.get(f"{address}/change/").content
    )
    assert ada.get(f"/desk/board-reports/{report.pk}/paper/").getvalue()[:5] == b"%PDF-"
    assert page(cast.zoe).get(f"/desk/board-reports/{report.pk}/paper/").status_code == 404
