"""The AI estate in a real browser: the register narrowed, a classification in steps, a file with a fault, the register behind a link."""

import pytest
from playwright.sync_api import expect

from assessments import classifying, systems
from assessments.models import Classification, RegisterShare, System, Vendor
from practice.desk import desk
from tests.assessments import estate
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_assessments import under, wrong_with

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
HIRING = {"AI-ACT-ROLES": ["deployer"], "AI-ACT-AREAS": ["employment"]}
SAID = {"AI-ACT-ROLES": "deployer", "AI-ACT-AREAS": "employment"}


@pytest.fixture
def hiring(cast) -> System:
    """A system with everything that an auditor reads of one, beside one that nobody has looked at."""
    vendor = estate.vendor(cast.orchard)
    told = {"vendor": vendor, "ai_model": "Large 4", "purpose": "Sorts letters of applicants"}
    row = estate.system(cast.orchard, "Screening", in_production=True, **told)
    classifying.classify(row, answers=HIRING, **estate.acts(cast.orchard))
    estate.system(cast.orchard, "Minutes", kind="shadow")
    return systems.name_risk_owner(row, contact=cast.priya, **estate.acts(cast.orchard))


def named(page) -> list[str]:
    return [link.inner_text() for link in page.locator("#result_list a[href*=change]").all()]


def test_the_register_is_narrowed_by_class_and_by_what_nobody_classified(cast, hiring, visit):
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.link(System))
    assert wrong_with(page) == []
    expect(page.get_by_text("High risk: ask counsel")).to_be_visible()
    assert named(page) == ["Minutes", "Screening"]
    for choice, left in (("Not classified yet", ["Minutes"]), ("High risk", ["Screening"])):
        page = visitor.go(desk.link(System))
        page.get_by_text("Filters").first.click()
        page.get_by_role("link", name=choice, exact=True).click()
        page = visitor.settled()
        assert named(page) == left


@SIZES
def test_a_system_is_classified_in_steps_from_its_page_to_what_applies_when(cast, visit, size):
    row, visitor = estate.system(cast.orchard, "Screening"), visit(size)
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(row))
    page.get_by_role("link", name="Classify", exact=True).click()
    page = visitor.settled()
    assert wrong_with(page) == []
    expect(page.locator(".as-facets")).to_contain_text("Too little is answered")
    for question, word in SAID.items():
        box = page.locator(f"[name='{question}'][value='{word}']").get_attribute("id")
        page.locator(f"label[for='{box}']").click()
    page.locator(".as-facets", has_text="High risk").wait_for()
    expect(page.locator("#panel-live")).to_contain_text("Annex III, point 4")
    assert Classification.objects.count() == 0
    page.get_by_role("button", name="Keep this classification").click()
    page.wait_for_url("**/law/")
    page = visitor.settled()
    assert wrong_with(page) == []
    expect(page.get_by_text("Orientation, not legal advice.").first).to_be_visible()
    made = Classification.objects.get()
    assert (made.answers, made.tier, made.reviewer) == (HIRING, "HIGH_RISK", cast.ada)


@SIZES
def test_a_file_with_a_fault_is_tried_and_says_line_and_column(cast, visit, size):
    visitor = visit(size)
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.link("register-file"))
    assert wrong_with(page) == []
    page.get_by_label("Client", exact=True).select_option("Orchard")
    page.get_by_label("What the file lists").select_option("vendors")
    wrong = b"name,country,review_months\nCloudmind,DE,3\nQuill,Germany,3\n"
    file = {"name": "vendors.csv", "mimeType": "text/csv", "buffer": wrong}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Try it").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    first = page.locator(".rm-table tbody tr").first
    expect(first).to_contain_text("3")
    expect(first).to_contain_text("country")
    assert Vendor.objects.count() == 0
    page.get_by_role("button", name="Take in what is right").click()
    visitor.settled()
    assert list(Vendor.objects.values_list("name", flat=True)) == ["Cloudmind"]


@SIZES
def test_an_auditor_reads_the_register_behind_a_link_until_it_is_revoked(cast, hiring, visit, size):
    visitor = visit(size)
    visitor.sign_in(cast.ada)
    page = visitor.go(f"{desk.link(RegisterShare)}add/?client={cast.orchard.pk}")
    assert wrong_with(page) == []
    page.get_by_label("For whom").fill("Nora Feld, Feld Audit")
    page.get_by_role("button", name="Save").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    address = page.get_by_label("Address").input_value()
    path = "/" + address.partition("://")[2].partition("/")[2]

    outside = visit(size)
    behind = outside.go(path)
    assert wrong_with(behind) == []
    expect(behind.get_by_role("heading", name="AI register of Orchard")).to_be_visible()
    for words in ("Annex III, point 4", "Large 4", "For Nora Feld, Feld Audit"):
        expect(behind.get_by_text(words).first).to_be_visible()
    behind.get_by_role("link", name="Screening").click()
    expect(behind.get_by_role("heading", name="Screening")).to_be_in_viewport()
    with behind.expect_download() as taken:
        behind.get_by_role("link", name="Download as CSV").click()
    assert taken.value.suggested_filename == "ai-register.csv"

    link = RegisterShare.objects.get()
    assert link.views == 1
    page = visitor.go(under(link, "revoke"))
    page.get_by_role("button", name="Revoke").click()
    visitor.settled()
    link.refresh_from_db()
    assert link.revoked_at is not None


@SIZES
def test_register_and_law_lead_to_each_other_in_the_portal(cast, hiring, visit, size):
    visitor = visit(size)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/ai-register/")
    assert wrong_with(page) == []
    page.get_by_role("link", name="Why each class, and what applies when").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    expect(page.get_by_role("heading", name="AI and the law")).to_be_visible()
    page.locator("main").get_by_role("link", name="AI register").click()
    expect(visitor.settled().get_by_role("heading", name="AI register")).to_be_visible()
