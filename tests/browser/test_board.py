"""A board report in a real browser: written, reviewed by somebody else, issued, set on paper; read, answered, acknowledged."""

import pytest
from playwright.sync_api import expect

from deliverables.models import BoardAnswer, BoardReport
from practice import rendering
from practice.desk import desk
from tests.browser.conftest import DESKTOP, PHONE
from tests.deliverables import boarding
from tests.engagements import build

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
WORDS = "Spending follows the number of claims."


@pytest.fixture
def report(cast):
    return boarding.opened(cast, build.engagement(cast))


def looked_at(page):
    assert not page.evaluate(SIDEWAYS), page.url


def pressed(visitor, name):
    """A verb's page, left by its button."""
    looked_at(visitor.page)
    visitor.page.get_by_role("button", name=name, exact=True).click()
    return visitor.settled()


def opened(visitor, name):
    visitor.page.get_by_role("link", name=name, exact=True).first.click()
    return visitor.settled()


def chosen(field, name):
    field.select_option(label=name)


@SIZES
def test_a_report_goes_from_draft_to_acknowledged(cast, report, visit, size):
    author, reviewer, member = visit(size), visit(size), visit(size)
    author.sign_in(cast.ada)
    address = desk.page_of(report)
    looked_at(author.go("/desk/deliverables/boardreport/"))
    looked_at(author.go(address))
    _written(author, address)
    _asked(author, address)
    _put_to_review(author, address, cast)
    # Four eyes: its author cannot pass it where somebody else is there to look.
    opened(author, "Pass")
    page = pressed(author, "Pass it")
    expect(page.get_by_text("what one wrote, another reviews")).to_be_visible()
    assert BoardReport.objects.get().status == "draft"
    reviewer.sign_in(cast.olu)
    looked_at(reviewer.go(address))
    opened(reviewer, "Pass")
    pressed(reviewer, "Pass it")
    author.go(address)
    opened(author, "Issue")
    page = pressed(author, "Issue it")
    expect(page.get_by_text("Nobody has opened it yet.")).to_be_visible()
    _set_on_paper(author, address)
    _read_and_answered(member, cast, report)
    page = author.go(address)
    expect(page.get_by_role("heading", name="Who opened it")).to_be_visible()
    expect(page.get_by_role("cell", name="Marta").last).to_be_visible()
    looked_at(page)
    assert BoardReport.objects.get().status == "acknowledged"


def _written(author, address):
    for section in ("AI spend", "Capability progress", "Risk posture"):
        page = opened(author, f"Write {section}")
        expect(page.get_by_label("Words")).to_be_visible()
        # Figures come from the registers: there is nothing to type them into.
        names = page.locator("form [name]").evaluate_all("them => them.map(one => one.name)")
        assert not {"figures", "tables", "charts", "as_of"} & set(names)
        page.get_by_label("Words").fill(WORDS)
        pressed(author, "Save")
        page = author.go(address)
    expect(page.get_by_text(WORDS)).to_have_count(3)
    expect(page.get_by_text("AI spend this quarter").first).to_be_visible()
    looked_at(page)


def _asked(author, address):
    page = opened(author, "Ask the board")
    page.get_by_label("Question").fill("May the assistant answer alone?")
    page.get_by_label("Options").fill("Yes\nNot yet")
    pressed(author, "Ask it")
    expect(author.go(address).get_by_text("May the assistant answer alone?")).to_be_visible()


def _put_to_review(author, address, cast):
    page = opened(author, "Put to review")
    chosen(page.get_by_label("Reviewer"), "Olu")
    pressed(author, "Put to review")
    looked_at(author.go(address))


def _set_on_paper(author, address):
    page = author.go(address)
    expect(page.locator("progress")).to_be_visible()
    looked_at(page)
    assert rendering.drain() == 1
    page = author.go(address)
    expect(page.get_by_role("link", name="Save the PDF")).to_be_visible()
    looked_at(page)


def _read_and_answered(member, cast, report):
    member.sign_in(cast.marta)
    page = member.go("/portal/board-reports/")
    looked_at(page)
    page = member.go(f"/portal/board-reports/{report.pk}/")
    looked_at(page)
    expect(page.get_by_role("link", name="As PDF")).to_be_visible()
    # The trend over quarters is a picture on the page itself.
    expect(page.locator(".br-chart svg").first).to_be_visible()
    page.get_by_label("Not yet").check()
    page.get_by_role("button", name="Send the answer").click()
    page = member.settled()
    expect(page.get_by_text("Answered by Marta")).to_be_visible()
    page.get_by_role("button", name="Acknowledge").click()
    page = member.settled()
    expect(page.get_by_text("You acknowledged it.").last).to_be_visible()
    looked_at(page)
    assert BoardAnswer.objects.get().chosen == 2


@SIZES
def test_somebody_outside_answers_a_section(cast, report, visit, size):
    author, outside = visit(size), visit(size)
    author.sign_in(cast.ada)
    author.go(desk.page_of(report))
    page = opened(author, "Ask somebody about Risk posture")
    page.get_by_label("Who is asked").fill("Nora Feld")
    page.get_by_label("Question").fill("What worries you most?")
    page = pressed(author, "Make the link")
    link = page.get_by_label("Address").input_value()
    looked_at(page)
    behind = outside.go("/" + link.split("/", 3)[3])
    looked_at(behind)
    behind.get_by_label("Your words").fill("The vendor's own subcontractors.")
    behind.get_by_role("button", name="Send").click()
    behind = outside.settled()
    expect(behind.get_by_role("heading", name="Thank you")).to_be_visible()
    looked_at(behind)
