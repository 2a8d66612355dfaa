"""Engagements at the desk over HTTP: who finds which page, what its dialogs do, what the activation lists as missing."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import charters
from engagements.models import (
    Burst,
    Charter,
    ContractVersion,
    Engagement,
    ExitStatement,
    HandoverItem,
    HatShare,
    Move,
    Pause,
    Stage,
)
from practice.desk import desk
from practice.models import StoredFile
from tests import make
from tests.assessments.test_assessments import assessed, choose
from tests.engagements import build
from tests.make import NOW

DIALOGS = (
    "activate",
    "propose",
    "move",
    "edit",
    "pause",
    "resume",
    "withdraw",
    "end",
    "hats",
    "wear",
    "reporting",
    "state-test",
    "burst",
    "settle-date",
    "handover",
    "contract",
)
TERMS = {
    "fee_model": "fixed_monthly",
    "fee_amount": "20000",
    "hour_rate": "250",
    "currency": "EUR",
    "allowance": "4",
    "allowance_unit": "days",
    "day_minutes": "480",
    "rollover_cap": "0",
    "rollover_months": "0",
    "overage": "billed",
    "notice_days": "0",
    "client_sees_balance": "on",
}


def under(row, page: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def shown(answer) -> str:
    return answer.content.decode()


def proposal(**other):
    return {**TERMS, "effective_on": today(), "reason": "The board asks.", **other}


# Whose pages.


@pytest.mark.parametrize("name", ["change", *DIALOGS])
def test_who_is_not_assigned_finds_no_page_of_an_engagement(cast, page, name):
    row = build.engagement(cast)
    assert page(cast.ben).get(under(row, name)).status_code == 404
    assert page(cast.zoe).get(under(row, name)).status_code == 404
    assert page(cast.ben).post(under(row, name)).status_code == 404


def test_an_associate_looks_and_logs_decisions_and_does_nothing_else_and_reads_no_fees(cast, page):
    make.assignment(cast.ben, cast.orchard)
    row = build.engagement(cast)
    answer = page(cast.ben).get(desk.page_of(row))
    offered = [offer["page"].name for offer in answer.context["pages"]]
    assert offered == ["deliverables", "decisions", "log-decision", "packs"]
    assert "20,000" not in shown(answer)
    assert "20,000" in shown(page(cast.ada).get(desk.page_of(row)))
    for name in ("pause", "move", "hats", "contract", "end"):
        assert page(cast.ben).post(under(row, name)).status_code == 404
    assert Pause.objects.count() == 0


# From draft to end.


def test_an_engagement_is_drafted_with_its_hats_from_a_clients_page(cast, page):
    given = {
        "client": cast.orchard.pk,
        "name": "Two hats",
        "lead": cast.ada.pk,
        "starts_on": "",
        "share_CTO": "40",
        "share_CAIO": "60",
        "ai_in_scope": "on",
        "curve": "",
        "po_number": "",
    }
    answer = page(cast.ada).post("/desk/engagements/engagement/add/", given)
    row = Engagement.objects.get()
    assert answer.url == desk.page_of(row)
    assert dict(HatShare.objects.values_list("hat", "target")) == {"CTO": 40, "CAIO": 60}
    wrong = page(cast.ada).post("/desk/engagements/engagement/add/", {**given, "share_CTO": "50"})
    assert (wrong.status_code, Engagement.objects.count()) == (200, 1)
    assert "Two hats" in shown(page(cast.ada).get(desk.page_of(cast.orchard)))


def test_one_is_drafted_from_the_choice_on_an_assessment(cast, page):
    made = assessed(cast, "A3")
    browser = page(cast.ada)
    assert browser.get(under(made, "engage")).status_code == 404
    choose(cast, made)
    given = {"name": "AI", "lead": cast.ada.pk, "starts_on": ""}
    assert "Draft an engagement" in shown(browser.get(desk.page_of(made)))
    browser.post(under(made, "engage"), given)
    row = Engagement.objects.get()
    assert (row.name, row.origin, row.status) == ("AI", made.choice, "draft")


def test_from_proposal_to_handover_on_the_desk_alone(cast, page):
    row = build.engagement(
        cast, hats={"CTO": 100}, status="draft", starts_on=datetime.date(2026, 3, 2)
    )
    browser = page(cast.ada)
    browser.post(under(row, "move") + "?to=RETAINER", proposal())
    browser.post(under(row, "propose"))
    move = Move.objects.get()
    browser.post(
        under(move, "on-behalf"), {"contact": cast.priya.pk, "note": "On the phone.", "said_on": ""}
    )
    browser.post(under(row, "activate"))
    row.refresh_from_db()
    move.refresh_from_db()
    assert (row.status, move.status, move.recorded_by) == ("active", "effective", cast.ada)
    assert Stage.objects.get().point == "RETAINER"

    browser.post(under(row, "pause"), {"since_on": today(), "until_on": "", "reason": "Harvest."})
    row.refresh_from_db()
    assert (row.status, Pause.objects.get().reason) == ("paused", "Harvest.")
    browser.post(under(row, "resume"), {"on": today()})
    browser.post(under(row, "end"), {"on": today(), "reason": "Hired."})
    row.refresh_from_db()
    assert row.status == "ended"
    item = HandoverItem.objects.order_by("id").first()
    browser.post(under(row, "handover"), {"item": item.pk, "act": "tick", "note": "To Sam."})
    item.refresh_from_db()
    assert (item.done_by, item.note) == (cast.ada, "To Sam.")
    browser.post(under(row, "handover"), {"item": item.pk, "act": "untick"})
    item.refresh_from_db()
    assert item.done_at is None


def test_the_page_and_a_refused_activation_list_the_same_and_say_where_it_is_done(cast, page):
    row = build.engagement(cast, status="proposed", starts_on=datetime.date(2026, 3, 2))
    browser = page(cast.ada)
    before = browser.get(desk.page_of(row)).context["gate"]
    refused = browser.post(under(row, "activate"))
    assert [one["key"] for one in before] == ["begin", "charter"]
    assert refused.context["missing"] == [one["what"] for one in before]
    assert all(one["link"] for one in before)
    row.refresh_from_db()
    assert row.status == "proposed"


def test_what_is_missing_leads_to_what_waits_already(cast, page):
    row = build.engagement(cast, status="proposed", starts_on=datetime.date(2026, 3, 2))
    browser, how = page(cast.ada), {"by": make.actor(cast.ada), "at": NOW}

    def links() -> dict[str, str]:
        gate = browser.get(desk.page_of(row)).context["gate"]
        return {one["key"]: one["link"] for one in gate}

    drafts = f"{desk.link(Charter)}add/?engagement={row.pk}"
    assert links() == {"begin": under(row, "move"), "charter": drafts}
    browser.post(under(row, "move") + "?to=RETAINER_HIGH", proposal())
    charter = charters.draft(row, **how)
    assert links() == {
        "begin": desk.page_of(Move.objects.get()),
        "charter": desk.page_of(charter),
    }


def test_a_refusal_that_speaks_of_a_day_stands_on_that_day(cast, page):
    row = build.engagement(cast)
    answer = page(cast.ada).post(
        under(row, "wear"), {"hat": "CTO", "member": cast.ben.pk, "since_on": "2025-01-01"}
    )
    assert answer.context["form"].errors == {
        "since_on": ["Somebody wears this hat on that day already, or put it on later than that."]
    }


# Moves.


def test_the_move_dialog_says_which_points_are_shut_and_why(cast, page):
    row = build.engagement(cast, point="SPRINT", hats={"CTO": 100}, terms={"sprint": "6w"})
    told = page(cast.ada).get(under(row, "move")).context["targets"]
    assert {one["code"]: one["kind"] for one in told} == {
        "ADVISORY": "Step down",
        "SPRINT": "Other terms, same point",
        "RETAINER": "Step up",
        "RETAINER_HIGH": "Step up",
        "FULL_TIME": "",
    }
    assert "from a retainer" in told[-1]["why_not"]


def test_a_look_at_a_move_tells_what_differs_and_writes_nothing(cast, page):
    row = build.engagement(cast)
    browser = page(cast.ada)
    browser_url = under(row, "move") + "?to=RETAINER"
    dearer = browser.post(browser_url, proposal(fee_amount="22000", look="1")).context["look"]
    assert dearer["needs_agreement"] is True
    assert [(c.label, c.before, c.after) for c in dearer["changes"]] == [
        ("Fee", "EUR 20,000 a month", "EUR 22,000 a month")
    ]
    seen = browser.post(browser_url, proposal(client_sees_hats="on", look="1")).context["look"]
    assert seen["needs_agreement"] is False
    same = browser.post(browser_url, proposal(look="1"))
    assert "same point, same terms" in shown(same)
    assert Move.objects.count() == 0


def test_a_second_move_is_refused_while_one_waits(cast, page):
    row = build.engagement(cast)
    browser, url = page(cast.ada), under(row, "move") + "?to=RETAINER_HIGH"
    assert browser.post(url, proposal()).status_code == 302
    assert "settle that one first" in shown(browser.post(url, proposal()))
    assert Move.objects.count() == 1
    move = Move.objects.get()
    browser.post(under(move, "withdraw"), {"reason": "Not now."})
    move.refresh_from_db()
    assert (move.status, move.answered_reason) == ("withdrawn", "Not now.")


def test_a_rows_own_page_says_its_state_in_words(cast, page):
    row = build.engagement(cast)
    browser = page(cast.ada)
    browser.post(under(row, "move") + "?to=RETAINER_HIGH", proposal())
    told = shown(browser.get(desk.page_of(Move.objects.get())))
    assert "Proposed" in told
    assert "(&#x27;proposed&#x27;" not in told


# What else is put down.


def test_a_contract_is_drafted_with_its_file_offered_and_accepted_on_behalf(cast, page):
    row = build.engagement(cast)
    browser = page(cast.ada)
    signed = SimpleUploadedFile("letter.txt", b"Services and fees.\n")
    browser.post(under(row, "contract"), {"title": "Letter", "summary": "", "file": signed})
    version = ContractVersion.objects.get()
    browser.post(under(version, "offer"))
    proof = SimpleUploadedFile("mail.txt", b"Yes, agreed.\n")
    said = {"contact": cast.priya.pk, "note": "By mail.", "said_on": "", "evidence": proof}
    browser.post(under(version, "on-behalf"), said)
    version.refresh_from_db()
    assert (version.status, version.file.name, version.evidence.name) == (
        "accepted",
        "letter.txt",
        "mail.txt",
    )


def test_a_file_is_not_kept_when_the_verb_refuses(cast, page):
    row = build.engagement(cast)
    browser = page(cast.ada)
    browser.post(under(row, "contract"), {"title": "Letter", "summary": ""})
    again = SimpleUploadedFile("letter.txt", b"Services and fees.\n")
    answer = browser.post(under(row, "contract"), {"title": "Other", "summary": "", "file": again})
    assert "settle it first" in shown(answer)
    assert (ContractVersion.objects.count(), StoredFile.objects.count()) == (1, 0)


def test_an_exit_test_is_stated_and_a_burst_planned(cast, page):
    row = build.engagement(cast, hats={"CIO": 100})
    browser = page(cast.ada)
    said = {"test": "CIO-systems", "met": "yes", "reason": "Accepted in the board."}
    browser.post(under(row, "state-test"), said)
    assert [(s.test, s.met) for s in ExitStatement.objects.all()] == [("CIO-systems", True)]
    later = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=40)).date()
    burst = {
        "since_on": today(),
        "until_on": later.isoformat(),
        "cause": "product",
        "extra": "2",
        "note": "",
    }
    browser.post(under(row, "burst"), burst)
    assert Burst.objects.get().extra == 2


def test_who_wears_a_hat_and_to_whom_it_answers_is_put_down(cast, page):
    row = build.engagement(cast, status="draft")
    browser = page(cast.ada)
    line = {"hat": "CTO", "reports_to": "CEO", "since_on": today(), "review_on": ""}
    browser.post(under(row, "reporting"), line)
    worn = {"hat": "CTO", "member": cast.ben.pk, "since_on": today()}
    browser.post(under(row, "wear"), {**worn, "depth_evidence": "", "reason": ""})
    hats = {hat["hat"]: hat for hat in browser.get(desk.page_of(row)).context["hats"]}
    assert (hats["CTO"]["worn"].member, hats["CTO"]["line"].reports_to) == (cast.ben, "CEO")
    assert hats["CAIO"]["worn"].member == cast.ada
    browser.post(under(row, "hats"), {"share_CTO": "30", "share_CAIO": "70"})
    assert dict(HatShare.objects.values_list("hat", "target")) == {"CTO": 30, "CAIO": 70}


# As many statements for one as for three.


@pytest.mark.parametrize("where", ["list", "client"])
def test_lists_ask_the_same_number_of_queries_for_one_and_three(cast, page, where):
    browser = page(cast.ada)
    url = desk.link(Engagement) if where == "list" else desk.page_of(cast.orchard)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    build.engagement(cast)
    asked()
    one = asked()
    build.engagement(cast, name="Second")
    build.engagement(cast, name="Third", point="SPRINT", terms={"sprint": "6w"})
    assert asked() == one


def test_an_engagements_page_asks_the_same_however_much_belongs_to_it(cast, page):
    row = build.engagement(cast, point=None)
    build.stage(row, point="SPRINT", sprint="4w", since_on=row.starts_on)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page(cast.ada).get(desk.page_of(row)).status_code == 200
        return len(queries)

    asked()
    one = asked()
    Stage.objects.filter(engagement=row).update(until_on=datetime.date(2026, 2, 1))
    build.stage(
        row,
        point="SPRINT",
        sprint="6w",
        since_on=datetime.date(2026, 2, 1),
        until_on=datetime.date(2026, 2, 20),
    )
    build.stage(row, point="SPRINT", sprint="8w", since_on=datetime.date(2026, 2, 20))
    assert asked() == one
