"""Ways in, and that none of them goes round the second factor or the place."""

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from practice.models import Contact, Event, Member, Practice, User
from tests import make


def enter(browser: Browser, email: str, password: str = make.PASSWORD, **more):
    given = {"login": email, "password": password, **more}
    return browser.post("/accounts/login/", given)


def with_totp(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_password_opens_the_place_of_its_owner(cast):
    browser = Browser()
    assert enter(browser, "ada@lantern.test").url == "/"
    assert browser.get("/desk/").status_code == 200


@pytest.mark.parametrize("site", ["desk", "portal"])
def test_a_site_sends_strangers_to_the_one_sign_in_page(db, site):
    answer = Browser().get(f"/{site}/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert answer.templates[0].name == "account/login.html"


@pytest.mark.parametrize(("site", "who"), [("desk", "ada"), ("portal", "priya")])
def test_the_password_alone_does_not_open_a_site_to_somebody_with_a_second_factor(cast, site, who):
    place = getattr(cast, who)
    with_totp(place.user)
    browser = Browser()
    answer = enter(browser, place.user.email)
    assert answer.url == "/accounts/2fa/authenticate/"
    assert browser.get(f"/{site}/").status_code == 302
    posted = browser.post(
        f"/{site}/login/", {"username": place.user.email, "password": make.PASSWORD}
    )
    assert posted.status_code == 302
    assert browser.get(f"/{site}/").status_code == 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("site", ["desk", "portal"])
def test_being_signed_in_does_not_open_anothers_account_with_their_password_alone(cast, page, site):
    """Django's own admin form would take the name and password of somebody else here."""
    with_totp(cast.olu.user)
    for intruder in (cast.ben, cast.priya):
        browser = page(intruder)
        browser.post(
            f"/{site}/login/", {"username": cast.olu.user.email, "password": make.PASSWORD}
        )
        assert browser.session["_auth_user_id"] == str(intruder.user.pk)


def test_password_and_code_together_open_it_and_a_code_works_once(cast):
    secret = with_totp(cast.ada.user)
    browser = Browser()
    enter(browser, "ada@lantern.test")
    used = code(secret)
    browser.post("/accounts/2fa/authenticate/", {"code": used})
    assert browser.get("/desk/").status_code == 200
    again = Browser()
    enter(again, "ada@lantern.test")
    again.post("/accounts/2fa/authenticate/", {"code": used})
    assert again.get("/desk/").status_code == 302


def test_a_disabled_login_is_out_at_the_next_request(cast, page):
    browser = page(cast.ada)
    User.objects.filter(pk=cast.ada.user.pk).update(is_active=False)
    assert browser.get("/desk/").status_code == 302


def test_a_member_who_left_is_out_at_the_next_request(cast, page):
    browser = page(cast.ada)
    Member.objects.filter(pk=cast.ada.pk).update(active=False)
    assert browser.get("/desk/").url == "/switch/"
    assert "You have no place here any more" in browser.get("/switch/").content.decode()


def test_a_wrong_password_says_nothing_about_the_address(cast):
    known = enter(Browser(), "ada@lantern.test", "wrong-password-here")
    unknown = enter(Browser(), "nobody@lantern.test", "wrong-password-here")
    assert known.context["form"].errors == unknown.context["form"].errors


def test_a_reset_says_nothing_about_the_address(cast):
    urls = {
        Browser().post("/accounts/password/reset/", {"email": email}).url
        for email in ("ada@lantern.test", "nobody@lantern.test")
    }
    assert urls == {"/accounts/password/reset/done/"}


def test_signing_in_does_not_lead_to_another_site(cast):
    answer = Browser().post(
        "/accounts/login/?next=https://elsewhere.test/",
        {"login": "ada@lantern.test", "password": make.PASSWORD, "next": "https://elsewhere.test/"},
    )
    assert answer.url == "/"


def test_signing_out_is_a_post(cast, page):
    browser = page(cast.ada)
    browser.get("/accounts/logout/")
    assert browser.get("/desk/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/desk/").status_code == 302


def test_founding_a_practice_makes_its_first_owner(db):
    browser = Browser()
    given = {
        "practice_name": "New Firm",
        "name": "Nora New",
        "email": "nora@new.test",
        "password1": "five-brown-otters-swim",
    }
    browser.post("/accounts/signup/", given)
    member = Member.objects.get()
    assert (member.role, member.practice.name, member.user.name) == (
        "owner",
        "New Firm",
        "Nora New",
    )
    assert "New Firm" in browser.get("/desk/").content.decode()


def test_nobody_founds_a_practice_where_that_is_closed(db, settings):
    settings.SIGNUP_OPEN = False
    given = {
        "practice_name": "New Firm",
        "name": "Nora",
        "email": "nora@new.test",
        "password1": "five-brown-otters-swim",
    }
    Browser().post("/accounts/signup/", given)
    assert not Practice.objects.exists()


def test_the_pages_for_the_second_factor_ask_for_the_password_again_and_then_open(cast):
    browser = Browser()
    enter(browser, "ada@lantern.test")
    asked = browser.get("/accounts/2fa/totp/activate/")
    assert asked.url.startswith("/accounts/reauthenticate/")
    browser.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    for path in ("/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        assert browser.get(path).status_code == 200
    assert "QR code" in browser.get("/accounts/2fa/totp/activate/").content.decode()


# Set-up at the console.


def test_set_up_founds_the_first_practice_with_its_owner(db, monkeypatch, capsys):
    monkeypatch.setenv("REMIT_SETUP_PASSWORD", "five-brown-otters-swim")
    call_command("setup", practice="First Firm", name="Nora New", email="Nora@first.test")
    browser = Browser()
    enter(browser, "nora@first.test", "five-brown-otters-swim")
    assert "First Firm" in browser.get("/desk/").content.decode()
    assert Event.objects.get(kind="practice.founded").source == "console"
    assert "First Firm" in capsys.readouterr().out


def test_set_up_refuses_an_address_that_is_there(cast, monkeypatch):
    monkeypatch.setenv("REMIT_SETUP_PASSWORD", "five-brown-otters-swim")
    with pytest.raises(CommandError, match="There is a login with this address already"):
        call_command("setup", practice="Second", name="Ada", email="ada@lantern.test")
    assert not Practice.objects.filter(name="Second").exists()


def test_set_up_refuses_a_weak_password(db, monkeypatch):
    monkeypatch.setenv("REMIT_SETUP_PASSWORD", "short")
    with pytest.raises(CommandError, match="at least 12 characters"):
        call_command("setup", practice="First", name="Nora", email="nora@first.test")
    assert not User.objects.exists()
    assert not Contact.objects.exists()
