"""The main paths of an engagement in a real browser, each from the first click to what is shown in the end."""

import datetime

from django.utils import timezone

from engagements import charter_rights, charters, moves, timesheet
from engagements.models import Charter, Engagement, Move, TimeEntry
from practice.desk import desk
from practice.quarters import local_day
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_engagements import started
from tests.engagements import build
from tests.engagements.test_charters import drafted

HEADINGS = "User,Email,Client,Project,Description,Billable,Start date,Start time,Duration,Tags"


LIMITS = [
    f"The {hat} hat may spend up to EUR 5,000 by one decision, and up to EUR 20,000 a fiscal quarter in all."
    for hat in ("CAIO", "CTO")
]


def today() -> datetime.date:
    return local_day(timezone.now(), "Europe/Lisbon")


def texts(page, selector: str) -> list[str]:
    return [" ".join(one.split()) for one in page.locator(selector).all_inner_texts()]


def cells(page, selector: str) -> list[list[str]]:
    return [texts(row, "td") for row in page.locator(selector).all()]


def test_an_activation_says_what_is_missing_and_where_and_succeeds_once_it_is_there(cast, visit):
    row = build.engagement(cast, status="proposed", hats={"CTO": 100}, starts_on=today())
    how = {"by": make.actor(cast.ada), "at": timezone.now()}
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(row))
    missing = ["The sponsor has not agreed to the first stage and its terms."]
    assert texts(page, ".en-missing a") == missing
    page.get_by_role("link", name="Activate").click()
    visitor.settled()
    page.get_by_role("button", name="Activate").click()
    visitor.settled()
    assert texts(page, ".en-refused") == [
        "This engagement cannot be active yet; see what is missing."
    ]
    assert texts(page, ".en-missing a") == missing
    page.get_by_role("link", name=missing[0]).click()
    visitor.settled()
    assert page.get_by_role("heading", level=1).inner_text() == "Propose a move"

    moves.propose(row, to_point="SPRINT", sprint="6w", effective_on=today(), reason="Begin.",
                  fee_model="per_project", fee_amount="30000", currency="EUR", **how)  # fmt: skip
    moves.agree(Move.objects.get(), by=make.actor(cast.priya), at=timezone.now())
    visitor.go(desk.page_of(row) + "../activate/")
    assert texts(page, ".en-ready") == [
        "Everything that has to be there before it becomes active is there."
    ]
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/change/")
    visitor.settled()
    assert texts(page, ".rm-intro .rm-badge") == ["Active"]
    assert Engagement.objects.get().status == "active"


def test_a_charter_is_drafted_and_offered_at_the_desk(cast, visit):
    row = started(cast)
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(f"{desk.link(Charter)}add/?engagement={row.pk}")
    page.get_by_label("Note").fill("Who decides what.")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/edit/")
    visitor.settled()
    for hat in ("CTO", "CAIO"):
        limit = page.get_by_role("group", name=hat, exact=True)
        limit.get_by_label("By one decision").fill("5000")
        limit.get_by_label("In all of a period").fill("20000")
    page.get_by_label("DR-06 CAIO").select_option("Must agree")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/change/")
    visitor.settled()
    page.get_by_role("link", name="Offer to the sponsor").click()
    visitor.settled()
    page.get_by_role("button", name="Offer to the sponsor").click()
    page.wait_for_url("**/change/")
    visitor.settled()
    assert texts(page, ".ch-facts dd")[:2] == ["Offered", "Orchard, Two hats"]
    assert texts(page, ".ch-list li") == LIMITS
    sixth = ".ch-matrix tbody tr:nth-child(6) "
    assert texts(page, sixth + "td") == ["Decides", "Must agree", "No say"]


def test_a_charter_is_accepted_in_the_portal_and_read_in_three_ways(cast, visit):
    row, ada = started(cast), make.actor(cast.ada)
    charter = drafted(row, ada)
    charter_rights.set_right(charter, "DR-06", caio="A", by=ada, at=timezone.now())
    charters.offer(charter, by=ada, at=timezone.now())
    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/charters/")
    page.get_by_role("link", name="Charter 1 for Two hats").click()
    page.get_by_role("button", name="Accept Charter 1").click()
    page.get_by_text("You accepted Charter 1. It is in force.").wait_for()
    assert texts(page, ".ch-list li") == LIMITS
    assert len(texts(page, ".ch-matrix tbody tr")) == 27
    sixth = ".ch-matrix tbody tr:nth-child(6) "
    assert texts(page, sixth + "small") == ["The CTO hat decides; the CAIO hat must agree."]
    assert texts(page, sixth + "td:visible") == ["Decides", "Must agree"]
    page.get_by_role("link", name="RACI").click()
    visitor.settled()
    assert texts(page, sixth + "td:visible") == ["A Accountable", "C Consulted"]
    assert Charter.objects.get().accepted_by == cast.priya


