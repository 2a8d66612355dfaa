"""The allowance as a ledger, month by month: what was given, brought in, used, left, over and lost. Pure figures, no rows."""

import calendar
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

Day = datetime.date
MINUTES, MONEY = "minutes", "money"
ZERO = Decimal("0.00")
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Stretch:
    """Days from the first until the one on which it is over; None: until further notice."""

    since_on: Day
    until_on: Day | None = None


@dataclass(frozen=True)
class Extra(Stretch):
    """A burst: so much on top of a month's allowance, in its unit."""

    extra: Decimal = ZERO


@dataclass(frozen=True)
class Terms(Stretch):
    """What a stage says of the allowance. Amounts are in its own unit: days, hours or money; or none at all."""

    unit: str = "none"
    allowance: Decimal = ZERO
    day_minutes: int = 480
    rollover_cap: Decimal = ZERO
    rollover_months: int = 0
    overage: str = "billed"
    hour_rate: Decimal | None = None
    currency: str = ""
    client_sees: bool = False

    @property
    def account(self) -> "Account | None":
        """On which account its days are kept; without an allowance on none."""
        if self.unit == "none":
            return None
        return Account(MONEY, self.currency) if self.unit == "money" else Account(MINUTES)

    @property
    def factor(self) -> int:
        return {"days": self.day_minutes, "hours": 60}.get(self.unit, 1)


@dataclass(frozen=True, order=True)
class Account:
    """Minutes and money never mix, nor do two currencies."""

    unit: str
    currency: str = ""

    def rounded(self, exact: Fraction) -> Decimal:
        """To the whole minute or cent, half up."""
        scale = 1 if self.unit == MINUTES else 100
        whole = (exact * scale + Fraction(1, 2)).__floor__()
        return (Decimal(whole) / scale).quantize(HUNDREDTH)


@dataclass(frozen=True)
class Slice:
    """What one month left over, and the last day on which it can be used."""

    from_on: Day
    until_on: Day
    amount: Decimal


@dataclass(frozen=True)
class Carried:
    """What moves from one month to the next: slices, oldest first, or a debt. Never both."""

    slices: tuple[Slice, ...] = ()
    owed: Decimal = ZERO

    @property
    def balance(self) -> Decimal:
        return sum((part.amount for part in self.slices), ZERO) - self.owed


