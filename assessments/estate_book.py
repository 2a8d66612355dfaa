"""Words and figures of the estate from data/estate.toml: data classes, the axis of spending, the benchmark band."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from assessments import facts
from assessments.models import Lever
from practice import book
from practice.book import BadBook

FILE = facts.DATA / "estate.toml"
AT, BEYOND = "at", "beyond"


@dataclass(frozen=True)
class Mark:
    """A sum on the axis, and what which source says of it."""

    amount: int
    reached: str
    sources: tuple[str, ...]
    says: str

    def is_reached(self, spent: Decimal) -> bool:
        return spent >= self.amount if self.reached == AT else spent > self.amount


@dataclass(frozen=True)
class Axis:
    currency: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Band:
    low: int
    high: int
    source: str
    says: str


@dataclass(frozen=True)
class EstateBook:
    version: int
    data_classes: dict[str, str]
    axis: Axis
    band: Band
    levers: dict[str, str]


@cache
def words() -> EstateBook:
    found = book.build(EstateBook, book.read(FILE), FILE)
    amounts = [mark.amount for mark in found.axis.marks]
    if amounts != sorted(set(amounts)) or not amounts:
        raise BadBook(FILE, "axis.marks", "rising amounts are expected here")
    for number, mark in enumerate(found.axis.marks):
        if mark.reached not in (AT, BEYOND):
            raise BadBook(FILE, f"axis.marks[{number}].reached", f"{AT} or {BEYOND}")
    if set(found.levers) != set(Lever.values):
        raise BadBook(FILE, "levers", f"exactly these: {', '.join(Lever.values)}")
    if not 0 < found.band.low < found.band.high < 100:
        raise BadBook(FILE, "band", "two rising shares of a hundred are expected here")
    return found
