"""From planned to accepted: each step, what it pins, and what it refuses."""

import json

import pytest

from deliverables import accepting, owed, releasing, reviewing, writing
from deliverables.bundled import Bundled
from deliverables.models import Deliverable, Release
from practice.models import AgendaEntry, Event
from practice.refusals import Invalid
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

LATER = NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def status(row):
    return Deliverable.objects.get(pk=row.pk).status


def test_a_deliverable_goes_from_planned_to_accepted_pinned_to_its_version(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    assert (row.status, row.number, row.hat) == ("planned", 1, "CAIO")
    version = owing.written(row, cast.ada)
    assert status(row) == "in_progress"
    writing.submit(version, by=make.actor(cast.ada), at=NOW)
    assert status(row) == "in_review"
    reviewing.pass_on(row, by=make.actor(cast.olu), at=NOW)
    assert status(row) == "reviewed"
    release = releasing.release(row, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
    assert status(row) == "released"
    waiting = AgendaEntry.objects.get(kind="acceptance_deadline", subject_id=release.pk)
    assert waiting.status == "open"

    answered = owing.accepted(cast, release)

    assert (answered.state, answered.contact_id, answered.sha256) == (
        "accepted",
        cast.priya.pk,
        version.sha256,
    )
    row.refresh_from_db()
    assert (row.status, row.accepted_id) == ("accepted", version.pk)
    receipt = json.loads(answered.receipt)
    assert receipt["version"]["sha256"] == version.sha256
    assert receipt["ticked"] == list(range(1, len(release.criteria) + 1))
    waiting.refresh_from_db()
    assert waiting.status == "done"


def test_accepting_needs_every_criterion_ticked(cast, engagement):
    release = owing.released(cast, engagement)
    accepting.tick(release, number=1, by=make.actor(cast.priya), at=NOW)
    with pytest.raises(accepting.CriteriaOpen) as refused:
        accepting.answer(release, answer="accepted", by=make.actor(cast.priya), at=NOW)
    assert refused.value.facts["missing"] == release.criteria[1:]


def test_a_new_version_voids_what_waits_and_an_accepted_one_stays_accepted(cast, engagement):
    release = owing.released(cast, engagement)
    owing.written(release.deliverable, cast.ada, "Another text.")
    assert Release.objects.get(pk=release.pk).state == "voided"

    other = owing.accepted(cast, owing.released(cast, engagement, code="DV-07", text="Policies."))
    owing.written(other.deliverable, cast.ada, "Policies, again.")
    row = Deliverable.objects.get(pk=other.deliverable_id)
    assert (row.status, row.accepted_id) == ("in_progress", other.pinned_id)
    assert Release.objects.get(pk=other.pk).state == "accepted"


def test_one_content_under_two_hats_is_refused_and_the_attempt_is_on_record(cast, engagement):
    caio = owing.planned(engagement, cast.ada, code="DV-05")
    owing.written(caio, cast.ada, "One text for both.")
    cto = owing.planned(engagement, cast.ada, code="DV-02")
    version = owing.written(cto, cast.ada, "One text for both.")
    with pytest.raises(Bundled):
        writing.submit(version, by=make.actor(cast.ada), at=NOW)
    told = Event.objects.get(kind="deliverable.bundle_refused")
    assert (told.subject_id, told.after["other_hat"]) == (cto.pk, "CAIO")


def test_nobody_reviews_their_own_where_somebody_else_could(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    writing.submit(owing.written(row, cast.ada), by=make.actor(cast.ada), at=NOW)
    with pytest.raises(reviewing.SomebodyElseReviews):
        reviewing.pass_on(row, self_reason="Quick.", by=make.actor(cast.ada), at=NOW)


def test_what_is_released_needs_somebody_who_can_answer(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    owing.reviewed(row, cast.ada, cast.olu)
    with pytest.raises(Invalid):
        releasing.release(row, to=[], by=make.actor(cast.ada), at=NOW)


def test_what_is_dropped_says_why_and_can_be_taken_up_again(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    with pytest.raises(Invalid):
        owed.drop(row, reason=" ", by=make.actor(cast.ada), at=NOW)
    row = owed.drop(row, reason="The client did it.", by=make.actor(cast.ada), at=NOW)
    assert row.status == "dropped"
    assert owed.take_up(row, by=make.actor(cast.ada), at=NOW).status == "planned"
