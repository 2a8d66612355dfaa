"""The catalogue of decision rights, and what of it fits an engagement's hats. Pure: charters are charters.py's.

A hat that an engagement lacks still has a say somebody must take over. CIO and CDO cells go where the data file says;
a CTO or CAIO cell that nobody here wears stays with the client, whose own people decide. Who decides already cannot
also agree with themselves, so an agreement passes on to the next in line. AI_CTO counts as CTO and CAIO at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from practice import book
from practice.book import BadBook

FILE = Path(__file__).parent / "data" / "rights.toml"
DECIDES, AGREES, INPUT = "D", "A", "I"
WEIGHT = {"": 0, INPUT: 1, AGREES: 2, DECIDES: 3}
CLIENT = "client_say"
# The column in which each hat's say stands; an AI CTO's stands in two.
COLUMNS: dict[str, tuple[str, ...]] = {
    "CTO": ("cto",),
    "CAIO": ("caio",),
    "CIO": ("cio",),
    "CDO": ("cdo",),
    "AI_CTO": ("cto", "caio"),
}
CELLS = ("cto", "caio", "cio", "cdo", CLIENT)
NAMES = {"cto": "CTO", "caio": "CAIO", "cio": "CIO", "cdo": "CDO", CLIENT: "client"}
SAYS = {DECIDES: "decision", AGREES: "agreement", INPUT: "input"}


@dataclass(frozen=True)
class Entry:
    label: str
    source: str
    cto: str = ""
    caio: str = ""
    cio: str = ""
    cdo: str = ""
    client: str = ""
    each_own: bool = False
    """Each hat decides within its own limit."""
    needed: bool = False
    """A charter without it cannot be offered, nor a combined engagement be active."""
    cio_falls_to: tuple[str, ...] = ()
    cdo_falls_to: tuple[str, ...] = ()

    @property
    def cells(self) -> dict[str, str]:
        return {name: self.client if name == CLIENT else getattr(self, name) for name in CELLS}

    def falls_to(self, column: str) -> tuple[str, ...]:
        """The columns in line for the say of an absent hat, the client last."""
        named = self.cio_falls_to if column == "cio" else self.cdo_falls_to
        hats = named if column in ("cio", "cdo") else ()
        return (*(hat.lower() for hat in hats), CLIENT)


@dataclass(frozen=True)
class RightDraft:
    code: str
    label: str
    cells: dict[str, str]
    each_own: bool = False
    note: str = ""
    position: int = 0
    fallen: dict[str, str] = field(default_factory=dict)
    """Where the say of each absent hat went, by column."""


@cache
def catalogue() -> dict[str, Entry]:
    return book.tables(Entry, FILE)


def needed() -> tuple[str, ...]:
    return tuple(code for code, entry in catalogue().items() if entry.needed)


def columns_of(hats: Iterable[str]) -> frozenset[str]:
    return frozenset(column for hat in hats for column in COLUMNS[hat])


def drafted(hats: Iterable[str]) -> list[RightDraft]:
    """The catalogue for an engagement with these hats."""
    present = columns_of(hats)
    return [
        replace(_settled(code, entry, present), position=position)
        for position, (code, entry) in enumerate(catalogue().items(), start=1)
    ]


def as_worn(
    code: str, cells: dict[str, str], *, each_own: bool, hats: Iterable[str]
) -> dict[str, str]:
    """What a charter says of a right, where a hat it names has left the engagement since: that say moves on likewise.

    What moves is the catalogue's to say; a right of the practice's own leaves it with the client.
    """
    present, known = columns_of(hats), catalogue().get(code)
    if all(name in present for name, say in cells.items() if say and name != CLIENT):
        return cells
    entry = replace(
        known or Entry("", ""),
        cto=cells["cto"],
        caio=cells["caio"],
        cio=cells["cio"],
        cdo=cells["cdo"],
        client=cells[CLIENT],
        each_own=each_own,
    )
    return _settled(code, entry, present).cells


def _settled(code: str, entry: Entry, present: frozenset[str]) -> RightDraft:
    here = present | {CLIENT}
    cells = {name: say if name in here else "" for name, say in entry.cells.items()}
    fallen: dict[str, str] = {}
    if not entry.each_own:
        # A decision finds its place first: an agreement must not land on who decides.
        absent = sorted(
            (name for name, say in entry.cells.items() if say and name not in here),
            key=lambda name: -WEIGHT[entry.cells[name]],
        )
        for name in absent:
            say = entry.cells[name]
            to = _takes_over(say, entry.falls_to(name), cells, here)
            cells[to] = max(cells[to], say, key=WEIGHT.__getitem__)
            fallen[name] = to
    return RightDraft(code, entry.label, cells, entry.each_own, _note(entry, fallen), fallen=fallen)


def _takes_over(
    say: str, line: tuple[str, ...], cells: dict[str, str], here: frozenset[str]
) -> str:
    present = [name for name in line if name in here]
    if say == AGREES:
        return next((name for name in present if cells[name] != DECIDES), present[-1])
    return present[0]


def _note(entry: Entry, fallen: dict[str, str]) -> str:
    # Input that moves is not worth a sentence; a decision or a veto that moves is.
    moved: dict[str, list[str]] = {}
    for name, to in fallen.items():
        if entry.cells[name] != INPUT:
            moved.setdefault(to, []).append(f"the {NAMES[name]}'s {SAYS[entry.cells[name]]}")
    told = [
        f"{' and '.join(what)} {'are' if len(what) > 1 else 'is'} with the {NAMES[to]} here."
        for to, what in moved.items()
    ]
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in told)


def unsound() -> list[BadBook]:
    """Faults of the file, each named with its key."""
    try:
        entries = catalogue()
    except BadBook as bad:
        return [bad]
    return [BadBook(FILE, key, why) for key, why in _faults(entries)]


def _faults(entries: dict[str, Entry]) -> Iterable[tuple[str, str]]:
    for code, entry in entries.items():
        says = list(entry.cells.values())
        for name, say in entry.cells.items():
            if say not in WEIGHT:
                yield f"{code}.{name.removesuffix('_say')}", f"one of D, A, I, not {say!r}"
        if says.count(DECIDES) > 1 and not entry.each_own:
            yield code, "more than one decides"
        if DECIDES not in says and says.count(AGREES) < 2:
            yield code, "nobody decides, and it is not joint either"
        if entry.needed and DECIDES not in says:
            yield code, "is needed, yet nobody decides"
        for column in ("cio", "cdo"):
            line = getattr(entry, f"{column}_falls_to")
            if set(line) - {"CTO", "CAIO"}:
                yield f"{code}.{column}_falls_to", "names CTO and CAIO only"
            if bool(line) != bool(getattr(entry, column)) and not entry.each_own:
                yield f"{code}.{column}_falls_to", "is given exactly where that hat has a say"
