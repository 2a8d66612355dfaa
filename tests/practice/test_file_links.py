"""F2: a link gives one file to one actor for five minutes, and asks anew whether it still may."""

import datetime
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client as Browser
from django.utils import timezone

from practice import assignments, file_links, files, identity, keys, members, rows
from practice.file_links import KINDS, LIVES, SALT, Linked
from practice.models import ApiKey, Assignment, Contact, Member, StoredFile
from practice.refusals import NotAllowed, NotFound
from tests import make
from tests.make import NOW
from tests.practice.test_files import PDF, keep


@pytest.fixture
def stored(cast) -> StoredFile:
    return keep(cast.orchard, cast.ada, commercial=False)


@pytest.fixture
def link(api, stored):
    """The path that somebody is given over the API."""

    def made(who, row=stored) -> str:
        answer = api(who).post(f"files/{row.pk}/link/")
        assert answer.status_code == 200
        return answer.json()["url"].removeprefix(settings.REMIT_URL)

    return made


@pytest.fixture
def for_contacts(monkeypatch):
    """A kind of thing with a file that contacts read, as apps above contribute them."""
    monkeypatch.setitem(KINDS._entries, "letter", Linked(find=_letter))


def _letter(actor, id) -> StoredFile:
    found = StoredFile.objects.filter(pk=id, client_id=actor.client_id).first()
    if actor.role != "sponsor" or found is None:
        raise NotFound
    return found


def gone(answer) -> bool:
    """Just what an address answers that never was one."""
    nobody = Browser().get("/files/never-a-link/")
    return (answer.status_code, answer.content) == (404, nobody.content)


def test_a_link_says_when_it_ends_and_gives_the_file_as_the_api_does(cast, api, page, stored):
    before = timezone.now()
    told = api(cast.ada).post(f"files/{stored.pk}/link/").json()

    ends = datetime.datetime.fromisoformat(told["expires_at"])
    assert set(told) == {"url", "expires_at"}
    assert timedelta(minutes=4, seconds=58) < ends - before <= LIVES + timedelta(seconds=2)
    answer = page(cast.ada).get(told["url"].removeprefix(settings.REMIT_URL))
    same = api(cast.ada).get(f"files/{stored.pk}/content/")
    assert (answer.status_code, answer.content, answer["ETag"]) == (200, PDF, same["ETag"])
    assert answer["Content-Disposition"] == same["Content-Disposition"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_key_s_link_works_by_itself_and_a_person_s_only_for_that_person(cast, page, link):
    assert Browser().get(link(cast.bot)).content == PDF

    path = link(cast.ada)
    assert page(cast.ada).get(path).content == PDF
    assert gone(Browser().get(path))
    assert gone(page(cast.olu).get(path))
    assert gone(page(cast.priya).get(path))
    assert gone(page(cast.zoe).get(path))


def test_a_link_gives_parts_and_answers_head(cast, link):
    path = link(cast.bot)

    part = Browser().get(path, headers={"Range": "bytes=1-3"})
    head = Browser().head(path)
    assert (part.status_code, part.content) == (206, b"PDF")
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(len(PDF)), b"")
    assert Browser().post(path).status_code == 405


def test_nobody_gets_a_link_to_what_they_may_not_have(cast, api, stored):
    path = f"files/{stored.pk}/link/"

    statuses = [api(who).post(path).status_code for who in (cast.ben, cast.priya, cast.zoe, None)]
    assert statuses == [404, 403, 404, 401]
    assert api(cast.ada).post(path, {"minutes": 60}).status_code == 400
    with pytest.raises(NotAllowed):
        file_links.link("file", stored.pk, by=rows.access.system(cast.practice.pk), at=NOW)


def test_a_member_who_left_replays_a_link_in_vain(cast, page, link):
    browser, path = page(cast.ada), link(cast.ada)
    assert browser.get(path).status_code == 200

    members.change(cast.ada, active=False, by=make.actor(cast.olu), at=NOW)

    assert gone(browser.get(path))


def test_a_login_that_was_closed_replays_a_link_in_vain(cast, page, link):
    browser, path = page(cast.ada), link(cast.ada)

    type(cast.ada.user).objects.filter(pk=cast.ada.user_id).update(is_active=False)

    assert gone(browser.get(path))


def test_whoever_is_no_longer_assigned_replays_a_link_in_vain(cast, page, link):
    browser, path = page(cast.ada), link(cast.ada)

    for assignment in Assignment.objects.filter(member=cast.ada, client=cast.orchard):
        assignments.withdraw(assignment, by=make.actor(cast.olu), at=NOW)

    assert gone(browser.get(path))


