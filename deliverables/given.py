"""One version given out to be saved, as it was written or handed in, and the links that do so for a few minutes."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from deliverables import files, opened
from deliverables.models import DeliverableVersion
from practice import access, file_pages
from practice.access import Actor

TEXT = "text/markdown; charset=utf-8"


def find(actor: Actor, id: UUID) -> DeliverableVersion:
    """Whoever may read it may have it: a contact what was released to them and not taken back."""
    access.require(actor, "deliverable_version", "view")
    return access.get(actor, DeliverableVersion, id)


def give(request: HttpRequest, actor: Actor, version: DeliverableVersion) -> HttpResponseBase:
    """Noted as opened where a contact takes it; fetched in parts, it was opened once, with its first."""
    first = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if request.method == "GET" and first:
        opened.note_version(version, by=actor, at=timezone.now())
    if version.file is not None:
        return file_pages.give(request, version.file)
    name = f"{version.deliverable.code}-version-{version.number}.md"
    return files.answer(version.text.encode(), TEXT, name)
