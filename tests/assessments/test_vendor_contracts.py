"""Vendors and contracts: the dates they owe, in the client's zone; notice, renewal, the turn of a term; reviews."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from assessments import vendor_contracts, vendors
from assessments.models import Vendor, VendorContract
from practice import agenda, clients, clockwork, notices
from practice.models import AgendaEntry
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.assessments import estate
from tests.assessments.estate import entries

DAY = datetime.timedelta(days=1)
CONTRACT = ("vendor_contract", "vendor_notice", "vendor_contract_turn")
ON = datetime.date


def acts(who, at=make.NOW):
    return {"by": make.actor(who), "at": at}


def contract(cast, **details):
    return estate.contract(estate.vendor(cast.orchard), **details)


def test_a_contract_puts_its_renewal_its_notice_and_its_turn_on_the_agenda(cast):
    contract(cast, renews_on=ON(2026, 12, 31), notice_days=90, auto_renew=True)
    assert entries(*CONTRACT) == [
        ("vendor_notice", "2026-10-02", "open"),
        ("vendor_contract_turn", "2026-12-31", "open"),
        ("vendor_contract", "2026-12-31", "open"),
    ]


def test_its_days_end_where_the_client_is(cast):
    client = make.client(cast.olu, "West", time_zone="America/New_York")
    estate.contract(estate.vendor(client), renews_on=ON(2026, 12, 31), notice_days=1)
    due = AgendaEntry.objects.get(kind="vendor_contract")
    assert (due.due_at, due.time_zone) == (
        datetime.datetime(2027, 1, 1, 4, 59, tzinfo=datetime.UTC),
        "America/New_York",
    )


def test_without_a_fixed_term_a_contract_comes_up_once_a_year(cast):
    contract(cast, starts_on=ON(2024, 5, 20))
    assert entries("vendor_contract", "vendor_notice") == [
        ("vendor_contract", "2026-05-20", "open")
    ]


def test_a_term_of_several_years_comes_up_each_year_before_it_renews(cast):
    row = contract(cast, starts_on=ON(2026, 1, 1), renews_on=ON(2028, 1, 1), notice_days=30)
    assert entries("vendor_contract") == [("vendor_contract", "2027-01-01", "open")]
    _tick(ON(2027, 1, 2))
    assert entries("vendor_contract") == [
        ("vendor_contract", "2027-01-01", "open"),
        ("vendor_contract", "2028-01-01", "open"),
    ]
    row.refresh_from_db()
    assert (row.renews_on, row.ended_on) == (ON(2028, 1, 1), None)


def test_moved_dates_move_their_entries(cast):
    row = contract(cast, renews_on=ON(2026, 9, 1), notice_days=30)
    vendor_contracts.change(row, renews_on=ON(2026, 10, 1), **acts(cast.ada))
    assert entries("vendor_notice", "vendor_contract") == [
        ("vendor_notice", "2026-08-02", "cancelled"),
        ("vendor_contract", "2026-09-01", "cancelled"),
        ("vendor_notice", "2026-09-01", "open"),
        ("vendor_contract", "2026-10-01", "open"),
    ]


def test_notice_settles_its_day_and_the_contract_runs_out_with_its_term(cast):
    row = contract(cast, renews_on=ON(2026, 9, 1), notice_days=30, auto_renew=True)
    vendor_contracts.give_notice(row, **acts(cast.ada))
    assert entries("vendor_notice") == [("vendor_notice", "2026-08-02", "done")]
    _tick(ON(2026, 9, 1))
    row.refresh_from_db()
    assert (row.ended_on, row.renews_on) == (ON(2026, 8, 31), ON(2026, 9, 1))
    assert {status for _, _, status in entries(*CONTRACT)} == {"done", "cancelled"}


def test_notice_is_given_once(cast):
    row = contract(cast, renews_on=ON(2026, 9, 1), auto_renew=True)
    vendor_contracts.give_notice(row, **acts(cast.ada))
    with pytest.raises(vendor_contracts.NoticeGiven):
        vendor_contracts.give_notice(row, **acts(cast.ada))


def test_what_renews_by_itself_has_renewed_on_its_day_once_however_often_the_clock_calls(cast):
    row = contract(
        cast, renews_on=ON(2026, 8, 31), notice_days=30, auto_renew=True, renewal_months=6
    )
    for _ in range(2):
        _tick(ON(2026, 8, 31))
    row.refresh_from_db()
    # The term that follows ends with February, which has no 31st.
    assert (row.renews_on, row.notice_on, row.version) == (ON(2027, 2, 28), ON(2027, 1, 29), 2)
    assert entries("vendor_contract", "vendor_notice") == [
        ("vendor_notice", "2026-08-01", "cancelled"),
        # Nobody has said that they looked at it.
        ("vendor_contract", "2026-08-31", "open"),
        ("vendor_contract", "2027-01-01", "open"),
        ("vendor_notice", "2027-01-29", "open"),
    ]


def test_a_term_that_passed_while_nobody_looked_catches_up(cast):
    row = contract(
        cast, starts_on=ON(2023, 1, 1), renews_on=ON(2024, 1, 1), auto_renew=True, notice_days=30
    )
    _tick(make.NOW.date())
    row.refresh_from_db()
    assert row.renews_on == ON(2027, 1, 1)


def test_renewing_by_hand_settles_the_look_and_takes_notice_back(cast):
    row = contract(cast, renews_on=ON(2026, 9, 1), notice_days=30, auto_renew=True)
    vendor_contracts.give_notice(row, **acts(cast.ada))
    row = vendor_contracts.renew(row, **acts(cast.ada))
    assert (row.renews_on, row.notice_given_on) == (ON(2027, 9, 1), None)
    assert entries("vendor_contract", "vendor_notice") == [
        ("vendor_notice", "2026-08-02", "done"),
        ("vendor_contract", "2026-09-01", "done"),
        ("vendor_contract", "2027-01-01", "open"),
        ("vendor_notice", "2027-08-02", "open"),
    ]


def test_what_is_over_owes_nothing_and_changes_no_more(cast):
    row = contract(cast, renews_on=ON(2026, 9, 1), notice_days=30)
    row = vendor_contracts.end(row, **acts(cast.ada))
    assert {status for _, _, status in entries(*CONTRACT)} == {"done"}
    with pytest.raises(vendor_contracts.ContractOver):
        vendor_contracts.renew(row, **acts(cast.ada))


def test_without_a_term_there_is_nothing_to_renew_or_give_notice_of(cast):
    row = contract(cast)
    for verb in (vendor_contracts.renew, vendor_contracts.give_notice):
        with pytest.raises(vendor_contracts.NothingRenews):
            verb(row, **acts(cast.ada))


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"renews_on": ON(2026, 1, 1)}, "renews_on"),
        ({"auto_renew": True}, "renews_on"),
        ({"starts_on": ON(1999, 1, 1)}, "starts_on"),
        ({"name": " "}, "name"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_field(cast, details, field):
    with pytest.raises(Invalid) as wrong:
        contract(cast, **details)
    assert list(wrong.value.errors) == [field]


def test_who_does_not_see_what_contracts_cost_does_not_set_it(cast):
    make.assignment(cast.ben, cast.orchard)
    vendor, terms = estate.vendor(cast.orchard), {"name": "C", "starts_on": ON(2026, 1, 1)}
    vendor_contracts.add(vendor, **terms, **acts(cast.ben))
    with pytest.raises(NotAllowed):
        vendor_contracts.add(vendor, annual_spend="5.00", **terms, **acts(cast.ben))


def test_the_database_keeps_terms_in_order(cast):
    row = contract(cast, renews_on=ON(2026, 9, 1))
    rows = VendorContract.objects.filter(pk=row.pk)
    for broken in (
        {"renews_on": ON(2025, 1, 1)},
        {"notice_on": ON(2026, 9, 1)},
        {"annual_spend": "-1.00"},
        {"renewal_months": 0},
        {"data_processing": "perhaps"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)


def test_the_letter_says_when_notice_can_still_be_given_and_is_written_once(cast):
    contract(cast, renews_on=ON(2026, 9, 1), notice_days=30, auto_renew=True)
    at = datetime.datetime(2026, 7, 3, 23, 0, tzinfo=datetime.UTC)
    for _ in range(2):
        agenda.fall_due(at)
        notices.drain(clock=lambda: at)
    (letter,) = [m for m in mail.outbox if "notice" in m.subject]
    assert (letter.to, letter.subject) == (
        ["olu@lantern.test"],
        "Last day for notice: Seats, Cloudmind",
    )
    assert "The last day on which notice can be given is 2 August 2026." in letter.body


def test_a_vendor_is_looked_at_anew_every_three_months_unless_its_row_says_otherwise(cast):
    vendor = estate.vendor(cast.orchard)
    assert entries("vendor_review") == [("vendor_review", "after the first day", "open")]
    vendor = vendors.review(vendor, note="Still right", **acts(cast.ada))
    assert vendor.review_on == ON(2026, 6, 2)
    vendor = vendors.change(vendor, review_months=1, **acts(cast.ada))
    assert vendor.review_on == ON(2026, 4, 2)
    assert entries("vendor_review") == [
        ("vendor_review", "after 2026-03-02", "open"),
        ("vendor_review", "after the first day", "done"),
    ]


@pytest.mark.parametrize("months", [0, 4])
def test_other_lengths_between_two_looks_are_not_offered(cast, months):
    with pytest.raises(Invalid):
        estate.vendor(cast.orchard, review_months=months)
    vendor = estate.vendor(cast.orchard)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vendor.objects.filter(pk=vendor.pk).update(review_months=months)


def test_a_look_needs_words_and_a_day_that_has_come(cast):
    vendor = estate.vendor(cast.orchard)
    with pytest.raises(Invalid) as wrong:
        vendors.review(vendor, note=" ", reviewed_on=ON(2026, 3, 3), **acts(cast.ada))
    assert sorted(wrong.value.errors) == ["note", "reviewed_on"]


def test_the_dates_follow_a_client_that_moves(cast):
    contract(cast, renews_on=ON(2026, 9, 1), notice_days=30)
    clients.change(cast.orchard, time_zone="America/New_York", **acts(cast.olu))
    for _ in range(2):
        clockwork.tick(at=make.NOW, clock=lambda: make.NOW)
    kinds = ("vendor_contract", "vendor_notice", "vendor_contract_turn", "vendor_review")
    rows = AgendaEntry.objects.filter(kind__in=kinds).order_by("kind")
    assert [(row.kind, row.time_zone, f"{row.due_at:%m-%d %H:%M}") for row in rows] == [
        ("vendor_contract", "America/New_York", "09-02 03:59"),
        ("vendor_contract_turn", "America/New_York", "09-01 07:00"),
        ("vendor_notice", "America/New_York", "08-03 03:59"),
        ("vendor_review", "America/New_York", "06-03 03:59"),
    ]


def _tick(day):
    at = datetime.datetime.combine(day, datetime.time(12), datetime.UTC)
    agenda.fall_due(at)
    notices.drain(clock=lambda: at)
