"""Links to a pack for people without an account: how they end, what they show, and how often they were looked at."""

import datetime
import io
import zipfile
from functools import partial

import pytest
from django.test import Client as Browser

from deliverables import pack_files, packs, sharing, writing
from deliverables.models import DeliverableVersion, PackShare
from practice import keys, shared_links
from practice.models import Event
from practice.refusals import Invalid, NotAllowed, NotFound
from tests import make
from tests.deliverables import owing
from tests.doors import crowd
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
FAR = datetime.timedelta(days=36_500)


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def pack(cast, engagement):
    owing.accepted(cast, owing.released(cast, engagement, text="# Accepted\n"))
    owing.released(cast, engagement, code="DV-06", text="CANARY")
    pieces = ["DV-05", "DV-06"]
    return packs.make(engagement, title="Evidence", pieces=pieces, by=make.actor(cast.ada), at=NOW)


def shared(pack, by, **says):
    told = {"recipient": "An auditor", "at": NOW, **says}
    link, address = sharing.share(pack, by=make.actor(by), **told)
    return link, address.removesuffix("/").rpartition("/")[2]


def lasting(pack, by):
    """One that lives whatever the clock says."""
    link, token = shared(pack, by)
    PackShare.objects.filter(pk=link.pk).update(expires_at=NOW + FAR)
    return link, f"/packs/{token}/"


def test_only_the_hash_of_a_token_is_kept_and_it_ends_in_a_fortnight(cast, pack):
    link, token = shared(pack, cast.ada)
    assert (link.token_hash, len(token)) == (keys.digest(token), 43)
    assert link.expires_at == NOW + 14 * DAY
    assert link.made_by == cast.ada
    assert sharing.find(token, at=NOW).pk == link.pk
    event = Event.objects.get(kind="pack_share.made")
    assert token not in str(event.after)
    assert event.after["recipient"] == "(personal)"
    assert "token_hash" not in event.after


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_a_link_ends_in_the_future_and_within_ninety_days(cast, pack, days):
    with pytest.raises(Invalid):
        shared(pack, cast.ada, expires_at=NOW + days * DAY)


def test_a_link_says_for_whom_it_is(cast, pack):
    for name in (" ", "x" * 201):
        with pytest.raises(Invalid):
            shared(pack, cast.ada, recipient=name)


def test_who_may_not_share_makes_no_link(cast, pack):
    for nobody in (cast.ben, cast.fin, cast.priya):
        with pytest.raises(NotAllowed):
            shared(pack, nobody)
    with pytest.raises(NotFound):
        shared(pack, cast.zoe)


def test_so_many_links_are_open_at_a_time(cast, pack, monkeypatch):
    monkeypatch.setattr(shared_links, "MOST_OPEN", 2)
    first, _ = shared(pack, cast.ada)
    shared(pack, cast.ada)
    with pytest.raises(sharing.TooManyLinks):
        shared(pack, cast.ada)
    shared_links.revoke(first, by=make.actor(cast.ada), at=NOW)
    shared(pack, cast.ada)


def test_a_link_that_expired_was_revoked_or_never_was_is_not_there(cast, pack):
    link, token = shared(pack, cast.ada)
    for wrong, at in ((token, NOW + 14 * DAY), ("x" * 43, NOW), ("", NOW)):
        with pytest.raises(NotFound):
            sharing.find(wrong, at=at)
    shared_links.revoke(link, by=make.actor(cast.olu), at=NOW)
    assert shared_links.revoke(link, by=make.actor(cast.olu), at=NOW).version == 2
    with pytest.raises(NotFound):
        sharing.find(token, at=NOW)
    with pytest.raises(NotFound):
        shared_links.view(link, at=NOW)


def test_the_page_answers_one_and_the_same_for_every_link_that_does_not_work(cast, pack):
    browser, told = Browser(), set()
    _, ended = shared(pack, cast.ada)
    revoked, address = lasting(pack, cast.ada)
    shared_links.revoke(revoked, by=make.actor(cast.ada), at=NOW)
    version = DeliverableVersion.objects.order_by("id")[0]
    for path in (f"/packs/{ended}/", address, f"/packs/{'x' * 43}/"):
        for below in ("", "archive/", f"files/{version.pk}/"):
            answer = browser.get(path + below)
            told.add((answer.status_code, answer.content, answer["Cache-Control"]))
    assert {(status, kept) for status, _, kept in told} == {(404, "private, no-store")}
    assert len(told) == 1


