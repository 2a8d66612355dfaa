"""Reading a CSV file of time: which tool wrote it, and what each of its rows says. Pure; what may be noted is not judged here."""

import datetime
import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from practice import book, csv_files
from practice.refusals import Invalid

FILE = Path(__file__).parent / "data" / "time_layouts.toml"
LARGEST, LONGEST = 2_000_000, 10_000
DATES = {
    "iso": "2026-03-31",
    "us": "03/31/2026 (month first)",
    "eu": "31/03/2026 or 31.03.2026 (day first)",
}
ISO = re.compile(r"\A(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?\Z")
SLASHED = re.compile(r"\A(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\Z")
CLOCK = re.compile(r"\A(\d{1,4}):([0-5]\d)(?::([0-5]\d))?\Z")
YES, NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


@dataclass(frozen=True)
class Layout:
    label: str
    known_by: tuple[str, ...]
    day: str
    lengths: tuple[str, ...]
    email: str
    person: tuple[str, ...]
    note: str
    client: str
    project: str
    task: str
    tags: tuple[str, ...]
    billable: str
    time: str = ""
    never: tuple[str, ...] = ()


@cache
def layouts() -> dict[str, Layout]:
    return book.tables(Layout, FILE)


@dataclass(frozen=True)
class Fault:
    column: str
    why: str


@dataclass
class Line:
    """One row of a file: what it says, and what cannot be read."""

    number: int
    """The line of the file where it begins, as an editor counts."""
    day: datetime.date | None = None
    minutes: int | None = None
    email: str = ""
    person: str = ""
    note: str = ""
    client: str = ""
    project: str = ""
    task: str = ""
    tags: tuple[str, ...] = ()
    billable: bool = True
    external_id: str = ""
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class TimeFile:
    layout: str
    lines: tuple[Line, ...]
    sha256: str


def read(content: bytes | str, dates: str) -> TimeFile:
    """`dates` says how days are written, because 03/04/2026 does not."""
    if dates not in DATES:
        raise Invalid({"dates": [f"One of: {', '.join(DATES)}."]})
    raw = content if isinstance(content, bytes) else content.encode()
    rows = csv_files.rows(csv_files.text(raw, largest=LARGEST, remedy="export fewer days"))
    _, headings = next(rows, (0, []))
    names = [name.strip().casefold() for name in headings]
    layout = _layout(names)
    lines = [
        _line(number, dict(zip(names, cells, strict=False)), layouts()[layout], dates)
        for number, cells in rows
        if any(cell.strip() for cell in cells) and cells[0].strip().casefold() != "total"
    ]
    if not lines:
        raise Invalid({"content": ["The file has headings and no rows."]})
    if len(lines) > LONGEST:
        raise Invalid({"content": [f"At most {LONGEST:,} rows at once; export fewer days."]})
    _name(layout, lines)
    return TimeFile(layout, tuple(lines), hashlib.sha256(raw).hexdigest())


def _layout(names: list[str]) -> str:
    for key, layout in layouts().items():
        if set(layout.known_by) <= set(names) and not set(layout.never) & set(names):
            return key
    known = "; ".join(layout.label for layout in layouts().values())
    raise Invalid(
        {"content": [f"The headings are of none of: {known}. Export the detailed report."]}
    )


def _line(number: int, cells: Mapping[str, str], layout: Layout, dates: str) -> Line:
    told = {name: cell.strip() for name, cell in cells.items()}
    line = Line(
        number,
        email=told.get(layout.email, ""),
        person=" ".join(filter(None, (told.get(name, "") for name in layout.person))),
        note=told.get(layout.note, "")[:400],
        client=told.get(layout.client, ""),
        project=told.get(layout.project, ""),
        task=told.get(layout.task, ""),
        tags=tuple(
            tag.strip()
            for name in layout.tags
            for tag in re.split(r"[,;]", told.get(name, ""))
            if tag.strip()
        ),
        # Until named by the whole file: what tells this row from others, whatever is corrected in it later.
        external_id=told.get(layout.time, "") if layout.time else told.get(layout.note, ""),
    )
    line.day = _day(told.get(layout.day, ""), dates)
    if line.day is None:
        line.faults.append(Fault(layout.day, f"Not a day such as {DATES[dates]}."))
    length = next((name for name in layout.lengths if told.get(name)), layout.lengths[0])
    line.minutes = _minutes(told.get(length, ""))
    if line.minutes is None:
        line.faults.append(Fault(length, "Not a length such as 1:30:00 or 1.5."))
    elif line.minutes > 1440:
        line.faults.append(Fault(length, "Longer than a day."))
    billable = told.get(layout.billable, "").casefold()
    line.billable = billable not in NO
    if billable and billable not in YES | NO:
        line.faults.append(Fault(layout.billable, "Yes or No."))
    return line


def _day(text: str, dates: str) -> datetime.date | None:
    match = (ISO if dates == "iso" else SLASHED).match(text)
    if match is None:
        return None
    one, two, three = (int(part) for part in match.groups())
    year, month, day = {"iso": (one, two, three), "us": (three, one, two), "eu": (three, two, one)}[
        dates
    ]
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _minutes(text: str) -> int | None:
    """1:30:00, 1:30 or 1.5 hours; half a minute is rounded up."""
    if match := CLOCK.match(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return (hours * 3600 + minutes * 60 + seconds + 30) // 60
    try:
        hours_told = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    if not hours_told.is_finite() or not 0 <= hours_told < 10_000:
        return None
    return int((hours_told * 3600 + 30) // 60)


def _name(layout: str, lines: list[Line]) -> None:
    """A row's own name: the tools export none. Who, when and (with no time of day) for what, and the how-manieth such."""
    seen: Counter[str] = Counter()
    for line in lines:
        parts = [layout, line.email or line.person, str(line.day), line.external_id]
        if not layouts()[layout].time:
            parts += [line.client, line.project, line.task]
        what = "\x1f".join(part.casefold() for part in parts)
        seen[what] += 1
        digest = hashlib.sha256(f"{what}\x1f{seen[what]}".encode()).hexdigest()[:40]
        line.external_id = f"{layout}:{digest}"
