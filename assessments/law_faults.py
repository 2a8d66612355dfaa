"""Everything that can be wrong with a law table beyond its types, and with what was published of it."""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from assessments import law
from assessments.law import Duty, Row, Table
from assessments.library import Published
from practice import book

Fault = tuple[str, str]
KINDS = ("duty", "penalty", "background")
CONFIDENCES = ("high", "medium-high", "medium", "low")


def unsound(folder: Path | None = None) -> Iterator[book.BadBook]:
    """What `manage.py check` refuses: broken tables, and published ones that were changed afterwards."""
    folder = folder or law.FOLDER
    try:
        pins = book.build(Published, book.read(folder / law.PINS), folder / law.PINS).published
    except book.BadBook as bad:
        yield bad
        return
    of_file = {pin.file: pin for pin in pins}
    seen: dict[tuple[str, int], str] = {}
    found = law.files(folder)
    for gone in sorted(of_file.keys() - {file.name for file in found}):
        yield book.BadBook(folder / law.PINS, gone, "was published and is gone")
    for file in found:
        try:
            table = law.load(file)
        except book.BadBook as bad:
            yield bad
            continue
        for key, why in faults(table):
            yield book.BadBook(file, key, why)
        twin = seen.setdefault((table.key, table.version), file.name)
        if twin != file.name:
            yield book.BadBook(file, "version", f"{table.key} {table.version} is in {twin} too")
        pin = of_file.get(file.name)
        if pin is None:
            yield book.BadBook(file, "version", f"has no line in {law.PINS}")
        elif (pin.key, pin.version) != (table.key, table.version):
            yield book.BadBook(file, "version", f"was published as {pin.key} version {pin.version}")
        elif pin.sha256 != hashlib.sha256(file.read_bytes()).hexdigest():
            why = f"version {pin.version} is published and was changed; make it version {pin.version + 1} in a new file"
            yield book.BadBook(file, "file", why)


def faults(table: Table) -> Iterator[Fault]:
    if table.version < 1:
        yield "version", "versions count from 1"
    for key, row in table.rows.items():
        for name, why in _row(table, key, row):
            yield f"rows.{key}.{name}", why
    for key, duty in table.duties.items():
        for name, why in _duty(table, duty):
            yield f"duties.{key}.{name}", why
    dated = {key for duty in table.duties.values() for key in duty.rows}
    for key, row in table.rows.items():
        if row.kind == "duty" and key not in dated:
            yield f"rows.{key}", "dates no duty"


def _row(table: Table, key: str, row: Row) -> Iterator[Fault]:
    for name in ("obligation", "legal_basis", "source"):
        if not getattr(row, name).strip():
            yield name, "is missing"
    if row.unconfirmed == (row.applies_from is not None):
        yield "applies_from", "is a date, or the row is unconfirmed; never both, never neither"
    if row.kind not in KINDS:
        yield "kind", f"one of {', '.join(KINDS)} is expected"
    if row.confidence not in CONFIDENCES:
        yield "confidence", f"one of {', '.join(CONFIDENCES)} is expected"
    for name, day in _days(row):
        # tomllib gives a moment where a time was written, and a moment is a date to Python.
        if isinstance(day, datetime):
            yield name, "a date without a time is expected"
    yield from _words("roles", row.roles, law.ROLES)
    yield from _words("tiers", row.tiers, law.TIERS)
    yield from _words("traits", row.traits, table.traits)
    if row.legacy:
        yield from _words("legacy.traits", row.legacy.traits, table.traits)
    yield from _legacy(table, key, row)


def _legacy(table: Table, key: str, row: Row) -> Iterator[Fault]:
    if row.placed_before and not row.legacy_of:
        yield "placed_before", "stands only where legacy_of names a row"
    for other in row.legacy_of:
        if other == key or other not in table.rows or table.rows[other].legacy_of:
            yield "legacy_of", f"{other} is no row whose place could be taken"
        elif not (row.placed_before or table.rows[other].applies_from):
            yield "placed_before", f"is missing: {other} has no date"
    day, legacy = row.applies_from, row.legacy
    if legacy and not (legacy.placed_before or day):
        yield "legacy.placed_before", "is missing: the row has no date"
    if legacy and legacy.applies_from and day and legacy.applies_from < day:
        yield "legacy.applies_from", "is before the row applies to anybody"


def _duty(table: Table, duty: Duty) -> Iterator[Fault]:
    if not duty.text.strip():
        yield "text", "is missing"
    if not duty.articles:
        yield "articles", "at least one is expected"
    if not duty.rows:
        yield "rows", "at least one is expected"
    yield from _words("rows", duty.rows, tuple(table.rows))
    yield from _words("roles", duty.roles, law.ROLES)
    yield from _words("traits", duty.traits, table.traits)


def _words(name: str, words: tuple[str, ...], known: tuple[str, ...]) -> Iterator[Fault]:
    for word in dict.fromkeys(words):
        if word not in known:
            yield name, f"{word} is not known here"


def _days(row: Row) -> Iterator[tuple[str, date | None]]:
    for name in ("applies_from", "original_date", "placed_before", "checked_on"):
        yield name, getattr(row, name)
    if row.legacy:
        yield "legacy.applies_from", row.legacy.applies_from
        yield "legacy.placed_before", row.legacy.placed_before
