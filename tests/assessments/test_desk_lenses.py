"""Lenses at the desk over HTTP: own ones taken in, each filled in on its page, what stands beside the panel, policies."""

import dataclasses
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import known, library, own_lenses, scoring
from assessments.lenses import Question
from assessments.models import Assessment, ClientFact, PracticeLens
from practice.desk import desk
from tests import make
from tests.assessments.test_assessments import SHEETS, assessed, choose
from tests.assessments.test_desk import under
from tests.assessments.test_own_lenses import BAD, GOOD, upload
from tests.make import NOW
from tests.ops.serving import REPO

ADD = "/desk/assessments/practicelens/add/"
FAULTS = [
    "line 14: questions[0].fact: staff is no fact",
    "line 20: rules[0].when: Q9 is no question or value known here",
    "line 29: texts.WAIT: is missing",
]
BREAKS = GOOD.replace('"Q1 < 50"', '"1000 / (Q1 - 77) < 50"').replace("OWN-RUNWAY", "OWN-DIVIDES")


def file(text: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("own.toml", text.encode() if isinstance(text, str) else text)


def said(browser, key: str, **answers):
    sent = {name.replace("_", "-"): value for name, value in answers.items()}
    return browser.post(f"/desk/lenses/{key}/said/", sent).context


def told(context) -> tuple[str, list[str]]:
    return context["said"]["outcome"], [id for id, _ in context["said"]["rules"]]


def stored() -> tuple[int, int]:
    return ClientFact.objects.count(), Assessment.objects.count()


# Taken in.


@pytest.mark.parametrize("sent", [{"text": GOOD}, {"text": "", "file": file(GOOD)}])
def test_an_owner_takes_a_lens_in_as_text_or_as_a_file(cast, page, sent):
    browser = page(cast.olu)
    answer = browser.post(ADD, sent)
    row = PracticeLens.objects.get()
    assert (row.key, row.lens_version, row.text) == ("OWN-RUNWAY", 1, GOOD)
    assert answer["Location"] == desk.page_of(row)
    assert "Fifty people or more." in browser.get(desk.page_of(row)).content.decode()
    assert "OWN-RUNWAY" in browser.get(desk.link(PracticeLens)).content.decode()


def test_line_ends_of_a_browser_are_not_the_authors(cast, page):
    page(cast.olu).post(ADD, {"text": GOOD.replace("\n", "\r\n")})
    assert PracticeLens.objects.get().text == GOOD


@pytest.mark.parametrize("sent", [{"text": BAD}, {"file": file(BAD)}], ids=["text", "file"])
def test_a_bad_lens_shows_every_fault_at_once_and_keeps_what_was_sent(cast, page, sent):
    if "file" in sent:
        sent["file"].seek(0)
    shown = page(cast.olu).post(ADD, sent)
    form = shown.context["adminform"].form
    assert (shown.status_code, form.errors["text"]) == (200, FAULTS)
    assert form["text"].value() == BAD
    assert PracticeLens.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, {"text": ["Paste the lens here or choose its file."]}),
        ({"text": GOOD, "file": file(GOOD)}, {"file": ["The text or a file, not both."]}),
        ({"file": file(b"\xff\xfe")}, {"file": ["This is no text in UTF-8."]}),
        ({"file": file("#" * 300_000)}, {"text": ["file: is longer than 200,000 bytes"]}),
    ],
    ids=["nothing", "both", "no text", "too long"],
)
def test_what_is_no_lens_at_all_is_told(cast, page, sent, wrong):
    shown = page(cast.olu).post(ADD, sent)
    found = shown.context["adminform"].form.errors
    assert {name: found[name] for name in wrong} == wrong
    assert PracticeLens.objects.count() == 0


def test_a_version_that_is_there_is_refused_on_the_page(cast, page):
    upload(cast)
    shown = page(cast.olu).post(ADD, {"text": GOOD})
    assert shown.context["adminform"].form.errors["text"] == [
        "OWN-RUNWAY 1 is there already; give the file its next version."
    ]


def test_a_key_or_name_too_long_for_its_column_is_told_by_its_line(cast, page):
    text = GOOD.replace('"Runway"', f'"{"R" * 121}"').replace("OWN-RUNWAY", "OWN-" + "R" * 37)
    shown = page(cast.olu).post(ADD, {"text": text})
    assert shown.context["adminform"].form.errors["text"] == [
        "line 2: key: is longer than 40 characters",
        "line 4: name: is longer than 120 characters",
    ]


