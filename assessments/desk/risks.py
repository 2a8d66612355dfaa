"""The risk register at the desk: ratings, looks, acceptance by a decision, closing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from assessments import outlook, risks, work_book
from assessments.desk import roadmap
from assessments.desk.estate import person
from assessments.models import Risk, RiskStatus
from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.refusals import Refusal
from practice.sites import Act, RowPage, ScopedAdmin, VerbForm

S = RiskStatus
STATUS = {S.OPEN: "warning", S.ACCEPTED: "info", S.CLOSED: "default"}
BANDS = {"low": "success", "medium": "info", "high": "warning", "critical": "danger"}


def _marks(name: str) -> list[tuple[int, str]]:
    scale = getattr(work_book.risks(), name)
    return [(one.mark, f"{one.mark}: {one.label}. {one.says}") for one in scale]


class RiskForm(VerbForm):
    likelihood = forms.TypedChoiceField(
        choices=lambda: _marks("likelihood"), coerce=int, widget=UnfoldAdminSelectWidget
    )
    impact = forms.TypedChoiceField(
        choices=lambda: _marks("impact"), coerce=int, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        labels = {
            "owner": "Answers for it",
            "owner_name": "Or somebody else",
            "plan": "What is done about it",
            "review_months": "Looked at again after months",
            "external_id": "Id elsewhere",
        }


class LookForm(forms.Form):
    note = forms.CharField(
        max_length=4000, label="What came of it", widget=UnfoldAdminTextareaWidget
    )


class GoneForm(forms.Form):
    reason = forms.CharField(max_length=4000, label="Why", widget=UnfoldAdminTextareaWidget)


class AcceptForm(forms.Form):
    """Decisions in force under DR-02 at the client of the risk."""

    def __init__(self, *args: Any, actor: Any, row: Risk, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        there = risks.OFFERED[risks.RIGHT](actor, row.client_id)
        self.offers = [(str(id), title) for id, title in there]
        self.fields["decision"] = forms.ChoiceField(
            choices=self.offers, widget=UnfoldAdminSelectWidget, label="By which decision"
        )


def accept(admin: Any, request: HttpRequest, row: Risk) -> HttpResponse:
    """By which decision a risk is taken on: the page that asks, and the POST that does."""
    actor = request.here.actor  # type: ignore[attr-defined]
    form = AcceptForm(request.POST or None, actor=actor, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            risks.accept(row, decision=form.cleaned_data["decision"], by=actor, at=timezone.now())
        except Refusal as no:
            form.add_error(None, no.sentence)
        else:
            messages.success(request, "Accepted.")
            return HttpResponseRedirect(desk.page_of(row))
    waits = "" if form.offers else " None is in force at this client yet: have it decided first."
    context = {
        **desk.each_context(request),
        "title": "Accept a risk",
        "act": {"label": "Accept", "danger": False},
        "explain": f"{row} is taken on as it is rated now, by a decision under DR-02.{waits}",
        "form": form,
        "original": row,
        "opts": admin.opts,
        "back": desk.page_of(row),
    }
    return TemplateResponse(request, "desk/act.html", context)


def outlook_page(admin: Any, request: HttpRequest, client: Any) -> HttpResponse:
    """A client's roadmap by horizon, its metrics, and its risks by likelihood and impact."""
    actor = request.here.actor  # type: ignore[attr-defined]
    context = {
        **desk.each_context(request),
        "title": "Roadmap and risks",
        "opts": admin.opts,
        "original": client,
        "back": desk.page_of(client),
        "told": outlook.of(client, by=actor, at=timezone.now()),
        "review_link": roadmap.review_link(client)
        if access.may(actor, "initiative", "change")
        else "",
    }
    return TemplateResponse(request, "assessments/desk/outlook.html", context)


RISK = (
    "title",
    "description",
    "system",
    "owner",
    "owner_name",
    "likelihood",
    "impact",
    "treatment",
    "plan",
    "review_months",
    "note",
    "external_id",
)


@register(Risk, site=desk)
class RiskAdmin(ScopedAdmin):
    intro = "What could go wrong with your clients' AI, who answers for it, and what is done about it. Each is looked at again every quarter unless it says otherwise."
    empty = "No risks yet."
    form = RiskForm
    list_display = (
        "title",
        "client",
        "weighs",
        "likelihood",
        "impact",
        "stands",
        "answers_for_it",
        "review_on",
    )
    list_filter = (
        show.narrowed("when", "Open and accepted", "All", status__in=[S.OPEN, S.ACCEPTED]),
        "client",
        "treatment",
        "likelihood",
        "impact",
    )
    list_select_related = ("client", "owner")
    search_fields = ("title", "description")
    ordering = ("title", "id")
    add_verb = staticmethod(risks.add)
    change_verb = staticmethod(risks.change)
    add_fields = ("client", *RISK)
    change_fields = RISK
    readonly_fields = (
        "stands",
        "weighs",
        "review_on",
        "reviewed_on",
        "review_note",
        "accepted_at",
        "closed_reason",
    )
    fieldsets = (
        (None, {"fields": ["client", "title", "description", "system"]}),
        ("How likely, how bad", {"fields": ["likelihood", "impact", "weighs"]}),
        ("Who answers for it", {"fields": ["owner", "owner_name"]}),
        (
            "What is done",
            {"fields": ["treatment", "plan", "stands", "accepted_at", "closed_reason"]},
        ),
        ("Looks", {"fields": ["review_months", "review_on", "reviewed_on", "review_note"]}),
        ("For the practice alone", {"fields": ["note", "external_id"]}),
    )
    pages = (
        RowPage(
            "accept",
            "Accept it",
            accept,
            "risk",
            action="accept",
            when=lambda row: row.status == S.OPEN,
        ),
    )
    acts = (
        Act(
            "review",
            "Looked at again",
            risks.review,
            explain="What came of looking at {0} again. The next look is due after its months.",
            done="Kept. The next look is on the agenda.",
            when=lambda row: row.status != S.CLOSED,
            form=LookForm,
            icon="event_repeat",
        ),
        Act(
            "reopen",
            "Open it again",
            risks.reopen,
            explain="{0} is there again, or is accepted no longer.",
            done="It is open again.",
            when=lambda row: row.status != S.OPEN,
            icon="undo",
        ),
        Act(
            "close",
            "It is gone",
            risks.close,
            explain="{0} is there no longer. Nothing of it is due any more.",
            done="Closed.",
            when=lambda row: row.status != S.CLOSED,
            form=GoneForm,
            icon="task_alt",
        ),
    )
    stands = show.status(STATUS)

    @display(description="Weighs", label=BANDS)
    def weighs(self, row: Risk) -> show.Badge:
        band = work_book.risks().band(row.weight)
        return show.Badge(band.key, f"{band.label}, {row.weight}")

    @display(description="Answers for it")
    def answers_for_it(self, row: Risk) -> str:
        return person(row.owner, row.owner_name)
