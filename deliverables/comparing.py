"""What differs between two texts, line by line. Pure computation; the pages and the API put it in their own form."""

import difflib
from dataclasses import dataclass

from practice.refusals import Refusal

# Around each change; and how much is compared at all: the work grows with the square of it.
AROUND = 3
MOST_LINES, MOST_CHARACTERS = 3_000, 200_000
SAME, GONE, NEW = "same", "gone", "new"


class TooLongToCompare(Refusal):
    code = "too_long_to_compare"
    sentence = f"Texts of at most {MOST_LINES} lines and {MOST_CHARACTERS} characters are compared."


@dataclass(frozen=True)
class Hunk:
    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: tuple[tuple[str, str], ...]
    """Each with what became of it: same, gone or new."""


def hunks(old: str, new: str) -> list[Hunk]:
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    if max(len(before), len(after)) > MOST_LINES or max(len(old), len(new)) > MOST_CHARACTERS:
        raise TooLongToCompare
    matcher = difflib.SequenceMatcher(None, before, after)
    return [_hunk(group, before, after) for group in matcher.get_grouped_opcodes(AROUND)]


def _hunk(group: list[tuple[str, int, int, int, int]], before: list[str], after: list[str]) -> Hunk:
    lines: list[tuple[str, str]] = []
    for what, i1, i2, j1, j2 in group:
        if what == "equal":
            lines += [(SAME, line) for line in before[i1:i2]]
            continue
        lines += [(GONE, line) for line in before[i1:i2]]
        lines += [(NEW, line) for line in after[j1:j2]]
    first, last = group[0], group[-1]
    old, new = last[2] - first[1], last[4] - first[3]
    # Counted from 1; of no lines, the line they would come after, as patches have it.
    return Hunk(first[1] + bool(old), old, first[3] + bool(new), new, tuple(lines))
