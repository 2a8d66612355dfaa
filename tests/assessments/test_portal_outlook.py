"""Roadmap and risks in the portal: who finds the page, what each person reads there, and how much it asks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import risks
from deliverables import agreements
from tests import make
from tests.assessments import planned
from tests.assessments.estate import acts
from tests.assessments.test_portal_estate import person, shown
from tests.deliverables import logged
from tests.engagements import build

ROADMAP, REGISTER = "/portal/ai-roadmap/", "/portal/ai-register/"


def test_an_empty_page_says_of_each_part_that_nothing_is_there(cast, page):
    told = shown(page(cast.priya).get(ROADMAP))
    assert "No initiative is proposed, agreed or under way." in told
    assert "Nothing is measured yet." in told
    assert "No open or accepted risk is in the register." in told


def test_sponsor_and_board_read_roadmap_metrics_and_risks_of_their_own_company(cast, page):
    planned.put_off(planned.milestone(planned.initiative(cast.orchard, "Answers", status="agreed")))
    planned.metric(cast.orchard, "Use of drafts", target=40)
    planned.risk(cast.orchard, "Leak", likelihood=4, impact=5)
    planned.initiative(cast.quarry, "Elsewhere")
    for who in (cast.priya, cast.marta):
        told = shown(page(who).get(ROADMAP))
        words = ("Answers", "put off 1 time,", "At least 40 %", "No value yet", "Critical, 4 × 5")
        assert [one for one in words if one not in told] == []
        assert "Elsewhere" not in told


def test_the_board_reads_no_names_of_other_people_and_nobody_the_practices_notes(cast, page):
    planned.initiative(cast.orchard, capacity_owner=cast.priya, note="Between us")
    risk = planned.risk(cast.orchard, "Leak", owner=cast.priya, note="Between us")
    planned.risk(cast.orchard, "Drift", owner_name="Nora of a vendor")
    engagement = build.engagement(cast)
    logged.charter(cast, engagement)
    decision = logged.decision(
        engagement, cast.ada, code="DR-02", hat="CAIO", question="Who is to blame?"
    )
    agreements.agree(decision, by=make.actor(cast.priya), at=make.NOW)
    risks.accept(risk, decision=decision.pk, **acts(cast.orchard))
    for who, name in ((cast.priya, "Priya"), (cast.marta, "Somebody of your company")):
        answer = page(who).get(ROADMAP)
        told = answer.context["told"]
        (one,) = [one for horizon in told["horizons"] for one in horizon["initiatives"]]
        assert one["engineers"] == name
        owners = [one["owner"] for one in told["risks"]["rows"]]
        assert sorted(owners) == sorted([name, "Nora of a vendor"])
        text = shown(answer)
        assert ("Accepted" in text, "Between us" in text) == (True, False)
        assert "Who is to blame?" not in text


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_who_only_reviews_or_looks_on_finds_no_roadmap(cast, page, role):
    browser = page(person(cast, role))
    assert browser.get(ROADMAP).status_code == 404
    assert "Roadmap and risks" not in shown(browser.get("/portal/"))


def test_register_and_roadmap_lead_to_each_other_for_those_who_read_both(cast, page):
    browser = page(cast.marta)
    main = shown(browser.get(REGISTER)).split("</nav>")[-1]
    assert f'href="{ROADMAP}"' in main
    assert f'href="{REGISTER}"' in shown(browser.get(ROADMAP)).split("</nav>")[-1]
    reviewer = page(person(cast, "reviewer"))
    assert f'href="{ROADMAP}"' not in shown(reviewer.get(REGISTER))


def test_the_page_asks_as_much_of_three_of_each_as_of_one(cast, page):
    browser, asked = page(cast.priya), []
    for names in (("One",), ("Two", "Three")):
        for name in names:
            row = planned.initiative(cast.orchard, name, capacity_owner=cast.priya)
            planned.put_off(planned.milestone(row))
            planned.metric(cast.orchard, name)
            planned.risk(cast.orchard, name, owner=cast.priya)
        browser.get(ROADMAP)
        with CaptureQueriesContext(connection) as queries:
            browser.get(ROADMAP)
        asked.append(len(queries))
    assert asked[0] == asked[1]
