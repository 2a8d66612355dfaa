"""Checks on time by hat: FM-01, FM-02 and FM-03. Judged on exact figures, never on rounded shares."""

from collections.abc import Iterator, Mapping

from engagements.hat_shares import PARTS, HatBalance, HatTime, measure
from engagements.radar import Hit
from engagements.radar_sight import Sight, month_before

BELOW_BY = 15
LOUD = 30


def ai_on_the_side(sight: Sight) -> Iterator[Hit]:
    """FM-01. "Below by 15 points" is met at exactly 15: it is an "or more" (domain.md 0.3.3)."""
    for engagement in sight.engagements:
        targets = sight.shares[engagement.pk]
        if not engagement.ai_in_scope or "CTO" not in targets or "CAIO" not in targets:
            continue
        caio = _measured(sight.last_28_days(engagement).all, targets).of("CAIO")
        if caio.total_parts and caio.shortfall >= BELOW_BY * caio.total_parts:
            yield Hit(
                engagement.pk,
                f"In 28 days the CAIO hat got {caio.share} % of the time; its target is "
                f"{caio.target} %.",
                figures={
                    "CAIO": _told(caio),
                    "target": f"{caio.target} %",
                    "limit": f"{BELOW_BY} points or more below it",
                },
            )


def losing_hat(sight: Sight) -> Iterator[Hit]:
    """FM-02. The same for every hat: whichever got less than half its target in both of the last whole months."""
    for engagement in sight.engagements:
        targets = sight.shares[engagement.pk]
        last = month_before(sight.day(engagement).replace(day=1))
        months = (month_before(last), last)
        spent = [_measured(sight.month(engagement, month).all, targets) for month in months]
        for hat in targets:
            one, two = (month.of(hat) for month in spent)
            if _under_half(one) and _under_half(two):
                yield Hit(
                    engagement.pk,
                    f"The {hat} hat is losing: {one.share} % of the time in {months[0]:%B} and "
                    f"{two.share} % in {months[1]:%B}, with a target of {one.target} %.",
                    about=hat,
                    figures={
                        f"{months[0]:%B %Y}": _told(one),
                        f"{months[1]:%B %Y}": _told(two),
                        "limit": f"less than half of {one.target} %",
                    },
                )


def loud_fires(sight: Sight) -> Iterator[Hit]:
    """FM-03. More than 30 % reactive in all, and another hat than the one that burns most is under its target."""
    for engagement in sight.engagements:
        targets, window = sight.shares[engagement.pk], sight.last_28_days(engagement)
        spent, fires = _measured(window.all, targets), _measured(window.reactive, targets)
        if not fires.minutes or 100 * fires.minutes <= LOUD * spent.minutes:
            continue
        loudest = max(fires.hats, key=lambda hat: (hat.parts, hat.hat))
        short = [hat for hat in spent.hats if hat.hat != loudest.hat and hat.shortfall > 0]
        if short:
            hat = max(short, key=lambda hat: (hat.shortfall, hat.hat))
            part = f"{_hours(fires.minutes)} of {_hours(spent.minutes)}"
            yield Hit(
                engagement.pk,
                f"Fires took {part} in 28 days, most of it under {loudest.hat}; {hat.hat} got "
                f"{hat.share} % of the time, where {hat.target} % were meant.",
                about=hat.hat,
                figures={
                    "reactive": part,
                    f"reactive as {loudest.hat}": _hours(loudest.parts // PARTS),
                    hat.hat: _told(hat),
                    "limit": f"more than {LOUD} % reactive",
                },
            )


def _measured(spent: Mapping[str, int], targets: Mapping[str, int]) -> HatBalance:
    return measure(targets, spent, spent.get("", 0))


def _under_half(hat: HatTime) -> bool:
    """With no time at all there is no share to judge."""
    return hat.total_parts > 0 and 200 * hat.parts < hat.target * hat.total_parts


def _told(hat: HatTime) -> str:
    part, whole = hat.parts // PARTS, hat.total_parts // PARTS
    return f"{_hours(part)} of {_hours(whole)}, {hat.share} %"


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
