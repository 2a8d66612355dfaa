"""Which dates an engagement owes, from the course as it stands. Pure: what goes in was read, nothing is planned here."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from engagements import days, spectrum
from engagements.days import Stretch
from practice import quarters


@dataclass(frozen=True)
class Due:
    """One date owed, of one kind of the agenda. `starts`: it comes with the day's first moment, not with its last."""

    kind: str
    subject_id: UUID
    day: datetime.date
    title: str
    period: str = ""
    starts: bool = False
    client_sees: bool = False


@dataclass(frozen=True)
class Course:
    """What the dates of an engagement under way follow from."""

    id: UUID
    name: str
    today: datetime.date
    starts_on: datetime.date
    fiscal_year_start: int
    point: str
    phase: str
    since_on: datetime.date
    overdue: bool = False
    run_since: datetime.date | None = None
    sprint: str = ""
    planned_end_on: datetime.date | None = None
    notice_days: int = 0
    auto_renew: bool = False
    curve: str = ""
    eu: bool = False
    eu_since_on: datetime.date | None = None
    """The first day of the EU's milestones; without one the first day of the work."""
    combined: bool = False
    pauses: tuple[Stretch, ...] = field(default=())

    def due(
        self, kind: str, day: datetime.date | None, title: str, period: str, **how: bool
    ) -> Iterator[Due]:
        """Nothing while a pause without an end leaves the day open."""
        if day is not None:
            yield Due(kind, self.id, day, f"{title}: {self.name}", period, **how)


def of(course: Course) -> list[Due]:
    return [
        *_phase(course),
        *_reviews(course),
        *_intensity(course),
        *_milestones(course),
        *_end(course),
    ]


def phase_period(run_since: datetime.date, phase: str) -> str:
    """Names one phase of one run of retainers."""
    order = [rule.key for rule in spectrum.spectrum().phases].index(phase) + 1
    return f"{run_since.isoformat()}/{order}"


def _phase(course: Course) -> Iterator[Due]:
    ends = spectrum.phase(course.phase).ends if course.phase else None
    if ends is None or course.run_since is None:
        return
    last = days.last_of(ends, start=course.run_since, pauses=course.pauses)
    label = spectrum.phase(course.phase).label
    period = phase_period(course.run_since, course.phase)
    if last is None:
        return
    if course.overdue:
        yield from course.due("phase_overdue", last, f"{label} are overdue", period)
        return
    yield from course.due("phase_end", last, f"{label} end", period)
    yield from course.due("phase_turn", last + days.ONE, f"{label} are over", period, starts=True)


def _reviews(course: Course) -> Iterator[Due]:
    """The end of this fiscal quarter and of the next, once the first phase is over; on no day of a pause."""
    if course.run_since is None:
        return
    first = days.nth_day(90, start=course.run_since, pauses=course.pauses)
    year_two = course.phase == spectrum.spectrum().phases[-1].key
    title = "Strategy review" if year_two else "Refresh of roadmap and vendor positions"
    quarter = quarters.quarter_of(course.today, course.fiscal_year_start)
    for one in (quarter, quarter.next(course.fiscal_year_start)):
        paused = any(pause.covers(one.ends_on) for pause in course.pauses)
        if first is not None and one.ends_on > first and not paused:
            yield from course.due("strategy_review", one.ends_on, title, one.name, client_sees=True)


def _intensity(course: Course) -> Iterator[Due]:
    if not course.curve or course.run_since is None:
        return
    for month in spectrum.spectrum().curves[course.curve].review_months:
        day = days.last_of_month(month, start=course.run_since, pauses=course.pauses)
        period = f"{course.run_since.isoformat()}/{month}"
        yield from course.due("intensity_review", day, f"Intensity after month {month}", period)


def _milestones(course: Course) -> Iterator[Due]:
    apply = {"eu": course.eu, "combined": course.combined}
    for one in spectrum.spectrum().milestones:
        if apply[one.when]:
            start = course.eu_since_on if one.when == "eu" else None
            day = days.nth_day(one.day, start=start or course.starts_on, pauses=course.pauses)
            period, seen = f"day_{one.day}", one.client_sees
            yield from course.due(one.kind, day, one.title, period, client_sees=seen)


def _end(course: Course) -> Iterator[Due]:
    end = course.planned_end_on
    if course.sprint:
        length = spectrum.spectrum().sprints[course.sprint].days
        # A day that was agreed stands; one that is counted is pushed on by a pause.
        end = end or days.nth_day(length, start=course.since_on, pauses=course.pauses)
        period = course.since_on.isoformat()
        yield from course.due("sprint_end", end, "Sprint ends", period, client_sees=True)
    elif course.phase and end is not None:
        title = "Retainer renews" if course.auto_renew else "Retainer ends"
        yield from course.due("retainer_end", end, title, end.isoformat())
        if course.notice_days:
            by = end - course.notice_days * days.ONE
            yield from course.due("retainer_notice", by, "Last day to give notice", end.isoformat())
