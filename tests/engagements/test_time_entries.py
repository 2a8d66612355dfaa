"""Noting time: whose, when, under which hat; and what can no longer change."""

import datetime
import uuid

import pytest

from engagements import expenses, periods, timesheet
from engagements.models import BillingBatch, BillingLine, Pause, TimeEntry
from practice import access, rows
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, NotFound, Refusal
from tests import make
from tests.engagements import build
from tests.make import NOW

FEB = datetime.date(2026, 2, 1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def work(cast):
    return build.engagement(cast)


@pytest.fixture
def ada(cast):
    return make.actor(cast.ada)


def noted(engagement, by, on="2026-02-10", **more):
    given = {"worked_on": day(on), "minutes": 90, "hat": "CTO", **more}
    return timesheet.note(engagement, by=by, at=more.pop("at", NOW), **given)


def refused(call) -> tuple[str, list[str]]:
    with pytest.raises(Refusal) as no:
        call()
    return no.value.code, sorted(getattr(no.value, "errors", {}) or {})


def paused(engagement, since, until=None):
    row = Pause(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        since_on=day(since),
        until_on=day(until) if until else None,
        reason="Budget.",
    )
    by = access.system(engagement.practice_id)
    return rows.add(row, by=by, at=NOW, kind="engagement.paused")


def billed(entry):
    of = {"practice_id": entry.practice_id, "client_id": entry.client_id}
    batch = BillingBatch.objects.create(
        **of, number=1, from_on=FEB, until_on=day("2026-03-01"), created_at=NOW
    )
    line = BillingLine.objects.create(
        **of,
        engagement=entry.engagement,
        batch=batch,
        key="x",
        kind="time",
        what="Time",
        from_on=FEB,
        until_on=day("2026-03-01"),
        quantity=1,
        unit="h",
        unit_price=1,
        amount=1,
        created_at=NOW,
    )
    type(entry).objects.filter(pk=entry.pk).update(line=line)
    return line


def test_time_is_noted_for_the_one_who_acts_and_counts_on_its_day(work, ada, cast):
    entry = noted(work, ada, note="Roadmap")

    assert (entry.member, entry.minutes, entry.hat, entry.booked_on) == (
        cast.ada,
        90,
        "CTO",
        day("2026-02-10"),
    )
    assert Event.objects.filter(kind="time.noted", subject_id=entry.pk).count() == 1


def test_with_no_hat_it_is_joint(work, ada):
    assert noted(work, ada, hat="").hat == ""


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"hat": "CIO"}, "hat"),
        ({"hat": "COO"}, "hat"),
        ({"on": "2025-12-31"}, "worked_on"),
        ({"on": "2026-03-03"}, "worked_on"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"link_kind": "moon", "link_id": uuid.uuid4()}, "link_kind"),
        ({"link_id": uuid.uuid4()}, "link_kind"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(work, ada, how, field):
    assert refused(lambda: noted(work, ada, **how)) == ("invalid", [field])


def test_a_day_in_a_pause_is_refused_and_the_day_work_goes_on_is_not(work, ada):
    paused(work, "2026-02-09", "2026-02-12")

    assert refused(lambda: noted(work, ada, on="2026-02-09"))[0] == "paused_then"
    assert refused(lambda: noted(work, ada, on="2026-02-11"))[0] == "paused_then"
    assert noted(work, ada, on="2026-02-12").worked_on == day("2026-02-12")


@pytest.mark.parametrize("status", ["draft", "proposed"])
def test_nothing_is_noted_before_the_engagement_is_active(cast, ada, status):
    assert refused(lambda: noted(build.engagement(cast, status=status), ada))[0] == "not_running"


def test_after_the_end_days_before_it_can_still_be_noted(cast, ada):
    work = build.engagement(cast, status="ended", ended_on=day("2026-02-15"))

    assert noted(work, ada, on="2026-02-15").minutes == 90
    assert refused(lambda: noted(work, ada, on="2026-02-16")) == ("invalid", ["worked_on"])


def test_today_is_where_the_client_is(cast, ada):
    cast.orchard.time_zone = "Pacific/Auckland"
    cast.orchard.save(update_fields=["time_zone"])
    work = build.engagement(cast)
    evening = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.UTC)

    entry = timesheet.note(
        work, worked_on=day("2026-03-03"), minutes=5, hat="CTO", by=ada, at=evening
    )

    assert entry.worked_on == day("2026-03-03")


def test_an_associate_notes_their_own_time_and_nobody_elses(cast, work, ada):
    make.assignment(cast.ben, cast.orchard)
    ben = make.actor(cast.ben)
    adas = noted(work, ada)

    assert noted(work, ben).member == cast.ben
    for call in (
        lambda: noted(work, ben, member=cast.ada),
        lambda: timesheet.change(adas, minutes=1, by=ben, at=NOW),
        lambda: timesheet.remove(adas, by=ben, at=NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert noted(work, ada, member=cast.ben).member == cast.ben


def test_somebody_without_an_assignment_finds_no_engagement(cast, work):
    with pytest.raises(NotFound):
        noted(work, make.actor(cast.ben))


def test_the_member_must_work_for_the_client(cast, work, ada):
    assert refused(lambda: noted(work, ada, member=cast.ben)) == ("invalid", ["member"])


@pytest.mark.parametrize("who", ["fin", "priya"])
def test_finance_and_clients_note_no_time(cast, work, who):
    with pytest.raises(NotAllowed):
        noted(work, make.actor(getattr(cast, who)))


def test_late_time_counts_in_the_earliest_open_month(work, ada):
    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)

    entry = noted(work, ada, on="2026-01-20")

    assert (entry.worked_on, entry.booked_on) == (day("2026-01-20"), FEB)


def test_in_a_closed_month_nothing_changes_or_goes(work, ada):
    entry = noted(work, ada, on="2026-01-20")
    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)

    assert refused(lambda: timesheet.change(entry, minutes=1, by=ada, at=NOW))[0] == "month_closed"
    assert refused(lambda: timesheet.remove(entry, by=ada, at=NOW))[0] == "month_closed"


