"""Whether the posture is better or worse follows from a rule: the first measure that moved decides."""

import pytest

from deliverables import board_posture, board_writing
from deliverables.board_posture import Measure
from practice.refusals import Invalid
from tests import make
from tests.assessments import estate, planned
from tests.deliverables import boarding
from tests.engagements import build
from tests.make import NOW

CRITICAL = ("risks rated critical", 0, 0)
HIGH = ("risks rated high", 2, 2)
OPEN = ("incidents that were not closed", 1, 1)


def judged(*measures, compares=True):
    return board_posture.judged([Measure(*one) for one in measures], compares=compares)


def test_the_weightiest_measure_that_moved_decides_and_the_others_are_told():
    word, why = judged(("risks rated critical", 1, 0), ("risks rated high", 1, 4), OPEN)
    assert word == "Worse"
    assert why == (
        "Worse than last quarter: risks rated critical went from 0 to 1. "
        "Besides, risks rated high went from 4 to 1."
    )


def test_fewer_of_what_decides_is_better():
    assert judged(CRITICAL, ("risks rated high", 1, 2), OPEN) == (
        "Better",
        "Better than last quarter: risks rated high went from 2 to 1.",
    )


def test_where_nothing_moved_it_is_unchanged():
    assert judged(CRITICAL, HIGH, OPEN) == (
        "Unchanged",
        "Unchanged since last quarter: risks rated critical, risks rated high and incidents that were not closed are as "
        "many as then.",
    )


def test_no_more_than_four_measures_are_told_and_the_rest_is_counted():
    _, why = judged(*[(name, 1, 0) for name in "abcdef"])
    assert why.endswith(
        "Besides, b went from 0 to 1, c went from 0 to 1, d went from 0 to 1, and 2 more moved."
    )


def test_the_first_quarter_of_the_work_is_not_compared():
    assert judged(("risks rated critical", 9, 0), compares=False)[0] == "Not compared"


def test_it_stands_first_in_its_section_and_nobody_writes_it(cast):
    engagement = build.engagement(cast, starts_on=boarding.OPENED.replace(year=2025))
    risk = planned.risk(cast.orchard, likelihood=5, impact=5)
    report = boarding.opened(cast, engagement)
    stated = report.figures["sections"]["risk"]["figures"][0]
    assert (stated["key"], stated["value"], stated["note"]) == (
        "posture",
        "Worse",
        "Worse than last quarter: risks rated critical went from 0 to 1.",
    )
    assert {"kind": "risks", "id": str(risk.pk)} in stated["rows"]
    with pytest.raises(Invalid):
        board_writing.change(report, posture="Better", by=make.actor(cast.ada), at=NOW)


def test_what_moves_it_flags_it(cast):
    report = boarding.opened(
        cast, build.engagement(cast, starts_on=boarding.OPENED.replace(year=2025))
    )
    assert board_writing.flagged(report, at=NOW) == []
    planned.risk(cast.orchard)
    estate.system(cast.orchard)
    planned.metric(cast.orchard)
    planned.milestone(planned.initiative(cast.orchard))
    flags = {flag["place"] for flag in board_writing.flagged(report, at=NOW)}
    assert {
        "risk/figures/posture",
        "risk/figures/risks_open",
        "risk/tables/risks",
        "risk/charts/risks_trend",
        "risk/figures/unowned",
        "capability/figures/systems",
        "capability/tables/tiers",
        "capability/charts/systems_trend",
        "capability/figures/initiatives",
        "capability/tables/milestones",
        "capability/figures/metrics",
    } <= flags
