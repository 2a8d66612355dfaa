"""Board reports at the desk: all of them, and the page of one with fixed figures, words to write and what has moved."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deliverables import (
    board_asks,
    board_content,
    board_issuing,
    board_opening,
    board_page,
    board_rendering,
    board_rows,
    board_template,
    board_writing,
)
from deliverables.desk import board_parts
from deliverables.desk.board_parts import AskedForm, being_written
from deliverables.models import (
    BoardAsk,
    BoardReading,
    BoardReport,
    BoardReportStatus,
    BoardSection,
    Contribution,
)
from deliverables.models.board import ISSUED
from engagements.desk.dialogs import AskForm, Dialog, page
from engagements.desk.engagement import EngagementAdmin
from practice import access, rendering
from practice.desk import show
from practice.desk.site import desk
from practice.sites import RowPage, ScopedAdmin
from practice.sites.forms import DayInput

Status = BoardReportStatus
TONES = {
    Status.DRAFT: "info",
    Status.REVIEWED: "warning",
    Status.ISSUED: "success",
    Status.ACKNOWLEDGED: "success",
}


class OpenForm(AskForm):
    on = forms.DateField(
        required=False,
        widget=DayInput,
        label="A day of the quarter",
        help_text="Left empty: the quarter that goes on now where the client is.",
    )


class HeadForm(AskForm):
    title = forms.CharField(max_length=160)
    cover_line = forms.CharField(max_length=200, required=False)
    confidentiality = forms.CharField(max_length=200, required=False)


class SectionForm(AskForm):
    def ask(self) -> None:
        there = set(BoardSection.objects.filter(report=self.row).values_list("key", flat=True))
        known = board_template.sections().items()
        offers = [(key, one.title) for key, one in known if key not in there]
        self.fields["key"] = forms.ChoiceField(label="Section", choices=offers)


class SubmitForm(AskForm):
    def ask(self) -> None:
        who = board_issuing.reviewers(self.row).select_related("user").order_by("user__name")
        others = who.exclude(pk=self.row.author_id)
        self.fields["reviewer"] = forms.ModelChoiceField(others if others.exists() else who)


class PassForm(AskForm):
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )
    self_reason = forms.CharField(
        required=False,
        max_length=2000,
        label="Why nobody else looks at it",
        help_text="Only where you wrote it yourself.",
    )


class NoteForm(AskForm):
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, label="What is wanting"
    )


class EditionForm(AskForm):
    correction = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, label="What is corrected"
    )


OPEN = Dialog(
    board_opening.open_for,
    "A board report opens by itself 30 days before a quarter ends, from month 4 on. Here you open one earlier.",
    "The report is open, its figures are filled in.",
    "Open the report",
    OpenForm,
    after=lambda row, result: desk.page_of(result if isinstance(result, BoardReport) else row),
)
HEAD = Dialog(
    board_writing.change,
    "What stands on the cover.",
    "Changed.",
    "Save",
    HeadForm,
    initial=lambda request, row: {
        "title": row.title,
        "cover_line": row.cover_line,
        "confidentiality": row.confidentiality,
    },
)
REFRESH = Dialog(
    board_writing.refresh,
    "All figures are filled in anew, as the registers have them now. The words stay.",
    "The figures are filled in anew.",
    "Fill in anew",
)
KEEP = Dialog(
    board_writing.keep,
    "The figures that moved stay as they were filled in, and the report stands as of that moment.",
    "They stay as they were.",
    "Leave them",
)
SECTION = Dialog(
    board_writing.add_section,
    "One more section, behind those that are there.",
    "The section is there.",
    "Add it",
    SectionForm,
)
ASK = Dialog(
    board_asks.add,
    "A decision asked of the board, with the options it has. It answers once, when the report is issued.",
    "It is asked.",
    "Ask it",
    AskedForm,
)
SUBMIT = Dialog(
    board_issuing.submit,
    "Somebody else looks at it before it goes to the board.",
    "It is submitted.",
    "Put to review",
    SubmitForm,
)
PASS = Dialog(
    board_issuing.pass_on, "It may go before the board.", "It is reviewed.", "Pass it", PassForm
)
BACK = Dialog(
    board_issuing.send_back,
    "It is not ready; its author reads what is wanting.",
    "It is sent back.",
    "Send back",
    NoteForm,
)
TAKE_BACK = Dialog(
    board_issuing.take_back,
    "It becomes a draft again, to be written on and reviewed anew.",
    "It is a draft again.",
    "Take it back",
)
ISSUE = Dialog(
    board_issuing.issue,
    "It is frozen with its hash and put before the sponsor and the board of {0.client}. Nothing in it can be changed "
    "afterwards; a correction is a new edition.",
    "It is issued.",
    "Issue it",
)
EDITION = Dialog(
    board_opening.open_edition,
    "A new edition begins with these words and says what is corrected. This one stays as it is.",
    "The new edition is open.",
    "Open the edition",
    EditionForm,
    after=lambda row, result: desk.page_of(result or row),
)
PAPER = Dialog(
    board_rendering.have_set,
    "A worker sets the report as a PDF, as it stands now. Before it is issued every page says that it is a draft.",
    "It is being set. The page says how far it is.",
    "Set it on paper",
)


@require_safe
def _behind(request: HttpRequest, admin: Any, row: BoardReport) -> HttpResponse:
    """The rows behind one figure, each with its own page where this reader sees it."""
    actor = request.here.actor  # type: ignore[attr-defined]
    content = board_content.of(row, at=timezone.now())
    place = board_rows.places(content).get(request.GET.get("of", ""))
    if place is None:
        raise Http404
    behind, more = board_rows.listed(place[1], _page_of, by=actor)
    context = {
        **desk.each_context(request),
        "title": place[0],
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
        "behind": behind,
        "more": more,
    }
    return TemplateResponse(request, "deliverables/desk/board_rows.html", context)


def _page_of(row: Any) -> str:
    return desk.page_of(row) if desk.is_registered(type(row)) else ""


def _waits(row: BoardReport) -> bool:
    return row.status == Status.DRAFT and row.submitted_at is not None


def _unset(row: BoardReport) -> bool:
    # What is issued was asked for then; there is something to do only where it was given up.
    return row.status not in ISSUED or board_rendering.given_up(row)


@register(BoardReport, site=desk)
class BoardReportAdmin(ScopedAdmin):
    intro = (
        "One report for each fiscal quarter of a client, opened by itself and filled from the registers. "
        "Earlier ones are opened on the page of an engagement."
    )
    empty = "No board reports yet. They open 30 days before a quarter ends, from month 4 on."
    list_display = ("title", "client", "quarter", "edition", "stands", "ends_on", "author")
    list_filter = ("status", "client", "engagement")
    list_select_related = (
        "client",
        "engagement__client",
        "author__user",
        "reviewer__user",
        "reviewed_by__user",
        "issued_by__user",
        "practice",
    )
    search_fields = ("title", "quarter")
    ordering = ("-ends_on", "-id")
    stands = show.status(TONES)
    pages = (
        page("submit", "Put to review", SUBMIT, "board_report", when=being_written, first=True),
        page("pass", "Pass", PASS, "board_report", action="review", when=_waits),
        page("send-back", "Send back", BACK, "board_report", action="review", when=_waits),
        page(
            "issue",
            "Issue",
            ISSUE,
            "board_report",
            action="issue",
            when=lambda row: row.status == Status.REVIEWED,
            first=True,
        ),
        page("cover", "Cover", HEAD, "board_report", when=being_written),
        page("section", "Add a section", SECTION, "board_report", when=being_written),
        page("ask", "Ask the board", ASK, "board_report", when=being_written),
        page("refresh", "Fill in anew", REFRESH, "board_report", when=being_written),
        page("keep", "Leave as they were", KEEP, "board_report", offered=False),
        page(
            "take-back",
            "Take back",
            TAKE_BACK,
            "board_report",
            when=lambda row: row.status == Status.REVIEWED or _waits(row),
        ),
        page("on-paper", "Set on paper", PAPER, "rendering", action="add", when=_unset),
        page(
            "edition",
            "Correct it",
            EDITION,
            "board_report",
            action="add",
            when=lambda row: row.status in ISSUED,
        ),
        RowPage(
            "rows",
            "Rows",
            lambda admin, request, row: _behind(request, admin, row),
            "board_report",
            offered=False,
        ),
    )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: Any = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """A report is read as a page of its own; what is done with it are verbs with pages of theirs."""
        row = self.get_object(request, object_id) if object_id is not None else None
        if row is None or request.method not in ("GET", "HEAD"):
            return super().changeform_view(request, object_id, form_url, extra_context)
        context = {
            **desk.each_context(request),
            **self._around(request, row),
            **_facts(request, row),
            "title": str(row),
            "opts": self.opts,
            "original": row,
        }
        return TemplateResponse(request, "deliverables/desk/board_report.html", context)


def _facts(request: HttpRequest, row: BoardReport) -> dict[str, Any]:
    actor, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    content = board_content.of(row, at=at)
    seen = access.visible_to(actor, BoardSection).filter(report=row)
    sections = {section.key: section for section in seen}
    may = access.may(actor, "board_report", "change") and being_written(row)
    flags = board_writing.flagged(row, at=at)
    answers = board_content.answered(row)
    links = access.visible_to(actor, Contribution).filter(report=row).order_by("-id")
    behind = board_rows.links(content, _page(row, "rows"), by=actor)
    return {
        "content": content,
        "summary": board_page.summary(content, behind),
        "status": show.Badge(row.status, row.get_status_display()),
        "tone": TONES[Status(row.status)],
        "engagement_page": desk.page_of(row.engagement),
        "sections": [
            {
                **board_page.laid_out(told, behind),
                "row": sections.get(told["key"]),
                "asks": board_template.sections()[told["key"]].asks
                if told["key"] in board_template.sections()
                else "",
                "page": _page(sections.get(told["key"]), "write") if may else "",
                "ask": _page(sections.get(told["key"]), "ask") if may else "",
            }
            for told in content.get("sections", [])
        ],
        "flags": flags,
        "refresh": _page(row, "refresh") if may else "",
        "keep": _page(row, "keep") if may else "",
        "asks": [
            {"row": ask, "page": desk.page_of(ask), "answer": answers.get(str(ask.pk))}
            for ask in access.visible_to(actor, BoardAsk).filter(report=row).order_by("number")
        ],
        "links": [(link, desk.page_of(link)) for link in links.select_related("section")],
        "paper": rendering.standing(board_rendering.KIND, row.pk, by=actor),
        "readers": access.visible_to(actor, BoardReading)
        .filter(report=row)
        .select_related("contact")
        .order_by("first_opened_at"),
    }


def _page(row: Any, name: str) -> str:
    return desk.page_of(row).removesuffix("change/") + f"{name}/" if row is not None else ""


EngagementAdmin.pages = tuple(
    sorted(
        (
            *EngagementAdmin.pages,
            page("open-board-report", "Open a board report", OPEN, "board_report", action="add"),
        ),
        key=lambda one: one.danger,
    )
)
__all__ = ["BoardReportAdmin", "board_parts"]
