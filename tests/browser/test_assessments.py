"""Assessments in a real browser: the panel that follows the answers, and the questionnaire on a phone."""

import pytest
from django.utils import timezone

from assessments import known, links, reads
from assessments.models import Assessment, ClientFact, PracticeLens, ProspectLink
from practice.desk import desk
from tests import make
from tests.assessments.test_assessments import assessed, choose
from tests.assessments.test_own_lenses import upload
from tests.browser.conftest import PHONE
from tests.browser.test_pages import ACCESSIBLE, CONTRAST, TEXT, overflow


def under(row, page: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def wrong_with(page) -> list[str]:
    found = page.evaluate(ACCESSIBLE) + page.evaluate(CONTRAST, TEXT)
    return [*found, "scrolls sideways"] if overflow(page) else found


def test_the_panel_follows_the_answers_and_keeps_them_when_asked(cast, visit):
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(under(cast.orchard, "assess"))
    page.locator("label[for=cto_seat-1]").click()
    page.locator("label[for=size_class-1]").click()
    page.locator(".as-count", has_text="2 of 57").wait_for()
    assert "as-off" in page.locator("[data-ask=cto_bandwidth]").get_attribute("class")
    page.locator("[name=engineers]").fill("many")
    page.locator(".as-faults", has_text="Engineers employed").wait_for()
    page.locator("[name=engineers]").fill("8")
    page.locator(".as-count", has_text="3 of 57").wait_for()
    assert known.now_of(cast.orchard) == {}
    page.get_by_label("Who says so").fill("Priya")
    page.get_by_role("button", name="Run and keep").click()
    page.wait_for_url("**/assessment/**/change/")
    made = Assessment.objects.get()
    assert made.facts == {"cto_seat": "none", "size_class": "small", "engineers": 8}


def test_a_lens_is_filled_in_and_its_result_follows_without_being_kept(cast, visit):
    visitor = visit()
    visitor.sign_in(cast.ben)
    page = visitor.go("/desk/lenses/")
    page.locator("li", has_text="Can the CTO hold AI too?").get_by_text("Fill it in").click()
    page = visitor.settled()
    page.locator("label[for=S3-Q15-2]").click()
    page.locator(".as-facets", has_text="There is no CTO whom to test.").wait_for()
    assert "as-off" in page.locator("[data-ask=S3-Q16]").get_attribute("class")
    page.locator("label[for=S3-Q15-1]").click()
    page.locator(".as-facets", has_text="should not lead AI").wait_for()
    assert "as-off" not in page.locator("[data-ask=S3-Q16]").get_attribute("class")
    assert ClientFact.objects.count() == 0


def test_a_prospect_answers_on_a_phone_comes_back_and_sends(cast, visit):
    by = make.actor(cast.ada)
    _, address = links.open_for(cast.orchard, person="Nora", by=by, at=timezone.now())
    path = address.partition(":8000")[2]
    page = visit(PHONE).go(path)
    assert wrong_with(page) == []
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Services").click()
    page.get_by_role("button", name="Small").click()
    assert wrong_with(page) == []
    page.locator("#value").fill("1,200")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="I don't know").click()
    assert wrong_with(page) == []

    page = visit(PHONE).go(path)
    page.get_by_role("link", name="Go on").click()
    assert "at=engineers" in page.url
    page.get_by_role("link", name="Back").click()
    assert page.locator("#value").input_value() == "1200"
    page.goto(page.url.partition("?")[0] + "?at=review")
    assert wrong_with(page) == []
    page.get_by_role("button", name="Send to Lantern Partners").click()
    page.get_by_role("heading", name="Thank you, Nora").wait_for()
    made = Assessment.objects.get()
    assert made.facts == {"business_type": "service", "size_class": "small", "employees": 1200}
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_assessments_can_be_read_on_a_phone_and_without_eyes(cast, visit, scheme):
    own = upload(cast)
    made = assessed(cast, "A3")
    choose(cast, made)
    read = reads.issue(made, by=make.actor(cast.ada), at=timezone.now())
    open_one = assessed(cast, "A5")
    links.open_for(cast.orchard, person="Nora", by=make.actor(cast.ada), at=timezone.now())
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.ada)
    rows = [made, read, ProspectLink.objects.get(), cast.orchard, own]
    paths = [
        *map(desk.page_of, rows),
        under(cast.orchard, "assess"),
        under(made, "compare"),
        under(open_one, "choose"),
        "/desk/lenses/",
        "/desk/lenses/S4/",
        "/desk/lenses/DUAL-HAT/fill/",
        "/desk/lenses/OWN-RUNWAY/fill/",
        desk.link(PracticeLens),
    ]
    wrong = {path: found for path in paths if (found := wrong_with(visitor.go(path)))}
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.olu)
    if found := wrong_with(visitor.go("/desk/assessments/practicelens/add/")):
        wrong["add"] = found
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.priya)
    for path in ("/portal/", "/portal/reads/", f"/portal/reads/{read.pk}/"):
        if found := wrong_with(visitor.go(path)):
            wrong[path] = found
    assert wrong == {}
