"""The panel over the six fixture companies: every lens, both facets, dissent, gates and abstentions."""

import tomllib

import pytest

from assessments import facts, library, panel
from assessments.answers import BadAnswers

SHEETS = tomllib.loads((facts.DATA / "fixtures.toml").read_text())["sheets"]
ORDER = ("S1", "S2-Q", "S3", "S4", "S5")
EXPECTED = {
    "A1": (
        ["COMBINED", "COMBINED", "BOTH_CONSIDER", "NOT_DUE/SEPARATE", "ABSTAIN"],
        "ADVISORY",
        "COMBINED",
        "ONE_PERSON_TWO_HATS",
        ["S3"],
    ),
    "A2": (
        ["NO_SEAT_NOW", "CTO_FIRST_THEN_CAIO", "CAIO_FIRST", "NOT_DUE/COMBINED", "ABSTAIN"],
        "ADVISORY",
        "SPLIT",
        "SPLIT",
        [],
    ),
    "A3": (
        ["CAIO_ADD", "CAIO_ADD", "BOTH_CONSIDER", "DUE/SEPARATE", "DEDICATED_CAIO"],
        "RETAINER_HIGH",
        "CAIO",
        "TWO_PEOPLE",
        ["S3"],
    ),
    "A4": (
        ["TECH_LEAD_CARRIES_AI", "CAIO_ADD", "CTO_HOLDS_AI", "DUE/COMBINED", "CTO_ABSORBS"],
        "RETAINER",
        "NONE",
        "INCUMBENT_HOLDS_BOTH",
        ["S2-Q", "S4"],
    ),
    "A5": (
        ["CAIO_ADD", "CAIO_ADD", "BOTH_CONSIDER", "DUE/SEPARATE", "DEDICATED_CAIO"],
        "FULL_TIME",
        "CAIO",
        "TWO_PEOPLE",
        ["S3"],
    ),
    "A6": (
        ["COMBINED", "COMBINED_PENDING", "BOTH_FRACTIONAL", "DUE/COMBINED", "ABSTAIN"],
        "RETAINER",
        "COMBINED",
        "ONE_PERSON_TWO_HATS",
        ["S3"],
    ),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_fixture_company_gets_its_panel(name):
    result = panel.evaluate(SHEETS[name]["facts"])
    by_lens = {lens["lens"]: lens for lens in result["lenses"]}
    outcomes, point, next_seat, end_shape, dissent = EXPECTED[name]
    assert [by_lens[key]["outcome"] for key in ORDER] == outcomes
    assert result["spectrum_point"] == point
    assert result["consensus"] == {"next_seat": next_seat, "end_shape": end_shape}
    assert [d["lens"] for d in result["dissent"]] == dissent
    assert not any(lens["provisional"] for lens in result["lenses"])
    assert result["next_step"] == ("ADVISORY" if next_seat == "SPLIT" else None)


def test_the_details_of_the_fixtures_are_as_the_sources_have_them():
    panels = {name: panel.evaluate(sheet["facts"]) for name, sheet in SHEETS.items()}
    lens = {name: {r["lens"]: r for r in p["lenses"]} for name, p in panels.items()}
    assert lens["A1"]["S2-Q"]["lead"] == "CTO"
    assert lens["A1"]["S4"]["seat_reasons"] == ["CRITICAL_PATH"]
    assert lens["A5"]["S4"]["bridge"] == "RETAINER_HIGH"
    assert [w["code"] for w in lens["A6"]["S2-Q"]["warnings"]] == ["OUTPUT_NOT_SPLIT"]
    assert "CTO_SHOULD_NOT_HOLD_AI" in [w["code"] for w in lens["A3"]["S3"]["warnings"]]


def test_a_dissenting_lens_names_its_rules_and_the_threshold_that_made_the_difference():
    (dissent,) = panel.evaluate(SHEETS["A3"]["facts"])["dissent"]
    assert dissent == {
        "lens": "S3",
        "outcome": "BOTH_CONSIDER",
        "facets": ["next_seat"],
        "rules": ["S3-D2"],
        "threshold": {
            "question": "S3-Q6",
            "from": 7,
            "to": 4,
            "outcome": "NO_SIGNAL",
            "brings_round": False,
        },
        "turned_by": [],
    }


def test_an_answer_that_would_bring_a_dissenting_lens_round_is_the_threshold_named():
    known = {**SHEETS["A4"]["facts"], "cto_stretched": "yes"}
    result = panel.evaluate(known)
    assert result["consensus"] == {"next_seat": "CAIO", "end_shape": "TWO_PEOPLE"}
    dissent = {found["lens"]: found for found in result["dissent"]}["S4"]
    turns = [
        {"question": "S4-Q2", "from": 600_000, "to": 2_000_000, "outcome": "DUE/SEPARATE"},
        {"question": "S4-Q4", "from": 50, "to": 100, "outcome": "DUE/SEPARATE"},
        {"question": "S4-Q5", "from": "no", "to": "yes", "outcome": "DUE/SEPARATE"},
    ]
    assert dissent["turned_by"] == turns
    assert dissent["threshold"] == {**turns[0], "brings_round": True}


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        ("A1", ["S3-Q5"]),
        ("A2", []),
        ("A3", ["S3-Q6"]),
        ("A4", ["S2-Q2", "S4-Q1"]),
        ("A5", ["S3-Q6"]),
        ("A6", ["S3-Q3"]),
    ],
)
def test_every_dissent_of_the_fixtures_rests_on_a_named_question(name, questions):
    dissents = panel.evaluate(SHEETS[name]["facts"])["dissent"]
    assert [dissent["threshold"]["question"] for dissent in dissents] == questions


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_only_the_first_fixture_has_a_lens_that_is_silent_and_still_says_something(name):
    notes = [
        (n["lens"], n["code"], n["items"]) for n in panel.evaluate(SHEETS[name]["facts"])["notes"]
    ]
    expected = [("S4", "WOULD_SEPARATE", ["CRITICAL_PATH"])] if name == "A1" else []
    assert notes == expected


