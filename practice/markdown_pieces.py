"""Markdown that people wrote, as a flat list of pieces for paper: the same reading as on our pages, no markup in it.

Flat, because what is nested a hundredfold would break a page; a piece says how deep it lies instead.
"""

from typing import Any

from markdown_it.token import Token

from practice import markdown

DEEPEST = 6
Piece = dict[str, Any]
Run = dict[str, Any]
STYLES = {"strong": "strong", "em": "em", "s": "struck"}


def pieces(text: str) -> list[Piece]:
    """Kinds: words, heading (with level), code (with text), rule, table (with head and rows). Words are runs."""
    reader = _Reader()
    for token in markdown.tokens(text):
        reader.take(token)
    return reader.made


def runs(token: Token) -> list[Run]:
    """An inline token's words, each with its style. An address is said after the words that led to it."""
    styles: dict[str, int] = {}
    made: list[Run] = []
    link, begun = "", 0
    for one in token.children or []:
        kind = one.type
        if kind in ("text", "code_inline"):
            on = [name for name, depth in styles.items() if depth]
            made.append({"text": one.content, "styles": [*on, *["code"] * (kind != "text")]})
        elif kind in ("softbreak", "hardbreak"):
            made.append({"text": "\n", "styles": []})
        elif kind == "link_open":
            link, begun = str(one.attrGet("href") or ""), len(made)
        elif kind == "link_close":
            told = "".join(run["text"] for run in made[begun:])
            if told not in (link, link.removeprefix("mailto:")) and _goes_somewhere(link):
                made.append({"text": f" ({link})", "styles": []})
        else:
            name = STYLES.get(kind.rsplit("_", 1)[0], "")
            if name:
                styles[name] = styles.get(name, 0) + one.nesting
    return [run for run in made if run["text"]]


def _goes_somewhere(link: str) -> bool:
    return link.partition(":")[0].lower() in markdown.SCHEMES


class _Reader:
    """Where in lists, quotes and tables the reading stands."""

    def __init__(self) -> None:
        self.made: list[Piece] = []
        # Of each list that is open: the next number, or 0 for a list without numbers.
        self.lists: list[int] = []
        self.mark, self.quotes, self.level = "", 0, 0
        self.table: Piece | None = None

    def take(self, token: Token) -> None:
        getattr(self, f"_{token.type}", self._nothing)(token)

    def _nothing(self, token: Token) -> None:
        """What opens and closes without saying anything."""

    def _add(self, kind: str, **more: Any) -> Piece:
        depth = min(len(self.lists), DEEPEST)
        piece = {"kind": kind, "depth": depth, "mark": self.mark, "quoted": self.quotes > 0, **more}
        self.mark = ""
        self.made.append(piece)
        return piece

    def _bullet_list_open(self, token: Token) -> None:
        self.lists.append(0)

    def _ordered_list_open(self, token: Token) -> None:
        self.lists.append(int(token.attrGet("start") or 1))

    def _bullet_list_close(self, token: Token) -> None:
        self.lists.pop()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        number = self.lists[-1]
        self.mark = f"{number}." if number else "•"
        self.lists[-1] = number + 1 if number else 0

    def _blockquote_open(self, token: Token) -> None:
        self.quotes += 1

    def _blockquote_close(self, token: Token) -> None:
        self.quotes -= 1

    def _heading_open(self, token: Token) -> None:
        self.level = int(token.tag[1])

    def _heading_close(self, token: Token) -> None:
        self.level = 0

    def _fence(self, token: Token) -> None:
        self._add("code", text=token.content.rstrip("\n"))

    _code_block = _fence

    def _hr(self, token: Token) -> None:
        self._add("rule")

    def _table_open(self, token: Token) -> None:
        self.table = self._add("table", rows=[])

    def _table_close(self, token: Token) -> None:
        self.table = None

    def _tr_open(self, token: Token) -> None:
        if self.table is not None:
            self.table["rows"].append([])

    def _inline(self, token: Token) -> None:
        if self.table is not None:
            self.table["rows"][-1].append(runs(token))
        elif self.level:
            self._add("heading", level=self.level, runs=runs(token))
        else:
            self._add("words", runs=runs(token))
