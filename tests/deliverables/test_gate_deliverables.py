"""The gate of one person under both hats: something of each is planned for the first quarter."""

import datetime

import pytest

from deliverables import owed, planning
from deliverables.models import Deliverable
from engagements import gate, lifecycle
from engagements.gate import GateNotMet
from tests import make
from tests.deliverables.test_planning import begun
from tests.make import NOW

BOTH = {"CTO": 50, "CAIO": 50}


@pytest.fixture
def how(cast):
    return {"by": make.actor(cast.ada), "at": NOW}


def missing(engagement, at=NOW):
    return [one["what"] for one in gate.missing(engagement, at) if one["key"] == "deliverables"]


def drop(drawn, how, *codes):
    for row in drawn:
        if row.code in codes:
            owed.drop(row, reason="Not here.", **how)


def test_what_activation_will_plan_is_enough(cast, how):
    row = begun(cast, how, hats=BOTH)
    assert missing(row) == []
    assert lifecycle.activate(row, **how).status == "active"


def test_a_half_that_was_dropped_by_hand_is_named_and_holds_it_up(cast, how):
    row = begun(cast, how, hats=BOTH)
    drawn = planning.draw_up(row, **how)
    drop(drawn, how, "DV-01", "DV-02")
    assert missing(row) == []
    drop(drawn, how, "DV-03", "DV-05", "DV-07")
    assert missing(row) == [
        "Nothing of the CTO hat is planned for the first quarter; one of DV-01 Technology roadmap, "
        "DV-02 Architecture read, DV-03 Hiring plan is needed.",
        "Nothing of the CAIO hat is planned for the first quarter; one of DV-05 AI capability map, "
        "DV-07 Governance framework, first version is needed.",
    ]
    with pytest.raises(GateNotMet):
        lifecycle.activate(row, **how)
    owed.take_up(Deliverable.objects.get(engagement=row, code="DV-02"), **how)
    owed.take_up(Deliverable.objects.get(engagement=row, code="DV-07"), **how)
    assert lifecycle.activate(row, **how).status == "active"


def test_a_half_that_is_due_later_than_the_first_quarter_does_not_count(cast, how):
    row = begun(cast, how, hats=BOTH)
    drawn = planning.draw_up(row, **how)
    drop(drawn, how, "DV-01", "DV-02")
    third = Deliverable.objects.get(engagement=row, code="DV-03")
    # Begun on 2 March: the quarter ends with 31 May.
    owed.change(third, due_on=datetime.date(2026, 5, 31), **how)
    assert missing(row) == []
    third.refresh_from_db()
    owed.change(third, due_on=datetime.date(2026, 6, 1), **how)
    assert len(missing(row)) == 1


def test_two_people_are_not_asked(cast, how):
    row = begun(cast, how, hats=BOTH, worn_by={"CTO": cast.olu})
    drop(planning.draw_up(row, **how), how, "DV-01", "DV-02", "DV-03", "DV-05", "DV-07")
    assert missing(row) == []


def test_where_the_first_quarter_is_over_nothing_is_asked(cast, how):
    row = begun(cast, how, hats=BOTH)
    drop(planning.draw_up(row, **how), how, "DV-01", "DV-02", "DV-03", "DV-05", "DV-07")
    # Day 90 is 31 May.
    assert len(missing(row, NOW + datetime.timedelta(days=90))) == 2
    assert missing(row, NOW + datetime.timedelta(days=91)) == []
