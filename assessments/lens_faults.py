"""Everything that can be wrong with a lens file beyond its types, each with the key it stands at."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from assessments import answers, lens_trials
from assessments.lenses import KINDS, LISTS, RESULT_FIELDS, Lens, Question, constant

Fault = tuple[str, str]
KEY = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
QUESTION_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*-[A-Z][A-Za-z0-9]*")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Words that CEL keeps for itself or that evaluation gives a meaning.
TAKEN = {"outcome", "rule", "true", "false", "null", "in", "as", "break", "const", "continue"}
TAKEN |= {"else", "for", "function", "if", "import", "let", "loop", "namespace", "package"}
TAKEN |= {"return", "var", "void", "while"}


def faults(lens: Lens) -> Iterator[Fault]:
    yield from _head(lens)
    unclear = [f for i, q in enumerate(lens.questions) for f in _question(q, f"questions[{i}]")]
    yield from unclear
    yield from _twice(lens)
    yield from _contradictions(lens)
    yield from _names(lens)
    # Expressions are tried on answers only where it is clear what an answer is.
    broken = list(lens_trials.unreadable(lens) if unclear else lens_trials.faults(lens))
    yield from broken
    yield from _rules(lens, {at for at, _ in broken})
    yield from _results(lens)
    yield from _texts(lens)


def _head(lens: Lens) -> Iterator[Fault]:
    if not KEY.fullmatch(lens.key):
        yield "key", "capitals, digits and dashes are expected, such as S1 or OWN-FIRST"
    if not 1 <= lens.version <= 9999:
        yield "version", "versions count from 1 to 9999"
    for name in ("name", "subject", "file", "bias"):
        if not getattr(lens, name).strip():
            yield name, "is missing"
    if not lens.questions:
        yield "questions", "a lens without questions answers nothing"
    if not lens.rules:
        yield "rules", "a lens without rules has no outcome"


def _question(question: Question, at: str) -> Iterator[Fault]:
    if not QUESTION_ID.fullmatch(question.id):
        yield f"{at}.id", "a key and a short name are expected, such as S1-Q1"
    elif question.name in TAKEN:
        yield f"{at}.id", f"{question.name} has a meaning of its own"
    if not question.text.strip():
        yield f"{at}.text", "is missing"
    if question.kind not in KINDS:
        yield f"{at}.kind", f"one of {', '.join(KINDS)} is expected"
        return
    if question.kind in {"choice", "multi"} and not question.choices:
        yield f"{at}.choices", "a choice needs words to choose from"
    if question.kind not in {"choice", "multi"} and question.choices:
        yield f"{at}.choices", f"{question.kind} takes no choices"
    if len(set(question.choices)) < len(question.choices):
        yield f"{at}.choices", "a word is there twice"
    yield from _openness(question, at)


def _openness(question: Question, at: str) -> Iterator[Fault]:
    """What no answer means: at most one of needed, default and unknown, each of the question's kind."""
    if question.needed and question.default is not None:
        yield f"{at}.needed", "a question with a default is never missing"
    if question.unknown is not None and (question.needed or question.default is not None):
        yield f"{at}.unknown", "the question is never unknown"
    if question.default is not None and not _fits(question, question.default):
        yield f"{at}.default", f"is no answer of kind {question.kind}"
    # A choice may stand for unknown under a word that nobody can answer.
    may_be = isinstance(question.unknown, str) and question.kind == "choice"
    if question.unknown is not None and not may_be and not _fits(question, question.unknown):
        yield f"{at}.unknown", f"is no answer of kind {question.kind}"
    if question.completions is None:
        can_be_unknown = not question.needed and question.default is None
        if can_be_unknown and question.kind in {"count", "money", "multi"}:
            yield f"{at}.completions", "one value from each interval is expected"
        return
    if question.kind == "yes_no":
        yield f"{at}.completions", "yes and no are the only ones"
    elif not isinstance(question.completions, list) or not question.completions:
        yield f"{at}.completions", "a list of values is expected"
    elif not all(_fits(question, value) for value in question.completions):
        yield f"{at}.completions", f"is no list of answers of kind {question.kind}"


