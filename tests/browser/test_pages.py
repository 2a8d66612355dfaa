"""What people do, in a real browser: signing in with a second factor, switching, adding a client, on a phone, by keyboard."""

import datetime

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.utils import timezone

from practice import brand, clients, invitations, seats
from practice.models import Client, Contact

# With its addresses: they bring the pages of every app.
from practice.urls import desk
from tests import make
from tests.browser.conftest import PHONE

# What a page must have for people who do not see it or do not use a mouse; returns what is wrong.
ACCESSIBLE = """() => {
  const wrong = [];
  const seen = e => e.offsetParent !== null || e.getClientRects().length > 0;
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title.trim()) wrong.push('no title');
  const h1 = [...document.querySelectorAll('h1')].filter(seen);
  if (h1.length !== 1 || !h1[0].textContent.trim()) wrong.push(`${h1.length} visible h1`);
  if (!document.querySelector('main')) wrong.push('no main');
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!seen(e)) continue;
    const named = (e.labels && [...e.labels].some(l => l.textContent.trim())) || e.getAttribute('aria-label') || e.title || e.placeholder;
    if (!named) wrong.push(`unlabelled ${e.name || e.outerHTML.slice(0, 80)}`);
  }
  for (const e of document.querySelectorAll('button, a[href]')) {
    if (!seen(e)) continue;
    const image = e.querySelector('img[alt]');
    if (!(e.textContent.trim() || e.getAttribute('aria-label') || e.title || (image && image.alt))) wrong.push(`nameless ${e.outerHTML.slice(0, 120)}`);
  }
  for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) wrong.push(`no alt ${e.src}`);
  return wrong;
}"""

# Contrast of each element's text with the first opaque ground behind it; returns those below AA.
CONTRAST = """(selector) => {
  const rgb = text => { const c = document.createElement('canvas').getContext('2d', {willReadFrequently: true}); c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
  const lum = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (let n = e; n; n = n.parentElement) { const c = rgb(getComputedStyle(n).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255]; };
  const low = [];
  for (const e of document.querySelectorAll(selector)) {
    if (!e.getClientRects().length || !e.textContent.trim()) continue;
    const [light, dark] = [lum(rgb(getComputedStyle(e).color)), lum(ground(e))].sort((a, b) => b - a);
    const ratio = (light + .05) / (dark + .05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)}`);
  }
  return [...new Set(low)];
}"""
TEXT = "h1, h2, p, a, button, label, th, td, dt, dd, small, strong, em, span:not(.material-symbols-outlined), summary"


@pytest.fixture
def filled(cast):
    """Something of everything at Orchard."""
    by = make.actor(cast.olu)
    today = datetime.date(2026, 1, 1)
    seats.record(
        cast.orchard, hat="CTO", status="filled", holder="Sam", since_on=today, by=by, at=make.NOW
    )
    clients.mark_competitors(cast.orchard, cast.quarry, by=by, at=make.NOW)
    nina = make.contact(cast.orchard, "Nina", "viewer", email="nina@orchard.test")
    invitations.invite_contact(nina, by=by, at=timezone.now())
    return cast


def overflow(page) -> int:
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


DESK_PAGES = [
    "/desk/",
    *(desk.link(model) for model in desk._registry),
    "/desk/practice/client/add/",
]
DESK_PAGES += ["/desk/practice/apikey/add/", "/desk/practice/seat/add/"]
OWN_PAGES = ["/switch/", "/accounts/2fa/", "/accounts/password/change/", "/accounts/email/"]


def test_password_and_code_open_the_desk_and_a_client_is_added(cast, visit):
    secret = generate_totp_secret()
    TOTP.activate(cast.ada.user, secret)
    visitor = visit()
    page = visitor.sign_in(cast.ada)
    assert page.url.endswith("/accounts/2fa/authenticate/")
    counter = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, counter)))
    page.get_by_role("button", name="Sign In", exact=True).click()
    page.wait_for_url("**/desk/")
    page.get_by_role("link", name="Clients", exact=True).click()
    page.get_by_role("link", name="Add client").click()
    page.get_by_label("Name", exact=False).first.fill("Meadow Mills")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/change/")
    assert page.get_by_role("heading", level=1).inner_text() == "Meadow Mills"
    assert Client.objects.get(name="Meadow Mills").responsible == cast.ada


