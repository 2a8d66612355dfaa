"""Another version of the law table: what moved, whom it concerns; and tables that are refused."""

import hashlib
import shutil
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from assessments import law
from tests.assessments.laws import described, told


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the shipped tables and their pins, for the product to look at instead."""
    shutil.copytree(law.FOLDER, tmp_path / "law")
    monkeypatch.setattr(law, "FOLDER", tmp_path / "law")
    return tmp_path / "law"


def second_version(folder, was, now, file="eu-ai-act.toml"):
    """The next version of the shipped table with one line changed."""
    text = (folder / file).read_text()
    assert text.count(was) == 1
    text = text.replace(was, now).replace("version = 1\n", "version = 2\n", 1)
    (folder / "eu-ai-act.v2.toml").write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with (folder / law.PINS).open("a") as pins:
        pins.write('\n[[published]]\nkey = "EU-AI-ACT"\nversion = 2\nfile = "eu-ai-act.v2.toml"\n')
        pins.write(f'sha256 = "{digest}"\n')


def broken(folder, was, now):
    """What is told of the shipped table with one place changed, apart from that it was changed."""
    file = folder / "eu-ai-act.toml"
    text = file.read_text()
    assert was in text
    file.write_text(text.replace(was, now, 1))
    return [why for why in told() if "is published and was changed" not in why]


MOVED = (
    "applies_from = 2027-12-02\noriginal_date = 2026-08-02",
    "applies_from = 2028-03-02\noriginal_date = 2026-08-02",
)


def test_a_version_with_one_date_moved_reports_exactly_that_key(folder):
    second_version(folder, *MOVED)
    before, after = law.pinned("EU-AI-ACT", 1), law.newest()
    assert told() == []
    assert (after.version, after.rows["annex3"].applies_from) == (2, date(2028, 3, 2))
    assert [(d.key, d.kind) for d in law.differences(before, after)] == [("annex3", "moved")]
    assert law.differences(after, after) == []


def test_and_replans_exactly_the_systems_that_it_dates(folder):
    second_version(folder, *MOVED)
    before, after = law.pinned("EU-AI-ACT", 1), law.newest()
    systems = {
        "listed": described("HIGH_RISK", "deployer", "annex_iii"),
        "in a product": described("HIGH_RISK", "deployer", "annex_i"),
        "both": described("HIGH_RISK", "provider", "annex_iii", "annex_i"),
        "chatbot": described("LIMITED_RISK", "provider", "interacts"),
        "old": described("HIGH_RISK", "provider", "annex_iii", placed_on=date(2020, 1, 1)),
        "of the months between": described(
            "HIGH_RISK", "provider", "annex_iii", placed_on=date(2028, 1, 1)
        ),
        "of an authority": described(
            "HIGH_RISK",
            "deployer",
            "annex_iii",
            "public_authority",
            placed_on=date(2020, 1, 1),
        ),
    }
    moved = {name: law.replanned(before, after, system) for name, system in systems.items()}
    assert moved == {
        "listed": ["annex3"],
        "in a product": [],
        "both": ["annex3"],
        "chatbot": [],
        "old": [],
        "of the months between": ["annex3"],
        "of an authority": [],
    }


def test_an_unconfirmed_row_that_gets_its_date_has_moved(folder):
    second_version(folder, "unconfirmed = true", "applies_from = 2027-12-02")
    before, after = law.pinned("EU-AI-ACT", 1), law.newest()
    assert [(d.key, d.kind) for d in law.differences(before, after)] == [("reg49_2", "moved")]
    excepted = described("MINIMAL_RISK", "provider", "exempted")
    assert law.replanned(before, after, excepted) == ["reg49_2"]


def test_a_duty_that_says_something_else_is_named(folder):
    second_version(folder, 'text = "Post-market monitoring"', 'text = "Monitoring"')
    before, after = law.pinned("EU-AI-ACT", 1), law.newest()
    assert law.differences(before, after) == []
    assert law.changed_duties(before, after) == ["monitoring"]


def test_other_words_are_told_and_move_nobodys_plan(folder):
    second_version(folder, "A fixed date, not tied to standards.", "A fixed date.")
    before, after = law.pinned("EU-AI-ACT", 1), law.newest()
    assert [(d.key, d.kind) for d in law.differences(before, after)] == [("annex3", "reworded")]
    assert law.replanned(before, after, described("HIGH_RISK", "provider", "annex_iii")) == []


def test_one_changed_date_of_the_published_table_is_refused(folder):
    file = folder / "eu-ai-act.toml"
    file.write_text(file.read_text().replace("2027-12-02", "2027-12-03"))
    expected = "eu-ai-act.toml: file: version 1 is published and was changed; make it version 2 in a new file"
    assert told() == [expected]
    with pytest.raises(SystemCheckError, match=r"eu-ai-act\.toml: file: version 1 is published"):
        call_command("check")


def test_a_published_table_that_is_gone_is_refused(folder):
    (folder / "eu-ai-act.toml").unlink()
    assert told() == ["published.toml: eu-ai-act.toml: was published and is gone"]
    with pytest.raises(SystemCheckError, match=r"eu-ai-act\.toml: was published and is gone"):
        call_command("check")


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("confidence =", "confidance =", "rows.force.confidance: no such key; misspelt?"),
        (
            "applies_from = 2024-08-01",
            'applies_from = "soon"',
            "rows.force.applies_from: date is expected here, not str",
        ),
        (
            "applies_from = 2024-08-01\n",
            "",
            "rows.force.applies_from: is a date, or the row is unconfirmed; never both, never neither",
        ),
        (
            "applies_from = 2024-08-01",
            "applies_from = 2024-08-01T00:00:00",
            "rows.force.applies_from: a date without a time is expected",
        ),
        (
            'kind = "penalty"',
            'kind = "fine"',
            "rows.gpai_fines.kind: one of duty, penalty, background is expected",
        ),
        (
            'traits = ["ban_first"]',
            'traits = ["ban_last"]',
            "rows.art5.traits: ban_last is not known here",
        ),
        (
            'legacy_of = ["art50"]',
            'legacy_of = ["art51"]',
            "rows.art50_2_legacy.legacy_of: art51 is no row whose place could be taken",
        ),
        (
            'rows = ["art4"]',
            'rows = ["art44"]',
            "duties.literacy.rows: art44 is not known here",
        ),
        (
            "applies_from = 2027-08-02\nlegal_basis",
            "applies_from = 2024-08-02\nlegal_basis",
            "rows.gpai.legacy.applies_from: is before the row applies to anybody",
        ),
    ],
)
def test_a_broken_table_is_refused_by_file_and_key(folder, was, now, why):
    assert broken(folder, was, now)[0] == f"eu-ai-act.toml: {why}"
