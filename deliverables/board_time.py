"""What a board report shows of time: days used and left, and the balance of the hats, where the terms let the client see."""

import datetime
from decimal import Decimal
from typing import Any

from deliverables.board_figures import READINGS, Filled, Scope, chart, figure, table
from engagements import balances, hat_balance, ledger, stages
from engagements.models import Stage
from engagements.models.base import AllowanceUnit
from practice.models.people import Hat

ONE = datetime.timedelta(days=1)


def time(scope: Scope) -> Filled:
    stage = stages.present(scope.engagement) or next(
        reversed(stages.course(scope.engagement)), None
    )
    figures, tables, charts = _used(scope, _measure(stage))
    if stage is not None and stage.client_sees_hats:
        more = _hats(scope)
        figures, charts = [*figures, *more["figures"]], [*charts, *more["charts"]]
    return {"figures": figures, "tables": tables, "charts": charts}


def _measure(stage: Stage | None) -> tuple[str, Decimal]:
    """What time is told in, and how many minutes one of it has: days where days were agreed, hours elsewhere."""
    if stage is not None and stage.allowance_unit == AllowanceUnit.DAYS:
        return "Days", Decimal(stage.day_minutes)
    return "Hours", Decimal(60)


def _used(scope: Scope, measure: tuple[str, Decimal]) -> tuple[list[Any], list[Any], list[Any]]:
    """Of time alone; what is given and used in money is none."""
    name, minutes = measure

    def told(value: Decimal) -> str:
        return f"{(value / minutes).quantize(ledger.HUNDREDTH)}"

    months = [
        month
        for month in balances.of(scope.engagement, at=scope.at)
        if month.client_sees
        and month.unit != ledger.MONEY
        and scope.quarter.starts_on <= month.starts_on <= scope.quarter.ends_on
    ]
    figures = []
    for unit in sorted({month.unit for month in months}):
        of_it = [month for month in months if month.unit == unit]
        given = sum((month.allowance for month in of_it), Decimal(0))
        used = sum((month.used for month in of_it), Decimal(0))
        figures.append(
            figure(
                f"used_{unit}",
                f"{name} used",
                told(used),
                note=f"Of {told(given)} agreed for these months.",
                summary=True,
            )
        )
        figures.append(figure(f"left_{unit}", f"{name} left", told(of_it[-1].left)))
    rows = [
        (
            f"{month.starts_on:%B %Y}",
            told(month.allowance),
            told(month.used),
            told(month.left),
            name.lower(),
        )
        for month in months
    ]
    heads = ("Month", ">Agreed", ">Used", ">Left", "In")
    listed = [table("months", "Month by month", heads, rows, "No time is agreed by the month.")]
    return figures, listed, []


def _hats(scope: Scope) -> Filled:
    found = hat_balance.of(scope.engagement, scope.quarter.starts_on, scope.last_on + ONE)
    before = hat_balance.of(scope.engagement, scope.before.starts_on, scope.quarter.starts_on)
    earlier = {one.hat: one.share for one in before.hats}
    figures = [
        figure(
            f"hat_{one.hat.lower()}",
            f"Time as {Hat(one.hat).label}",
            f"{one.share} %",
            note=f"Meant to be {one.target} %.",
            before=f"{earlier[one.hat]} %" if one.hat in earlier else None,
        )
        for one in found.hats
    ]
    shares: list[tuple[str, Decimal | int]] = [
        (Hat(one.hat).label, one.share) for one in found.hats
    ]
    meant: list[tuple[str, Decimal | int]] = [
        (Hat(one.hat).label, one.target) for one in found.hats
    ]
    drawn = chart("hats", "Time by hat", "shares", "%", {"Time": shares, "Meant": meant})
    return {"figures": figures, "tables": [], "charts": [drawn]}


READINGS["time"] = time
