"""The versions of a deliverable at the desk: read, compared with one another, and taken along as files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from deliverables import comparing, files
from deliverables.models import Deliverable, DeliverableVersion, Release
from engagements.desk.engagement_page import under
from practice import access, file_pages, markdown
from practice.desk.site import desk
from practice.models import StoredFile
from practice.refusals import NotFound, Refusal
from practice.sites import RowPage

Form = DeliverableVersion.Form


def _numbered(request: HttpRequest, row: Deliverable, name: str) -> DeliverableVersion:
    """The version that the address names."""
    told = request.GET.get(name, "")
    number = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0
    found = _all(request, row).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _all(request: HttpRequest, row: Deliverable) -> Any:
    seen = access.visible_to(request.here.actor, DeliverableVersion)  # type: ignore[attr-defined]
    return seen.filter(deliverable=row).select_related("author__user", "file")


def _context(request: HttpRequest, admin: Any, row: Deliverable, **facts: Any) -> dict[str, Any]:
    return {
        **desk.each_context(request),
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
        **facts,
    }


@require_safe
def _read(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponse:
    version = _numbered(request, row, "number")
    context = _context(
        request,
        admin,
        row,
        title=f"Version {version.number}: {row.title}",
        version=version,
        made=markdown.html(version.text) if version.form == Form.TEXT else "",
        take=f"{under(row, 'take')}?number={version.number}",
        leaf=file_pages.leaf(
            request, version.file, f"{under(row, 'page')}?number={version.number}"
        ),
        leaf_of=f"{row.title}, version {version.number}",
        kept=f"number={version.number}&",
        others=_all(request, row).exclude(pk=version.pk).filter(form=Form.TEXT).order_by("-number")
        if version.form == Form.TEXT
        else [],
        diff_at=under(row, "diff"),
    )
    return TemplateResponse(request, "deliverables/desk/version.html", context)


@require_safe
def _diff(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponse:
    """Two texts; without a choice, the last two."""
    texts = list(_all(request, row).filter(form=Form.TEXT).order_by("-number"))
    if "from" in request.GET or "to" in request.GET:
        old, new = _numbered(request, row, "from"), _numbered(request, row, "to")
        if old.form != Form.TEXT or new.form != Form.TEXT:
            raise Http404
    else:
        new = texts[0] if texts else None
        old = texts[1] if len(texts) > 1 else new
    hunks, wrong = [], ""
    if old is not None and new is not None:
        try:
            hunks = comparing.hunks(old.text, new.text)
        except Refusal as no:
            wrong = no.sentence
    lines = [kind for hunk in hunks for kind, _ in hunk.lines]
    context = _context(
        request,
        admin,
        row,
        title=f"What changed: {row.title}",
        old=old,
        new=new,
        texts=texts,
        hunks=hunks,
        wrong=wrong,
        added=lines.count(comparing.NEW),
        removed=lines.count(comparing.GONE),
    )
    return TemplateResponse(request, "deliverables/desk/diff.html", context)


@require_safe
def _take(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponseBase:
    """As it was written or handed in, to be saved."""
    version = _numbered(request, row, "number")
    if version.file is not None:
        return file_pages.give(request, version.file)
    name = f"{slugify(f'{row.code} {row.title}')[:80] or 'text'}-v{version.number}.md"
    return files.answer(version.text.encode(), "text/markdown; charset=utf-8", name)


@require_safe
def _leaf(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponse:
    """One page of a PDF as a picture."""
    return file_pages.picture(request, _numbered(request, row, "number").file)


@require_safe
def _evidence(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponseBase:
    """What shows an answer that was given elsewhere."""
    actor = request.here.actor  # type: ignore[attr-defined]
    try:
        release = access.get(actor, Release, request.GET.get("release", ""))
        if release.deliverable_id != row.pk or release.evidence_id is None:
            raise NotFound
        file = access.get(actor, StoredFile, release.evidence_id)
    except NotFound as gone:
        raise Http404 from gone
    return file_pages.give(request, file)


def _page(name: str, label: str, show: Any) -> RowPage:
    return RowPage(
        name,
        label,
        lambda admin, request, row: show(request, admin, row),
        "deliverable_version",
        offered=False,
    )


PAGES = (
    _page("version", "A version", _read),
    _page("diff", "What changed", _diff),
    _page("take", "A version as a file", _take),
    _page("page", "A page of a version", _leaf),
    _page("evidence", "What shows an answer", _evidence),
)
