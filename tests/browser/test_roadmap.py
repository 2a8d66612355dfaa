"""Roadmap, risks and what AI costs in a real browser: the same page at the desk and in the portal, and money as a picture."""

import pytest
from playwright.sync_api import expect

from tests.assessments import estate, planned
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_assessments import under, wrong_with

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


@pytest.fixture
def told(cast):
    """Something late and put off twice, a metric off its target, a risk, and three months of spending."""
    row = planned.initiative(cast.orchard, status="under_way")
    planned.put_off(planned.milestone(row), times=2)
    planned.metric(cast.orchard)
    planned.risk(cast.orchard)
    vendor = estate.vendor(cast.orchard)
    # The browser reads it today, whenever that is.
    estate.contract(vendor, starts_on=planned.ON(2026, 1, 1), renews_on=planned.ON(2099, 1, 1))
    estate.rate(cast.orchard, "EUR", "USD", "1.10", planned.ON(2025, 1, 1))
    for month in (1, 2):
        estate.line(cast.orchard, month, "1234.50", vendor=vendor)
    return cast


@SIZES
def test_sponsor_and_desk_read_the_roadmap_with_what_was_put_off(told, visit, size):
    for person, path in (
        (told.priya, "/portal/ai-roadmap/"),
        (told.ada, under(told.orchard, "outlook")),
    ):
        visitor = visit(size)
        visitor.sign_in(person)
        page = visitor.go(path)
        assert wrong_with(page) == []
        for words in ("Answers from the archive", "put off 2 times", "Answers are made up"):
            expect(page.get_by_text(words).first).to_be_visible()


@SIZES
@pytest.mark.parametrize("name", ["ai-spending", "ai-contracts"])
def test_spending_and_contracts_are_read_at_the_desk(told, visit, size, name):
    visitor = visit(size)
    visitor.sign_in(told.ada)
    page = visitor.go(under(told.orchard, name))
    assert wrong_with(page) == []
    expect(page.get_by_text("Cloudmind").first).to_be_visible()


def test_the_roadmap_is_gone_through_and_says_so(told, visit):
    visitor = visit()
    visitor.sign_in(told.ada)
    page = visitor.go(under(told.orchard, "outlook"))
    page.get_by_role("link", name="It was gone through").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    page.get_by_label("What came of it").fill("The pilot waits for the gateway.")
    page.get_by_role("button", name="Save").click()
    visitor.settled()
    page = visitor.go(under(told.orchard, "outlook"))
    expect(page.get_by_text("Gone through on")).to_be_visible()
