"""The parts of a board report at the desk: its sections' words, its questions, and whom it was asked of."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deliverables import board_asks, board_contributors, board_writing
from deliverables.models import BoardAsk, BoardReportStatus, BoardSection, Contribution
from engagements.desk.dialogs import AskForm, Dialog, page, tell
from practice.desk.site import desk
from practice.models import Contact
from practice.models.people import Hat
from practice.refusals import Refusal
from practice.sites import RowPage, ScopedAdmin
from practice.sites.forms import MomentInput


def being_written(row: Any) -> bool:
    return getattr(row, "report", row).status == BoardReportStatus.DRAFT


def _report(row: Any, result: Any) -> str:
    return desk.page_of(row.report)


class WordsForm(AskForm):
    title = forms.CharField(max_length=120)
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=20000,
        required=False,
        help_text="Markdown. The figures stand beside the words and come from the registers.",
    )


class AskedForm(AskForm):
    question = forms.CharField(max_length=200)
    context = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}), max_length=8000, required=False
    )
    options = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}), help_text="One option on each line, at least two."
    )
    code = forms.CharField(
        max_length=12,
        required=False,
        label="Right",
        help_text="The code of the right in the charter, such as DR-08: the answer becomes a proposal under it.",
    )
    hat = forms.ChoiceField(choices=[("", "None"), *Hat.choices], required=False)

    def chosen(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["options"] = [line.strip() for line in told["options"].splitlines() if line.strip()]
        return told


class PutDownForm(AskForm):
    chosen_one = forms.ChoiceField(label="Answer")
    evidence_note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        label="Where and how the board answered",
    )
    note = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4000
    )

    def ask(self) -> None:
        readers = Contact.objects.filter(
            client_id=self.row.client_id, role__in=("board", "sponsor"), active=True
        )
        self.fields["contact"] = forms.ModelChoiceField(
            readers.order_by("name"), label="Who answered"
        )
        options = [(n, one) for n, one in enumerate(self.row.options, start=1)]
        self.fields["chosen_one"] = forms.ChoiceField(label="Answer", choices=options)

    def chosen(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["chosen"] = int(told.pop("chosen_one"))
        return told


class ContributorForm(AskForm):
    person = forms.CharField(max_length=120, label="Who is asked")
    question = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    expires_at = forms.DateTimeField(
        required=False,
        widget=MomentInput,
        label="Expires",
        help_text="In your own time zone, within 60 days. Left empty: in 14 days.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def _contributor(request: HttpRequest, admin: Any, row: BoardSection) -> HttpResponse:
    """The address is in the answer to the POST itself: in no history, session or cookie."""
    posted = request.method == "POST"
    form = ContributorForm(request.POST if posted else None, request=request, row=row)
    around = {
        **desk.each_context(request),
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row.report),
    }
    if posted and form.is_valid():
        actor = request.here.actor  # type: ignore[attr-defined]
        try:
            link, address = board_contributors.ask(
                row, by=actor, at=timezone.now(), **form.chosen()
            )
        except Refusal as no:
            tell(form, no)
        else:
            told = {**around, "title": "The new link", "link": link, "address": address}
            answer = TemplateResponse(request, "deliverables/desk/board_link.html", told)
            answer["Cache-Control"] = "no-store"
            return answer
    asked = {
        **around,
        "title": "Ask somebody",
        "explain": "Somebody without an account answers this section behind an address of their own. They see your "
        "question and the section's title, nothing else of the report.",
        "button": "Make the link",
        "form": form,
    }
    return TemplateResponse(request, "engagements/desk/dialog.html", asked)


WRITE = Dialog(
    board_writing.write,
    "The words of “{0.title}”. Figures are not written: they come from the registers.",
    "The section is written.",
    "Save",
    WordsForm,
    initial=lambda request, row: {"title": row.title, "words": row.words},
    after=_report,
)
DROP = Dialog(
    board_writing.drop_section,
    "“{0.title}” goes, with its words.",
    "The section is taken out.",
    "Take it out",
    after=_report,
    danger=True,
)
CHANGE = Dialog(
    board_asks.change,
    "What the board is asked, and the options it has.",
    "Changed.",
    "Save",
    AskedForm,
    initial=lambda request, row: {
        "question": row.question,
        "context": row.context,
        "options": "\n".join(row.options),
        "code": row.code,
        "hat": row.hat,
    },
    after=_report,
)
REMOVE = Dialog(
    board_asks.remove,
    "“{0.question}” is not asked after all.",
    "It is taken out.",
    "Take it out",
    after=_report,
    danger=True,
)
PUT_DOWN = Dialog(
    board_asks.put_down,
    "What the board answered elsewhere to “{0.question}”. It is given once and stays as it is.",
    "The answer is put down.",
    "Put it down",
    PutDownForm,
    after=_report,
)
REVOKE = Dialog(
    board_contributors.revoke,
    "The address sent to {0.person} stops working at once.",
    "The link is revoked.",
    "Revoke",
    after=_report,
    danger=True,
)
TAKE = Dialog(
    board_contributors.take,
    "What {0.person} wrote is put behind the words of the section, under their name.",
    "It is in the section.",
    "Put it into the section",
    after=_report,
)


class OfReportAdmin(ScopedAdmin):
    list_filter = ("report", "client")
    list_select_related = ("report", "client", "engagement", "practice")
    ordering = ("-id",)


@register(BoardSection, site=desk)
class BoardSectionAdmin(OfReportAdmin):
    intro = "The sections of board reports. They are written on the page of their report."
    list_display = ("title", "report", "client", "writer")
    search_fields = ("title",)
    pages = (
        page("write", "Write", WRITE, "board_report", when=being_written, first=True),
        RowPage(
            "ask",
            "Ask somebody",
            lambda admin, request, row: _contributor(request, admin, row),
            "board_report",
            action="share",
            when=being_written,
        ),
        page(
            "drop",
            "Take it out",
            DROP,
            "board_report",
            when=lambda row: being_written(row) and not row.mandatory,
        ),
    )


@register(BoardAsk, site=desk)
class BoardAskAdmin(OfReportAdmin):
    intro = "Decisions asked of boards. They are put on the page of their report."
    list_display = ("question", "report", "client")
    search_fields = ("question",)
    pages = (
        page("edit", "Change", CHANGE, "board_report", when=being_written, first=True),
        page(
            "put-down",
            "Put the answer down",
            PUT_DOWN,
            "board_report",
            when=lambda row: (
                row.report.status in ("issued", "acknowledged") and not row.answers.exists()
            ),
        ),
        page("remove", "Take it out", REMOVE, "board_report", when=being_written),
    )


@register(Contribution, site=desk)
class ContributionAdmin(OfReportAdmin):
    intro = "Links by which somebody without an account answers a section of a board report."
    list_display = ("person", "section", "report", "client", "answered_at", "expires_at")
    search_fields = ("person",)
    readonly_fields = (
        "person",
        "question",
        "section",
        "report",
        "answer",
        "answered_at",
        "taken_at",
        "expires_at",
        "revoked_at",
        "made_by",
    )
    list_select_related = (*OfReportAdmin.list_select_related, "section", "made_by__user")
    pages = (
        page(
            "take",
            "Put it into the section",
            TAKE,
            "board_report",
            when=lambda row: bool(row.answer) and row.taken_at is None and being_written(row),
            first=True,
        ),
        page("revoke", "Revoke", REVOKE, "board_report", when=lambda row: row.revoked_at is None),
    )
