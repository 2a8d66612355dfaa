"""Between currencies: only by a rate that was recorded for the client, never by a guess. Pure, once the rates are read."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Rate:
    currency: str
    into: str
    rate: Decimal
    since_on: datetime.date


@dataclass(frozen=True)
class Rates:
    """Those of one client."""

    recorded: tuple[Rate, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, Decimal, datetime.date]]) -> "Rates":
        return cls(tuple(Rate(*row) for row in rows))

    def converted(
        self, amount: Decimal, currency: str, into: str, day: datetime.date
    ) -> Decimal | None:
        """To the cent, by the rate recorded last for that day or an earlier one; the other way round if that one is
        newer. None where there is none: two rates in a row are not one that somebody recorded."""
        if currency == into:
            return amount.quantize(CENT)
        found = [
            one
            for one in self.recorded
            if {one.currency, one.into} == {currency, into} and one.since_on <= day
        ]
        if not found:
            return None
        best = max(found, key=lambda one: (one.since_on, one.currency == currency))
        straight = best.currency == currency
        return (amount * best.rate if straight else amount / best.rate).quantize(CENT)
