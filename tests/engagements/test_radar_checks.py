"""Each check of the radar that is not on time: one case that fires and one beside it that does not."""

import datetime

import pytest

from engagements import radar_checks, radar_split
from engagements.models import (
    Charter,
    HatShare,
    Move,
    ReportingLine,
    Wearing,
)
from engagements.radar_sight import Sight
from practice.models import Seat
from tests.engagements import build
from tests.engagements.radar_cases import TODAY, add, found, learnt, own, worked
from tests.make import NOW

# FM-04


def test_a_caio_at_an_empty_cto_seat_fires_by_the_fact(cast):
    engagement = build.engagement(cast, hats={"CAIO": 100})
    learnt(cast.orchard, cto_seat="none")
    assert found(radar_checks.no_platform, engagement) == [
        ("", "A CAIO is at work where the CTO seat is empty.")
    ]


def seat(cast, status):
    row = Seat(
        practice_id=cast.practice.pk,
        client=cast.orchard,
        hat="CTO",
        status=status,
        since_on=datetime.date(2026, 1, 1),
    )
    return add(row)


def test_a_caio_at_an_empty_cto_seat_fires_by_the_recorded_seat(cast):
    engagement = build.engagement(cast, hats={"CAIO": 100})
    empty = seat(cast, "none")
    (hit,) = radar_checks.no_platform(Sight([engagement], NOW))
    assert hit.evidence == [
        {"kind": "figure", "id": "CTO seat", "text": "empty, by the recorded seat"},
        {"kind": "seat", "id": str(empty.pk), "text": "CTO seat empty since 1 January 2026"},
    ]


@pytest.mark.parametrize("status", ["filled", "partial"])
def test_the_recorded_seat_speaks_before_the_fact(cast, status):
    engagement = build.engagement(cast, hats={"CAIO": 100})
    learnt(cast.orchard, cto_seat="none")
    seat(cast, status)
    assert found(radar_checks.no_platform, engagement) == []


def test_a_cto_of_ours_fills_the_seat(cast):
    learnt(cast.orchard, cto_seat="none")
    combined = build.engagement(cast)
    caio = build.engagement(cast, hats={"CAIO": 100}, name="CAIO")
    assert found(radar_checks.no_platform, combined, caio) == []


# FM-05


def two(cast, apart: int, member=None):
    engagement = build.engagement(cast)
    Wearing.objects.filter(engagement=engagement, hat="CAIO").update(
        member=member or cast.olu,
        since_on=engagement.starts_on + datetime.timedelta(days=apart),
    )
    return engagement


def test_two_people_within_92_days_without_a_charter_fire(cast):
    engagement = two(cast, 60)
    assert found(radar_checks.two_people, engagement) == [
        ("", "Ada as CTO and Olu as CAIO began 60 days apart, and no charter is accepted.")
    ]


def test_two_people_within_exactly_92_days_fire_and_93_do_not(cast):
    later = datetime.datetime(2026, 6, 1, 9, 0, tzinfo=datetime.UTC)
    engagement = two(cast, 92)
    assert len(found(radar_checks.two_people, engagement, at=later)) == 1
    Wearing.objects.filter(engagement=engagement, hat="CAIO").update(
        since_on=engagement.starts_on + datetime.timedelta(days=93)
    )
    assert found(radar_checks.two_people, engagement, at=later) == []


def test_two_people_with_an_accepted_charter_do_not_fire(cast):
    engagement = two(cast, 10)
    charter = Charter(
        **own(engagement),
        number=1,
        status="accepted",
        sha256="0" * 64,
        accepted_at=NOW,
        accepted_by=cast.priya,
    )
    add(charter)
    assert found(radar_checks.two_people, engagement) == []


def test_one_person_with_both_hats_is_not_two(cast):
    assert found(radar_checks.two_people, two(cast, 10, member=cast.ada)) == []


def test_two_people_in_two_engagements_of_one_client_fire_once(cast):
    cto = build.engagement(cast, hats={"CTO": 100}, name="CTO")
    caio = build.engagement(cast, hats={"CAIO": 100}, lead=cast.olu, name="CAIO")
    elsewhere = build.engagement(cast, client=cast.quarry, hats={"CAIO": 100}, lead=cast.olu)
    hits = list(radar_checks.two_people(Sight([cto, caio, elsewhere], NOW)))
    assert [hit.engagement_id for hit in hits] == [caio.pk]


# FM-15


def advised(cast, minutes, since=datetime.date(2026, 1, 1)):
    engagement = build.engagement(cast, point="ADVISORY", starts_on=since)
    worked(engagement, since, minutes, "CAIO")
    return engagement


def test_three_advisory_days_without_a_proposal_fire(cast):
    assert found(radar_checks.advice_without_owner, advised(cast, 3 * 480)) == [
        ("", "3.0 days of advice in six months, and no retainer was proposed.")
    ]


def test_a_minute_less_than_three_advisory_days_does_not_fire(cast):
    assert found(radar_checks.advice_without_owner, advised(cast, 3 * 480 - 1)) == []


