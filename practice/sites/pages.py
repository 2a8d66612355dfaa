"""Pages of one row besides its own: declared in an entry, so that apps above add theirs to a row of the ground floor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from practice import access


@dataclass(frozen=True)
class RowPage:
    """One page under a row's address. The row is one the actor sees, or there is no page."""

    name: str
    label: str
    show: Callable[[Any, HttpRequest, Any], HttpResponse]
    """Called with the admin class, the request and the row."""
    resource: str
    """Whose row of the access table it needs, and which action."""
    action: str = "view"
    offered: bool = True
    """Whether the row's page has a button that leads here."""
    first: bool = False
    """Whether that button is the one people come for."""
    when: Callable[[Any], bool] = lambda row: True
    """Whether it fits the row's present state, and so has a button; the verb decides in the end."""
    danger: bool = False

    def allowed(self, actor: Any) -> bool:
        return access.may(actor, self.resource, self.action)


def run(admin: Any, page: RowPage, request: HttpRequest, object_id: str) -> HttpResponse:
    row = admin.get_object(request, object_id)
    if row is None or not page.allowed(request.here.actor):  # type: ignore[attr-defined]
        raise Http404
    return page.show(admin, request, row)
