"""The practice's own rate card, from a date on, beside what the articles say things cost."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import library
from engagements import prices, spectrum
from engagements.models import Point, Rate
from practice import access, rows
from practice.access import Actor
from practice.models import Practice
from practice.quarters import local_day
from practice.refusals import Invalid, Taken


def state(
    *,
    point: str,
    per: str,
    low: Decimal,
    high: Decimal,
    currency: str,
    since_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> Rate:
    """Put a line on the rate card from a day on. What it says before that day stays; so does every agreed term."""
    access.require(by, "rate", "add")
    if low > high:
        raise Invalid({"high": ["Not below the lower figure."]})
    rate = Rate(
        practice_id=access.practice_of(by),
        point=point,
        per=per,
        low=low,
        high=high,
        currency=currency,
        since_on=since_on,
    )
    taken = Taken("The card has a line for this from that day on; choose another day.", "since_on")
    return rows.add(rate, by=by, at=at, kind="rate.stated", taken=taken)


def card(practice: Practice, *, by: Actor, at: datetime.datetime) -> list[dict[str, Any]]:
    """Each point of the spectrum: what the practice asks today, and what is published, never mixed."""
    access.require(by, "rate", "see_fees")
    own = _present(practice, by, local_day(at, practice.time_zone))
    return [
        {
            "point": code,
            "label": point.label,
            "source": point.source,
            "own": [rate for rate in own if rate.point == code],
            "published": [
                {"code": name, **_published(price)} for name, price in prices.of(code).items()
            ],
        }
        for code, point in spectrum.points().items()
    ]


def named_nowhere() -> list[dict[str, Any]]:
    """Published figures that belong to no single point, such as two people, or a share of full-time."""
    named = {code for point in spectrum.points().values() for code in point.prices}
    return [{"code": c, **_published(p)} for c, p in prices.prices().items() if c not in named]


def figures(low: Decimal | int, high: Decimal | int | None, sign: str = "") -> str:
    if high is None:
        return f"over {sign}{_plain(low)}"
    return sign + (_plain(low) if low == high else f"{_plain(low)} to {_plain(high)}")


def _plain(figure: Decimal | int) -> str:
    return f"{figure:,.0f}" if figure == int(figure) else f"{figure:,.2f}"


def _present(practice: Practice, by: Actor, today: datetime.date) -> list[Rate]:
    """Of each line the last that has begun."""
    begun = access.visible_to(by, Rate).filter(practice=practice, since_on__lte=today)
    last = {(r.point, r.per, r.currency): r for r in begun.order_by("since_on", "id")}
    order = list(Point)
    return sorted(last.values(), key=lambda r: (order.index(Point(r.point)), r.per, r.currency))


def _published(price: prices.Price) -> dict[str, Any]:
    source = price.source.partition("-")[0]
    voice = next((one for key, one in library.shipped().items() if key.startswith(source)), None)
    return {
        "what": price.what,
        "bands": [
            {"label": band.label, "low": band.low, "high": band.high} for band in price.bands
        ],
        "words": price.words,
        "open_upwards": price.open_upwards,
        "unit": price.unit,
        "per": price.per,
        "segment": price.segment,
        "source": price.source,
        "bias": voice.bias if voice else "",
        "note": price.note,
    }
