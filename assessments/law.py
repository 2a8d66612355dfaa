"""The law of AI as dated, sourced, versioned rows: what applies to a described system, from when, and what a new
version of the table moves. Pure, and orientation only; law_faults.py judges the files, classification.py the systems."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from assessments import facts
from practice import book

FOLDER = facts.DATA / "law"
PINS = "published.toml"
KEY = "EU-AI-ACT"
ORIENTATION = "Orientation, not legal advice."
COUNSEL = "ask counsel"
ROLES = (
    "provider",
    "deployer",
    "importer",
    "distributor",
    "product_manufacturer",
    "authorised_representative",
)
TIERS = ("PROHIBITED", "HIGH_RISK", "LIMITED_RISK", "MINIMAL_RISK")
APPLIES, LATER, ON_CHANGE, UNCONFIRMED = "applies", "later", "on_change", "unconfirmed"


@dataclass(frozen=True)
class Legacy:
    """What holds instead for what was there before the row applied."""

    legal_basis: str
    note: str = ""
    placed_before: date | None = None
    """Without one: before the row's own day."""
    applies_from: date | None = None
    """Without one: only from a significant change of the design."""
    traits: tuple[str, ...] = ()
    """For systems with one of them alone."""


@dataclass(frozen=True)
class Row:
    obligation: str
    legal_basis: str
    source: str
    checked_on: date
    confidence: str
    applies_from: date | None = None
    unconfirmed: bool = False
    original_date: date | None = None
    note: str = ""
    kind: str = "duty"
    """A duty, a penalty, or the background to both."""
    roles: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    """Of each of the three: one is enough, and none named means all."""
    legacy: Legacy | None = None
    legacy_of: tuple[str, ...] = ()
    """The rows whose place it takes for systems placed before a day; the first such row of the file wins."""
    placed_before: date | None = None
    """That day. Without one it is the day of the row whose place is taken."""


@dataclass(frozen=True)
class Duty:
    text: str
    articles: tuple[str, ...]
    rows: tuple[str, ...]
    """The rows that can date it."""
    roles: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    key: str
    version: int
    name: str
    regulation: str
    traits: tuple[str, ...]
    rows: dict[str, Row]
    duties: dict[str, Duty] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """A system as far as the law asks about it."""

    tier: str
    roles: frozenset[str]
    traits: frozenset[str] = frozenset()
    placed_on: date | None = None
    """When it, or the first unit of its type, was placed on the market or put into service."""


@dataclass(frozen=True)
class Applying:
    """A row that concerns a system: since or from when, and the duties that it dates."""

    key: str
    state: str
    applies_from: date | None
    legal_basis: str
    duties: tuple[str, ...]

    @property
    def when(self) -> str:
        if self.state == UNCONFIRMED:
            return COUNSEL
        return self.applies_from.isoformat() if self.applies_from else "on significant change"


@dataclass(frozen=True)
class Difference:
    """A row of which two versions of a table say different things."""

    key: str
    kind: str
    """added, removed, moved (a date of it) or reworded."""
    before: Row | None
    after: Row | None


def load(file: Path) -> Table:
    return book.build(Table, book.read(file), file)


def files(folder: Path | None = None) -> list[Path]:
    return [file for file in sorted((folder or FOLDER).glob("*.toml")) if file.name != PINS]


def newest(key: str = KEY, folder: Path | None = None) -> Table:
    versions = _versions(folder or FOLDER)[key]
    return versions[max(versions)]


def pinned(key: str, version: int, folder: Path | None = None) -> Table:
    """The version an old classification was dated with. KeyError where there is none."""
    return _versions(folder or FOLDER)[key][version]


@cache
def _versions(folder: Path) -> dict[str, dict[int, Table]]:
    found: dict[str, dict[int, Table]] = {}
    for file in files(folder):
        table = load(file)
        of_key = found.setdefault(table.key, {})
        if table.version in of_key:
            raise book.BadBook(file, "version", f"{table.key} {table.version} is in two files")
        of_key[table.version] = table
    return found


def owed(table: Table, system: System) -> list[str]:
    """The duties of this system's roles, whenever they apply."""
    return [key for key, duty in table.duties.items() if any(_dating(table, duty, system))]


