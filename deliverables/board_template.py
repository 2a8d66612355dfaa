"""Which sections a board report can have, read from data/board.toml. Data; nothing here acts."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from practice import book
from practice.book import BadBook

FILE = Path(__file__).parent / "data" / "board.toml"
MANDATORY = ("spend", "capability", "risk")


@dataclass(frozen=True)
class SectionKind:
    title: str
    asks: str
    """What whoever writes it is asked."""
    source: str
    mandatory: bool = False
    usual: bool = False
    """Whether it is there when a report is opened."""
    fills: str = ""
    """The reading of the registers that gives its figures; none where it is words alone."""


@cache
def sections() -> dict[str, SectionKind]:
    found = book.tables(SectionKind, FILE)
    mandatory = tuple(key for key, section in found.items() if section.mandatory)
    if mandatory != MANDATORY or tuple(found)[:3] != MANDATORY:
        raise BadBook(FILE, "mandatory", f"first, and alone, are {', '.join(MANDATORY)}")
    return found


def usual() -> list[tuple[str, SectionKind]]:
    """What a report is opened with, in order."""
    return [(key, one) for key, one in sections().items() if one.mandatory or one.usual]


def unsound(known: frozenset[str]) -> list[BadBook]:
    """What is wrong with the file, given the readings that there are."""
    try:
        found = sections()
    except BadBook as bad:
        return [bad]
    return [
        BadBook(FILE, f"{key}.fills", f"there is no reading {section.fills!r}")
        for key, section in found.items()
        if section.fills and section.fills not in known
    ]
