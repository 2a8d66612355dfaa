"""Markdown for paper: the same reading as on a page, as pieces that hold nothing but text."""

import pytest

from practice.markdown_pieces import pieces
from tests.practice.test_markdown import HOSTILE

PLAIN = {"depth": 0, "mark": "", "quoted": False}


def run(text, *styles):
    return {"text": text, "styles": list(styles)}


def said(made) -> str:
    cells = [row for piece in made if piece["kind"] == "table" for row in piece["rows"]]
    told = [piece["runs"] for piece in made if "runs" in piece]
    told += [cell for row in cells for cell in row]
    words = "".join(one["text"] for group in told for one in group)
    return words + "".join(piece["text"] for piece in made if "text" in piece)


def test_words_carry_their_styles():
    assert pieces("A **b *c*** `d` ~~e~~") == [
        PLAIN
        | {
            "kind": "words",
            "runs": [
                run("A "),
                run("b ", "strong"),
                run("c", "strong", "em"),
                run(" "),
                run("d", "code"),
                run(" "),
                run("e", "struck"),
            ],
        }
    ]


def test_lists_say_how_deep_they_are_and_where_they_stand():
    made = pieces("- a\n- b\n\n  3. c\n  4. d\n\nafter")
    assert [(one["depth"], one["mark"], said([one])) for one in made] == [
        (1, "•", "a"),
        (1, "•", "b"),
        (2, "3.", "c"),
        (2, "4.", "d"),
        (0, "", "after"),
    ]


def test_a_second_paragraph_of_an_item_has_no_mark():
    made = pieces("1. a\n\n   b\n2. c")
    assert [(one["mark"], said([one])) for one in made] == [("1.", "a"), ("", "b"), ("2.", "c")]


def test_headings_quotes_code_rules_and_tables():
    made = pieces("# H\n\n> q\n\n```\nx\ny\n```\n\n---\n\n| a | b |\n|---|---|\n| 1 | **2** |")
    assert made == [
        PLAIN | {"kind": "heading", "level": 2, "runs": [run("H")]},
        PLAIN | {"kind": "words", "quoted": True, "runs": [run("q")]},
        PLAIN | {"kind": "code", "text": "x\ny"},
        PLAIN | {"kind": "rule"},
        PLAIN
        | {
            "kind": "table",
            "rows": [[[run("a")], [run("b")]], [[run("1")], [run("2", "strong")]]],
        },
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[register](https://a.test/x)", "register (https://a.test/x)"),
        ("<https://a.test/x>", "https://a.test/x"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[x](/portal/answer/)", "x"),
        ("![logo](https://a.test/x.png)", "!logo (https://a.test/x.png)"),
    ],
)
def test_an_address_is_said_and_never_followed(text, told):
    assert said(pieces(text)) == told


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_markup_stays_text(text):
    for piece in pieces(text):
        assert piece["kind"] in ("words", "code", "heading")


def test_deep_nesting_comes_to_an_end():
    for text in ("> " * 5000, "- " * 3000, "1. " * 3000):
        assert all(piece["depth"] <= 6 for piece in pieces(text))
