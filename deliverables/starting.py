"""The text that a deliverable starts from: a Markdown file, read into what it asks for. Pure; the catalogue names it."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from practice.book import BadBook

FOLDER = Path(__file__).parent / "data" / "templates"
DONE = "Done when"
_RULE = re.compile(r"\|(\s*:?-+:?\s*\|)+")
_ITEM = re.compile(r"(?:[-*]|\d+\.) (?!\[.\])(.+)")
_TICK = re.compile(r"- \[ \] (.+)")


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def filled(self) -> bool:
        """One row shows how it is meant; the empty ones are to be filled."""
        return any(all(row) for row in self.rows)


@dataclass(frozen=True)
class Text:
    title: str
    headings: tuple[str, ...]
    questions: tuple[str, ...]
    tables: tuple[Table, ...]
    criteria: tuple[str, ...]
    markdown: str


def files() -> list[str]:
    return sorted(file.name for file in FOLDER.iterdir())


@cache
def text(name: str) -> Text:
    file = FOLDER / name
    if not file.is_file():
        raise BadBook(file, "", "there is no such template")
    markdown = file.read_text(encoding="utf-8")
    lines = [line.strip() for line in markdown.splitlines()]
    titles = [line[2:] for line in lines if line.startswith("# ")]
    if len(titles) != 1 or lines[0] != f"# {titles[0]}":
        raise BadBook(file, "title", "exactly one heading of the first level is expected, on top")
    headings = tuple(line[3:] for line in lines if line.startswith("## "))
    if headings.count(DONE) != 1:
        raise BadBook(file, DONE, "is expected once, as a heading of the second level")
    items = [found[1] for line in lines if (found := _ITEM.fullmatch(line))]
    return Text(
        title=titles[0],
        headings=headings,
        questions=tuple(item for item in items if item.endswith("?")),
        tables=tuple(_tables(file, lines)),
        criteria=tuple(_criteria(file, lines)),
        markdown=markdown,
    )


def _criteria(file: Path, lines: list[str]) -> list[str]:
    since = lines.index(f"## {DONE}")
    if any(_TICK.fullmatch(line) for line in lines[:since]):
        raise BadBook(file, DONE, "what can be ticked stands under this heading only")
    section: list[str] = []
    for line in lines[since + 1 :]:
        if line.startswith("## "):
            break
        section.append(line)
    return [found[1] for line in section if (found := _TICK.fullmatch(line))]


def _tables(file: Path, lines: list[str]) -> list[Table]:
    found: list[Table] = []
    for at, line in enumerate(lines):
        if not _RULE.fullmatch(line):
            continue
        columns = _cells(lines[at - 1])
        rows: list[tuple[str, ...]] = []
        for below in lines[at + 1 :]:
            if not below.startswith("|"):
                break
            rows.append(_cells(below))
        if not all(columns) or {len(row) for row in [*rows, _cells(line)]} - {len(columns)}:
            raise BadBook(file, f"line {at}", "every column is named, every row has as many cells")
        found.append(Table(columns, tuple(rows)))
    return found


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))
