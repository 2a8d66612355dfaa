"""Silence: a yes only where the terms say so and two reminders were sent in time, by the clock, once, in the client's
zone; and answers given elsewhere, put down with evidence."""

import datetime
import json
import zoneinfo

import pytest
from django.core import mail

from deliverables import accepting, receipt_page, releasing
from deliverables.models import Release
from practice import access, clients, files
from practice.models import AgendaEntry, Event, Notice
from practice.refusals import Invalid, NotAllowed
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
SOON = datetime.timedelta(minutes=1)


def end_of(day: int, zone: str = "Europe/Lisbon") -> datetime.datetime:
    """The last minute of a day of March 2026 at the client."""
    return datetime.datetime(2026, 3, day, 23, 59, tzinfo=zoneinfo.ZoneInfo(zone))


# Put before Priya on 2 March, to be answered by the 16th: told five days and one day before that day is over.
FIRST, SECOND, OVER = end_of(11), end_of(15), end_of(16)


def waiting(cast, *, silence: bool = True, **says) -> Release:
    engagement = build.engagement(cast, terms={"silence_accepts": silence})
    return owing.released(cast, engagement, **says)


def state(release: Release) -> str:
    release.refresh_from_db()
    return release.state


def reminders() -> list[str]:
    return [one.to[0] for one in mail.outbox if one.subject.startswith("Reminder: ")]


def test_after_two_reminders_silence_is_a_yes_and_the_receipt_says_so(cast):
    release = waiting(cast)
    for moment in (FIRST, SECOND):
        build.tick(moment)
    assert reminders() == ["priya@orchard.test"] * 2
    build.tick(OVER - SOON)
    assert state(release) == "open"
    build.tick(OVER)
    assert state(release) == "accepted"
    assert (release.by_silence, release.contact_id, release.answered_at) == (True, None, OVER)
    told = json.loads(release.receipt)
    assert (told["by_silence"], told["contact"], told["ticked"]) == (True, None, [])
    assert receipt_page.as_pdf(release).startswith(b"%PDF-")
    release.deliverable.refresh_from_db()
    assert (release.deliverable.status, release.deliverable.accepted_id) == (
        "accepted",
        release.pinned_id,
    )
    answered = [one for one in mail.outbox if "Nobody answered version 1" in one.body]
    assert [one.to[0] for one in answered] == ["ada@lantern.test"]


def test_the_clock_run_twice_accepts_once(cast):
    release = waiting(cast)
    for moment in (FIRST, SECOND, OVER, OVER, OVER + SOON, OVER + DAY):
        build.tick(moment)
    assert Event.objects.filter(kind="release.accepted").count() == 1
    assert state(release) == "accepted"
    with pytest.raises(releasing.NotWaiting):
        accepting.deem(release.pk, _system(release), OVER + DAY)


def test_where_the_terms_are_silent_it_stays_open_and_is_escalated(cast):
    release = waiting(cast, silence=False)
    for moment in (FIRST, SECOND, OVER):
        build.tick(moment)
    assert state(release) == "open"
    assert not any("silence counts as a yes" in one.body for one in mail.outbox)
    mail.outbox.clear()
    build.tick(OVER + 3 * DAY)
    overdue = [one for one in mail.outbox if one.subject.startswith("Overdue: ")]
    assert [one.to[0] for one in overdue] == ["ada@lantern.test"]
    assert state(release) == "open"


def test_one_reminder_is_not_enough(cast):
    release = waiting(cast, answer_by=NOW.date() + 2 * DAY)
    for moment in (end_of(3), end_of(4)):
        build.tick(moment)
    assert len(reminders()) == 1
    assert state(release) == "open"


def test_two_reminders_at_once_after_an_outage_count_as_one(cast):
    release = waiting(cast)
    build.tick(SECOND + SOON)
    assert len(reminders()) == 2
    build.tick(OVER)
    assert state(release) == "open"


def test_reminders_after_the_day_count_for_nothing(cast):
    release = waiting(cast)
    build.tick(OVER + 2 * DAY)
    build.tick(OVER + 4 * DAY)
    assert state(release) == "open"


def test_the_day_ends_where_the_client_is(cast):
    clients.change(cast.orchard, by=make.actor(cast.ada), at=NOW, time_zone="Pacific/Auckland")
    cast.orchard.refresh_from_db()
    release = waiting(cast)
    zone = "Pacific/Auckland"
    for day in (11, 15):
        build.tick(end_of(day, zone))
    build.tick(end_of(16, zone) - SOON)
    assert state(release) == "open"
    build.tick(end_of(16, zone))
    assert state(release) == "accepted"


def test_what_was_answered_is_reminded_of_no_more(cast):
    release = waiting(cast)
    build.tick(FIRST)
    how = {"by": make.actor(cast.priya), "at": FIRST + DAY}
    accepting.answer(release, answer="changes", remarks="More on data.", **how)
    for moment in (SECOND, OVER):
        build.tick(moment)
    assert (state(release), release.by_silence) == ("changes", False)
    assert len(reminders()) == 1
    assert not Notice.objects.filter(kind="deem_accepted", status="done").exists()
    assert AgendaEntry.objects.get(kind="acceptance_deadline").status == "done"


def test_nobody_is_taken_for_silent_before_the_day_is_over(cast):
    release = waiting(cast)
    with pytest.raises(accepting.TooEarly):
        accepting.deem(release.pk, _system(release), OVER - SOON)
    build.tick(FIRST)
    with pytest.raises(accepting.SilenceIsNoAnswer):
        accepting.deem(release.pk, _system(release), OVER)


def elsewhere(cast, release, **more):
    """Priya said it on the phone; Ada puts it down."""
    by = make.actor(cast.ada)
    told = {"name": "call.txt", "content": b"She said yes.", "commercial": False}
    says = {
        "answer": "accepted",
        "contact": cast.priya,
        "note": "By phone.",
        "evidence": files.keep(cast.orchard, by=by, at=NOW, **told),
        "criteria": range(1, len(release.criteria) + 1),
        "by": by,
        "at": NOW + DAY,
    }
    return accepting.answer_on_behalf(release, **says | more)


def test_an_answer_given_elsewhere_names_whose_word_it_is_and_who_put_it_down(cast):
    release = elsewhere(cast, waiting(cast))
    assert (release.state, release.contact_id, release.recorded_by_id) == (
        "accepted",
        cast.priya.pk,
        cast.ada.pk,
    )
    told = json.loads(release.receipt)
    assert (told["contact"]["name"], told["recorded_by"]["name"]) == ("Priya", "Ada")
    assert told["ticked"] == list(range(1, len(release.criteria) + 1))
    for moment in (FIRST, SECOND, OVER):
        build.tick(moment)
    assert (reminders(), state(release)) == ([], "accepted")


def test_an_answer_given_elsewhere_needs_evidence_and_one_who_was_named(cast):
    release = waiting(cast)
    for wrong in (
        {"note": " "},
        {"contact": cast.marta},
        {"said_on": NOW.date() + 3 * DAY},
        {"said_on": NOW.date() - DAY},
    ):
        with pytest.raises(Invalid):
            elsewhere(cast, release, **wrong)
    with pytest.raises(NotAllowed):
        elsewhere(cast, release, by=make.actor(cast.priya))
    assert state(release) == "open"


def _system(release: Release):
    return access.system(release.practice_id)