def test_whoever_no_longer_sees_fees_replays_a_link_in_vain(cast, page, link):
    browser = page(cast.ada)
    path = link(cast.ada, keep(cast.orchard, cast.ada, commercial=True))
    assert browser.get(path).status_code == 200

    members.change(cast.ada, role=Member.Role.ASSOCIATE, by=make.actor(cast.olu), at=NOW)

    assert gone(browser.get(path))


def test_a_key_that_was_revoked_has_expired_or_lost_its_scope_replays_a_link_in_vain(cast, link):
    def without(**change) -> bool:
        path = link(make.key(cast.practice, "Short", ("read",)))
        key = ApiKey.objects.get(name="Short")
        assert Browser().get(path).status_code == 200
        ApiKey.objects.filter(pk=key.pk).update(name="Old", **change)
        return gone(Browser().get(path))

    assert without(expires_at=timezone.now())
    assert without(scopes=[])
    assert without(client=cast.quarry)
    path = link(cast.bot)
    keys.revoke(ApiKey.objects.get(name="Bot"), by=make.actor(cast.olu), at=NOW)
    assert gone(Browser().get(path))


def test_a_contact_who_ended_replays_a_link_in_vain(cast, page, stored, for_contacts):
    def path(who) -> str:
        by = identity.actor(who, "portal")
        made = file_links.link("letter", stored.pk, by=by, at=timezone.now())
        return made.url.removeprefix(settings.REMIT_URL)

    browser, address = page(cast.priya), path(cast.priya)
    assert browser.get(address).content == PDF
    with pytest.raises(NotFound):
        path(cast.marta)
    with pytest.raises(NotFound):
        path(cast.ravi)

    Contact.objects.filter(pk=cast.priya.pk).update(active=False)

    assert gone(browser.get(address))


def test_a_link_is_for_the_place_it_was_made_in(cast, page, api, link):
    other = make.member(cast.other_practice, cast.ada.user, "owner")
    path = link(cast.ada)

    assert gone(page(other).get(path))
    assert page(cast.ada).get(path).status_code == 200


def test_after_five_minutes_or_signing_out_there_is_nothing(cast, page, stored):
    by, now = identity.actor(cast.ada, "desk"), timezone.now()
    late = file_links.link("file", stored.pk, by=by, at=now - LIVES)
    browser = page(cast.ada)
    in_time = file_links.link("file", stored.pk, by=by, at=now)

    assert gone(browser.get(late.url.removeprefix(settings.REMIT_URL)))
    path = in_time.url.removeprefix(settings.REMIT_URL)
    assert browser.get(path).status_code == 200
    browser.logout()
    assert gone(browser.get(path))


def test_no_link_can_be_forged_bent_or_borrowed_from_another_use(cast, link, stored):
    token = link(cast.bot).removeprefix("/files/").rstrip("/")
    told = signing.Signer(salt=SALT).unsign_object(token)
    other = keep(cast.quarry, cast.olu)
    elsewhere = files.keep(
        cast.zoes_client, name="a.pdf", content=PDF, by=make.actor(cast.zoe), at=NOW
    )
    bent = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        "A" + token[1:],
        token.rpartition(":")[0],
        signing.Signer(salt="invitation").sign_object(told),
        signing.Signer(key="guessed", salt=SALT).sign_object(told),
        # Even rightly signed, a link asks about what it names.
        signing.Signer(salt=SALT).sign_object(told | {"k": "unheard-of"}),
        signing.Signer(salt=SALT).sign_object(told | {"i": str(elsewhere.pk)}),
        signing.Signer(salt=SALT).sign_object(told | {"i": str(make.uuid(1))}),
        signing.Signer(salt=SALT).sign_object(told | {"c": "system:None"}),
        "%00",
        "é",
        "x" * 2_000,
    ]

    assert [text for text in bent if not gone(Browser().get(f"/files/{text}/"))] == []
    assert other.client_id == cast.quarry.pk


def test_bytes_that_were_changed_are_a_sentence_and_no_file(cast, link, stored, files_folder):
    path = link(cast.bot)
    (files_folder / stored.stored_as).write_bytes(PDF.replace(b"1 0", b"2 0"))

    answer = Browser(raise_request_exception=False).get(path)

    assert answer.status_code == 500
    assert "not those that were handed in" in answer.content.decode()
    assert b"%PDF" not in answer.content
