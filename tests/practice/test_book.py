"""The book of knowledge: a wrong data file is refused, and the refusal names the file and the key."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from practice import agenda_rules, book, policies
from practice.agenda_rules import Rule
from practice.book import BadBook
from practice.durations import duration
from tests.make import NOW

GOOD = """
label = "Invitation expires"

[[reminders]]
before = "2d"
to = "invitee"
notice = "invitation_reminder"
"""


def built(folder: Path, text: str) -> Rule:
    file = folder / "rule.toml"
    file.write_text(text)
    return book.build(Rule, book.read(file), file, "expiry")


def test_a_sound_file_is_read_into_frozen_rows(tmp_path):
    rule = built(tmp_path, GOOD)
    assert (rule.label, rule.reminders[0].before, rule.effects) == (
        "Invitation expires",
        timedelta(days=2),
        (),
    )
    with pytest.raises(AttributeError):
        rule.label = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "key", "why"),
    [
        ("label =", "lable =", "expiry.lable", "no such key; misspelt?"),
        ("to =", "too =", "expiry.reminders[0].too", "no such key; misspelt?"),
        ('label = "Invitation expires"', "", "expiry.label", "is missing"),
        ('to = "invitee"', "", "expiry.reminders[0].to", "is missing"),
        (
            '"Invitation expires"',
            "7",
            "expiry.label",
            "str is expected here, not int",
        ),
        ('"invitee"', "true", "expiry.reminders[0].to", "str is expected here, not bool"),
        (
            '"2d"',
            '"2 days"',
            "expiry.reminders[0].before",
            "'2 days' is not a length of time such as 30d, 36h, 15m or 0s",
        ),
        (
            '"2d"',
            "2",
            "expiry.reminders[0].before",
            "2 is not a length of time such as 30d, 36h, 15m or 0s",
        ),
        ("[[reminders]]", "[reminders]", "expiry.reminders", "a list is expected here"),
    ],
)
def test_a_wrong_file_is_refused_by_file_and_key(tmp_path, old, new, key, why):
    with pytest.raises(BadBook) as refused:
        built(tmp_path, GOOD.replace(old, new, 1))
    assert str(refused.value) == f"rule.toml: {key}: {why}"
    assert (refused.value.file.name, refused.value.key) == ("rule.toml", key)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('label = "a"\nlabel = "b"\n', "at line 2"),
        ('[a]\nlabel = "a"\n[a]\n', "at line 3"),
        ('label = "a\n', "at line 1"),
    ],
)
def test_a_duplicate_key_or_broken_line_is_refused_by_file_and_line(tmp_path, text, line):
    with pytest.raises(BadBook) as refused:
        built(tmp_path, text)
    assert str(refused.value).startswith("rule.toml: file: ")
    assert line in str(refused.value)


def test_a_table_is_not_a_word(tmp_path):
    file = tmp_path / "rule.toml"
    with pytest.raises(BadBook, match=r"rule\.toml: expiry: a table is expected here"):
        book.build(Rule, "a word", file, "expiry")


@dataclass(frozen=True)
class Counted:
    number: int
    share: float | None = None


@pytest.mark.parametrize(
    ("data", "key"), [({"number": True}, "number"), ({"number": 1, "share": "x"}, "share")]
)
def test_a_yes_is_not_a_number_and_a_word_is_not_a_share(tmp_path, data, key):
    with pytest.raises(BadBook) as refused:
        book.build(Counted, data, tmp_path / "counted.toml")
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30d", timedelta(days=30)),
        ("36h", timedelta(hours=36)),
        ("15m", timedelta(minutes=15)),
        ("0s", timedelta()),
    ],
)
def test_lengths_of_time_are_read(text, length):
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "d", "1", "-1d", "1.5d", "1d ", "1w", "999999d", "1D", None])
def test_other_lengths_of_time_are_refused(text):
    with pytest.raises(ValueError):
        duration(text)


def test_the_moments_of_a_rule_come_in_order_and_once_each():
    rule = agenda_rules.rules()["invitation_expiry"]
    assert rule.moments(NOW) == [NOW - timedelta(days=2), NOW]


def test_the_books_own_files_are_sound():
    assert "invitation_expiry" in agenda_rules.rules()
    assert "api_key_longest_days" in policies.policies()
