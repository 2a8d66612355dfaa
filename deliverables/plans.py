"""What of the catalogue, and of the practice's own kinds, an engagement owes where it stands, and when each is due.
Pure: what goes in was read, nothing is written here."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from deliverables import catalogue
from deliverables.models import OwnKind
from engagements import days, spectrum
from engagements.days import Stretch

Day = datetime.date
# S2-V4: one of each half, in the first quarter of one person under both hats.
SPLIT = {"CTO": ("DV-01", "DV-02", "DV-03"), "CAIO": ("DV-05", "DV-07")}
HALVES = {code: hat for hat, codes in SPLIT.items() for code in codes}
FIRST_QUARTER = 90
BEGIN = "begin"
# One seat for AI and technology: beside no CAIO it owes what a CAIO owes, as the exit tests have it.
MERGED = "AI_CTO"


@dataclass(frozen=True)
class Standing:
    """Where an engagement stands, or will stand with its first stage."""

    hats: frozenset[str]
    today: Day
    starts_on: Day | None = None
    stage_id: UUID | None = None
    # Whether the stage is, or will be, the first: what was drawn up before it began is found again.
    first: bool = True
    point: str = ""
    phase: str = ""
    since_on: Day | None = None
    sprint: str = ""
    planned_end_on: Day | None = None
    run_since: Day | None = None
    eu: bool = False
    # The first day of the EU's plan, where it opened after the work had begun.
    eu_since_on: Day | None = None
    combined: bool = False
    pauses: tuple[Stretch, ...] = field(default=())

    @property
    def quarter_ends_on(self) -> Day | None:
        """The last day of the first quarter; None while it is not known."""
        return self.nth(FIRST_QUARTER, self.starts_on)

    @property
    def in_first_quarter(self) -> bool:
        last = self.quarter_ends_on
        return last is None or self.today <= last

    def nth(self, n: int, start: Day | None) -> Day | None:
        return days.nth_day(n, start=start, pauses=self.pauses) if start else None


@dataclass(frozen=True)
class Piece:
    """One thing owed. By its key it is planned once."""

    key: str
    code: str
    hat: str


def owed(standing: Standing, own: Iterable[OwnKind]) -> list[Piece]:
    """What belongs into the plan now. What a quarter, a contract or a moment owes comes with these, not from here:
    board reports, contracts, the written read and the charter have verbs of their own."""
    found = [*_of_catalogue(standing)]
    for kind in own:
        if kind.phase and kind.phase == standing.phase and kind.hat in standing.hats:
            found.append(Piece(kind.code, kind.code, kind.hat))
    return found


def _of_catalogue(standing: Standing) -> Iterator[Piece]:
    split = standing.combined and standing.in_first_quarter
    for code, kind in catalogue.kinds().items():
        hat = hat_for(kind.hats, standing.hats)
        if not hat or kind.chosen or kind.due.kind in ("quarter", "renewal"):
            continue
        by_phase = standing.phase and standing.phase in kind.owed.phases
        by_law = kind.owed.when == "eu" and standing.eu
        if by_phase or by_law or (split and code in HALVES):
            yield Piece(code, code, hat)
        elif standing.point and standing.point in kind.owed.points:
            stage = BEGIN if standing.first else str(standing.stage_id)
            yield Piece(f"{code}@{stage}", code, hat)


def hat_for(hats: tuple[str, ...], there: frozenset[str]) -> str:
    """Under which of the engagement's hats a kind is owed; none, where its hat is not part of it."""
    found = next((hat for hat in hats if hat in there), "")
    return found or (MERGED if "CAIO" in hats and MERGED in there else "")


def lapsed(code: str, standing: Standing) -> bool:
    """Owed by a condition that holds no longer."""
    kind = catalogue.kinds().get(code)
    return kind is not None and kind.owed.when == "eu" and not standing.eu


def of_a_point(code: str) -> bool:
    kind = catalogue.kinds().get(code)
    return kind is not None and bool(kind.owed.points)


def due_on(code: str, standing: Standing, *, own: OwnKind | None, kept: Day | None) -> Day | None:
    """The last day of a piece of the plan; `kept`, where nothing it is counted from goes on now.

    None while a pause without an end, or a stage without one, leaves it open.
    """
    if own is not None:
        start = standing.run_since
        return standing.nth(own.due_day, start) if start and own.due_day else kept
    kind = catalogue.kinds()[code]
    due = kind.due_where(eu=standing.eu)
    if kind.owed.points:
        return _with_stage(due, standing)
    start = standing.run_since
    by_law = kind.owed.when == "eu" or (standing.eu and kind.due_eu is not None)
    # The law's days count from the first day of its plan, the split's from that of the work, as their dates on the
    # agenda do.
    if by_law:
        start = standing.eu_since_on or standing.starts_on
    elif standing.combined and code in HALVES:
        start = standing.starts_on
    if start is None or due.n is None:
        return kept
    if due.kind == "month":
        return days.last_of_month(due.n, start=start, pauses=standing.pauses)
    return standing.nth(due.n, start)


def _with_stage(due: catalogue.Due, standing: Standing) -> Day | None:
    if due.kind == "stage_day":
        return standing.nth(due.n or 0, standing.since_on)
    if standing.planned_end_on or not standing.sprint:
        # A day that was agreed stands; one that is counted is pushed on by a pause.
        return standing.planned_end_on
    return standing.nth(spectrum.spectrum().sprints[standing.sprint].days, standing.since_on)
