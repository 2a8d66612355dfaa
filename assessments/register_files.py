"""Reading a CSV file of the register: which columns it has, and what its rows say. Pure; nothing is judged here."""

import hashlib
from dataclasses import dataclass, field
from functools import cache

from assessments import facts
from practice import book, csv_files
from practice.book import BadBook
from practice.refusals import Invalid

FILE = facts.DATA / "register_files.toml"
LARGEST, LONGEST = 2_000_000, 10_000
KINDS = ("systems", "vendors", "contracts", "spend")


@dataclass(frozen=True)
class Columns:
    label: str
    columns: dict[str, tuple[str, ...]]
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fault:
    column: str
    why: str


@dataclass
class Line:
    """One row of a file: where it begins, as an editor counts, and what it says by column."""

    number: int
    said: dict[str, str]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class RegisterFile:
    kind: str
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    """Headings that name no column."""
    lines: tuple[Line, ...]
    decimal_comma: bool
    sha256: str


@cache
def known() -> dict[str, Columns]:
    found = book.tables(Columns, FILE)
    if tuple(found) != KINDS:
        raise BadBook(FILE, "", f"exactly these tables: {', '.join(KINDS)}")
    for kind, of in found.items():
        names = [_plain(n) for column, more in of.columns.items() for n in (column, *more)]
        if len(set(names)) < len(names):
            raise BadBook(FILE, f"{kind}.columns", "a heading stands for two columns")
    return found


def read(kind: str, content: bytes | str) -> RegisterFile:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    text = csv_files.text(raw, largest=LARGEST)
    rows = csv_files.rows(text)
    _, headings = next(rows, (0, []))
    columns, left_out = _columns(kind, headings)
    lines: list[Line] = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == LONGEST:
            raise Invalid({"content": [f"At most {LONGEST:,} rows at once; send it in parts."]})
        lines.append(_line(number, cells, columns, len(headings)))
    if not lines:
        raise Invalid({"content": ["The file has headings and no rows."]})
    return RegisterFile(
        kind,
        tuple(name for name in columns if name),
        left_out,
        tuple(lines),
        csv_files.separator(text) == ";",
        hashlib.sha256(raw).hexdigest(),
    )


def _columns(kind: str, headings: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The column of each heading, empty where it is none of ours."""
    of = known()[kind]
    meant = {_plain(n): column for column, more in of.columns.items() for n in (column, *more)}
    columns = [meant.get(_plain(heading), "") for heading in headings]
    named = [column for column in columns if column]
    if not named:
        raise Invalid({"content": [f"The first line names no column of: {', '.join(of.columns)}."]})
    twice = next((name for name in named if named.count(name) > 1), "")
    if twice:
        raise Invalid({"content": [f"Two headings of the first line stand for {twice}."]})
    own = {_plain(name) for name in of.told}
    left_out = [
        heading.strip()
        for heading, column in zip(headings, columns, strict=True)
        if not column and heading.strip() and _plain(heading) not in own
    ]
    return columns, tuple(left_out)


def _line(number: int, cells: list[str], columns: list[str], width: int) -> Line:
    said = {
        name: csv_files.told(cell.strip().replace("\r\n", "\n").replace("\r", "\n"))
        for name, cell in zip(columns, cells, strict=False)
        if name
    }
    line = Line(number, said)
    if any(cell.strip() for cell in cells[width:]):
        line.faults.append(Fault("", "More cells than the first line has headings."))
    return line


def _plain(heading: str) -> str:
    return " ".join(heading.replace("_", " ").replace("-", " ").casefold().split())
