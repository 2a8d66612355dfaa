"""Lenses of a practice's own: told every fault at once, and never able to take long."""

import time

import pytest

from assessments import authored, evaluation
from assessments.answers import BadAnswers
from assessments.authored import BadLens, Failed
from tests.assessments.test_broken_lenses import BROKEN, SOUND, broken


def told(text):
    with pytest.raises(BadLens) as refused:
        authored.read(text)
    return [str(fault) for fault in refused.value.faults]


def lens(when="Q1", questions="", derived="", rules=""):
    """A small sound lens around what a test is about."""
    return f"""\
key = "OWN-X"
version = 1
name = "X"
subject = "X"
file = "X"
bias = "X"
outcomes = ["A", "B"]
[[questions]]
id = "OWN-X-Q1"
text = "X?"
kind = "yes_no"
{questions}
[derived]
{derived}
{rules}
[[rules]]
when = "{when}"
outcome = "A"
[[rules]]
when = "true"
outcome = "B"
[texts]
A = "A"
B = "B"
"""


def seconds(work):
    """Of this process alone: the machine is shared."""
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_sound_lens_is_read_and_never_votes():
    read = authored.read(SOUND)
    assert (read.key, read.panel) == ("OWN-T", False)
    said = {"T-Q1": 7, "T-Q2": "yes", "T-Q3": "blue"}
    result = authored.evaluate(read, said)
    assert (result["outcome"], result["n"]) == ("MANY", 7)
    assert result["warnings"] == [{"code": "CARE", "items": []}]
    assert set(result) == set(evaluation.evaluate(read, said))


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_refused_of_a_shipped_lens_is_refused_of_an_own_one(name):
    _, _, key, why = BROKEN[name]
    assert [line for line in told(broken(name)) if f"{key}: " in line and why in line] != []


def test_every_fault_is_told_at_once_each_with_its_line():
    text = SOUND
    for old, new in (
        ('key = "OWN-T"', 'key = "T"'),
        ("subject =", "subjekt ="),
        ('text = "Really?"\nkind = "yes_no"', 'text = ""\nkind = "perhaps"'),
        ('lots = "Q1 >= 5"', 'lots = "Q7 >= 5"'),
        ('reasons = ["R1"]', 'reasons = "R1"'),
        ('when = "true"', 'when = "Q1 >"'),
        ('FEW = "Few."\n', ""),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert told(text) == [
        "subject: is missing",
        "line 1: key: the key of a practice's own lens begins with OWN-",
        "line 4: subjekt: no such key; misspelt?",
        "line 17: questions[1].text: is missing",
        "line 18: questions[1].kind: one of yes_no, choice, multi, count, money is expected",
        "line 32: derived.lots: Q7 is no question or value known here",
        "line 37: rules[0].reasons: a list is expected here",
        "line 40: rules[1].when: Failed to parse expression 'Q1 >': ERROR: <input>:1:5: "
        "Syntax error: mismatched input '<EOF>'",
        "line 50: texts.FEW: is missing",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('key = "OWN-T"\nname = \n', "line 2: file: Invalid value (at line 2, column 8)"),
        ("a = 1\na = 2", "line 2: file: Cannot overwrite a value (at end of document)"),
        ("a = " + "[" * 5000, "file: is nested too deeply"),
        ("a = " + "{a=" * 5000, "file: is nested too deeply"),
        ("a" + ".a" * 5000 + " = 1", "line 1: file: more than 40 dots in one line"),
        ("a = " + "1" * 5000, "file: Exceeds the limit (4300 digits) for integer string"),
        ("#" * 200_001, "file: is longer than 200,000 bytes"),
    ],
)
def test_a_text_that_is_no_toml_is_refused_with_its_line(text, line):
    (only,) = told(text)
    assert only.removeprefix("line 2: ")[:50] == line.removeprefix("line 2: ")[:50]


@pytest.mark.parametrize(
    "when",
    [
        "[1, 2].all(x, [1, 2].all(y, x < y))",
        "[1, 2].exists(x, x == 1)",
        "[1, 2].exists_one(x, x == 1)",
        "[1, 2].existsOne(x, x == 1)",
        "[1, 2].map(Q1, Q1) == [1]",
        "[1, 2] . filter(Q1, Q1 > 1) == [1]",
        "[1, 2]\\n// words\\n.map(Q1, [1, 2].map(Q1, Q1)) == [1]",
        "cel.bind(x, 1, x == x)",
        "'a'.matches('(a+)+b')",
        "'a'.startsWith('a')",
        "{'a': 1}.a == 1",
        "has({'a': 1}.a)",
    ],
)
def test_nothing_that_loops_calls_or_looks_inside_is_accepted(when):
    assert told(lens(when))[0].endswith(
        "rules[0].when: a dot may stand only inside a number: nothing is called or looked into here"
    )


@pytest.mark.parametrize("when", ["string(Q1) == 'x'", "matches('a', 'b')", "type(Q1) == type(1)"])
def test_no_function_but_size_is_accepted(when):
    (only,) = told(lens(when))
    assert only.endswith("cannot be used here; operators and size() can")


