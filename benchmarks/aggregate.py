"""Suite `aggregate`: the hat balance of every engagement of a practice, beside plain Django and one statement by hand."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Sum

from benchmarks import data, measure
from benchmarks.api import Disagreement, Result
from engagements import hat_balance
from engagements.hat_shares import HatBalance
from engagements.models import Engagement, HatShare, TimeEntry, Wearing

__all__ = ["Disagreement", "run"]

ENGAGEMENT, SHARE, WEARING, ENTRY = range(20, 24)
TODAY = datetime.date(2026, 6, 30)
WINDOW = hat_balance.rolling_window(TODAY)
HATS = ("CTO", "CAIO")
EACH = 3
SQL = """
SELECT engagement_id, hat, sum(minutes) FROM engagements_timeentry
 WHERE practice_id = %s AND booked_on >= %s AND booked_on < %s GROUP BY engagement_id, hat
"""


def run(rows: int, rounds: int) -> Result:
    """`rows` entries over half a year, an engagement for each 200."""
    home = _load(rows)
    practice = home if connection.vendor == "postgresql" else home.hex
    given = [practice, WINDOW.from_on, WINDOW.until_on]

    def floor() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(SQL, given)
            return _bytes(cursor.fetchall())

    def reference() -> bytes:
        found = TimeEntry.objects.filter(
            practice_id=home, booked_on__gte=WINDOW.from_on, booked_on__lt=WINDOW.until_on
        )
        return _bytes(found.values_list("engagement_id", "hat").annotate(sum=Sum("minutes")))

    def product() -> bytes:
        told = hat_balance.of_many(home, WINDOW.from_on, WINDOW.until_on)
        return _bytes((id, hat.hat, hat.minutes) for id, one in told.items() for hat in one.hats)

    _agree(hat_balance.of_many(home, WINDOW.from_on, WINDOW.until_on), given)
    calls: dict[str, Any] = {"product": product, "reference": reference, "floor": floor}
    timed = measure.in_turns(calls, rounds=rounds, each=EACH)
    ratio = measure.ratio(timed["product"].wall_ms, timed["floor"].wall_ms).median
    sizes = {"hat balance": {who: len(call()) for who, call in calls.items()}}
    return Result({"hat balance": timed}, {"hat balance: product ÷ raw SQL": ratio}, sizes)


def _bytes(rows: Iterable[Any]) -> bytes:
    return repr(list(rows)).encode()


def _agree(told: dict[Any, HatBalance], given: list[Any]) -> None:
    """On the minutes of every hat; joint time stands apart in both."""
    ours = {(id.hex, hat.hat): hat.minutes for id, one in told.items() for hat in one.hats}
    ours |= {(id.hex, ""): one.joint for id, one in told.items()}
    with connection.cursor() as cursor:
        cursor.execute(SQL, given)
        raw = {(str(id).replace("-", ""), hat): minutes for id, hat, minutes in cursor.fetchall()}
    if {key: n for key, n in ours.items() if n} != raw:
        raise Disagreement("the product and the statement by hand sum differently")


def _load(rows: int) -> Any:
    facts = data.load(max(rows // 200, 1))
    home, own = facts.practice_id, {"created_at": data.MADE_AT}
    clients = facts.client_ids
    member = data.id_of(data.MEMBER, 0)
    since = datetime.date(2026, 1, 1)
    works = [
        Engagement(
            id=data.id_of(ENGAGEMENT, n),
            practice_id=home,
            client_id=client,
            name=f"Work {n}",
            lead_id=member,
            status="active",
            starts_on=since,
            **own,
        )
        for n, client in enumerate(clients)
    ]
    data._write(Engagement, works)
    of = [
        {"practice_id": home, "client_id": w.client_id, "engagement_id": w.pk, **own} for w in works
    ]
    data._write(
        HatShare,
        (
            HatShare(id=data.id_of(SHARE, 2 * n + m), hat=hat, target=50, **one)
            for n, one in enumerate(of)
            for m, hat in enumerate(HATS)
        ),
    )
    data._write(
        Wearing,
        (
            Wearing(
                id=data.id_of(WEARING, 2 * n + m), hat=hat, member_id=member, since_on=since, **one
            )
            for n, one in enumerate(of)
            for m, hat in enumerate(HATS)
        ),
    )
    data._write(TimeEntry, (_entry(n, of[n % len(of)], member) for n in range(rows)))
    data._analyze()
    return home


def _entry(number: int, of: dict[str, Any], member: Any) -> TimeEntry:
    # 7,919 is prime: days and hats do not go by turns.
    shuffled = number * 7_919 % 1_000_003
    day = TODAY - datetime.timedelta(days=shuffled % 180)
    return TimeEntry(
        id=data.id_of(ENTRY, number),
        member_id=member,
        worked_on=day,
        booked_on=day,
        minutes=15 + shuffled % 165,
        hat=(*HATS, "")[shuffled % 3],
        **of,
    )
