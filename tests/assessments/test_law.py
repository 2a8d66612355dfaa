"""The law table: what it holds, what applies when, what a new version moves, and that no code knows a date of it."""

import hashlib
import tomllib
from datetime import date
from pathlib import Path

import pytest

from assessments import law
from tests.assessments.laws import TODAY, dated, described, told

REPO = Path(__file__).parents[2]
# Key, applies from (None: unconfirmed), originally, confidence.
ROWS = [
    ("force", date(2024, 8, 1), None, "high"),
    ("art4", date(2025, 2, 2), date(2025, 2, 2), "high"),
    ("art5", date(2025, 2, 2), date(2025, 2, 2), "high"),
    ("art5_new", date(2026, 12, 2), None, "high"),
    ("gpai", date(2025, 8, 2), date(2025, 8, 2), "high"),
    ("gpai_fines", date(2026, 8, 2), date(2026, 8, 2), "high"),
    ("art50", date(2026, 8, 2), date(2026, 8, 2), "high"),
    ("art50_2_legacy", date(2026, 12, 2), date(2026, 8, 2), "high"),
    ("annex3", date(2027, 12, 2), date(2026, 8, 2), "high"),
    ("annex1", date(2028, 8, 2), date(2027, 8, 2), "high"),
    ("annex10", date(2030, 12, 31), date(2030, 12, 31), "medium"),
    ("public_legacy", date(2030, 8, 2), date(2030, 8, 2), "medium-high"),
    ("sandboxes", date(2027, 8, 2), date(2026, 8, 2), "high"),
    ("reg49_2", None, date(2026, 8, 2), "low"),
    ("penal", date(2025, 8, 2), date(2025, 8, 2), "medium-high"),
]
ARTICLES = {
    "literacy": "Article 4",
    "stop_first": "Article 5(1)(a) to (h)",
    "stop_added": "Article 5(1)(ba); Article 5(1)(bb)",
    "risk_management": "Article 9",
    "data_governance": "Article 10",
    "technical_documentation": "Article 11; Article 18",
    "logging": "Article 12; Article 19",
    "instructions": "Article 13",
    "human_oversight": "Article 14",
    "robustness": "Article 15",
    "quality_management": "Article 17",
    "conformity": "Article 43; Article 47; Article 48",
    "monitoring": "Article 72",
    "incidents": "Article 73",
    "registration": "Article 49(1)",
    "registration_of_use": "Article 49(3)",
    "representative": "Article 22",
    "importing": "Article 23",
    "distributing": "Article 24",
    "deploying": "Article 26",
    "rights_assessment": "Article 27",
    "explanation": "Article 86",
    "sectoral": "Article 2(2)",
    "exempted": "Article 6(4); Article 49(2)",
    "tell_interaction": "Article 50(1)",
    "mark_output": "Article 50(2)",
    "tell_recognition": "Article 50(3)",
    "tell_deepfake": "Article 50(4), first subparagraph",
    "tell_text": "Article 50(4), second subparagraph",
    "gpai_provider": "Article 53",
    "gpai_systemic": "Article 55",
    "vendor_evidence": "Article 53(1)(b) to (d); Article 55(1)(c)",
}


@pytest.fixture
def table():
    return law.pinned("EU-AI-ACT", 1)


def test_it_holds_every_date_with_what_it_was_and_how_sure_it_is(table):
    held = [(key, r.applies_from, r.original_date, r.confidence) for key, r in table.rows.items()]
    assert held == ROWS
    for row in table.rows.values():
        assert row.source
        assert row.legal_basis.startswith(("Article", "Chapter"))
        assert row.checked_on == TODAY


def test_every_duty_names_its_articles(table):
    assert {key: "; ".join(duty.articles) for key, duty in table.duties.items()} == ARTICLES


