"""Digests, quiet hours and the way out: what a person chose decides when a letter goes, never whether it is lost."""

import datetime
import re

import pytest
from django.core import mail
from django.utils.formats import date_format

from practice import digests, notices, preferences
from practice.models import Event, Notice, Preference, User
from practice.preferences import Choice
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.make import NOW

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
# Monday, 9 March 2026, 09:00 in UTC; reminders of it three days before, on Friday.
DUE = NOW + 7 * DAY
FRIDAY = DUE - 3 * DAY
UTC = datetime.UTC


def choose(place, at=NOW, **changes) -> Preference:
    return preferences.choose(by=make.actor(place), at=at, **changes)


def sent() -> list[tuple[list[str], str]]:
    return [(m.to, m.subject) for m in mail.outbox]


def choice(**other) -> Choice:
    facts = {"digest": "daily", "digest_hour": 8, "digest_day": 0, "zone": "Europe/Berlin"}
    return Choice(**{**facts, "quiet_from": None, "quiet_until": None, **other})


@pytest.mark.parametrize(
    ("zone", "hour", "at", "next_at"),
    [
        ("Europe/Berlin", 8, (2026, 3, 2, 6, 59), (2026, 3, 2, 7, 0)),
        ("Europe/Berlin", 8, (2026, 3, 2, 7, 0), (2026, 3, 3, 7, 0)),
        # The night to 29 March has no 02:00 in Berlin: it goes out when the clock says 03:00.
        ("Europe/Berlin", 2, (2026, 3, 28, 12, 0), (2026, 3, 29, 1, 0)),
        # The night to 25 October has 02:00 twice: it goes out at the first.
        ("Europe/Berlin", 2, (2026, 10, 24, 12, 0), (2026, 10, 25, 0, 0)),
        ("Europe/Berlin", 2, (2026, 10, 25, 0, 0), (2026, 10, 26, 1, 0)),
        ("Pacific/Kiritimati", 8, (2026, 3, 2, 9, 0), (2026, 3, 2, 18, 0)),
    ],
)
def test_a_daily_digest_goes_out_once_a_day_at_the_persons_hour(zone, hour, at, next_at):
    chosen = choice(zone=zone, digest_hour=hour)
    assert chosen.next_digest(datetime.datetime(*at, tzinfo=UTC)) == datetime.datetime(
        *next_at, tzinfo=UTC
    )


def test_a_weekly_digest_goes_out_on_the_persons_day():
    chosen = choice(digest="weekly", digest_day=4, zone="UTC")
    assert chosen.next_digest(NOW) == datetime.datetime(2026, 3, 6, 8, tzinfo=UTC)
    assert chosen.next_digest(datetime.datetime(2026, 3, 6, 8, tzinfo=UTC)) == datetime.datetime(
        2026, 3, 13, 8, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("quiet", "at", "loud"),
    [
        (((22, 0), (7, 0)), (2026, 3, 2, 20, 59), (2026, 3, 2, 20, 59)),
        (((22, 0), (7, 0)), (2026, 3, 2, 21, 0), (2026, 3, 3, 6, 0)),
        (((22, 0), (7, 0)), (2026, 3, 3, 5, 59), (2026, 3, 3, 6, 0)),
        (((22, 0), (7, 0)), (2026, 3, 3, 6, 0), (2026, 3, 3, 6, 0)),
        (((12, 0), (14, 0)), (2026, 3, 2, 12, 30), (2026, 3, 2, 13, 0)),
        # Quiet until 02:30, which the night to 29 March does not have.
        (((22, 0), (2, 30)), (2026, 3, 28, 22, 0), (2026, 3, 29, 1, 30)),
    ],
)
def test_quiet_hours_put_a_letter_off_to_their_end(quiet, at, loud):
    begin, end = (datetime.time(*part) for part in quiet)
    chosen = choice(quiet_from=begin, quiet_until=end)
    assert chosen.after_quiet(datetime.datetime(*at, tzinfo=UTC)) == datetime.datetime(
        *loud, tzinfo=UTC
    )


def test_without_a_choice_a_member_is_told_at_once_and_a_contact_once_a_day(plan, tick):
    plan("review", DUE)
    plan("report", DUE)
    tick(FRIDAY)
    assert sent() == [(["ada@lantern.test"], "Review of the roadmap")]
    tick(FRIDAY + 23 * HOUR)
    assert sent()[1:] == [(["priya@orchard.test"], "Lantern Partners: One thing to look at")]


