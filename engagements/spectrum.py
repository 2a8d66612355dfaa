"""The spectrum as data: points, allowed moves, phases with exit tests, curves and sprints. Read here, never written."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments import conflicts
from engagements.models.base import Phase
from engagements.models.base import Point as Points
from engagements.models.course import MoveKind
from practice import agenda_rules, book
from practice.models.people import Hat

DATA = Path(__file__).parent / "data"
FILE = DATA / "spectrum.toml"


@dataclass(frozen=True)
class Band:
    low: int
    high: int
    unit: str


@dataclass(frozen=True)
class Point:
    label: str
    order: int
    cadence: str
    output: str
    source: str
    length: Band | None = None
    days_per_month: Band | None = None
    warn_outside: Band | None = None
    phased: bool = False
    prices: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """The moves of one kind from one point."""

    kind: str
    to: tuple[str, ...]
    source: str
    since: str = ""


@dataclass(frozen=True)
class PhaseRule:
    key: str
    label: str
    source: str
    ends: Band | None = None
    cadence: str = ""


@dataclass(frozen=True)
class ExitTest:
    key: str
    phase: str
    label: str
    source: str
    hats: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def asked_of(self, hats: set[str]) -> bool:
        return (not self.hats or bool(hats & set(self.hats))) and not hats & set(self.unless)


@dataclass(frozen=True)
class CurveStep:
    since: int
    low: int
    high: int


@dataclass(frozen=True)
class Curve:
    label: str
    unit: str
    source: str
    months: tuple[CurveStep, ...]
    review_months: tuple[int, ...]
    conflicts: tuple[str, ...] = ()

    def at(self, month: int) -> CurveStep:
        """What is planned for the nth month, counted from one."""
        return [step for step in self.months if step.since <= month][-1]


@dataclass(frozen=True)
class Sprint:
    label: str
    days: int
    source: str


@dataclass(frozen=True)
class Milestone:
    """A day counted from the first day of the work."""

    kind: str
    day: int
    title: str
    when: str
    source: str
    client_sees: bool = False


@dataclass(frozen=True)
class Spectrum:
    version: int
    points: dict[str, Point]
    moves: tuple[Way, ...]
    phases: tuple[PhaseRule, ...]
    exit_tests: tuple[ExitTest, ...]
    curves: dict[str, Curve]
    sprints: dict[str, Sprint]
    milestones: tuple[Milestone, ...]


@cache
def spectrum() -> Spectrum:
    data = book.read(FILE)
    for way in data.get("moves", []):
        # A word that Python keeps for itself; the file says `from` all the same.
        if isinstance(way, dict) and "from" in way:
            way["since"] = way.pop("from")
    return book.build(Spectrum, data, FILE)


def points() -> dict[str, Point]:
    return spectrum().points


@cache
def moves() -> dict[tuple[str, str], str]:
    """The kind of each allowed move, by the points it goes from ("": the beginning) and to."""
    return {(way.since, to): way.kind for way in spectrum().moves for to in way.to}


def next_phase(phase: str) -> str:
    """The phase after this one; "" after the last, and outside a retainer."""
    keys = [rule.key for rule in spectrum().phases]
    following = keys.index(phase) + 1 if phase in keys else len(keys)
    return keys[following] if following < len(keys) else ""


def first_phase(point: str) -> str:
    return spectrum().phases[0].key if points()[point].phased else ""


def phase(key: str) -> PhaseRule:
    return next(rule for rule in spectrum().phases if rule.key == key)


def exit_tests(phase: str, hats: set[str]) -> list[ExitTest]:
    return [t for t in spectrum().exit_tests if t.phase == phase and t.asked_of(hats)]


def unsound() -> Iterator[book.BadBook]:
    try:
        found = spectrum()
    except book.BadBook as bad:
        yield bad
        return
    for key, why in _faults(found):
        yield book.BadBook(FILE, key, why)


def _faults(found: Spectrum) -> Iterator[tuple[str, str]]:
    yield from _unknown("points", found.points, Points.values, whole=True)
    yield from _unknown("phases", [rule.key for rule in found.phases], Phase.values, whole=True)
    yield from _faults_of_points(found)
    if set(found.points) == set(Points.values):
        yield from _faults_of_moves(found)
    for i, test in enumerate(found.exit_tests):
        yield from _unknown(f"exit_tests[{i}].phase", [test.phase], Phase.values)
        yield from _unknown(f"exit_tests[{i}].hats", [*test.hats, *test.unless], Hat.values)
        if [(t.key, t.phase) for t in found.exit_tests].count((test.key, test.phase)) > 1:
            yield f"exit_tests[{i}].key", f"{test.key} is there twice"
    yield from _faults_of_curves(found)
    for i, milestone in enumerate(found.milestones):
        yield from _unknown(f"milestones[{i}].when", [milestone.when], ["eu", "combined"])
        yield from _unknown(f"milestones[{i}].kind", [milestone.kind], list(agenda_rules.rules()))
        if milestone.day < 1:
            yield f"milestones[{i}].day", "days are counted from one"
    for key, sprint in found.sprints.items():
        if sprint.days < 1 or len(key) > 4:
            yield f"sprints.{key}", "a length of at least one day and a key of four letters"


def _faults_of_points(found: Spectrum) -> Iterator[tuple[str, str]]:
    orders = [point.order for point in found.points.values()]
    for key, point in found.points.items():
        if orders.count(point.order) > 1:
            yield f"points.{key}.order", "two points stand at the same place"
        for name in ("length", "days_per_month", "warn_outside"):
            band = getattr(point, name)
            if band and not 0 < band.low <= band.high:
                yield f"points.{key}.{name}", "low is above high, or not above zero"
        yield from _unknown(f"points.{key}.conflicts", point.conflicts, _conflicts())


def _faults_of_moves(found: Spectrum) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for i, way in enumerate(found.moves):
        key = f"moves[{i}]"
        wrong = list(_unknown(key, [way.since or way.to[0], *way.to], Points.values))
        yield from wrong
        if wrong:
            continue
        for to in way.to:
            if (way.since, to) in seen:
                yield key, f"the move from {way.since or 'the beginning'} to {to} is there twice"
            seen.add((way.since, to))
            if way.kind != _kind(found, way.since, to):
                yield f"{key}.kind", f"from {way.since or 'the beginning'} to {to} is no {way.kind}"


def _kind(found: Spectrum, since: str, to: str) -> str:
    if not since:
        return MoveKind.BEGIN.value
    if since == to:
        return MoveKind.TERMS.value
    up = found.points[to].order > found.points[since].order
    return MoveKind.UP.value if up else MoveKind.DOWN.value


def _faults_of_curves(found: Spectrum) -> Iterator[tuple[str, str]]:
    for key, curve in found.curves.items():
        since = [step.since for step in curve.months]
        if not since or since[0] != 1 or since != sorted(set(since)):
            yield f"curves.{key}.months", "months begin with 1 and go up"
        if curve.unit not in ("hours", "days"):
            yield f"curves.{key}.unit", "hours or days"
        if any(not 0 < step.low <= step.high for step in curve.months):
            yield f"curves.{key}.months", "low is above high, or not above zero"
        yield from _unknown(f"curves.{key}.conflicts", curve.conflicts, _conflicts())


def _conflicts() -> list[str]:
    return [conflict.id for conflict in conflicts.register()]


def _unknown(
    key: str,
    named: "list[str] | tuple[str, ...] | dict[str, Point]",
    known: list[str],
    *,
    whole: bool = False,
) -> Iterator[tuple[str, str]]:
    for name in named:
        if name not in known:
            yield key, f"{name!r} is not one of {', '.join(known)}"
    for name in known if whole else ():
        if name not in named:
            yield key, f"{name!r} is missing"
