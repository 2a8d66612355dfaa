"""Every figure of a board report leads to its rows, as far as whoever reads may see them at that moment."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import spend, systems
from assessments.models import SpendLine
from deliverables import board_content, board_rows
from tests import make
from tests.assessments import estate, planned
from tests.deliverables import boarding, owing
from tests.engagements import build
from tests.make import NOW

DESK = "/desk/deliverables/boardreport"


@pytest.fixture
def told(cast):
    """A quarter with a row of many kinds, issued."""
    engagement = build.engagement(cast)
    estate.line(cast.orchard, 13, "70.05", vendor=estate.vendor(cast.orchard))
    estate.system(cast.orchard, "Letters")
    planned.risk(cast.orchard, "Answers are made up")
    owing.delivered(cast, engagement, "DV-05")
    owing.planned(engagement, cast.ada, code="DV-07", due_on=datetime.date(2026, 2, 1))
    return boarding.issued(cast, boarding.opened(cast, engagement))


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_figure_and_each_line_leads_to_its_rows(cast, page, told):
    shown = text(page(cast.ada).get(f"{DESK}/{told.pk}/change/"))
    content = board_content.of(told, at=NOW)
    named = {place for place, (_, refs) in board_rows.places(content).items() if refs}
    assert {place for place in board_rows.places(content) if f'?of={place}"' in shown} == named
    assert {"spend/figures/spent", "spend/tables/vendors/1", "risk/figures/posture"} <= named


def test_the_rows_are_listed_each_with_its_own_page(cast, page, told):
    line = SpendLine.objects.get()
    shown = text(page(cast.ada).get(f"{DESK}/{told.pk}/rows/?of=spend/figures/spent"))
    assert f'href="/desk/assessments/spendline/{line.pk}/change/"' in shown
    assert "Cloudmind: 70.05 EUR in January 2026" in shown


def test_a_row_that_is_gone_is_said_to_be_gone(cast, page, told):
    spend.remove(SpendLine.objects.get(), by=make.actor(cast.ada), at=NOW)
    shown = text(page(cast.ada).get(f"{DESK}/{told.pk}/rows/?of=spend/figures/spent"))
    assert "rows that are gone since" in shown
    assert "70.05" not in shown


def test_an_address_that_names_no_figure_is_none(cast, page, told):
    for of in ("", "spend/figures/nothing", "../../"):
        assert page(cast.ada).get(f"{DESK}/{told.pk}/rows/?of={of}").status_code == 404
        place = f"/portal/board-reports/{told.pk}/rows/?of={of}"
        assert page(cast.marta).get(place).status_code == 404


def test_in_the_portal_only_what_the_reader_may_see_is_led_to(cast, page, told):
    marta = page(cast.marta)
    shown = text(marta.get(f"/portal/board-reports/{told.pk}/"))
    assert "of=spend/figures/spent" in shown
    assert "of=risk/figures/posture" in shown
    # Hours are the practice's own, and what was never released is not the client's yet.
    assert "of=time/figures" not in shown
    assert "of=capability/figures/late" not in shown
    place = f"/portal/board-reports/{told.pk}/rows/?of="
    assert "70.05 EUR" in text(marta.get(f"{place}spend/figures/spent"))
    assert '<a href="/portal/ai-roadmap/">Answers' in text(
        marta.get(f"{place}risk/figures/risks_open")
    )
    hidden = text(marta.get(f"{place}capability/figures/late"))
    assert "not yours to see" in hidden
    assert page(cast.ravi).get(f"{place}spend/figures/spent").status_code == 404


def test_what_was_released_to_a_reader_is_led_to(cast, page, told):
    priya = page(cast.priya)
    assert "of=capability/figures/accepted" in text(priya.get(f"/portal/board-reports/{told.pk}/"))
    shown = text(priya.get(f"/portal/board-reports/{told.pk}/rows/?of=capability/figures/accepted"))
    assert "/portal/deliverables/" in shown


def test_every_kind_is_an_address_of_the_api(api, cast):
    for kind in board_rows.KINDS:
        assert api(cast.ada).get(f"/api/v1/{kind}/").status_code == 200


def test_as_many_queries_for_three_rows_as_for_one(cast, page):
    def counted(name):
        report = boarding.opened(cast, build.engagement(cast, name=name))
        boarding.issued(cast, report)
        asked = []
        for person, places in (
            (
                cast.ada,
                (
                    f"{DESK}/{report.pk}/change/",
                    f"{DESK}/{report.pk}/rows/?of=risk/figures/posture",
                ),
            ),
            (
                cast.marta,
                (
                    f"/portal/board-reports/{report.pk}/?back=1",
                    f"/portal/board-reports/{report.pk}/rows/?of=risk/figures/posture",
                ),
            ),
        ):
            reader = page(person)
            for place in places:
                reader.get(place)
                with CaptureQueriesContext(connection) as seen:
                    text(reader.get(place))
                asked.append(len(seen))
        return asked

    def more(n):
        for kind in range(n):
            estate.line(cast.orchard, 13, "1.00", vendor=estate.vendor(cast.orchard, f"V{kind}"))
            system = estate.system(cast.orchard, f"S{kind}")
            systems.name_risk_owner(system, name="Nora", **estate.acts(cast.orchard))
            planned.risk(cast.orchard, f"R{kind}", system=system)
            planned.put_off(planned.milestone(planned.initiative(cast.orchard, f"I{kind}")))
            planned.metric(cast.orchard, f"M{kind}")

    more(1)
    one = counted("One")
    more(2)
    assert counted("Three") == one