def test_the_signal_lists_vote_only_while_the_four_questions_are_incomplete():
    known = SHEETS["A3"]["facts"]
    voting = [vote["lens"] for vote in panel.evaluate(known)["votes"]]
    without = [vote["lens"] for vote in panel.evaluate({**known, "platform_state": None})["votes"]]
    assert voting == ["S1", "S2-Q", "S3", "S4", "S5"]
    assert without == ["S1", "S2-SIG", "S3", "S4", "S5"]


def test_the_signal_lists_stay_silent_where_the_four_questions_are_inconclusive():
    known = {**SHEETS["A3"]["facts"], "same_person_for_risk_and_platform": "unsure"}
    known["funding_stage"] = "public"
    result = panel.evaluate(known)
    by_lens = {lens["lens"]: lens["outcome"] for lens in result["lenses"]}
    assert by_lens["S2-Q"] == "INCONCLUSIVE"
    assert [vote["lens"] for vote in result["votes"]] == ["S1", "S3", "S4", "S5"]


def test_a_single_vote_decides_nothing():
    result = panel.evaluate({"cto_seat": "none", "size_class": "small"})
    assert [vote["lens"] for vote in result["votes"]] == ["S1", "S2-SIG"]
    alone = panel.evaluate({"cto_seat": "none"})
    assert [vote["lens"] for vote in alone["votes"]] == ["S2-SIG"]
    assert alone["consensus"] == {"next_seat": "DECIDE", "end_shape": "DECIDE"}
    assert alone["next_step"] == "ADVISORY"


def test_without_a_technology_seat_the_need_lens_abstains_and_misses_nothing():
    abstentions = {a["lens"]: a for a in panel.evaluate({"cto_seat": "none"})["abstentions"]}
    assert abstentions["S5"] == {"lens": "S5", "outcome": "ABSTAIN", "missing": []}
    assert abstentions["S1"] == {"lens": "S1", "outcome": "INCOMPLETE", "missing": ["S1-Q8"]}


