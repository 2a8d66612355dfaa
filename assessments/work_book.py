"""Words and scales of roadmap, metrics and risks, from data/roadmap.toml, metrics.toml and risks.toml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments import facts
from assessments.models import Direction, Horizon, Unit
from assessments.models.risk import LEAST, MOST
from practice import book
from practice.book import BadBook
from practice.models.people import Hat

ROADMAP = facts.DATA / "roadmap.toml"
METRICS = facts.DATA / "metrics.toml"
RISKS = facts.DATA / "risks.toml"


@dataclass(frozen=True)
class HorizonWords:
    label: str
    months: int
    sources: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class RoadmapBook:
    version: int
    horizons: dict[str, HorizonWords]


@dataclass(frozen=True)
class MetricKind:
    label: str
    hat: str
    sources: tuple[str, ...]
    shows_ai: bool = False
    """Whether it tells that AI is measured at all (FM-10)."""


@dataclass(frozen=True)
class Suggestion:
    """A definition to start from."""

    kind: str
    name: str
    definition: str
    unit: str
    direction: str


@dataclass(frozen=True)
class MetricsBook:
    version: int
    kinds: dict[str, MetricKind]
    suggestions: tuple[Suggestion, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(key, kind.label) for key, kind in self.kinds.items()]


@dataclass(frozen=True)
class Mark:
    mark: int
    label: str
    says: str


@dataclass(frozen=True)
class Band:
    key: str
    label: str
    least: int


@dataclass(frozen=True)
class RisksBook:
    version: int
    likelihood: tuple[Mark, ...]
    impact: tuple[Mark, ...]
    bands: tuple[Band, ...]

    def band(self, weight: int) -> Band:
        """The highest band that a likelihood times impact reaches."""
        return next(band for band in reversed(self.bands) if weight >= band.least)


@cache
def roadmap() -> RoadmapBook:
    found = book.build(RoadmapBook, book.read(ROADMAP), ROADMAP)
    if list(found.horizons) != Horizon.values:
        raise BadBook(ROADMAP, "horizons", f"exactly these: {', '.join(Horizon.values)}")
    months = [horizon.months for horizon in found.horizons.values()]
    if months != sorted(set(months)):
        raise BadBook(ROADMAP, "horizons", "rising numbers of months are expected here")
    return found


@cache
def metrics() -> MetricsBook:
    found = book.build(MetricsBook, book.read(METRICS), METRICS)
    for key, kind in found.kinds.items():
        if kind.hat not in Hat.values:
            raise BadBook(METRICS, f"kinds.{key}.hat", f"one of {', '.join(Hat.values)}")
    for number, one in enumerate(found.suggestions):
        allowed = {"kind": [*found.kinds], "unit": Unit.values, "direction": Direction.values}
        for name, words in allowed.items():
            if getattr(one, name) not in words:
                raise BadBook(
                    METRICS, f"suggestions[{number}].{name}", f"one of {', '.join(words)}"
                )
    return found


@cache
def risks() -> RisksBook:
    found = book.build(RisksBook, book.read(RISKS), RISKS)
    marks = list(range(LEAST, MOST + 1))
    for name in ("likelihood", "impact"):
        if [mark.mark for mark in getattr(found, name)] != marks:
            raise BadBook(RISKS, name, f"one of each mark from {LEAST} to {MOST}, in order")
    least = [band.least for band in found.bands]
    if least != sorted(set(least)) or least[:1] != [LEAST] or least[-1] > MOST * MOST:
        raise BadBook(RISKS, "bands", f"rising figures from {LEAST}")
    return found


def files() -> tuple[Path, ...]:
    """All of them read: what `manage.py check` asks."""
    roadmap(), metrics(), risks()
    return ROADMAP, METRICS, RISKS
