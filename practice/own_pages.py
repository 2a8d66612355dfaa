"""Pages that everybody has, at the desk and in the portal: their inbox and their calendar feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from practice import access, inbox
from practice.access import Actor
from practice.desk.site import desk
from practice.feeds import opening
from practice.feeds.opening import SCOPES
from practice.models import Feed, InboxItem
from practice.portal import Page, portal
from practice.refusals import Invalid, Refusal
from practice.sites.behind import behind

SHOWN = 50
View = Callable[..., HttpResponse]

INBOX = Page(
    "inbox",
    "Inbox",
    "portal/inbox.html",
    lambda here, query: _inbox(here.actor, "portal", query),
    shown_to=lambda actor: access.may(actor, "inbox", "view"),
    paged=True,
)
CALENDAR = Page(
    "calendar",
    "Calendar",
    "portal/calendar.html",
    lambda here: _calendar(here.actor, "portal"),
    shown_to=lambda actor: access.may(actor, "calendar", "view"),
    aside=True,
)


@dataclass(frozen=True)
class At:
    """One of the two sites, as these pages need it."""

    site: str

    def url(self, name: str) -> str:
        return reverse(f"{self.site}:{name}")

    def render(self, request: HttpRequest, page: Page, facts: dict[str, Any]) -> HttpResponse:
        template = f"{self.site}/{page.name}.html"
        if self.site == "portal":
            return portal.render(request, page, template, facts)
        # At the desk it stands beside the agenda itself, and is called what the menu calls it.
        title = "Calendar feeds" if page is CALENDAR else page.title
        context = {**desk.each_context(request), "title": title, "heading": True, **facts}
        return TemplateResponse(request, template, context)

    # What is looked at.

    def inbox(self, request: HttpRequest) -> HttpResponse:
        return self.render(request, INBOX, _inbox(_actor(request), self.site, request.GET))

    def calendar(self, request: HttpRequest) -> HttpResponse:
        return self.render(request, CALENDAR, _calendar(_actor(request), self.site))

    # What is done.

    def mark(self, request: HttpRequest) -> HttpResponse:
        """Open (which reads), put back among the unread, or read everything."""
        actor, now, what = _actor(request), timezone.now(), request.POST.get("do", "")
        if what == "all":
            inbox.read_all(by=actor, at=now)
            return HttpResponseRedirect(self.url("inbox"))
        item = behind(request, InboxItem, request.POST.get("item", ""))
        if what == "unread":
            inbox.unread(item, by=actor, at=now)
            return HttpResponseRedirect(self.url("inbox"))
        inbox.read(item, by=actor, at=now)
        inside = url_has_allowed_host_and_scheme(item.link, allowed_hosts=None)
        leads = what == "open" and item.link.startswith("/") and inside
        return HttpResponseRedirect(item.link if leads else self.url("inbox"))

    def make(self, request: HttpRequest) -> HttpResponse:
        """A new feed; its address stands in the answer to this POST and nowhere else."""
        actor = _actor(request)
        scope, _, id = request.POST.get("scope", "").partition(":")
        try:
            named = UUID(id) if id else None
            _, address = opening.open_feed(by=actor, at=timezone.now(), scope=scope, scope_id=named)
        except (Refusal, ValueError) as wrong:
            messages.error(request, _sentence(wrong))
            return HttpResponseRedirect(self.url("calendar"))
        facts = {**_calendar(actor, self.site), "address": address}
        answer = self.render(request, CALENDAR, facts)
        answer["Cache-Control"] = "no-store"
        return answer

    def revoke(self, request: HttpRequest) -> HttpResponse:
        feed = behind(request, Feed, request.POST.get("feed", ""))
        opening.revoke(feed, by=_actor(request), at=timezone.now())
        messages.success(request, "The address shows nothing any more.")
        return HttpResponseRedirect(self.url("calendar"))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.here.actor  # type: ignore[attr-defined]
    return actor


def _sentence(wrong: Exception) -> str:
    if isinstance(wrong, Invalid):
        return " ".join(sentence for found in wrong.errors.values() for sentence in found)
    return wrong.sentence if isinstance(wrong, Refusal) else "Choose what the calendar shows."


def _inbox(actor: Actor, site: str, query: Any) -> dict[str, Any]:
    rows = access.visible_to(actor, InboxItem).select_related("client").order_by("-id")
    before = query.get("before", "")
    try:
        rows = rows.filter(pk__lt=UUID(before)) if before else rows
    except ValueError as wrong:
        raise Http404 from wrong
    found = list(rows[: SHOWN + 1])
    return {
        "items": found[:SHOWN],
        "older": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "newest": At(site).url("inbox") if before else "",
        "mark_url": At(site).url("inbox-mark"),
    }


def _calendar(actor: Actor, site: str) -> dict[str, Any]:
    feeds = list(access.visible_to(actor, Feed).filter(revoked_at=None).order_by("-id"))
    names = _names(actor, feeds)
    return {
        "feeds": [(feed, names[feed.pk]) for feed in feeds],
        "scopes": _offered(actor),
        "make_url": At(site).url("calendar-make"),
        "revoke_url": At(site).url("calendar-revoke"),
    }


def _offered(actor: Actor) -> list[tuple[str, str]]:
    """Everything first, then one's own, then row by row."""
    offered = []
    for key in SCOPES:
        scope = SCOPES[key]
        if scope.open_to(actor):
            rows = scope.rows(actor)[:200] if scope.rows else [None]
            offered += [
                (f"{key}:{row.pk}", f"{scope.label}: {row}") if row else (key, scope.label)
                for row in rows
            ]
    return sorted(offered, key=lambda choice: (":" in choice[0], choice[1]))


def _names(actor: Actor, feeds: list[Feed]) -> dict[UUID, str]:
    """What each feed shows, in words; one query per kind of scope."""
    names = {}
    for key in {feed.scope for feed in feeds if feed.scope in SCOPES}:
        scope, its = SCOPES[key], [feed for feed in feeds if feed.scope == key]
        rows = scope.rows(actor).in_bulk([feed.scope_id for feed in its]) if scope.rows else {}
        for feed in its:
            row = rows.get(feed.scope_id)
            names[feed.pk] = f"{scope.label}: {row}" if row else scope.label
    return {feed.pk: names.get(feed.pk, "Nothing any more") for feed in feeds}


def join() -> None:
    """Called where the addresses are wired. The portal's pages get theirs by being added; the desk's are views."""
    portal.add(INBOX)
    portal.add(CALENDAR)
    desk.views += [
        ("inbox/", "inbox", require_safe(At("desk").inbox), "inbox"),
        ("calendar/", "calendar", require_safe(At("desk").calendar), "calendar"),
    ]
    for site in (desk, portal):
        its = At(site.name)
        site.views += [
            ("inbox/mark/", "inbox-mark", require_POST(its.mark), "inbox"),
            ("calendar/make/", "calendar-make", require_POST(its.make), "calendar"),
            ("calendar/revoke/", "calendar-revoke", require_POST(its.revoke), "calendar"),
        ]
