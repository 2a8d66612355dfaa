"""Letters about deliverables: who gets which, once; and that nothing internal is ever in one to a contact."""

import datetime

import pytest
from django.core import mail

from deliverables import accepting, commenting, releasing, reviewing, writing
from practice.models import InboxItem
from tests import make
from tests.deliverables import owing
from tests.engagements import build
from tests.make import NOW

DAY = datetime.timedelta(days=1)
MAP = "AI capability map"


@pytest.fixture
def engagement(cast):
    return build.engagement(cast)


@pytest.fixture
def viewer(cast):
    person = make.user("vera@orchard.test", "Vera")
    return make.contact(cast.orchard, "Vera", "viewer", person, email="vera@orchard.test")


def told(at=NOW):
    """What was sent since the last look, whatever else the clock had to say, and never twice."""
    mail.outbox.clear()
    build.tick(at)
    build.tick(at)
    about = [one for one in mail.outbox if MAP in one.subject]
    return sorted((one.to[0].partition("@")[0], one.subject) for one in about)


def body(name: str) -> str:
    return next(
        one.body for one in mail.outbox if one.to[0].startswith(name) and MAP in one.subject
    )


def test_a_release_tells_who_may_answer_and_who_may_read(cast, engagement, viewer, page):
    release = owing.released(cast, engagement, to=[cast.priya, viewer], message="See page two.")
    assert told()[-2:] == [
        ("priya", f"Waits for your answer: {MAP}"),
        ("vera", f"To read: {MAP}"),
    ]
    link = f"/portal/deliverables/{release.pk}/"
    assert "It waits for your answer until 16 March 2026." in body("priya")
    assert ("See page two." in body("priya"), link in body("priya")) == (True, True)
    assert "waits for your answer" not in body("vera")
    assert page(cast.priya).get(link).status_code == 200
    items = InboxItem.objects.filter(recipient=f"contact:{cast.priya.pk}")
    assert list(items.values_list("title", "link")) == [(f"Waits for your answer: {MAP}", link)]


def test_review_is_asked_of_whoever_could_and_the_word_goes_back(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    writing.submit(owing.written(row, cast.ada), by=make.actor(cast.ada), at=NOW)
    assert told() == [("olu", f"Please review: {MAP}")]
    reviewing.send_back(row, note="Name the gaps.", by=make.actor(cast.olu), at=NOW)
    assert told() == [("ada", f"Sent back: {MAP}")]
    assert "They wrote: Name the gaps." in body("ada")
    again = writing.begin(row, text="Better.", by=make.actor(cast.ada), at=NOW)
    writing.submit(again, reviewer=cast.olu, by=make.actor(cast.ada), at=NOW)
    reviewing.pass_on(row, by=make.actor(cast.olu), at=NOW)
    # Answered before it left, so nobody is asked any more.
    assert told() == [("ada", f"Passed: {MAP}")]


def test_void_and_taken_back_are_told_to_those_who_had_been_told(cast, engagement):
    release = owing.released(cast, engagement)
    told()
    writing.begin(release.deliverable, text="New secret.", by=make.actor(cast.ada), at=NOW)
    assert told() == [("priya", f"Nothing to answer any more: {MAP}")]
    assert "A newer version" in body("priya")
    assert "New secret." not in body("priya")


def test_what_was_taken_back_before_the_letter_left_is_no_letter(cast, engagement):
    release = owing.released(cast, engagement)
    releasing.withdraw(release, by=make.actor(cast.ada), at=NOW)
    assert [name for name, _ in told() if name == "priya"] == []
    second = releasing.release(
        release.deliverable, to=[cast.priya], by=make.actor(cast.ada), at=NOW
    )
    assert ("priya", f"Waits for your answer: {MAP}") in told()
    releasing.withdraw(second, by=make.actor(cast.ada), at=NOW)
    assert told() == [("priya", f"Nothing to answer any more: {MAP}")]
    assert "has taken “AI capability map” back" in body("priya")


def test_an_answer_goes_to_the_lead_and_whoever_released_it(cast, engagement):
    row = owing.planned(engagement, cast.ada)
    owing.reviewed(row, cast.ada, cast.olu)
    row.refresh_from_db()
    release = releasing.release(row, to=[cast.priya], by=make.actor(cast.olu), at=NOW)
    told()
    by = make.actor(cast.priya)
    accepting.answer(release, answer="changes", remarks="Name the gaps.", by=by, at=NOW)
    subject = f"Changes requested: {MAP}"
    assert told() == [("ada", subject), ("olu", subject)]
    assert "Priya asked for changes to version 1" in body("ada")
    assert "They wrote: Name the gaps." in body("ada")


def test_comments_cross_over_and_what_is_internal_goes_nowhere(cast, engagement, viewer):
    release = owing.released(cast, engagement, to=[cast.priya, viewer])
    told()
    ada = make.actor(cast.ada)
    say = {"by": ada, "at": NOW}
    commenting.comment(release.deliverable, body="Between us.", internal=True, **say)
    assert told() == []
    commenting.comment(release.deliverable, body="For you.", internal=False, **say)
    assert told() == [
        ("priya", f"Ada wrote about {MAP}"),
        ("vera", f"Ada wrote about {MAP}"),
    ]
    assert "For you." in body("priya")
    commenting.reply(release, body="Thanks.", by=make.actor(cast.priya), at=NOW)
    assert told() == [("ada", f"Priya wrote about DV-05 {MAP}")]


def test_reminders_lead_to_the_page_and_say_what_silence_means(cast):
    engagement = build.engagement(cast, terms={"silence_accepts": True})
    release = owing.released(cast, engagement, to=[cast.priya, cast.marta])
    told()
    last = NOW.replace(day=15, hour=23, minute=59)
    assert told(last) == [
        ("marta", f"Reminder: {MAP} waits for your answer"),
        ("marta", f"Reminder: {MAP} waits for your answer"),
        ("priya", f"Reminder: {MAP} waits for your answer"),
        ("priya", f"Reminder: {MAP} waits for your answer"),
    ]
    assert f"/portal/deliverables/{release.pk}/" in body("priya")
    assert "silence counts as a yes" in body("priya")


def test_nothing_of_the_practice_s_own_is_in_a_letter_to_the_client(cast, engagement):
    row = owing.planned(engagement, cast.ada, note="Internal note.")
    version = writing.begin(row, text="T", note="Kept quiet.", by=make.actor(cast.ada), at=NOW)
    writing.submit(version, by=make.actor(cast.ada), at=NOW)
    reviewing.pass_on(row, note="Olu's own view.", by=make.actor(cast.olu), at=NOW)
    row.refresh_from_db()
    release = releasing.release(row, to=[cast.priya], by=make.actor(cast.ada), at=NOW)
    for at in (NOW, *(NOW.replace(day=day, hour=23, minute=59) for day in (11, 15))):
        build.tick(at)
    writing.begin(release.deliverable, text="U", by=make.actor(cast.ada), at=NOW + 14 * DAY)
    build.tick(NOW + 14 * DAY)
    letters = [one for one in mail.outbox if one.to == ["priya@orchard.test"]]
    assert [one.subject for one in letters] == [
        f"Waits for your answer: {MAP}",
        f"Reminder: {MAP} waits for your answer",
        f"Reminder: {MAP} waits for your answer",
        f"Nothing to answer any more: {MAP}",
    ]
    for one in letters:
        for word in ("Internal note.", "Kept quiet.", "Olu", "DV-05"):
            assert word not in one.body
