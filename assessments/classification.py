"""One AI system under the EU AI Act: its tier, why, and what the law table asks of it for that. Pure; the rules are
a lens apart from the panel's, run by the same engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assessments import evaluation, facts, law, library
from assessments.law import System
from assessments.lenses import Lens
from practice import book

FOLDER = facts.DATA / "classification" / "lenses"
KEY = "AI-ACT"
PINS = "published.toml"


@dataclass(frozen=True)
class Finding:
    """What the answers about a system come to."""

    tier: str | None
    """None where they are too few or contradict each other, or where the Act does not reach the system."""
    outcome: str
    provisional: bool
    alternatives: tuple[str, ...]
    missing: tuple[str, ...]
    reasons: dict[str, str]
    """Each with its article."""
    words: tuple[str, ...]
    """Roles and traits, as the law table calls them."""
    lens: str
    lens_version: int
    orientation: str = law.ORIENTATION

    def system(self, placed_on: date | None = None) -> System:
        """As the law table asks about it. ValueError without a tier."""
        if self.tier is None:
            raise ValueError(f"a system that is {self.outcome} has no tier")
        words = frozenset(self.words)
        return System(self.tier, words & set(law.ROLES), words - set(law.ROLES), placed_on)


def newest() -> Lens:
    return library.newest(FOLDER)[KEY]


def classify(given: dict[str, Any], lens: Lens | None = None) -> Finding:
    """The finding by the newest version, or by the one an old finding was made with (library.pinned)."""
    lens = lens or newest()
    result = evaluation.evaluate(lens, given)
    outcome = result["outcome"]
    return Finding(
        tier=outcome if outcome in law.TIERS else None,
        outcome=outcome,
        provisional=result["provisional"],
        alternatives=tuple(result["alternatives"]),
        missing=tuple(result["missing"]),
        reasons={code: lens.texts[code] for code in result["reasons"]},
        words=tuple(result["needs"]),
        lens=lens.key,
        lens_version=lens.version,
    )


def unsound(folder: Path | None = None) -> Iterator[book.BadBook]:
    """What `manage.py check` refuses: a broken or changed lens, and words that the law table does not know."""
    folder = folder or FOLDER
    broken = [*library.unsound(folder)]
    yield from broken
    try:
        known = {*law.ROLES, *law.newest().traits}
    except (book.BadBook, KeyError):
        # The table's own check tells that it is broken or gone.
        return
    if not broken:
        yield from _strangers(library.newest(folder).values(), known, folder.parent / PINS)


def _strangers(lenses: Iterable[Lens], known: set[str], file: Path) -> Iterator[book.BadBook]:
    for lens in lenses:
        for tier in lens.outcomes:
            if tier not in law.TIERS:
                yield book.BadBook(file, f"{lens.key}.outcomes", f"{tier} is no tier")
        for i, item in enumerate(lens.lists.get("needs", ())):
            if item.value not in known:
                why = f"{item.value} is no role and no trait of the law table"
                yield book.BadBook(file, f"{lens.key}.lists.needs[{i}]", why)
