"""The inbox: the outbox's own rows, seen by the person they were for, read once, and never by another."""

import re

import pytest
from django.core import mail as mails
from django.db import transaction

from practice import assignments, inbox, mail, notices
from practice.models import Assignment, Event, InboxItem, Notice
from practice.notices import Letter
from practice.refusals import NotFound
from tests import make
from tests.make import NOW


def told(notice: Notice, now) -> Letter:
    return mail.plain(
        "Time to look at this",
        notice.practice,
        lines=["It is due.", "<b>Not bold</b>"],
        action="Look at it",
        link="http://127.0.0.1:8000/desk/practice/client/",
        headers={"List-Unsubscribe": "<http://127.0.0.1:8000/desk/>"},
    )


def secret(notice: Notice, now) -> Letter:
    return mail.plain(
        "Welcome",
        notice.practice,
        lines=["Come in."],
        action="Join",
        link="http://127.0.0.1:8000/join/canary-token/",
    )


@pytest.fixture(autouse=True)
def _letters():
    for compose in (told, secret):
        notices.LETTERS.add(compose.__name__, compose)
    yield
    for compose in (told, secret):
        del notices.LETTERS._entries[compose.__name__]


@pytest.fixture
def tell(cast):
    Notice.objects.all().delete()

    def telling(place, number: int = 1, client=None, kind: str = "told", channel: str = "mail"):
        who = "member" if place in (cast.ada, cast.ben, cast.olu, cast.fin, cast.zoe) else "contact"
        with transaction.atomic():
            notices.ask(
                kind,
                practice_id=place.practice_id,
                client_id=client.pk if client else None,
                subject_id=make.uuid(number),
                recipient=f"{who}:{place.pk}",
                address=place.user.email,
                occurrence="once",
                at=NOW,
            )
        Notice.objects.filter(subject_id=make.uuid(number)).update(channel=channel)
        notices.drain(clock=lambda: NOW)
        return Notice.objects.get(subject_id=make.uuid(number))

    return telling


def seen(caller) -> list[str]:
    return [row["id"] for row in caller.get("inbox/").json()["results"]]


def test_what_was_sent_stands_in_the_inbox_of_its_person_and_is_the_same_row(cast, api, tell):
    notice = tell(cast.ada)
    (row,) = api(cast.ada).get("inbox/").json()["results"]
    assert (row["id"], row["title"], row["link"], row["read_at"]) == (
        str(notice.pk),
        "Time to look at this",
        "/desk/practice/client/",
        None,
    )
    assert (len(mails.outbox), Notice.objects.count()) == (1, 1)


def test_nobody_else_sees_it_the_owner_included(cast, api, tell):
    notice = tell(cast.ada)
    for place in (cast.olu, cast.ben, cast.priya, cast.zoe):
        caller = api(place)
        assert seen(caller) == []
        assert caller.get(f"inbox/{notice.pk}/").status_code == 404
        assert caller.post(f"inbox/{notice.pk}/mark-read/").status_code == 404
    assert api(cast.bot).get("inbox/").status_code == 403
    assert InboxItem.objects.get().read_at is None


def test_a_contact_has_an_inbox_too(cast, api, tell):
    notice = tell(cast.priya, client=cast.orchard)
    assert (seen(api(cast.priya)), seen(api(cast.marta))) == ([str(notice.pk)], [])


def test_what_is_about_a_client_goes_when_the_client_goes(cast, api, tell):
    tell(cast.ada, client=cast.orchard)
    private = tell(cast.ada, 2)
    for row in Assignment.objects.filter(member=cast.ada):
        assignments.withdraw(row, by=make.actor(cast.olu), at=NOW)
    assert seen(api(cast.ada)) == [str(private.pk)]


def test_for_the_inbox_alone_no_mail_goes_out(cast, api, tell):
    notice = tell(cast.ada, channel="inbox")
    assert (notice.status, len(mails.outbox), seen(api(cast.ada))) == ("done", 0, [str(notice.pk)])


