"""What the articles say things cost, each with its source and segment. Shown beside the practice's own rate card."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assessments import conflicts
from engagements.spectrum import DATA
from engagements.spectrum import points as spectrum_points
from practice import book

FILE = DATA / "prices.toml"


@dataclass(frozen=True)
class PriceBand:
    low: int
    high: int | None = None
    label: str = ""


@dataclass(frozen=True)
class Price:
    what: str
    per: str
    segment: str
    source: str
    bands: tuple[PriceBand, ...] = ()
    words: str = ""
    open_upwards: bool = False
    unit: str = "USD"
    note: str = ""
    conflicts: tuple[str, ...] = ()


@cache
def prices() -> dict[str, Price]:
    return book.tables(Price, FILE)


def of(point: str) -> dict[str, Price]:
    """Everything said of what one point of the spectrum costs, by code."""
    return {code: prices()[code] for code in spectrum_points()[point].prices}


def unsound() -> Iterator[book.BadBook]:
    try:
        found = prices()
    except book.BadBook as bad:
        yield bad
        return
    known = {conflict.id for conflict in conflicts.register()}
    for key, price in found.items():
        if not price.bands and not price.words:
            yield book.BadBook(FILE, key, "neither figures nor words")
        if any(band.high is not None and band.low > band.high for band in price.bands):
            yield book.BadBook(FILE, f"{key}.bands", "low is above high")
        for name in set(price.conflicts) - known:
            yield book.BadBook(FILE, f"{key}.conflicts", f"there is no {name}")
    for point, told in spectrum_points().items():
        for code in told.prices:
            if code not in found:
                yield book.BadBook(
                    FILE, code, f"is named by {point} in spectrum.toml and missing here"
                )