def _fits(question: Question, value: Any) -> bool:
    if question.kind == "yes_no":
        return isinstance(value, bool)
    try:
        answers.value(question.kind, question.choices, value)
    except ValueError:
        return False
    return True


def _twice(lens: Lens) -> Iterator[Fault]:
    seen: set[str] = set()
    for i, question in enumerate(lens.questions):
        if question.name in seen:
            yield f"questions[{i}].id", f"{question.id} is there twice"
        seen.add(question.name)
    for name, codes in (
        ("outcomes", lens.outcomes),
        ("warnings", tuple(warned.code for warned in lens.warnings)),
    ):
        for code, count in Counter(codes).items():
            if count > 1:
                yield name, f"{code} is there twice"


def _contradictions(lens: Lens) -> Iterator[Fault]:
    known = {question.id for question in lens.questions}
    for i, contradiction in enumerate(lens.invalid):
        if len(set(contradiction.pair)) < 2:
            yield f"invalid[{i}].pair", "a contradiction names at least two questions"
        for missing in sorted(set(contradiction.pair) - known):
            yield f"invalid[{i}].pair", f"{missing} is no question of this lens"


def _names(lens: Lens) -> Iterator[Fault]:
    """Named values, which expressions call as they call questions."""
    seen = {question.name for question in lens.questions}
    for table, named in (("derived", lens.derived), ("late", lens.late)):
        for name in named:
            if not NAME.fullmatch(name) or name in TAKEN:
                yield f"{table}.{name}", "cannot be called by this name"
            if name in seen:
                yield f"{table}.{name}", f"{name} is there twice"
            seen.add(name)


def _rules(lens: Lens, broken: set[str]) -> Iterator[Fault]:
    for table, rules in (("rules", lens.rules), ("overrides", lens.overrides)):
        for i, rule in enumerate(rules):
            if rule.outcome not in lens.outcomes:
                yield f"{table}[{i}].outcome", f"{rule.outcome!r} is not among the outcomes"
    idle = dict(_idle(lens, broken))
    yield from idle.items()
    last = f"rules[{len(lens.rules) - 1}].when"
    sound = [rule.when for i, rule in enumerate(lens.rules) if f"rules[{i}].when" not in broken]
    if sound and last not in broken and not any(constant(when) is True for when in sound):
        yield last, 'the last rule must hold always: when = "true"'
    reached = {rule.outcome for i, rule in enumerate(lens.rules) if f"rules[{i}].when" not in idle}
    reached.update(rule.outcome for rule in lens.overrides)
    for outcome in dict.fromkeys(lens.outcomes):
        if outcome not in reached:
            yield "outcomes", f"{outcome} is reached by no rule"


def _idle(lens: Lens, broken: set[str]) -> Iterator[Fault]:
    """Rules that cannot decide anything. What is broken is judged as if it might."""
    seen: dict[str, str] = {}
    always = ""
    for i, rule in enumerate(lens.rules):
        at = f"rules[{i}]"
        if f"{at}.when" in broken:
            continue
        if always:
            yield f"{at}.when", f"is never reached: {always} always holds"
        elif rule.when in seen:
            yield f"{at}.when", f"is never reached: {seen[rule.when]} says the same"
        elif constant(rule.when) is False:
            yield f"{at}.when", "never holds"
        elif constant(rule.when) is True:
            always = at
        seen.setdefault(rule.when, at)


def _results(lens: Lens) -> Iterator[Fault]:
    for name in lens.fields:
        if name not in RESULT_FIELDS:
            yield f"fields.{name}", f"a result has only {', '.join(RESULT_FIELDS)}"
    for name in lens.lists:
        if name not in LISTS:
            yield f"lists.{name}", f"a result has only {', '.join(LISTS)}"


def _texts(lens: Lens) -> Iterator[Fault]:
    codes = [*lens.outcomes, *(warned.code for warned in lens.warnings)]
    for rule in (*lens.rules, *lens.overrides):
        codes += rule.reasons
    codes += [remark.reason for remark in lens.also]
    for code in dict.fromkeys(codes):
        if not lens.texts.get(code, "").strip():
            yield f"texts.{code}", "is missing"
