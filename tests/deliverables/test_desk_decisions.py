"""The decision log at the desk over HTTP: one decision with its verbs, the log as list, timeline, reports, seal and files."""

import csv
import datetime
import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deliverables.models import Agreement, Decision, Opening, Score
from engagements import deputies
from engagements.desk.engagement_page import under
from engagements.models import Wearing
from practice import guards
from practice.desk import desk
from tests import make
from tests.deliverables import logged
from tests.engagements import build
from tests.make import NOW

PAGES = ("decisions", "decision-report", "decision-seal", "log-decision")
FILES = ("decisions-csv", "decisions-json", "decisions-records", "decisions-register")


@pytest.fixture
def row(cast):
    row = build.engagement(cast)
    logged.charter(cast, row)
    return row


@pytest.fixture
def unguarded(row):
    """The database's own refusals out of the way, as for somebody who owns it."""
    connection.check_constraints()
    guards.lift(connection)
    yield row
    connection.check_constraints()
    guards.install(connection)


def worn(row, hat: str) -> Wearing:
    return Wearing.objects.get(engagement=row, hat=hat, until_on=None)


def text(answer) -> str:
    return answer.content.decode()


def do(browser, decision, name, **said):
    answer = browser.post(under(decision, name), said)
    assert answer.status_code == 302, answer.context["form"].errors
    decision.refresh_from_db()
    return decision


def test_a_decision_s_page_says_by_which_right_and_that_its_seal_holds(cast, page, row):
    made = logged.decision(row, cast.ada, context="Three teams.")
    said = text(page(cast.ada).get(desk.page_of(made)))
    for words in (
        "The CTO hat (Ada) decided this on 2 March 2026, under the right DR-06",
        "Build or buy, outside AI",
        "As it was sealed",
        "1 of the log",
        "Nobody: the charter leaves it to this hat alone.",
    ):
        assert words in said.replace("&#x27;", "'")


def test_a_row_that_no_longer_says_what_was_sealed_is_shown_as_such(cast, page, unguarded):
    made = logged.decision(unguarded, cast.ada)
    Opening.objects.filter(name="reason").delete()
    assert "Erased" in text(page(cast.ada).get(desk.page_of(made)))
    Opening.objects.filter(name="question").update(value='"Which car do we buy?"')
    said = text(page(cast.ada).get(desk.page_of(made)))
    assert ("Not as it was sealed" in said, "As it was sealed" in said) == (True, False)
    assert "The words kept of question do not fit the seal." in said


def test_what_waits_for_the_other_hat_is_agreed_to_under_it(cast, page, row):
    made = logged.decision(row, cast.ada, code="DR-09", hat="CAIO")
    ada = page(cast.ada)
    assert "Awaiting agreement" in text(ada.get(desk.page_of(made)))
    made = do(ada, made, "agree", hat="CTO")
    given = Agreement.objects.get(decision=made)
    assert (made.status, given.hat, given.member) == ("decided", "CTO", cast.ada)


def test_the_scorecard_is_filled_in_under_both_hats_before_it_is_decided(cast, page, row):
    made = logged.decision(row, cast.ada, code="DR-10", hat="CAIO", decide=False)
    ada = page(cast.ada)
    said = text(ada.get(desk.page_of(made)))
    assert "Still to score the chosen option: CAIO, CTO." in said
    assert under(made, "decide") not in said
    do(ada, made, "score", hat="CAIO", option="1", impact="5", feasibility="3")
    do(ada, made, "score", hat="CTO", option="1", impact="4", feasibility="2", note="Hard.")
    assert Score.objects.count() == 2
    said = text(ada.get(desk.page_of(made)))
    assert ("4.00" in said, "3.00" in said, "3.50" in said) == (True, True, True)
    assert do(ada, made, "decide").status in ("decided", "awaiting")


def test_every_other_verb_has_its_page(cast, page, row):
    ada = page(cast.ada)
    made = logged.decision(row, cast.ada, decide=False)
    assert do(ada, made, "reject", reason="Too early.").status == "rejected"
    made = logged.decision(row, cast.ada, decide=False)
    assert do(ada, made, "withdraw", reason="").status == "withdrawn"
    made = logged.decision(row, cast.ada, decide=False, at=timezone.now())
    made = do(ada, made, "elsewhere", note="At the weekly call.")
    assert (made.status, made.origin) == ("decided", "on_behalf")
    later = timezone.now().date() + datetime.timedelta(days=30)
    made = do(ada, made, "review", note="It holds.", review_on=later.isoformat())
    assert (made.review_note, made.review_on) == ("It holds.", later)
    assert do(ada, made, "show").client_sees is True
    assert do(ada, made, "hide").client_sees is False
    made = logged.decision(row, cast.ada, code="DR-05", amount=9000, currency="EUR")
    assert under(made, "hide") not in text(ada.get(desk.page_of(made)))
    said = {"contact": cast.priya.pk, "note": "By telephone."}
    assert do(ada, made, "agreed-elsewhere", **said).status == "decided"


