"""A board report on paper: the frozen content and nothing else, in a PDF that goes to the board as it is."""

import datetime
import re
import unicodedata
from pathlib import Path
from typing import Any

from deliverables import board_charts
from practice import brand, markdown_pieces, pdf, signs

TEMPLATE = Path(__file__).parent / "typst" / "board.typ"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# What would break a line of type: longer words may end anywhere, at a mark that takes no room.
LONG, PIECE, MAY_END = re.compile(r"\S{25,}"), 8, "\u200b"
LONGEST_HEAD = 80
# Those that turn the reading direction of what follows: a figure must not read backwards.
TURNS = frozenset("\u202d\u202e")
Content = dict[str, Any]


def paper(content: Content, *, seal: dict[str, Any] | None) -> bytes:
    """With its seal (hash, log_head, issued_at) the report as it was issued; without one a draft that says so."""
    return pdf.render(TEMPLATE, data(content, seal=seal))


def data(content: Content, *, seal: dict[str, Any] | None) -> Content:
    """What the template is given."""
    told: Content = _plain(_facts(content, seal))
    return told


def _facts(content: Content, seal: dict[str, Any] | None) -> Content:
    quarter, colour = content["quarter"], content["practice"]["colour"]
    accent = colour if COLOUR.fullmatch(colour) else brand.HOUSE_COLOUR
    return {
        "practice": content["practice"]["name"],
        # Dark enough to be read in and to carry white, whatever colour the practice has.
        "strong": brand.palette(accent)["600"],
        "faint": brand.palette(accent)["50"],
        "client": content["client"]["name"],
        "engagement": content["engagement"]["title"],
        "title": content["title"],
        "cover_line": content["cover_line"],
        "confidentiality": content["confidentiality"],
        "quarter": quarter["label"],
        "days": f"{_day(quarter['starts_on'])} to {_day(quarter['ends_on'])}",
        "edition": content["edition"],
        "corrects": content["corrects"],
        "as_of": _moment(content["as_of"]),
        "author": content["author"],
        "notes": content.get("notes", []),
        "summary": content["summary"],
        "sections": [_section(one) for one in content["sections"]],
        "asks": [
            {**ask, "context": markdown_pieces.pieces(ask["context"])} for ask in content["asks"]
        ],
        "seal": {**seal, "issued_at": _moment(seal["issued_at"])} if seal else None,
    }


def _section(section: Content) -> Content:
    return {
        **section,
        "words": markdown_pieces.pieces(section["words"]),
        "tables": [_table(one) for one in section["tables"]],
        "charts": [board_charts.for_paper(one) for one in section["charts"]],
    }


def _table(table: Content) -> Content:
    """With the share of the width that each column of words needs; figures take what they are."""
    widths = [
        min(max(_wide(text) for text in [column["label"], *(row[n] for row in table["rows"])]), 40)
        for n, column in enumerate(table["columns"])
    ]
    columns = [
        # A head that fills a page, on every page, would leave none for its rows.
        {**column, "label": _short(column["label"]), "wide": max(width, 10)}
        for column, width in zip(table["columns"], widths, strict=True)
    ]
    # On paper nothing leads anywhere.
    return {**table, "columns": columns, "made_of": []}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_HEAD else f"{text[:LONGEST_HEAD]}…"


def _wide(text: str) -> int:
    """In letters: those of East Asia take the room of two."""
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def _day(text: str) -> str:
    day = datetime.date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _moment(text: Any) -> str:
    moment = datetime.datetime.fromisoformat(str(text)).astimezone(datetime.UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _plain(value: Any) -> Any:
    """Every text in it as it can be set; pieces of words know from which side they are read."""
    if isinstance(value, str):
        return LONG.sub(_breakable, "".join(c for c in signs.said(value) if _printed(c)))
    if isinstance(value, dict):
        told = {name: _plain(inner) for name, inner in value.items()}
        if "runs" in value:
            told["from_right"] = from_right("".join(run["text"] for run in value["runs"]))
        return told
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def from_right(text: str) -> bool:
    """Whether the first letter that has a direction is read from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _printed(letter: str) -> bool:
    return letter == "\n" or (unicodedata.category(letter) != "Cc" and letter not in TURNS)


def _breakable(found: re.Match[str]) -> str:
    """Never between a letter and what belongs to it."""
    made: list[str] = []
    since = 0
    for letter in found[0]:
        joined = unicodedata.category(letter)[0] == "M" or letter in "\u200b\u200c\u200d"
        if since >= PIECE and not joined and made[-1] not in "\u200b\u200d":
            made.append(MAY_END)
            since = 0
        made.append(letter)
        since += 1
    return "".join(made)