def test_an_empty_technology_seat_stands_above_a_consensus_for_the_ai_seat_with_both_sides():
    known = {"cto_seat": "none", "business_type": "service", "annual_revenue": 4_000_000}
    known |= {
        name: "no"
        for name, fact in facts.dictionary().items()
        if fact.kind == "yes_no" and name not in known
    }
    known |= {"tech_works_ai_unused": "yes", "ai_initiatives": 0, "external_pressure": ["board"]}
    known |= {"engineers": 150, "ai_workloads_in_production": 0, "ai_annual_spend": 0}
    result = panel.evaluate(known)
    assert [(v["lens"], v["next_seat"]) for v in result["votes"]] == [
        ("S2-SIG", "CTO"),
        ("S3", "CAIO"),
        ("S4", "CAIO"),
    ]
    assert result["consensus"]["next_seat"] == "CAIO"
    gate = result["gates"][0]
    assert (gate["code"], gate["sources"]) == ("GATE_EMPTY_CTO_SEAT", ["S1-D1", "S2-D4"])
    assert gate["against"] == ["S3-D6", "S3-D7", "S3-D8"]


def test_where_nobody_knows_whether_one_person_must_decide_the_next_step_is_a_conversation():
    known = {**SHEETS["A2"]["facts"], "same_person_for_risk_and_platform": "unsure"}
    result = panel.evaluate(known)
    assert result["consensus"]["next_seat"] == "SPLIT"
    assert result["next_step"] == "FIRST_CONVERSATION"


def test_without_rights_in_writing_the_gate_stands_and_with_them_it_falls():
    sheet = SHEETS["A1"]["facts"]
    assert [g["code"] for g in panel.evaluate(sheet)["gates"]] == []
    unwritten = {**sheet, "decision_rights_written": "no", "candidate_production_ai_depth": "no"}
    codes = [
        g["code"]
        for g in panel.evaluate({**unwritten, "same_person_for_risk_and_platform": "yes"})["gates"]
    ]
    assert "GATE_RIGHTS" in codes


def test_depth_is_a_gate_where_one_person_is_to_wear_both_hats():
    sheet = {**SHEETS["A6"]["facts"], "candidate_production_ai_depth": None}
    result = panel.evaluate(sheet)
    assert result["consensus"]["end_shape"] == "ONE_PERSON_TWO_HATS"
    assert "GATE_DEPTH" in [gate["code"] for gate in result["gates"]]


def test_without_any_facts_everybody_abstains_and_nothing_is_decided():
    result = panel.evaluate({})
    assert result["consensus"] == {"next_seat": "DECIDE", "end_shape": "DECIDE"}
    assert result["next_step"] == "ADVISORY"


def test_every_question_is_answered_by_a_fact_that_exists():
    lenses = library.shipped().values()
    questions = {q.id for lens in lenses for q in lens.questions if q.asked != "false"}
    assert set(facts.sources()) == questions
    named = {
        name
        for source in facts.sources().values()
        for name in (source.fact, *source.any_of)
        if name
    }
    assert named == set(facts.dictionary())


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"annual_revenue": -1}, "annual_revenue"),
        ({"annual_revenue": "much"}, "annual_revenue"),
        ({"annual_revenue": True}, "annual_revenue"),
        ({"employees": 1.5}, "employees"),
        ({"cto_seat": "maybe"}, "cto_seat"),
        ({"external_pressure": "board"}, "external_pressure"),
        ({"ai_siloed": 1}, "ai_siloed"),
        ([], "facts"),
    ],
)
def test_a_fact_that_cannot_be_read_is_named(given, fault):
    with pytest.raises(BadAnswers) as refused:
        panel.evaluate(given)
    assert list(refused.value.errors) == [fault]
