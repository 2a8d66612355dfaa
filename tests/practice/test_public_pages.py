"""Pages outside the two sites: front door, joining, switching, logo, and what is said when something is wrong."""

import io

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from practice import invitations, practices
from practice.demo import credentials, load, present
from practice.models import Client, Contact, Event, Invitation, Member, Practice, User
from tests import make


def shown(page) -> str:
    return page.content.decode()


def invited(cast, email="nina@orchard.test") -> tuple[Invitation, str]:
    contact = make.contact(cast.orchard, "Nina", "reviewer", email=email)
    row = invitations.invite_contact(contact, by=make.actor(cast.ada), at=timezone.now())
    return row, f"/join/{invitations.token(row)}/"


# The front door.


def test_a_stranger_is_shown_the_two_ways_in(db, settings):
    assert "Found a practice" in shown(Browser().get("/"))
    settings.SIGNUP_OPEN = False
    assert "Found a practice" not in shown(Browser().get("/"))
    assert "Found a practice" not in shown(Browser().get("/accounts/login/"))


def test_people_who_are_signed_in_land_at_their_place(cast, page):
    assert page(cast.ada).get("/").url == "/desk/"
    assert page(cast.priya).get("/").url == "/portal/"


# Joining.


def test_looking_at_an_invitation_uses_nothing_up(cast):
    row, url = invited(cast)
    for _ in range(3):
        answer = Browser().get(url)
        assert "Lantern Partners invites you" in shown(answer)
        assert "Orchard" in shown(answer)
    row.refresh_from_db()
    assert row.status == "pending"
    assert answer["Referrer-Policy"] == "same-origin"


def test_somebody_new_makes_a_login_and_is_in(cast):
    row, url = invited(cast)
    browser = Browser()
    answer = browser.post(url, {"name": "Nina North", "password": "five-brown-otters-swim"})
    assert answer.url == "/portal/"
    assert "Orchard" in shown(browser.get("/portal/"))
    user = User.objects.get(email="nina@orchard.test")
    assert Contact.objects.get(pk=row.contact_id).user == user
    event = Event.objects.get(kind="invitation.accepted")
    assert (event.source, event.practice) == ("portal", cast.practice)
    again = Browser().get(url)
    assert again.status_code == 409
    assert "used, withdrawn or has expired" in shown(again)


def test_a_weak_password_is_refused_on_its_field_and_leaves_the_invitation(cast):
    row, url = invited(cast)
    answer = Browser().post(url, {"name": "Nina", "password": "short"})
    assert "at least 12 characters" in shown(answer)
    row.refresh_from_db()
    assert row.status == "pending"
    assert not User.objects.filter(email=row.email).exists()


def test_somebody_with_a_login_signs_in_first_and_comes_back(cast):
    _, url = invited(cast, "zoe@northlight.test")
    page_ = shown(Browser().get(url))
    assert "Sign in to accept" in page_
    assert "password" not in page_.lower().replace("sign in", "")
    posted = Browser().post(url, {"name": "Mallory", "password": "five-brown-otters-swim"})
    assert "Sign in to accept" in shown(posted)


def test_one_button_for_the_invited_person_who_is_signed_in(cast, page):
    row, url = invited(cast, "zoe@northlight.test")
    browser = page(cast.zoe)
    assert "Accept the invitation" in shown(browser.get(url))
    assert browser.post(url).url == "/portal/"
    assert "Orchard" in shown(browser.get("/portal/"))
    row.refresh_from_db()
    assert row.status == "accepted"


def test_somebody_else_who_is_signed_in_cannot_accept(cast, page):
    row, url = invited(cast)
    browser = page(cast.zoe)
    assert "This invitation is for nina@orchard.test" in shown(browser.get(url))
    answer = browser.post(url)
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.status == "pending"


def test_joining_needs_the_csrf_token(cast):
    row, url = invited(cast)
    browser = Browser(enforce_csrf_checks=True)
    answer = browser.post(url, {"name": "N", "password": "five-brown-otters-swim"})
    assert answer.status_code == 403
    assert "This page was open for too long" in shown(answer)
    row.refresh_from_db()
    assert row.status == "pending"


@pytest.mark.parametrize("token", ["x", "x:y", "é", "a" * 500])
def test_a_broken_link_says_so(db, token):
    answer = Browser().get(reverse("join", args=[token]))
    assert answer.status_code == 404
    assert "This link is not complete" in shown(answer)


# Switching.


def test_one_login_switches_between_a_desk_and_a_portal_without_mixing(cast, page):
    make.contact(cast.orchard, "Zoe", "viewer", cast.zoe.user, email="zoe@northlight.test")
    contact = Contact.objects.get(user=cast.zoe.user)
    browser = page(cast.zoe)
    choice = shown(browser.get("/switch/"))
    assert "Northlight Advisory" in choice
    assert "Orchard" in choice
    assert "Orchard" not in shown(browser.get("/desk/"))
    assert browser.post("/switch/", {"place": f"contact:{contact.pk}"}).url == "/portal/"
    home = shown(browser.get("/portal/"))
    assert "Orchard" in home
    assert "Northlight" not in home
    assert browser.get("/desk/").url == "/switch/"