@pytest.mark.parametrize(("since", "fires"), [("2025-09-03", True), ("2025-09-02", False)])
def test_advice_counts_for_six_months(cast, since, fires):
    engagement = advised(cast, 3 * 480, datetime.date.fromisoformat(since))
    assert bool(found(radar_checks.advice_without_owner, engagement)) is fires


def test_time_after_the_advice_is_no_advice(cast):
    engagement = build.engagement(cast, point=None)
    build.stage(
        engagement,
        point="ADVISORY",
        since_on=datetime.date(2026, 1, 1),
        until_on=datetime.date(2026, 2, 1),
    )
    build.stage(engagement, point="SPRINT", since_on=datetime.date(2026, 2, 1))
    worked(engagement, datetime.date(2026, 2, 1), 3 * 480, "CAIO")
    assert found(radar_checks.advice_without_owner, engagement) == []


@pytest.mark.parametrize(
    ("status", "fires"), [("proposed", False), ("declined", False), ("withdrawn", True)]
)
def test_a_proposed_retainer_silences_advice_even_when_it_was_declined(cast, status, fires):
    engagement = advised(cast, 3 * 480)
    move = Move(
        **own(engagement),
        **build.TERMS,
        kind="up",
        to_point="RETAINER",
        effective_on=datetime.date(2026, 4, 1),
        reason="It goes on.",
        status=status,
    )
    add(move)
    assert bool(found(radar_checks.advice_without_owner, engagement)) is fires


# FM-16


def test_a_caio_without_a_reporting_line_fires(cast):
    assert found(radar_checks.no_reporting_line, build.engagement(cast)) == [
        ("", "Ada wears the CAIO hat, and it is not recorded to whom it reports.")
    ]


@pytest.mark.parametrize(
    ("since", "until", "fires"),
    [
        ("2026-01-01", None, False),
        ("2026-03-03", None, True),
        ("2026-01-01", "2026-03-02", True),
    ],
)
def test_the_reporting_line_has_to_be_a_present_one(cast, since, until, fires):
    engagement = build.engagement(cast)
    line = ReportingLine(
        **own(engagement), hat="CAIO", reports_to="CEO", since_on=since, until_on=until
    )
    add(line)
    assert bool(found(radar_checks.no_reporting_line, engagement)) is fires


def test_without_a_caio_no_line_is_missing(cast):
    engagement = build.engagement(cast, hats={"CTO": 100})
    assert found(radar_checks.no_reporting_line, engagement) == []


# FM-17


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"engineers": 100}, "A hundred engineers or more."),
        ({"ai_annual_spend": 2_000_000}, "Two million dollars a year on AI or more."),
        (
            {"ai_customer_critical_path": "yes"},
            "An AI product stands in the customers' critical path.",
        ),
    ],
)
def test_a_client_that_outgrew_one_seat_fires_by_each_limit(cast, facts, says):
    engagement = build.engagement(cast)
    learnt(cast.orchard, **facts)
    assert found(radar_checks.outgrown_seat, engagement) == [
        ("", f"One person wears both hats, and the client has outgrown that by S4: {says}")
    ]


def test_just_under_every_limit_one_seat_is_enough(cast):
    engagement = build.engagement(cast)
    learnt(cast.orchard, engineers=99, ai_annual_spend=1_999_999, ai_customer_critical_path="no")
    assert found(radar_checks.outgrown_seat, engagement) == []


def test_the_practice_says_whose_limits_hold(cast):
    engagement = build.engagement(cast)
    learnt(cast.orchard, engineers=150, ai_annual_spend=5_000_000)
    type(cast.practice).objects.filter(pk=cast.practice.pk).update(policy={"split_lens": "S5"})
    engagement = type(engagement).objects.get(pk=engagement.pk)
    assert found(radar_checks.outgrown_seat, engagement) == []
    learnt(cast.orchard, ai_annual_spend=5_000_001)
    assert found(radar_checks.outgrown_seat, engagement) == [
        (
            "",
            "One person wears both hats, and the client has outgrown that by S5: More than five "
            "million dollars a year on AI.",
        )
    ]


def test_two_people_have_not_outgrown_one_seat(cast):
    engagement = two(cast, 0)
    learnt(cast.orchard, engineers=500)
    assert found(radar_checks.outgrown_seat, engagement) == []


@pytest.mark.parametrize("lens", ["S1", "S2-Q", "S3", "S4", "S5"])
def test_every_lens_a_practice_may_go_by_answers(lens):
    assert radar_split.crossed(lens, {}) == {}
    assert radar_split.figures(lens, {}) == {}


def test_ended_wearings_count_for_nothing(cast):
    engagement = build.engagement(cast)
    HatShare.objects.filter(engagement=engagement).delete()
    Wearing.objects.filter(engagement=engagement).update(until_on=TODAY)
    learnt(cast.orchard, engineers=500)
    for check in (radar_checks.outgrown_seat, radar_checks.no_reporting_line):
        assert found(check, engagement) == []
