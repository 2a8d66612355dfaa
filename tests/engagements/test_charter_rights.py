"""The catalogue of decision rights and what an engagement's hats make of it; ways to read it. No database."""

from itertools import combinations

import pytest

from engagements import charter_views, rights
from engagements.rights import AGREES, CELLS, DECIDES, catalogue, drafted

HATS = ("CTO", "CAIO", "CIO", "CDO", "AI_CTO")
EVERY = [set_ for size in range(1, 6) for set_ in combinations(HATS, size)]
JOINT = "DR-26"
# Section 9.1 of the requirements, row by row: CTO, CAIO, CIO, CDO, client.
TABLE = {
    "DR-01": "D I - - -", "DR-02": "I D - - A", "DR-03": "A D - - I", "DR-04": "D - - - I",
    "DR-05": "D D D D A", "DR-06": "D I - - -", "DR-07": "I D - - A", "DR-08": "A D - - -",
    "DR-09": "A D I - -", "DR-10": "A D I - -", "DR-11": "I D I - A", "DR-12": "D I I - -",
    "DR-13": "D I - I -", "DR-14": "A D - A -", "DR-15": "I I - D -", "DR-16": "I D A I -",
    "DR-17": "D A - A A", "DR-18": "D A - - -", "DR-19": "D I A - -", "DR-20": "I D A - -",
    "DR-21": "- I D - -", "DR-22": "I D I I -", "DR-23": "I D - - A", "DR-24": "D I - - A",
    "DR-25": "I D - - A", "DR-26": "A A - - -", "DR-27": "I D - - A",
}  # fmt: skip


def cells(*hats):
    return {one.code: one.cells for one in drafted(hats)}


def test_the_catalogue_is_the_one_of_the_requirements():
    told = {
        code: " ".join(say or "-" for say in entry.cells.values())
        for code, entry in catalogue().items()
    }
    assert told == TABLE
    assert rights.unsound() == []


def test_all_four_hats_leave_the_catalogue_as_it_is():
    assert cells("CTO", "CAIO", "CIO", "CDO") == {c: e.cells for c, e in catalogue().items()}


def test_an_ai_cto_counts_as_cto_and_caio():
    assert cells("AI_CTO") == cells("CTO", "CAIO")


@pytest.mark.parametrize("hats", EVERY, ids="+".join)
def test_whatever_hats_there_are_one_decides_each_right(hats):
    present = rights.columns_of(hats)

    for one in drafted(hats):
        deciding = [name for name, say in one.cells.items() if say == DECIDES]
        if one.code == "DR-05":
            assert set(deciding) == present
        else:
            assert len(deciding) == (0 if one.code == JOINT else 1), one
        assert not [
            name for name, say in one.cells.items() if say and name not in {*present, "client_say"}
        ]


@pytest.mark.parametrize("hats", EVERY, ids="+".join)
def test_the_agreement_of_an_absent_hat_is_found_again(hats):
    present = rights.columns_of(hats)

    for one in drafted(hats):
        entry = catalogue()[one.code]
        absent = [n for n in CELLS[:4] if entry.cells[n] == AGREES and n not in present]
        for name in absent:
            to = one.fallen[name]
            # It is an agreement elsewhere; only where the client decides alone is there nobody left to ask.
            assert one.cells[to] == AGREES or (one.cells[to], to) == (DECIDES, "client_say")
            assert f"{rights.NAMES[name]}'s agreement" in one.note
            assert f"with the {rights.NAMES[to]} here." in one.note


def test_what_moved_is_noted_in_one_sentence_for_each_who_takes_over():
    told = {one.code: one.note for one in drafted(["CDO"])}

    assert (told["DR-01"], told["DR-03"], told["DR-15"]) == (
        "The CTO's decision is with the client here.",
        "The CAIO's decision and the CTO's agreement are with the client here.",
        "",
    )


def test_what_an_absent_cio_or_cdo_decides_falls_to_the_cto():
    told = cells("CTO", "CAIO")

    assert (told["DR-21"]["cto"], told["DR-15"]["cto"]) == (DECIDES, DECIDES)
    assert (told["DR-16"]["caio"], told["DR-16"]["cto"]) == (DECIDES, AGREES)


def test_what_no_hat_here_decides_the_client_does():
    told = cells("CAIO")

    assert (told["DR-01"]["client_say"], told["DR-08"]["client_say"]) == (DECIDES, AGREES)
    assert told["DR-26"] == {"cto": "", "caio": "A", "cio": "", "cdo": "", "client_say": "A"}


