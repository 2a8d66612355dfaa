"""The decision log in a real browser: logged with the charter asked while typing, agreed in the portal, and read."""

import re

import pytest
from django.utils import timezone

from deliverables.models import Decision
from engagements.desk.engagement_page import under
from practice.desk import desk
from practice.quarters import local_day
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_assessments import wrong_with
from tests.browser.test_engagements import started
from tests.deliverables import logged


@pytest.fixture
def row(cast):
    row = started(cast)
    logged.charter(cast, row, at=timezone.now())
    return row


def said(page, words: str) -> None:
    page.locator("#check strong", has_text=re.compile(f"^{words}$")).wait_for()


def test_the_check_follows_the_amount_and_what_is_logged_waits_for_the_sponsor(cast, visit, row):
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(under(row, "log-decision"))
    page.get_by_label("Right used").select_option("DR-05")
    page.get_by_label("Hat worn").select_option("CTO")
    said(page, "Yours to decide")
    page.get_by_label("Amount").press_sequentially("5000")
    said(page, "Yours to decide")
    page.get_by_text("This counts").wait_for()
    page.get_by_label("Amount").press_sequentially("0")
    said(page, "Awaits the client")
    page.get_by_label("Right used").select_option("DR-03")
    said(page, "Not this hat's to decide")
    page.get_by_text("is decided by the CAIO hat (Ada)").wait_for()
    page.get_by_label("Right used").select_option("DR-05")
    said(page, "Awaits the client")
    page.get_by_label("Question").fill("Which servers?")
    page.get_by_label("Question").press("Enter")
    page.get_by_label("Option 1", exact=True).fill("Rent")
    page.get_by_role("button", name="Another option").click()
    page.get_by_label("Option 4", exact=True).fill("Buy")
    page.get_by_role("radio", name="option 4").check()
    page.get_by_label("Reason").fill("They fail.")
    assert Decision.objects.count() == 0
    page.get_by_role("button", name="Log and decide").click()
    page.wait_for_url("**/change/")
    made = Decision.objects.get()
    assert (made.status, made.choice, made.chosen) == ("awaiting", "Buy", 2)

    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/")
    page.get_by_role("link", name="Which servers?").click()
    page.get_by_text("It waits for your agreement, because it is more than").wait_for()
    page.get_by_role("button", name="I agree").click()
    page.get_by_text("You agreed. It is decided.").wait_for()
    made.refresh_from_db()
    assert made.status == "decided"


def test_without_a_script_it_is_asked_on_submit(cast, visit, row):
    visitor = visit(java_script_enabled=False)
    page = visitor.page
    page.goto(visitor.base + "/accounts/login/")
    page.get_by_label("Email").fill(cast.ada.user.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(visitor.base + under(row, "log-decision"))
    page.get_by_label("Right used").select_option("DR-05")
    page.get_by_label("Hat worn").select_option("CTO")
    page.get_by_label("Amount").fill("50000")
    page.get_by_role("button", name="Check the right").click()
    said(page, "Awaits the client")
    page.get_by_label("Amount").fill("500")
    page.get_by_label("Amount").press("Enter")
    said(page, "Yours to decide")
    assert Decision.objects.count() == 0


def test_the_timeline_shows_hats_by_name_and_leads_to_the_decision(cast, visit, row):
    now = timezone.now()
    logged.decision(row, cast.ada, at=now, question="Which gateway?")
    logged.decision(row, cast.ada, at=now, hat="CAIO", code="DR-26", question="Which school?")
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(row))
    page.get_by_role("link", name="Decisions", exact=True).click()
    page = visitor.settled()
    page.get_by_role("link", name="As a timeline").click()
    page = visitor.settled()
    told = page.locator(".dl-time li")
    assert [told.nth(n).locator(".dl-hat").inner_text() for n in (0, 1)] == ["CAIO", "CTO"]
    year = local_day(now, row.client.time_zone).year
    assert page.locator(".dl-quarter h2").inner_text().startswith(f"FY{year}")
    page.get_by_role("link", name="1. Which gateway?").click()
    page = visitor.settled()
    page.get_by_text("As it was sealed").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_log_can_be_read_on_a_phone_and_without_eyes(cast, visit, row, scheme):
    now = timezone.now()
    made = logged.decision(row, cast.ada, at=now, client_sees=True)
    waits = logged.decision(row, cast.ada, at=now, code="DR-05", amount=9000, currency="EUR")
    tool = logged.decision(row, cast.ada, at=now, code="DR-10", hat="CAIO", decide=False)
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.ada)
    paths = [
        "/desk/decisions/",
        under(row, "decisions"),
        f"{under(row, 'decisions')}?view=timeline&hat=CTO",
        *(under(row, name) for name in ("log-decision", "decision-report", "decision-seal")),
        *map(desk.page_of, (made, waits, tool)),
        *(under(tool, name) for name in ("edit", "score", "elsewhere", "reject")),
        under(waits, "agreed-elsewhere"),
        *(under(made, name) for name in ("supersede", "review")),
        "/desk/deliverables/decision/",
    ]
    wrong = {path: found for path in paths if (found := wrong_with(visitor.go(path)))}
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.priya)
    for path in ("/portal/decisions/", *(f"/portal/decisions/{d.pk}/" for d in (made, waits))):
        if found := wrong_with(visitor.go(path)):
            wrong[path] = found
    assert wrong == {}