def test_what_cannot_wait_goes_at_once_whatever_the_person_chose(plan, tick):
    plan("answer", DUE)
    tick(FRIDAY)
    assert sent() == [(["priya@orchard.test"], "Please answer")]


def test_a_days_letters_come_as_one_mail_at_the_persons_hour(cast, plan, tick):
    choose(cast.ada, digest="daily", digest_hour=15, time_zone="UTC")
    plan("review", DUE)
    plan("review", DUE + HOUR, title="Review of the spending")
    tick(FRIDAY)
    tick(FRIDAY + HOUR)
    tick(FRIDAY + 6 * HOUR - datetime.timedelta(seconds=1))
    assert sent() == []
    tick(FRIDAY + 6 * HOUR)
    assert sent() == [(["ada@lantern.test"], "Lantern Partners: 2 things to look at")]
    body = mail.outbox[0].body
    assert [line for line in body.splitlines() if line.startswith("- ")] == [
        "- Review of the roadmap",
        "- Review of the spending",
    ]
    lines = Notice.objects.filter(channel="digest")
    assert sorted(lines.values_list("status", "digest__kind")) == [("done", "digest")] * 2


def test_what_comes_due_at_once_is_one_mail_even_for_who_is_told_at_once(cast, plan, tick):
    titles = ["Review of the roadmap", "Review of the spending", "Review of the hiring"]
    for title in titles:
        plan("review", DUE, title=title)
    tick(FRIDAY)
    assert sent() == [(["ada@lantern.test"], "Lantern Partners: 3 things to look at")]
    assert sorted(re.findall("^- (.*)", mail.outbox[0].body, re.M)) == sorted(titles)
    # Each is a notice of its own, in the inbox, too, and said once.
    lines = Notice.objects.filter(channel="digest")
    assert sorted(lines.values_list("title", "status")) == [(t, "done") for t in sorted(titles)]
    tick(FRIDAY)
    tick(FRIDAY + HOUR)
    assert len(sent()) == 1


def test_what_comes_due_later_is_a_letter_of_its_own(plan, tick):
    plan("review", DUE)
    plan("review", DUE + HOUR, title="Review of the spending")
    tick(FRIDAY)
    tick(FRIDAY + HOUR)
    assert [subject for _, subject in sent()] == [
        "Review of the roadmap",
        "Review of the spending",
    ]


def test_what_cannot_wait_comes_one_by_one(plan, tick):
    plan("answer", DUE)
    plan("answer", DUE, title="Please answer this, too")
    tick(FRIDAY)
    assert [to for to, _ in sent()] == [["priya@orchard.test"]] * 2


def test_one_mail_of_the_night_waits_for_the_morning(cast, plan, tick):
    night = {"quiet_from": datetime.time(8), "quiet_until": datetime.time(12)}
    choose(cast.ada, **night, digest_hour=15, time_zone="UTC")
    plan("review", DUE)
    plan("review", DUE, title="Review of the spending")
    tick(FRIDAY)
    assert sent() == []
    tick(FRIDAY + 3 * HOUR)
    assert sent() == [(["ada@lantern.test"], "Lantern Partners: 2 things to look at")]


def test_each_line_says_of_whom_and_by_when_in_a_readable_colour(cast, plan, tick):
    cast.practice.colour = "#ffee00"
    cast.practice.save()
    choose(cast.ada, digest="daily", time_zone="UTC")
    plan("review", DUE)
    tick(FRIDAY)
    tick(FRIDAY + 24 * HOUR)
    (letter,) = mail.outbox
    said = f"Orchard, due {date_format(DUE, 'j F Y')}"
    assert f"- Review of the roadmap\n  {said}\n  http://" in letter.body
    ((html, _),) = letter.alternatives
    assert said in html
    assert "#ffee00" not in html


def test_a_client_is_written_to_in_the_words_meant_for_it(cast, plan, tick):
    plan("answer", DUE, title="Press for a higher retainer")
    tick(FRIDAY)
    assert sent() == [(["priya@orchard.test"], "Please answer")]
    ((html, _),) = mail.outbox[0].alternatives
    assert "retainer" not in mail.outbox[0].body + html


def test_further_ticks_send_no_digest_again(cast, plan, tick):
    choose(cast.ada, digest="daily", time_zone="UTC")
    plan("review", DUE)
    for hours in range(0, 72, 4):
        tick(FRIDAY + hours * HOUR)
    assert sent() == [(["ada@lantern.test"], "Lantern Partners: One thing to look at")]


