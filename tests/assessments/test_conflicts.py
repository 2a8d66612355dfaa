"""Where the frameworks differ: all values under their sources, and the client's place among them."""

import pytest

from assessments import conflicts, facts, library, panel
from assessments.facts import DATA
from practice import book, policies

IDS = [f"C-{number:02}" for number in range(1, 28)]


def of(id, **known):
    found = [c for c in conflicts.for_facts(facts.read(known)) if c["id"] == id]
    return found[0] if found else None


def applying(id, **known):
    return [value["applies"] for value in of(id, **known)["values"]]


def test_all_twenty_seven_are_there_and_sound():
    assert [conflict["id"] for conflict in conflicts.all()] == IDS
    assert list(conflicts.unsound()) == []


def test_every_value_stands_under_a_lens_and_the_rules_it_comes_from():
    for conflict in conflicts.all():
        for value in conflict["values"]:
            source = value["lens"].partition("-")[0]
            assert {rule.partition("-")[0] for rule in value["sources"]} == {source}
            assert library.shipped()[value["lens"]].bias


def test_the_keys_of_policy_are_in_the_form_that_practices_choose_by():
    file = DATA / "policies.toml"
    table = book.read(file)
    assert table.pop("version") == 1
    kept = {key: book.build(policies.Policy, of_key, file, key) for key, of_key in table.items()}
    assert {key: policy.default for key, policy in kept.items()} == {
        "first_hire": "ask",
        "split_lens": "S4",
        "rate_card": "own",
    }
    assert [policy.refuses(policy.default) for policy in kept.values()] == [None] * 3
    named = {c["policy"] for c in conflicts.all()} - {None}
    assert named == set(kept)


@pytest.mark.parametrize(
    ("spend", "passed"),
    [
        (999_999, [False, False, False, False]),
        (1_000_000, [True, False, False, False]),
        (2_000_000, [True, True, False, False]),
        (5_000_000, [True, True, False, False]),
        (5_000_001, [True, True, True, False]),
        (10_000_000, [True, True, True, False]),
        (10_000_001, [True, True, True, True]),
    ],
)
def test_ai_spending_stands_on_one_scale_of_four_marks(spend, passed):
    conflict = of("C-03", ai_annual_spend=spend)
    marks = [value["at"] for value in conflict["values"]]
    assert marks == [1_000_000, 2_000_000, 5_000_000, 10_000_000]
    assert [value["applies"] for value in conflict["values"]] == passed
    assert {value["present"] for value in conflict["values"]} == {spend}


def test_the_ladder_of_two_people_shows_the_clients_place_on_every_rung():
    rungs = {
        (value["lens"], value["fact"]): value["applies"]
        for value in of("C-02", engineers=99, employees=500, ai_people=20, ai_initiatives=5)[
            "values"
        ]
    }
    assert rungs == {
        ("S1", ""): None,
        ("S2-Q", "funding_stage"): None,
        ("S3", "annual_revenue"): None,
        ("S3", "builds_ai_products"): None,
        ("S3", "ai_initiatives"): True,
        ("S4", "engineers"): False,
        ("S4", "ai_annual_spend"): None,
        ("S4", "ai_customer_critical_path"): None,
        ("S5", "ai_annual_spend"): None,
        ("S5", "ai_people"): False,
        ("S5", "employees"): True,
    }


@pytest.mark.parametrize(("uses", "badge"), [(1, False), (2, True), (3, False)])
def test_exactly_two_uses_of_ai_carry_the_badge(uses, badge):
    conflict = of("C-04", ai_workloads_in_production=uses, ai_use_cases=5, ai_initiatives=0)
    assert conflict["badge"] is badge


def test_the_units_of_ai_use_are_kept_apart():
    known = {"ai_workloads_in_production": 2, "ai_use_cases": 3, "ai_initiatives": 5}
    assert applying("C-04", **known, ai_fits_inside_tech="no") == [True, False, False, True]


def test_a_conflict_that_is_not_the_clients_is_left_out():
    assert of("C-25", eu_exposure="no") is None
    assert of("C-25", eu_exposure="yes")["badge"] is True
    assert of("C-07", ai_annual_spend=10_000_000) is None
    assert of("C-01", cto_seat="filled") is None


def test_what_hangs_on_an_unknown_fact_is_neither_so_nor_not_so():
    assert applying("C-01", cto_seat="none") == [None, True, None]
    assert applying("C-01", annual_revenue=500_000) == [None, None, False]


def test_the_panel_shows_the_conflicts_of_its_facts():
    known = {"ai_annual_spend": 3_000_000, "cto_seat": "none"}
    assert panel.evaluate(known)["conflicts"] == conflicts.for_facts(known)
