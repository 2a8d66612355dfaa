"""Random practices: each figure of a board report in JSON, on both pages and on paper is what the registers hold, to the
cent and the minute, counted once more without our readings."""

import html.parser

import pytest

from deliverables import board_paper
from tests import on_paper
from tests.deliverables import boarding
from tests.deliverables.board_content import SEAL
from tests.deliverables.board_counted import Counted
from tests.deliverables.board_story import ENDS, FIRST, Story
from tests.engagements import build
from tests.ops.needs import needed

pytestmark = pytest.mark.long
SEEDS = range(4)
TERMS = {"allowance_unit": "hours", "allowance": "30.00", "client_sees_hats": True}


class Tables(html.parser.HTMLParser):
    """The cells of every row of a page, their words as they are read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        self.inside = tag == "td" or (self.inside and tag != "tr")
        if tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "td"

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data


def rows_of(answer):
    found = Tables()
    assert answer.status_code == 200
    found.feed(answer.content.decode())
    return [[" ".join(cell.split()) for cell in row] for row in found.rows]


def told(cast, seed):
    engagement = build.engagement(cast, starts_on=FIRST, terms=TERMS)
    story = Story(cast, engagement, seed)
    story.tell()
    report = boarding.opened(cast, engagement, on=ENDS)
    return boarding.issued(cast, report), Counted(story)


def dashed(cells):
    return [cell or "–" for cell in cells]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_output_tells_what_the_registers_hold(cast, api, page, seed):
    report, counted = told(cast, seed)
    path = f"/api/v1/board-reports/{report.pk}/document/"
    content = api(cast.ada).get(path).json()["content"]
    sections = content["sections"]
    figures = {one["key"]: one for section in sections for one in section["figures"]}
    tables = {one["key"]: one for section in sections for one in section["tables"]}
    charts = {
        f"{one['key']}/{line['label']}": [point["value"] for point in line["points"]]
        for section in sections
        for one in section["charts"]
        for line in one["series"]
    }

    expected = counted.figures()
    assert {key: (figures[key]["value"], figures[key]["before"]) for key in expected} == expected
    assert {key: tables[key]["rows"] for key in counted.tables()} == counted.tables()
    assert {key: charts[key] for key in counted.trends()} == counted.trends()

    for person, place in (
        (cast.ada, f"/desk/deliverables/boardreport/{report.pk}/change/"),
        (cast.marta, f"/portal/board-reports/{report.pk}/"),
    ):
        shown = rows_of(page(person).get(place))
        for one in figures.values():
            label = f"{one['label']} {one['note']}".strip()
            assert dashed([label, one["value"], one["before"]]) in shown
        for table in tables.values():
            for row in table["rows"]:
                assert dashed(" ".join(cell.split()) for cell in row) in shown

    made = board_paper.paper(content, seal=SEAL)
    paper = on_paper.close("".join(on_paper.pages(made)))
    for one in figures.values():
        assert on_paper.close(one["label"] + one["value"]) in paper
    for table in tables.values():
        for row in table["rows"]:
            assert on_paper.close("".join(row)) in paper
    with needed():
        by_another = on_paper.close(on_paper.by_poppler(made))
        assert [
            one for one in figures.values() if on_paper.close(one["value"]) not in by_another
        ] == []
