"""Deliverables at the desk: what is due over all engagements, and every verb on one of them."""

from typing import Any

from django.contrib.admin import SimpleListFilter, register
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from unfold.decorators import display

from deliverables import accepting, commenting, owed, releasing, reviewing, standing, writing
from deliverables.desk import deliverable_page, editor, owed_forms, versions
from deliverables.models import Deliverable, DeliverableStatus, DeliverableVersion
from engagements.desk.dialogs import Dialog, page
from engagements.desk.engagement_page import under
from engagements.models import Engagement
from practice.desk import show
from practice.desk.site import desk
from practice.sites import RowPage, ScopedAdmin

Status = DeliverableStatus
TONES = {
    Status.PLANNED: "default",
    Status.IN_PROGRESS: "info",
    Status.IN_REVIEW: "warning",
    Status.REVIEWED: "info",
    Status.RELEASED: "warning",
    Status.ACCEPTED: "success",
    Status.ACCEPTED_WITH_REMARKS: "success",
    Status.CHANGES_REQUESTED: "danger",
    Status.REJECTED: "danger",
    Status.DROPPED: "default",
}
CHOICES = "deliverables/desk/owed_dialog.html"
BEGIN = Dialog(
    writing.begin,
    "A new version begins from the last text, or from the template of {0.code}. If the client has not answered yet, "
    "what they have becomes void.",
    "A version is begun.",
    "Begin",
    owed_forms.NoteForm,
    after=lambda row, result: (
        under(row, "write") if isinstance(result, DeliverableVersion) else desk.page_of(row)
    ),
)
UPLOAD = Dialog(
    writing.upload,
    "A file becomes the next version. If the client has not answered yet, what they have becomes void. One file "
    "under two hats is refused.",
    "The file is a draft now. Submit it when it is ready.",
    "Upload it",
    owed_forms.UploadForm,
)
SUBMIT = Dialog(
    writing.submit,
    "From now on this version stays as it is. Somebody else looks at it before it may leave the house.",
    "It is in review.",
    "Submit it",
    owed_forms.SubmitForm,
    target=owed_forms.draft,
)
DISCARD = Dialog(
    writing.discard,
    "The draft of “{0.title}” is thrown away. What was submitted before stays.",
    "The draft is gone.",
    "Discard it",
    target=owed_forms.draft,
    danger=True,
)
TAKE_BACK = Dialog(
    reviewing.take_back,
    "“{0.title}” comes out of review, to be written on. What was submitted stays on record.",
    "It is out of review. Begin the next version.",
    "Take it back",
)
PASS = Dialog(
    reviewing.pass_on,
    "You have looked at “{0.title}” and find that it may leave the house.",
    "It is ready to be released.",
    "Pass it on",
    owed_forms.PassForm,
)
SEND_BACK = Dialog(
    reviewing.send_back,
    "“{0.title}” is not ready yet. Say what is wanting; the next version is written from this one.",
    "It went back.",
    "Send it back",
    owed_forms.BackForm,
)
RELEASE = Dialog(
    releasing.release,
    "The version that passed review is put before the people you name. What they answer counts for this version alone.",
    "It is released.",
    "Release it",
    owed_forms.ReleaseForm,
    template=CHOICES,
)
WITHDRAW = Dialog(
    releasing.withdraw,
    "{0.client} no longer sees “{0.title}”. Nobody has answered yet; it can be released again.",
    "The release is taken back.",
    "Take it back",
    target=owed_forms.open_release,
    danger=True,
)
ON_BEHALF = Dialog(
    accepting.answer_on_behalf,
    "Somebody at {0.client} answered outside the portal. Your name stands beside theirs.",
    "The answer is put down.",
    "Put it down",
    owed_forms.OnBehalfForm,
    template=CHOICES,
    target=owed_forms.open_release,
)
CHANGE = Dialog(
    owed.change,
    "What is said of “{0.title}” here; the client sees none of it until it is released.",
    "It is changed.",
    "Keep it",
    owed_forms.ChangeForm,
    initial=lambda request, row: {
        name: getattr(row, name) for name in ("title", "owner", "criteria", "note")
    },
)
DAY = Dialog(
    owed.change,
    "A day that is set by hand stays when the stage moves.",
    "The day is set.",
    "Set the day",
    owed_forms.DayForm,
    initial=lambda request, row: {"due_on": row.due_on},
)
DROP = Dialog(
    owed.drop,
    "“{0.title}” is not owed any more. It stays on the plan as dropped, with your reason.",
    "It is dropped.",
    "Drop it",
    owed_forms.WhyForm,
    danger=True,
)
TAKE_UP = Dialog(
    owed.take_up, "“{0.title}” is owed after all.", "It is on the plan again.", "Take it up"
)


def _saying(*, internal: bool) -> Any:
    return lambda row, **how: commenting.comment(row, internal=internal, **how)


SAY_INSIDE = Dialog(
    _saying(internal=True),
    "Only our own people read this.",
    "Said among ourselves.",
    "Say it among ourselves",
    owed_forms.SayForm,
)
SAY_OUTSIDE = Dialog(
    _saying(internal=False),
    "Everybody at {0.client} to whom this was released reads it.",
    "The client can read it.",
    "Say it to the client",
    owed_forms.SayForm,
)


def _runs(row: Deliverable) -> bool:
    return row.engagement.status != Engagement.Status.ENDED


def _is(*statuses: str) -> Any:
    return lambda row: _runs(row) and row.status in statuses


def _to_begin(row: Deliverable) -> bool:
    shut = (Status.DROPPED, Status.IN_REVIEW)
    return _runs(row) and row.status not in shut and owed_forms.draft(row) is None


