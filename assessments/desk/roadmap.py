"""The roadmap at the desk: initiatives, their milestones and postponements, the systems they are about."""

import datetime
from typing import Any

from django import forms
from django.contrib.admin import register
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from assessments import initiatives, milestones, roadmap_reviews
from assessments.desk.estate import person
from assessments.models import (
    Initiative,
    InitiativeStatus,
    InitiativeSystem,
    Metric,
    Milestone,
    PostponedFor,
    Postponement,
    RoadmapReview,
)
from practice.desk import show
from practice.desk.site import desk
from practice.models import Client
from practice.quarters import local_day
from practice.sites import Act, ScopedAdmin, Section, VerbForm
from practice.sites.forms import DayInput

S = InitiativeStatus
STATUS = {
    S.PROPOSED: "info",
    S.AGREED: "warning",
    S.UNDER_WAY: "warning",
    S.DONE: "success",
    S.DROPPED: "default",
}
# Status to go to: the button, what it says, its icon.
STEPS = {
    S.PROPOSED: ("Propose again", "is proposed; its milestones leave the agenda", "undo"),
    S.AGREED: ("Agreed", "is agreed; its milestones are on the agenda", "handshake"),
    S.UNDER_WAY: ("Under way", "is under way", "play_arrow"),
    S.DONE: ("Done", "is done; milestones still open leave the agenda", "task_alt"),
}


class WhyForm(forms.Form):
    reason = forms.CharField(max_length=4000, label="Why", widget=UnfoldAdminTextareaWidget)


def step(to: str) -> Act:
    label, does, icon = STEPS[S(to)]

    def move(row: Initiative, *, by: Any, at: Any) -> Initiative:
        return initiatives.move(row, to=to, by=by, at=at)

    return Act(
        to.replace("_", "-"),
        label,
        move,
        explain=f"{{0}} {does}.",
        done=f"{{0}} {does}.",
        when=lambda row: to in initiatives.STEPS[row.status],
        icon=icon,
    )


def drop(row: Initiative, *, reason: str, by: Any, at: Any) -> Initiative:
    return initiatives.move(row, to=S.DROPPED, reason=reason, by=by, at=at)


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%b %Y}"


def stands(row: Milestone) -> show.Badge:
    if row.done_on is not None:
        return show.Badge("done", f"Reached on {_day(row.done_on)}")
    if row.dropped_on is not None:
        return show.Badge("dropped", f"Dropped on {_day(row.dropped_on)}")
    return show.Badge("open", "Open")


class InitiativeForm(VerbForm):
    class Meta:
        labels = {
            "problem": "Business problem",
            "capacity_owner": "Answers for its engineers",
            "capacity_owner_name": "Or somebody else",
            "external_id": "Id elsewhere",
        }
        help_texts = {
            "problem": "Which problem of the business it solves, in its own words.",
            "expected_outcome": "What is otherwise once it is done, and how one will tell.",
        }


INITIATIVE = (
    "title",
    "hat",
    "is_ai",
    "horizon",
    "problem",
    "expected_outcome",
    "capacity_owner",
    "capacity_owner_name",
    "note",
    "external_id",
)


@register(Initiative, site=desk)
class InitiativeAdmin(ScopedAdmin):
    intro = (
        "What your clients set out to do. Each says which problem it solves, what is expected of it, "
        "and who has the engineers for it; a client's page has its roadmap by horizon."
    )
    empty = "No initiatives yet. Put down what the client wants first, tools later."
    form = InitiativeForm
    list_display = ("title", "client", "horizon", "hat", "stands", "engineers")
    list_filter = ("client", "horizon", "hat", "status", "is_ai")
    list_select_related = ("client", "capacity_owner")
    search_fields = ("title", "problem", "expected_outcome")
    ordering = ("title", "id")
    add_verb = staticmethod(initiatives.add)
    change_verb = staticmethod(initiatives.change)
    add_fields = ("client", *INITIATIVE)
    change_fields = INITIATIVE
    readonly_fields = ("stands", "done_on", "dropped_reason")
    fieldsets = (
        (None, {"fields": ["client", "title", "horizon", "hat", "is_ai"]}),
        ("What it is for", {"fields": ["problem", "expected_outcome"]}),
        ("Who has the engineers", {"fields": ["capacity_owner", "capacity_owner_name"]}),
        ("Where it stands", {"fields": ["stands", "done_on", "dropped_reason"]}),
        ("For the practice alone", {"fields": ["note", "external_id"]}),
    )
    stands = show.status(STATUS)
    acts = (
        *(step(to) for to in STEPS),
        Act(
            "drop",
            "Drop it",
            drop,
            explain="{0} will not be done. Its open milestones leave the agenda.",
            done="Dropped.",
            when=lambda row: S.DROPPED in initiatives.STEPS[row.status],
            form=WhyForm,
            icon="delete",
            danger=True,
        ),
    )
    sections = (
        Section(
            "Milestones",
            Milestone,
            on="initiative",
            columns=(
                ("Milestone", str),
                ("Planned for", lambda row: row.planned_on),
                ("At first", lambda row: row.first_planned_on),
                ("Stands", lambda row: stands(row)[1]),
            ),
            order=("planned_on",),
            wide=True,
        ),
        Section(
            "Systems",
            InitiativeSystem,
            on="initiative",
            columns=(("System", str), ("Status", lambda row: row.system.get_status_display())),
            joined=("system",),
        ),
        Section(
            "Metrics",
            Metric,
            on="initiative",
            columns=(("Metric", str), ("Unit", Metric.get_unit_display)),
            order=("name",),
        ),
    )

    @display(description="Engineers")
    def engineers(self, row: Initiative) -> str:
        return person(row.capacity_owner, row.capacity_owner_name)