def test_what_is_billed_stands(work, ada):
    entry = noted(work, ada)
    billed(entry)

    assert refused(lambda: timesheet.change(entry, note="x", by=ada, at=NOW))[0] == "billed"
    assert refused(lambda: timesheet.remove(entry, by=ada, at=NOW))[0] == "billed"


def test_a_correction_moves_the_day_by_which_it_counts(work, ada):
    entry = noted(work, ada)

    changed = timesheet.change(
        entry, worked_on=day("2026-02-11"), minutes=30, hat="CAIO", by=ada, at=NOW, expected=1
    )

    assert (changed.booked_on, changed.minutes, changed.hat, changed.version) == (
        day("2026-02-11"),
        30,
        "CAIO",
        2,
    )


def test_a_correction_keeps_to_the_same_rules(work, ada):
    entry = noted(work, ada)

    assert refused(lambda: timesheet.change(entry, hat="CIO", by=ada, at=NOW)) == (
        "invalid",
        ["hat"],
    )
    assert refused(
        lambda: timesheet.change(entry, worked_on=day("2026-04-01"), by=ada, at=NOW)
    ) == (
        "invalid",
        ["worked_on"],
    )


def test_the_same_row_of_a_file_comes_once(work, ada):
    noted(work, ada, external_id="toggl:1")

    assert refused(lambda: noted(work, ada, external_id="toggl:1")) == ("taken", ["external_id"])


def test_time_can_be_for_a_thing_of_a_kind_that_was_contributed(work, ada, monkeypatch):
    thing = uuid.uuid4()
    monkeypatch.setitem(
        timesheet.LINKS._entries,
        "plan",
        timesheet.Link("Plan", lambda by, of, id: "The plan" if id == thing else None),
    )

    assert noted(work, ada, link_kind="plan", link_id=thing).link_id == thing
    assert refused(lambda: noted(work, ada, link_kind="plan", link_id=uuid.uuid4())) == (
        "invalid",
        ["link_id"],
    )


def test_what_was_noted_by_mistake_goes(work, ada):
    timesheet.remove(noted(work, ada), by=ada, at=NOW)

    assert TimeEntry.objects.count() == 0
    assert Event.objects.filter(kind="time.removed").count() == 1


# Expenses.


def spent(engagement, by, **more):
    given = {"spent_on": day("2026-02-10"), "amount": "120.50", "what": "Train", **more}
    return expenses.note(engagement, by=by, at=NOW, **{**given, "amount": _money(given["amount"])})


def _money(text):
    from decimal import Decimal

    return Decimal(text)


def test_an_expense_is_in_the_clients_currency_unless_said_otherwise(work, ada, cast):
    assert spent(work, ada).currency == "EUR"
    assert spent(work, ada, currency="USD").currency == "USD"


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"what": " "}, "what"),
        ({"spent_on": day("2026-03-03")}, "spent_on"),
        ({"against_allowance": True}, "against_allowance"),
        ({"currency": "euro"}, "currency"),
    ],
)
def test_an_expense_that_cannot_be_is_named_by_its_field(work, ada, how, field):
    assert refused(lambda: spent(work, ada, **how)) == ("invalid", [field])


def test_an_expense_counts_against_an_allowance_of_money_in_its_currency(cast, ada):
    work = build.engagement(cast, terms={"allowance_unit": "money", "allowance": "9000"})

    assert spent(work, ada, against_allowance=True).against_allowance
    assert refused(lambda: spent(work, ada, against_allowance=True, currency="USD")) == (
        "invalid",
        ["against_allowance"],
    )


def test_an_expense_in_a_pause_is_taken_and_in_a_closed_month_it_stands(work, ada):
    paused(work, "2026-01-05", "2026-01-09")
    expense = spent(work, ada, spent_on=day("2026-01-06"))
    periods.lock(work, month=day("2026-01-01"), by=ada, at=NOW)

    assert (
        refused(lambda: expenses.change(expense, what="Bus", by=ada, at=NOW))[0] == "month_closed"
    )
    assert refused(lambda: expenses.remove(expense, by=ada, at=NOW))[0] == "month_closed"
    assert spent(work, ada, spent_on=day("2026-01-06")).booked_on == FEB


def test_an_expense_is_corrected_and_removed(work, ada):
    expense = expenses.change(spent(work, ada), what="Bus", by=ada, at=NOW, expected=1)
    assert expense.what == "Bus"

    expenses.remove(expense, by=ada, at=NOW)
    assert refused(lambda: expenses.remove(expense, by=ada, at=NOW))[0] == "not_found"


def test_an_expense_cannot_be_corrected_into_one_that_cannot_be(work, ada):
    expense = spent(work, ada)
    with pytest.raises(Invalid):
        expenses.change(expense, against_allowance=True, by=ada, at=NOW)