def test_a_second_person_answers_without_a_hat(cast, page):
    row = build.engagement(cast)
    logged.charter(cast, row, rights={"DR-06": {"second_person": True}})
    made = logged.decision(row, cast.ada)
    answer = page(cast.ada).post(under(made, "agree"), {"hat": "second"})
    assert "somebody else than who decides" in text(answer)
    assert do(page(cast.olu), made, "agree", hat="second").status == "decided"


def test_the_log_is_narrowed_by_hat_right_state_period_amount_and_words(cast, page, row):
    logged.decision(row, cast.ada, question="Which gateway?")
    logged.decision(row, cast.ada, code="DR-05", hat="CAIO", amount=300, currency="EUR")
    logged.decision(row, cast.ada, decide=False, reason="Cheaper to mend.")
    ada = page(cast.ada)

    def found(**asked) -> list[int]:
        answer = ada.get(under(row, "decisions"), asked)
        return [one["row"].number for one in answer.context["rows"]]

    assert found() == [3, 2, 1]
    assert found(hat="CAIO") == [2]
    assert found(code="DR-06") == [3, 1]
    assert found(status="proposed") == [3]
    assert found(from_on="2026-03-02", until_on="2026-03-02") == [2, 1]
    assert found(from_on="2026-03-03") == []
    assert found(amount_from="300", amount_until="300") == [2]
    assert found(q="cheaper MEND") == [3]
    assert found(q="gateway zebra") == []
    # What cannot be read narrows nothing, and says so.
    assert found(from_on="0001-01-01") == [3, 2, 1]
    assert "A day from 2000-01-01" in text(
        ada.get(under(row, "decisions"), {"from_on": "0001-01-01"})
    )


def test_the_timeline_goes_by_the_client_s_quarters_with_hat_and_name(cast, page, row):
    logged.decision(row, cast.ada)
    logged.decision(row, cast.ada, hat="CAIO", code="DR-26", at=NOW + datetime.timedelta(days=100))
    answer = page(cast.ada).get(under(row, "decisions"), {"view": "timeline"})
    quarters = [
        (q.name, [one["row"].hat for one in told]) for q, told in answer.context["quarters"]
    ]
    assert quarters == [("FY2026Q2", ["CAIO"]), ("FY2026Q1", ["CTO"])]
    assert '<span class="dl-hat dl-CAIO">CAIO</span>' in text(answer)


def test_the_reports_name_what_was_never_used_or_looked_at(cast, page, row):
    logged.decision(row, cast.ada, question="Which gateway?")
    answer = page(cast.ada).get(under(row, "decision-report"))
    said = text(answer)
    assert ("Which gateway?" in said, "DR-01 Architecture" in said, "100 %" in said) == (
        True,
        True,
        True,
    )
    assert "DR-06 Build" not in said


def test_the_whole_log_is_checked_where_it_lies_and_taken_along(cast, page, row):
    ada = page(cast.ada)
    assert "Nothing is sealed yet" in text(ada.get(under(row, "decision-seal")))
    assert "Nothing is sealed yet" in text(ada.get(under(row, "decision-bundle")))
    logged.decision(row, cast.ada)
    assert "Consistent in itself" in text(ada.get(under(row, "decision-seal")))
    packed = ada.get(under(row, "decision-bundle"))
    assert sorted(zipfile.ZipFile(io.BytesIO(packed.content)).namelist()) == [
        "README.txt",
        "log.json",
        "verify_log.py",
    ]


def test_a_log_that_was_tampered_with_is_called_so(cast, page, unguarded):
    logged.decision(unguarded, cast.ada)
    Opening.objects.filter(name="reason").update(value='"Another."')
    assert "Tampered with" in text(page(cast.ada).get(under(unguarded, "decision-seal")))


def test_files_hold_what_the_list_shows(cast, page, row):
    logged.decision(row, cast.ada, question="Which gateway?")
    made = logged.decision(row, cast.ada, question="Which editor?", decide=False)
    ada = page(cast.ada)
    table = ada.get(under(row, "decisions-csv"), {"status": "decided"})
    assert [one["question"] for one in csv.DictReader(io.StringIO(text(table)))] == [
        "Which gateway?"
    ]
    whole = json.loads(text(ada.get(under(row, "decisions-json"))))
    assert [one["number"] for one in whole["decisions"]] == [1, 2]
    packed = zipfile.ZipFile(io.BytesIO(ada.get(under(row, "decisions-records")).content))
    assert packed.namelist() == ["two-hats/0001-which-gateway.md", "two-hats/0002-which-editor.md"]
    paper = ada.get(under(row, "decisions-register"))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert paper["Content-Disposition"] == 'attachment; filename="decisions-two-hats.pdf"'
    record = ada.get(under(made, "record"))
    assert text(record).startswith("# 2. Which editor?\n")


