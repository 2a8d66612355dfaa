"""The record: what is due, what happened, what was sent. To look at; only a dead notice can be tried again."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from practice import agenda_acts, notices, reminder_times
from practice.agenda_rules import of_the_clock, rules
from practice.desk import show
from practice.desk.site import desk
from practice.models import AgendaEntry, ApiKey, Contact, Event, Member, Notice, ReminderTimes
from practice.sites import Act, ScopedAdmin, VerbForm
from practice.sites.forms import MomentInput


class SnoozeForm(forms.Form):
    until = forms.DateTimeField(widget=MomentInput, label="Until, in your own time")


@register(AgendaEntry, site=desk)
class AgendaAdmin(ScopedAdmin):
    intro = "Everything dated that is owed. Entries come from the work itself; nobody types them."
    empty = "Nothing is due."
    list_display = ("title", "client", "owner", "due", "status")
    list_filter = (
        show.narrowed("which", "Open", "Open and closed", status=AgendaEntry.Status.OPEN),
        "client",
        "owner",
    )
    list_select_related = ("client", "owner__user")
    search_fields = ("title", "client__name")
    ordering = ("due_at", "id")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "title",
                    "what",
                    "client",
                    "owner",
                    "due",
                    "time_zone",
                    "status",
                    "snoozed_until",
                ]
            },
        ),
    )
    readonly_fields = ("what", "due")
    acts = (
        Act(
            "done",
            "Done",
            agenda_acts.finish,
            explain="“{0}” is done: nobody is reminded of it any more.",
            done="That is done.",
            when=lambda row: row.status == AgendaEntry.Status.OPEN and agenda_acts.may_finish(row),
            icon="check",
        ),
        Act(
            "snooze",
            "Snooze",
            agenda_acts.snooze,
            explain="No reminder of “{0}” before the moment you choose, and one then. What takes effect by itself "
            "still does, and others still hear of it when it stays open.",
            done="You will be reminded then.",
            when=lambda row: row.status == AgendaEntry.Status.OPEN,
            form=SnoozeForm,
            icon="snooze",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """What the clock does by itself is in no list of what is owed; its page is reached from the motion page."""
        rows = super().get_queryset(request)
        of_one = "object_id" in request.resolver_match.kwargs  # type: ignore[union-attr]
        return rows if of_one else rows.exclude(kind__in=of_the_clock())

    @display(description="Kind", ordering="kind")
    def what(self, row: AgendaEntry) -> str:
        return rules()[row.kind].label if row.kind in rules() else row.kind

    @display(description="Due", ordering="due_at")
    def due(self, row: AgendaEntry) -> str:
        return row.due_words


class TimesForm(VerbForm):
    kind = forms.ChoiceField(
        widget=UnfoldAdminSelectWidget,
        label="Kind of date",
        help_text="In brackets: when Remit reminds as long as you say nothing.",
    )
    before = forms.CharField(
        max_length=80,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        label="Reminded how long before",
        help_text="Such as 30d, 7d, 0s: thirty days before, seven days before and when it is due. Empty: not at all.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].choices = reminder_times.choices()


@register(ReminderTimes, site=desk)
class ReminderTimesAdmin(ScopedAdmin):
    intro = "When people are reminded, where this practice does it otherwise than Remit would."
    empty = "All reminders go out when Remit's own rules say."
    form = TimesForm
    list_display = ("what", "before")
    ordering = ("kind", "id")
    add_verb = staticmethod(reminder_times.set_for)
    change_verb = staticmethod(reminder_times.change)
    remove_verb = staticmethod(reminder_times.withdraw)
    add_fields = ("kind", "before")
    change_fields = ("before",)
    readonly_fields = ("what",)
    fieldsets = ((None, {"fields": ["kind", "what", "before"]}),)

    @display(description="Kind of date", ordering="kind")
    def what(self, row: ReminderTimes) -> str:
        return rules()[row.kind].label if row.kind in rules() else row.kind


@register(Event, site=desk)
class EventAdmin(ScopedAdmin):
    intro = "What happened, who did it and to what. Written once; nobody can change it."
    empty = "Nothing has happened yet."
    list_display = ("at", "what", "client", "doer", "subject_kind", "source")
    list_filter = ("source", "client", "subject_kind")
    list_select_related = ("client",)
    search_fields = ("kind",)
    ordering = ("-id",)
    readonly_fields = ("what", "doer")
    fieldsets = (
        (None, {"fields": ["at", "what", "client", "doer", "hat", "source", "request_id"]}),
        ("Subject", {"fields": ["subject_kind", "subject_id", "before", "after", "commercial"]}),
    )

    @display(description="What", ordering="kind")
    def what(self, row: Event) -> str:
        return show.words(row.kind)

    def get_queryset(self, request: HttpRequest) -> Any:
        """The log keeps ids; the name is whoever has that id in this practice today."""
        return (
            super()
            .get_queryset(request)
            .annotate(
                who=Coalesce(
                    _name(Member, "user__name"),
                    _name(Contact, "name"),
                    _name(ApiKey, "name"),
                    Value(""),
                )
            )
        )

    @display(description="By")
    def doer(self, row: Any) -> str:
        return row.who or row.actor_kind.capitalize()


def _name(model: Any, field: str) -> Subquery:
    rows = model._default_manager.filter(
        practice_id=OuterRef("practice_id"), pk=OuterRef("actor_id")
    )
    return Subquery(rows.values(field)[:1])


@register(Notice, site=desk)
class NoticeAdmin(ScopedAdmin):
    intro = "The outbox: each mail and each dated effect happens once. Dead ones gave up after five attempts."
    empty = "Nothing has been sent yet."
    list_display = ("what", "channel", "client", "stands", "attempts", "due_at", "done_at")
    list_filter = ("status", "channel", "client")
    list_select_related = ("client",)
    search_fields = ("kind",)
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "what",
                    "channel",
                    "client",
                    "recipient",
                    "address",
                    "status",
                    "due_at",
                    "attempts",
                    "done_at",
                    "fault",
                ]
            },
        ),
    )
    acts = (
        Act(
            "replay",
            "Try again",
            notices.replay,
            explain="“{0}” is tried again from the first attempt.",
            done="It will be tried again in a moment.",
            when=lambda row: row.status == Notice.Status.DEAD,
            icon="replay",
        ),
    )
    readonly_fields = ("what",)
    stands = show.status(show.NOTICE_STATUS)

    @display(description="Kind", ordering="kind")
    def what(self, row: Notice) -> str:
        return show.words(row.kind)
