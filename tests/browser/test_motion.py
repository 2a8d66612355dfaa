"""The agenda in motion in a real browser: the inbox, one's own reminders and feeds, webhooks, and what was given up."""

import datetime
import ipaddress
import urllib.request

import pytest
from django.db import transaction
from django.utils import timezone

from practice import agenda, clients, notices, preferences
from practice.desk import desk
from practice.digests import stop_link
from practice.hooks import delivering, subscriptions, taking
from practice.models import AgendaEntry, Delivery, Feed, Notice, Preference, Webhook
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_assessments import wrong_with
from tests.practice.receiving import receiver

DAY = datetime.timedelta(days=1)


def told(place, title: str, number: int = 1, **facts) -> Notice:
    """A notice that was sent to somebody and stands in their inbox."""
    kind = "member" if place._meta.model_name == "member" else "contact"
    return Notice.objects.create(
        practice=place.practice,
        channel="mail",
        kind="entry_due",
        subject_id=make.uuid(number),
        occurrence="once",
        recipient=f"{kind}:{place.pk}",
        address=place.user.email,
        due_at=timezone.now(),
        created_at=timezone.now(),
        **{"status": "done", "done_at": timezone.now(), "title": title, **facts},
    )


def owed(cast, title: str = "Strategy review: Two hats") -> AgendaEntry:
    """Of a kind that people say is done, by the end of a day ten days ahead."""
    with transaction.atomic():
        return agenda.plan(
            "strategy_review",
            subject_id=make.uuid(7),
            practice_id=cast.practice.pk,
            client_id=cast.orchard.pk,
            owner_id=cast.ada.pk,
            due_at=timezone.now() + 10 * DAY,
            title=title,
            all_day=True,
            time_zone="Europe/Lisbon",
            at=timezone.now(),
        )


@pytest.mark.parametrize(("who", "site"), [("ada", "desk"), ("priya", "portal")])
def test_what_stands_in_the_inbox_is_opened_and_read(cast, visit, who, site):
    place = getattr(cast, who)
    first, second = told(place, "Time to look", link=f"/{site}/"), told(place, "Another", 2)
    visitor = visit(PHONE)
    visitor.sign_in(place)
    page = visitor.go(f"/{site}/inbox/")
    assert wrong_with(page) == []
    page.get_by_label("2 unread").first.wait_for(state="attached")
    page.get_by_role("button", name="Time to look").click()
    page.wait_for_url(f"**/{site}/")
    page = visitor.go(f"/{site}/inbox/")
    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_role("button", name="Mark as unread").first.wait_for()
    read = Notice.objects.exclude(read_at=None).values_list("pk", flat=True)
    assert set(read) == {first.pk, second.pk}
    assert page.get_by_role("button", name="Mark all as read").count() == 0


def test_the_number_in_the_menu_can_be_read_on_the_inbox_itself(cast, visit):
    told(cast.ada, "Time to look")
    visitor = visit()
    visitor.sign_in(cast.ada)
    badge = visitor.go("/desk/inbox/").locator(".rm-menu .rm-count")
    ink, ground = (
        badge.evaluate(f"e => getComputedStyle(e).{name}") for name in ("color", "backgroundColor")
    )
    assert (badge.inner_text(), ink) == ("1", "rgb(255, 255, 255)")
    assert ink != ground


def test_an_entry_is_snoozed_and_then_done(cast, visit):
    entry = owed(cast)
    visitor = visit(PHONE)
    visitor.sign_in(cast.ada)
    page = visitor.go(desk.page_of(entry))
    page.get_by_role("link", name="Snooze").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    until = timezone.localtime(timezone.now() + 3 * DAY)
    page.get_by_label("Until, in your own time").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Snooze").click()
    page.get_by_text("You will be reminded then.").wait_for()
    entry.refresh_from_db()
    assert entry.snoozed_until is not None
    page.get_by_role("link", name="Done").click()
    page = visitor.settled()
    assert wrong_with(page) == []
    page.get_by_role("button", name="Done").click()
    page.get_by_text("That is done.").wait_for()
    entry.refresh_from_db()
    assert entry.status == "done"


@pytest.mark.parametrize(
    ("who", "path"), [("ada", "/desk/reminders/"), ("priya", "/portal/reminders/")]
)
def test_a_person_chooses_digest_and_quiet_hours(cast, visit, who, path):
    visitor = visit(PHONE)
    visitor.sign_in(getattr(cast, who))
    page = visitor.go(path)
    assert wrong_with(page) == []
    page.get_by_label("Mails about what can wait").select_option("weekly")
    page.get_by_label("The one mail comes at").select_option("5")
    page.get_by_label("No reminder from").fill("20:00")
    page.get_by_label("No reminder until").fill("06:30")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("within the quiet hours").wait_for()
    page.get_by_label("The one mail comes at").select_option("9")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Reminders come as you chose.").wait_for()
    row = Preference.objects.get()
    assert (row.digest, row.digest_hour, row.quiet_from, row.quiet_until) == (
        "weekly",
        9,
        datetime.time(20),
        datetime.time(6, 30),
    )