@pytest.mark.parametrize("name", [*PAGES, *FILES, "decision-bundle", "decision-check"])
def test_pages_of_an_engagement_one_does_not_see_are_not_there(cast, page, row, name):
    logged.decision(row, cast.ada)
    for who in (cast.ben, cast.zoe):
        assert page(who).get(under(row, name)).status_code == 404
    assert page(cast.fin).get(under(row, name)).status_code == 404


def test_who_only_keeps_the_books_finds_no_decision(cast, page, row):
    made = logged.decision(row, cast.ada)
    fin = page(cast.fin)
    assert fin.get("/desk/decisions/").status_code == 403
    assert fin.get(desk.page_of(made)).status_code in (403, 404)
    assert "Log by engagement" not in text(fin.get("/desk/"))


def test_pages_ask_the_same_number_of_queries_at_one_and_three(cast, page, row):
    ada = page(cast.ada)
    first = logged.decision(row, cast.ada, code="DR-09", hat="CAIO")
    paths = [
        "/desk/decisions/",
        "/desk/deliverables/decision/",
        under(row, "decisions"),
        f"{under(row, 'decisions')}?view=timeline",
        *(under(row, name) for name in FILES),
        under(row, "decision-report"),
        under(row, "decision-seal"),
        desk.page_of(first),
    ]

    def asked() -> dict[str, int]:
        found = {}
        for path in paths:
            ada.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert ada.get(path).status_code == 200
            found[path] = len(queries)
        return found

    one = asked()
    for _ in range(2):
        logged.decision(row, cast.ada, code="DR-09", hat="CAIO")
    assert asked() == one


def test_the_list_of_all_decisions_is_filtered(cast, page, row):
    logged.decision(row, cast.ada, code="DR-05", amount=900, currency="EUR")
    logged.decision(row, cast.ada, code="DR-05", amount=9000, currency="EUR")
    logged.decision(row, cast.ada)
    ada = page(cast.ada)

    def found(query: str) -> list[int]:
        answer = ada.get(f"/desk/deliverables/decision/?{query}")
        return [one.number for one in answer.context["cl"].result_list]

    assert found("") == [3, 2, 1]
    assert found("amount=none") == [3]
    assert found("amount=1000") == [1]
    assert found("amount=10000") == [2, 1]
    assert found("amount=more") == []
    assert found("amount=over") == [2]
    assert found("status__exact=awaiting") == [2]
    assert found("q=gateway") == [3, 2, 1]


def test_decided_elsewhere_names_only_who_may_have_decided(cast, page, row):
    made = logged.decision(row, cast.ada, decide=False, at=timezone.now())
    answer = page(cast.ada).post(
        under(made, "elsewhere"), {"note": "Call.", "decider": cast.olu.pk}
    )
    assert answer.context["form"].errors == {
        "decider": ["They neither wore the hat that day nor stood in for it."]
    }
    assert Decision.objects.get().status == "proposed"


def test_an_associate_proposes_and_does_not_put_down_what_others_said(cast, page, row):
    make.assignment(cast.ben, cast.orchard)
    made = logged.decision(row, cast.ada, decide=False)
    ben = page(cast.ben)
    offered = {one["page"].name for one in ben.get(desk.page_of(made)).context["pages"]}
    assert offered == {"decide", "edit", "record", "reject", "withdraw"}
    assert ben.get(desk.page_of(made)).context["acts"] == []
    for name in ("elsewhere", "agreed-elsewhere", "review", "show"):
        assert ben.post(under(made, name), {"note": "Call."}).status_code == 404
    assert "Ada wears the CTO hat" in text(ben.post(under(made, "decide")))
    assert do(ben, made, "withdraw").status == "withdrawn"


def test_a_deputy_decides_and_the_page_names_both(cast, page, row):
    since = NOW.date()
    named = {"since_on": since, "until_on": since + datetime.timedelta(days=400)}
    make.assignment(cast.ben, cast.orchard)
    how = {"by": make.actor(cast.ada), "at": NOW}
    deputy = deputies.name(worn(row, "CTO"), member=cast.ben, **named, **how)
    deputies.accept(deputy, by=make.actor(cast.priya), at=NOW)
    made = logged.decision(row, cast.ben)
    said = text(page(cast.ada).get(desk.page_of(made)))
    assert "The CTO hat (Ben, standing in for Ada) decided this on 2 March 2026" in said


def test_what_cannot_be_undone_stands_last_among_the_buttons(cast, page, row):
    made = logged.decision(row, cast.ada, decide=False)
    told = text(page(cast.ada).get(desk.page_of(made)))
    buttons = told[told.index('class="rm-acts"') :]
    order = [
        buttons.index(f">{label}</a>") for label in ("Show it to the client", "Reject", "Withdraw")
    ]
    assert order == sorted(order)
