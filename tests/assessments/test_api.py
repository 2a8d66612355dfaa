"""Lenses, panel, facts, assessments, choices and prospect links over HTTP."""

import pytest

from assessments import facts as dictionary
from assessments.models import Assessment, ClientFact
from practice.book import read
from tests import make

SHEETS = read(dictionary.DATA / "fixtures.toml")["sheets"]
SAID = {"said_by": "Priya", "said_on": "2026-03-02", "source": "talk"}
ANSWERS = {"S1-Q1": "none", "S1-Q8": "small", "S1-Q3": "yes"}


def test_the_lenses_are_listed_with_their_bias(cast, api):
    rows = api(cast.bot).get("lenses/").json()["results"]
    assert {row["key"] for row in rows} >= {"S1", "S2-Q", "S2-SIG", "S3", "S4", "S5"}
    assert all(row["bias"] and row["file"] for row in rows)


def test_a_lens_tells_its_questions_and_texts(cast, api):
    lens = api(cast.ada).get("lenses/S2-Q/").json()
    assert lens["questions"][3]["choices"] == ["yes", "no", "unsure"]
    assert set(lens["outcomes"]) <= set(lens["texts"])
    assert api(cast.ada).get("lenses/S9/").status_code == 404


def test_a_lens_is_run_without_storing_anything(cast, api):
    answer = api(cast.bot).post("lenses/S1/evaluate/", {"answers": ANSWERS})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["outcome"], told["n"], told["provisional"]) == ("COMBINED", 1, True)
    assert told["evaluated_at"].endswith("Z")
    assert (ClientFact.objects.count(), Assessment.objects.count()) == (0, 0)


def test_what_if_names_the_nearest_answer_that_flips_the_lens(cast, api):
    answers = {"S5-Q1": 4_900_000, "S5-Q2": 3, "S5-Q6": 2, "S5-Q7": 200, "S5-Q10": "filled"}
    answers |= {"S5-Q3": "no", "S5-Q4": "no", "S5-Q5": "no", "S5-Q8": "yes", "S5-Q9": "yes"}
    told = api(cast.bot).post("lenses/S5/what-if/", {"answers": answers}).json()
    assert told["outcome"] == "CTO_ABSORBS"
    flips = {flip["question"]: (flip["to"], flip["outcome"]) for flip in told["flips"]}
    assert flips["S5-Q1"] == (5_000_001, "CONFLICT_LEAN_CAIO")
    assert flips["S5-Q6"] == (3, "GREY_ZONE")
    assert "S5-Q10" in flips


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"answers": {"S1-Q1": "nobody"}}, "answers.S1-Q1"),
        ({"answers": {"S1-Q99": "yes"}}, "answers.S1-Q99"),
        ({"answers": {"S1-Q3": True}}, "answers.S1-Q3"),
        ({"answers": []}, "answers"),
        ({}, "answers"),
        ({"answers": {}, "more": 1}, "more"),
    ],
)
def test_answers_that_cannot_be_read_are_named(cast, api, body, field):
    answer = api(cast.bot).post("lenses/S1/evaluate/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    "raw",
    [
        b'{"answers": {"S3-Q1": NaN}}',
        b'{"answers": {"S3-Q1": -5}}',
        b'{"answers": {"S3-Q1": 1e999}}',
    ],
)
def test_numbers_that_are_none_are_refused(cast, api, raw):
    answer = api(cast.bot).post("lenses/S3/evaluate/", raw)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_an_answer_of_a_megabyte_is_too_large(cast, api):
    body = {"answers": {"S1-Q1": "x" * 1_100_000}}
    assert api(cast.bot).post("lenses/S1/evaluate/", body).status_code == 413


def test_the_panel_is_run_over_facts(cast, api):
    told = api(cast.bot).post("panel/evaluate/", {"facts": SHEETS["A4"]["facts"]}).json()
    assert told["consensus"] == {"next_seat": "NONE", "end_shape": "INCUMBENT_HOLDS_BOTH"}
    answer = api(cast.bot).post("panel/evaluate/", {"facts": {"employees": "many"}})
    assert list(answer.json()["errors"]) == ["facts.employees"]