def test_time_is_noted_in_the_week_and_stands_there(cast, visit):
    started(cast)
    monday = today() - datetime.timedelta(days=today().weekday() + 7)
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go("/desk/time/")
    page.get_by_role("link", name="Earlier").click()
    page.wait_for_url(f"**/week/{monday}/")
    visitor.settled()
    page.get_by_label("For", exact=True).select_option(label="Two hats: CTO")
    page.get_by_label("What you did").fill("Roadmap")
    page.get_by_label(f"{monday:%a} {monday.day}", exact=True).fill("1:30")
    tuesday = monday + datetime.timedelta(days=1)
    page.get_by_label(f"{tuesday:%a} {tuesday.day}", exact=True).fill("soon")
    page.get_by_role("button", name="Note it").click()
    visitor.settled()
    assert texts(page, "#faults li") == ["Write a length as 1:30, 1.5 or 45m."]
    page.get_by_label(f"{tuesday:%a} {tuesday.day}", exact=True).fill("45m")
    page.get_by_role("button", name="Note it").click()
    page.get_by_text("2:15 h").first.wait_for()
    week = ["1:30 h", "0:45 h", "–", "–", "–", "–", "–", "2:15 h"]
    none = ["–"] * 8
    # CTO, CAIO, and what is joint.
    assert cells(page, ".tm-grid tbody tr:not(.tm-engagement)") == [week, none, none]
    assert texts(page, ".tm-grid tfoot td") == week
    noted = TimeEntry.objects.order_by("worked_on").values_list(
        "worked_on", "minutes", "hat", "note"
    )
    assert list(noted) == [(monday, 90, "CTO", "Roadmap"), (tuesday, 45, "CTO", "Roadmap")]


def test_a_file_of_time_is_tried_put_right_and_taken_in(cast, visit):
    started(cast)
    on = today() - datetime.timedelta(days=8)
    lines = [
        f"Ada,ada@lantern.test,Orchard,Platform,Review,Yes,{on},09:00:00,01:30:00,CAIO",
        f"Ada,ada@lantern.test,Orchard,Platform,Lunch,Yes,{on},11:00:00,00:30:00,roadmap",
    ]
    file = {"name": "toggl.csv", "mimeType": "text/csv"}
    file["buffer"] = "\n".join([HEADINGS, *lines]).encode()
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go("/desk/time/file/")
    page.get_by_label("Engagement").select_option(label="Orchard: Two hats")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Try it").click()
    visitor.settled()
    shown = f"{on:%-d %b %Y}"
    why = "tags: Names no hat. Known here: CAIO, CTO, joint."
    assert texts(page, ".tm-counts span") == ["New: 1", "Wrong: 1"]
    assert cells(page, ".rm-table tbody tr") == [
        ["3", "Wrong", shown, "0:30 h", "–", "Lunch", why],
        ["2", "New", shown, "1:30 h", "CAIO", "Review", ""],
    ]
    assert TimeEntry.objects.count() == 0
    page.get_by_label("Words for hats").fill("roadmap = CTO")
    page.get_by_role("button", name="Try it").click()
    visitor.settled()
    assert texts(page, ".tm-counts span") == ["New: 2"]
    page.get_by_role("button", name="Take these rows in").click()
    page.get_by_text("Taken in: 2 new, 0 changed, 0 as they were.").wait_for()
    assert sorted(TimeEntry.objects.values_list("hat", "minutes")) == [("CAIO", 90), ("CTO", 30)]


def test_the_sponsor_reads_on_a_phone_what_is_left_and_how_the_hats_share_it(cast, visit):
    row = started(cast, terms={"client_sees_hats": True})
    for hat, minutes in (("CTO", 270), ("CAIO", 30)):
        timesheet.note(row, worked_on=today(), minutes=minutes, hat=hat,
                       by=make.actor(cast.ada), at=timezone.now())  # fmt: skip
    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/balance/")
    assert texts(page, ".en-verdict") == [
        f"{today():%B %Y}: 5:00 h of 32:00 h used, 27:00 h left.",
        "CAIO is losing: 10 % of the time, where 50 % were meant.",
    ]
    hats = page.get_by_role("img", name="Share of each hat").locator("text")
    assert hats.all_text_contents() == [
        "CTO",
        "90 %, 50 % meant",
        "CAIO, losing",
        "10 %, 50 % meant",
    ]