def test_the_page_lists_what_was_accepted_and_nothing_else(cast, pack):
    _, address = lasting(pack, cast.ada)
    answer = Browser().get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert ("AI capability map" in page, "CANARY" in page) == (True, False)
    assert page.count("Not accepted yet.") == 1
    assert "<script" not in page
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert not answer.cookies


def test_files_and_archive_are_saved_and_never_shown(cast, pack):
    _, address = lasting(pack, cast.ada)
    version = DeliverableVersion.objects.get(deliverable__code="DV-05")
    file = Browser().get(f"{address}files/{version.pk}/")
    whole = Browser().get(f"{address}archive/")
    raw = whole.content
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert "files/01-dv-05-ai-capability-map-v1.md" in archive.namelist()
    assert (file.content, whole["Content-Length"]) == (b"# Accepted\n", str(len(raw)))
    for answer in (file, whole):
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"


def test_a_large_archive_is_sent_from_its_file(cast, pack, monkeypatch):
    _, address = lasting(pack, cast.ada)
    small = Browser().get(f"{address}archive/").content
    monkeypatch.setattr(pack_files, "SPOOLED", 100)
    large = Browser().get(f"{address}archive/")
    assert (large.streaming, b"".join(large.streaming_content)) == (True, small)
    large.close()


def test_a_version_that_was_not_accepted_or_is_of_another_pack_is_not_there(cast, engagement, pack):
    _, address = lasting(pack, cast.ada)
    row = DeliverableVersion.objects.get(deliverable__code="DV-05").deliverable
    draft = writing.begin(row, text="CANARY", by=make.actor(cast.ada), at=NOW)
    waits = DeliverableVersion.objects.get(deliverable__code="DV-06")
    other = owing.accepted(cast, owing.released(cast, engagement, code="DV-07", text="Other."))
    theirs = build.engagement(cast, client=cast.zoes_client, lead=cast.zoe)
    foreign = owing.written(owing.planned(theirs, cast.zoe), cast.zoe)
    for version in (draft.pk, waits.pk, other.pinned_id, foreign.pk, make.uuid(7)):
        assert Browser().get(f"{address}files/{version}/").status_code == 404


def test_a_newer_accepted_version_takes_the_place_of_the_older(cast, pack):
    _, address = lasting(pack, cast.ada)
    first = DeliverableVersion.objects.get(deliverable__code="DV-05")
    later = owing.accepted(
        cast, owing.released(cast, pack.engagement, text="Two."), at=NOW + DAY
    ).pinned_id
    browser = Browser()
    assert browser.get(f"{address}files/{first.pk}/").status_code == 404
    assert browser.get(f"{address}files/{later}/").content == b"Two."


def test_each_look_is_counted_and_taking_files_is_not_another_one(cast, pack):
    link, address = lasting(pack, cast.ada)
    version = DeliverableVersion.objects.get(deliverable__code="DV-05")
    browser = Browser()
    for path in ("", "", f"files/{version.pk}/"):
        browser.get(address + path)
    browser.head(address)
    browser.get(f"{address}archive/")
    link.refresh_from_db()
    assert (link.views, link.last_viewed_at is not None) == (2, True)
    assert Event.objects.filter(kind="pack_share.viewed", subject_id=link.pk).count() == 2


def test_nothing_but_looking_is_done_there(cast, pack):
    _, address = lasting(pack, cast.ada)
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(Browser(), method)(address).status_code == 405


def test_a_link_works_on_after_the_engagement_and_the_client_have_left(cast, pack):
    _, address = lasting(pack, cast.ada)
    type(pack.engagement).objects.filter(pk=pack.engagement_id).update(
        status="ended", ended_on=NOW.date(), end_reason="Done."
    )
    type(pack.client).objects.filter(pk=pack.client_id).update(status="former")
    assert Browser().get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_thirty_looks_at_once_are_thirty(cast, pack):
    link, _ = lasting(pack, cast.ada)
    with crowd.a_database_for_threads():
        crowd.at_once([partial(shared_links.view, link, at=NOW + DAY)] * 30, threads=8)
        link = PackShare.objects.get(pk=link.pk)
        events = Event.objects.filter(kind="pack_share.viewed").count()
    assert (link.views, events, link.last_viewed_at) == (30, 30, NOW + DAY)
