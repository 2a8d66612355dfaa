"""In a real browser: a sponsor declines a deputy and says why; a consultant throws away a draft nobody was shown."""

import datetime
import os

from django.utils import timezone

from engagements import deputies
from engagements.models import Charter, Deputy, Engagement, Wearing
from practice.desk import desk
from practice.quarters import local_day
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_assessments import wrong_with
from tests.browser.test_engagements import started
from tests.engagements import build


def shot(page, name: str) -> None:
    """A picture for whoever wants to look, where a folder for it is named."""
    folder = os.environ.get("REMIT_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def named(cast) -> Deputy:
    since = local_day(timezone.now(), "Europe/Lisbon") + datetime.timedelta(days=3)
    return deputies.name(
        Wearing.objects.get(engagement=started(cast), hat="CTO"),
        member=cast.ben,
        since_on=since,
        until_on=since + datetime.timedelta(days=10),
        limit_per_decision=2500,
        by=make.actor(cast.ada),
        at=timezone.now(),
    )


def test_the_sponsor_declines_a_deputy_on_a_phone_and_the_desk_reads_why(cast, visit):
    row = named(cast)
    visitor = visit(PHONE)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/")
    page.get_by_role("link", name="Ben stands in").click()
    page = visitor.settled()
    page.get_by_text("spend at most EUR 2,500 by one decision").wait_for()
    assert wrong_with(page) == []
    shot(page, "deputy-phone")
    page.get_by_label("What should be different?").fill("Somebody we have met, please.")
    page.get_by_role("button", name="Decline").click()
    page.get_by_text("You declined.").wait_for()
    row.refresh_from_db()
    assert (row.status, row.answered_reason) == ("declined", "Somebody we have met, please.")

    visitor = visit()
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(row))
    page.get_by_text("Somebody we have met, please.").wait_for()
    # Nothing is left to do with it.
    for name in ("Accepted elsewhere", "Withdraw"):
        assert page.get_by_role("link", name=name).count() == 0
    shot(page, "deputy-desk")


def test_the_sponsor_agrees_to_a_deputy(cast, visit):
    row = named(cast)
    visitor = visit(DESKTOP)
    visitor.sign_in(cast.priya)
    page = visitor.go("/portal/charters/")
    shot(page, "charters-desktop")
    page.get_by_role("link", name="Read and answer").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    shot(page, "deputy-desktop")
    page.get_by_role("button", name="I agree").click()
    page.get_by_text("You agreed to this deputy.").wait_for()
    row.refresh_from_db()
    assert row.accepted_by == cast.priya


def test_a_draft_is_thrown_away_at_the_desk_after_the_page_said_what_goes(cast, visit):
    row = build.engagement(cast, status="draft")
    visitor = visit(PHONE)
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(row))
    page.get_by_role("link", name="Discard the draft").click()
    page = visitor.settled()
    page.get_by_text("The client has never seen it").wait_for()
    assert wrong_with(page) == []
    shot(page, "discard-phone")
    page.get_by_role("button", name="Discard the draft").click()
    page.get_by_text("The draft is gone.").wait_for()
    assert (Engagement.objects.count(), Charter.objects.count()) == (0, 0)
