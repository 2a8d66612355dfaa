"""Whether a client's risk posture is better or worse than a quarter before, by a rule. Pure; nobody edits what it says."""

from collections.abc import Sequence
from dataclasses import dataclass

BETTER, WORSE, UNCHANGED = "Better", "Worse", "Unchanged"
NOT_COMPARED = "Not compared"
MOST_TOLD = 4


@dataclass(frozen=True)
class Measure:
    """Something of which less is better: what it counts, now and a quarter before."""

    name: str
    now: int
    before: int

    @property
    def moved(self) -> bool:
        return self.now != self.before

    @property
    def told(self) -> str:
        return f"{self.name} went from {self.before} to {self.now}"


def judged(measures: Sequence[Measure], *, compares: bool) -> tuple[str, str]:
    """The word and the reason. `measures` stand in the order of their weight: the first that moved decides, and what
    moved besides is told with it."""
    if not compares:
        return NOT_COMPARED, "The work began this quarter: there is none before it to compare with."
    moved = [one for one in measures if one.moved]
    if not moved:
        names = _listed([one.name for one in measures])
        return UNCHANGED, f"Unchanged since last quarter: {names} are as many as then."
    first, others = moved[0], moved[1:MOST_TOLD]
    word = WORSE if first.now > first.before else BETTER
    said = f"{word} than last quarter: {first.told}."
    if not others:
        return word, said
    rest = len(moved) - 1 - len(others)
    more = f", and {rest} more moved" if rest else ""
    return word, f"{said} Besides, {_listed([one.told for one in others], more)}."


def _listed(words: Sequence[str], more: str = "") -> str:
    if more or len(words) < 2:
        return f"{', '.join(words)}{more}"
    return f"{', '.join(words[:-1])} and {words[-1]}"