@dataclass(frozen=True)
class Use:
    """What was worked and spent against the allowance, by the day on which it counts."""

    minutes: Mapping[Day, int] = field(default_factory=dict)
    spent: Mapping[tuple[Day, str], Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Month:
    """allowance + rolled_in - used = left - over; left = carried + expired; over = billed + absorbed + owed."""

    starts_on: Day
    unit: str
    currency: str
    allowance: Decimal
    rolled_in: Decimal
    """With its sign: below zero, the month begins with a debt."""
    used: Decimal
    left: Decimal
    over: Decimal
    expired: Decimal
    billed: Decimal
    carried: Carried
    client_sees: bool
    locked: bool = False

    @property
    def account(self) -> Account:
        return Account(self.unit, self.currency)

    @property
    def absorbed(self) -> Decimal:
        return self.over - self.billed - self.carried.owed


Opening = Mapping[Account, Carried]


def months(
    terms: Sequence[Terms],
    *,
    first: Day,
    last: Day,
    pauses: Iterable[Stretch] = (),
    bursts: Iterable[Extra] = (),
    use: Use | None = None,
    opening: Opening | None = None,
) -> list[Month]:
    """Every month from that of `first` to that of `last`, one entry for each account that moved in it."""
    course = _Course(
        sorted(terms, key=lambda t: t.since_on), list(pauses), list(bursts), use or Use()
    )
    brought, found = dict(opening or {}), []
    for starts_on in calendar_months(first, last):
        made = course.month(starts_on, brought)
        brought = {month.account: month.carried for month in made}
        found += made
    return found


@dataclass(frozen=True)
class _Course:
    terms: list[Terms]
    pauses: list[Stretch]
    bursts: list[Extra]
    use: Use

    def month(self, starts_on: Day, brought: Opening) -> list[Month]:
        given, rules = self._given(starts_on)
        used = self._used(starts_on, rules)
        open_accounts = {account for account, carried in brought.items() if carried != Carried()}
        at_end = self._terms_on(next_month(starts_on) - datetime.timedelta(days=1))
        return [
            _close(
                starts_on,
                account,
                account.rounded(given.get(account, Fraction())),
                used.get(account, ZERO),
                brought.get(account, Carried()),
                rules.get(account),
                at_end is not None and at_end.client_sees,
            )
            for account in sorted({*given, *used, *open_accounts})
        ]

    def _given(self, starts_on: Day) -> tuple[dict[Account, Fraction], dict[Account, Terms]]:
        """The allowance, day for day; and by which terms each account is closed: the last that held in the month."""
        end, given, rules = next_month(starts_on), dict[Account, Fraction](), dict[Account, Terms]()
        length = (end - starts_on).days
        for terms in self.terms:
            account = terms.account
            held = _days(terms, starts_on, end)
            if account is None or not held:
                continue
            worked = [day for day in held if not any(_in(pause, day) for pause in self.pauses)]
            amount = terms.allowance * len(worked) + sum(
                (burst.extra * sum(_in(burst, day) for day in worked) for burst in self.bursts),
                ZERO,
            )
            given[account] = (
                given.get(account, Fraction()) + Fraction(amount) * terms.factor / length
            )
            rules[account] = terms
        return given, rules

    def _used(self, starts_on: Day, rules: dict[Account, Terms]) -> dict[Account, Decimal]:
        end = next_month(starts_on)
        minutes: dict[Terms, int] = {}
        spent: dict[Account, Decimal] = {}
        for day, worked in self.use.minutes.items():
            terms = self._terms_on(day) if starts_on <= day < end else None
            if terms is not None:
                minutes[terms] = minutes.get(terms, 0) + worked
        for (day, currency), amount in self.use.spent.items():
            terms = self._terms_on(day) if starts_on <= day < end else None
            if terms is not None and terms.account == Account(MONEY, currency):
                spent[terms.account] = spent.get(terms.account, ZERO) + amount
                rules.setdefault(terms.account, terms)
        for terms, worked in minutes.items():
            account = terms.account
            if account is not None:
                spent[account] = spent.get(account, ZERO) + _worth(account, terms, worked)
                rules.setdefault(account, terms)
        return spent

    def _terms_on(self, day: Day) -> Terms | None:
        """The terms that held; after the last stage its terms still say how late time is counted."""
        return next((t for t in reversed(self.terms) if t.since_on <= day), None)


def _worth(account: Account, terms: Terms, minutes: int) -> Decimal:
    if account.unit == MINUTES:
        return Decimal(minutes).quantize(HUNDREDTH)
    return account.rounded(Fraction(terms.hour_rate or 0) * minutes / 60)


def _close(
    starts_on: Day,
    account: Account,
    allowance: Decimal,
    used: Decimal,
    brought: Carried,
    rule: Terms | None,
    client_sees: bool,
) -> Month:
    ends_on = next_month(starts_on) - datetime.timedelta(days=1)
    # A debt comes out of the new allowance first; what that cannot pay is over before anything is used.
    own = max(allowance - brought.owed, ZERO)
    lasts = rule.rollover_months if rule else 0
    pool = [*brought.slices, Slice(starts_on, _end_of_month(starts_on, lasts), own)]
    rest, missing = _take(pool, used)
    over = missing + max(brought.owed - allowance, ZERO)
    left = sum((part.amount for part in rest), ZERO)
    kept = _capped([part for part in rest if part.until_on > ends_on], account, rule)
    # Where no terms of the account hold any more, a debt stays one.
    overage = rule.overage if rule else "carried"
    carried = Carried(tuple(kept), over if overage == "carried" else ZERO)
    return Month(
        starts_on=starts_on,
        unit=account.unit,
        currency=account.currency,
        allowance=allowance,
        rolled_in=brought.balance,
        used=used,
        left=left,
        over=over,
        expired=left - sum((part.amount for part in kept), ZERO),
        billed=over if overage == "billed" else ZERO,
        carried=carried,
        client_sees=client_sees,
    )


def _take(pool: list[Slice], wanted: Decimal) -> tuple[list[Slice], Decimal]:
    """Use up the oldest first. What remains of each, and what nothing was left for."""
    rest = []
    for part in pool:
        taken = min(part.amount, wanted)
        wanted -= taken
        if part.amount > taken:
            rest.append(Slice(part.from_on, part.until_on, part.amount - taken))
    return rest, wanted


def _capped(slices: list[Slice], account: Account, rule: Terms | None) -> list[Slice]:
    """The cap holds for the sum; what exceeds it is lost from the oldest, which would be lost soonest anyway."""
    if rule is None:
        return slices
    cap = account.rounded(Fraction(rule.rollover_cap) * rule.factor)
    excess = max(sum((part.amount for part in slices), ZERO) - cap, ZERO)
    return _take(slices, excess)[0]


def _days(stretch: Stretch, start: Day, end: Day) -> list[Day]:
    first = max(stretch.since_on, start)
    after = min(stretch.until_on or end, end)
    return [first + datetime.timedelta(days=n) for n in range((after - first).days)]


def _in(stretch: Stretch, day: Day) -> bool:
    return stretch.since_on <= day and (stretch.until_on is None or day < stretch.until_on)


def month_of(day: Day) -> Day:
    return day.replace(day=1)


def next_month(day: Day, months: int = 1) -> Day:
    """The first day of the month so many after that of a day."""
    index = day.year * 12 + day.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)


def _end_of_month(day: Day, later: int) -> Day:
    first = next_month(day, later)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def calendar_months(first: Day, last: Day) -> list[Day]:
    found, day = [], month_of(first)
    while day <= last:
        found.append(day)
        day = next_month(day)
    return found
