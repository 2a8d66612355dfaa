"""Packs: opening those of the catalogue, making one's own, and what each of them still misses."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables import kinds, owed, pack_pieces, packs, sharing, writing
from deliverables.models import Pack
from practice import shared_links
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, NotFound, Taken
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

GOVERNANCE = ["DV-05", "DV-11", "DV-12", "DV-13", "DV-10", "DV-09", "DV-08"]
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


def own(engagement, by, *codes, title="Board pack"):
    return packs.make(engagement, title=title, pieces=codes, by=make.actor(by), at=NOW)


def filled(pack, by):
    return pack_pieces.of(pack, by=make.actor(by))


def test_a_pack_of_the_catalogue_is_opened_once_with_its_pieces_in_order(cast, engagement):
    ada = make.actor(cast.ada)
    pack = packs.open_of_catalogue(engagement, key="governance", by=ada, at=NOW)
    assert (pack.key, pack.title, pack.pieces) == ("governance", "AI governance pack", GOVERNANCE)
    with pytest.raises(Taken):
        packs.open_of_catalogue(engagement, key="governance", by=ada, at=NOW)
    assert packs.unopened(engagement) == {"day_90": "Day-90 pack", "eu": "EU pack"}
    assert Event.objects.filter(kind="pack.opened").count() == 1
    with pytest.raises(Invalid):
        packs.open_of_catalogue(engagement, key="unheard", by=ada, at=NOW)


def test_a_pack_of_the_catalogue_cannot_be_changed(cast, engagement):
    ada = make.actor(cast.ada)
    pack = packs.open_of_catalogue(engagement, key="eu", by=ada, at=NOW)
    with pytest.raises(packs.PackOfTheCatalogue):
        packs.change(pack, title="Another", by=ada, at=NOW)


def test_ones_own_pack_is_made_changed_and_removed(cast, engagement):
    ada = make.actor(cast.ada)
    pack = own(engagement, cast.ada, "DV-05", "DV-01", title="  For the  board ")
    assert (pack.key, pack.title, pack.pieces) == ("own", "For the board", ["DV-05", "DV-01"])
    pack = packs.change(pack, title="For the bank", pieces=["DV-01"], by=ada, at=NOW)
    assert (pack.title, pack.pieces, pack.version) == ("For the bank", ["DV-01"], 2)
    packs.remove(pack, by=ada, at=NOW)
    assert not Pack.objects.exists()
    assert [
        event.kind for event in Event.objects.filter(kind__startswith="pack.").order_by("id")
    ] == ["pack.made", "pack.changed", "pack.removed"]


@pytest.mark.parametrize(
    "says",
    [
        {"title": " "},
        {"title": "x" * 121},
        {"pieces": []},
        {"pieces": ["DV-01", "DV-01"]},
        {"pieces": ["DV-99"]},
        {"pieces": ["../etc/passwd"]},
    ],
)
def test_a_pack_needs_a_title_and_known_kinds_each_once(cast, engagement, says):
    told = {"title": "T", "pieces": ["DV-01"], **says}
    with pytest.raises(Invalid) as refused:
        packs.make(engagement, by=make.actor(cast.ada), at=NOW, **told)
    assert list(refused.value.errors) == list(says)


def test_a_kind_of_another_practice_is_no_piece(cast, engagement):
    zoe, ada = make.actor(cast.zoe), make.actor(cast.ada)
    said = {"title": "Theirs", "hat": "CTO", "at": NOW}
    kinds.add(code="THEIRS", by=zoe, **said)
    with pytest.raises(Invalid):
        own(engagement, cast.ada, "THEIRS")
    kinds.add(code="OURS", by=ada, **said | {"title": "Ours"})
    pack = own(engagement, cast.ada, "OURS")
    piece = filled(pack, cast.ada).pieces[0]
    assert (piece.title, piece.hats, piece.missing) == ("Ours", ("CTO",), pack_pieces.NOT_PLANNED)


def test_a_pack_that_was_given_out_stays(cast, engagement):
    ada = make.actor(cast.ada)
    pack = own(engagement, cast.ada, "DV-05")
    link, _ = sharing.share(pack, recipient="An auditor", by=ada, at=NOW)
    shared_links.revoke(link, by=ada, at=NOW)
    with pytest.raises(packs.PackWasShared):
        packs.remove(pack, by=ada, at=NOW)


def test_who_may_not_makes_none_and_who_sees_none_finds_none(cast, engagement):
    says = {"title": "T", "pieces": ["DV-05"], "at": NOW}
    for nobody in (cast.priya, cast.ben, cast.fin):
        with pytest.raises(NotAllowed):
            packs.make(engagement, by=make.actor(nobody), **says)
    with pytest.raises(NotFound):
        packs.make(engagement, by=make.actor(cast.zoe), **says)
    pack = own(engagement, cast.ada, "DV-05")
    with pytest.raises(NotFound):
        packs.change(pack, title="Mine", by=make.actor(cast.zoe), at=NOW)


def test_each_piece_says_what_is_missing_whose_it_is_and_when_it_is_due(cast, engagement):
    due = datetime.date(2026, 4, 1)
    owing.planned(engagement, cast.ada, code="DV-05", owner=cast.olu, due_on=due)
    owing.written(owing.planned(engagement, cast.ada, code="DV-07"), cast.ada, "Policies.")
    owing.released(cast, engagement, code="DV-06", text="Roadmap.")
    accepted = owing.accepted(cast, owing.released(cast, engagement, code="DV-01", text="Map."))
    pack = own(engagement, cast.ada, "DV-05", "DV-07", "DV-06", "DV-01", "DV-02")

    found = filled(pack, cast.ada)

    assert [(piece.code, piece.missing) for piece in found.pieces] == [
        ("DV-05", "Planned, not begun."),
        ("DV-07", "Is being written."),
        ("DV-06", "Waits for the client's answer."),
        ("DV-01", ""),
        ("DV-02", "Not planned in this engagement."),
    ]
    first, second, *_, fourth, fifth = found.pieces
    assert (first.owner, first.due_on) == (cast.olu, due)
    assert second.owner == engagement.lead
    assert (fourth.accepted.pk, fourth.accepted_at) == (accepted.pinned_id, NOW)
    assert (fifth.owner, fifth.due_on) == (None, None)
    assert (found.complete, len(found.missing)) == (False, 4)


def test_of_several_of_one_kind_the_one_accepted_last_counts(cast, engagement):
    first = owing.accepted(cast, owing.released(cast, engagement, text="One."))
    second = owing.released(cast, engagement, text="Two.")
    later = owing.accepted(cast, second, at=NOW + HOUR)
    owing.planned(engagement, cast.ada)
    pack = own(engagement, cast.ada, "DV-05")

    assert filled(pack, cast.ada).pieces[0].accepted.pk == later.pinned_id != first.pinned_id


def test_what_was_accepted_counts_while_its_successor_is_written(cast, engagement):
    done = owing.accepted(cast, owing.released(cast, engagement))
    pack = own(engagement, cast.ada, "DV-05")
    assert filled(pack, cast.ada).pieces[0].rewritten is False
    writing.begin(done.deliverable, text="Newer.", by=make.actor(cast.ada), at=NOW)
    piece = filled(pack, cast.ada).pieces[0]
    assert (piece.accepted.pk, piece.rewritten, piece.missing) == (done.pinned_id, True, "")


def test_what_is_owed_counts_before_what_was_dropped(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    other = owing.planned(engagement, cast.ada)
    owed.drop(other, reason="Twice.", by=make.actor(cast.ada), at=NOW)
    pack = own(engagement, cast.ada, "DV-05")
    assert filled(pack, cast.ada).pieces[0].deliverable == row
    owed.drop(row, reason="Not wanted.", by=make.actor(cast.ada), at=NOW)
    assert filled(pack, cast.ada).pieces[0].missing == "Was dropped from the plan."


def test_another_engagements_work_fills_nothing_here(cast, engagement):
    other = build.engagement(cast, name="Another")
    owing.accepted(cast, owing.released(cast, other))
    pack = own(engagement, cast.ada, "DV-05")
    assert filled(pack, cast.ada).pieces[0].deliverable is None


def test_thirty_packs_are_read_with_as_many_statements_as_one(cast, engagement):
    owing.accepted(cast, owing.released(cast, engagement))
    one = [own(engagement, cast.ada, "DV-05")]
    kinds.add(code="OURS", title="Ours", hat="CTO", by=make.actor(cast.ada), at=NOW)
    many = one + [own(engagement, cast.ada, "DV-05", "OURS", title=f"P{n}") for n in range(29)]
    counts = []
    for asked in ([many[1]], many):
        with CaptureQueriesContext(connection) as seen:
            for found in pack_pieces.of_all(asked, by=make.actor(cast.ada)):
                pack_pieces.told(found)
        counts.append(len(seen))
    assert counts[0] == counts[1] == 2
