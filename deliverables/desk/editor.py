"""Writing a deliverable's text at the desk, with how it will look; and what to do when somebody else wrote meanwhile."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextInputWidget

from deliverables import comparing, writing
from deliverables.models import Deliverable, DeliverableVersion
from deliverables.models.versions import LONGEST
from engagements.desk.dialogs import tell
from engagements.desk.engagement_page import under
from practice import markdown
from practice.desk.site import desk
from practice.refusals import NotFound, Refusal, Stale
from practice.sites import RowPage

Version = DeliverableVersion


class TextForm(forms.Form):
    text = forms.CharField(
        max_length=LONGEST,
        required=False,
        strip=False,
        label="Text",
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "true", "class": "dl-text"}),
    )
    note = forms.CharField(
        max_length=400, required=False, label="What is new", widget=UnfoldAdminTextInputWidget
    )

    def clean_text(self) -> str:
        # As it is kept: browsers send every line's end as two characters.
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        return text


def write(admin: Any, request: HttpRequest, row: Deliverable) -> HttpResponse:
    return _write(request, admin, row)


@require_http_methods(["GET", "HEAD", "POST"])
def _write(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponse:
    version = row.latest
    if version is None or version.state != Version.State.DRAFT or version.form != Version.Form.TEXT:
        messages.info(request, "No text is being written here. Begin a version first.")
        return HttpResponseRedirect(desk.page_of(row))
    posted = request.method == "POST"
    start = {"text": version.text, "note": version.note}
    form = TextForm(request.POST if posted else None, initial=start, label_suffix="")
    seen = _seen(request) if posted else version.version
    meanwhile = None
    if posted and form.is_valid() and "look" not in request.POST:
        try:
            _save(request, version, form, seen)
        except NotFound as gone:
            raise Http404 from gone
        except Stale:
            # Theirs stands beside ours; the next save is meant to take its place.
            version.refresh_from_db()
            seen, meanwhile = version.version, _differ(version.text, form.cleaned_data["text"])
        except Refusal as no:
            tell(form, no)
        else:
            messages.success(request, "It is saved.")
            name = "submit" if request.POST.get("then") == "submit" else "write"
            return HttpResponseRedirect(under(row, name))
    text = form.data.get("text", "") if posted else version.text
    context = {
        **desk.each_context(request),
        "title": f"Write: {row.title}",
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "version": version,
        "form": form,
        "seen": seen,
        "meanwhile": meanwhile,
        "made": markdown.html(text[:LONGEST].replace("\x00", "")),
        "words": writing.words_in(text[:LONGEST]),
        "preview_at": under(row, "preview"),
        "read_at": f"{under(row, 'version')}?number={version.number}",
        "back": desk.page_of(row),
        "former": row.versions.filter(number__lt=version.number, form=Version.Form.TEXT)
        .order_by("-number")
        .first(),
        "diff_at": under(row, "diff"),
    }
    return TemplateResponse(request, "deliverables/desk/write.html", context)


def _save(request: HttpRequest, version: Version, form: TextForm, seen: int) -> None:
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    given = form.cleaned_data
    told = {"text": given["text"], "note": given["note"], "expected": seen}
    writing.revise(version, **told, by=by, at=at)


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen_version", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1


def _differ(old: str, new: str) -> Any:
    try:
        return comparing.hunks(old, new)
    except Refusal:
        return []


@require_http_methods(["GET", "HEAD", "POST"])
def _preview(request: HttpRequest, admin: Any, row: Deliverable) -> HttpResponse:
    """How a text will look; nothing is written."""
    if request.method == "POST":
        text = request.POST.get("text", "")
    else:
        text = row.latest.text if row.latest is not None else ""
    text = text[:LONGEST].replace("\x00", "")
    context = {"made": markdown.html(text), "words": writing.words_in(text)}
    answer = TemplateResponse(request, "deliverables/desk/preview.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


PAGES = (
    RowPage(
        "preview",
        "How it will look",
        lambda admin, request, row: _preview(request, admin, row),
        "deliverable",
        action="write",
        offered=False,
    ),
)
