"""Pages along the course of an engagement: exit tests, bursts, dates that were dealt with, the handover list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import register
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from engagements import bursts, dates, handover, phases, stages
from engagements.desk.dialogs import AskForm, Dialog, page
from engagements.desk.engagement_page import today
from engagements.desk.forms import BurstForm, words
from engagements.models import Burst, Engagement, HandoverItem
from practice import access
from practice.desk.site import desk
from practice.models import AgendaEntry
from practice.refusals import NotFound, Refusal
from practice.sites import RowPage, ScopedAdmin

Status = Engagement.Status
RUNNING = (Status.ACTIVE, Status.PAUSED)


class TestForm(AskForm):
    test = forms.ChoiceField(label="Exit test")
    met = forms.TypedChoiceField(
        label="It is",
        choices=[("yes", "met"), ("no", "not met yet")],
        coerce=lambda value: value == "yes",
    )
    reason = words("What shows it, or what is missing")

    def ask(self) -> None:
        stage = stages.present(self.row)
        asked = phases.tests(self.row, stage, timezone.now()) if stage else []
        self.fields["test"].choices = [
            (test.key, f"{test.label}{' (met)' if met else ''}")
            for test, met in asked
            if test.key not in phases.EXIT_TESTS
        ]


class SettleForm(AskForm):
    """One of the dates that only a person knows to be done."""

    entry = forms.ChoiceField(label="What was dealt with")

    def ask(self) -> None:
        open_ones = access.visible_to(self.actor, AgendaEntry).filter(
            subject_id=self.row.pk, status=AgendaEntry.Status.OPEN, kind__in=dates.BY_HAND
        )
        self.fields["entry"].choices = [
            (f"{entry.kind}|{entry.period}", f"{entry.due_at:%-d %b %Y}: {entry.title}")
            for entry in open_ones.order_by("due_at", "id")
        ]

    def chosen(self) -> dict[str, Any]:
        kind, _, period = self.cleaned_data["entry"].partition("|")
        return {"kind": kind, "period": period}


def _in_a_phase(row: Engagement) -> bool:
    return row.status in RUNNING


STATE = Dialog(
    phases.state_test,
    "Put on record whether the present phase has brought what it should. The last test that is met ends a phase "
    "that is overdue; the latest statement of a test counts.",
    "Stated.",
    "State it",
    TestForm,
    initial=lambda request, row: {"test": request.GET.get("test", ""), "met": "yes"},
)
BURST = Dialog(
    bursts.plan,
    "More work for a while, on top of the allowance of every month. The stage and its terms stay.",
    "The burst is planned.",
    "Plan the burst",
    BurstForm,
    initial=today,
)
SETTLE = Dialog(
    dates.settle,
    "Say that a review, a milestone or an end on the agenda was dealt with.",
    "Done.",
    "It was dealt with",
    SettleForm,
)


class TickForm(forms.Form):
    note = forms.CharField(max_length=2000, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def _handover(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    items = access.visible_to(actor, HandoverItem).filter(engagement=row)
    if request.method == "POST":
        item = items.filter(pk=_id(request)).first()
        if item is None:
            raise Http404
        _turn(request, item)
        return HttpResponseRedirect(request.path)
    context = {
        **desk.each_context(request),
        "title": "Handover",
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "items": items.select_related("done_by__user").order_by("id"),
        "may": access.may(actor, "handover", "change"),
        "back": desk.page_of(row),
    }
    return TemplateResponse(request, "engagements/desk/handover.html", context)


def _turn(request: HttpRequest, item: HandoverItem) -> None:
    how = {"by": request.here.actor, "at": timezone.now()}  # type: ignore[attr-defined]
    form = TickForm(request.POST)
    note = form.cleaned_data.get("note", "") if form.is_valid() else ""
    try:
        if request.POST.get("act") == "untick":
            handover.untick(item, **how)
        else:
            handover.tick(item, note=note, **how)
    except NotFound as gone:
        raise Http404 from gone
    except Refusal as refusal:
        messages.error(request, refusal.sentence)


def _id(request: HttpRequest) -> Any:
    one = forms.UUIDField(required=False).to_python
    try:
        return one(request.POST.get("item", ""))
    except forms.ValidationError as wrong:
        raise Http404 from wrong


def _show_handover(admin: Any, request: HttpRequest, row: Engagement) -> HttpResponse:
    answer: HttpResponse = _handover(request, admin, row)
    return answer


PAGES = (
    page(
        "state-test",
        "State an exit test",
        STATE,
        "exit_statement",
        action="add",
        when=_in_a_phase,
        offered=False,
    ),
    page("burst", "Plan a burst", BURST, "stage", action="add", when=_in_a_phase, offered=False),
    page("settle-date", "Dealt with", SETTLE, "engagement", when=_in_a_phase, offered=False),
    RowPage("handover", "Handover", _show_handover, "handover", offered=False),
)


@register(Burst, site=desk)
class BurstAdmin(ScopedAdmin):
    intro = "More work for a while, with a cause and an end."
    empty = "No bursts. Open an engagement to plan one."
    list_display = ("engagement", "client", "since_on", "until_on", "cause", "extra")
    list_filter = ("client", "cause")
    list_select_related = ("client", "engagement")
    search_fields = ("client__name", "engagement__name")
    ordering = ("-since_on", "id")
    change_verb = staticmethod(bursts.change)
    remove_verb = staticmethod(bursts.cancel)
    change_fields = ("until_on", "extra", "note")
    fieldsets = (
        (
            None,
            {"fields": ["engagement", "client", "since_on", "cause", "until_on", "extra", "note"]},
        ),
    )
