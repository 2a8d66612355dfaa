"""A release in a real browser: the sponsor ticks and accepts on a phone, by finger and by keyboard, with and without a script."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deliverables import releasing, reviewing, writing
from deliverables.models import Recipient, Release, Tick
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_assessments import wrong_with
from tests.browser.test_engagements import started
from tests.deliverables import owing
from tests.practice.hostile_pdfs import paper

TEXT = """# AI capability map

What the company can do with models today, and what it cannot do yet.

| Business area | What AI does there today | How far it can be relied on | Who confirmed it |
|---|---|---|---|
| Claims | Sorts incoming mail by urgency | Measured weekly, 94 % agree with a person | Head of claims |
| Pricing | Nothing | – | Head of pricing |

## Gaps

1. No log of what the models were given.
2. Nobody owns the training data.

- [x] Areas named
- [ ] Budget confirmed
"""


@pytest.fixture
def release(cast):
    row = started(cast)
    return owing.released(
        cast, row, text=TEXT, at=timezone.now(), message="The three gaps on page one matter most."
    )


def test_the_sponsor_ticks_and_accepts_on_a_phone(cast, visit, release):
    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/")
    page.get_by_role("link", name=release.title).first.click()
    page.get_by_role("heading", name="Gaps").wait_for()
    assert wrong_with(page) == []
    assert page.get_by_role("radio", name="Accept Tick every").is_disabled()
    for line in release.criteria[:-1]:
        page.get_by_role("checkbox", name=line).click()
        page.get_by_role("checkbox", name=line, checked=True).wait_for()
    # The last one by keyboard.
    page.get_by_role("checkbox", name=release.criteria[-1]).press("Space")
    page.get_by_text(f"All {len(release.criteria)} are ticked.").wait_for()
    assert Tick.objects.count() == len(release.criteria)
    page.get_by_role("radio", name="Accept Every criterion").check()
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_text("You accepted it. The signed receipt is on this page.").wait_for()
    assert wrong_with(page) == []
    release.refresh_from_db()
    assert (release.state, release.contact_id) == ("accepted", cast.priya.pk)
    assert Recipient.objects.get().times_opened == 1
    with page.expect_download() as taken:
        page.get_by_role("link", name="Signed receipt (PDF)").click()
    assert taken.value.suggested_filename == "receipt-dv-05-ai-capability-map.pdf"
    page.get_by_role("link", name="All deliverables").click()
    page.get_by_text("Nothing waits for your answer.").wait_for()
    assert wrong_with(page) == []


def test_without_a_script_changes_are_asked_for_and_questions_put(cast, visit, release):
    visitor = visit(DESKTOP, java_script_enabled=False)
    page = visitor.page
    page.goto(visitor.base + "/accounts/login/")
    page.get_by_label("Email").fill(cast.priya.user.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.goto(f"{visitor.base}/portal/deliverables/{release.pk}/")
    page.get_by_role("checkbox", name=release.criteria[0]).click()
    page.get_by_role("checkbox", name=release.criteria[0], checked=True).wait_for()
    page.get_by_label("Write to Lantern Partners").fill("Which of the gaps comes first?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Which of the gaps comes first?").wait_for()
    page.get_by_role("radio", name="Ask for changes").check()
    page.get_by_role("textbox", name="Remarks").fill("Rank the gaps.")
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_text("You asked for changes.").wait_for()
    assert Release.objects.get().remarks == "Rank the gaps."


def test_a_pdf_is_leafed_through_on_a_phone(cast, visit):
    row = started(cast)
    planned, ada = owing.planned(row, cast.ada), make.actor(cast.ada)
    pages = paper("First", "Second", "Third")
    version = writing.upload(planned, name="Map.pdf", content=pages, by=ada, at=timezone.now())
    writing.submit(version, by=ada, at=timezone.now())
    reviewing.pass_on(planned, by=make.actor(cast.olu), at=timezone.now())
    release = releasing.release(planned, to=[cast.priya], by=ada, at=timezone.now())
    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go(f"/portal/deliverables/{release.pk}/")

    def see(number: int) -> None:
        """Drawn to its end: nothing is on its way when the page is left."""
        shown = page.get_by_alt_text(f"Page {number} of 3 of {release.title}, version 1")
        expect(shown).to_have_js_property("naturalWidth", 1240, timeout=60_000)
        expect(shown).to_have_js_property("complete", True)

    see(1)
    for number in (2, 3):
        page.get_by_role("link", name="Next page").click()
        see(number)
    assert wrong_with(page) == []
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.get_by_role("link", name="Previous page").click()
    see(2)
    assert Recipient.objects.get(release=release).times_opened == 1