def test_what_could_not_be_mailed_is_read_here_all_the_same(cast, api, tell, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    notice = tell(cast.ada)
    assert (notice.status, seen(api(cast.ada))) == ("waiting", [str(notice.pk)])


def test_a_secret_link_to_somebody_without_a_login_is_written_nowhere(cast, tell):
    with transaction.atomic():
        notices.ask(
            "secret",
            practice_id=cast.practice.pk,
            client_id=None,
            subject_id=make.uuid(9),
            recipient="invitee",
            address="n@orchard.test",
            occurrence="sent",
            at=NOW,
        )
    notices.drain(clock=lambda: NOW)
    notice = Notice.objects.get(subject_id=make.uuid(9))
    assert (notice.status, notice.title, notice.link) == ("done", "", "")


def test_reading_and_putting_back_are_recorded_once_each(cast, tell):
    item = InboxItem.objects.get(pk=tell(cast.ada).pk)
    by = make.actor(cast.ada)
    item = inbox.read(item, by=by, at=NOW)
    inbox.read(item, by=by, at=NOW)
    item = inbox.unread(item, by=by, at=NOW)
    assert item.read_at is None
    found = Event.objects.filter(subject_id=item.pk).order_by("id")
    assert [(event.kind, event.subject_kind) for event in found] == [
        ("notice.read", "notice"),
        ("notice.unread", "notice"),
    ]
    with pytest.raises(NotFound):
        inbox.read(item, by=make.actor(cast.olu), at=NOW)


def test_everything_is_read_with_one_event_and_only_ones_own(cast, api, tell):
    for number in range(3):
        tell(cast.ada, number)
    tell(cast.olu, 7)
    assert inbox.count(make.actor(cast.ada)) == 3
    assert api(cast.ada).post("inbox/mark-all-read/").json() == {"read": 3}
    assert api(cast.ada).post("inbox/mark-all-read/").json() == {"read": 0}
    assert (inbox.count(make.actor(cast.ada)), inbox.count(make.actor(cast.olu))) == (0, 1)
    assert Event.objects.filter(kind="inbox.read").count() == 1


def test_the_list_can_be_narrowed_to_what_is_unread(cast, api, tell):
    first, second = tell(cast.ada, 1), tell(cast.ada, 2)
    caller = api(cast.ada)
    assert caller.post(f"inbox/{first.pk}/mark-read/").status_code == 200
    unread = caller.get("inbox/?unread=true").json()["results"]
    assert [row["id"] for row in unread] == [str(second.pk)]


# The pages.


@pytest.mark.parametrize(("who", "site"), [("ada", "desk"), ("priya", "portal")])
def test_opening_reads_and_leads_to_the_thing(cast, page, tell, who, site):
    place = getattr(cast, who)
    notice, browser = tell(place, client=cast.orchard), page(place)
    shown = browser.get(f"/{site}/inbox/")
    assert shown.status_code == 200
    assert 'aria-label="1 unread"' in shown.content.decode()
    answer = browser.post(f"/{site}/inbox/mark/", {"item": notice.pk, "do": "open"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/practice/client/")
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert 'aria-label="1 unread"' not in browser.get(f"/{site}/inbox/").content.decode()


@pytest.mark.parametrize(("who", "site"), [("ada", "desk"), ("priya", "portal")])
def test_a_long_inbox_is_read_in_pages(cast, page, tell, who, site):
    place = getattr(cast, who)
    first = tell(place, client=cast.orchard)
    fields = [f.attname for f in Notice._meta.concrete_fields if f.name not in {"id", "subject_id"}]
    values = {name: getattr(first, name) for name in fields}
    more = [Notice(**values, subject_id=make.uuid(number)) for number in range(2, 122)]
    Notice.objects.bulk_create(more)
    browser, seen, link = page(place), [], f"/{site}/inbox/"
    sizes = []
    while link:
        shown = browser.get(link).content.decode()
        found = re.findall('name="item" value="([^"]+)"', shown)
        sizes.append(len(found))
        seen += found
        older = re.search(r'href="(\?before=[^"]+)">Older', shown)
        link = f"/{site}/inbox/{older[1]}" if older else ""
    assert sizes == [50, 50, 21]
    assert seen == sorted(map(str, Notice.objects.values_list("pk", flat=True)), reverse=True)
    assert f'href="/{site}/inbox/">Newest' in shown
    assert browser.get(f"/{site}/inbox/?before=nonsense").status_code == 404


def test_anothers_notice_cannot_be_marked_on_the_page(cast, page, tell):
    notice = tell(cast.ada)
    for place, site in ((cast.olu, "desk"), (cast.priya, "portal")):
        for item in (notice.pk, make.uuid(404), "nonsense"):
            answer = page(place).post(f"/{site}/inbox/mark/", {"item": item, "do": "read"})
            assert answer.status_code == 404


@pytest.mark.parametrize("link", ["//evil.test/", "https://evil.test/", "javascript:alert(1)", ""])
def test_a_link_never_leads_out_of_here(cast, page, tell, link):
    notice = tell(cast.ada)
    Notice.objects.filter(pk=notice.pk).update(link=link)
    answer = page(cast.ada).post("/desk/inbox/mark/", {"item": notice.pk, "do": "open"})
    assert answer["Location"] == "/desk/inbox/"


# How a letter looks.


def test_a_letter_has_text_and_html_one_link_and_the_practices_colour(cast, tell):
    tell(cast.ada)
    (letter,) = mails.outbox
    ((html, kind),) = letter.alternatives
    link = "http://127.0.0.1:8000/desk/practice/client/"
    assert (kind, html.count("<a "), html.count(link), letter.body.count(link)) == (
        "text/html",
        1,
        1,
        1,
    )
    assert "Lantern Partners" in html
    assert "&lt;b&gt;Not bold&lt;/b&gt;" in html
    assert "<b>Not bold</b>" in letter.body
    assert letter.message()["List-Unsubscribe"] == "<http://127.0.0.1:8000/desk/>"


def test_a_pale_colour_is_made_readable_in_letters(cast, tell):
    cast.practice.colour = "#ffee00"
    cast.practice.save()
    tell(cast.ada)
    ((html, _),) = mails.outbox[0].alternatives
    assert "#ffee00" not in html
