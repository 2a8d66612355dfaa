"""Balances of live engagements, and closing months: in order, only past ones, for good."""

import datetime
from decimal import Decimal

import pytest

from engagements import balances, lifecycle, periods, timesheet
from engagements.models import Burst, Engagement, Period, Stage
from practice.models import Event
from practice.refusals import Refusal
from tests import make
from tests.engagements import build
from tests.engagements.test_time_entries import billed, paused
from tests.make import NOW

D = Decimal


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


def noted(engagement, by, on, minutes, *, at=NOW, **more):
    return timesheet.note(
        engagement, worked_on=day(on), minutes=minutes, hat="CTO", by=by, at=at, **more
    )


def code(call) -> str:
    with pytest.raises(Refusal) as no:
        call()
    return no.value.code


def told(months):
    return [
        (f"{m.starts_on:%Y-%m}", m.unit, m.allowance, m.rolled_in, m.used, m.left, m.over, m.locked)
        for m in months
    ]


ROLLING = {"rollover_cap": "1.00", "rollover_months": 2}


def test_a_balance_has_every_month_from_the_first_stage_to_today(cast, ada):
    work = build.engagement(cast, terms=ROLLING)
    noted(work, ada, "2026-01-12", 1000)
    noted(work, ada, "2026-02-12", 300)
    noted(work, ada, "2026-02-13", 60, billable=False)

    assert told(balances.of(work, at=NOW)) == [
        # 4 days of 480 = 1,920
        ("2026-01", "minutes", D(1920), D(0), D(1000), D(920), D(0), False),
        ("2026-02", "minutes", D(1920), D(480), D(300), D(2100), D(0), False),
        ("2026-03", "minutes", D(1920), D(480), D(0), D(2400), D(0), False),
    ]


def test_a_closed_month_stays_whatever_the_rows_say_later(cast, ada):
    work = build.engagement(cast, terms=ROLLING)
    noted(work, ada, "2026-01-12", 1000)
    before = balances.of(work, at=NOW)

    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)
    Stage.objects.update(allowance="8.00")
    noted(work, ada, "2026-01-13", 200)

    after = balances.of(work, at=NOW)
    assert told(after)[0] == (*told(before)[0][:-1], True)
    assert after[0].carried == before[0].carried
    # the late 200 count in February, whose terms are the new ones: 8 × 480
    assert told(after)[1] == ("2026-02", "minutes", D(3840), D(480), D(200), D(4120), D(0), False)


def test_a_change_of_unit_in_mid_month_freezes_both_accounts(cast, ada):
    work = build.engagement(cast, terms={"allowance": "31", "allowance_unit": "hours"})
    Stage.objects.update(until_on=day("2026-01-11"))
    build.stage(work, since_on=day("2026-01-11"), allowance="3100.00", allowance_unit="money")
    noted(work, ada, "2026-01-05", 100)
    noted(work, ada, "2026-01-20", 100)

    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)

    rows = Period.objects.order_by("unit").values_list(
        "unit", "currency", "allowance", "used", "left", "commercial"
    )
    # 10/31 of 1,860 = 600; 21/31 of 3,100 = 2,100, of which 100 min at 250 an hour take 416.67
    assert list(rows) == [
        ("minutes", "", D(600), D(100), D(500), False),
        ("money", "EUR", D(2100), D("416.67"), D("1683.33"), True),
    ]


def test_pauses_and_bursts_are_read(cast, ada):
    work = build.engagement(cast, terms={"allowance": "28", "allowance_unit": "hours"})
    paused(work, "2026-02-08", "2026-02-15")
    Burst.objects.create(
        practice_id=work.practice_id,
        client_id=work.client_id,
        engagement=work,
        since_on=day("2026-02-15"),
        until_on=day("2026-02-22"),
        cause="product",
        extra="8",
        unit="hours",
        created_at=NOW,
    )

    months = balances.of(work, at=NOW)

    # 21/28 of 1,680 = 1,260, and 7/28 of 480 = 120
    assert months[1].allowance == D(1380)


def test_months_are_closed_in_order_and_once(cast, ada):
    work = build.engagement(cast)

    assert (
        code(lambda: periods.lock(work, month=day("2026-02-01"), by=ada, at=NOW))
        == "months_in_order"
    )
    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)
    assert code(lambda: periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)) == "taken"
    periods.lock(work, month=day("2026-02-01"), by=ada, at=NOW)
    assert (
        code(lambda: periods.lock(work, month=day("2026-03-01"), by=ada, at=NOW))
        == "month_not_over"
    )
    assert code(lambda: periods.lock(work, month=day("2026-03-02"), by=ada, at=NOW)) == "invalid"


