"""A state machine that drives random verbs at random moments and looks, after each, at what must never be false."""

import os
from collections import Counter

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from engagements.models import Move
from practice.models import Event
from tests import cast as casting
from tests.cast import Cast
from tests.engagements import course_truths
from tests.engagements.course_verbs import VERBS, Course

# At full size (bin/prove random_course) ten thousand steps; in the suite as many as fit into some seconds.
STEPS = int(os.environ.get("REMIT_STEPS", "150"))
A_RUN = 100 if STEPS >= 1000 else 50
DRAWN = st.sampled_from([verb for verb, times in VERBS.items() for _ in range(times)])
# What ten thousand steps come to at the very least: a course on which nothing happens shows nothing.
AT_LEAST = {
    "move.effective": 300,
    "phase.turned": 50,
    "engagement.activated": 100,
    "engagement.paused": 50,
    "engagement.resumed": 50,
    "engagement.ended": 20,
    "burst.planned": 50,
    "time.noted": 300,
    "expense.noted": 50,
    "period.locked": 100,
    "charter.accepted": 100,
    "contract.accepted": 20,
}


class Undone(Exception):
    """Rolls a run back, so that the next begins with an empty engagement."""


class RandomCourse(RuleBasedStateMachine):
    """What is refused is refused with a code and leaves no trace; what holds, holds for good.

    One rule draws the verb, because Hypothesis leaves out half of the rules of a run, and without the clock, say,
    a run is empty.
    """

    cast: Cast
    refused: "Counter[str]"
    happened: "Counter[str]"

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.course = Course(self.cast, self.refused)
        self.history: dict[object, str] = {}
        self.seen: object = None

    def teardown(self) -> None:
        try:
            course_truths.charters_are_what_was_accepted()
            by_kind = Event.objects.values_list("kind").annotate(Count("id")).order_by()
            self.happened.update(dict(by_kind))
            turned = Move.objects.filter(kind="phase", status="effective").count()
            self.happened["phase.turned"] += turned
        finally:
            self.undone.__exit__(Undone, Undone(), None)

    @initialize(begun=st.sampled_from([True] * 7 + [False]), data=st.data())
    def draft(self, begun: bool, data: st.DataObject) -> None:
        self.course.draw = data.draw
        self.course.draft()
        if begun:
            self.course.begin()

    @rule(verb=DRAWN, data=st.data())
    def step(self, verb: str, data: st.DataObject) -> None:
        self.course.draw = data.draw
        self.happened["steps"] += 1
        getattr(self.course, verb)()

    @invariant()
    def all_that_must_hold(self) -> None:
        now = (self.course.at, self.course.traces())
        if now != self.seen:
            course_truths.all_hold(self.course, self.history)
        # Nothing written and no time passed: what held then holds now, but for a row changed behind its version.
        else:
            course_truths.history_stands(self.course, self.history)
        self.seen = now


@pytest.mark.django_db
def test_no_course_of_verbs_breaks_what_must_hold():
    RandomCourse.cast, RandomCourse.refused = casting.build(), Counter()
    RandomCourse.happened = happened = Counter()
    before = Counter(dict(Event.objects.values_list("kind").annotate(Count("id")).order_by()))
    shape = settings(
        max_examples=1 + STEPS // A_RUN,
        stateful_step_count=A_RUN,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # Each run is a long one: what fails is made smaller, but nothing is explained at length.
        phases=[Phase.generate, Phase.shrink],
        derandomize="REMIT_STEPS" not in os.environ,
        database=None,
    )
    run_state_machine_as_test(RandomCourse, settings=shape)

    runs = happened["client.added"] // max(1, before["client.added"])
    happened.subtract({kind: count * runs for kind, count in before.items()})
    print(f"{runs} courses; happened: {_told(happened)}; refused: {_told(RandomCourse.refused)}.")
    # Few steps differ more among themselves, so half of their share is enough there.
    share = happened["steps"] / 10_000 * (1 if STEPS >= 10_000 else 0.5)
    wanted = {what: int(count * share) for what, count in AT_LEAST.items()}
    assert {what for what, count in wanted.items() if happened[what] < count} == set()
    assert happened["steps"] >= 0.9 * STEPS


def _told(counted: "Counter[str]") -> str:
    return ", ".join(f"{what} {count}" for what, count in sorted(counted.items()) if count)
