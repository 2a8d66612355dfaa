"""Systems of every kind under the EU AI Act: tier, articles and duties, written down by hand."""

import hashlib
import re
import shutil
from datetime import date

import pytest

from assessments import classification, classifying, law, library
from tests.assessments.laws import dated
from tests.assessments.systems import AREAS, BANS, SYSTEMS, TASKS, named

# What a reason cites: an article with its paragraphs, or an annex with its point.
CITED = re.compile(
    r"Annex [IVX]+(?:, point \d+)?|Article \d+(?:\(\w+\))*(?:, (?:first|second|last) subparagraph)?"
)


def answers(roles, said):
    plain = {
        "PRACTICES": [],
        "PRODUCT": "none",
        "AREAS": [],
        "NARROW": [],
        "PROFILING": "no",
        "SHOWN": [],
    }
    if "COVERED" in said:
        plain["COVERED"] = []
    return {f"AI-ACT-{name}": answer for name, answer in {**plain, "ROLES": roles, **said}.items()}


def found(roles, **said):
    return classification.classify(answers(roles, said))


@pytest.fixture
def table():
    return law.pinned("EU-AI-ACT", 1)


def said_in(question):
    """By system, what is named for one question; one word or several."""
    told = [golden.said.get(question, []) for golden in SYSTEMS]
    return [set(one) if isinstance(one, list) else {one} for one in told]


def test_the_table_of_systems_is_as_wide_as_the_act(table):
    assert len(SYSTEMS) >= 40
    assert len({golden.name for golden in SYSTEMS}) == len(SYSTEMS)
    assert {role for golden in SYSTEMS for role in golden.roles} == set(law.ROLES)
    assert {golden.tier for golden in SYSTEMS} == set(law.TIERS)
    assert {duty for golden in SYSTEMS for duty in golden.owes} == set(table.duties)
    lens = classification.newest()
    codes = set(lens.texts) - set(lens.outcomes)
    assert {code for golden in SYSTEMS for code in golden.reasons} == codes


def test_each_ban_each_area_and_each_task_has_a_system_of_its_own():
    assert [one for one in BANS if {one} not in said_in("PRACTICES")] == []
    assert [one for one in AREAS if {one} not in said_in("AREAS")] == []
    assert [one for one in TASKS if {one} not in said_in("NARROW")] == []
    products = [golden.said.get("PRODUCT") for golden in SYSTEMS]
    assert {"section_a", "section_b"} <= set(products)
    shown = set().union(*said_in("SHOWN"))
    assert shown == {"interacts", "generates", "recognises", "deepfake", "public_text"}
    blocked = [g for g in SYSTEMS if g.said.get("NARROW") and g.said.get("PROFILING") == "yes"]
    assert [golden.tier for golden in blocked] == ["HIGH_RISK", "HIGH_RISK"]
    assert sum(golden.placed_on is not None for golden in SYSTEMS) == 7


@pytest.mark.parametrize("golden", SYSTEMS, ids=named)
def test_a_system_has_its_whole_finding_every_reason_and_duty_with_its_article(golden, table):
    finding = found(list(golden.roles), **golden.said)
    assert (finding.tier, finding.outcome) == (golden.tier, golden.tier)
    assert (finding.provisional, finding.alternatives, finding.missing) == (False, (), ())
    cited = [(code, tuple(CITED.findall(text))) for code, text in finding.reasons.items()]
    assert cited == list(golden.reasons.items())
    owed = classifying.obligations(table, finding, golden.placed_on)
    assert [(one["key"], tuple(one["articles"])) for one in owed] == list(golden.owes.items())
    assert finding.orientation == "Orientation, not legal advice."


@pytest.mark.parametrize("golden", [one for one in SYSTEMS if one.placed_on], ids=named)
def test_what_was_there_before_the_rules_has_its_own_days(golden, table):
    finding = found(list(golden.roles), **golden.said)
    assert dated(table, finding.system(golden.placed_on)) == golden.applies


def test_every_reason_names_the_article_or_annex_of_its_code():
    lens = classification.newest()
    codes = {code: text for code, text in lens.texts.items() if code not in lens.outcomes}
    for code, text in codes.items():
        place = code.split("-")
        cited = f"Annex III, point {place[2]}:" if place[0] == "ANNEX" else f"rticle {place[1]}"
        if code == "ART-95":
            cited = "Article 95"
        assert cited in text
    assert "Article 5(1)(ba)" in codes["ART-5-1-BA"]
    assert "Article 6(3), last subparagraph" in codes["ART-6-3-PROFILING"]


def test_whoever_has_no_part_in_a_system_is_not_reached_by_the_act():
    finding = found([], AREAS=["employment"])
    assert (finding.outcome, finding.tier) == ("ABSTAIN", None)
    with pytest.raises(ValueError, match="ABSTAIN has no tier"):
        finding.system()


def test_without_a_role_the_finding_names_the_question():
    finding = classification.classify({"AI-ACT-AREAS": ["employment"]})
    assert (finding.outcome, finding.missing) == ("INCOMPLETE", ("AI-ACT-ROLES",))


def test_what_is_not_answered_leaves_the_tier_open_to_what_it_could_be():
    finding = classification.classify({"AI-ACT-ROLES": ["deployer"]})
    assert (finding.tier, finding.provisional) == ("MINIMAL_RISK", True)
    assert finding.alternatives == ("PROHIBITED", "HIGH_RISK", "LIMITED_RISK")


def test_the_exception_stays_shut_until_profiling_is_ruled_out():
    said = answers(["provider"], {"AREAS": ["employment"], "NARROW": ["preparatory_task"]})
    del said["AI-ACT-PROFILING"]
    finding = classification.classify(said)
    assert (finding.tier, finding.alternatives) == ("HIGH_RISK", ("MINIMAL_RISK",))


def test_it_is_sound_pinned_and_no_part_of_the_panel():
    assert list(classification.unsound()) == []
    assert "AI-ACT" not in library.newest()
    assert classification.newest().version == 1


def test_one_changed_letter_of_the_published_classification_is_refused(tmp_path):
    shutil.copytree(classification.FOLDER.parent, tmp_path / "kept")
    file = tmp_path / "kept" / "lenses" / "ai_act.toml"
    file.write_text(file.read_text().replace("Minimal risk", "Little risk"))
    assert [str(bad) for bad in classification.unsound(file.parent)] == [
        "ai_act.toml: file: version 1 is published and was changed; make it version 2 in a new file"
    ]


def test_a_trait_that_the_law_table_does_not_know_is_refused(tmp_path):
    shutil.copytree(classification.FOLDER.parent, tmp_path / "kept")
    file = tmp_path / "kept" / "lenses" / "ai_act.toml"
    changed = file.read_text().replace('value = "annex_x"', 'value = "annex_y"')
    file.write_text(changed)
    pins = tmp_path / "kept" / "published.toml"
    now = hashlib.sha256(changed.encode()).hexdigest()
    was = library.digest("AI-ACT", 1, classification.FOLDER)
    pins.write_text(pins.read_text().replace(was, now))
    assert [str(bad) for bad in classification.unsound(file.parent)] == [
        "published.toml: AI-ACT.lists.needs[11]: annex_y is no role and no trait of the law table"
    ]


def test_a_finding_is_dated_by_the_table_and_not_by_itself(table):
    nudifier = found(["provider"], PRACTICES=["intimate_material"]).system()
    assert "art5_new" not in law.in_force(table, nudifier, on=date(2026, 12, 1))
    assert "art5_new" in law.in_force(table, nudifier, on=date(2026, 12, 2))
