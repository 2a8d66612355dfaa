"""The law at the desk and in the portal over HTTP: the guided classification, what applies when, and who sees it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import classifying
from assessments.models import Classification
from tests import make
from tests.assessments import estate
from tests.assessments.test_classification import answers
from tests.assessments.test_desk_estate import under

ORIENTATION = "Orientation, not legal advice."
HIRING = {"AI-ACT-ROLES": ["deployer"], "AI-ACT-AREAS": ["employment"], "AI-ACT-PROFILING": "yes"}


def classified(cast, client, name, said):
    system = estate.system(client, name)
    given = answers(["deployer"], said)
    classifying.classify(system, answers=given, by=make.actor(cast.olu), at=make.NOW)
    return system


def test_a_system_is_classified_in_steps_at_the_desk(cast, page):
    system, browser = estate.system(cast.orchard, "Hiring"), page(cast.ada)
    asked = browser.get(under(system, "classify")).content.decode()
    assert ("1. Your part in it" in asked, "4. Uses of Annex III" in asked) == (True, True)
    assert ORIENTATION in asked
    live = browser.post(under(system, "classified"), HIRING).content.decode()
    assert ("High risk" in live, "Annex III, point 4" in live, "Article 26" in live) == (
        True,
        True,
        True,
    )
    assert not Classification.objects.exists()
    kept = browser.post(under(system, "classify"), {**HIRING, "placed_on": "", "note": "N"})
    assert kept["Location"] == under(system, "law")
    row = Classification.objects.get()
    assert (row.tier, row.reviewer, row.note) == ("HIGH_RISK", cast.ada, "N")
    told = browser.get(under(system, "law")).content.decode()
    for words in (
        "High risk",
        "2 December 2027",
        "<s>2 August 2026</s>",
        ORIENTATION,
        "Reviewed by",
    ):
        assert words in told


def test_without_a_role_the_page_says_so_and_keeps_nothing(cast, page):
    system = estate.system(cast.orchard)
    answer = page(cast.ada).post(under(system, "classify"), {"placed_on": ""})
    assert "Too little is answered" in answer.content.decode()
    assert not Classification.objects.exists()


def test_an_associate_reads_what_applies_and_classifies_nothing(cast, page):
    system = classified(cast, cast.orchard, "Hiring", {"AREAS": ["employment"]})
    make.assignment(cast.ben, cast.orchard)
    browser = page(cast.ben)
    assert browser.get(under(system, "law")).status_code == 200
    assert browser.get(under(system, "classify")).status_code == 404


def test_a_row_without_a_day_says_ask_counsel(cast, page):
    said = {"AREAS": ["employment"], "NARROW": ["procedural_task"]}
    system = estate.system(cast.orchard)
    given = answers(["provider"], said)
    classifying.classify(system, answers=given, by=make.actor(cast.olu), at=make.NOW)
    assert "Ask counsel" in page(cast.ada).get(under(system, "law")).content.decode()


def test_the_client_finds_its_own_systems_with_class_and_calendar(cast, page):
    classified(cast, cast.orchard, "Hiring", {"AREAS": ["employment"]})
    classified(cast, cast.quarry, "Grading", {"AREAS": ["education"]})
    estate.system(cast.orchard, "Nobody looked")
    told = page(cast.priya).get("/portal/ai-law/").content.decode()
    shown = {word: word in told for word in ("Hiring", "Grading", "Nobody looked", "High risk")}
    assert shown == {"Hiring": True, "Grading": False, "Nobody looked": True, "High risk": True}
    assert ORIENTATION in told


@pytest.mark.parametrize("count", [1, 3])
def test_the_clients_page_asks_as_much_for_three_systems_as_for_one(cast, page, count):
    for number in range(count):
        classified(cast, cast.orchard, f"S{number}", {"AREAS": ["employment"]})
    browser = page(cast.priya)
    browser.get("/portal/ai-law/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        browser.get("/portal/ai-law/")
    about = [one for one in asked if "assessments_" in one["sql"]]
    assert len(about) == 2
