"""Engagements in a real browser: a move proposed at the desk and agreed in the portal, and pages on a phone."""

import datetime

import pytest
from django.utils import timezone

from engagements import contracts, moves
from engagements.models import Move, Stage
from practice.desk import desk
from practice.quarters import local_day
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_assessments import under, wrong_with
from tests.engagements import build


def started(cast, **how):
    since = local_day(timezone.now(), "Europe/Lisbon") - datetime.timedelta(days=40)
    return build.engagement(cast, starts_on=since, **how)


def dearer(cast, row) -> Move:
    return moves.propose(
        row,
        to_point="RETAINER_HIGH",
        effective_on=local_day(timezone.now(), "Europe/Lisbon"),
        reason="Claims go live.",
        fee_amount="28000",
        by=make.actor(cast.ada),
        at=timezone.now(),
    )


def test_a_move_is_proposed_at_the_desk_and_agreed_in_the_portal(cast, visit):
    row = started(cast)
    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(row))
    page.get_by_role("link", name="Propose a move").click()
    page = visitor.settled()
    page.get_by_role("link", name="High-intensity retainer").click()
    page = visitor.settled()
    page.get_by_label("Why").fill("Claims go live.")
    page.get_by_label("Amount").fill("28000")
    page.get_by_role("button", name="See what changes").click()
    page = visitor.settled()
    page.get_by_text("The sponsor has to agree").wait_for()
    page.get_by_role("cell", name="EUR 28,000 a month").wait_for()
    assert Move.objects.count() == 0
    page.get_by_role("button", name="Propose the move").click()
    page.wait_for_url("**/change/")

    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/")
    page.get_by_role("link", name="Step up: High-intensity retainer for Two hats").click()
    page.get_by_text("EUR 20,000 a month").wait_for()
    page.get_by_role("button", name="I agree").click()
    page.wait_for_url("**/portal/where/")
    assert Stage.objects.get(until_on=None).point == "RETAINER_HIGH"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_an_engagement_can_be_read_on_a_phone_and_without_eyes(cast, visit, scheme):
    row = started(cast)
    draft = build.engagement(cast, name="Next", status="draft")
    move = dearer(cast, row)
    how = {"by": make.actor(cast.ada), "at": timezone.now()}
    version = contracts.offer(contracts.draft(row, title="Letter", **how), **how)
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.ada)
    paths = [
        *map(desk.page_of, (row, draft, move, version, cast.orchard)),
        under(draft, "move") + "?to=SPRINT",
        *(under(row, name) for name in ("wear", "state-test", "end", "handover")),
        under(draft, "activate"),
        under(move, "on-behalf"),
        "/desk/engagements/engagement/add/",
    ]
    wrong = {path: found for path in paths if (found := wrong_with(visitor.go(path)))}
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.priya)
    portal = ("/portal/", "/portal/where/", f"/portal/moves/{move.pk}/")
    for path in (*portal, f"/portal/contracts/{version.pk}/"):
        if found := wrong_with(visitor.go(path)):
            wrong[path] = found
    assert wrong == {}
