"""The inventory: what can be put down, one risk owner at most, none approved without, and its life."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from assessments import systems
from assessments.models import System
from assessments.systems import RiskOwnerMissing, StepRefused
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, Stale, Taken
from tests import make
from tests.assessments import estate

KINDS = ["workload", "vendor", "gateway", "prompts", "shadow"]


def acts(who):
    return {"by": make.actor(who), "at": make.NOW}


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_five_kinds_is_put_down_as_discovered_on_the_clients_day(cast, kind):
    late = datetime.datetime(2026, 3, 2, 23, 30, tzinfo=datetime.UTC)
    client = make.client(cast.olu, "East", time_zone="Asia/Tokyo")
    system = systems.add(client, name="S", kind=kind, by=make.actor(cast.olu), at=late)
    assert (system.kind, system.status, system.discovered_on) == (
        kind,
        "discovered",
        datetime.date(2026, 3, 3),
    )


def test_an_owner_is_a_contact_or_a_name(cast):
    both = {"owner": cast.priya, "owner_name": "Nora"}
    with pytest.raises(Invalid) as wrong:
        systems.add(cast.orchard, name="S", kind="gateway", **both, **acts(cast.ada))
    assert list(wrong.value.errors) == ["owner_name"]


@pytest.mark.parametrize("classes", [["gold"], ["personal", "personal"], "personal"])
def test_data_classes_are_words_of_the_book_each_once(cast, classes):
    with pytest.raises(Invalid) as wrong:
        systems.add(cast.orchard, name="S", kind="workload", data_classes=classes, **acts(cast.ada))
    assert list(wrong.value.errors) == ["data_classes"]


def test_another_clients_vendor_contact_and_risk_owner_do_not_exist_here(cast):
    elsewhere, system = estate.vendor(cast.quarry), estate.system(cast.orchard)
    for name, row in (("vendor", elsewhere), ("owner", cast.ravi)):
        with pytest.raises(Invalid) as wrong:
            systems.change(system, **{name: row}, **acts(cast.olu))
        assert wrong.value.errors == {name: ["There is no such thing here."]}
    with pytest.raises(Invalid) as wrong:
        systems.name_risk_owner(system, contact=cast.ravi, **acts(cast.olu))
    assert wrong.value.errors == {"contact": ["There is no such thing here."]}


def test_an_external_id_is_once_per_client(cast):
    estate.system(cast.orchard, external_id="A-1")
    estate.system(cast.quarry, external_id="A-1")
    with pytest.raises(Taken):
        estate.system(cast.orchard, external_id="A-1")


def test_nothing_was_discovered_tomorrow(cast):
    tomorrow = make.NOW.date() + datetime.timedelta(days=1)
    with pytest.raises(Invalid) as wrong:
        estate.system(cast.orchard, discovered_on=tomorrow)
    assert wrong.value.errors == {"discovered_on": ["Not in the future."]}


def test_a_system_is_not_approved_while_nobody_answers_for_its_risk(cast):
    system = systems.move(estate.system(cast.orchard), to="assessed", **acts(cast.ada))
    with pytest.raises(RiskOwnerMissing):
        systems.move(system, to="approved", **acts(cast.ada))
    systems.name_risk_owner(system, contact=cast.priya, **acts(cast.ada))
    assert systems.move(system, to="approved", **acts(cast.ada)).status == "approved"


def test_another_may_answer_for_an_approved_system_but_not_nobody(cast):
    system = _approved(cast)
    with pytest.raises(RiskOwnerMissing):
        systems.name_risk_owner(system, **acts(cast.ada))
    system = systems.name_risk_owner(system, name=" Nora ", **acts(cast.ada))
    assert (system.risk_owner, system.risk_owner_name) == (None, "Nora")


def test_one_person_answers_for_a_risk_not_two(cast):
    with pytest.raises(Invalid) as wrong:
        systems.name_risk_owner(
            estate.system(cast.orchard), contact=cast.priya, name="Nora", **acts(cast.ada)
        )
    assert list(wrong.value.errors) == ["name"]


def test_the_database_refuses_two_risk_owners_and_an_approved_system_without_one(cast):
    system = estate.system(cast.orchard)
    rows = System.objects.filter(pk=system.pk)
    for broken in (
        {"risk_owner": cast.priya, "risk_owner_name": "Nora"},
        {"owner": cast.priya, "owner_name": "Nora"},
        {"status": "approved"},
        {"status": "in_use"},
        {"status": "loved"},
        {"kind": "toy"},
        {"name": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**broken)
    assert rows.update(status="approved", risk_owner_name="Nora") == 1


def _steps():
    return [(before, to) for before in systems.STEPS for to in systems.STEPS]


@pytest.mark.parametrize(("before", "to"), _steps())
def test_every_step_is_either_in_the_table_or_refused_with_what_is_allowed(cast, before, to):
    system = systems.name_risk_owner(estate.system(cast.orchard), name="N", **acts(cast.ada))
    System.objects.filter(pk=system.pk).update(status=before)
    if to in systems.STEPS[before]:
        assert systems.move(system, to=to, **acts(cast.ada)).status == to
        return
    with pytest.raises(StepRefused) as refused:
        systems.move(system, to=to, **acts(cast.ada))
    assert refused.value.code == "system_step_refused"
    assert refused.value.facts == {"present": before, "allowed": list(systems.STEPS[before])}


def test_what_is_retired_runs_in_production_no_longer(cast):
    system = estate.system(cast.orchard, kind="shadow", in_production=True)
    system = systems.move(system, to="retired", **acts(cast.ada))
    assert (system.status, system.in_production) == ("retired", False)


def test_an_associate_keeps_the_register_and_approves_nothing(cast):
    make.assignment(cast.ben, cast.orchard)
    system = systems.add(cast.orchard, name="S", kind="workload", **acts(cast.ben))
    systems.move(system, to="assessed", **acts(cast.ben))
    systems.name_risk_owner(system, name="Nora", **acts(cast.ben))
    with pytest.raises(NotAllowed):
        systems.move(system, to="approved", **acts(cast.ben))


def test_the_same_said_twice_is_one_event_and_a_stale_version_is_refused(cast):
    system = estate.system(cast.orchard)
    for _ in range(2):
        systems.name_risk_owner(system, name="Nora", **acts(cast.ada))
    told = Event.objects.filter(subject_id=system.pk).order_by("id").values_list("kind", "after")
    # Who it is, is about a person: that it changed is kept, and not to whom.
    assert [kind for kind, _ in told] == ["system.added", "system.risk_owner_named"]
    assert "Nora" not in str(list(told))
    with pytest.raises(Stale):
        systems.move(system, to="assessed", expected=1, **acts(cast.ada))


def _approved(cast):
    system = systems.move(estate.system(cast.orchard), to="assessed", **acts(cast.ada))
    systems.name_risk_owner(system, contact=cast.priya, **acts(cast.ada))
    return systems.move(system, to="approved", **acts(cast.ada))
