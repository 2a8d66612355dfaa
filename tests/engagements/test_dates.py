"""The dates an engagement owes: planned by its verbs, moved along with its course, cancelled with its end."""

import datetime
from decimal import Decimal

import pytest

from engagements import bursts, dates, lifecycle, moves
from practice import clients
from practice.models import AgendaEntry
from practice.refusals import Conflict, Invalid
from tests import make
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


def planned(cast, **details):
    engagement = build.engagement(cast, **details)
    return again(cast, engagement)


def again(cast, engagement, at=NOW):
    number = str(engagement.version)
    return lifecycle.change(engagement, po_number=number, by=make.actor(cast.ada), at=at)


def open_dates(*kinds):
    entries = AgendaEntry.objects.filter(kind__in=kinds, status="open").order_by("due_at")
    return [(entry.kind, entry.period, entry.due_at.date()) for entry in entries]


def on(month, day, year=2026):
    return datetime.date(year, month, day)


def test_a_retainer_is_reviewed_at_the_end_of_every_fiscal_quarter_after_its_first_phase(cast):
    clients.change(cast.orchard, fiscal_year_start=2, by=make.actor(cast.olu), at=NOW)
    engagement = planned(cast)
    # Quarters end with April and July here; day 90 is 1 April.
    assert open_dates("strategy_review") == [
        ("strategy_review", "FY2027Q1", on(4, 30)),
        ("strategy_review", "FY2027Q2", on(7, 31)),
    ]
    build.tick(datetime.datetime(2026, 7, 31, 23, 0, tzinfo=datetime.UTC))
    again(cast, engagement, at=datetime.datetime(2026, 8, 1, 9, tzinfo=datetime.UTC))
    # What nobody has settled stays.
    assert [period for _, period, _ in open_dates("strategy_review")] == [
        "FY2027Q1",
        "FY2027Q2",
        "FY2027Q3",
        "FY2027Q4",
    ]


def test_the_review_after_next_is_planned_by_the_clock(cast):
    planned(cast)
    build.tick(datetime.datetime(2026, 6, 30, 23, 0, tzinfo=datetime.UTC))
    build.tick(datetime.datetime(2026, 9, 30, 23, 0, tzinfo=datetime.UTC))
    assert [period for _, period, _ in open_dates("strategy_review")] == [
        "FY2026Q2",
        "FY2026Q3",
        "FY2026Q4",
        "FY2027Q1",
    ]


def test_days_counted_from_the_first_are_milestones_where_they_apply(cast):
    planned(cast, starts_on=on(2, 20), eu_milestones=True)
    assert open_dates("eu_milestone", "split_check") == [
        ("eu_milestone", "day_30", on(3, 22)),
        ("split_check", "day_45", on(4, 6)),
        ("eu_milestone", "day_60", on(4, 21)),
        ("split_check", "day_80", on(5, 11)),
        ("eu_milestone", "day_90", on(5, 21)),
    ]


def test_what_lay_in_the_past_when_it_was_first_heard_of_is_not_planned(cast):
    planned(cast, eu_milestones=True)
    # Day 30 was on 31 January, and day 45 on 15 February.
    assert [period for _, period, _ in open_dates("eu_milestone", "split_check")] == [
        "day_60",
        "day_80",
        "day_90",
    ]


def test_two_people_need_no_check_of_the_split(cast):
    planned(cast, hats={"CAIO": 100})
    assert open_dates("split_check") == []


def test_the_curve_is_looked_at_after_month_three_and_twelve(cast):
    planned(cast, curve="smb_hours")
    assert open_dates("intensity_review") == [
        ("intensity_review", "2026-01-01/3", on(3, 31)),
        ("intensity_review", "2026-01-01/12", on(12, 31)),
    ]


def test_a_retainers_end_is_told_ninety_sixty_and_thirty_days_before(cast, mailoutbox):
    planned(cast, terms={"planned_end_on": on(12, 31), "notice_days": 60})
    assert open_dates("retainer_end", "retainer_notice") == [
        ("retainer_notice", "2026-12-31", on(11, 1)),
        ("retainer_end", "2026-12-31", on(12, 31)),
    ]
    for month, day in ((10, 2), (10, 3), (11, 1), (11, 2), (12, 1), (12, 2)):
        build.tick(datetime.datetime(2026, month, day, 0, 0, tzinfo=datetime.UTC))
    told = [m.subject for m in mailoutbox if m.subject.startswith("Coming up")]
    assert told == ["Coming up: Retainer ends: Two hats"] * 3


@pytest.mark.parametrize(
    ("sprint", "last"),
    [("4w", on(3, 30)), ("6w", on(4, 13)), ("8w", on(4, 27)), ("90d", on(5, 31))],
)
def test_a_sprint_ends_with_its_length(cast, sprint, last):
    planned(cast, point="SPRINT", starts_on=on(3, 2), terms={"sprint": sprint})
    assert open_dates("sprint_end") == [("sprint_end", "2026-03-02", last)]