def test_only_an_owner_takes_lenses_in(cast, page):
    for person in (cast.ada, cast.ben, cast.fin):
        assert page(person).post(ADD, {"text": GOOD}).status_code == 403
    assert PracticeLens.objects.count() == 0
    assert ADD not in page(cast.ada).get("/desk/lenses/").content.decode()
    assert ADD in page(cast.olu).get("/desk/lenses/").content.decode()


# In the library.


def test_the_library_shows_a_practices_own_lenses_to_that_practice_alone(cast, page):
    upload(cast)
    upload(cast, GOOD.replace("version = 1", "version = 2"))
    row = PracticeLens.objects.get(lens_version=2)
    assert page(cast.ben).get("/desk/lenses/").context["own"] == [row]
    assert page(cast.zoe).get("/desk/lenses/").context["own"] == []
    for tail in ("", "fill/"):
        path = f"/desk/lenses/OWN-RUNWAY/{tail}"
        assert page(cast.ben).get(path).status_code == 200
        assert page(cast.fin).get(path).status_code == 403
        assert page(cast.zoe).get(path).status_code == 404
    assert page(cast.zoe).post("/desk/lenses/OWN-RUNWAY/said/").status_code == 404


def test_each_lens_shows_its_file_as_it_was_published(cast, page):
    upload(cast)
    browser = page(cast.ada)
    assert browser.get("/desk/lenses/OWN-RUNWAY/").context["file"] == GOOD
    for key, lens in library.newest().items():
        assert f'key = "{key}"' in browser.get(f"/desk/lenses/{key}/").context["file"]
        assert library.text(key, lens.version).count("[[rules]]") == len(lens.rules)


def test_library_and_assessment_ask_the_database_as_often_for_three_own_lenses_as_for_one(
    cast, page
):
    browser = page(cast.ada)
    paths = ["/desk/lenses/"]

    def counted() -> list[int]:
        paths[1:] = [desk.page_of(assessed(cast)), under(cast.orchard, "assess")]
        found = []
        for path in paths:
            browser.get(path)
            with CaptureQueriesContext(connection) as seen:
                assert browser.get(path).status_code == 200
            found.append(len(seen))
        return found

    upload(cast)
    one = counted()
    for name in ("OWN-SECOND", "OWN-THIRD"):
        upload(cast, GOOD.replace("OWN-RUNWAY", name))
    assert counted() == one


# Filled in.


@pytest.mark.parametrize("key", sorted(library.newest()))
def test_every_lens_has_a_page_with_a_box_for_each_of_its_questions(cast, page, key):
    shown = page(cast.ben).get(f"/desk/lenses/{key}/fill/")
    lens = library.newest()[key]
    assert [box["ask"].name for box in shown.context["boxes"]] == [q.id for q in lens.questions]
    text = shown.content.decode()
    assert "Nothing is answered yet." in text
    for question in lens.questions:
        assert f'name="{question.id}"' in text


def test_the_screen_stops_at_the_first_filter_that_fails(cast, page):
    browser = page(cast.ada)
    passed = {"SCREEN_F1": "yes", "SCREEN_F2": "yes", "SCREEN_F3": "yes"}
    both = ["S4-D9", "S2-D8"]
    assert told(said(browser, "SCREEN", SCREEN_F1="no")) == ("NOT_RUN_IN_PRODUCTION", ["S4-D9"])
    assert told(said(browser, "SCREEN", SCREEN_F1="yes", SCREEN_F2="no"))[0] == "NOT_CURRENT"
    assert told(said(browser, "SCREEN", **passed | {"SCREEN_F3": "no"}))[0] == "CANNOT_SAY_NO"
    whole = passed | {"S2_Q10": "yes", "S2_Q11": "yes"}
    assert told(said(browser, "SCREEN", **whole)) == ("FITS_BOTH_HATS", both)
    assert told(said(browser, "SCREEN", **whole | {"S2_Q10": "no"}))[0] == "FITS_CAIO_HAT"
    open_one = said(browser, "SCREEN", **passed, S2_Q10="yes")
    assert open_one["said"]["provisional"] is True
    assert (open_one["answered"], open_one["asked"]) == (4, 5)
    assert stored() == (0, 0)


