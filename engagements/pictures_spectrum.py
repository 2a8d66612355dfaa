"""The spectrum as a picture: the way an engagement took over its five points, and where it may go next. Pure: dates and
points in, places on the paper out; the templates draw, and say the same in words."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engagements import spectrum

Day = datetime.date
ROW, TOP, FOOT = 46, 64, 32
# How wide a letter is at most, in units of the drawing.
LETTER = 7


@dataclass(frozen=True)
class Stop:
    """A stay at one point, from its first day."""

    point: str
    since_on: Day


@dataclass(frozen=True)
class Step:
    """A move that is not in effect yet."""

    to_point: str
    on: Day
    words: str
    planned_end_on: Day | None = None


@dataclass(frozen=True)
class Column:
    x: int
    lines: tuple[str, ...]
    present: bool


@dataclass(frozen=True)
class Mark:
    """A stay, a step or an end on the paper, with the words beside it."""

    kind: str
    x: int
    y: int
    text: str
    text_x: int
    text_y: int
    anchor: str


@dataclass(frozen=True)
class Line:
    kind: str
    path: str


@dataclass(frozen=True)
class Sheet:
    """One drawing. There are two of them: letters on a phone must not shrink with the paper."""

    name: str
    width: int
    height: int
    column: int
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]

    @property
    def band(self) -> int:
        """Where the ground of the present point begins."""
        return next((c.x - self.column // 2 for c in self.columns if c.present), 0)

    @property
    def has_present(self) -> bool:
        return any(c.present for c in self.columns)

    @property
    def foot(self) -> int:
        return self.height - 8


@dataclass(frozen=True)
class Picture:
    sheets: tuple[Sheet, ...]
    words: str


SIZES = (("wide", 760, 152), ("slim", 340, 68))
SHORT = {"RETAINER_HIGH": ("Retainer,", "high")}
WIDE = {"RETAINER_HIGH": ("Retainer,", "high intensity")}


def stays(stages: Iterable[tuple[str, Day]]) -> list[Stop]:
    """Stages in order, (point, first day), without those that changed only the phase or the terms."""
    found: list[Stop] = []
    for point, since_on in stages:
        if not found or found[-1].point != point:
            found.append(Stop(point, since_on))
    return found


def draw(
    way: Sequence[Stop],
    *,
    step: Step | None = None,
    planned_end_on: Day | None = None,
    ended_on: Day | None = None,
) -> Picture:
    end = step.planned_end_on if step else planned_end_on
    sheets = tuple(_sheet(size, way, step, end, ended_on) for size in SIZES)
    return Picture(sheets, words(way, step=step, planned_end_on=end, ended_on=ended_on))


def words(
    way: Sequence[Stop],
    *,
    step: Step | None = None,
    planned_end_on: Day | None = None,
    ended_on: Day | None = None,
) -> str:
    """What the picture shows, for those who do not see it."""
    told = [f"{_label(stop.point)} since {_day(stop.since_on)}" for stop in way]
    said = f"The way so far: {', then '.join(told)}." if told else "It has not begun yet."
    if ended_on:
        said += f" It ended on {_day(ended_on)}."
    if step:
        said += f" {step.words}: {_label(step.to_point)} from {_day(step.on)}."
    if planned_end_on and not ended_on:
        said += f" Planned end: {_day(planned_end_on)}."
    return said


def _sheet(
    size: tuple[str, int, int],
    way: Sequence[Stop],
    step: Step | None,
    planned_end_on: Day | None,
    ended_on: Day | None,
) -> Sheet:
    name, width, column = size
    at = {code: column // 2 + i * column for i, code in enumerate(spectrum.points())}
    present = way[-1].point if way and not ended_on else ""
    columns = tuple(Column(x, _lines(code, name), code == present) for code, x in at.items())
    lines: list[Line] = []
    marks: list[Mark] = []
    y = TOP
    for i, stop in enumerate(way):
        kind = "present" if i == len(way) - 1 and not ended_on else "past"
        if i:
            lines.append(_elbow("way", at[way[i - 1].point], y, at[stop.point]))
            y += ROW
        fell = bool(i) and at[stop.point] < at[way[i - 1].point]
        marks.append(
            _mark(kind, at[stop.point], y, _day(stop.since_on), list(at), stop.point, fell)
        )
    y = _ahead(lines, marks, at, way, step, y)
    x = at[step.to_point] if step else at[way[-1].point] if way else 0
    last = ended_on or planned_end_on
    if last and x:
        lines.append(Line("way" if ended_on else "planned", f"M{x} {y}V{y + ROW}"))
        y += ROW
        text = f"{'ended' if ended_on else 'until'} {_day(last)}"
        marks.append(_end(x, y, text, width))
    return Sheet(name, width, y + FOOT, column, columns, tuple(lines), tuple(marks))


def _ahead(
    lines: list[Line],
    marks: list[Mark],
    at: dict[str, int],
    way: Sequence[Stop],
    step: Step | None,
    y: int,
) -> int:
    if step is None:
        return y
    fell = False
    if way:
        here = way[-1].point
        lines.append(_elbow("step", at[here], y, at[step.to_point]))
        fell = at[step.to_point] < at[here]
        y += ROW
    text = _day(step.on)
    marks.append(_mark("step", at[step.to_point], y, text, list(at), step.to_point, fell))
    return y


def _elbow(kind: str, x: int, y: int, to: int) -> Line:
    """Down, then over: the words beside a mark stay free of lines."""
    return Line(kind, f"M{x} {y}V{y + ROW}H{to}")


def _mark(kind: str, x: int, y: int, text: str, codes: list[str], code: str, fell: bool) -> Mark:
    """Words stand on the side from which no line comes; at the edges of the paper, below."""
    i = codes.index(code)
    if fell and i:
        return Mark(kind, x, y, text, x - 14, y + 4, "end")
    if i == len(codes) - 1:
        return Mark(kind, x, y, text, x - 10, y + 20, "end")
    if fell:
        return Mark(kind, x, y, text, x + 10, y + 20, "start")
    return Mark(kind, x, y, text, x + 14, y + 4, "start")


def _end(x: int, y: int, text: str, width: int) -> Mark:
    """Words below the tick, moved in where they would leave the paper."""
    half = len(text) * LETTER // 2
    if x - half < 0:
        return Mark("end", x, y, text, 2, y + 22, "start")
    if x + half > width:
        return Mark("end", x, y, text, width - 2, y + 22, "end")
    return Mark("end", x, y, text, x, y + 22, "middle")


def _lines(code: str, name: str) -> tuple[str, ...]:
    told = WIDE if name == "wide" else SHORT
    return told.get(code, (_label(code),))


def _label(code: str) -> str:
    return spectrum.points()[code].label


def _day(day: Day) -> str:
    return f"{day:%-d %b %Y}"