@pytest.mark.parametrize("who", ["priya", "marta", "fin"])
def test_clients_and_finance_run_no_lenses(cast, api, who):
    assert api(getattr(cast, who)).get("lenses/").status_code == 403
    assert api(getattr(cast, who)).post("panel/evaluate/", {"facts": {}}).status_code == 403


def learn(caller, client, **facts):
    return caller.post("facts/", {"client": str(client.id), "facts": facts, **SAID})


def test_facts_are_learnt_assessed_and_chosen_over_the_api(cast, api):
    ada = api(cast.ada)
    answer = learn(ada, cast.orchard, **SHEETS["A3"]["facts"])
    assert answer.status_code == 201
    assert len(answer.json()["results"]) == len(SHEETS["A3"]["facts"])
    made = ada.post("assessments/", {"client": str(cast.orchard.id), "answered_by": "Priya"}).json()
    assert (made["next_seat"], made["end_shape"]) == ("CAIO", "TWO_PEOPLE")
    choice = ada.post(
        "choices/",
        {
            "assessment": made["id"],
            "next_seat": "CAIO",
            "end_shape": "TWO_PEOPLE",
            "point": "RETAINER",
            "hats": ["CAIO"],
            "reason": "AI outgrew the technology seat",
            "overrides": [{"conflict": "C-02", "value": "S5", "reason": "closer to their size"}],
        },
    )
    assert choice.status_code == 201
    again = ada.post(
        "choices/",
        {
            k: v
            for k, v in choice.json().items()
            if k in ("assessment", "next_seat", "end_shape", "point", "reason")
        },
    )
    assert (again.status_code, again.json()["code"]) == (409, "chosen_already")


def test_two_runs_are_compared_over_the_api(cast, api):
    ada = api(cast.ada)
    client = str(cast.orchard.id)
    learn(ada, cast.orchard, cto_seat="none", size_class="small")
    one = ada.post("assessments/", {"client": client}).json()["id"]
    learn(ada, cast.orchard, ai_siloed="yes")
    other = ada.post("assessments/", {"client": client}).json()["id"]
    told = ada.get(f"assessments/{one}/compare/?other={other}").json()
    assert told["facts"] == [{"fact": "ai_siloed", "from": None, "to": "yes"}]
    assert {"lens": "S1", "from": "CTO_FIRST", "to": "COMBINED"} in told["outcomes"]


def test_only_present_facts_are_listed_when_asked(cast, api):
    ada = api(cast.ada)
    learn(ada, cast.orchard, employees=100)
    learn(ada, cast.orchard, employees=120)
    assert [r["value"] for r in ada.get("facts/?name=employees").json()["results"]] == [100, 120]
    assert [r["value"] for r in ada.get("facts/?present=true").json()["results"]] == [120]


def test_a_link_tells_its_address_once(cast, api):
    ada = api(cast.ada)
    made = ada.post(
        "prospect-links/", {"client": str(cast.orchard.id), "person": "Noor"}, Idempotency_Key="k1"
    )
    assert made.status_code == 201
    assert made.json()["secret"].startswith("http")
    again = ada.post(
        "prospect-links/", {"client": str(cast.orchard.id), "person": "Noor"}, Idempotency_Key="k1"
    )
    assert (again.status_code, again.json()["id"], again.json()["secret"]) == (
        201,
        made.json()["id"],
        None,
    )
    assert "secret" not in ada.get(f"prospect-links/{made.json()['id']}/").json()


def test_assessments_of_another_client_do_not_exist(cast, api):
    learn(api(cast.olu), cast.quarry, cto_seat="none")
    made = api(cast.olu).post("assessments/", {"client": str(cast.quarry.id)}).json()
    for who in ("ada", "zoe", "ravi", "priya"):
        assert api(getattr(cast, who)).get(f"assessments/{made['id']}/").status_code == 404
    foreign = learn(api(cast.ada), cast.quarry, cto_seat="none")
    assert (foreign.status_code, list(foreign.json()["errors"])) == (400, ["client"])


def test_an_integration_writes_with_its_scope_only(cast, api):
    assert learn(api(cast.bot), cast.orchard, employees=1).status_code == 403
    assert (
        learn(
            api(make.key(cast.practice, scopes=("read", "write"))), cast.orchard, employees=1
        ).status_code
        == 201
    )
