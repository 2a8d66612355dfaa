"""One admin site for one kind of person. Who may come in is decided by the place they act from, nothing else."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from unfold.dataclasses import Favicon
from unfold.sites import UnfoldAdminSite

from practice import access, brand

# Unfold's pages carry Alpine, which evaluates attributes, and inline styles; nothing else here does.
UNFOLD_NEEDS = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}
View = Callable[..., HttpResponse]


class Site(UnfoldAdminSite):
    """`kind` is the kind of actor who works here: a member at the desk, a contact in the portal."""

    def __init__(self, name: str, *, kind: str, title: str) -> None:
        super().__init__(name)
        self.kind, self.title = kind, title
        # (group, its items); an item is (title, icon, model or url name).
        self.menu: list[tuple[str, list[tuple[str, str, Any]]]] = []
        # Pages of no model, contributed by the apps: (route, url name, view, resource that must be viewable).
        self.views: list[tuple[str, str, View, str]] = []
        # Every act on rows is a verb with a page of its own; nothing is done to many rows by a tick box.
        self._actions, self._global_actions = {}, {}
        # Without this a person with a second factor gets in with the password alone.
        self.login = secure_admin_login(self.login)  # type: ignore[method-assign]

    # Who may come in.

    def has_permission(self, request: HttpRequest) -> bool:
        here = getattr(request, "here", None)
        return here is not None and here.actor.kind == self.kind

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Reached by people who are signed in; the wrapper sends everybody else to allauth, which asks all factors.

        Never Django's own form: with it, somebody signed in could enter another's password and skip their factor.
        """
        return redirect(f"{self.name}:index" if self.has_permission(request) else "switch")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_logout")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                return redirect("switch")
            # Pop-up windows write into the page that opened them; no page of ours opens one.
            if IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST:
                raise Http404
            request.current_app = self.name  # type: ignore[attr-defined]
            answer = guarded(request, *args, **kwargs)
            if not getattr(answer, "needs_no_unfold", False):
                answer._csp_update = UNFOLD_NEEDS
            return answer

        inner.__name__ = getattr(view, "__name__", "view")
        inner.csrf_exempt = getattr(guarded, "csrf_exempt", False)  # type: ignore[attr-defined]
        return inner

    # Routes the stock admin brings. Their names stay, because its templates link to them.

    def get_urls(self) -> list[URLPattern]:
        gone = {"view_on_site": "r/<path:content_type_id>/<path:object_id>/"}
        kept = [url for url in super().get_urls() if getattr(url, "name", None) not in gone]
        closed = [path(route, self.admin_view(_absent), name=name) for name, route in gone.items()]
        own = [
            path(route, self.admin_view(_viewable(view, resource)), name=name)
            for route, name, view, resource in self.views
        ]
        return closed + own + kept

    def search(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # Unfold keeps results under a key without a practice in it.
        raise Http404

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        raise Http404

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:
        return HttpResponseRedirect(reverse(f"{self.name}:index"))

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def get_log_entries(self, request: HttpRequest) -> QuerySet[LogEntry]:
        # The event log is the one history.
        return LogEntry.objects.none()

    # What every page shows.

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        here = getattr(request, "here", None)
        name = here.practice.name if here else brand.NAME
        context.update(
            site_title=name,
            site_header=name,
            site_subheader=self.title,
            site_icon=brand.logo_url(here),
            site_favicons=[
                Favicon(href=static("practice/remit.svg"), rel="icon", type="image/svg+xml")
            ],
            colors={**(context["colors"] or {}), "primary": brand.palette(brand.colour_of(here))},
        )
        return context

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu below is the only list of what there is."""
        return []

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        groups = []
        for title, items in self.menu:
            shown = [
                self._item(request, *item) for item in items if self._may_see(request, item[2])
            ]
            if shown:
                groups.append({"title": title, "items": shown})
        return groups

    def _may_see(self, request: HttpRequest, target: Any) -> bool:
        if isinstance(target, str):
            needs = {name: resource for _, name, _, resource in self.views}
            return target not in needs or access.may(request.here.actor, needs[target], "view")  # type: ignore[attr-defined]
        return access.may(request.here.actor, target.reach.resource, "view")  # type: ignore[attr-defined]

    def _item(self, request: HttpRequest, title: str, icon: str, target: Any) -> dict[str, Any]:
        link = self.link(target)
        is_home = target == "index"
        return {
            "title": title,
            "icon": icon,
            "link": link,
            "has_permission": True,
            "counts_unread": target == "inbox",
            "active": request.path == link or (not is_home and request.path.startswith(link)),
        }

    def link(self, target: Any) -> str:
        """Where a list (of a model) or a named page of this site is."""
        if isinstance(target, str):
            return reverse(f"{self.name}:{target}")
        return reverse(f"{self.name}:{target._meta.app_label}_{target._meta.model_name}_changelist")

    def page_of(self, row: Any) -> str:
        """Where one row is shown."""
        opts = row._meta
        return reverse(f"{self.name}:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def _viewable(view: View, resource: str) -> View:
    """A page of no model asks the access table as a model's list does."""

    def inner(request: HttpRequest, **parts: Any) -> HttpResponse:
        if not access.may(request.here.actor, resource, "view"):  # type: ignore[attr-defined]
            raise PermissionDenied
        return view(request, **parts)

    return inner


def _absent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    raise Http404