@register(InitiativeSystem, site=desk)
class InitiativeSystemAdmin(ScopedAdmin):
    intro = "Which systems an initiative brings in, changes or ends."
    empty = "None yet."
    list_display = ("system", "initiative", "client")
    list_filter = ("client",)
    list_select_related = ("client", "initiative", "system")
    ordering = ("initiative__title", "id")
    add_verb = staticmethod(initiatives.link)
    remove_verb = staticmethod(initiatives.unlink)
    add_fields = ("initiative", "system")
    fieldsets = ((None, {"fields": ["initiative", "system"]}),)


class PostponeForm(forms.Form):
    to_on = forms.DateField(label="To", widget=DayInput)
    reason = forms.ChoiceField(
        choices=PostponedFor.choices, label="Because of", widget=UnfoldAdminSelectWidget
    )
    words = forms.CharField(max_length=4000, label="In words", widget=UnfoldAdminTextareaWidget)


class ForwardForm(forms.Form):
    to_on = forms.DateField(label="To", widget=DayInput)


class ReachedForm(forms.Form):
    done_on = forms.DateField(
        required=False, label="On", widget=DayInput, help_text="Left empty: today."
    )


def is_open(row: Milestone) -> bool:
    return row.is_open


@register(Milestone, site=desk)
class MilestoneAdmin(ScopedAdmin):
    intro = "Days by which something is there. A day moves by being put off, with a reason that is kept, or brought forward."
    empty = "No milestones yet. They are added on an initiative's page."
    list_display = ("title", "initiative", "client", "planned_on", "first_planned_on", "state")
    list_filter = (
        show.narrowed("when", "Open", "All", done_on=None, dropped_on=None),
        "client",
        "is_ai",
    )
    list_select_related = ("client", "initiative")
    search_fields = ("title", "initiative__title")
    ordering = ("planned_on", "id")
    add_verb = staticmethod(milestones.add)
    change_verb = staticmethod(milestones.change)
    add_fields = ("initiative", "title", "planned_on", "is_ai", "external_id")
    change_fields = ("title", "is_ai", "external_id")
    readonly_fields = ("state", "first_planned_on", "dropped_reason")
    fieldsets = (
        (None, {"fields": ["initiative", "title", "is_ai", "state"]}),
        ("Days", {"fields": ["planned_on", "first_planned_on"]}),
        ("If it was dropped", {"fields": ["dropped_reason", "external_id"]}),
    )
    acts = (
        Act(
            "finish",
            "Reached",
            milestones.finish,
            explain="{0} was reached.",
            done="Kept.",
            when=is_open,
            form=ReachedForm,
            icon="flag",
        ),
        Act(
            "postpone",
            "Put it off",
            milestones.postpone,
            explain="{0} is planned for a later day. Both days and the reason are kept for good.",
            done="Put off.",
            when=is_open,
            form=PostponeForm,
            icon="event_repeat",
        ),
        Act(
            "bring-forward",
            "Bring it forward",
            milestones.bring_forward,
            explain="{0} is planned for an earlier day.",
            done="Brought forward.",
            when=is_open,
            form=ForwardForm,
            icon="event_upcoming",
        ),
        Act(
            "reopen",
            "Open it again",
            milestones.reopen,
            explain="{0} was not reached, or is wanted after all.",
            done="It is open again.",
            when=lambda row: not row.is_open,
            icon="undo",
        ),
        Act(
            "drop",
            "Drop it",
            milestones.drop,
            explain="{0} is no longer wanted.",
            done="Dropped.",
            when=is_open,
            form=WhyForm,
            icon="delete",
            danger=True,
        ),
    )
    sections = (
        Section(
            "Put off",
            Postponement,
            on="milestone",
            columns=(
                ("From", lambda row: row.from_on),
                ("To", lambda row: row.to_on),
                ("Because of", Postponement.get_reason_display),
                ("In words", lambda row: row.words),
            ),
            empty="Never.",
            wide=True,
        ),
    )

    @display(description="State", label={"open": "info", "done": "success", "dropped": "default"})
    def state(self, row: Milestone) -> show.Badge:
        return stands(row)


@register(Postponement, site=desk)
class PostponementAdmin(ScopedAdmin):
    intro = "Every time that a milestone was put off. Nothing here changes."
    empty = "Nothing was put off."
    list_display = ("milestone", "client", "from_on", "to_on", "reason")
    list_filter = ("client", "reason")
    list_select_related = ("client", "milestone")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": ["milestone", "from_on", "to_on", "reason", "words"]}),)


def review_link(client: Client) -> str:
    """To the page that asks what came of going through it, with the client and today filled in."""
    today = local_day(timezone.now(), client.time_zone)
    return f"{reverse('desk:assessments_roadmapreview_add')}?client={client.pk}&reviewed_on={today}"


class RoadmapReviewForm(VerbForm):
    class Meta:
        labels = {"reviewed_on": "Gone through on", "note": "What came of it"}


@register(RoadmapReview, site=desk)
class RoadmapReviewAdmin(ScopedAdmin):
    intro = "When each client's roadmap was gone through as a whole, and what came of it. It is due each quarter, and nothing here changes."
    empty = "No roadmap was gone through yet. The page Roadmap and risks of a client leads here."
    list_display = ("client", "reviewed_on", "reviewer", "note")
    list_filter = ("client",)
    list_select_related = ("client", "reviewer__user")
    ordering = ("-reviewed_on", "-id")
    form = RoadmapReviewForm
    add_verb = staticmethod(roadmap_reviews.review)
    add_fields = ("client", "reviewed_on", "note")
    fieldsets = ((None, {"fields": ["client", "reviewed_on", "reviewer", "note"]}),)
