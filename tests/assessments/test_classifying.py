"""Classifying a system: what is kept, who may, and that the tier and the obligations are two things."""

import datetime

import pytest
from django.db import DatabaseError, transaction

from assessments import classification, classifying, law, library, systems
from assessments.classifying import Unfinished
from assessments.models import Classification, System
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, Stale
from tests import make
from tests.assessments import estate
from tests.assessments.systems import SYSTEMS, named
from tests.assessments.test_classification import answers

HIRING = {"AREAS": ["employment"]}


def acts(who):
    return {"by": make.actor(who), "at": make.NOW}


def classified(system, who, roles=("deployer",), said=None, **more):
    given = answers(list(roles), HIRING if said is None else said)
    return classifying.classify(system, answers=given, **more, **acts(who))


def test_a_finding_is_kept_with_its_articles_its_reviewer_and_what_it_rests_on(cast):
    system = estate.system(cast.orchard)
    row = classified(system, cast.ada, note="Read with Nora")
    assert (row.tier, row.provisional, row.alternatives) == ("HIGH_RISK", False, [])
    assert row.reasons == [
        {"code": "ART-6-2", "text": "Article 6(2): it is intended for a use of Annex III."},
        {
            "code": "ANNEX-III-4",
            "text": "Annex III, point 4: employment, management of workers and access to self-employment.",
        },
    ]
    assert [(one["key"], one["articles"]) for one in row.obligations] == [
        ("literacy", ["Article 4"]),
        ("deploying", ["Article 26"]),
        ("explanation", ["Article 86"]),
    ]
    assert (row.reviewer, row.reviewed_on, row.note) == (
        cast.ada,
        make.NOW.date(),
        "Read with Nora",
    )
    pinned = library.digest("AI-ACT", 1, classification.FOLDER)
    assert (row.lens_key, row.lens_version, row.lens_sha256) == ("AI-ACT", 1, pinned)
    assert (row.law_key, row.law_version) == ("EU-AI-ACT", law.newest().version)
    system.refresh_from_db()
    assert (system.tier, system.law_version) == ("HIGH_RISK", law.newest().version)


@pytest.mark.parametrize("golden", SYSTEMS, ids=named)
def test_every_golden_system_is_kept_as_it_was_found(cast, golden):
    system, told = estate.system(cast.orchard), {"placed_on": golden.placed_on}
    row = classified(system, cast.ada, golden.roles, golden.said, **told)
    assert (row.tier, [one["code"] for one in row.reasons]) == (golden.tier, list(golden.reasons))
    assert all("rticle" in one["text"] or "Annex" in one["text"] for one in row.reasons)
    kept = {one["key"]: tuple(one["articles"]) for one in row.obligations}
    assert kept == golden.owes


def test_the_newest_counts_and_the_older_one_stays(cast):
    system = estate.system(cast.orchard)
    first = classified(system, cast.ada)
    second = classified(system, cast.olu, said={"SHOWN": ["interacts"]})
    kept = Classification.objects.filter(system=system).order_by("id")
    assert [(row.pk, row.tier) for row in kept] == [
        (first.pk, "HIGH_RISK"),
        (second.pk, "LIMITED_RISK"),
    ]
    assert System.objects.get(pk=system.pk).tier == "LIMITED_RISK"
    with pytest.raises(DatabaseError), transaction.atomic():
        Classification.objects.filter(pk=first.pk).update(tier="MINIMAL_RISK")


def test_what_the_act_does_not_reach_owes_it_nothing(cast):
    row = classified(estate.system(cast.orchard), cast.ada, roles=())
    assert (row.tier, row.obligations) == ("NOT_REACHED", [])


def test_open_questions_make_it_provisional_and_name_what_it_could_be(cast):
    system = estate.system(cast.orchard)
    given = {"AI-ACT-ROLES": ["deployer"]}
    row = classifying.classify(system, answers=given, **acts(cast.ada))
    assert (row.tier, row.provisional) == ("MINIMAL_RISK", True)
    assert row.alternatives == ["PROHIBITED", "HIGH_RISK", "LIMITED_RISK"]


def test_without_a_role_nothing_is_kept(cast):
    system = estate.system(cast.orchard)
    with pytest.raises(Unfinished) as refused:
        classifying.classify(system, answers={}, **acts(cast.ada))
    assert refused.value.facts == {"missing": ["AI-ACT-ROLES"]}
    assert not Classification.objects.filter(system=system).exists()


def test_an_answer_that_is_none_is_named(cast):
    given = {"AI-ACT-ROLES": ["ruler"], "AI-ACT-MAGIC": "yes"}
    with pytest.raises(Invalid) as wrong:
        classifying.classify(estate.system(cast.orchard), answers=given, **acts(cast.ada))
    assert set(wrong.value.errors) == {"answers.AI-ACT-ROLES", "answers.AI-ACT-MAGIC"}


def test_what_the_register_says_of_profiling_is_not_denied(cast):
    system = estate.system(cast.orchard, profiles_persons=True)
    said = {**HIRING, "NARROW": ["preparatory_task"], "PROFILING": "no"}
    with pytest.raises(Invalid) as wrong:
        classified(system, cast.ada, ["provider"], said)
    assert list(wrong.value.errors) == ["answers.AI-ACT-PROFILING"]
    open_again = systems.change(system, profiles_persons=None, **acts(cast.ada))
    assert classified(open_again, cast.ada, ["provider"], said).tier == "MINIMAL_RISK"


def test_an_associate_a_sponsor_and_the_wrong_client_do_not_classify(cast):
    system = estate.system(cast.orchard)
    make.assignment(cast.ben, cast.orchard)
    for who in (cast.ben, cast.priya, cast.fin):
        with pytest.raises(NotAllowed):
            classified(system, who)
    assert Event.objects.filter(kind="classification.made").count() == 0


def test_a_page_that_was_overtaken_is_refused(cast):
    system = estate.system(cast.orchard)
    systems.change(system, purpose="Ranks applicants", **acts(cast.ada))
    with pytest.raises(Stale):
        classified(system, cast.ada, expected=1)


def test_it_is_recorded_with_the_system_that_it_changes(cast):
    system = estate.system(cast.orchard)
    classified(system, cast.ada)
    kinds = Event.objects.filter(client=cast.orchard).order_by("id").values_list("kind", flat=True)
    assert [kind for kind in kinds if "classif" in kind] == [
        "system.classified",
        "classification.made",
    ]


def test_a_day_nobody_could_mean_is_refused(cast):
    with pytest.raises(Invalid) as wrong:
        classified(estate.system(cast.orchard), cast.ada, placed_on=datetime.date(1066, 10, 14))
    assert list(wrong.value.errors) == ["placed_on"]
