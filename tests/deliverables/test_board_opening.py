"""Opening board reports: by the clock thirty days before a quarter ends, once each, whatever happens in between."""

import datetime

import pytest

from deliverables import board_dates, board_opening
from deliverables.models import BoardReport, BoardSection
from engagements import lifecycle, pauses
from practice import clients
from practice.models import AgendaEntry, Event
from practice.refusals import NotAllowed, Taken
from tests import make
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)


def reports(engagement=None):
    rows = BoardReport.objects.order_by("engagement__name", "starts_on", "edition")
    return list(rows.values_list("quarter", "edition"))


def openings():
    found = AgendaEntry.objects.filter(kind="board_opening").order_by("due_at")
    return list(found.values_list("period", "status"))


def day(text):
    """Noon of a day, as a moment."""
    return datetime.datetime.fromisoformat(f"{text}T12:00:00+00:00")


@pytest.fixture
def engagement(cast):
    """Since 1 January: month four begins on 1 April, so the second quarter is the first that is owed."""
    made = build.engagement(cast)
    build.replanned(made)
    return made


def test_the_first_report_is_that_of_the_quarter_in_which_month_four_lies(engagement):
    assert openings() == [("2026-04-01", "open")]
    build.tick(day("2026-05-30"))
    assert reports() == []
    build.tick(day("2026-05-31"))
    assert reports() == [("FY2026Q2", 1)]
    assert openings() == [("2026-04-01", "done"), ("2026-07-01", "open")]
    report = BoardReport.objects.get()
    assert (report.author, report.status, report.by_choice) == (engagement.lead, "draft", False)


def test_it_opens_with_its_three_mandatory_sections_first(engagement):
    build.tick(day("2026-05-31"))
    sections = BoardSection.objects.order_by("place").values_list("key", "mandatory")
    assert list(sections) == [
        ("spend", True),
        ("capability", True),
        ("risk", True),
        ("decisions", False),
        ("obligations", False),
        ("time", False),
    ]


def test_it_is_due_at_the_end_of_the_quarter_where_the_client_is(engagement):
    build.tick(day("2026-05-31"))
    entry = AgendaEntry.objects.get(kind="board_report")
    assert entry.due_at == datetime.datetime(2026, 6, 30, 22, 59, tzinfo=datetime.UTC)
    assert (entry.owner, entry.all_day) == (engagement.lead, True)


def test_ticks_that_run_again_open_nothing_more(engagement):
    for _ in range(3):
        build.tick(day("2026-05-31"))
    build.tick(day("2026-06-20"))
    assert reports() == [("FY2026Q2", 1)]


def test_an_outage_of_a_year_is_caught_up_with_once_each(engagement):
    build.tick(day("2026-03-03"))
    build.tick(day("2027-03-10"))
    build.tick(day("2027-03-11"))
    expected = ["FY2026Q2", "FY2026Q3", "FY2026Q4", "FY2027Q1"]
    assert reports() == [(name, 1) for name in expected]
    assert openings()[-1] == ("2027-04-01", "open")


def test_a_report_may_be_opened_earlier_by_choice_and_once(cast, engagement):
    ada = make.actor(cast.ada)
    report = boarding.opened(cast, engagement)
    assert (report.quarter, report.by_choice) == ("FY2026Q1", True)
    assert report.figures["notes"] == []
    with pytest.raises(Taken):
        board_opening.open_for(engagement, by=ada, at=NOW)
    with pytest.raises(board_opening.NotOfThisEngagement):
        board_opening.open_for(engagement, on=datetime.date(2026, 4, 1), by=ada, at=NOW)
    with pytest.raises(board_opening.NotOfThisEngagement):
        board_opening.open_for(engagement, on=datetime.date(2025, 12, 31), by=ada, at=NOW)


def test_what_was_opened_by_choice_is_not_opened_again_by_the_clock(cast, engagement):
    boarding.opened(cast, engagement, on=datetime.date(2026, 5, 2), at=day("2026-05-02"))
    build.tick(day("2026-05-31"))
    assert reports() == [("FY2026Q2", 1)]
    assert [period for period, status in openings() if status == "open"] == ["2026-07-01"]


def test_only_who_leads_opens_one_by_choice(cast, engagement):
    for actor in (cast.ben, cast.fin, cast.priya, cast.marta):
        with pytest.raises(NotAllowed):
            board_opening.open_for(engagement, by=make.actor(actor), at=NOW)