def test_a_passkey_is_added_and_then_opens_the_portal(cast, visit):
    visitor = visit()
    page = visitor.page
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    visitor.sign_in(cast.priya)
    visitor.go("/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url("**/recovery-codes/**")
    visitor.go("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    visitor.go("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/portal/")
    assert page.get_by_role("heading", level=1).inner_text() == "Orchard"


def test_one_person_switches_from_desk_to_portal(cast, visit):
    make.contact(cast.orchard, "Zoe", "viewer", cast.zoe.user, email="zoe@northlight.test")
    page = visit().sign_in(cast.zoe)
    assert page.get_by_role("heading", level=1).inner_text() == "Home"
    page.get_by_role("button", name="Zoe").click()
    page.get_by_role("link", name="Switch place").click()
    page.get_by_role("button", name="Orchard").click()
    page.wait_for_url("**/portal/")
    assert page.get_by_role("heading", level=1).inner_text() == "Orchard"


def test_an_invited_person_joins_on_a_phone(filled, visit):
    row = invitations.Invitation.objects.get(contact__name="Nina")
    page = visit(PHONE).go(f"/join/{invitations.token(row)}/")
    assert page.evaluate(ACCESSIBLE) == []
    assert overflow(page) == 0
    page.get_by_label("Choose a password").fill("five-brown-otters-swim")
    page.get_by_role("button", name="Accept and sign in").click()
    page.wait_for_url("**/portal/")
    assert Contact.objects.get(name="Nina").user is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_desk_can_be_read_on_a_phone_and_without_eyes(filled, visit, scheme):
    visitor = visit(PHONE, color_scheme=scheme)
    visitor.sign_in(filled.olu)
    rows = [filled.orchard, filled.priya, filled.ada]
    everything = [*DESK_PAGES, *map(desk.page_of, rows), *OWN_PAGES]
    # The dark theme changes colours and nothing else, so one page of each sort shows it.
    one_of_each = ["/desk/", desk.link(Client), desk.page_of(filled.orchard), "/accounts/2fa/"]
    wrong = {}
    for path in everything if scheme == "light" else one_of_each:
        page = visitor.go(path)
        found = page.evaluate(ACCESSIBLE) + page.evaluate(CONTRAST, TEXT)
        if overflow(page):
            found.append("scrolls sideways")
        if found:
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_portal_and_the_front_can_be_read_on_a_phone_and_without_eyes(filled, visit, scheme):
    visitor = visit(PHONE, color_scheme=scheme)
    wrong = {}

    def look(paths):
        for path in paths:
            page = visitor.go(path)
            found = page.evaluate(ACCESSIBLE) + page.evaluate(CONTRAST, TEXT)
            if overflow(page):
                found.append("scrolls sideways")
            if found:
                wrong[path] = found

    look(["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
    visitor.sign_in(filled.priya)
    look(["/portal/", "/portal/people/", *OWN_PAGES])
    assert wrong == {}


def test_on_a_phone_the_portals_pages_open_from_a_button(filled, visit):
    visitor = visit(PHONE)
    visitor.sign_in(filled.priya)
    page = visitor.go("/portal/people/")
    pages = page.get_by_role("navigation", name="Portal")
    assert not pages.is_visible()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    assert pages.is_visible()
    assert page.evaluate(ACCESSIBLE) + page.evaluate(CONTRAST, TEXT) == []
    page.keyboard.press("Escape")
    assert not pages.is_visible()
    page.get_by_role("button", name="Menu").click()
    pages.get_by_role("link", name="Home").click()
    page.wait_for_url("**/portal/")


def test_the_keyboard_reaches_content_menu_and_filters(filled, visit):
    visitor = visit(PHONE)
    visitor.sign_in(filled.olu)
    page = visitor.go("/desk/practice/contact/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.get_by_role("button", name="Open the menu").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("link", name="Executive seats").is_visible()
    page.get_by_role("button", name="Close the menu").click()
    page.get_by_role("button", name="Filters").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Quarry").click()
    page.wait_for_url("**client__id__exact**")
    assert "Ravi" in page.inner_text("#result_list")
    assert "Priya" not in page.inner_text("#result_list")


def test_the_api_reference_works_without_another_host(live_server, db, visit):
    page = visit().go("/api/docs/")
    page.get_by_text("/api/v1/agenda/", exact=True).first.wait_for()
    # Swagger UI draws what is in sight; the rest comes as one scrolls.
    clients = page.get_by_text("/api/v1/clients/", exact=True).first
    for _ in range(60):
        if clients.is_visible():
            return
        page.mouse.wheel(0, 2_000)
        page.wait_for_timeout(250)
    clients.wait_for()


@pytest.mark.parametrize(
    "colour", ["#ffff00", "#ffffff", "#000000", "#ff0000", "#7fff00", "#1f4e79"]
)
def test_any_colour_a_practice_chooses_becomes_a_readable_accent(colour):
    weights = brand.palette(colour)
    assert brand.contrast(weights["600"], "#ffffff") >= 4.5
    assert brand.contrast(weights["700"], weights["100"]) >= 4.5
    assert brand.contrast(weights["500"], "#1f2937") >= 4.5
