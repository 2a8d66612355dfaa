"""The row behind an address of a page. One that is not this reader's is not there, as one that never was."""

from typing import Any, TypeVar

from django.http import Http404, HttpRequest

from practice import access
from practice.models import Row
from practice.refusals import NotFound

R = TypeVar("R", bound=Row)


def behind(request: HttpRequest, model: type[R], id: Any) -> R:
    try:
        return access.get(request.here.actor, model, id)  # type: ignore[attr-defined]
    except NotFound as gone:
        raise Http404 from gone