def _drafted(row: Deliverable) -> bool:
    return _runs(row) and owed_forms.draft(row) is not None


def _text_drafted(row: Deliverable) -> bool:
    return _drafted(row) and row.latest.form == DeliverableVersion.Form.TEXT  # type: ignore[union-attr]


def _to_drop(row: Deliverable) -> bool:
    shut = (Status.DROPPED, Status.RELEASED)
    return _runs(row) and row.status not in shut and row.accepted_id is None


def _datable(row: Deliverable) -> bool:
    return _runs(row) and row.status not in (*owed.WITH_CLIENT, Status.DROPPED)


# What is offered only where this person can do it, besides the row's state.
FITS = {
    "pass": lambda row, actor: owed_forms.may_pass(row, actor.id),
    "release": lambda row, actor: owed_forms.may_be_released(row),
}


class Due(SimpleListFilter):
    title, parameter_name = "state", "state"
    KEPT = (("all", "All"), ("done", "Done"), ("dropped", "Dropped"))

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.KEPT)

    def choices(self, changelist: Any) -> Any:
        for value, label in ((None, "Open"), *self.KEPT):
            query = changelist.get_query_string(
                {self.parameter_name: value} if value else {}, [self.parameter_name]
            )
            yield {"selected": self.value() == value, "query_string": query, "display": label}

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        if self.value() == "dropped":
            return queryset.filter(status=Status.DROPPED)
        if self.value() == "done":
            return queryset.exclude(status__in=(*standing.OPEN, Status.DROPPED))
        return queryset.filter(status__in=standing.OPEN)


@register(Deliverable, site=desk)
class DeliverableAdmin(ScopedAdmin):
    intro = (
        "Everything that is owed, over all engagements you see, the next day first. What is on the plan of one "
        "engagement, hat by hat, is under Deliverables on its page."
    )
    empty = "Nothing is owed. Open an engagement, then Deliverables, and add what its plan needs."
    list_display = ("named", "client", "engagement", "hat", "due", "stands", "turn")
    list_filter = (Due, "hat", "owner", "client", "engagement", "status")
    search_fields = ("title", "code")
    read_with = "deliverables/desk/deliverable.html"
    ordering = (F("due_on").asc(nulls_last=True), "id")
    stands = show.status(TONES)
    pages = (
        RowPage(
            "write", "Write on", editor.write, "deliverable", action="write", when=_text_drafted
        ),
        page("begin", "Begin a version", BEGIN, "deliverable", action="write", when=_to_begin),
        page("submit", "Submit for review", SUBMIT, "deliverable", action="write", when=_drafted),
        page("pass", "Pass it on", PASS, "deliverable", action="review", when=_is("in_review")),
        page(
            "send-back",
            "Send it back",
            SEND_BACK,
            "deliverable",
            action="review",
            when=_is("in_review"),
        ),
        page(
            "release",
            "Release to the client",
            RELEASE,
            "release",
            action="add",
            when=_is("reviewed"),
        ),
        page(
            "on-behalf",
            "Answered elsewhere",
            ON_BEHALF,
            "release",
            when=lambda row: row.status == Status.RELEASED,
        ),
        page("upload", "Upload a file", UPLOAD, "deliverable", action="write", when=_to_begin),
        page(
            "take-back",
            "Take it out of review",
            TAKE_BACK,
            "deliverable",
            action="write",
            when=_is("in_review"),
        ),
        page(
            "edit",
            "Change",
            CHANGE,
            "deliverable",
            when=lambda row: _runs(row) and row.status != Status.DROPPED,
        ),
        page("day", "Set the day", DAY, "deliverable", when=_datable),
        page("take-up", "Take it up again", TAKE_UP, "deliverable", when=_is("dropped")),
        page(
            "withdraw",
            "Take the release back",
            WITHDRAW,
            "release",
            when=lambda row: row.status == Status.RELEASED,
        ),
        page("discard", "Discard the draft", DISCARD, "deliverable", action="write", when=_drafted),
        page("drop", "Drop", DROP, "deliverable", when=_to_drop),
        page(
            "say-inside",
            "Comment among ourselves",
            SAY_INSIDE,
            "deliverable_comment",
            action="add",
            offered=False,
        ),
        page(
            "say-to-client",
            "Comment to the client",
            SAY_OUTSIDE,
            "deliverable_comment",
            action="add",
            offered=False,
        ),
        *editor.PAGES,
        *versions.PAGES,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return standing.joined(super().get_queryset(request))

    @display(description="Deliverable", ordering="title")
    def named(self, row: Deliverable) -> str:
        # A code broken in two reads as another.
        code = row.code.replace("-", "\u2011")
        return f"{code} {row.title}"

    @display(description="Due", ordering="due_on")
    def due(self, row: Deliverable) -> str:
        if row.due_on is None:
            return "–"
        left = standing.left(standing.days_left(row, timezone.now()))
        told = [date_format(row.due_on, "j M Y"), left]
        # Either stays on one line.
        return ", ".join(part.replace(" ", "\u00a0") for part in told if part)

    @display(description="Waits for")
    def turn(self, row: Deliverable) -> str:
        return standing.waits_for(row) or "–"

    def _around(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        found = super()._around(request, row)
        actor = request.here.actor  # type: ignore[attr-defined]
        found["pages"] = [
            offer
            for offer in found.get("pages", [])
            if FITS.get(offer["page"].name, lambda row, actor: True)(row, actor)
        ]
        return found

    def read_facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        told = {"tone": TONES[Status(row.status)], "title": f"{row.code} {row.title}"}
        return {**deliverable_page.facts(request, row), **told}
