"""The failure modes that the radar knows of, read from data/radar.toml. Data; radar.py looks for them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from practice import book

FILE = Path(__file__).parent / "data" / "radar.toml"


@dataclass(frozen=True)
class Failure:
    name: str
    idea: str
    source: str
    """Labels of the source's passages; the idea is told in our words."""
    shows: str
    """Our reading of it on what is recorded here."""
    next: str
    needs: tuple[str, ...]
    checked: bool
    """Whether a check is contributed. The others are declared, so that nobody takes silence for safety."""


@cache
def failures() -> dict[str, Failure]:
    return book.tables(Failure, FILE)
