"""FM-12: dates of high-risk systems in the first quarter, before inventory and operating model are accepted."""

import datetime

from assessments import classifying
from deliverables.radar_conformity import in_a_hurry
from tests import make
from tests.assessments import estate
from tests.assessments.test_classification import answers
from tests.deliverables import owing
from tests.engagements import build
from tests.engagements.radar_cases import found
from tests.make import NOW

HURRY = "Dates of high-risk systems lie in the first quarter, and {} not accepted."


def high_risk(cast):
    system = estate.system(cast.orchard, "Hiring")
    given = answers(["deployer"], {"AREAS": ["employment"]})
    classifying.classify(system, answers=given, by=make.actor(cast.olu), at=NOW)


def engaged(cast, starts_on, **details):
    return build.engagement(cast, starts_on=starts_on, **{"eu_milestones": True} | details)


def test_a_day_of_the_law_in_the_first_quarter_wants_inventory_and_operating_model(cast):
    high_risk(cast)
    engagement = engaged(cast, datetime.date(2027, 10, 1))
    both = HURRY.format("the inventory and the operating model are")
    assert found(in_a_hurry, engagement) == [("", both)]
    owing.delivered(cast, engagement, "DV-14")
    assert found(in_a_hurry, engagement) == [("", HURRY.format("the operating model is"))]
    owing.delivered(cast, engagement, "DV-16")
    assert found(in_a_hurry, engagement) == []


def test_days_after_the_first_quarter_and_engagements_without_the_eu_are_left_alone(cast):
    high_risk(cast)
    early = engaged(cast, datetime.date(2026, 1, 1))
    outside = engaged(cast, datetime.date(2027, 10, 1), eu_milestones=False)
    assert found(in_a_hurry, early, outside) == []