def test_the_dual_hat_test_names_each_condition_that_fails(cast, page):
    browser = page(cast.ada)
    able = {"S3_Q15": "yes", "S3_Q16": "yes", "S3_Q17": "yes", "S3_Q18": "yes"}
    calm = {f"S3_Q{number}": "no" for number in (19, 20, 21, 22)}
    assert told(said(browser, "DUAL-HAT", **able, **calm)) == ("CTO_HOLDS_AI", ["S3-D9"])
    found = said(browser, "DUAL-HAT", **able | {"S3_Q17": "no"}, **calm | {"S3_Q19": "yes"})
    assert told(found) == ("CTO_SHOULD_NOT_HOLD_AI", ["S3-D9", "S3-W1"])
    assert found["said"]["warnings"][0]["items"] == [
        "Does the CTO have the time for it?",
        "Does AI always come after something else?",
    ]


def test_questions_about_a_cto_are_off_where_there_is_none_on_a_lenss_own_page_too(cast, page):
    found = said(page(cast.ada), "DUAL-HAT", S3_Q15="no")
    assert found["off"] == [f"S3-Q{number}" for number in range(16, 23)]
    assert (found["answered"], found["asked"]) == (1, 1)
    assert said(page(cast.ada), "DUAL-HAT", S3_Q15="yes")["off"] == []


def test_what_is_needed_and_open_is_named(cast, page):
    found = said(page(cast.ada), "DUAL-HAT", S3_Q16="yes")
    assert (found["said"]["outcome"], found["said"]["missing"]) == (
        "INCOMPLETE",
        ["Is there a CTO today?"],
    )


def test_without_a_script_the_whole_page_says_the_same_and_keeps_what_was_put_in(cast, page):
    sent = {"S4-Q1": "6", "S4-Q2": "$3,000,000", "S4-Q4": "many", "S4-Q7": "continuous"}
    shown = page(cast.ada).post("/desk/lenses/S4/fill/", sent)
    values = {box["ask"].name: box["value"] for box in shown.context["boxes"] if box["value"]}
    assert values == {
        "S4-Q1": 6,
        "S4-Q2": 3_000_000,
        "S4-Q4": "many",
        "S4-Q7": "continuous",
    }
    assert shown.context["faults"] == [("How many engineers work for you?", "a number is expected")]
    assert stored() == (0, 0)


def test_a_result_gives_the_grounds_its_words_refer_to(cast, page):
    facts = SHEETS["A5"]["facts"]
    found = {one["key"]: dict(one["further"]) for one in _panel(cast, page, facts)["lenses"]}
    assert found["S4"]["Why two owners"] == (
        "A hundred engineers or more. Two million dollars a year on AI or more."
    )
    assert found["S4"]["Until then"] == "Five to eight days a month."
    assert "More than twenty people on AI." in found["S5"]["Asks for a seat of its own"]


def test_an_own_lens_that_breaks_on_an_answer_says_so(cast, page):
    upload(cast, BREAKS)
    found = said(page(cast.ada), "OWN-DIVIDES", OWN_DIVIDES_Q1="77")
    assert found["said"] is None
    assert [label for label, _ in found["faults"]] == ["It broke on these answers."]
    assert told(said(page(cast.ada), "OWN-DIVIDES", OWN_DIVIDES_Q1="80"))[0] == "GO"


# Beside the panel.


def _panel(cast, page, facts):
    answers = {name: value for name, value in facts.items() if value != []}
    return page(cast.ada).post(under(cast.orchard, "panel"), answers).context["panel"]


def kept(cast, facts):
    by = make.actor(cast.ada)
    known.learn(cast.orchard, facts=facts, said_on=NOW.date(), source="talk", by=by, at=NOW)
    return scoring.assess(cast.orchard, by=by, at=NOW)


def beside(cast, page, made) -> list[tuple[str, str, int]]:
    panel = page(cast.ada).get(desk.page_of(made)).context["panel"]
    return [(one["key"], one["text"], one["version"]) for one in panel["beside"]]


def test_own_lenses_speak_beside_the_panel_and_are_marked_as_not_voting(cast, page):
    upload(cast)
    made = kept(cast, {"employees": 70, "cto_seat": "none"})
    shown = page(cast.ada).get(desk.page_of(made))
    assert beside(cast, page, made) == [("OWN-RUNWAY", "Go.", 1)]
    text = shown.content.decode()
    assert "They speak and do not vote." in text
    assert "Fifty people or more." in text
    live = _panel(cast, page, {"employees": 12})
    assert [(one["name"], one["text"]) for one in live["beside"]] == [("Runway", "Wait.")]
    assert "OWN-RUNWAY" not in [one["key"] for one in live["lenses"]]


