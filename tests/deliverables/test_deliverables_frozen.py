"""What the database itself refuses of deliverables, on both engines: however somebody writes to it."""

import contextlib

import pytest
from django.db import DatabaseError, transaction

from deliverables import accepting, commenting
from deliverables.models import (
    Comment,
    Deliverable,
    DeliverableVersion,
    InternalReview,
    Release,
    Tick,
)
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def accepted(cast, engagement):
    return owing.accepted(cast, owing.released(cast, engagement))


@contextlib.contextmanager
def refused():
    with pytest.raises(DatabaseError), transaction.atomic():
        yield


def copy(row, **changed):
    """The same row once more, under an id of its own."""
    row.pk, row._state.adding = make.uuid(77), True
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Another"},
        {"sha256": "0" * 64},
        {"hat": "CTO"},
        {"number": 9},
        {"note": "Other"},
        {"state": "draft", "submitted_at": None, "released_at": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_submitted_version_stays_as_it_is(accepted, change):
    with refused():
        DeliverableVersion.objects.filter(pk=accepted.pinned_id).update(**change)


def test_a_submitted_version_is_not_removed(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    version = owing.reviewed(row, cast.ada, cast.olu)
    with refused():
        DeliverableVersion.objects.filter(pk=version.pk)._raw_delete("default")


@pytest.mark.parametrize(
    "change",
    [
        {"remarks": "Other"},
        {"state": "open", "answered_at": None, "contact": None},
        {"state": "rejected", "remarks": "No"},
        {"receipt": "{}"},
        {"signature": "00"},
        {"sha256": "0" * 64},
        {"criteria": []},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_answered_release_stays_as_it_is(accepted, change):
    with refused():
        Release.objects.filter(pk=accepted.pk).update(**change)


def test_ticks_of_an_answered_release_stay_and_no_other_comes(accepted):
    with refused():
        Tick.objects.filter(release=accepted)._raw_delete("default")
    with refused():
        Tick.objects.filter(release=accepted).update(number=50)
    with refused():
        copy(Tick.objects.filter(release=accepted)[0], number=60)


def test_what_was_said_stays_as_it_was_said(cast, engagement):
    release, priya = owing.released(cast, engagement), make.actor(cast.priya)
    said = commenting.reply(release, body="Why?", by=priya, at=NOW)
    with refused():
        Comment.objects.filter(pk=said.pk).update(body="Because")
    with refused():
        Comment.objects.filter(pk=said.pk)._raw_delete("default")
    with refused():
        copy(Comment.objects.get(pk=said.pk), internal=True)


def test_there_are_no_two_open_releases_no_two_drafts_and_no_two_open_reviews(cast, engagement):
    release = owing.released(cast, engagement)
    with refused():
        copy(Release.objects.get(pk=release.pk))
    draft = owing.written(owing.planned(engagement, cast.ada, code="DV-07"), cast.ada, "One")
    with refused():
        copy(DeliverableVersion.objects.get(pk=draft.pk), number=2)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "accepted"},
        {"state": "accepted", "answered_at": NOW, "by_silence": True},
        {"state": "remarks", "answered_at": NOW, "receipt": "{}", "signature": "00"},
        {"state": "changes", "answered_at": NOW},
        {"by_silence": True},
        {"answered_at": NOW},
        {"state": "lost"},
    ],
    ids=str,
)
def test_no_release_is_answered_by_halves(cast, engagement, change):
    release = owing.released(cast, engagement)
    with refused():
        Release.objects.filter(pk=release.pk).update(**change)


def test_nothing_is_accepted_without_a_receipt_nor_for_others_without_evidence(cast, engagement):
    release = owing.released(cast, engagement)
    answered = {"state": "accepted", "answered_at": NOW, "contact": cast.priya}
    with refused():
        Release.objects.filter(pk=release.pk).update(**answered)
    said = {"state": "changes", "answered_at": NOW, "contact": cast.priya, "remarks": "R"}
    with refused():
        Release.objects.filter(pk=release.pk).update(**said, recorded_by=cast.ada)


def test_nothing_passes_its_own_review_without_a_reason(cast, engagement):
    version = owing.reviewed(owing.planned(engagement, cast.ada), cast.ada, cast.olu)
    review = InternalReview.objects.get(pinned=version)
    with refused():
        InternalReview.objects.filter(pk=review.pk).update(note="Other")
    with refused():
        copy(review, done_by=cast.ada)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "accepted"},
        {"status": "dropped"},
        {"status": "reviewed"},
        {"accepted_at": NOW},
        {"title": ""},
        {"hat": "CEO"},
    ],
    ids=str,
)
def test_no_deliverable_says_what_is_not_so(cast, engagement, change):
    row = owing.planned(engagement, cast.ada)
    with refused():
        Deliverable.objects.filter(pk=row.pk).update(**change)


def test_silence_is_no_answer_where_it_was_not_agreed(cast, engagement):
    release = owing.released(cast, engagement)
    with pytest.raises(accepting.TooEarly):
        accepting.deem(release.pk, make.actor(cast.olu), NOW)