def test_a_broken_catalogue_names_file_and_key(tmp_path, monkeypatch):
    file = tmp_path / "rights.toml"
    file.write_text(
        '["DR-01"]\nlabel = "One"\nsource = "S"\ncto = "D"\ncaio = "D"\n["DR-02"]\nlabel = "Two"\nsource = "S"\ncdo = "X"\n'
    )
    monkeypatch.setattr(rights, "FILE", file)
    rights.catalogue.cache_clear()
    try:
        found = [str(bad) for bad in rights.unsound()]
    finally:
        rights.catalogue.cache_clear()

    assert found == [
        "rights.toml: DR-01: more than one decides",
        "rights.toml: DR-02.cdo: one of D, A, I, not 'X'",
        "rights.toml: DR-02: nobody decides, and it is not joint either",
        "rights.toml: DR-02.cdo_falls_to: is given exactly where that hat has a say",
    ]


def said(*hats):
    return [
        {
            **one.cells,
            "code": one.code,
            "label": one.label,
            "each_own": one.each_own,
            "second_person": False,
            "note": "",
        }
        for one in drafted(hats)
    ]


def shown(view, code, *hats):
    table = view(said(*hats), hats)
    line = next(row for row in table["rows"] if row["code"] == code)
    return {cell["column"]: (cell["letter"], cell["words"]) for cell in line["cells"]}


def sentence(code, *hats):
    table = charter_views.matrix(said(*hats), hats)
    return next(row["sentence"] for row in table["rows"] if row["code"] == code)


def test_the_matrix_has_a_column_for_each_hat_there_is_and_words_for_each_cell():
    assert shown(charter_views.matrix, "DR-02", "CTO", "CAIO") == {
        "cto": ("I", "Gives input"),
        "caio": ("D", "Decides"),
        "client_say": ("A", "Must agree"),
    }


def test_rapid_and_raci_follow_from_the_matrix():
    assert shown(charter_views.rapid, "DR-03", "CTO", "CAIO") == {
        "cto": ("A", "Agrees"),
        "caio": ("D", "Decides"),
        "client_say": ("I", "Gives input"),
    }
    assert shown(charter_views.raci, "DR-03", "CTO", "CAIO") == {
        "cto": ("C", "Consulted"),
        "caio": ("A", "Accountable"),
        "client_say": ("C", "Consulted"),
    }


@pytest.mark.parametrize(
    ("code", "hats", "told"),
    [
        ("DR-01", ("CTO", "CAIO"), "The CTO hat decides alone."),
        ("DR-08", ("CTO", "CAIO"), "The CAIO hat decides; the CTO hat must agree."),
        (
            "DR-17",
            ("CTO", "CAIO"),
            "The CTO hat decides; the CAIO hat and the client must agree.",
        ),
        (
            "DR-05",
            ("CTO", "CAIO"),
            "The CTO hat and the CAIO hat each decide within their own limit; above it the client must agree.",
        ),
        (
            "DR-05",
            ("CIO",),
            "The CIO hat decides within its own limit; above it the client must agree.",
        ),
        ("DR-26", ("CTO", "CAIO"), "The CTO hat and the CAIO hat decide together."),
        ("DR-01", ("CAIO",), "The client decides alone."),
        ("DR-02", ("AI_CTO",), "The AI CTO as CAIO hat decides; the client must agree."),
    ],
)
def test_a_right_is_told_in_a_sentence(code, hats, told):
    assert sentence(code, *hats) == told


def test_a_limit_is_told_in_a_sentence():
    limit = {
        "hat": "CTO", "per_decision": "5000.00", "per_period": "20000.50", "period": "quarter",
        "currency": "EUR",
    }  # fmt: skip

    assert charter_views.limit_sentence(limit) == (
        "The CTO hat may spend up to EUR 5,000 by one decision, and up to EUR 20,000.50 a fiscal quarter in all."
    )


def test_two_versions_are_compared_right_by_right():
    one = {"rights": said("CTO", "CAIO"), "limits": []}
    limit = {
        "hat": "CTO",
        "per_decision": "1.00",
        "per_period": "2.00",
        "period": "month",
        "currency": "EUR",
    }
    two = {"rights": [dict(right) for right in one["rights"]], "limits": [limit]}
    two["rights"][5]["caio"] = "A"
    two["rights"][6]["second_person"] = True

    changes = [(c.code, c.what, c.before, c.after) for c in charter_views.differences(one, two)]

    told = charter_views.limit_sentence(limit)
    assert changes == [
        ("DR-06", "CAIO", "Gives input", "Must agree"),
        ("DR-07", "Second person", "", charter_views.SECOND_PERSON),
        ("", "Limit", "", told),
    ]
