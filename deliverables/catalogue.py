"""The catalogue of deliverables: which kinds there are, whose, when owed and due, and in which packs. Pure data; what
is planned from it is a verb's. docs/catalogue.md says how a kind is added."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from deliverables import starting
from engagements import spectrum
from practice import book
from practice.book import BadBook
from practice.models.people import Hat

FILE = Path(__file__).parent / "data" / "catalogue.toml"
CODE = re.compile(r"DV-\d\d")
ALL, ANY, JOINT = "all", "any", "joint"
# How a day is found; those that count need a number.
COUNTED = ("day", "month", "stage_day")
DUE = (*COUNTED, "stage_end", "quarter", "renewal", "conversation", "activation")
MOMENTS = ("prospect", "activation")
CONDITIONS = ("eu",)


@dataclass(frozen=True)
class Due:
    kind: str
    n: int | None = None
    continuous: bool = False
    """It is kept up after its day."""
    ours: bool = False
    """The sources give no day; this one is a proposal."""


@dataclass(frozen=True)
class Owed:
    points: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    moment: str = ""
    when: str = ""


@dataclass(frozen=True)
class Kind:
    title: str
    owed: Owed
    due: Due
    source: str
    template: str
    criteria: tuple[str, ...]
    hats: tuple[str, ...] = ()
    shared: str = ""
    chosen: bool = False
    """Picked for the case, never planned by itself."""
    due_eu: Due | None = None

    @property
    def text(self) -> starting.Text:
        """What work on it starts from."""
        return starting.text(self.template)

    def due_where(self, *, eu: bool) -> Due:
        return self.due_eu if eu and self.due_eu else self.due


@dataclass(frozen=True)
class Pack:
    label: str
    source: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    version: int
    kinds: dict[str, Kind]
    packs: dict[str, Pack] = field(default_factory=dict)


@cache
def catalogue() -> Catalogue:
    return book.build(Catalogue, book.read(FILE), FILE)


def kinds() -> dict[str, Kind]:
    return catalogue().kinds


def packs_of(code: str) -> tuple[str, ...]:
    return tuple(key for key, pack in catalogue().packs.items() if code in pack.kinds)


def unsound() -> list[BadBook]:
    """Faults of the catalogue and of the templates it names, each with file and key."""
    try:
        found = catalogue()
    except BadBook as bad:
        return [bad]
    faults = [BadBook(FILE, key, why) for key, why in _faults(found)]
    return [*faults, *_faults_of_templates(found)]


def _faults(found: Catalogue) -> Iterator[tuple[str, str]]:
    for code, kind in found.kinds.items():
        for key, why in _faults_of_kind(code, kind):
            yield f"kinds.{code}{key}", why
    titles = Counter(kind.title for kind in found.kinds.values())
    templates = Counter(kind.template for kind in found.kinds.values())
    for code, kind in found.kinds.items():
        if titles[kind.title] > 1:
            yield f"kinds.{code}.title", "another kind has the same"
        if templates[kind.template] > 1:
            yield f"kinds.{code}.template", "another kind has the same"
    for key, pack in found.packs.items():
        if not pack.kinds or len(set(pack.kinds)) < len(pack.kinds):
            yield f"packs.{key}.kinds", "each kind once, and at least one"
        for code in sorted(set(pack.kinds) - set(found.kinds)):
            yield f"packs.{key}.kinds", f"there is no kind {code}"
    tested = {test.key for test in spectrum.spectrum().exit_tests if CODE.fullmatch(test.key)}
    for code in sorted(tested - set(found.kinds)):
        yield "kinds", f"{code} is missing, yet a phase ends with it"


def _faults_of_kind(code: str, kind: Kind) -> Iterator[tuple[str, str]]:
    if not CODE.fullmatch(code):
        yield "", "a code is DV- and two digits"
    for name in ("title", "source", "template"):
        if not getattr(kind, name).strip():
            yield f".{name}", "is empty"
    yield from _faults_of_hats(kind)
    yield from _faults_of_owed(kind.owed)
    for key, due in ((".due", kind.due), (".due_eu", kind.due_eu)):
        if due:
            yield from ((f"{key}.{name}", why) for name, why in _faults_of_due(due, kind.owed))
    if len(kind.criteria) < 4 or not all(line.strip() for line in kind.criteria):
        yield ".criteria", "at least four, none of them empty"
    if len(set(kind.criteria)) < len(kind.criteria):
        yield ".criteria", "each of them once"


def _faults_of_hats(kind: Kind) -> Iterator[tuple[str, str]]:
    for hat in sorted(set(kind.hats) - set(Hat.values)):
        yield ".hats", f"there is no hat {hat}"
    if kind.shared not in ("", ALL, ANY, JOINT):
        yield ".shared", f"one of {ALL}, {ANY}, {JOINT}, not {kind.shared!r}"
    elif bool(kind.hats) == (kind.shared == ANY):
        yield ".hats", "are left out exactly where it is shared by any"
    elif len(kind.hats) != 1 and kind.shared in ("", ALL):
        yield ".hats", "one hat, unless it is joint"
    elif len(kind.hats) < 2 and kind.shared == JOINT:
        yield ".hats", "at least two are needed for a joint one"


def _faults_of_owed(owed: Owed) -> Iterator[tuple[str, str]]:
    if sum(map(bool, (owed.points, owed.phases, owed.moment, owed.when))) != 1:
        yield ".owed", "exactly one of points, phases, moment and when"
    for point in sorted(set(owed.points) - set(spectrum.points())):
        yield ".owed.points", f"there is no point {point}"
    for phase in sorted(set(owed.phases) - {rule.key for rule in spectrum.spectrum().phases}):
        yield ".owed.phases", f"there is no phase {phase}"
    if owed.moment and owed.moment not in MOMENTS:
        yield ".owed.moment", f"one of {', '.join(MOMENTS)}"
    if owed.when and owed.when not in CONDITIONS:
        yield ".owed.when", f"one of {', '.join(CONDITIONS)}"


def _faults_of_due(due: Due, owed: Owed) -> Iterator[tuple[str, str]]:
    if due.kind not in DUE:
        yield "kind", f"one of {', '.join(DUE)}"
    elif (due.n is not None) != (due.kind in COUNTED) or (due.n is not None and due.n < 1):
        yield "n", f"from 1, exactly where the kind is one of {', '.join(COUNTED)}"
    # Only a point has an end and days of its own; before it began there is nothing to count from.
    if due.kind in ("stage_end", "stage_day") and not owed.points:
        yield "kind", "counts from a stage, so the points it is owed at are named"
    if (due.kind == "activation") != (owed.moment == "activation"):
        yield "kind", "goes with the moment activation, and no other does"
    if (due.kind == "conversation") != (owed.moment == "prospect"):
        yield "kind", "goes with the moment prospect, and no other does"


def _faults_of_templates(found: Catalogue) -> Iterator[BadBook]:
    for code, kind in found.kinds.items():
        try:
            text = kind.text
        except BadBook as bad:
            yield bad
            continue
        file = starting.FOLDER / kind.template
        if text.title != kind.title:
            yield BadBook(file, "title", f"the catalogue calls {code} {kind.title!r}")
        if text.criteria != kind.criteria:
            yield BadBook(file, starting.DONE, f"differs from the criteria of {code}")
    for name in sorted(set(starting.files()) - {kind.template for kind in found.kinds.values()}):
        yield BadBook(starting.FOLDER / name, "", "no kind of the catalogue names it")