def test_a_pause_moves_what_is_counted_and_leaves_what_was_agreed(cast):
    engagement = planned(
        cast, starts_on=on(3, 2), eu_milestones=True, terms={"planned_end_on": on(9, 30)}
    )
    days = {"since_on": on(3, 10), "until_on": on(3, 20)}
    lifecycle.pause(engagement, reason="x", by=make.actor(cast.ada), at=NOW, **days)
    assert open_dates("eu_milestone", "retainer_end") == [
        ("eu_milestone", "day_30", on(4, 11)),
        ("eu_milestone", "day_60", on(5, 11)),
        ("eu_milestone", "day_90", on(6, 10)),
        ("retainer_end", "2026-09-30", on(9, 30)),
    ]


def test_another_stage_drops_the_dates_of_the_former(cast):
    engagement = planned(cast, curve="smb_hours", terms={"planned_end_on": on(9, 30)})
    by = make.actor(cast.ada)
    told = {"to_point": "ADVISORY", "fee_model": "per_day", "reason": "Less"}
    move = moves.propose(engagement, effective_on=NOW.date(), by=by, at=NOW, **told)
    moves.agree(move, by=make.actor(cast.priya), at=NOW)
    gone = ("phase_end", "phase_turn", "strategy_review", "intensity_review", "retainer_end")
    assert open_dates(*gone) == []


def test_a_settled_date_stays_settled(cast):
    engagement, by = planned(cast), make.actor(cast.ada)
    dates.settle(engagement, kind="strategy_review", period="FY2026Q2", by=by, at=NOW)
    again(cast, engagement)
    assert [period for _, period, _ in open_dates("strategy_review")] == []
    with pytest.raises(Conflict) as refused:
        dates.settle(engagement, kind="strategy_review", period="FY2026Q2", by=by, at=NOW)
    with pytest.raises(Invalid):
        dates.settle(engagement, kind="phase_turn", by=by, at=NOW)
    assert refused.value.code == "nothing_due"


def test_planning_again_changes_nothing(cast):
    engagement = planned(cast, eu_milestones=True, curve="smb_hours")
    before = list(AgendaEntry.objects.order_by("id").values())
    again(cast, engagement)
    assert list(AgendaEntry.objects.order_by("id").values()) == before


def burst(cast, engagement, since, until, at=NOW, **told):
    told = {"cause": "acquisition", "extra": Decimal(2)} | told
    by = make.actor(cast.ada)
    return bursts.plan(engagement, since_on=since, until_on=until, by=by, at=at, **told)


def test_a_burst_ends_on_the_agenda_and_overlaps_no_other(cast):
    engagement = planned(cast)
    first = burst(cast, engagement, on(4, 1), on(5, 16))
    assert open_dates("burst_end") == [("burst_end", "2026-04-01", on(5, 15))]
    with pytest.raises(Conflict) as refused:
        burst(cast, engagement, on(5, 15), on(6, 1))
    burst(cast, engagement, on(5, 16), on(6, 1))
    by = make.actor(cast.ada)
    with pytest.raises(Conflict) as longer:
        bursts.change(first, until_on=on(5, 17), by=by, at=NOW)
    bursts.change(first, until_on=on(5, 2), by=by, at=NOW)
    assert open_dates("burst_end") == [
        ("burst_end", "2026-04-01", on(5, 1)),
        ("burst_end", "2026-05-16", on(5, 31)),
    ]
    bursts.cancel(first, by=by, at=NOW)
    assert len(open_dates("burst_end")) == 1
    assert {refused.value.code, longer.value.code} == {"burst_overlaps"}


@pytest.mark.parametrize(
    ("told", "field"),
    [({"extra": Decimal(0)}, "extra"), ({"until": on(4, 1)}, "until_on")],
)
def test_a_burst_is_more_for_a_while(cast, told, field):
    with pytest.raises(Invalid) as refused:
        burst(cast, planned(cast), on(4, 1), told.pop("until", on(5, 1)), **told)
    assert list(refused.value.errors) == [field]


def test_a_burst_needs_an_allowance_to_come_on_top_of(cast):
    engagement = planned(cast, terms={"allowance": "0", "allowance_unit": "none"})
    with pytest.raises(Conflict) as refused:
        burst(cast, engagement, on(4, 1), on(5, 1))
    assert refused.value.code == "no_allowance"


def test_no_burst_in_a_closed_month(cast):
    engagement = planned(cast)
    build.closed_month(engagement, on(3, 1))
    with pytest.raises(Conflict) as refused:
        burst(cast, engagement, on(3, 10), on(5, 1))
    assert refused.value.code == "month_closed"