def test_a_quarter_that_was_paused_throughout_has_no_report(cast, engagement):
    ada = make.actor(cast.ada)
    pauses.pause(
        engagement,
        reason="Budget",
        since_on=datetime.date(2026, 6, 15),
        until_on=datetime.date(2026, 11, 15),
        by=ada,
        at=NOW,
    )
    build.tick(day("2026-06-01"))
    build.tick(day("2026-12-05"))
    assert reports() == [("FY2026Q2", 1), ("FY2026Q4", 1)]
    notes = [one.figures["notes"] for one in BoardReport.objects.order_by("starts_on")]
    said = ["The work was paused from 15 June 2026 to 14 November 2026."]
    assert notes == [said, said]


def test_a_pause_without_an_end_leaves_the_next_open_until_the_work_goes_on(cast, engagement):
    ada = make.actor(cast.ada)
    july = day("2026-07-02")
    build.tick(day("2026-06-01"))
    pauses.pause(engagement, reason="Budget", by=ada, at=july)
    build.tick(day("2026-09-15"))
    assert reports() == [("FY2026Q2", 1), ("FY2026Q3", 1)]
    assert [one for one in openings() if one[1] == "open"] == []
    pauses.resume(engagement, by=ada, at=day("2026-12-20"))
    build.tick(day("2026-12-21"))
    assert reports()[-1] == ("FY2026Q4", 1)


def test_an_engagement_that_ends_opens_no_more_and_the_open_one_says_so(cast, engagement):
    build.tick(day("2026-06-01"))
    ada = make.actor(cast.ada)
    lifecycle.end(engagement, reason="Done", by=ada, at=day("2026-06-10"))
    build.tick(day("2026-09-15"))
    assert reports() == [("FY2026Q2", 1)]
    assert [one for one in openings() if one[1] == "open"] == []
    from deliverables import board_writing

    report = board_writing.refresh(BoardReport.objects.get(), by=ada, at=day("2026-06-11"))
    assert report.figures["notes"] == ["The engagement ended; its last day was 9 June 2026."]


def test_of_the_quarter_of_its_end_a_last_report_is_opened_by_choice(cast, engagement):
    ada = make.actor(cast.ada)
    lifecycle.end(engagement, reason="Done", by=ada, at=day("2026-05-10"))
    report = board_opening.open_for(engagement, by=ada, at=day("2026-05-12"))
    assert report.figures["notes"] == ["The engagement ended; its last day was 9 May 2026."]


def test_a_start_within_the_quarter_is_said(cast):
    engagement = build.engagement(cast, starts_on=datetime.date(2026, 2, 2))
    report = boarding.opened(cast, engagement)
    said = "The work began on 2 February 2026; the quarter is reported from that day on."
    assert report.figures["notes"] == [said]


def test_the_opening_follows_the_clients_fiscal_year_and_zone(cast, engagement):
    clients.change(
        cast.orchard,
        fiscal_year_start=2,
        time_zone="Pacific/Auckland",
        by=make.actor(cast.olu),
        at=NOW,
    )
    build.tick(NOW + datetime.timedelta(minutes=1))
    (entry,) = AgendaEntry.objects.filter(kind="board_opening", status="open")
    # February to April is the first quarter that ends in month four; 31 March is thirty days before its end.
    assert entry.period == "2026-02-01"
    assert entry.due_at == datetime.datetime(2026, 3, 30, 17, 0, tzinfo=datetime.UTC)


def test_the_due_day_of_an_open_report_follows_the_client(cast, engagement):
    boarding.opened(cast, engagement)
    clients.change(cast.orchard, time_zone="Pacific/Auckland", by=make.actor(cast.olu), at=NOW)
    build.tick(NOW + datetime.timedelta(minutes=1))
    entry = AgendaEntry.objects.get(kind="board_report")
    assert entry.due_at == datetime.datetime(2026, 3, 31, 10, 59, tzinfo=datetime.UTC)


def test_opening_is_recorded(engagement):
    build.tick(day("2026-05-31"))
    kinds = Event.objects.filter(kind__startswith="board_").values_list("kind", flat=True)
    assert sorted(kinds) == ["board_report.opened"] + ["board_section.added"] * 6


def test_planning_again_changes_nothing(engagement):
    before = list(AgendaEntry.objects.order_by("id").values())
    board_dates.follow(engagement, by=None, at=NOW)
    assert list(AgendaEntry.objects.order_by("id").values()) == before
