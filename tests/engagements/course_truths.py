"""What must never be false of a course, whatever was done: asked of the rows after every step."""

import datetime
import itertools
import json
from collections import Counter
from decimal import Decimal
from typing import Any

from engagements import balances, charters, gate, ledger
from engagements.ledger import Month
from engagements.models import (
    Charter,
    ContractVersion,
    Expense,
    Move,
    Pause,
    Period,
    Stage,
    TimeEntry,
)
from tests.engagements.course_base import DAY
from tests.engagements.course_verbs import Course

ZERO = Decimal(0)
SETTLED = ("effective", "declined", "withdrawn")
NAMES = ("allowance", "rolled_in", "used", "left", "over", "expired", "billed")


def all_hold(course: Course, history: dict[object, str]) -> None:
    row = course.row
    own = {"engagement_id": row.pk}
    under_way = row.status in ("active", "paused")
    run = list(Stage.objects.filter(**own).order_by("since_on", "id"))
    stages_follow_one_another(run, under_way=under_way)
    history_stands(course, history)
    for model, waiting in ((Move, "agreed"), (Charter, "offered"), (ContractVersion, "offered")):
        known = Counter(model.objects.filter(**own).values_list("status", flat=True))
        assert known["draft"] + known["proposed"] + known[waiting] <= 1, (model, known)
        assert known["accepted"] <= 1, (model, known)
    if under_way:
        assert gate.missing(row, course.at) == []
        paused = any(_covers(pause, course.today) for pause in Pause.objects.filter(**own))
        assert (row.status == "paused") == paused
    months = balances.of(row, at=course.at)
    sums_hold(months)
    use_is_what_was_noted(months, run, own)
    frozen = [_figures(period) for period in _periods(own)]
    assert [_figures(month) for month in months if month.locked] == frozen


def stages_follow_one_another(run: list[Stage], *, under_way: bool) -> None:
    for one, following in itertools.pairwise(run):
        assert one.until_on == following.since_on, f"{one.until_on} and {following.since_on}"
    open_ones = [stage for stage in run if stage.until_on is None]
    assert open_ones == (run[-1:] if under_way else [])
    assert run or not under_way


def history_stands(course: Course, history: dict[object, str]) -> None:
    """Byte by byte, of every engagement of this course: what is closed stays as it was when it was closed."""
    closed = Stage.objects.exclude(until_on=None).values()
    settled = Move.objects.filter(status__in=SETTLED).values()
    found = {row["id"]: _bytes(row) for row in (*closed, *settled, *Period.objects.values())}
    for id, text in found.items():
        assert history.setdefault(id, text) == text
    gone = set(history) - set(found)
    for id in gone:
        # Only a month that was opened again may go, and it goes for good.
        was = json.loads(history.pop(id))
        assert (was["engagement_id"], was.get("locked_at") and was["starts_on"]) in course.reopened


def sums_hold(months: list[Month]) -> None:
    """To the minute and the cent, in each month and over all of them."""
    for m in months:
        assert m.allowance + m.rolled_in - m.used == m.left - m.over, m
        assert m.left == sum((part.amount for part in m.carried.slices), ZERO) + m.expired, m
        assert m.over == m.billed + m.absorbed + m.carried.owed, m
        assert min(m.allowance, m.used, m.left, m.over, m.expired, m.billed, m.absorbed) >= 0, m
        assert not (m.left and m.over), m
        assert not (m.carried.slices and m.carried.owed), m
        unit = Decimal(1) if m.unit == ledger.MINUTES else Decimal("0.01")
        assert all(getattr(m, name) % unit == 0 for name in NAMES), m
    for account in {m.account for m in months}:
        chain = [m for m in months if m.account == account]
        # Where an account did not move in a month nothing can have been carried through it.
        for one, following in itertools.pairwise(chain):
            assert following.rolled_in == one.carried.balance, following
        total = {name: sum((getattr(m, name) for m in chain), ZERO) for name in NAMES}
        absorbed = sum((m.absorbed for m in chain), ZERO)
        spent = total["used"] - total["billed"] - absorbed
        assert chain[0].rolled_in == ZERO
        assert total["allowance"] == spent + total["expired"] + chain[-1].carried.balance


def use_is_what_was_noted(months: list[Month], run: list[Stage], own: dict[str, Any]) -> None:
    """Minutes of the accounts of minutes, counted a second time from the entries; and what was spent of money."""
    noted: Counter[tuple[datetime.date, str, str]] = Counter()
    least: dict[tuple[datetime.date, str, str], Decimal] = {}
    for entry in TimeEntry.objects.filter(**own, billable=True):
        stage = _stage_on(run, entry.booked_on)
        if stage is not None and stage.allowance_unit in ("days", "hours"):
            noted[ledger.month_of(entry.booked_on), "minutes", ""] += entry.minutes
    for expense in Expense.objects.filter(**own, against_allowance=True):
        stage = _stage_on(run, expense.booked_on)
        if stage and (stage.allowance_unit, stage.currency) == ("money", expense.currency):
            key = (ledger.month_of(expense.booked_on), "money", expense.currency)
            least[key] = least.get(key, ZERO) + expense.amount
    told = {(m.starts_on, m.unit, m.currency): m.used for m in months}
    assert {key: used for key, used in told.items() if key[1] == "minutes" and used} == noted
    assert all(told[key] >= amount for key, amount in least.items())


def charters_are_what_was_accepted() -> None:
    """Looked at once, when a course is over."""
    for charter in Charter.objects.exclude(sha256=""):
        assert charters.digest(charters.content(charter)) == charter.sha256


def _stage_on(run: list[Stage], day: datetime.date) -> Stage | None:
    """The last that began by that day; late time counts under the last terms there were."""
    return next((stage for stage in reversed(run) if stage.since_on <= day), None)


def _covers(pause: Pause, day: datetime.date) -> bool:
    return pause.since_on <= day < (pause.until_on or day + DAY)


def _periods(own: dict[str, Any]) -> Any:
    return Period.objects.filter(**own).order_by("starts_on", "unit", "currency", "id")


def _figures(of: Month | Period) -> tuple[Any, ...]:
    return (of.starts_on, of.unit, of.currency, *(getattr(of, name) for name in NAMES))


def _bytes(row: dict[str, Any]) -> str:
    return json.dumps(row, default=str, sort_keys=True)
