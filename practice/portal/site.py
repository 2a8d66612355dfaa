"""The portal's site: its own pages in the practice's colours; unfold only where an app registers an admin class."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from practice import reminders
from practice.portal.pages import PAGES, Page
from practice.sites import Site


class Portal(Site):
    def __init__(self, name: str, *, kind: str, title: str) -> None:
        super().__init__(name, kind=kind, title=title)
        self.pages: dict[str, Page] = {}

    def add(self, page: Page) -> None:
        if page.name in self.pages:
            raise ValueError(f"the portal has a page {page.name!r} already")
        self.pages[page.name] = page

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._show(request, page=self.pages[""])

    def extra_urls(self) -> list[URLPattern]:
        """Read when the addresses are wired, after every app has added its pages."""
        return [
            path(f"{page.name}/", self.admin_view(partial(self._show, page=page)), name=page.name)
            for page in self.pages.values()
            if page.name
        ]

    def _show(self, request: HttpRequest, page: Page) -> HttpResponse:
        return _rendered(request, self, page)

    def render(
        self, request: HttpRequest, page: Page, template: str, facts: dict[str, Any]
    ) -> HttpResponse:
        """A page in the portal's frame; `page` is the one the menu marks."""
        here = request.here  # type: ignore[attr-defined]
        menu = [
            {
                "title": other.title,
                "link": reverse(f"portal:{name or 'index'}"),
                "now": other is page,
                "counts_unread": name == "inbox",
                "aside": other.aside,
            }
            for name, other in self.pages.items()
            if other.shown_to(here.actor)
        ]
        answer = TemplateResponse(request, template, {"title": page.title, "menu": menu, **facts})
        answer.needs_no_unfold = True  # type: ignore[attr-defined]
        return answer


@require_safe
def _rendered(request: HttpRequest, site: Portal, page: Page) -> HttpResponse:
    here = request.here  # type: ignore[attr-defined]
    if not page.shown_to(here.actor):
        raise Http404
    facts = page.facts(here, request.GET) if page.paged else page.facts(here)
    return site.render(request, page, page.template, facts)


portal = Portal("portal", kind="contact", title="Portal")
for page in PAGES:
    portal.add(page)
portal.views.append(
    ("reminders/save/", "reminders-save", partial(reminders.in_portal, site=portal), "preference")
)
