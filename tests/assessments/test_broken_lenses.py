"""Lens files with one fault each: every one is refused with its file and the key the fault stands at."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from assessments import checks, library
from practice.book import BadBook

SOUND = """\
key = "OWN-T"
version = 1
name = "A trial"
subject = "What a sound lens looks like"
file = "none"
bias = "None."
outcomes = ["FEW", "MANY"]

[[questions]]
id = "T-Q1"
text = "How many?"
kind = "count"
completions = [0, 5]

[[questions]]
id = "T-Q2"
text = "Really?"
kind = "yes_no"

[[questions]]
id = "T-Q3"
text = "Which?"
kind = "choice"
choices = ["red", "blue"]
needed = true

[[invalid]]
when = "Q2 && Q3 == 'red'"
pair = ["T-Q2", "T-Q3"]

[derived]
lots = "Q1 >= 5"

[[rules]]
when = "lots && Q2"
outcome = "MANY"
reasons = ["R1"]

[[rules]]
when = "true"
outcome = "FEW"

[[warnings]]
code = "CARE"
when = "outcome == 'MANY'"

[fields]
n = "Q1"

[texts]
FEW = "Few."
MANY = "Many."
R1 = "Five or more."
CARE = "Take care."
"""
LAST = 'when = "true"\noutcome = "FEW"'
# What is put in the place of what, the key that is named, and words of the reason.
BROKEN = {
    "a question that an expression names and nobody asks": (
        'lots = "Q1 >= 5"',
        'lots = "Q9 >= 5"',
        "derived.lots",
        "Q9 is no question or value known here",
    ),
    "a value that is used before it is worked out": (
        "Q2 && Q3 == 'red'",
        "lots && Q2",
        "invalid[0].when",
        "lots is no question or value known here",
    ),
    "a key that is there twice": (
        'name = "A trial"',
        'name = "A trial"\nname = "Again"',
        "file",
        "Cannot overwrite a value (at line 4, column 15)",
    ),
    "a text that is not closed": ('name = "A trial"', 'name = "A trial', "file", "(at line 3,"),
    "a question that is there twice": (
        'id = "T-Q2"',
        'id = "T-Q1"',
        "questions[1].id",
        "T-Q1 is there twice",
    ),
    "an outcome that is there twice": (
        '["FEW", "MANY"]',
        '["FEW", "MANY", "FEW"]',
        "outcomes",
        "FEW is there twice",
    ),
    "an outcome that no rule reaches": (
        '["FEW", "MANY"]',
        '["FEW", "MANY", "NONE"]',
        "outcomes",
        "NONE is reached by no rule",
    ),
    "an outcome that nobody announced": (
        '["FEW", "MANY"]',
        '["FEW"]',
        "rules[0].outcome",
        "'MANY' is not among the outcomes",
    ),
    "a rule behind one that always holds": (
        '"lots && Q2"',
        '"true"',
        "rules[1].when",
        "is never reached: rules[0] always holds",
    ),
    "a rule behind one that always holds in other words": (
        '"lots && Q2"',
        '"1 < 2"',
        "rules[1].when",
        "is never reached: rules[0] always holds",
    ),
    "a rule that says what an earlier one says": (
        LAST,
        f'when = "lots && Q2"\noutcome = "FEW"\n[[rules]]\n{LAST}',
        "rules[1].when",
        "is never reached: rules[0] says the same",
    ),
    "a rule that never holds": ('"lots && Q2"', '"false"', "rules[0].when", "never holds"),
    "a last rule that does not always hold": (
        'when = "true"',
        'when = "Q2"',
        "rules[1].when",
        "the last rule must hold always",
    ),
    "a text that is missing": ('MANY = "Many."\n', "", "texts.MANY", "is missing"),
    "a text that is blank": ('MANY = "Many."', 'MANY = " "', "texts.MANY", "is missing"),
    "a warning without a text": ('CARE = "Take care."', "", "texts.CARE", "is missing"),
    "a reason without a text": ('R1 = "Five or more."\n', "", "texts.R1", "is missing"),
    "a question without a text": ('"Really?"', '""', "questions[1].text", "is missing"),
    "a key that is missing": ('bias = "None."\n', "", "bias", "is missing"),
    "a key that is missing in a question": (
        'kind = "yes_no"\n',
        "",
        "questions[1].kind",
        "is missing",
    ),
    "a key that is misspelt": ("subject =", "subjekt =", "subjekt", "no such key; misspelt?"),
    "a key that is misspelt in a rule": (
        'reasons = ["R1"]',
        'reason = ["R1"]',
        "rules[0].reason",
        "no such key; misspelt?",
    ),
    "a result field that is misspelt": ('n = "Q1"', 'nn = "Q1"', "fields.nn", "has only n, lead"),
    "an expression that is no CEL": (
        '"lots && Q2"',
        '"lots && && Q2"',
        "rules[0].when",
        "Failed to parse",
    ),
    "an expression that is no text": (
        'when = "true"',
        "when = true",
        "rules[1].when",
        "str is expected here, not bool",
    ),
    "a kind that there is not": (
        'kind = "yes_no"',
        'kind = "maybe"',
        "questions[1].kind",
        "one of yes_no, choice, multi, count, money",
    ),
    "a choice without words": (
        'choices = ["red", "blue"]\n',
        "",
        "questions[2].choices",
        "a choice needs words",
    ),
    "words for a question that takes none": (
        'kind = "yes_no"',
        'kind = "yes_no"\nchoices = ["yes"]',
        "questions[1].choices",
        "yes_no takes no choices",
    ),
    "a contradiction with a question that there is not": (
        '["T-Q2", "T-Q3"]',
        '["T-Q2", "T-Q8"]',
        "invalid[0].pair",
        "T-Q8 is no question of this lens",
    ),
    "a contradiction of one question with itself": (
        '["T-Q2", "T-Q3"]',
        '["T-Q2", "T-Q2"]',
        "invalid[0].pair",
        "at least two questions",
    ),
    "a condition that is a number": (
        '"lots && Q2"',
        '"Q1"',
        "rules[0].when",
        "yes or no is expected of it, not int",
    ),
    "a condition that breaks on some answers only": (
        '"lots && Q2"',
        '"lots && Q3 > 5"',
        "rules[0].when",
        "cannot be worked out: No such overload",
    ),
    "a field of another kind than results have": (
        'n = "Q1"',
        'n = "Q3"',
        "fields.n",
        "a whole number is expected of it, not str",
    ),
    "a needed question with a default": (
        "needed = true",
        'needed = true\ndefault = "red"',
        "questions[2].needed",
        "a question with a default is never missing",
    ),
    "a default of another kind": (
        'kind = "yes_no"',
        'kind = "yes_no"\ndefault = "yes"',
        "questions[1].default",
        "is no answer of kind yes_no",
    ),
    "a default that is not among the words": (
        "needed = true",
        'default = "green"',
        "questions[2].default",
        "is no answer of kind choice",
    ),
    "a number that may be unknown, without intervals": (
        "completions = [0, 5]\n",
        "",
        "questions[0].completions",
        "one value from each interval is expected",
    ),
    "completions of another kind": (
        "[0, 5]",
        '[0, "five"]',
        "questions[0].completions",
        "is no list of answers of kind count",
    ),
    "a name that CEL keeps for itself": (
        'lots = "Q1 >= 5"',
        'in = "Q1 >= 5"',
        "derived.in",
        "cannot be called by this name",
    ),
    "a value called like a question": (
        'lots = "Q1 >= 5"',
        'Q2 = "Q1 >= 5"\nlots = "Q1 >= 5"',
        "derived.Q2",
        "Q2 is there twice",
    ),
    "a list as a value that others build on": (
        'lots = "Q1 >= 5"',
        'many = "[Q1, Q1]"\nlots = "Q1 >= 5"',
        "derived.many",
        "a single value is expected of it, not list",
    ),
    "a version below one": ("version = 1", "version = 0", "version", "versions count from 1"),
}


def broken(name):
    old, new, _, _ = BROKEN[name]
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)


def test_the_lens_from_which_the_broken_ones_are_made_is_sound(tmp_path):
    file = tmp_path / "sound.toml"
    file.write_text(SOUND)
    assert library.load(file).key == "OWN-T"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_lens_is_refused_with_its_file_and_key(tmp_path, name):
    _, _, key, why = BROKEN[name]
    file = tmp_path / "broken.toml"
    file.write_text(broken(name))
    with pytest.raises(BadBook) as refused:
        library.load(file)
    assert (refused.value.file.name, refused.value.key or "file") == ("broken.toml", key)
    assert why in refused.value.why


def test_manage_check_names_every_broken_lens_in_the_folder(tmp_path, monkeypatch):
    folder = tmp_path / "lenses"
    folder.mkdir()
    names = list(BROKEN)
    for number, name in enumerate(names):
        (folder / f"{number:02}.toml").write_text(broken(name))
    monkeypatch.setattr(library, "FOLDER", folder)
    told = [error.msg for error in checks.every_lens_is_sound(None)]
    expected = [f"{number:02}.toml: {BROKEN[name][2]}:" for number, name in enumerate(names)]
    assert [message[: len(start)] for message, start in zip(told, expected, strict=True)] == (
        expected
    )
    with pytest.raises(SystemCheckError, match=r"00\.toml: derived\.lots: Q9 is no question"):
        call_command("check")
