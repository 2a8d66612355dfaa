"""Engagements at the desk: the list, a new one, and the page of one with everything that can be done from it."""

from typing import Any

from django.contrib.admin import register
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.decorators import display

from engagements import discarding, lifecycle
from engagements.desk import contracting, course, engagement_page, moving, seating
from engagements.desk.dialogs import Dialog, page
from engagements.desk.forms import (
    SHARE,
    ChangeForm,
    EndForm,
    PauseForm,
    ResumeForm,
    shares,
    shares_of,
)
from engagements.models import Engagement, Stage
from engagements.models.base import Phase, Point
from practice.desk import show
from practice.desk.site import desk
from practice.models.people import Hat
from practice.sites import ScopedAdmin, VerbForm

Status = Engagement.Status
STATUS = {
    Status.DRAFT: "default",
    Status.PROPOSED: "info",
    Status.ACTIVE: "success",
    Status.PAUSED: "warning",
    Status.ENDED: "default",
}
RUNNING = (Status.ACTIVE, Status.PAUSED)


def now_of(row: Engagement) -> dict[str, Any]:
    names = ("name", "lead", "starts_on", "ai_in_scope", "eu_milestones", "curve", "po_number")
    return {name: getattr(row, name) for name in names}


CHANGE = Dialog(
    lifecycle.change,
    "Name, lead and what else is no term. Terms change by a move, people by who wears a hat.",
    "Changed.",
    "Save",
    ChangeForm,
    initial=lambda request, row: now_of(row),
)
PROPOSE = Dialog(
    lifecycle.propose,
    "{0.client} sees “{0}” from now on, and its sponsor can agree to the first stage.",
    "The client can see it now.",
    "Propose",
)
WITHDRAW = Dialog(
    lifecycle.withdraw,
    "“{0}” becomes a draft again: {0.client} no longer sees it, and what the sponsor was asked for is withdrawn.",
    "It is a draft again.",
    "Withdraw the proposal",
    danger=True,
)
DISCARD = Dialog(
    discarding.engagement,
    "“{0}” is thrown away with its hats, its moves and the drafts that belong to it. The client has never seen it; "
    "the record of what happened stays.",
    "The draft is gone.",
    "Discard the draft",
    after=lambda row, result: desk.link(Engagement) if result is None else desk.page_of(row),
    danger=True,
)
ACTIVATE = Dialog(
    lifecycle.activate,
    "The work begins: the first stage from its day on, and {0.client} becomes an active client.",
    "The engagement is active.",
    "Activate",
    template="engagements/desk/activate.html",
    facts=engagement_page.gate_facts,
)
PAUSE = Dialog(
    lifecycle.pause,
    "Nothing is owed and nothing counts on the days of a pause. Dates that are counted move on by its length.",
    "The pause is recorded.",
    "Pause",
    PauseForm,
    initial=engagement_page.today,
)
RESUME = Dialog(
    lifecycle.resume,
    "The pause is over from this day on.",
    "Work goes on.",
    "Resume",
    ResumeForm,
    initial=engagement_page.today,
)
END = Dialog(
    lifecycle.end,
    "“{0}” ends for good: the last stage and every pause with it, and moves that still wait are withdrawn. "
    "What has to be handed over becomes a checklist.",
    "The engagement has ended. The handover list is below.",
    "End the engagement",
    EndForm,
    initial=engagement_page.today,
    danger=True,
)


class OpenForm(VerbForm):
    """The first draft, with the hats and how the work should be shared over them."""

    locals().update(shares())
    shown_at = {"hats": f"{SHARE}CTO"}

    class Meta:
        labels = {
            "starts_on": "First day",
            "ai_in_scope": "AI in scope",
            "eu_milestones": "EU milestones",
            "curve": "Intensity planned by",
            "po_number": "Purchase order",
        }


class EngagementAdmin(ScopedAdmin):
    intro = "What the practice does for a client: under which hats, at which point of the spectrum, on which terms."
    empty = "No engagement yet. Draft one here, or from the choice you recorded on an assessment."
    form = OpenForm
    list_display = ("name", "client", "stands", "at", "lead", "starts_on")
    list_filter = ("status", "client", "lead")
    list_select_related = ("client", "lead__user")
    search_fields = ("name", "client__name")
    read_with = "engagements/desk/engagement.html"
    ordering = ("client__name", "name", "id")
    add_verb = staticmethod(lifecycle.open_for)
    add_fields = (
        "client",
        "name",
        "lead",
        "starts_on",
        *(f"{SHARE}{hat}" for hat in Hat.values),
        "ai_in_scope",
        "eu_milestones",
        "curve",
        "po_number",
    )
    fieldsets = (
        (None, {"fields": ["client", "name", "lead", "starts_on"]}),
        (
            "Hats, and their shares of the work: 100 in all",
            {"fields": [f"{SHARE}{hat}" for hat in Hat.values]},
        ),
        ("Scope", {"fields": ["ai_in_scope", "eu_milestones", "curve", "po_number"]}),
    )
    pages = (
        page(
            "activate",
            "Activate",
            ACTIVATE,
            "engagement",
            first=True,
            when=lambda row: row.status == Status.PROPOSED,
        ),
        page(
            "propose",
            "Propose to the client",
            PROPOSE,
            "engagement",
            first=True,
            when=lambda row: row.status == Status.DRAFT,
        ),
        page(
            "resume",
            "Resume",
            RESUME,
            "engagement",
            first=True,
            when=lambda row: row.status == Status.PAUSED,
        ),
        moving.PROPOSE_MOVE,
        *seating.PAGES,
        *course.PAGES,
        contracting.DRAFT_PAGE,
        page("edit", "Change", CHANGE, "engagement", when=lambda row: row.status != Status.ENDED),
        page("pause", "Pause", PAUSE, "engagement", when=lambda row: row.status == Status.ACTIVE),
        page(
            "withdraw",
            "Withdraw the proposal",
            WITHDRAW,
            "engagement",
            when=lambda row: row.status == Status.PROPOSED,
        ),
        page(
            "discard",
            "Discard the draft",
            DISCARD,
            "engagement",
            when=lambda row: row.status == Status.DRAFT,
        ),
        page("end", "End", END, "engagement", when=lambda row: row.status in RUNNING),
    )

    @display(description="Status", ordering="status", label={str(k): v for k, v in STATUS.items()})
    def stands(self, row: Engagement) -> show.Badge:
        return show.Badge(row.status, row.get_status_display())

    @display(description="Stands at")
    def at(self, row: Any) -> str:
        if not row.point:
            return "–"
        phase = f", {Phase(row.phase).label.lower()}" if row.phase else ""
        return f"{Point(row.point).label}{phase}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        last = Stage.objects.filter(engagement=OuterRef("pk")).order_by("-since_on", "-id")
        return (
            super()
            .get_queryset(request)
            .annotate(
                point=Subquery(last.values("point")[:1]), phase=Subquery(last.values("phase")[:1])
            )
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        here = request.here  # type: ignore[attr-defined]
        return {"lead": here.place.pk, **super().get_changeform_initial_data(request)}

    def given(self, form: Any) -> dict[str, Any]:
        given = super().given(form)
        hats = shares_of(given)
        return {**given, "hats": hats}

    def read_facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {**engagement_page.facts(request, row), "title": row.name}


register(Engagement, site=desk)(EngagementAdmin)
