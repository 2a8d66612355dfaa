"""What a board report shows of time: days used and left, and the balance of the hats, where the terms let the client see."""

import datetime
from decimal import Decimal
from uuid import UUID

from deliverables.board_figures import CENT, READINGS, Filled, Rows, chart, figure, join, table
from deliverables.board_scope import Scope
from engagements import balances, hat_balance, ledger, stages
from engagements.hat_balance import Window
from engagements.ledger import Month
from engagements.models import Stage, TimeEntry
from engagements.models.base import AllowanceUnit
from practice import access
from practice.models.people import Hat
from practice.quarters import Quarter

TENTH = Decimal("0.1")
ONE = datetime.timedelta(days=1)
Points = list[tuple[str, Decimal | int]]


def time(scope: Scope) -> Filled:
    stage = stages.present(scope.engagement) or next(
        reversed(stages.course(scope.engagement)), None
    )
    used = _used(scope, _measure(stage))
    if stage is None or not stage.client_sees_hats:
        return used
    return join(used, _hats(scope))


def _measure(stage: Stage | None) -> tuple[str, Decimal]:
    """What time is told in, and how many minutes one of it has: days where days were agreed, hours elsewhere."""
    if stage is not None and stage.allowance_unit == AllowanceUnit.DAYS:
        return "Days", Decimal(stage.day_minutes)
    return "Hours", Decimal(60)


def _used(scope: Scope, measure: tuple[str, Decimal]) -> Filled:
    """Of time alone; what is given and used in money is none."""
    name, minutes = measure

    def told(value: Decimal) -> str:
        return f"{(value / minutes).quantize(ledger.HUNDREDTH)}"

    every = [
        month
        for month in balances.of(scope.engagement, at=scope.at)
        if month.client_sees and month.unit != ledger.MONEY
    ]
    months = [month for month in every if _within(month, scope.quarter)]
    earlier = [month for month in every if _within(month, scope.before)]
    figures = []
    for unit in sorted({month.unit for month in months}):
        of_it = [month for month in months if month.unit == unit]
        before = [month for month in earlier if month.unit == unit]
        given, used = _sum(of_it, "allowance"), _sum(of_it, "used")
        rows = _entries(scope)
        figures.append(
            figure(
                f"used_{unit}",
                f"{name} used",
                told(used),
                before=told(_sum(before, "used")) if before else None,
                note=f"Of {told(given)} agreed for these months.",
                rows=rows,
                summary=True,
            )
        )
        figures.append(figure(f"left_{unit}", f"{name} left", told(of_it[-1].left), rows=rows))
    listed = [
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
    by_month = table("months", "Month by month", heads, listed, "No time is agreed by the month.")
    if not every:
        return {"figures": figures, "tables": [by_month], "charts": []}
    points: list[tuple[str, Decimal | int]] = [
        (one.name, (_sum([m for m in every if _within(m, one)], "used") / minutes).quantize(CENT))
        for one in scope.trend
    ]
    drawn = chart("used_trend", f"{name} used by quarter", "bars", name.lower(), {"Used": points})
    return {"figures": figures, "tables": [by_month], "charts": [drawn]}


def _within(month: Month, quarter: Quarter) -> bool:
    return quarter.starts_on <= month.starts_on <= quarter.ends_on


def _sum(months: list[Month], name: str) -> Decimal:
    return sum((getattr(month, name) for month in months), Decimal(0))


def _entries(scope: Scope) -> Rows:
    """What was noted for the quarter and counts against what was agreed."""
    rows = access.visible_to(scope.by, TimeEntry).filter(
        engagement=scope.engagement,
        billable=True,
        booked_on__range=(scope.quarter.starts_on, scope.quarter.ends_on),
    )
    return [("time-entries", id) for id in rows.order_by("id").values_list("id", flat=True)]


def _hats(scope: Scope) -> Filled:
    quarters = [scope.before, *scope.trend]
    windows = [Window(one.starts_on, min(one.ends_on, scope.last_on) + ONE) for one in quarters]
    before, *every = hat_balance.of_windows(scope.engagement, windows)
    found = every[-1]
    earlier = {one.hat: one.share for one in before.hats}
    worked = _worked(scope)
    figures = [
        figure(
            f"hat_{one.hat.lower()}",
            f"Time as {Hat(one.hat).label}",
            _share(one.share),
            note=f"Meant to be {one.target} %.",
            before=_share(earlier[one.hat]) if one.hat in earlier else None,
            rows=[("time-entries", id) for id, hat in worked if hat in (one.hat, "")],
        )
        for one in found.hats
    ]
    shares: Points = [(Hat(one.hat).label, one.share) for one in found.hats]
    meant: Points = [(Hat(one.hat).label, one.target) for one in found.hats]
    drawn = chart("hats", "Time by hat", "shares", "%", {"Time": shares, "Meant": meant})
    by_quarter: dict[str, Points] = {
        Hat(hat.hat).label: [
            (quarter.name, one.share)
            for quarter, balance in zip(scope.trend, every, strict=True)
            for one in balance.hats
            if one.hat == hat.hat
        ]
        for hat in found.hats
    }
    trend = chart("hats_trend", "Time by hat, quarter by quarter", "line", "%", by_quarter)
    return {"figures": figures, "tables": [], "charts": [drawn, trend]}


def _share(share: Decimal) -> str:
    return f"{share.quantize(TENTH)} %"


def _worked(scope: Scope) -> list[tuple[UUID, str]]:
    """Time of the quarter by hat; joint time has none and counts for each."""
    rows = access.visible_to(scope.by, TimeEntry).filter(
        engagement=scope.engagement, booked_on__range=(scope.quarter.starts_on, scope.last_on)
    )
    return list(rows.order_by("id").values_list("id", "hat"))


READINGS["time"] = time