def test_an_old_run_speaks_in_the_words_of_its_day(cast, page):
    upload(cast)
    made = kept(cast, {"employees": 70})
    upload(cast, GOOD.replace("version = 1", "version = 2").replace('"Go."', '"Run."'))
    assert beside(cast, page, made) == [("OWN-RUNWAY", "Go.", 1)]
    assert beside(cast, page, kept(cast, {"employees": 71})) == [("OWN-RUNWAY", "Run.", 2)]


def test_an_own_lens_that_broke_is_shown_as_broken_and_stops_nothing(cast, page):
    upload(cast, BREAKS)
    made = kept(cast, {"employees": 77})
    (one,) = page(cast.ada).get(desk.page_of(made)).context["panel"]["beside"]
    assert (one["name"], one["broken"]) == ("Runway", True)
    assert own_lenses.behind(make.actor(cast.zoe), made.result["beside"]) == {}


# Where the sources differ.


def conflict(cast, page, made, id="C-02"):
    shown = page(cast.ada).get(desk.page_of(made)).context["panel"]["conflicts"]
    return next(one for one in shown if one["id"] == id)


def hold(cast, **policy):
    type(cast.practice).objects.filter(pk=cast.practice.pk).update(policy=policy)


def test_the_practices_value_stands_beside_the_sources(cast, page):
    found = conflict(cast, page, assessed(cast))
    assert found["stance"]["words"] == "Due, seat, spectrum, posture (S4)"
    assert {value["lens"] for value in found["values"] if value["lens"] == found["taken"]} == {"S4"}
    assert [name for name, _ in found["biases"]] == [
        "Five shift signals",
        "Four questions",
        "First hire for smaller companies",
        "Due, seat, spectrum, posture",
        "Need and absorb",
    ]
    made = assessed(cast)
    assert conflict(cast, page, made, "C-05")["stance"]["words"] == "Our own prices"
    assert conflict(cast, page, made, "C-11")["stance"] is None


def test_what_the_practice_held_on_the_day_is_what_a_run_shows(cast, page):
    hold(cast, split_lens="S5")
    cast.practice.refresh_from_db()
    made = assessed(cast)
    hold(cast, split_lens="S1")
    assert conflict(cast, page, made)["stance"]["ours"] == "S5"


def test_what_was_taken_for_this_client_stands_beside_what_the_practice_takes(cast, page):
    made = assessed(cast)
    taken = [{"conflict": "C-02", "value": "S5", "reason": "Their platform holds."}]
    choose(cast, made, overrides=taken)
    found = conflict(cast, page, made)
    assert (found["stance"]["ours"], found["taken"]) == ("S4", "S5")
    assert found["stance"]["exception"]["words"] == "Need and absorb (S5)"
    text = page(cast.ada).get(desk.page_of(made)).content.decode()
    assert text.count("Their platform holds.") == 2


@pytest.mark.parametrize(
    ("size", "said_there"),
    [
        ("mid", "to the CTO at first, with a date on which to look at moving to the CEO."),
        ("large", "CTO and CAIO both report to the CEO."),
        ("small", ""),
    ],
)
def test_a_seat_of_its_own_comes_with_whom_it_reports_to_by_size(cast, page, size, said_there):
    panel = _panel(cast, page, SHEETS["A3"]["facts"] | {"size_class": size})
    found = [aside["text"] for aside in panel["asides"]]
    assert [text.endswith(said_there) for text in found] == ([True] if said_there else [])


def test_whom_the_seat_reports_to_is_said_only_where_the_seat_is(cast, page):
    assert _panel(cast, page, SHEETS["A4"]["facts"] | {"size_class": "mid"})["asides"] == []


# As documented.


def test_the_example_of_the_documentation_is_taken_in_as_it_stands(cast):
    text = (REPO / "docs" / "lenses.md").read_text()
    example = text.partition("```toml\n")[2].partition("```")[0]
    assert upload(cast, example).key == "OWN-RUNWAY"
    told = {cell for line in text.splitlines() for cell in re.findall(r"`(\w+)`", line[:20])}
    assert {field.name for field in dataclasses.fields(Question)} <= told