@pytest.mark.parametrize(("who", "site"), [("ada", "desk"), ("priya", "portal")])
def test_a_feed_is_made_fetched_and_revoked(cast, visit, who, site):
    owed(cast)
    visitor = visit(PHONE)
    visitor.sign_in(getattr(cast, who))
    page = visitor.go(f"/{site}/calendar/")
    page.get_by_role("button", name="Make an address").click()
    box = page.get_by_label("Copy the address now")
    address = box.input_value().replace("http://127.0.0.1:8000", visitor.base)
    assert wrong_with(page) == []
    # All of it can be seen without scrolling within the box.
    assert box.evaluate("e => e.scrollHeight <= e.clientHeight")
    with urllib.request.urlopen(address) as answer:
        assert b"Strategy review" in answer.read()
    visitor.go(f"/{site}/calendar/").get_by_role("button", name="Revoke").click()
    page.get_by_text("The address shows nothing any more.").wait_for()
    assert Feed.objects.exclude(revoked_at=None).count() == 1
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)


def test_a_webhook_is_added_called_and_its_delivery_sent_again(cast, visit, settings):
    settings.WEBHOOK_HTTP = True
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    visitor = visit(PHONE)
    visitor.sign_in(cast.olu)
    page = visitor.go("/desk/practice/webhook/add/")
    assert wrong_with(page) == []
    with receiver() as software:
        page.get_by_label("Name").fill("Ledger")
        page.get_by_label("Address").fill(software.url())
        page.get_by_label("Kinds of events").fill("client.*")
        page.get_by_role("button", name="Save").click()
        page = visitor.settled()
        assert page.locator("textarea").input_value().startswith("whsec_")
        page.get_by_role("link", name="I have copied it").click()
        hook = Webhook.objects.get()
        now = timezone.now()
        clients.change(cast.orchard, industry="Fruit", by=make.actor(cast.olu), at=now)
        assert (taking.take(now), delivering.drain(seconds=5)) == (1, 1)
        page = visitor.go(desk.page_of(hook))
        assert wrong_with(page) == []
        page.get_by_role("cell", name="client.changed").wait_for()
        visitor.go(desk.page_of(Delivery.objects.get()))
        page.get_by_role("cell", name="204").wait_for()
        page.get_by_role("link", name="Send again").click()
        visitor.settled().get_by_role("button", name="Send again").click()
        page.get_by_text("It will be sent again in a moment.").wait_for()
        assert delivering.drain(seconds=5, clock=lambda: timezone.now() + DAY) == 1
        assert len({got.headers["webhook-id"] for got in software.got}) == 1
        assert len(software.got) == 2


def test_saving_a_webhook_of_all_kinds_leaves_it_one(cast, visit):
    hook, _ = subscriptions.add(
        name="Ledger", url="https://8.8.8.8/in", by=make.actor(cast.olu), at=timezone.now()
    )
    visitor = visit()
    visitor.sign_in(cast.olu)
    page = visitor.go(desk.page_of(hook))
    assert page.get_by_label("Kinds of events").input_value() == ""
    page.get_by_label("Name").fill("Books")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Books").first.wait_for()
    hook.refresh_from_db()
    assert (hook.name, hook.kinds) == ("Books", [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_given_up_is_seen_and_tried_again(cast, visit, mailoutbox, scheme):
    entry = owed(cast)
    dead = told(
        cast.ada,
        "Review due: Strategy review",
        entry=entry,
        client=cast.orchard,
        status="dead",
        attempts=5,
        done_at=None,
        fault="SMTPRecipientsRefused",
    )
    told(cast.ada, "Sent before", 2)
    told(cast.ada, "", 3, status="waiting", entry=entry, done_at=None)
    subscriptions.add(
        name="Ledger", url="https://8.8.8.8/in", by=make.actor(cast.olu), at=timezone.now()
    )
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(cast.olu)
    page = visitor.go("/desk/motion/")
    assert wrong_with(page) == []
    for words in ("Given up", "Due in the next 14 days", "Waiting", "Webhooks", "Sent or done in"):
        page.get_by_role("heading", name=words).wait_for()
    page.get_by_text("SMTPRecipientsRefused").wait_for()
    page.get_by_role("button", name="Try again: Review due: Strategy review").click()
    page.get_by_text("It will be tried again in a moment.").wait_for()
    assert page.get_by_role("heading", name="Given up").count() == 0
    notices.drain()
    dead.refresh_from_db()
    assert (dead.status, dead.attempts) == ("done", 1)
    assert len([mail for mail in mailoutbox if str(dead.pk) in mail.message()["Message-ID"]]) == 1


def test_the_way_out_of_digests_works_on_a_phone_without_signing_in(cast, visit):
    preferences.choose(by=make.actor(cast.ada), at=timezone.now(), digest="daily")
    page = visit(PHONE).go(stop_link(f"member:{cast.ada.pk}").removeprefix("http://127.0.0.1:8000"))
    assert wrong_with(page) == []
    page.get_by_role("button", name="Stop these mails").click()
    page.get_by_role("heading", name="No more of these mails").wait_for()
    assert wrong_with(page) == []
    assert Preference.objects.get().digest == "none"


def test_a_practices_own_times_are_set_beside_those_that_hold_without_them(cast, visit):
    visitor = visit(PHONE)
    visitor.sign_in(cast.olu)
    page = visitor.go("/desk/practice/remindertimes/add/")
    assert wrong_with(page) == []
    page.get_by_label("Kind of date").select_option(label="Retainer ends (90d, 60d, 30d)")
    page.get_by_label("Reminded how long before").fill("60d, 20d")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="retainer_end: 60d, 20d").wait_for()