def test_the_table_is_as_it_was_published():
    assert told() == []
    assert law.newest() is law.pinned("EU-AI-ACT", 1)
    pins = tomllib.loads((law.FOLDER / law.PINS).read_text())["published"]
    assert [(pin["file"], pin["sha256"]) for pin in pins] == [
        (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in law.files()
    ]


def test_what_concerns_every_system_is_told_of_a_spam_filter(table):
    system = described("MINIMAL_RISK", "deployer")
    rows = law.applying(table, system, on=TODAY)
    assert [(row.key, row.state, row.duties) for row in rows] == [
        ("force", "applies", ()),
        ("art4", "applies", ("literacy",)),
        ("sandboxes", "later", ()),
        ("penal", "applies", ()),
    ]


@pytest.mark.parametrize(
    ("key", "before", "after", "words"),
    [
        ("art4", date(2025, 2, 1), date(2025, 2, 2), ("MINIMAL_RISK", "deployer")),
        ("art5", date(2025, 2, 1), date(2025, 2, 2), ("PROHIBITED", "provider", "ban_first")),
        ("art5_new", date(2026, 12, 1), date(2026, 12, 2), ("PROHIBITED", "deployer", "ban_added")),
        ("gpai", date(2025, 8, 1), date(2025, 8, 2), ("MINIMAL_RISK", "provider", "gpai")),
        ("gpai_fines", date(2026, 8, 1), date(2026, 8, 2), ("MINIMAL_RISK", "provider", "gpai")),
        ("art50", date(2026, 8, 1), date(2026, 8, 2), ("LIMITED_RISK", "provider", "interacts")),
        ("annex3", date(2027, 12, 1), date(2027, 12, 2), ("HIGH_RISK", "deployer", "annex_iii")),
        ("annex1", date(2028, 8, 1), date(2028, 8, 2), ("HIGH_RISK", "importer", "annex_i")),
    ],
)
def test_a_row_applies_from_its_day_and_not_before(table, key, before, after, words):
    system = described(*words)
    assert key not in law.in_force(table, system, on=before)
    assert key in law.in_force(table, system, on=after)


def test_a_prohibition_knows_no_legacy(table):
    old = described("PROHIBITED", "provider", "ban_first", "ban_added", placed_on=date(2019, 1, 1))
    rows = dated(table, old)
    assert rows["art5"] == "applies 2025-02-02"
    assert rows["art5_new"] == "later 2026-12-02"


@pytest.mark.parametrize(
    ("placed_on", "expected"),
    [
        (None, {"art50": "applies 2026-08-02"}),
        (date(2026, 8, 2), {"art50": "applies 2026-08-02"}),
        (date(2026, 8, 1), {"art50_2_legacy": "later 2026-12-02"}),
    ],
)
def test_marking_has_its_grace_for_what_was_there_before(table, placed_on, expected):
    system = described("LIMITED_RISK", "provider", "generates", placed_on=placed_on)
    assert dated(table, system) == {"art4": "applies 2025-02-02", **expected}


def test_the_grace_is_for_marking_alone(table):
    old = described(
        "LIMITED_RISK", "provider", "generates", "interacts", placed_on=date(2026, 1, 1)
    )
    rows = {row.key: row.duties for row in law.applying(table, old, on=TODAY)}
    assert rows["art50"] == ("tell_interaction",)
    assert rows["art50_2_legacy"] == ("mark_output",)


@pytest.mark.parametrize(
    ("traits", "placed_on", "expected"),
    [
        (("annex_iii",), None, {"annex3": "later 2027-12-02"}),
        (("annex_iii",), date(2027, 12, 2), {"annex3": "later 2027-12-02"}),
        (("annex_iii",), date(2027, 12, 1), {"annex3": "on_change on significant change"}),
        (("annex_i",), date(2028, 8, 1), {"annex1": "on_change on significant change"}),
        (
            ("annex_iii", "public_authority"),
            date(2020, 1, 1),
            {"public_legacy": "later 2030-08-02"},
        ),
        (("annex_i", "public_authority"), date(2028, 1, 1), {"public_legacy": "later 2030-08-02"}),
        (("annex_iii", "public_authority"), date(2028, 1, 1), {"annex3": "later 2027-12-02"}),
        (
            ("annex_iii", "annex_x", "public_authority"),
            date(2027, 8, 1),
            {"annex10": "later 2030-12-31"},
        ),
        (
            ("annex_iii", "annex_i"),
            None,
            {"annex3": "later 2027-12-02", "annex1": "later 2028-08-02"},
        ),
    ],
)
def test_legacy_and_public_use_decide_when_high_risk_duties_begin(
    table, traits, placed_on, expected
):
    system = described("HIGH_RISK", "provider", *traits, placed_on=placed_on)
    assert dated(table, system) == {"art4": "applies 2025-02-02", **expected}


def test_an_importer_is_not_among_those_who_comply_for_an_authority(table):
    words = ("importer", "annex_iii", "public_authority")
    old = described("HIGH_RISK", *words, placed_on=date(2020, 1, 1))
    assert dated(table, old) == {"annex3": "on_change on significant change"}


def test_a_model_from_before_its_obligations_has_two_years(table):
    old = described("MINIMAL_RISK", "provider", "gpai", placed_on=date(2025, 8, 1))
    row = next(row for row in law.applying(table, old, on=TODAY) if row.key == "gpai")
    assert (row.state, row.when, row.legal_basis) == ("later", "2027-08-02", "Article 111(3)")


def test_what_is_asked_of_a_vendor_does_not_wait_for_the_age_of_ones_own_system(table):
    old = described("MINIMAL_RISK", "deployer", "uses_gpai", placed_on=date(2020, 1, 1))
    assert dated(table, old)["gpai"] == "applies 2025-08-02"


def test_an_unconfirmed_row_says_ask_counsel_on_every_day(table):
    excepted = described("MINIMAL_RISK", "provider", "exempted")
    for day in (date(2025, 1, 1), TODAY, date(2031, 1, 1)):
        assert dated(table, excepted, on=day)["reg49_2"] == "unconfirmed ask counsel"
        assert "reg49_2" not in law.in_force(table, excepted, on=day)


def test_fines_on_model_providers_do_not_concern_a_deployer(table):
    assert "gpai_fines" not in dated(table, described("MINIMAL_RISK", "deployer", "uses_gpai"))


def test_it_is_orientation():
    assert law.ORIENTATION == "Orientation, not legal advice."
