"""From terms, time and expenses to billable lines. Pure: dataclasses in, dataclasses out; no rows, no clock.

Money is Decimal. On every line the amount is quantity times unit price, rounded half up to the cent; a total is the
sum of such amounts, and nothing is rounded twice.
"""

import calendar
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from engagements.ledger import calendar_months, next_month
from engagements.models.base import FeeModel, Overage
from engagements.models.billing import LineKind

Day = datetime.date
CENT, FINE = Decimal("0.01"), Decimal("0.0001")
ONE = Decimal(1)
JOINT = "joint"
BY_TIME = (FeeModel.PER_DAY, FeeModel.CAPPED_TIME)


@dataclass(frozen=True)
class StageTerms:
    id: UUID
    label: str
    since_on: Day
    until_on: Day | None
    fee_model: str
    fee_amount: Decimal
    hour_rate: Decimal
    cap_amount: Decimal | None
    currency: str
    day_minutes: int
    has_allowance: bool
    overage: str

    @property
    def depends_on_time(self) -> bool:
        """Whether what a month costs is known only once its time is closed."""
        if self.fee_model in BY_TIME:
            return True
        return self.has_allowance and self.overage == Overage.BILLED


@dataclass(frozen=True)
class Worked:
    """Billable minutes of one entry, by the day on which it counts."""

    id: UUID
    on: Day
    minutes: int
    hat: str = ""


@dataclass(frozen=True)
class Spent:
    """A billable expense that is not taken from an allowance."""

    id: UUID
    on: Day
    amount: Decimal
    currency: str
    what: str


@dataclass(frozen=True)
class Over:
    """What a closed month bills beyond its allowance: minutes, or money of a currency."""

    month: Day
    amount: Decimal
    currency: str = ""

    @property
    def is_money(self) -> bool:
        return self.currency != ""


@dataclass(frozen=True)
class Course:
    """One engagement as far as billing needs it."""

    id: UUID
    name: str
    hat: str
    """Its only hat, where it has one."""
    po_number: str
    stages: Sequence[StageTerms]
    pauses: Sequence[tuple[Day, Day | None]] = ()
    worked: Sequence[Worked] = ()
    spent: Sequence[Spent] = ()
    over: Sequence[Over] = ()
    cap_used: Mapping[UUID, Decimal] = field(default_factory=dict)
    """What earlier batches took of a stage's cap."""

    def stage_on(self, day: Day) -> StageTerms | None:
        """The terms that held; after the last stage its terms still say how late time is counted."""
        begun = [s for s in self.stages if s.since_on <= day and s.since_on != s.until_on]
        return max(begun, key=lambda stage: stage.since_on, default=None)


@dataclass(frozen=True)
class Draft:
    """A line before it is one."""

    key: str
    engagement_id: UUID
    kind: str
    what: str
    hat: str
    from_on: Day
    until_on: Day
    quantity: Decimal
    unit: str
    unit_price: Decimal
    currency: str
    po_number: str
    entries: tuple[UUID, ...] = ()
    """Time that it covers, and that is locked with it."""
    expense: UUID | None = None

    @property
    def amount(self) -> Decimal:
        return cents(self.quantity * self.unit_price)


def cents(exact: Decimal) -> Decimal:
    return exact.quantize(CENT, ROUND_HALF_UP)


def lines(
    course: Course, *, from_on: Day, until_on: Day, billed: frozenset[str] = frozenset()
) -> list[Draft]:
    """Everything billable in whole months, but for the keys that are billed already."""
    found = [
        *_fees(course, from_on, until_on),
        *_by_time(course, from_on, until_on, billed),
        *_overages(course, from_on, until_on),
        *_expenses(course, from_on, until_on),
    ]
    fresh = [line for line in found if line.key not in billed and line.amount]
    return sorted(fresh, key=lambda line: (line.from_on, line.kind, line.key))


