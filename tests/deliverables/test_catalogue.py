"""The catalogue of deliverables and the text each one starts from: complete, usable, and refused where broken."""

import hashlib
import shutil
from itertools import combinations

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from deliverables import catalogue, starting

# Version 1 as it was published. Another content is another version, with a pin of its own.
PINNED = {1: "9e82000cc8bd178f5c7395fce5ad96db6ebbb2e153464ce6101be90c0f465ada"}

# Code, hats, shared, when it is owed, due: read from the requirement, not from the file.
TABLE = """
DV-01 CTO      -     first_90_days           day:90
DV-02 CTO      -     first_90_days           day:90
DV-03 CTO      -     first_90_days           day:90
DV-04 CTO      all   first_90_days           day:90+
DV-05 CAIO     -     first_90_days           day:90
DV-06 CAIO     -     first_90_days           day:90
DV-07 CAIO     -     first_90_days           day:90
DV-08 CAIO     -     first_90_days           day:90?
DV-09 CAIO     -     first_90_days           day:90?
DV-10 CAIO     -     first_90_days           day:90?
DV-11 CAIO     -     first_90_days           day:90?
DV-12 CAIO     -     first_90_days           day:90?
DV-13 CAIO     -     first_90_days           day:90?
DV-14 CAIO     -     first_90_days           day:90
DV-15 CAIO     -     eu                      day:60
DV-16 CAIO     -     eu                      day:90
DV-17 CAIO     -     first_90_days           day:90
DV-18 CAIO     -     first_90_days           day:90
DV-19 CAIO     -     first_90_days           day:90
DV-20 CAIO     -     months_4_12,year_2_on   quarter
DV-21 CAIO     -     months_4_12,year_2_on   renewal
DV-22 CAIO     -     SPRINT                  stage_end
DV-23 CAIO     -     SPRINT,ADVISORY         stage_end
DV-24 CAIO     -     ADVISORY                stage_day:2
DV-25 -        any   prospect                conversation
DV-26 CTO,CAIO joint activation              activation
DV-27 CAIO     -     months_4_12             month:6?
DV-28 CAIO     -     eu                      day:60?
"""
CODES = [f"DV-{n:02}" for n in range(1, 29)]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A copy of the catalogue and its templates to break."""
    shutil.copy(catalogue.FILE, tmp_path)
    shutil.copytree(starting.FOLDER, tmp_path / "templates")
    monkeypatch.setattr(catalogue, "FILE", tmp_path / "catalogue.toml")
    monkeypatch.setattr(starting, "FOLDER", tmp_path / "templates")
    _forget()
    yield tmp_path
    _forget()


def _forget():
    catalogue.catalogue.cache_clear()
    starting.text.cache_clear()


def told():
    _forget()
    return [str(bad) for bad in catalogue.unsound()]


def broken(file, old, new):
    text = file.read_text()
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1))
    return told()


def in_short(due):
    number = "" if due.n is None else f":{due.n}"
    return due.kind + number + "+" * due.continuous + "?" * due.ours


def lines(text):
    return {line.strip() for line in text.markdown.splitlines() if line.strip()}


def test_the_catalogue_is_sound():
    assert told() == []


def test_it_is_as_it_was_published():
    digest = hashlib.sha256(catalogue.FILE.read_bytes()).hexdigest()
    assert {catalogue.catalogue().version: digest} == PINNED


def test_the_28_kinds_are_the_requirements():
    found = [
        " ".join(
            (
                code,
                ",".join(kind.hats) or "-",
                kind.shared or "-",
                ",".join(kind.owed.points + kind.owed.phases) or kind.owed.moment or kind.owed.when,
                in_short(kind.due),
            )
        )
        for code, kind in catalogue.kinds().items()
    ]
    assert found == [" ".join(line.split()) for line in TABLE.strip().splitlines()]


def test_where_the_eu_milestones_apply_the_inventory_is_due_on_day_30():
    kinds = catalogue.kinds()
    sooner = {
        code: in_short(kind.due_where(eu=True))
        for code, kind in kinds.items()
        if kind.due_where(eu=True) != kind.due_where(eu=False)
    }
    assert sooner == {"DV-14": "day:30"}
    assert in_short(kinds["DV-14"].due_where(eu=False)) == "day:90"


def test_only_what_is_picked_for_the_case_is_not_planned_by_itself():
    assert [code for code, kind in catalogue.kinds().items() if kind.chosen] == ["DV-23", "DV-24"]


def test_the_packs_hold_what_the_requirement_says():
    assert {key: pack.kinds for key, pack in catalogue.catalogue().packs.items()} == {
        "governance": ("DV-05", "DV-11", "DV-12", "DV-13", "DV-10", "DV-09", "DV-08"),
        "day_90": ("DV-06", "DV-18", "DV-17", "DV-07"),
        "eu": ("DV-14", "DV-15", "DV-28", "DV-16"),
    }
    assert catalogue.packs_of("DV-05") == ("governance",)
    assert catalogue.packs_of("DV-01") == ()


@pytest.mark.parametrize("code", CODES)
def test_a_template_is_useful_on_the_first_day(code):
    text = catalogue.kinds()[code].text
    assert len(set(text.headings)) >= 5
    assert len(set(text.questions)) >= 10
    assert [table for table in text.tables if table.filled and len(table.columns) >= 3]
    assert len(text.criteria) >= 4


@pytest.mark.parametrize("code", CODES)
def test_what_is_ticked_at_acceptance_stands_in_the_template(code):
    kind = catalogue.kinds()[code]
    assert (kind.text.title, kind.text.criteria) == (kind.title, kind.criteria)


def test_every_template_belongs_to_exactly_one_kind():
    named = [kind.template for kind in catalogue.kinds().values()]
    assert named == [f"{code.lower()}.md" for code in CODES]
    assert sorted(named) == starting.files()


def test_no_two_templates_share_more_than_three_lines_in_ten():
    own = {code: lines(kind.text) for code, kind in catalogue.kinds().items()}
    shared = {
        (one, other): len(own[one] & own[other]) / min(len(own[one]), len(own[other]))
        for one, other in combinations(CODES, 2)
    }
    assert len(shared) == 378
    assert {pair: share for pair, share in shared.items() if share > 0.3} == {}


def test_no_question_is_asked_in_two_templates():
    asked = [question for kind in catalogue.kinds().values() for question in kind.text.questions]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('hats = ["CTO"]', 'hat = ["CTO"]', ["kinds.DV-01.hat: no such key; misspelt?"]),
        ('hats = ["CTO"]', 'hats = ["COO"]', ["kinds.DV-01.hats: there is no hat COO"]),
        (
            'shared = "all"',
            'shared = "both"',
            ["kinds.DV-04.shared: one of all, any, joint, not 'both'"],
        ),
        (
            'shared = "any"\n',
            "",
            ["kinds.DV-25.hats: are left out exactly where it is shared by any"],
        ),
        ('shared = "joint"\n', "", ["kinds.DV-26.hats: one hat, unless it is joint"]),
        (
            'hats = ["CTO", "CAIO"]',
            'hats = ["CTO"]',
            ["kinds.DV-26.hats: at least two are needed for a joint one"],
        ),
        (
            'phases = ["first_90_days"]',
            'phases = ["first_week"]',
            ["kinds.DV-01.owed.phases: there is no phase first_week"],
        ),
        (
            'points = ["SPRINT"]',
            'points = ["DASH"]',
            ["kinds.DV-22.owed.points: there is no point DASH"],
        ),
        (
            'when = "eu"',
            'when = "eu", phases = ["year_2_on"]',
            ["kinds.DV-15.owed: exactly one of points, phases, moment and when"],
        ),
        ('when = "eu"', 'when = "us"', ["kinds.DV-15.owed.when: one of eu"]),
        (
            'kind = "day", n = 90 }',
            'kind = "day", n = "90" }',
            ["kinds.DV-01.due.n: int is expected here, not str"],
        ),
        (
            'kind = "day", n = 90 }',
            'kind = "day" }',
            ["kinds.DV-01.due.n: from 1, exactly where the kind is one of day, month, stage_day"],
        ),
        (
            'kind = "day", n = 30 }',
            'kind = "quarter", n = 30 }',
            [
                "kinds.DV-14.due_eu.n: from 1, exactly where the kind is one of day, month, stage_day"
            ],
        ),
        (
            'kind = "quarter"',
            'kind = "stage_end"',
            [
                "kinds.DV-20.due.kind: counts from a stage, so the points it is owed at are named",
            ],
        ),
        (
            'kind = "conversation"',
            'kind = "quarter"',
            ["kinds.DV-25.due.kind: goes with the moment prospect, and no other does"],
        ),
        (
            'kind = "activation"',
            'kind = "quarter"',
            ["kinds.DV-26.due.kind: goes with the moment activation, and no other does"],
        ),
        (
            'title = "Hiring plan"',
            'title = "Architecture read"',
            [
                "kinds.DV-02.title: another kind has the same",
                "kinds.DV-03.title: another kind has the same",
                "TEMPLATE dv-03.md: title: the catalogue calls DV-03 'Architecture read'",
            ],
        ),
        (
            'template = "dv-03.md"',
            'template = "dv-99.md"',
            [
                "TEMPLATE dv-99.md: file: there is no such template",
                "TEMPLATE dv-03.md: file: no kind of the catalogue names it",
            ],
        ),
        (
            "Level, pay band and latest start are set for every role",
            "Level and pay band are set for every role",
            ["TEMPLATE dv-03.md: Done when: differs from the criteria of DV-03"],
        ),
        (
            '"DV-18", "DV-17"',
            '"DV-18", "DV-71"',
            ["packs.day_90.kinds: there is no kind DV-71"],
        ),
        (
            '"DV-18", "DV-17"',
            '"DV-18", "DV-18"',
            ["packs.day_90.kinds: each kind once, and at least one"],
        ),
        (
            "[kinds.DV-01]",
            "[kinds.DV01]",
            [
                "kinds.DV01: a code is DV- and two digits",
                "kinds: DV-01 is missing, yet a phase ends with it",
            ],
        ),
    ],
)
def test_a_broken_catalogue_is_refused_by_file_and_key(files, old, new, why):
    assert broken(files / "catalogue.toml", old, new) == [
        line.removeprefix("TEMPLATE ")
        if line.startswith("TEMPLATE ")
        else f"catalogue.toml: {line}"
        for line in why
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "# Hiring plan\n",
            "Hiring plan\n",
            "title: exactly one heading of the first level is expected, on top",
        ),
        (
            "## Done when",
            "## Finished",
            "Done when: is expected once, as a heading of the second level",
        ),
        (
            "- [ ] Each role",
            "- [ ] Every role",
            "Done when: differs from the criteria of DV-03",
        ),
        (
            "## The team as it is\n",
            "## The team as it is\n\n- [ ] Looked at\n",
            "Done when: what can be ticked stands under this heading only",
        ),
        (
            "| Order | Role and level |",
            "| Order |  |",
            "line 29: every column is named, every row has as many cells",
        ),
    ],
)
def test_a_broken_template_is_refused_by_file_and_place(files, old, new, why):
    assert broken(files / "templates/dv-03.md", old, new) == [f"dv-03.md: {why}"]


def test_a_table_without_an_example_is_not_filled(files):
    file = files / "templates/dv-03.md"
    example = next(
        line for line in file.read_text().splitlines() if line.startswith("| 1 | Senior")
    )
    filled = [table.filled for table in starting.text("dv-03.md").tables]
    assert broken(file, example + "\n", "") == []
    assert [filled, [table.filled for table in starting.text("dv-03.md").tables]] == [
        [True, True, True],
        [False, True, True],
    ]


def test_manage_py_check_refuses_a_broken_catalogue(files):
    broken(files / "catalogue.toml", 'hats = ["CTO"]', 'hats = ["COO"]')
    with pytest.raises(SystemCheckError, match=r"remit\.E031.*there is no hat COO"):
        call_command("check")
