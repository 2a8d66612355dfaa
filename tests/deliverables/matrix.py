"""Every right by every hat and say, under and over the limit: what must become of it, by a rule of the test's own.

It reads the catalogue's file itself and knows nothing of the code that judges.
"""

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CATALOGUE = Path(__file__).parents[2] / "engagements" / "data" / "rights.toml"
HATS = ("CTO", "CAIO", "CIO", "CDO")
SAYS = ("D", "A", "I", "")
REFUSED = "right_not_held"


class Row(NamedTuple):
    code: str
    hat: str
    say: str
    over: bool
    cells: tuple[tuple[str, str], ...]
    """What the right says to each hat and to the client."""
    each_own: bool
    state: str
    """decided, awaiting, or the code of a refusal."""
    asks: tuple[str, ...]
    """Hats, and `client`."""


def catalogue() -> dict[str, dict[str, object]]:
    book = tomllib.loads(CATALOGUE.read_text())
    return {code: right for code, right in book.items() if code != "version"}


def rows() -> Iterator[Row]:
    """The catalogue's own says first, then each hat's say made each of the four."""
    for (code, right), hat, over in itertools.product(catalogue().items(), HATS, (False, True)):
        for say in (None, *SAYS):
            cells = {who: str(right.get(who.lower(), "")) for who in (*HATS, "client")}
            own = bool(right.get("each_own"))
            if say is not None:
                if say == "D" and not own:
                    # Only one decides: who did gives input from now on.
                    cells = {who: "I" if was == "D" else was for who, was in cells.items()}
                cells[hat] = say
            yield judged(code, hat, over, cells, own)


def of_the_catalogue() -> Iterator[Row]:
    for (code, right), hat, over in itertools.product(catalogue().items(), HATS, (False, True)):
        cells = {who: str(right.get(who.lower(), "")) for who in (*HATS, "client")}
        yield judged(code, hat, over, cells, bool(right.get("each_own")))


def judged(code: str, hat: str, over: bool, cells: dict[str, str], own: bool) -> Row:
    say, said = cells[hat], tuple(cells.items())
    somebody = "D" in cells.values()
    together = not somebody and list(cells.values()).count("A") > 1
    if say != "D" and not (say == "A" and together):
        return Row(code, hat, say, over, said, own, REFUSED, ())
    asks = {who for who in HATS if who != hat and cells[who] == "A"}
    if over or (cells["client"] == "A" and not own):
        asks.add("client")
    state = "awaiting" if asks else "decided"
    return Row(code, hat, say, over, said, own, state, tuple(sorted(asks)))
