"""What a board report shows of time: days used and left, and the balance of the hats, where the terms let the client see."""

import datetime
from decimal import Decimal
from typing import Any

from deliverables.board_figures import READINGS, Filled, Scope, chart, figure, table
from engagements import balances, hat_balance, ledger, stages
from practice.models.people import Hat

ONE = datetime.timedelta(days=1)


def time(scope: Scope) -> Filled:
    stage = stages.present(scope.engagement) or next(
        reversed(stages.course(scope.engagement)), None
    )
    figures, tables, charts = _used(scope)
    if stage is not None and stage.client_sees_hats:
        more = _hats(scope)
        figures, charts = [*figures, *more["figures"]], [*charts, *more["charts"]]
    return {"figures": figures, "tables": tables, "charts": charts}


def _used(scope: Scope) -> tuple[list[Any], list[Any], list[Any]]:
    """Of days and hours; what is given and used in money is no time."""
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
                f"{unit.capitalize()} used",
                _plain(used),
                note=f"Of {_plain(given)} agreed for these months.",
                summary=True,
            )
        )
        figures.append(figure(f"left_{unit}", f"{unit.capitalize()} left", _plain(of_it[-1].left)))
    rows = [
        (
            f"{month.starts_on:%B %Y}",
            _plain(month.allowance),
            _plain(month.used),
            _plain(month.left),
            month.unit,
        )
        for month in months
    ]
    heads = ("Month", ">Agreed", ">Used", ">Left", "In")
    told = [table("months", "Month by month", heads, rows, "No time is agreed by the month.")]
    return figures, told, []


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


def _plain(value: Decimal) -> str:
    """To the hundredth, as months are counted."""
    return f"{value.quantize(ledger.HUNDREDTH)}"


READINGS["time"] = time