def awaited(course: Course, *, from_on: Day, until_on: Day, closed: frozenset[Day]) -> list[Day]:
    """Months whose price depends on their time, that have some, and that are still open."""
    found = set()
    for day in {entry.on for entry in course.worked if from_on <= entry.on < until_on}:
        stage = course.stage_on(day)
        if stage and stage.depends_on_time and day.replace(day=1) not in closed:
            found.add(day.replace(day=1))
    return sorted(found)


def _fees(course: Course, from_on: Day, until_on: Day) -> Iterator[Draft]:
    for stage in course.stages:
        if stage.fee_model == FeeModel.FIXED_MONTHLY:
            for month in calendar_months(from_on, until_on - datetime.timedelta(days=1)):
                yield from _month(course, stage, month)
        elif stage.fee_model == FeeModel.PER_PROJECT:
            yield from _project(course, stage, from_on, until_on)


def _month(course: Course, stage: StageTerms, month: Day) -> Iterator[Draft]:
    """The whole fee for a whole month; else so many days at the month's price of a day, paused days left out."""
    end = next_month(month)
    first, after = max(stage.since_on, month), min(stage.until_on or end, end)
    days = [first + datetime.timedelta(days=n) for n in range((after - first).days)]
    owed = [day for day in days if not any(_in(pause, day) for pause in course.pauses)]
    if not owed:
        return
    length = calendar.monthrange(month.year, month.month)[1]
    whole = len(owed) == length
    price = stage.fee_amount if whole else (stage.fee_amount / length).quantize(FINE, ROUND_HALF_UP)
    yield Draft(
        key=f"fee:{stage.id}:{month:%Y-%m}",
        engagement_id=course.id,
        kind=LineKind.FEE,
        what=_what(course, stage.label, month),
        hat=course.hat,
        from_on=owed[0],
        until_on=owed[-1] + datetime.timedelta(days=1),
        quantity=ONE if whole else Decimal(len(owed)),
        unit="month" if whole else "day",
        unit_price=price,
        currency=stage.currency,
        po_number=course.po_number,
        entries=_of_stage(course, stage, first, after),
    )


def _project(course: Course, stage: StageTerms, from_on: Day, until_on: Day) -> Iterator[Draft]:
    """The fee of a project is due once, on its last day."""
    if stage.until_on is None or stage.until_on <= stage.since_on:
        return
    last = stage.until_on - datetime.timedelta(days=1)
    if from_on <= last < until_on:
        yield Draft(
            key=f"fee:{stage.id}",
            engagement_id=course.id,
            kind=LineKind.FEE,
            what=f"{course.name}: {stage.label}, whole project",
            hat=course.hat,
            from_on=stage.since_on,
            until_on=stage.until_on,
            quantity=ONE,
            unit="project",
            unit_price=stage.fee_amount,
            currency=stage.currency,
            po_number=course.po_number,
            entries=_of_stage(course, stage, stage.since_on, stage.until_on),
        )


def _by_time(
    course: Course, from_on: Day, until_on: Day, billed: frozenset[str]
) -> Iterator[Draft]:
    """Days at a day's fee; hours at an hour's rate until the stage's cap is used up. One line for each month and hat."""
    sums: dict[tuple[Day, StageTerms, str], list[Worked]] = defaultdict(list)
    for entry in course.worked:
        stage = course.stage_on(entry.on)
        if from_on <= entry.on < until_on and stage and stage.fee_model in BY_TIME:
            sums[entry.on.replace(day=1), stage, entry.hat].append(entry)
    taken = dict(course.cap_used)
    ordered = sorted(sums.items(), key=lambda item: (item[0][0], item[0][1].since_on, item[0][2]))
    for (month, stage, hat), entries in ordered:
        line = _time_line(course, stage, month, hat, entries)
        if line.key in billed:
            continue
        if stage.fee_model == FeeModel.CAPPED_TIME and stage.cap_amount is not None:
            left = max(stage.cap_amount - taken.get(stage.id, Decimal(0)), Decimal(0))
            line = line if line.amount <= left else _capped(line, left)
            taken[stage.id] = taken.get(stage.id, Decimal(0)) + line.amount
        yield line