@pytest.mark.parametrize(
    ("zone", "too_early", "in_time"),
    [
        # Summer time has begun in Lisbon on 29 March: its April begins at 23:00 UTC.
        ("Europe/Lisbon", "2026-03-31 22:59", "2026-03-31 23:00"),
        ("America/New_York", "2026-04-01 03:59", "2026-04-01 04:00"),
        ("Pacific/Auckland", "2026-03-31 10:59", "2026-03-31 11:00"),
    ],
)
def test_a_quarter_ends_at_midnight_where_the_client_is_clock_change_or_not(
    cast, ada, zone, too_early, in_time
):
    cast.orchard.time_zone = zone
    cast.orchard.save(update_fields=["time_zone"])
    work = build.engagement(cast, starts_on=day("2026-03-01"))

    assert (
        code(lambda: periods.lock(work, month=day("2026-03-01"), by=ada, at=moment(too_early)))
        == "month_not_over"
    )
    row = periods.lock(work, month=day("2026-03-01"), by=ada, at=moment(in_time))
    assert (row.allowance, row.left) == (D(1920), D(1920))


def test_a_client_who_moves_to_another_zone_keeps_every_figure_and_only_today_moves(cast, ada):
    work = build.engagement(cast, terms=ROLLING)
    noted(work, ada, "2026-01-31", 1000)
    at = moment("2026-03-01 02:00")
    in_lisbon = balances.of(work, at=at)

    cast.orchard.time_zone = "America/Los_Angeles"
    cast.orchard.save(update_fields=["time_zone"])
    in_los_angeles = balances.of(work, at=at)

    # It is still February there: two months instead of three, the same to the minute.
    assert [f"{m.starts_on:%m}" for m in in_lisbon] == ["01", "02", "03"]
    assert in_los_angeles == in_lisbon[:2]
    periods.lock(work, month=day("2026-01-01"), by=ada, at=at)
    assert (
        code(lambda: periods.lock(work, month=day("2026-02-01"), by=ada, at=at)) == "month_not_over"
    )


def test_an_engagement_without_an_allowance_has_no_balance_and_its_months_close(cast, ada):
    work = build.engagement(cast, terms={"allowance_unit": "none", "allowance": "0"})

    assert balances.of(work, at=NOW) == []
    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)
    assert noted(work, ada, "2026-01-05", 5).booked_on == day("2026-02-01")


def test_the_newest_closed_month_opens_again_with_a_reason(cast, ada):
    work = build.engagement(cast)
    first = periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)
    second = periods.lock(work, month=day("2026-02-01"), by=ada, at=NOW)

    assert code(lambda: periods.unlock(first, reason="Wrong", by=ada, at=NOW)) == "month_not_newest"
    assert code(lambda: periods.unlock(second, reason=" ", by=ada, at=NOW)) == "invalid"
    periods.unlock(second, reason="A day was missing.", by=ada, at=NOW)

    assert list(Period.objects.values_list("starts_on", flat=True)) == [day("2026-01-01")]
    event = Event.objects.get(kind="engagement.month_opened")
    assert event.after == {"month": "2026-02-01", "reason": "A day was missing."}


def test_a_month_of_which_something_was_billed_stays_closed(cast, ada):
    work = build.engagement(cast)
    entry = noted(work, ada, "2026-02-10", 60)
    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)
    row = periods.lock(work, month=day("2026-02-01"), by=ada, at=NOW)
    billed(entry)

    assert code(lambda: periods.unlock(row, reason="Wrong", by=ada, at=NOW)) == "billed"


def test_associates_close_nothing_and_finance_does(cast):
    work = build.engagement(cast)
    make.assignment(cast.ben, cast.orchard)

    assert (
        code(lambda: periods.lock(work, month=day("2026-01-01"), by=make.actor(cast.ben), at=NOW))
        == "not_allowed"
    )
    assert (
        periods.lock(work, month=day("2026-01-01"), by=make.actor(cast.fin), at=NOW).locked_at
        == NOW
    )


def test_before_the_first_stage_there_is_nothing_to_close(cast, ada):
    work = build.engagement(cast, status="proposed")

    assert (
        code(lambda: periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)) == "not_running"
    )


def test_an_ended_engagement_has_no_months_after_its_end(cast):
    work = build.engagement(cast, status="ended", ended_on=day("2026-01-31"))
    Stage.objects.update(until_on=day("2026-02-01"))

    assert [m.starts_on for m in balances.of(work, at=NOW)] == [day("2026-01-01")]


def test_closing_a_month_after_the_end_drops_nothing_of_what_was_carried(cast, ada):
    work = build.engagement(cast, terms=ROLLING)
    noted(work, ada, "2026-01-12", 1000)
    lifecycle.end(work, reason="Done.", on=day("2026-02-01"), by=ada, at=NOW)

    for month in ("2026-01-01", "2026-02-01"):
        periods.lock(work, month=day(month), by=ada, at=NOW)

    assert told(balances.of(work, at=NOW)) == [
        # A day of 480 minutes rolls over, for late time to use until the end of March.
        ("2026-01", "minutes", D(1920), D(0), D(1000), D(920), D(0), True),
        ("2026-02", "minutes", D(0), D(480), D(0), D(480), D(0), True),
    ]


def test_many_balances_take_as_many_statements_as_one(cast, django_assert_num_queries):
    for n in range(3):
        work = build.engagement(cast, name=f"Work {n}")

    with django_assert_num_queries(8):
        many = balances.of_many(Engagement.objects.all(), at=NOW)
    with django_assert_num_queries(8):
        balances.of(work, at=NOW)
    assert len(many) == 3
