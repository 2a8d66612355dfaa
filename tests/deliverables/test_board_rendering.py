"""The paper of a board report: asked for when it is issued, set by the worker, given to whoever reads the report."""

import io
import json
from datetime import timedelta

import pypdf
import pytest
from django.utils.text import slugify

from deliverables import board_rendering
from practice import file_store, rendering
from practice.models import Rendering
from practice.refusals import NotFound
from tests import make
from tests.deliverables import boarding
from tests.deliverables.test_board_paper import close, figures
from tests.engagements import build
from tests.make import NOW


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
    assert stored.name == f"{slugify(f'Orchard {report.title} {report.quarter}')[:80]}.pdf"
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
