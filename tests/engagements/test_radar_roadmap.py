"""The radar on roadmap and metrics: each check fires at its limit, stays silent below it, and says so once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import initiatives, metrics, milestones
from engagements import radar
from engagements import radar_roadmap as checks
from engagements.models import Finding
from engagements.radar_sight import Sight
from tests import make
from tests.assessments import planned
from tests.assessments.estate import acts
from tests.assessments.planned import ON
from tests.engagements import build
from tests.engagements.radar_cases import found
from tests.make import NOW

WHOLE = {"problem": "Answers take days.", "expected_outcome": "They take minutes."}
BACKED = {**WHOLE, "capacity_owner_name": "Nora"}


def sentences(check, *engagements, at=NOW) -> list[str]:
    return [sentence for _, sentence in found(check, *engagements, at=at)]


def test_fm_04_names_what_is_on_the_roadmap_and_has_no_engineers(cast):
    engagement = build.engagement(cast)
    for status in ("proposed", "agreed", "under_way"):
        planned.initiative(cast.orchard, status.capitalize(), status=status)
    planned.initiative(cast.orchard, "Backed", status="agreed", capacity_owner=cast.priya)
    assert sentences(checks.no_engineers, engagement) == [
        "Agreed is on the roadmap, and nobody answers for the engineers it needs.",
        "Under_way is on the roadmap, and nobody answers for the engineers it needs.",
    ]


def test_fm_04_is_silent_where_no_caio_of_ours_works(cast):
    engagement = build.engagement(cast, hats={"CTO": 100})
    planned.initiative(cast.orchard, status="agreed")
    assert found(checks.no_engineers, engagement) == []


@pytest.mark.parametrize(
    ("reasons", "fires"),
    [
        ([], False),
        (["technology"], False),
        (["technology", "technology"], True),
        (["technology", "budget"], False),
        (["technology", "budget", "technology"], True),
        (["data", "people", "client", "other"], False),
    ],
)
def test_fm_08_fires_at_the_second_time_for_technology(cast, reasons, fires):
    engagement = build.engagement(cast)
    row = planned.milestone(planned.initiative(cast.orchard))
    for reason in reasons:
        row = planned.put_off(row, reason=reason)
    said = (
        "Pilot runs, of Answers from the archive, was put off 2 times for a reason of technology."
    )
    assert found(checks.always_later, engagement) == ([(str(row.pk), said)] if fires else [])


def test_fm_08_shows_each_postponement_and_the_day_planned_at_first(cast):
    engagement = build.engagement(cast)
    planned.put_off(planned.milestone(planned.initiative(cast.orchard)), times=2)
    (hit,) = checks.always_later(Sight([engagement], NOW))
    assert [text for _, _, text in hit.rows] == [
        "Planned for 1 May 2026 at first",
        "From 1 May 2026 to 31 May 2026",
        "From 31 May 2026 to 30 June 2026",
    ]
    assert hit.figures == {"times": "2", "limit": "2 or more"}


def test_fm_08_is_about_ai_and_gone_with_the_milestone(cast):
    engagement = build.engagement(cast)
    initiative = planned.initiative(cast.orchard)
    planned.put_off(planned.milestone(initiative, is_ai=False), times=2)
    assert found(checks.always_later, engagement) == []
    row = planned.put_off(planned.milestone(initiative), times=2)
    assert len(found(checks.always_later, engagement)) == 1
    milestones.finish(row, **acts(cast.orchard))
    assert found(checks.always_later, engagement) == []


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (WHOLE, None),
        ({"problem": "P"}, "an expected outcome"),
        ({"expected_outcome": "O"}, "a business problem"),
        ({}, "a business problem and without an expected outcome"),
        ({"is_ai": False}, None),
    ],
)
def test_fm_09_wants_problem_and_outcome_of_an_ai_initiative(cast, says, told):
    engagement = build.engagement(cast)
    row = planned.initiative(cast.orchard, "Chat", **says)
    expected = [(str(row.pk), f"Chat stands without {told}.")] if told else []
    assert found(checks.tools_first, engagement) == expected


def test_fm_09_leaves_what_was_done_or_dropped_alone(cast):
    engagement = build.engagement(cast)
    dropped = planned.initiative(cast.orchard, "Dropped")
    initiatives.move(dropped, to="dropped", reason="Needless", **acts(cast.orchard))
    done = planned.initiative(cast.orchard, "Done", status="under_way")
    initiatives.move(done, to="done", **acts(cast.orchard))
    assert found(checks.tools_first, engagement) == []


@pytest.mark.parametrize(
    ("kind", "fires"),
    [
        ("roi", False),
        ("adoption", False),
        ("governance", False),
        ("use_case_value", False),
        ("ai_spend", True),
        ("uptime", True),
    ],
)
def test_fm_10_is_content_with_one_value_of_one_of_four_kinds(cast, kind, fires):
    engagement = build.engagement(cast)
    planned.value(planned.metric(cast.orchard, kind=kind), "1", ON(2026, 3, 1))
    assert bool(found(checks.nothing_measured, engagement)) is fires


@pytest.mark.parametrize(
    ("day", "fires"), [(ON(2025, 12, 31), True), (ON(2026, 1, 1), False), (ON(2026, 3, 2), False)]
)
def test_fm_10_looks_at_the_quarter_that_the_client_is_in(cast, day, fires):
    engagement = build.engagement(cast)
    planned.value(planned.metric(cast.orchard), "1", day)
    said = (
        "Ada wears the CAIO hat, and since 1 January 2026 nothing was measured of: Return on AI, "
        "Adoption, Governance and compliance, Value of a use case."
    )
    assert sentences(checks.nothing_measured, engagement) == ([said] if fires else [])


def test_fm_10_begins_anew_with_the_clients_own_fiscal_quarter(cast):
    client = make.client(cast.olu, "South", time_zone="Pacific/Auckland", fiscal_year_start=4)
    engagement = build.engagement(cast, client=client, lead=cast.olu)
    planned.value(planned.metric(client), "1", ON(2026, 3, 1))
    last = datetime.datetime(2026, 3, 31, 10, 59, tzinfo=datetime.UTC)
    assert found(checks.nothing_measured, engagement, at=last) == []
    fires = found(checks.nothing_measured, engagement, at=last + datetime.timedelta(minutes=1))
    assert len(fires) == 1


def test_fm_10_asks_nothing_of_an_engagement_that_rests_or_has_no_caio(cast):
    resting = build.engagement(cast, status="paused")
    other = build.engagement(cast, client=cast.quarry, lead=cast.olu, hats={"CTO": 100})
    assert found(checks.nothing_measured, resting, other) == []


def test_what_a_client_set_out_to_do_is_told_at_one_of_its_engagements(cast):
    """Also where the other one is looked at alone: it does not tell it a second time."""
    tech = build.engagement(cast, hats={"CTO": 100}, name="Technology")
    ai = build.engagement(cast, hats={"CAIO": 100}, name="AI")
    planned.initiative(cast.orchard)
    radar.sweep_engagement(tech, at=NOW)
    radar.sweep(at=NOW)
    radar.sweep_engagement(tech, at=NOW)
    there = Finding.objects.filter(code="FM-09", cleared_at=None)
    assert list(there.values_list("engagement_id", flat=True)) == [ai.pk]
    assert Finding.objects.filter(code="FM-09").count() == 1


def test_another_clients_roadmap_is_told_there(cast):
    here = build.engagement(cast)
    planned.initiative(cast.quarry)
    assert found(checks.tools_first, here) == []


def test_it_is_raised_and_cleared_by_the_sweep(cast):
    build.engagement(cast)
    row = planned.initiative(cast.orchard, status="agreed")
    radar.sweep(at=NOW)
    about = Finding.objects.filter(about=str(row.pk), cleared_at=None).order_by("code")
    assert list(about.values_list("code", flat=True)) == ["FM-04", "FM-09"]
    initiatives.change(row, **BACKED, **acts(cast.orchard))
    radar.sweep(at=NOW)
    assert about.count() == 0


@pytest.mark.parametrize(
    "check",
    [checks.no_engineers, checks.always_later, checks.tools_first, checks.nothing_measured],
)
def test_a_check_asks_as_many_questions_of_three_rows_as_of_one(cast, check):
    engagement = build.engagement(cast)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(check(Sight([engagement], NOW)))
        return len(captured)

    def another(name: str) -> None:
        planned.put_off(
            planned.milestone(planned.initiative(cast.orchard, name, status="agreed")), 2
        )
        metric = planned.metric(cast.orchard, name, kind="uptime")
        metrics.note(metric, value=1, source="Log", **acts(cast.orchard))

    another("One")
    one = asked()
    another("Two")
    another("Three")
    assert asked() == one