def test_another_persons_place_cannot_be_chosen(cast, page):
    browser = page(cast.ben)
    assert browser.post("/switch/", {"place": f"member:{cast.olu.pk}"}).status_code == 404
    assert browser.post("/switch/", {"place": "nonsense"}).status_code == 404


def test_looking_at_the_choice_changes_nothing(cast, page):
    make.contact(cast.orchard, "Zoe", "viewer", cast.zoe.user, email="zoe@northlight.test")
    browser = page(cast.zoe)
    browser.get("/switch/", {"place": f"contact:{Contact.objects.get(user=cast.zoe.user).pk}"})
    assert browser.get("/").url == "/desk/"


# The logo.


def picture(colour="red", size=(600, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def test_the_logo_is_the_one_of_the_place_one_is_at_and_of_nobody_else(cast, page):
    practices.set_logo(cast.practice, by=make.actor(cast.olu), at=make.NOW, image=picture())
    answer = page(cast.priya).get("/logo/")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "private" in answer["Cache-Control"]
    assert Image.open(io.BytesIO(answer.content)).size == (320, 107)
    assert page(cast.zoe).get("/logo/")["Content-Type"] == "image/svg+xml"
    assert Browser().get("/logo/").status_code == 404


def test_a_name_that_is_markup_stays_text_in_the_stand_in(cast, page):
    Practice.objects.filter(pk=cast.practice.pk).update(name="<script>alert(1)</script>")
    assert b"&lt;" in page(cast.olu).get("/logo/").content


def test_an_upload_that_is_no_picture_is_refused_on_its_field(cast, page):
    from practice.desk import desk  # one test needs it

    given = {"seen_version": 1, "name": "Lantern", "colour": "#8a4b08", "country": "DE"}
    given |= {"time_zone": "UTC", "currency": "EUR", **make.policy_answers()}
    upload = io.BytesIO(b"<svg onload=alert(1)>")
    upload.name = "logo.png"
    answer = page(cast.olu).post(desk.page_of(cast.practice), given | {"picture": upload})
    assert answer.context["adminform"].form.errors == {
        "picture": ["Not a PNG, JPEG or WebP picture."]
    }
    cast.practice.refresh_from_db()
    assert (cast.practice.name, cast.practice.logo) == ("Lantern Partners", None)


# When something is wrong.


def test_an_unknown_page_is_a_page_and_an_unknown_resource_a_problem(db):
    page_ = Browser().get("/nowhere/")
    assert (page_.status_code, page_["Content-Type"]) == (404, "text/html; charset=utf-8")
    problem = Browser().get("/api/v1/nowhere/")
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")


def test_a_missing_page_reads_the_same_for_everybody(cast, page):
    assert page(cast.olu).get("/nowhere/").content == Browser().get("/elsewhere/").content


def test_strict_policy_outside_the_desk(cast, page):
    for path in ("/", "/accounts/login/", "/switch/"):
        assert "unsafe" not in page(cast.ada).get(path, follow=False)["Content-Security-Policy"]
    assert "unsafe" not in Browser().get("/accounts/login/")["Content-Security-Policy"]


# The demo.


@pytest.fixture
def demo(db):
    now = timezone.now()
    load(now)
    return now


def test_the_demo_shows_two_practices_and_clients_of_every_status(demo):
    assert Practice.objects.count() == 2
    # Eleven of the ground floor, and one prospect for each of the six companies the panel is tried on.
    assert Client.objects.count() == 11 + 6
    assert set(Client.objects.values_list("status", flat=True)) == {"prospect", "active", "former"}
    assert set(Member.objects.values_list("role", flat=True)) == set(Member.Role.values)
    assert set(Contact.objects.values_list("role", flat=True)) == set(Contact.Role.values)


def test_every_credential_of_the_demo_opens_its_door(demo, api):
    assert present()
    for entry in credentials():
        if entry["where"] == "api":
            assert api(entry["secret"]).get("clients/").status_code == 200
            continue
        browser = Browser()
        browser.post("/accounts/login/", {"login": entry["login"], "password": entry["secret"]})
        assert browser.get("/").url == f"/{entry['where']}/"


def test_the_demo_can_reach_nobody(demo):
    for user in User.objects.all():
        assert user.email.endswith(".example")


def test_the_demo_holds_open_expiring_and_expired_invitations(demo):
    states = sorted(Invitation.objects.values_list("status", flat=True))
    assert [states.count("pending"), states.count("expired")] == [2, 1]
