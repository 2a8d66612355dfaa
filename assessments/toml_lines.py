"""In which line of a TOML text a key stands. tomllib does not say; this looks for headers and keys at the start of
lines, which may be out by a little inside a text of several lines and never matters to what is accepted."""

import re
from collections.abc import Callable

HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
ASSIGNED = re.compile(r"""\s*([\w\-."'/ ]+?)\s*=""")
NAMED = re.compile(r"line (\d+)")
LAST_PART = re.compile(r"(\.[^.\[\]]*|\[\d+\])$")


def named_in(message: str) -> int | None:
    """The line that tomllib's own message names."""
    found = NAMED.search(message)
    return int(found[1]) if found else None


def finder(text: str) -> Callable[[str], int | None]:
    """Of a key such as rules[2].when its line, or that of what it is in."""
    lines = _lines(text)

    def line_of(key: str) -> int | None:
        while key and key not in lines:
            shorter = LAST_PART.sub("", key)
            key = shorter if shorter != key else ""
        return lines.get(key)

    return line_of


def _lines(text: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    within = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := HEADER.match(line):
            within = _path(header[2], counts)
            if header[1] == "[[":
                counts[within] = counts.get(within, -1) + 1
                lines.setdefault(within, number)
                within = f"{within}[{counts[within]}]"
            lines.setdefault(within, number)
        elif assigned := ASSIGNED.match(line):
            lines.setdefault(f"{within}.{_bare(assigned[1])}".lstrip("."), number)
    return lines


def _path(header: str, counts: dict[str, int]) -> str:
    """A header inside a list belongs to its latest entry: [[warnings.items]] to warnings[n].items."""
    first, dot, rest = _bare(header).partition(".")
    return f"{first}[{counts[first]}].{rest}" if dot and first in counts else _bare(header)


def _bare(key: str) -> str:
    return re.sub(r"""["']|\s""", "", key)
