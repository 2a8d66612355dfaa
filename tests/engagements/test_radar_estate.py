"""FM-07, FM-11 and FM-13: what fires, what beside it does not, and the boundaries."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import initiatives, roadmap_reviews, systems, vendors
from engagements import radar, radar_estate
from engagements.models import Finding, Wearing
from engagements.radar_sight import Sight
from tests import make
from tests.assessments import estate, planned
from tests.engagements import build
from tests.engagements.radar_cases import found, learnt
from tests.make import NOW

DAY = datetime.timedelta(days=1)


def abouts(check, *engagements, at=NOW):
    return [about.split()[0] for about, _ in found(check, *engagements, at=at)]


# FM-07


def test_a_system_that_nobody_answers_for_fires_until_somebody_is_named(cast):
    engagement = build.engagement(cast)
    build.charter(cast, engagement)
    system = estate.system(cast.orchard, "Minutes", kind="shadow")
    assert found(radar_estate.no_risk_owner, engagement) == [
        (f"system {system.pk}", "Nobody answers for the risk of Minutes.")
    ]
    systems.name_risk_owner(system, contact=cast.priya, **estate.acts(cast.orchard))
    assert found(radar_estate.no_risk_owner, engagement) == []


def test_a_retired_system_needs_no_owner_and_another_clients_is_not_told_of(cast):
    engagement = build.engagement(cast)
    build.charter(cast, engagement)
    systems.move(estate.system(cast.orchard), to="retired", **estate.acts(cast.orchard))
    estate.system(cast.quarry)
    assert found(radar_estate.no_risk_owner, engagement) == []


def test_a_system_is_told_of_once_at_the_caios_engagement_however_few_are_looked_at(cast):
    cto = build.engagement(cast, hats={"CTO": 100}, name="CTO")
    caio = build.engagement(cast, hats={"CAIO": 100}, name="CAIO")
    system = estate.system(cast.orchard)
    for looked_at in ([cto, caio], [caio, cto], [cto], [caio]):
        hits = radar_estate.no_risk_owner(Sight(looked_at, NOW))
        told = [hit.engagement_id for hit in hits if hit.about == f"system {system.pk}"]
        assert told == [caio.pk] * (caio in looked_at)


def test_an_engagement_without_a_charter_in_force_names_nobody(cast):
    engagement = build.engagement(cast)
    assert found(radar_estate.no_risk_owner, engagement) == [
        (
            "engagement",
            "No one person is named who answers for AI risk: no charter is in force.",
        )
    ]
    build.charter(cast, engagement)
    assert found(radar_estate.no_risk_owner, engagement) == []


def test_a_charter_names_nobody_once_nobody_wears_its_hat(cast):
    engagement = build.engagement(cast)
    build.charter(cast, engagement)
    worn = Wearing.objects.filter(engagement=engagement, hat="CAIO")
    worn.update(until_on=NOW.date() + DAY)
    assert abouts(radar_estate.no_risk_owner, engagement) == []
    # Its last day was yesterday.
    worn.update(until_on=NOW.date())
    (told,) = found(radar_estate.no_risk_owner, engagement)
    assert told[1].endswith("by the charter the CAIO hat does, and nobody wears it.")


def test_an_engagement_without_ai_needs_no_owner_of_its_risk(cast):
    plain = build.engagement(cast, hats={"CTO": 100}, ai_in_scope=False)
    assert found(radar_estate.no_risk_owner, plain) == []


# FM-11


@pytest.mark.parametrize(("day", "fires"), [((2026, 6, 2), False), ((2026, 6, 3), True)])
def test_a_vendor_fires_the_day_after_three_months(cast, day, fires):
    engagement = build.engagement(cast)
    vendor = estate.vendor(cast.orchard)
    vendors.review(vendor, note="Still good", **estate.acts(cast.orchard))
    at = datetime.datetime(*day, 12, tzinfo=datetime.UTC)
    told = found(radar_estate.stale_market, engagement, at=at)
    sentence = "Cloudmind was looked at on 2 March 2026: more than a quarter ago."
    assert told == ([(f"vendor {vendor.pk}", sentence)] if fires else [])


def test_a_vendor_that_nobody_ever_looked_at_counts_from_when_it_was_put_down(cast):
    engagement = build.engagement(cast)
    estate.vendor(cast.orchard)
    estate.vendor(cast.quarry)
    at = datetime.datetime(2026, 6, 3, 12, tzinfo=datetime.UTC)
    assert [sentence for _, sentence in found(radar_estate.stale_market, engagement, at=at)] == [
        "Cloudmind was put down, and not looked at since, on 2 March 2026: more than a quarter ago."
    ]


@pytest.mark.parametrize(("day", "fires"), [((2026, 6, 2), False), ((2026, 6, 3), True)])
def test_a_roadmap_fires_the_day_after_three_months(cast, day, fires):
    engagement = build.engagement(cast)
    planned.initiative(cast.orchard)
    planned.initiative(cast.quarry)
    row = roadmap_reviews.review(cast.orchard, note="Still good", by=make.actor(cast.ada), at=NOW)
    at = datetime.datetime(*day, 12, tzinfo=datetime.UTC)
    hits = list(radar_estate.stale_market(Sight([engagement], at)))
    sentence = "The roadmap of Orchard was gone through on 2 March 2026: more than a quarter ago."
    assert [(hit.about, hit.sentence) for hit in hits] == ([("roadmap", sentence)] if fires else [])
    shown = [("roadmap_review", row.pk, "Gone through by Ada on 2 March 2026")]
    assert [hit.rows for hit in hits] == ([shown] if fires else [])


def test_a_roadmap_that_nobody_ever_went_through_counts_from_its_first_live_initiative(cast):
    engagement = build.engagement(cast)
    planned.initiative(cast.orchard)
    at = datetime.datetime(2026, 6, 3, 12, tzinfo=datetime.UTC)
    sentence = "The roadmap of Orchard was begun, and not gone through since, on 2 March 2026: more than a quarter ago."
    assert found(radar_estate.stale_market, engagement, at=at) == [("roadmap", sentence)]


def test_a_roadmap_with_nothing_live_on_it_does_not_fire_and_is_cleared_once_gone_through(cast):
    engagement = build.engagement(cast)
    at = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)
    row = planned.initiative(cast.orchard)
    radar.sweep(at=at)
    raised = Finding.objects.filter(code="FM-11", cleared_at=None).values_list("about", flat=True)
    assert list(raised) == ["roadmap"]
    roadmap_reviews.review(cast.orchard, note="All of it", by=make.actor(cast.ada), at=at)
    radar.sweep(at=at)
    assert list(raised.all()) == []
    initiatives.move(row, to="dropped", reason="No", by=make.actor(cast.ada), at=at)
    later = datetime.datetime(2027, 3, 1, 12, tzinfo=datetime.UTC)
    assert found(radar_estate.stale_market, engagement, at=later) == []


def test_a_stale_roadmap_is_told_of_once_at_the_caios_engagement(cast):
    cto = build.engagement(cast, hats={"CTO": 100}, name="CTO")
    caio = build.engagement(cast, hats={"CAIO": 100}, name="CAIO")
    planned.initiative(cast.orchard)
    at = datetime.datetime(2026, 6, 3, 12, tzinfo=datetime.UTC)
    for looked_at in ([cto, caio], [cto], [caio]):
        hits = radar_estate.stale_market(Sight(looked_at, at))
        assert [hit.engagement_id for hit in hits] == [caio.pk] * (caio in looked_at)


# FM-13

POSTURES = [
    # Not the product, under 200 people: thin.
    ({"ai_is_product": "no", "employees": 199, "ai_people": 7}, False),
    ({"ai_is_product": "no", "employees": 199, "ai_people": 8}, True),
    ({"ai_is_product": "no", "employees": 199, "ai_people": 29}, True),
    ({"ai_is_product": "no", "employees": 199, "ai_people": 30}, False),
    # The product, and able to staff it: deep.
    ({"ai_is_product": "yes", "can_staff_deep_ai": "yes", "ai_people": 15}, True),
    # Vendors lead: one more is needed.
    ({"ai_is_product": "no", "employees": 200, "ai_people": 8}, False),
    ({"ai_is_product": "no", "employees": 200, "ai_people": 9}, True),
    ({"ai_is_product": "yes", "can_staff_deep_ai": "no", "ai_people": 8}, False),
    # Open: nine is between whatever the rest is, eight is not.
    ({"ai_people": 9}, True),
    ({"ai_people": 8}, False),
    ({"ai_is_product": "no", "employees": 150}, False),
    ({}, False),
]


@pytest.mark.parametrize(("known", "fires"), POSTURES)
def test_an_ai_team_between_thin_and_deep_fires(cast, known, fires):
    engagement = build.engagement(cast)
    if known:
        learnt(cast.orchard, **known)
    assert bool(found(radar_estate.in_between, engagement)) is fires


def test_the_sentence_is_the_lenss_own_and_the_figures_are_the_facts(cast):
    engagement = build.engagement(cast)
    learnt(cast.orchard, ai_is_product="no", employees=150, ai_people=15)
    (hit,) = radar_estate.in_between(Sight([engagement], NOW))
    assert hit.sentence == (
        "The AI team is too large to be a thin one and too small to be deep, the costliest place to stand."
    )
    assert [one["text"] for one in hit.evidence] == ["150", "15", "No"]


# All three.


def test_a_sweep_raises_each_system_once_and_clears_it_when_somebody_is_named(cast):
    engagement = build.engagement(cast)
    build.charter(cast, engagement)
    one, _ = (estate.system(cast.orchard, name) for name in ("One", "Two"))
    for day in (0, 1):
        radar.sweep(at=NOW + day * DAY)
    here = Finding.objects.filter(code="FM-07", engagement=engagement)
    assert (here.count(), here.filter(cleared_at=None).count()) == (2, 2)
    systems.name_risk_owner(one, name="Nora", **estate.acts(cast.orchard))
    radar.sweep(at=NOW + 2 * DAY)
    assert here.get(cleared_at=None).sentence == "Nobody answers for the risk of Two."


@pytest.mark.parametrize(
    "check", [radar_estate.no_risk_owner, radar_estate.stale_market, radar_estate.in_between]
)
def test_a_check_asks_as_much_of_three_clients_as_of_one(cast, check):
    third = make.client(cast.olu, "Mill")
    asked, engagements = [], []
    for client in (cast.orchard, cast.quarry, third):
        estate.system(client)
        estate.vendor(client)
        engagements.append(build.engagement(cast, client=client, lead=cast.olu))
        if client is not cast.quarry:
            with CaptureQueriesContext(connection) as queries:
                list(check(Sight(engagements, NOW)))
            asked.append(len(queries))
    assert asked[0] == asked[1]
