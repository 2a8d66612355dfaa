"""A PDF that was handed in is looked through page by page, as pictures, by whoever may have the version and nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables import releasing, reviewing, writing
from deliverables.models import Recipient
from engagements.desk.engagement_page import under
from practice import page_pictures
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW
from tests.practice.hostile_pdfs import NOT_DRAWN, paper

MISSING = "0195d3a0-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr(page_pictures, "PATIENCE", 120)


@pytest.fixture
def row(cast):
    return build.engagement(cast)


@pytest.fixture
def owed(cast, row):
    return owing.planned(row, cast.ada)


def handed_in(cast, owed, content, *, name="map.pdf"):
    by = make.actor(cast.ada)
    return writing.submit(
        writing.upload(owed, name=name, content=content, by=by, at=NOW), by=by, at=NOW
    )


def released(cast, owed, content, **says):
    version = handed_in(cast, owed, content, **says)
    reviewing.pass_on(owed, by=make.actor(cast.olu), at=NOW)
    release = releasing.release(owed, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
    return version, release


def at(release, tail=""):
    return f"/portal/deliverables/{release.pk}/{tail}"


def version_at(owed, name="version", **says):
    told = "&".join(f"{key}={value}" for key, value in {"number": 1, **says}.items())
    return f"{under(owed, name)}?{told}"


def text(response):
    return response.content.decode().replace("&amp;", "&")


def test_a_contact_leafs_through_it_and_every_page_says_which_it_is(cast, page, owed):
    _, release = released(cast, owed, paper("One", "Two", "Three"))
    priya = page(cast.priya)
    told = [text(priya.get(at(release, tail))) for tail in ("", "?page=2", "?page=3", "?page=99")]
    alts = [f'alt="Page {n} of 3 of AI capability map, version 1"' for n in (1, 2, 3, 3)]
    assert [alt in said for alt, said in zip(alts, told, strict=True)] == [True] * 4
    assert ['rel="prev"' in said for said in told] == [False, True, True, True]
    assert ['rel="next"' in said for said in told] == [True, True, False, False]
    assert [word in told[0] for word in ("<iframe", "<embed", "<object")] == [False] * 3
    pictures = [priya.get(at(release, f"page/?page={n}")) for n in (1, 2, 3)]
    assert {one["Content-Type"] for one in pictures} == {"image/webp"}
    assert len({one.content for one in pictures}) == 3
    first = pictures[0]
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["Cache-Control"].startswith("private, no-store")
    assert first["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "99999999999", "301"])
def test_a_page_that_is_not_there_is_not_found(cast, page, owed, number):
    _, release = released(cast, owed, paper("One", "Two", "Three"))
    assert page(cast.priya).get(at(release, f"page/?page={number}")).status_code == 404
    assert page(cast.ada).get(version_at(owed, "page", page=number)).status_code == 404


def test_only_those_who_may_have_the_version_see_its_pages(cast, page, owed):
    _, release = released(cast, owed, paper("One"))
    assert page(cast.priya).get(at(release, "page/")).status_code == 200
    for other in (cast.marta, cast.ravi):
        browser = page(other)
        there, missing = (
            browser.get(at(release, "page/")),
            browser.get(f"/portal/deliverables/{MISSING}/page/"),
        )
        assert (there.status_code, missing.status_code) == (404, 404)
    assert page(cast.olu).get(version_at(owed, "page")).status_code == 200
    for other in (cast.ben, cast.zoe):
        assert page(other).get(version_at(owed, "page")).status_code == 404
    assert page(cast.priya).get(version_at(owed, "page")).status_code == 302


def test_what_was_taken_back_has_no_pages_any_more(cast, page, owed):
    _, release = released(cast, owed, paper("One"))
    priya = page(cast.priya)
    assert priya.get(at(release, "page/")).status_code == 200
    releasing.withdraw(release, by=make.actor(cast.ada), at=NOW)
    assert priya.get(at(release, "page/")).status_code == 404


def test_who_lost_the_account_sees_no_page_that_was_drawn_before(cast, page, owed):
    _, release = released(cast, owed, paper("One"))
    priya = page(cast.priya)
    assert priya.get(at(release, "page/")).status_code == 200
    cast.priya.active = False
    cast.priya.save()
    assert priya.get(at(release, "page/")).status_code in (302, 404)


def test_looking_is_noted_as_opening_once(cast, page, owed):
    _, release = released(cast, owed, paper("One", "Two"))
    priya = page(cast.priya)

    def times():
        return Recipient.objects.get(release=release).times_opened

    priya.head(at(release))
    assert times() == 0
    priya.get(at(release))
    priya.get(at(release, "page/?page=1"))
    priya.get(at(release, "?page=2"))
    priya.get(at(release, "page/?page=2"))
    priya.post(at(release, "tick/"), {"tick": 1}, follow=True)
    assert times() == 1
    priya.get(at(release))
    assert times() == 2


def test_who_asks_for_a_picture_alone_has_opened_it_too(cast, page, owed):
    _, release = released(cast, owed, paper("One"))
    page(cast.priya).get(at(release, "page/"))
    assert Recipient.objects.get(release=release).times_opened == 1
    page(cast.ada).get(version_at(owed, "page"))
    assert Recipient.objects.get(release=release).times_opened == 1


def test_what_cannot_be_drawn_says_so_and_is_no_opening(cast, page, owed):
    _, release = released(cast, owed, NOT_DRAWN["encrypted"]())
    priya, ada = page(cast.priya), page(cast.ada)
    assert "There is no preview of this PDF" in text(priya.get(at(release)))
    assert "There is no preview of this PDF" in text(ada.get(version_at(owed)))
    assert priya.get(at(release, "page/")).status_code == 404
    assert Recipient.objects.get(release=release).times_opened == 0
    assert priya.get(at(release, "file/"))["Content-Disposition"].startswith("attachment")


def test_a_file_of_another_kind_has_no_pages(cast, page, owed):
    _, release = released(cast, owed, b"Area,State\nClaims,Good\n", name="map.csv")
    assert "It is not shown inside this page" in text(page(cast.priya).get(at(release)))
    assert page(cast.priya).get(at(release, "page/")).status_code == 404


def test_a_member_leafs_through_a_version_at_the_desk(cast, page, owed):
    handed_in(cast, owed, paper("One", "Two"))
    ada = page(cast.ada)
    said = text(ada.get(version_at(owed, page=2)))
    assert 'alt="Page 2 of 2 of AI capability map, version 1"' in said
    assert 'href="?number=1&page=1#pages"' in said
    assert ada.get(version_at(owed, "page", page=2))["Content-Type"] == "image/webp"


def test_a_page_costs_the_same_queries_wherever_it_stands_and_however_many_there_are(
    cast, page, row, owed
):
    _, short = released(cast, owed, paper("One"))
    other = owing.planned(row, cast.ada, code="DV-06")
    _, long = released(cast, other, paper(*["Page"] * 30))
    priya, ada = page(cast.priya), page(cast.ada)

    def asked(browser, path):
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    assert asked(priya, at(short)) == asked(priya, at(long))
    assert asked(priya, at(short, "?page=1")) == asked(priya, at(long, "?page=17"))
    assert asked(priya, at(short, "page/")) == asked(priya, at(long, "page/?page=17"))
    assert asked(ada, version_at(owed)) == asked(ada, version_at(other, page=17))
    assert asked(ada, version_at(owed, "page")) == asked(ada, version_at(other, "page", page=17))
