"""Packs in a real browser: at the desk and behind a link, on a desk and on a phone."""

import datetime

import pytest
from playwright.sync_api import expect

from deliverables import packs
from deliverables.models import PackShare
from engagements.desk.engagement_page import under
from practice.desk import desk
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def pack(cast):
    engagement = build.engagement(cast)
    owing.accepted(cast, owing.released(cast, engagement))
    owing.planned(engagement, cast.ada, code="DV-11", due_on=datetime.date(2026, 3, 20))
    ada = make.actor(cast.ada)
    return packs.open_of_catalogue(engagement, key="governance", by=ada, at=NOW)


def looked_at(page, name):
    assert not page.evaluate(SIDEWAYS), name


@SIZES
def test_a_pack_is_read_shared_and_taken_back(cast, pack, visit, size):
    visitor = visit(size)
    kind = "phone" if size == PHONE else "desktop"
    visitor.sign_in(cast.ada)
    page = visitor.go(under(pack.engagement, "packs"))
    looked_at(page, f"packs-{kind}")
    looked_at(visitor.go(under(pack.engagement, "open-pack")), f"open-{kind}")
    looked_at(visitor.go(under(pack.engagement, "make-pack")), f"make-{kind}")
    page = visitor.go(under(pack, "share"))
    page.get_by_label("For whom").fill("Nora Feld, Feld Audit")
    looked_at(page, f"share-{kind}")
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Address").input_value()
    looked_at(page, f"link-{kind}")
    outside = visit(size)
    behind = outside.go(address.removeprefix("http://").partition("/")[2].join(["/", ""]))
    expect(behind.get_by_role("heading", name="AI governance pack")).to_be_visible()
    looked_at(behind, f"public-{kind}")
    page = visitor.go(desk.page_of(pack))
    expect(page.get_by_text("6 missing")).to_be_visible()
    looked_at(page, f"pack-{kind}")
    page.get_by_role("link", name="Revoke the link for Nora Feld, Feld Audit").click()
    page = visitor.settled()
    expect(page.get_by_role("button", name="Revoke")).to_be_visible()
    looked_at(page, f"revoke-{kind}")
    page.get_by_role("button", name="Revoke").click()
    page = visitor.settled()
    expect(page.get_by_text("Revoked", exact=True)).to_be_visible()
    assert PackShare.objects.get().views == 1
    looked_at(visitor.go(desk.page_of(PackShare.objects.get())), f"share-row-{kind}")
    looked_at(visitor.go("/desk/deliverables/packshare/"), f"shares-{kind}")
    looked_at(visitor.go("/desk/deliverables/pack/"), f"all-packs-{kind}")