def test_a_digest_of_nothing_is_not_sent(cast, plan, tick):
    choose(cast.ada, digest="daily", digest_hour=15, time_zone="UTC")
    entry = plan("review", DUE)
    tick(FRIDAY)
    plan("review", DUE + 30 * DAY, entry.subject_id)
    tick(FRIDAY + DAY)
    assert sent() == []
    assert Notice.objects.get(entry=entry).status == "cancelled"


def test_a_digest_whose_lines_have_all_become_pointless_is_not_sent(cast, plan, tick):
    choose(cast.ada, digest="daily", digest_hour=15, time_zone="UTC")
    entry = plan("review", DUE)
    tick(FRIDAY)
    digests.gather(FRIDAY + DAY)
    type(entry).objects.filter(pk=entry.pk).update(status="cancelled", next_at=None)
    tick(FRIDAY + DAY)
    assert sent() == []
    found = Notice.objects.filter(recipient=f"member:{cast.ada.pk}")
    assert sorted(found.values_list("kind", "status")) == [
        ("digest", "cancelled"),
        ("entry_due", "cancelled"),
    ]


def test_two_ticks_that_gather_the_same_lines_make_one_mail(cast, plan, tick):
    choose(cast.ada, digest="daily", digest_hour=15, time_zone="UTC")
    plan("review", DUE)
    tick(FRIDAY)
    assert (digests.gather(FRIDAY + DAY), digests.gather(FRIDAY + DAY)) == (1, 0)


def test_a_line_that_cannot_be_composed_is_tried_again_alone_and_the_others_go(cast, plan, tick):
    choose(cast.ada, digest="daily", digest_hour=15, time_zone="UTC")
    plan("review", DUE)
    plan("review", DUE, title="Review of the spending")
    tick(FRIDAY)
    broken = Notice.objects.filter(channel="digest").order_by("id")[0]
    Notice.objects.filter(pk=broken.pk).update(kind="abolished")
    at = FRIDAY + DAY
    for _ in range(notices.ATTEMPTS + 1):
        tick(at)
        at += HOUR
    broken.refresh_from_db()
    assert (broken.status, broken.attempts, broken.fault) == ("dead", 5, "KeyError")
    assert sent() == [(["ada@lantern.test"], "Lantern Partners: One thing to look at")]


def test_a_digest_that_was_given_up_keeps_its_lines_and_the_next_one_goes(cast, plan, tick):
    choose(cast.ada, digest="daily", digest_hour=15, time_zone="UTC")
    plan("review", DUE)
    tick(FRIDAY)
    digests.gather(FRIDAY + 6 * HOUR)
    dead = Notice.objects.get(kind="digest")
    Notice.objects.filter(pk=dead.pk).update(status="dead", attempts=5)
    plan("review", DUE + DAY, title="Review of the spending")
    tick(FRIDAY + DAY)
    tick(FRIDAY + DAY + 6 * HOUR)
    assert re.findall("^- .*", mail.outbox[0].body, re.M) == ["- Review of the spending"]
    dead.refresh_from_db()
    notices.replay(dead, by=make.actor(cast.olu), at=FRIDAY + 2 * DAY)
    tick(FRIDAY + 2 * DAY)
    assert re.findall("^- .*", mail.outbox[1].body, re.M) == ["- Review of the roadmap"]


def test_a_letter_of_the_night_waits_for_the_morning(cast, plan, tick):
    night = {"quiet_from": datetime.time(8), "quiet_until": datetime.time(12)}
    choose(cast.ada, **night, digest_hour=15, time_zone="UTC")
    plan("review", DUE)
    tick(FRIDAY)
    tick(FRIDAY + 3 * HOUR - datetime.timedelta(seconds=1))
    assert sent() == []
    tick(FRIDAY + 3 * HOUR)
    assert sent() == [(["ada@lantern.test"], "Review of the roadmap")]


def test_a_change_of_mind_takes_waiting_lines_along(cast, plan, tick):
    choose(cast.ada, digest="weekly", digest_day=2, time_zone="UTC")
    plan("review", DUE)
    tick(FRIDAY)
    choose(cast.ada, at=FRIDAY + HOUR, digest="immediate")
    tick(FRIDAY + HOUR)
    assert sent() == [(["ada@lantern.test"], "Lantern Partners: One thing to look at")]


def test_who_wants_no_mail_reads_it_in_the_inbox(cast, plan, tick):
    choose(cast.ada, digest="none")
    entry = plan("review", DUE)
    tick(FRIDAY)
    assert sent() == []
    found = Notice.objects.get(entry=entry)
    assert (found.channel, found.status, found.title) == ("inbox", "done", "Review of the roadmap")


