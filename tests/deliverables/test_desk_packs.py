"""Packs at the desk over HTTP: those of an engagement, one with what it misses, its archive, its links."""

import datetime
import re

import pytest
from django.test import Client as Browser

from deliverables import packs, sharing
from deliverables.models import Pack, PackShare
from engagements.desk.engagement_page import under
from practice.desk import desk
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def pack(cast, engagement):
    owing.accepted(cast, owing.released(cast, engagement))
    owing.planned(engagement, cast.ada, code="DV-06", due_on=datetime.date(2026, 3, 1))
    pieces = ["DV-05", "DV-06", "DV-07"]
    return packs.make(engagement, title="Evidence", pieces=pieces, by=make.actor(cast.ada), at=NOW)


def text(answer) -> str:
    return answer.content.decode()


def test_a_pack_of_the_catalogue_is_opened_on_the_engagements_page(cast, engagement, page):
    ada = page(cast.ada)
    assert "No pack is open" in text(ada.get(under(engagement, "packs")))
    answer = ada.post(under(engagement, "open-pack"), {"key": "governance"})
    pack = Pack.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, desk.page_of(pack))
    listed = text(ada.get(under(engagement, "packs")))
    assert ("AI governance pack" in listed, "0 of 7" in listed) == (True, True)
    assert "governance" not in text(ada.get(under(engagement, "open-pack"))).partition("<form")[2]


def test_ones_own_pack_is_made_and_changed_keeping_its_order(cast, engagement, page):
    ada = page(cast.ada)
    ada.post(under(engagement, "make-pack"), {"title": "Bank", "pieces": ["DV-05", "DV-01"]})
    pack = Pack.objects.get()
    by = {"by": make.actor(cast.ada), "at": NOW}
    packs.change(pack, pieces=["DV-05", "DV-01"], **by)
    said = {"title": "The bank", "pieces": ["DV-01", "DV-02", "DV-05"]}
    assert ada.post(under(pack, "edit"), said).status_code == 302
    pack.refresh_from_db()
    assert (pack.title, pack.pieces) == ("The bank", ["DV-05", "DV-01", "DV-02"])


def test_its_page_says_what_is_missing_whose_it_is_and_since_when(cast, pack, page):
    told = text(page(cast.ada).get(desk.page_of(pack)))
    for words in ("2 missing", "Planned, not begun.", "Overdue", "1 Mar 2026", "1 of 3 accepted"):
        assert words in told


def test_the_archive_is_taken_from_it(cast, pack, page):
    answer = page(cast.ada).get(under(pack, "archive"))
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="evidence.zip"'


def test_an_address_is_shown_once_and_works_until_it_is_revoked(cast, pack, page):
    ada = page(cast.ada)
    answer = ada.post(under(pack, "share"), {"recipient": "An auditor"})
    address = re.search(r"/packs/[\w-]{43}/", text(answer))[0]
    assert "no-store" in answer["Cache-Control"]
    assert Browser().get(address).status_code == 200
    listed = text(ada.get(desk.page_of(pack)))
    assert ("An auditor" in listed, address in listed) == (True, False)
    link = PackShare.objects.get()
    assert ada.get(desk.page_of(link)).status_code == 200
    assert ada.post(under(link, "revoke")).status_code == 302
    assert Browser().get(address).status_code == 404


def test_a_link_that_would_last_too_long_says_so_on_its_field(cast, pack, page):
    said = {"recipient": "An auditor", "expires_at": "2099-01-01T00:00"}
    answer = page(cast.ada).post(under(pack, "share"), said)
    assert "within 90 days" in str(answer.context["form"].errors["expires_at"])


def test_a_pack_nobody_has_is_removed_and_one_that_was_shared_is_not(cast, pack, page):
    ada = page(cast.ada)
    other = packs.make(
        pack.engagement, title="Other", pieces=["DV-01"], by=make.actor(cast.ada), at=NOW
    )
    answer = ada.post(under(other, "remove"))
    assert answer["Location"] == under(pack.engagement, "packs")
    sharing.share(pack, recipient="An auditor", by=make.actor(cast.ada), at=NOW)
    assert ada.post(under(pack, "remove")).status_code == 200
    assert Pack.objects.get() == pack


def test_an_associate_reads_and_downloads_and_cannot_share(cast, pack, page):
    make.assignment(cast.ben, cast.orchard, "CTO")
    ben = page(cast.ben)
    told = text(ben.get(desk.page_of(pack)))
    assert ("Download" in told, "Share" in told.partition("rm-acts")[2]) == (True, False)
    for path in (under(pack, "share"), under(pack, "edit"), under(pack.engagement, "make-pack")):
        assert ben.get(path).status_code == 404


def test_somebody_of_another_practice_finds_nothing(cast, pack, page):
    zoe = page(cast.zoe)
    for path in (desk.page_of(pack), under(pack, "archive"), under(pack.engagement, "packs")):
        assert zoe.get(path).status_code == 404
