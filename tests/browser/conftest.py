"""A real Chromium against a live server. A page that logs an error, or asks another host for anything, fails its test."""

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests import make

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    # Playwright's synchronous interface keeps an event loop in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        # Beside a running loop Django keeps connections of its own; left open, one would outlive the tests
        # and keep PostgreSQL from dropping their database.
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """One person's browser window, and what went wrong in it."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base, self.faults = base, []
        self.page: Page = context.new_page()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._mind)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"{self.page.url}: {message.text}")

    def _mind(self, request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.faults.append(f"asked {request.url}")

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.settled()

    def settled(self) -> Page:
        """Loaded, and shown: unfold keeps a page cloaked until its script has run."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function("!document.querySelector('html[x-cloak]')")
        return self.page

    def sign_in(self, place) -> Page:
        page = self.go("/accounts/login/")
        page.get_by_label("Email").fill(place.user.email)
        page.get_by_label("Password").fill(make.PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self.settled()


@pytest.fixture
def visit(live_server, chromium) -> Iterator:
    """`visit()` opens a window of desktop size, `visit(PHONE)` one of a phone's."""
    opened: list[tuple[BrowserContext, Visitor]] = []

    def open_(size=DESKTOP, **options) -> Visitor:
        context = chromium.new_context(viewport=size, **options)
        context.set_default_timeout(10_000)
        visitor = Visitor(context, live_server.url)
        opened.append((context, visitor))
        return visitor

    yield open_
    faults = [fault for _, visitor in opened for fault in visitor.faults]
    for context, _ in opened:
        context.close()
    assert faults == []