def test_size_operators_and_numbers_with_a_dot_are_accepted():
    read = authored.read(lens("Q1 && size([1, 2]) == 2 && 1.5 < 2.5 && 3 in [1, 3] && -1 < 0"))
    assert authored.evaluate(read, {"OWN-X-Q1": "yes"})["outcome"] == "A"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            lens(
                questions="".join(
                    f'[[questions]]\nid = "Q-Z{n}"\ntext = "?"\nkind = "yes_no"\n'
                    for n in range(60)
                )
            ),
            "questions: more than 60",
        ),
        (
            lens(rules="".join('[[rules]]\nwhen = "Q1"\noutcome = "A"\n' for _ in range(199))),
            "rules: more than 200",
        ),
        (lens("Q1 || " * 100 + "Q1"), "rules[0].when: is longer than 500 characters"),
        (
            lens(derived="".join(f'd{n} = "{"Q1 || " * 80}Q1"\n' for n in range(50))),
            "file: more than 20,000 characters of expressions together",
        ),
        (
            lens().replace('text = "X?"', f'text = "{"X" * 2001}"'),
            "questions[0].text: is longer than 2,000 characters",
        ),
    ],
)
def test_a_lens_has_an_upper_size(text, fault):
    (only,) = told(text)
    assert only.rpartition("line ")[2].endswith(fault)


DOUBLING = "".join(f'd{n} = "d{n - 1} + d{n - 1}"\n' for n in range(1, 60))
NESTING = "".join(f'd{n} = "[d{n - 1}, d{n - 1}]"\n' for n in range(1, 60))
HOSTILE = {
    "nested comprehensions": lens(
        "[" + "1," * 99 + "1].map(x, [" + "1," * 99 + "1].map(y, x + y)) == []"
    ),
    "a text that doubles": lens(derived="d0 = \"'aaaaaaaa'\"\n" + DOUBLING),
    "a text that doubles on one answer only": lens(
        derived="d0 = \"Q1 ? 'aaaaaaaa' : ''\"\n" + DOUBLING
    ),
    "a list that doubles": lens(derived='d0 = "[1]"\n' + DOUBLING),
    "a list of lists": lens(derived='d0 = "[1]"\n' + NESTING),
    "brackets without end": lens("(" * 490),
    "lists without end": lens("[" * 490),
    "many broken expressions": lens(derived="".join(f'd{n} = "{"[" * 400}"\n' for n in range(45))),
    "many tables": "[[questions]]\n" * 14_000,
    "many keys": "".join(f"a{n} = 1\n" for n in range(18_000)),
    "many dotted keys": "".join(f"a{n}{'.a' * 40} = 1\n" for n in range(2_200)),
    "many words": lens().replace(
        'kind = "yes_no"', f'kind = "choice"\nchoices = {[str(n) for n in range(20_000)]}'
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_within_a_second(name):
    took = seconds(lambda: told(HOSTILE[name]))
    assert took < 1


def test_the_dearest_lens_that_is_accepted_answers_within_a_second():
    asked = "".join(
        f'[[questions]]\nid = "OWN-X-Z{n}"\ntext = "?"\nkind = "yes_no"\n' for n in range(7)
    )
    terms = " && ".join(f"Z{n % 7} == Q1" for n in range(8))
    rules = "".join(
        f'[[rules]]\nwhen = "Q1 && !Q1 && {n} == {n} || {terms} && 0 > {n}"\noutcome = "A"\n'
        for n in range(140)
    )
    read = authored.read(lens("Q1 && Z0", questions=asked, rules=rules))
    result = {}
    took = seconds(lambda: result.update(authored.evaluate(read, {})))
    assert (result["outcome"], result["alternatives"]) == ("B", ["A"])
    assert took < 1


def test_a_lens_that_breaks_on_an_answer_nobody_tried_says_so():
    amount = '[[questions]]\nid = "OWN-X-Q2"\ntext = "?"\nkind = "count"\ncompletions = [0, 5]\n'
    read = authored.read(lens("10 / (Q2 - 77) > 3", questions=amount))
    assert authored.evaluate(read, {"OWN-X-Q2": 78})["outcome"] == "A"
    with pytest.raises(Failed, match="OWN-X: division by zero"):
        authored.evaluate(read, {"OWN-X-Q2": 77})


def test_a_text_that_grows_on_an_answer_nobody_tried_is_stopped():
    amount = '[[questions]]\nid = "OWN-X-Q2"\ntext = "?"\nkind = "count"\ncompletions = [0, 5]\n'
    derived = "d0 = \"Q2 == 77 ? 'aaaaaaaaaaaaaaaa' : ''\"\n" + DOUBLING
    read = authored.read(lens("d59 == ''", questions=amount, derived=derived))
    with pytest.raises(Failed, match="OWN-X: d6 is to be a number, yes or no, or a short text"):
        authored.evaluate(read, {"OWN-X-Q2": 77})


def test_answers_at_fault_are_told_from_a_lens_at_fault():
    with pytest.raises(BadAnswers):
        authored.evaluate(authored.read(SOUND), {"T-Q1": "many"})
