"""A link to a version is for one person and one version, for five minutes, and asks again each time it is used."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from deliverables import releasing, reviewing, writing
from deliverables.models import DeliverableVersion, Recipient
from practice import access, assignments, contacts, file_links, identity, keys, members
from practice.models import ApiKey, Assignment
from practice.refusals import NotAllowed, NotFound
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW
from tests.practice.hostile_pdfs import paper


@pytest.fixture
def row(cast):
    return build.engagement(cast)


@pytest.fixture
def release(cast, row):
    return owing.released(cast, row)


@pytest.fixture
def link(api):
    """The path of a link to a version, made over the API by this caller."""

    def made(who, version):
        answer = api(who).post(f"deliverable-versions/{version.pk}/link/")
        assert answer.status_code == 200
        return answer.json()["url"].removeprefix(settings.REMIT_URL)

    return made


def gone(answer):
    return answer.status_code == 404


def test_it_gives_a_text_to_be_saved_and_notes_that_it_was_opened(cast, page, link, release):
    path, priya = link(cast.priya, release.pinned), page(cast.priya)
    assert Recipient.objects.get(release=release).times_opened == 0

    answer = priya.get(path)
    assert (answer.status_code, answer.content.decode()) == (200, owing.TEXT)
    assert answer["Content-Disposition"] == 'attachment; filename="DV-05-version-1.md"'
    priya.head(path)
    assert Recipient.objects.get(release=release).times_opened == 1


def test_it_gives_a_file_also_in_parts(cast, page, link, row):
    planned, by, content = owing.planned(row, cast.ada), make.actor(cast.ada), paper("One")
    version = writing.upload(planned, name="map.pdf", content=content, by=by, at=NOW)
    writing.submit(version, by=by, at=NOW)
    reviewing.pass_on(planned, by=make.actor(cast.olu), at=NOW)
    release = releasing.release(planned, to=[cast.priya], by=by, at=NOW)
    path, priya = link(cast.priya, version), page(cast.priya)

    whole, part = priya.get(path), priya.get(path, headers={"Range": "bytes=20-"})
    assert (whole.status_code, whole.content) == (200, content)
    assert whole["Content-Disposition"] == 'attachment; filename="map.pdf"'
    assert whole["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (part.status_code, part.content) == (206, content[20:])
    assert Recipient.objects.get(release=release).times_opened == 1


def test_it_is_for_whoever_asked_and_for_nobody_else(cast, page, link, release):
    path = link(cast.priya, release.pinned)
    for other in (cast.marta, cast.ravi, cast.ada, cast.olu, cast.zoe):
        assert gone(page(other).get(path))
    assert gone(Browser().get(path))
    assert page(cast.priya).get(path).status_code == 200
    # A key's works by itself, like the key.
    assert Browser().get(link(cast.bot, release.pinned)).status_code == 200


def test_nobody_gets_one_to_what_they_may_not_read(cast, api, row, release):
    draft = owing.written(owing.planned(row, cast.ada, code="DV-06"), cast.ada)
    before, never = release.pinned, draft

    def asked(who, version):
        return api(who).post(f"deliverable-versions/{version.pk}/link/").status_code

    assert [asked(who, before) for who in (cast.marta, cast.ravi, cast.ben, cast.zoe, None)] == [
        *[404] * 4,
        401,
    ]
    assert [asked(who, never) for who in (cast.priya, cast.marta, cast.ada)] == [404, 404, 200]
    priya, clock = identity.actor(cast.priya, "portal"), access.system(cast.practice.pk)
    with pytest.raises(NotFound):
        file_links.link("deliverable_version", never.pk, by=priya, at=NOW)
    with pytest.raises(NotAllowed):
        file_links.link("deliverable_version", before.pk, by=clock, at=NOW)


def test_what_was_taken_back_is_not_behind_it_any_more(cast, page, link, release):
    path, priya = link(cast.priya, release.pinned), page(cast.priya)
    assert priya.get(path).status_code == 200
    releasing.withdraw(release, by=make.actor(cast.ada), at=NOW)
    assert gone(priya.get(path))


def test_a_contact_who_ended_replays_it_in_vain(cast, page, link, release):
    path, priya = link(cast.priya, release.pinned), page(cast.priya)
    assert priya.get(path).status_code == 200
    contacts.change(cast.priya, active=False, by=make.actor(cast.olu), at=NOW)
    assert gone(priya.get(path))


def test_a_member_who_left_or_is_no_longer_assigned_replays_it_in_vain(cast, page, link, release):
    path, ada = link(cast.ada, release.pinned), page(cast.ada)
    assert ada.get(path).status_code == 200
    for assignment in Assignment.objects.filter(member=cast.ada, client=cast.orchard):
        assignments.withdraw(assignment, by=make.actor(cast.olu), at=NOW)
    assert gone(ada.get(path))

    path, olu = link(cast.olu, release.pinned), page(cast.olu)
    make.member(cast.practice, make.user("second@lantern.test", "Olu"), "owner")
    assert olu.get(path).status_code == 200
    members.change(cast.olu, active=False, by=make.actor(cast.olu), at=NOW)
    assert gone(olu.get(path))


def test_a_key_that_was_revoked_replays_it_in_vain(cast, link, release):
    path = link(cast.bot, release.pinned)
    assert Browser().get(path).status_code == 200
    keys.revoke(ApiKey.objects.get(name="Bot"), by=make.actor(cast.olu), at=NOW)
    assert gone(Browser().get(path))


def test_after_five_minutes_there_is_nothing(cast, page, release):
    by, now, priya = identity.actor(cast.priya, "portal"), timezone.now(), page(cast.priya)

    def path(at):
        made = file_links.link("deliverable_version", release.pinned_id, by=by, at=at)
        assert made.expires_at - at <= timedelta(minutes=5)
        return made.url.removeprefix(settings.REMIT_URL)

    assert gone(priya.get(path(now - file_links.LIVES)))
    assert priya.get(path(now)).status_code == 200


def test_a_version_s_link_gives_no_other_thing_with_that_id(cast, page, link, release):
    """What it is about is signed with it: neither kind nor id can be exchanged."""
    path = link(cast.ada, release.pinned)
    assert DeliverableVersion.objects.filter(pk=release.pinned_id).exists()
    for bent in (path[:-3] + "AA/", path.replace(":", ";"), path[:-1] + "x/"):
        assert gone(page(cast.ada).get(bent))
