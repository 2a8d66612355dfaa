"""How the time is shared over the hats of an engagement, beside what was meant; and which hat loses. Exact, no floats."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

Day = datetime.date

BALANCED, DRIFTING, ONE_HAT_WINS, NO_DATA = "balanced", "drifting", "one_hat_wins", "no_data"
STATUSES = (BALANCED, DRIFTING, ONE_HAT_WINS, NO_DATA)
# Points between actual and target share: up to and including.
BALANCED_TO, DRIFTING_TO = 10, 25
WINDOW_DAYS, IDLE_DAYS = 28, 14
# A minute divides evenly over two to five hats only in sixtieths: all sums are kept in these.
PARTS = 60


class HatTime(NamedTuple):
    """One hat within a window."""

    hat: str
    target: int
    """Per cent."""
    minutes: int
    """Noted under this hat; joint time comes on top."""
    parts: int
    """With its part of the joint time, in sixtieths of a minute."""
    total_parts: int
    idle: bool = False

    @property
    def share(self) -> Decimal:
        """Per cent of all the time, to a tenth, for people; the status is judged on the exact figures."""
        if not self.total_parts:
            return Decimal("0.0")
        tenths = (self.parts * 2000 + self.total_parts) // (2 * self.total_parts)
        return Decimal(tenths) / 10

    @property
    def shortfall(self) -> int:
        """How far below target, in hundredths of the whole; negative above it."""
        return self.target * self.total_parts - 100 * self.parts


class HatBalance(NamedTuple):
    status: str
    losers: tuple[str, ...]
    """The hats furthest below their target, or without time for long; nobody loses while balanced."""
    hats: tuple[HatTime, ...]
    minutes: int
    joint: int
    counts: Mapping[str, Mapping[str, int]]
    """Secondary: what was counted (decisions, deliverables), by hat."""

    @property
    def losing(self) -> str:
        return self.losers[0] if self.losers else ""

    def of(self, hat: str) -> HatTime:
        return next(one for one in self.hats if one.hat == hat)

    @property
    def sentence(self) -> str:
        if self.status == NO_DATA:
            return "No time was noted in these days."
        if self.status == BALANCED:
            return "Every hat gets about the share it should."
        one = self.of(self.losing)
        names = " and ".join(self.losers)
        if one.idle:
            return f"{names}: no time for {IDLE_DAYS} active days."
        what = "is losing" if self.status == ONE_HAT_WINS else "falls behind"
        return f"{names} {what}: {one.share} % of the time, where {one.target} % were meant."


def measure(
    targets: Mapping[str, int],
    minutes: Mapping[str, int],
    joint: int = 0,
    *,
    idle: Collection[str] = (),
) -> HatBalance:
    """`minutes` by hat; joint time splits equally, odd minutes go to the hats furthest below target.

    Where several are equally far below, they share what is odd: no hat is favoured by its name.
    """
    own = [minutes.get(hat, 0) for hat in targets]
    whole = sum(own) + joint
    total = whole * PARTS
    each, left = divmod(joint, len(own)) if joint and own else (0, 0)
    parts = [(one + each) * PARTS for one in own]
    wanted = list(targets.values())
    short = [want * total - 100 * part for want, part in zip(wanted, parts, strict=False)]
    if left:
        _share_out(left, parts, short)
    told = [
        HatTime(hat, want, one, part, total, hat in idle)
        for hat, want, one, part in zip(targets, wanted, own, parts, strict=False)
    ]
    status, losers = _judged(told, short, total)
    return HatBalance(status, losers, tuple(told), whole, joint, {})


def _share_out(left: int, parts: list[int], short: list[int]) -> None:
    """The odd minutes; `short` is how far each hat lies below its target, and follows."""
    open_ones = list(range(len(parts)))
    while left:
        furthest = max([short[n] for n in open_ones])
        tied = [n for n in open_ones if short[n] == furthest]
        given = min(left, len(tied))
        more = given * PARTS // len(tied)
        for n in tied:
            parts[n] += more
            short[n] -= 100 * more
            open_ones.remove(n)
        left -= given


def _judged(
    hats: Sequence[HatTime], short: Sequence[int], total: int
) -> tuple[str, tuple[str, ...]]:
    if not total or not hats:
        return NO_DATA, ()
    idle = tuple([one.hat for one in hats if one.idle and one.target])
    if idle:
        return ONE_HAT_WINS, idle
    worst = max(short)
    gap = max(worst, -min(short))
    if gap <= BALANCED_TO * total:
        return BALANCED, ()
    losers = tuple([one.hat for one, by in zip(hats, short, strict=True) if by == worst])
    return (DRIFTING if gap <= DRIFTING_TO * total else ONE_HAT_WINS), losers


def idle_from(
    today: Day, *, starts_on: Day, pauses: Collection[tuple[Day, Day | None]] = ()
) -> Day | None:
    """The first of the last 14 active days, today among them; None where there were not that many yet."""
    day, found = today, 0
    for since, until in pauses:
        if until is None and since <= today:
            day = min(day, since - datetime.timedelta(days=1))
    while day >= starts_on:
        if not any(since <= day and (until is None or day < until) for since, until in pauses):
            found += 1
            if found == IDLE_DAYS:
                return day
        day -= datetime.timedelta(days=1)
    return None
