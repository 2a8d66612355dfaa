"""The portal over HTTP: a client's people see what is theirs and released to them, nothing else."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from practice import agenda, clients, seats
from practice.models import Seat
from practice.portal import portal
from tests import make


def shown(page) -> str:
    return page.content.decode()


def seat(client, hat="CTO", holder="Sam Seated") -> Seat:
    return seats.record(
        client,
        hat=hat,
        status="filled",
        holder=holder,
        since_on=datetime.date(2026, 1, 1),
        by=make.actor(client.responsible),
        at=make.NOW,
    )


def due(client, title, *, kind="invitation_expiry", client_sees=True, **facts):
    with transaction.atomic():
        return agenda.plan(
            kind,
            subject_id=client.pk,
            period=title[:20],
            practice_id=client.practice_id,
            client_id=client.pk,
            at=timezone.now(),
            title=title,
            client_sees=client_sees,
            **{"due_at": timezone.now() + datetime.timedelta(days=3), **facts},
        )


def test_a_sponsor_finds_the_company_the_team_and_the_practices_face(cast, page):
    home = shown(page(cast.priya).get("/portal/"))
    assert "<h1>Orchard</h1>" in home
    assert "Lantern Partners" in home
    assert "Ada" in home
    assert "CTO, CAIO" in home.replace("CAIO, CTO", "CTO, CAIO")


def test_a_date_reads_as_the_clients_label_and_never_as_the_practices_title(cast, page, api):
    row = due(cast.orchard, "Press for a higher retainer", kind="strategy_review")
    home = shown(page(cast.priya).get("/portal/"))
    assert "<span>Strategy review</span>" in home
    assert "retainer" not in home
    assert api(cast.priya).get(f"agenda/{row.pk}/").json()["title"] == "Strategy review"
    assert [r["title"] for r in api(cast.priya).get("agenda/").json()["results"]] == [
        "Strategy review"
    ]
    assert api(cast.ada).get(f"agenda/{row.pk}/").json()["title"] == row.title


def test_a_whole_day_is_the_clients_day_wherever_it_is_read(cast, page):
    """The end of 10 January in Honolulu is the eleventh for almost everybody who reads of it."""
    end = datetime.datetime(2099, 1, 11, 9, 59, tzinfo=datetime.UTC)
    due(cast.orchard, "Day", all_day=True, time_zone="Pacific/Honolulu", due_at=end)
    due(cast.orchard, "Moment", due_at=end)
    for home in (
        page(cast.priya).get("/portal/"),
        page(cast.ada).get("/desk/practice/agendaentry/"),
    ):
        assert "10 Jan 2099<" in shown(home)
        assert "11 Jan 2099, " in shown(home)


def test_nothing_waits_is_said_when_nothing_waits(cast, page):
    assert "Nothing waits for you" in shown(page(cast.priya).get("/portal/"))


def test_only_released_dates_are_shown(cast, page):
    due(cast.orchard, "Board meeting", client_sees=True)
    due(cast.orchard, "Raise our fee", client_sees=False)
    due(cast.quarry, "Quarry's own", client_sees=True)
    home = shown(page(cast.priya).get("/portal/"))
    assert "Board meeting" in home
    assert "Raise our fee" not in home
    assert "Quarry" not in home


@pytest.mark.parametrize(("role", "sees"), [("priya", True), ("marta", True)])
def test_sponsor_and_board_see_the_seats(cast, page, role, sees):
    seat(cast.orchard)
    seat(cast.quarry, holder="Quentin Elsewhere")
    home = shown(page(getattr(cast, role)).get("/portal/"))
    assert ("Sam Seated" in home) is sees
    assert "Quentin Elsewhere" not in home


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_reviewers_and_viewers_do_not_see_the_seats(cast, page, role):
    seat(cast.orchard)
    person = make.contact(
        cast.orchard, "Rae", role, make.user("rae@orchard.test"), email="rae@orchard.test"
    )
    home = shown(page(person).get("/portal/"))
    assert "Sam Seated" not in home
    assert "Executive seats" not in home


def test_a_conflict_of_interest_is_the_practices_business(cast, page):
    by = make.actor(cast.olu)
    make.assignment(cast.ada, cast.quarry)
    clients.mark_competitors(cast.orchard, cast.quarry, by=by, at=make.NOW)
    home = shown(page(cast.priya).get("/portal/"))
    assert "ompetitor" not in home
    assert "onflict" not in home


def test_the_sponsor_sees_the_companys_people_and_others_do_not(cast, page):
    people = shown(page(cast.priya).get("/portal/people/"))
    assert "Marta" in people
    assert "Ravi" not in people
    assert page(cast.marta).get("/portal/people/").status_code == 404
    assert "/portal/people/" not in shown(page(cast.marta).get("/portal/"))


def test_a_contact_does_not_reach_the_desk_nor_a_member_the_portal(cast, page):
    for browser, path in ((page(cast.priya), "/desk/"), (page(cast.ada), "/portal/")):
        assert browser.get(path).url == "/switch/"
        assert browser.get(path + "practice/client/").status_code in {302, 404}


def test_an_inactive_contact_is_out_at_the_next_request(cast, page):
    browser = page(cast.priya)
    assert browser.get("/portal/").status_code == 200
    type(cast.priya).objects.filter(pk=cast.priya.pk).update(active=False)
    assert browser.get("/portal/").status_code == 302
    assert "You have no place here any more" in shown(browser.get("/switch/"))


def test_the_portal_registers_no_admin_class_of_the_ground_floor():
    assert portal._registry == {}


def test_the_portals_pages_need_no_relaxed_content_policy(cast, page):
    policy = page(cast.priya).get("/portal/")["Content-Security-Policy"]
    assert "unsafe" not in policy


def test_more_people_and_dates_take_no_more_queries(cast, page):
    browser = page(cast.priya)
    for path in ("/portal/", "/portal/people/"):
        browser.get(path)
        with CaptureQueriesContext(connection) as few:
            browser.get(path)
        for n in range(3):
            key = f"{path}{n}"
            make.contact(cast.orchard, key, "viewer")
            due(cast.orchard, key, client_sees=True)
            login = make.user(f"m{n}{len(path)}@lantern.test")
            make.assignment(make.member(cast.practice, login, "associate"), cast.orchard)
        with CaptureQueriesContext(connection) as many:
            browser.get(path)
        assert len(many) == len(few)