def _time_line(
    course: Course, stage: StageTerms, month: Day, hat: str, entries: list[Worked]
) -> Draft:
    minutes = sum(entry.minutes for entry in entries)
    by_day = stage.fee_model == FeeModel.PER_DAY
    of_one = stage.day_minutes if by_day else 60
    worn = f", {hat or JOINT}" if course.hat != hat else ""
    return Draft(
        key=f"{'days' if by_day else 'time'}:{stage.id}:{month:%Y-%m}:{hat or JOINT}",
        engagement_id=course.id,
        kind=LineKind.FEE if by_day else LineKind.TIME,
        what=_what(course, stage.label + worn, month),
        hat=hat,
        from_on=min(entry.on for entry in entries),
        until_on=max(entry.on for entry in entries) + datetime.timedelta(days=1),
        quantity=(Decimal(minutes) / of_one).quantize(FINE, ROUND_HALF_UP),
        unit="day" if by_day else "hour",
        unit_price=stage.fee_amount if by_day else stage.hour_rate,
        currency=stage.currency,
        po_number=course.po_number,
        entries=tuple(entry.id for entry in entries),
    )


def _capped(line: Draft, left: Decimal) -> Draft:
    """What the cap still allows, as one sum: the hours stay on record in the time, not in the price."""
    return Draft(
        **{
            **line.__dict__,
            "quantity": ONE,
            "unit": "rest of cap",
            "unit_price": left,
            "what": f"{line.what}, up to the cap",
        }
    )


def _overages(course: Course, from_on: Day, until_on: Day) -> Iterator[Draft]:
    """What the closed month says is billed, at the rate of the terms that held on its last day."""
    for over in course.over:
        end = next_month(over.month)
        stage = course.stage_on(end - datetime.timedelta(days=1))
        if not (from_on <= over.month < until_on) or stage is None or stage.fee_model in BY_TIME:
            continue
        hours = (over.amount / 60).quantize(FINE, ROUND_HALF_UP)
        yield Draft(
            key=f"over:{course.id}:{over.month:%Y-%m}:{over.currency or 'time'}",
            engagement_id=course.id,
            kind=LineKind.OVERAGE,
            what=_what(course, "beyond the allowance", over.month),
            hat=course.hat,
            from_on=over.month,
            until_on=end,
            quantity=ONE if over.is_money else hours,
            unit="sum" if over.is_money else "hour",
            unit_price=over.amount if over.is_money else stage.hour_rate,
            currency=over.currency or stage.currency,
            po_number=course.po_number,
        )


def _expenses(course: Course, from_on: Day, until_on: Day) -> Iterator[Draft]:
    for one in course.spent:
        if from_on <= one.on < until_on:
            yield Draft(
                key=f"expense:{one.id}",
                engagement_id=course.id,
                kind=LineKind.EXPENSE,
                what=f"{course.name}: {one.what}"[:240],
                hat="",
                from_on=one.on,
                until_on=one.on + datetime.timedelta(days=1),
                quantity=ONE,
                unit="item",
                unit_price=one.amount,
                currency=one.currency,
                po_number=course.po_number,
                expense=one.id,
            )


def _of_stage(course: Course, stage: StageTerms, first: Day, after: Day) -> tuple[UUID, ...]:
    return tuple(
        entry.id
        for entry in course.worked
        if first <= entry.on < after and course.stage_on(entry.on) == stage
    )


def _what(course: Course, label: str, month: Day) -> str:
    return f"{course.name}: {label}, {month:%B %Y}"


def _in(pause: tuple[Day, Day | None], day: Day) -> bool:
    since, until = pause
    return since <= day and (until is None or day < until)


def total(drafts: Iterable[Draft]) -> Decimal:
    return sum((line.amount for line in drafts), Decimal("0.00"))
