"""An engagement with a row of everything that can belong to one, and more of each as often as it grows."""

import datetime
from decimal import Decimal
from typing import Any

from engagements import (
    billing,
    capacity,
    charters,
    contracts,
    expenses,
    moves,
    periods,
    rates,
    timesheet,
)
from engagements.models import (
    BillingBatch,
    BillingLine,
    Burst,
    Deputy,
    Engagement,
    ExitStatement,
    Finding,
    HandoverItem,
    Pause,
    ReportingLine,
    Stage,
    Wearing,
)
from practice import access, agenda, rows
from tests import make
from tests.cast import Cast
from tests.engagements import build
from tests.engagements.test_charters import drafted
from tests.make import NOW

START = datetime.date(2026, 1, 1)
LINES = ({"hat": "CTO"}, {"hat": "CAIO"}, {"hat": "CTO", "until_on": START})
DAY = datetime.timedelta(days=1)


def engagement(cast: Cast, name: str, children: int) -> Engagement:
    row = build.engagement(cast, name=name, starts_on=START, terms={"client_sees_hats": True})
    for number in range(children):
        more(cast, row, number)
    return row


def more(cast: Cast, row: Engagement, number: int) -> None:
    """The next of each; everything of it lies apart from what the ones before left."""
    _people(row, number, cast)
    _course(row, number, cast)
    _agreed(row, number, cast)
    _time(row, number, cast)
    bill(cast, row, number)


def house(cast: Cast, number: int) -> None:
    """What is the practice's own."""
    how: dict[str, Any] = {"by": make.actor(cast.olu), "at": NOW}
    since = START + number * DAY
    low = {"low": Decimal(1000), "high": Decimal(2000), "currency": "EUR"}
    rates.state(point="RETAINER", per="month", since_on=since, **low, **how)
    capacity.state(cast.ada, days_per_month=Decimal(5), since_on=since, **how)


def bill(cast: Cast, row: Engagement, number: int) -> None:
    """A batch with one line, two or three; the first is exported."""
    by = access.system(row.practice_id)
    days = {
        "from_on": datetime.date(2026, 1 + number, 1),
        "until_on": datetime.date(2026, 2 + number, 1),
        "currency": "EUR",
    }
    before = BillingBatch.objects.filter(practice_id=row.practice_id).count()
    batch = BillingBatch(
        practice_id=row.practice_id, client_id=row.client_id, number=before + 1, total=100, **days
    )
    rows.add(batch, by=by, at=NOW, kind="billing.batch_created")
    for line in range(number + 1):
        told = {"key": f"fee:{row.pk}:{number}:{line}", "kind": "fee", "what": f"Fee {line}"}
        sums = {"quantity": "1", "unit": "month", "unit_price": "100", "amount": "100"}
        _add(BillingLine, row, "billing.line_added", batch=batch, **told, **sums, **days)
    if number == 0:
        billing.export(batch, by=by, at=NOW)


def _add(model: Any, row: Engagement, event: str, /, **values: Any) -> Any:
    one = model(practice_id=row.practice_id, client_id=row.client_id, engagement=row, **values)
    return rows.add(one, by=access.system(row.practice_id), at=NOW, kind=event)


def _people(row: Engagement, number: int, cast: Cast) -> None:
    worn = Wearing.objects.filter(engagement=row).order_by("id")[0]
    away = datetime.date(2097, 1 + number, 1)
    days = {"since_on": away, "until_on": away + 7 * DAY}
    _add(Deputy, row, "deputy.named", wearing=worn, member=cast.ben, **days)
    line = {"since_on": START - DAY, "reports_to": "CEO", "review_on": away} | LINES[number]
    _add(ReportingLine, row, "reporting_line.begun", **line)
    old = {"since_on": START - 30 * DAY, "until_on": START - number * DAY}
    _add(Wearing, row, "wearing.begun", hat="CTO", member=cast.ben, **old)


def _course(row: Engagement, number: int, cast: Cast) -> None:
    how: dict[str, Any] = {"by": make.actor(cast.ada), "at": NOW}
    on = datetime.date(2026, 1, 5 + 3 * number)
    _add(Pause, row, "pause.begun", since_on=on, until_on=on + DAY, reason="Away.")
    month = datetime.date(2098, 1 + number, 1)
    days = {"since_on": month, "until_on": month + 7 * DAY}
    _add(Burst, row, "burst.planned", cause="product", extra="2", unit="days", **days)
    stage = Stage.objects.get(engagement=row, until_on=None)
    _add(
        ExitStatement,
        row,
        "exit_test.stated",
        stage=stage,
        test="DV-06",
        met=False,
        reason="Not yet.",
    )
    key = ("DV-01", "DV-02", "DV-03")[number]
    _add(
        HandoverItem,
        row,
        "handover.item_added",
        key=key,
        label="Over",
        done_at=NOW,
        done_by=cast.ada,
    )
    evidence = [{"kind": "wearing", "id": str(row.pk), "text": "CTO"}] * (number + 1)
    code = ("FM-03", "FM-04", "FM-05")[number]
    seen = {"sentence": "So it is.", "evidence": evidence, "raised_at": NOW, "seen_at": NOW}
    _add(Finding, row, "finding.raised", code=code, **seen)
    for waiting in moves.Move.objects.filter(engagement=row, status="proposed"):
        moves.withdraw(waiting, reason="Another.", **how)
    moves.propose(
        row, to_point="RETAINER_HIGH", effective_on=month.replace(year=2099), reason="More.", **how
    )
    agenda.plan(
        "sprint_end",
        subject_id=row.pk,
        practice_id=row.practice_id,
        client_id=row.client_id,
        due_at=datetime.datetime(2099, 1, 1 + number, tzinfo=datetime.UTC),
        at=NOW,
        title="Ends",
        period=f"of {number}",
    )


def _agreed(row: Engagement, number: int, cast: Cast) -> None:
    how: dict[str, Any] = {"by": make.actor(cast.ada), "at": NOW}
    priya = make.actor(cast.priya)
    version = contracts.offer(contracts.draft(row, title=f"Letter {number}", **how), **how)
    contracts.accept(version, by=priya, at=NOW)
    charter = charters.offer(drafted(row, how["by"]), **how)
    # One is in force, one was taken back, one waits.
    if number == 0:
        charters.accept(charter, sha256=charter.sha256, by=priya, at=NOW)
    elif number == 1:
        charters.withdraw_offer(charter, **how)


def _time(row: Engagement, number: int, cast: Cast) -> None:
    how: dict[str, Any] = {"by": make.actor(cast.ada), "at": NOW}
    on = datetime.date(2026, 2, 2 + number)
    for hat in ("CTO", "CAIO", ""):
        timesheet.note(row, worked_on=on, minutes=60, hat=hat, **how)
    expenses.note(row, spent_on=on, amount=Decimal(40), what="Taxi", **how)
    month = datetime.date(2026, 1 + number, 1)
    periods.lock(row, month=month, by=make.actor(cast.olu), at=NOW + 90 * DAY)