def test_a_digest_says_how_to_stop_it_and_the_link_needs_no_sign_in(cast, plan, tick, client):
    choose(cast.ada, digest="daily", time_zone="UTC")
    plan("review", DUE)
    tick(FRIDAY)
    tick(FRIDAY + DAY)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<http://127.0.0.1:8000(/no-digest/\S+/)>", headers["List-Unsubscribe"])[1]
    assert client.get(path).status_code == 200
    assert Preference.objects.get(member=cast.ada).digest == "daily"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get(member=cast.ada).digest == "none"
    event = Event.objects.filter(kind="preference.changed").order_by("id").last()
    assert (event.actor_id, event.after) == (cast.ada.pk, {"digest": "(personal)"})


def test_a_forged_or_orphaned_link_stops_nothing(cast, client):
    token = digests.stop_link(f"member:{cast.ada.pk}").split("/")[-2]
    assert client.post(f"/no-digest/{token}x/").status_code == 404
    type(cast.ada).objects.filter(pk=cast.ada.pk).update(active=False)
    assert client.post(f"/no-digest/{token}/").status_code == 404
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"digest": "hourly"}, "digest"),
        ({"digest_hour": 24}, "digest_hour"),
        ({"digest_day": 7}, "digest_day"),
        ({"quiet_from": datetime.time(22)}, "quiet_until"),
        ({"quiet_from": datetime.time(7), "quiet_until": datetime.time(7)}, "quiet_until"),
        ({"quiet_from": datetime.time(7), "quiet_until": datetime.time(9)}, "digest_hour"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
    ],
)
def test_choices_that_make_no_sense_are_refused(cast, changes, field):
    with pytest.raises(Invalid) as refused:
        choose(cast.ada, **changes)
    assert list(refused.value.errors) == [field]
    assert not Preference.objects.exists()


def test_a_person_sees_and_changes_their_own_over_the_api(cast, api):
    assert api(cast.priya).get("/api/v1/me/preferences/").json() == {
        "digest": "daily",
        "digest_hour": 8,
        "digest_day": 0,
        "quiet_from": None,
        "quiet_until": None,
        "time_zone": "Europe/Lisbon",
    }
    body = {"digest": "weekly", "digest_day": 4, "quiet_from": "20:00", "quiet_until": "06:30"}
    body["time_zone"] = "Atlantic/Azores"
    answer = api(cast.priya).patch("/api/v1/me/preferences/", body)
    told = {"quiet_from": "20:00:00", "quiet_until": "06:30:00", "digest_hour": 8}
    assert answer.json() == body | told
    assert User.objects.get(email="priya@orchard.test").time_zone == "Atlantic/Azores"


def test_a_key_has_no_preferences(cast, api):
    assert api(cast.bot).get("/api/v1/me/preferences/").status_code == 403
    with pytest.raises(NotAllowed):
        preferences.choose(by=make.access.system(cast.practice.pk), at=NOW, digest="none")


def test_choosing_what_is_chosen_already_records_nothing(cast):
    choose(cast.ada, digest="daily")
    choose(cast.ada, digest="daily")
    assert Event.objects.filter(kind="preference.changed").count() == 1


FORM = {
    "digest": "weekly",
    "digest_hour": "9",
    "digest_day": "4",
    "quiet_from": "20:00",
    "quiet_until": "06:30",
    "time_zone": "Atlantic/Azores",
}


@pytest.mark.parametrize(
    ("who", "see", "save"),
    [
        ("ada", "/desk/reminders/", "/desk/reminders/"),
        ("priya", "/portal/reminders/", "/portal/reminders/save/"),
    ],
)
def test_a_person_chooses_on_a_page(cast, page, who, see, save):
    browser = page(getattr(cast, who))
    assert browser.get(see).status_code == 200
    assert browser.post(save, FORM).status_code == 302
    row = Preference.objects.get()
    assert (row.digest, row.digest_hour, row.digest_day, row.quiet_from) == (
        "weekly",
        9,
        4,
        datetime.time(20),
    )
    refused = browser.post(save, {**FORM, "digest_hour": "5"})
    assert (refused.status_code, b"within the quiet hours" in refused.content) == (200, True)


def test_the_portals_form_needs_nothing_of_the_desks_style_sheet(cast, page):
    """Its icons are letters of a font that only the desk loads; elsewhere they would be read as words."""
    assert b"material-symbols" not in page(cast.priya).get("/portal/reminders/").content
