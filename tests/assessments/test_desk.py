"""Assessments at the desk over HTTP: who finds which page, what the runner keeps, what a choice needs, the read."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import known, library, links, questionnaire, reads, scoring
from assessments.models import Assessment, Choice, ClientFact, ProspectLink, Read
from practice import access, keys
from practice.desk import desk
from tests import make
from tests.assessments.test_assessments import SHEETS, assessed, choose
from tests.make import NOW

CHOSEN = {
    "next_seat": "CAIO",
    "end_shape": "TWO_PEOPLE",
    "point": "RETAINER",
    "hats": ["CAIO"],
    "preferred_lens": "S4",
    "reason": "The board asks.",
}


def under(row, page: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{page}/"


def learn(cast, facts, at=NOW):
    by = make.actor(cast.ada)
    return known.learn(
        cast.orchard, facts=facts, said_on=at.date(), source="talk", by=by, at=at, said_by="Priya"
    )


def told(act: str, was=None, **answers) -> dict:
    return {
        "act": act,
        "said_by": "Priya",
        "said_on": "2026-03-02",
        "source": "talk",
        "was": json.dumps(was or {}),
        **answers,
    }


# Whose pages.


@pytest.mark.parametrize("page_name", ["assess", "panel"])
def test_who_is_not_assigned_finds_no_runner(cast, page, page_name):
    browser = page(cast.ada)
    assert browser.post(under(cast.quarry, page_name)).status_code == 404
    assert browser.post(under(cast.zoes_client, page_name)).status_code == 404
    assert page(cast.ben).post(under(cast.orchard, page_name)).status_code == 404
    assert page(cast.fin).post(under(cast.orchard, page_name)).status_code == 404


def test_who_is_not_assigned_finds_no_assessment(cast, page):
    made = assessed(cast)
    for name in ("change", "compare", "choose", "issue"):
        assert page(cast.ben).get(under(made, name)).status_code == 404
        assert page(cast.zoe).get(under(made, name)).status_code == 404


def test_an_associate_assesses_and_does_not_choose(cast, page):
    make.assignment(cast.ben, cast.orchard)
    made = assessed(cast)
    browser = page(cast.ben)
    assert browser.get(under(cast.orchard, "assess")).status_code == 200
    shown = browser.get(desk.page_of(made))
    assert "Record your choice" not in shown.content.decode()
    assert browser.get(under(made, "choose")).status_code == 404
    assert browser.post(under(made, "choose"), CHOSEN).status_code == 404
    assert Choice.objects.count() == 0


def test_finance_sees_nothing_of_assessments_in_the_menu(cast, page):
    home = page(cast.fin).get("/desk/").content.decode()
    assert "Prospect links" not in home
    assert "Lenses" not in home
    assert page(cast.fin).get("/desk/lenses/").status_code == 403


def test_the_lists_ask_the_database_as_often_for_three_rows_as_for_one(cast, page):
    browser = page(cast.ada)
    assessed(cast)

    def counted(model) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(desk.link(model)).status_code == 200
        return len(seen)

    models = (Assessment, ClientFact, Read, ProspectLink)
    browser.get(desk.link(Assessment))
    one = [counted(model) for model in models]
    for _ in range(2):
        choose(cast, made := assessed(cast))
        reads.issue(made, by=make.actor(cast.ada), at=NOW)
        links.open_for(cast.orchard, person="Priya", by=make.actor(cast.ada), at=NOW)
    choose(cast, Assessment.objects.order_by("id").first())
    assert [counted(model) for model in models] == one


# The client's page.


def test_a_clients_page_says_what_is_known_and_who_said_so(cast, page):
    learn(cast, {"cto_seat": "none", "annual_revenue": 1_200_000})
    shown = page(cast.ada).get(desk.page_of(cast.orchard)).content.decode()
    assert "State of the technology seat" in shown
    assert "$1,200,000" in shown
    assert "Priya" in shown
    assert under(cast.orchard, "assess") in shown


def test_a_fact_shows_every_answer_so_far(cast, page):
    learn(cast, {"engineers": 7})
    (fact,) = learn(cast, {"engineers": 12}, at=NOW.replace(hour=11))
    shown = page(cast.ada).get(desk.page_of(fact))
    rows = shown.context["sections"][0]["rows"]
    assert [row["cells"][0][1] for row in rows] == ["12", "7"]


# The runner.


def test_the_runner_is_filled_with_what_is_known(cast, page):
    learn(cast, {"cto_seat": "partial", "engineers": 7, "external_pressure": ["board"]})
    shown = page(cast.ada).get(under(cast.orchard, "assess"))
    filled = {
        question["ask"].fact: question["value"]
        for subject in shown.context["subjects"]
        for question in subject["questions"]
        if question["value"] is not None
    }
    assert filled == {"cto_seat": "partial", "engineers": 7, "external_pressure": ["board"]}
    assert len({ask.fact for _, ask in questionnaire.asks()}) == len(questionnaire.asks())


def test_the_panel_follows_answers_and_nothing_is_stored(cast, page):
    answers = {name: value for name, value in SHEETS["A1"]["facts"].items() if value != []}
    shown = page(cast.ada).post(under(cast.orchard, "panel"), answers)
    said = [facet["code"] for facet in shown.context["panel"]["facets"]]
    assert said == ["COMBINED", "ONE_PERSON_TWO_HATS"]
    assert [one["key"] for one in shown.context["panel"]["dissent"]] == ["S3"]
    assert (ClientFact.objects.count(), Assessment.objects.count()) == (0, 0)


def test_an_answer_that_cannot_be_read_is_named_and_the_rest_still_counts(cast, page):
    sent = {"cto_seat": "none", "engineers": "many", "annual_revenue": "-1", "ai_people": "1.5"}
    shown = page(cast.ada).post(under(cast.orchard, "panel"), sent)
    assert sorted(label for label, _ in shown.context["faults"]) == [
        "Engineers employed",
        "People who work on AI",
        "Revenue in a year, in US dollars",
    ]
    assert shown.context["answered"] == 1


def test_questions_about_a_cto_are_off_where_there_is_none(cast, page):
    shown = page(cast.ada).post(under(cast.orchard, "panel"), {"cto_seat": "none"})
    assert "cto_bandwidth" in shown.context["off"]
    assert "engineers" not in shown.context["off"]


def test_kept_answers_become_facts_with_their_source(cast, page):
    sent = told("keep", cto_seat="none", annual_revenue="$1,500,000")
    answer = page(cast.ada).post(under(cast.orchard, "assess"), sent)
    assert answer.status_code == 302
    facts = ClientFact.objects.order_by("name").values_list("name", "value", "said_by", "source")
    assert list(facts) == [
        ("annual_revenue", 1_500_000, "Priya", "talk"),
        ("cto_seat", "none", "Priya", "talk"),
    ]


def test_keeping_touches_only_what_this_person_changed(cast, page):
    """Somebody else learnt more while this form stood open."""
    learn(cast, {"engineers": 7})
    learn(cast, {"employees": 90})
    sent = told("keep", was={"engineers": 7}, engineers="9", employees="")
    page(cast.ada).post(under(cast.orchard, "assess"), sent)
    assert known.now_of(cast.orchard) == {"engineers": 9, "employees": 90}


def test_run_and_keep_makes_an_assessment_and_shows_it(cast, page):
    sent = told("run", **SHEETS["A3"]["facts"])
    answer = page(cast.ada).post(under(cast.orchard, "assess"), sent)
    made = Assessment.objects.get()
    assert answer["Location"] == desk.page_of(made)
    assert (made.answered_by, made.next_seat) == ("Priya", "CAIO")


def test_a_wrong_number_keeps_nothing_and_says_so(cast, page):
    sent = told("run", cto_seat="none", engineers="NaN")
    shown = page(cast.ada).post(under(cast.orchard, "assess"), sent)
    assert shown.status_code == 200
    assert "Engineers employed" in shown.content.decode()
    assert (ClientFact.objects.count(), Assessment.objects.count()) == (0, 0)


# The record.


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_every_fixture_company_has_a_page_with_all_its_voices(cast, page, name):
    made = assessed(cast, name)
    shown = page(cast.ada).get(desk.page_of(made))
    text = shown.content.decode()
    for lens in shown.context["panel"]["lenses"]:
        assert lens["name"] in text
    for dissent in made.result["dissent"]:
        for rule in dissent["rules"]:
            assert rule in text
    assert [c["id"] for c in shown.context["panel"]["conflicts"]] == [
        c["id"] for c in made.result["conflicts"]
    ]


def test_spending_on_ai_is_one_scale_with_four_marks_and_the_clients_place(cast, page):
    made = assessed(cast, "A3")
    conflicts = page(cast.ada).get(desk.page_of(made)).context["panel"]["conflicts"]
    (spending,) = [one for one in conflicts if one["id"] == "C-03"]
    marks = [mark["label"] for mark in spending["scale"]["marks"]]
    assert marks == ["$1m", "$2m", "$5m", "$10m"]
    places = [mark["x"] for mark in spending["scale"]["marks"]]
    assert places[1] < spending["scale"]["here"] < places[2]


def test_a_choice_needs_a_reason_and_is_made_once(cast, page):
    made = assessed(cast)
    browser = page(cast.ada)
    refused = browser.post(under(made, "choose"), {**CHOSEN, "reason": " "})
    assert set(refused.context["form"].errors) == {"reason"}
    assert browser.post(under(made, "choose"), CHOSEN).status_code == 302
    again = browser.post(under(made, "choose"), CHOSEN)
    assert "choice stands" in again.content.decode()
    assert Choice.objects.get().hats == ["CAIO"]


def test_another_value_than_the_practices_needs_its_own_reason(cast, page):
    made = assessed(cast)
    sent = {**CHOSEN, "value_C-02": "S5"}
    refused = page(cast.ada).post(under(made, "choose"), sent)
    assert set(refused.context["form"].errors) == {"reason_C-02"}
    page(cast.ada).post(under(made, "choose"), {**sent, "reason_C-02": "Their platform holds."})
    assert Choice.objects.get().overrides == [
        {"conflict": "C-02", "value": "S5", "reason": "Their platform holds."}
    ]


def test_a_read_is_issued_shown_and_downloaded(cast, page):
    made = assessed(cast, "A3")
    browser = page(cast.ada)
    assert browser.get(under(made, "issue")).status_code == 200
    browser.post(under(made, "issue"))
    assert Read.objects.count() == 0
    browser.post(under(made, "choose"), CHOSEN)
    answer = browser.post(under(made, "issue"))
    read = Read.objects.get()
    assert answer["Location"] == desk.page_of(read)
    assert "The board asks." in browser.get(desk.page_of(read)).content.decode()
    pdf = browser.get(under(read, "pdf"))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == 'attachment; filename="orchard-read.pdf"'
    assert pdf["X-Content-Type-Options"] == "nosniff"
    assert pdf["Cache-Control"].startswith("private, no-store")


def test_two_runs_side_by_side_say_what_moved(cast, page):
    one = assessed(cast, "A3")
    learn(cast, {"cto_stretched": "no"})
    two = scoring.assess(cast.orchard, by=make.actor(cast.ada), at=NOW)
    shown = page(cast.ada).get(under(two, "compare"))
    assert [row["label"] for row in shown.context["moved"]["facts"]] == [
        "The technology lead has no room left"
    ]
    assert shown.context["other"] == one
    assert page(cast.ada).get(under(one, "compare")).context["other"] == two


def test_a_run_is_not_compared_with_another_clients(cast, page):
    made = assessed(cast)
    by = access.system(cast.practice.pk)
    known.learn(
        cast.quarry, facts={"engineers": 1}, said_on=NOW.date(), source="talk", by=by, at=NOW
    )
    other = scoring.assess(cast.quarry, by=by, at=NOW)
    shown = page(cast.olu).get(under(made, "compare") + f"?with={other.pk}")
    assert shown.context["moved"] is None


# Links.


def test_a_links_address_is_shown_once(cast, page):
    browser = page(cast.ada)
    sent = {"client": str(cast.orchard.pk), "person": "Priya", "may_see_read": "on"}
    made = browser.post("/desk/assessments/prospectlink/add/", sent)
    link = ProspectLink.objects.get()
    address = made.context["address"]
    assert keys.digest(address.rstrip("/").rsplit("/", 1)[-1]) == link.token_hash
    assert "no-store" in made["Cache-Control"]
    assert "/answer/" not in browser.get(desk.page_of(link)).content.decode()


def test_a_link_is_revoked_at_the_desk(cast, page):
    link, _ = links.open_for(
        cast.orchard, person="Priya", by=make.actor(cast.ada), at=make.NOW.replace(year=2099)
    )
    page(cast.ada).post(under(link, "revoke"))
    link.refresh_from_db()
    assert link.revoked_at is not None


# The library.


def test_the_library_shows_every_lens_with_its_bias(cast, page):
    for key, lens in library.newest().items():
        shown = page(cast.ada).get(f"/desk/lenses/{key}/")
        assert [question["id"] for question in shown.context["questions"]] == [
            question.id for question in lens.questions
        ]
        assert lens.file in shown.content.decode()
    assert page(cast.ada).get("/desk/lenses/S9/").status_code == 404