def applying(table: Table, system: System, *, on: date) -> list[Applying]:
    """The rows that concern this system, in the order of the table, and how they stand on a day."""
    dated: dict[str, list[str]] = {}
    for name, duty in table.duties.items():
        for key in _dating(table, duty, system):
            dated.setdefault(key, []).append(name)
    for key, row in table.rows.items():
        if row.kind != "duty" and _concerns(row, system):
            dated.setdefault(key, [])
    return [
        _standing(key, row, system, on, tuple(dated[key]))
        for key, row in table.rows.items()
        if key in dated
    ]


def in_force(table: Table, system: System, *, on: date) -> list[str]:
    """The keys of the rows that apply to it on that day."""
    return [row.key for row in applying(table, system, on=on) if row.state == APPLIES]


def differences(before: Table, after: Table) -> list[Difference]:
    """What a new version says otherwise, row by row; that something was checked again is no difference."""
    keys = dict.fromkeys([*before.rows, *after.rows])
    found = (_difference(key, before.rows.get(key), after.rows.get(key)) for key in keys)
    return [difference for difference in found if difference]


def changed_duties(before: Table, after: Table) -> list[str]:
    """The duties that a new version adds, drops, or puts differently."""
    keys = dict.fromkeys([*before.duties, *after.duties])
    return [key for key in keys if before.duties.get(key) != after.duties.get(key)]


def replanned(before: Table, after: Table, system: System) -> list[str]:
    """The rows whose date for this system another version changes. What only rewords moves nobody's plan."""
    then, now = _dates(before, system), _dates(after, system)
    return [key for key in dict.fromkeys([*then, *now]) if then.get(key) != now.get(key)]


def _dates(table: Table, system: System) -> dict[str, str]:
    return {row.key: row.when for row in applying(table, system, on=date.min)}


def _difference(key: str, before: Row | None, after: Row | None) -> Difference | None:
    if before is None or after is None:
        return Difference(key, "removed" if after is None else "added", before, after)
    if _days(before) != _days(after):
        return Difference(key, "moved", before, after)
    words = [_words(row) for row in (before, after)]
    return Difference(key, "reworded", before, after) if words[0] != words[1] else None


def _days(row: Row) -> tuple[object, ...]:
    legacy = (row.legacy.placed_before, row.legacy.applies_from) if row.legacy else None
    return (row.applies_from, row.unconfirmed, row.placed_before, legacy)


def _words(row: Row) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name not in {"checked_on"}}


def _dating(table: Table, duty: Duty, system: System) -> Iterator[str]:
    """The rows that date a duty of this system: a legacy row in place of those it stands for."""
    if not (_meets(duty.roles, system.roles) and _meets(duty.traits, system.traits)):
        return
    concerned = [key for key in duty.rows if _concerns(table.rows[key], system)]
    seen = set()
    for key in concerned:
        if table.rows[key].legacy_of:
            continue
        dating = next(
            (
                late
                for late in table.rows
                if late in concerned and _takes_place(table.rows[late], key, table, system)
            ),
            key,
        )
        if dating not in seen:
            seen.add(dating)
            yield dating


def _takes_place(legacy: Row, key: str, table: Table, system: System) -> bool:
    day = legacy.placed_before or table.rows[key].applies_from
    return key in legacy.legacy_of and _placed_before(system, day)


def _concerns(row: Row, system: System) -> bool:
    return (
        _meets(row.roles, system.roles)
        and _meets(row.traits, system.traits)
        and (not row.tiers or system.tier in row.tiers)
    )


def _meets(wanted: tuple[str, ...], present: frozenset[str]) -> bool:
    return not wanted or not present.isdisjoint(wanted)


def _placed_before(system: System, day: date | None) -> bool:
    return system.placed_on is not None and day is not None and system.placed_on < day


def _standing(key: str, row: Row, system: System, on: date, duties: tuple[str, ...]) -> Applying:
    day, basis, legacy = row.applies_from, row.legal_basis, row.legacy
    if (
        legacy
        and _meets(legacy.traits, system.traits)
        and _placed_before(system, legacy.placed_before or day)
    ):
        day, basis = legacy.applies_from, legacy.legal_basis
        if day is None:
            return Applying(key, ON_CHANGE, None, basis, duties)
    if day is None:
        return Applying(key, UNCONFIRMED, None, basis, duties)
    return Applying(key, APPLIES if day <= on else LATER, day, basis, duties)
