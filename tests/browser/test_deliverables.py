"""Deliverables at the desk in a real browser: from the plan to the client, the preview while typing, and on a phone."""

import datetime

import pytest
from django.utils import timezone

from deliverables import commenting, kinds, writing
from deliverables.models import Deliverable, DeliverableVersion, Release
from engagements.desk.engagement_page import under
from practice.desk import desk
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_assessments import wrong_with
from tests.browser.test_engagements import started
from tests.deliverables import owing


@pytest.fixture
def row(cast):
    return started(cast)


def press(visitor, name: str, role: str = "button"):
    visitor.page.get_by_role(role, name=name, exact=True).click()
    return visitor.settled()


def test_from_the_plan_to_the_client(cast, visit, row):
    ada = visit()
    ada.sign_in(cast.ada)
    page = ada.go(desk.page_of(row))
    press(ada, "Deliverables", "link")
    page.get_by_text("Nothing is on the plan yet.").wait_for()
    press(ada, "Add a deliverable", "link")
    page.get_by_label("Kind").select_option("DV-05")
    day = timezone.now().date() + datetime.timedelta(days=20)
    page.get_by_label("Due on").fill(day.isoformat())
    press(ada, "Add it")
    page.get_by_role("link", name="DV-05 AI capability map").click()
    ada.settled()
    press(ada, "Begin a version", "link")
    press(ada, "Begin")

    text = page.get_by_label("Text, in Markdown")
    assert text.input_value().startswith("# AI capability map")
    text.fill("# Map\n\n- [ ] One row <b>bold</b>\n")
    preview = page.get_by_role("region", name="Preview")
    preview.get_by_text("☐ One row <b>bold</b>").wait_for()
    preview.get_by_text("6 words").wait_for()
    assert not page.get_by_role("button", name="Show how it will look").is_visible()
    page.get_by_label("What is new in this version").fill("First map")
    press(ada, "Save, then submit")
    page.get_by_label("Who looks at it").select_option(label="Olu")
    press(ada, "Submit it")
    page.get_by_text("Olu, to look at it").wait_for()
    assert DeliverableVersion.objects.get().text == "# Map\n\n- [ ] One row <b>bold</b>\n"

    olu = visit()
    olu.sign_in(cast.olu)
    page = olu.go("/desk/review-queue/")
    page.get_by_role("link", name="DV-05 AI capability map").click()
    olu.settled()
    page.get_by_role("link", name="Version 1", exact=True).click()
    olu.settled()
    page.get_by_role("heading", name="Map", exact=True).wait_for()
    page.get_by_role("link", name="DV-05 AI capability map").click()
    olu.settled()
    press(olu, "Pass it on", "link")
    page.get_by_label("What you say to it").fill("Clear.")
    press(olu, "Pass it on")

    page = ada.go("/desk/review-queue/")
    page.get_by_role("link", name="DV-05 AI capability map").click()
    ada.settled()
    press(ada, "Release to the client", "link")
    page.get_by_label("Priya (sponsor)").check()
    page.get_by_label("Message to them").fill("Please read.")
    press(ada, "Release it")
    page.get_by_text("Waits for an answer").wait_for()
    release = Release.objects.get()
    assert (release.state, [one.contact for one in release.recipients.all()]) == (
        "open",
        [cast.priya],
    )


def test_two_who_write_at_once_see_what_differs_before_one_overwrites(cast, visit, row):
    owed = owing.planned(row, cast.ada)
    draft = owing.written(owed, cast.ada, "One line.\n")
    ada = visit()
    ada.sign_in(cast.ada)
    page = ada.go(under(owed, "write"))
    writing.revise(draft, text="Their line.\n", by=make.actor(cast.olu), at=timezone.now())
    page.get_by_label("Text, in Markdown").fill("My line.\n")
    press(ada, "Save")
    page.get_by_text("Somebody saved this meanwhile").wait_for()
    shown = page.locator(".ow-diff li").all_inner_texts()
    assert [one.replace("\n", " ") for one in shown[:2]] == [
        "Removed Their line.",
        "Added My line.",
    ]
    press(ada, "Save")
    page.get_by_text("It is saved.").wait_for()
    draft.refresh_from_db()
    assert draft.text == "My line.\n"


def test_the_editor_works_without_its_script(cast, visit, row):
    owed = owing.planned(row, cast.ada)
    owing.written(owed, cast.ada, "Old.")
    ada = visit()
    ada.sign_in(cast.ada)
    state = ada.page.context.storage_state()
    plain = visit(java_script_enabled=False, storage_state=state)
    page = plain.page
    page.goto(plain.base + under(owed, "write"))
    page.get_by_label("Text, in Markdown").fill("**New**")
    page.get_by_role("button", name="Show how it will look").click()
    page.locator(".dl-prose strong", has_text="New").wait_for()
    assert DeliverableVersion.objects.get().text == "Old."
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".dl-prose strong", has_text="New").wait_for()
    assert DeliverableVersion.objects.get().text == "**New**"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_on_a_phone_and_without_eyes(cast, visit, row, scheme):
    now, ada = timezone.now(), make.actor(cast.ada)
    released = owing.released(cast, row, to=[cast.priya, cast.marta], at=now).deliverable
    for internal in (True, False):
        commenting.comment(released, body="A word.", internal=internal, by=ada, at=now)
    day = now.date() - datetime.timedelta(days=3)
    late = owing.planned(row, cast.ada, code="DV-01", due_on=day)
    written = owing.planned(row, cast.ada, code="DV-06")
    writing.begin(written, by=ada, at=now)
    waits = owing.planned(row, cast.ada, code="DV-07")
    first = owing.written(waits, cast.olu, "# One\n\nOld line.")
    writing.submit(first, by=make.actor(cast.olu), at=now)
    own = kinds.add(code="OK-1", title="Diary", hat="CTO", by=ada, at=now)
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.ada)
    paths = [
        "/desk/deliverables/deliverable/",
        "/desk/review-queue/",
        "/desk/catalogue/",
        "/desk/catalogue/?kind=DV-05",
        "/desk/deliverables/ownkind/",
        *map(desk.page_of, (released, late, written, waits, own)),
        *(under(row, name) for name in ("deliverables", "deliverable-add")),
        *(under(written, name) for name in ("write", "submit", "edit", "day", "drop", "diff")),
        *(under(released, name) for name in ("on-behalf", "withdraw", "say-to-client")),
        f"{under(released, 'version')}?number=1",
        *(under(waits, name) for name in ("pass", "send-back")),
        *(under(late, name) for name in ("begin", "upload")),
    ]
    wrong = {path: found for path in paths if (found := wrong_with(visitor.go(path)))}
    assert wrong == {}
    assert Deliverable.objects.count() == 4
