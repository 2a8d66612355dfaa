"""Webhooks and what was delivered to them: made, secret shown once, stopped, started, sent again. For owners."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.contrib.admin import SimpleListFilter, register
from django.db.models import OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.hooks import subscriptions
from practice.models import Delivery, DeliveryAttempt, Event, Webhook
from practice.sites import Act, ScopedAdmin, Section, VerbForm


def _when(moment: Any, form: str = "j M Y, H:i") -> str:
    """In the zone of whoever looks, as everywhere at the desk."""
    return date_format(timezone.localtime(moment), form) if moment else ""


def _with_event(rows: QuerySet[Any]) -> QuerySet[Any]:
    """A delivery holds the event's id; its kind comes with it."""
    event = Event.objects.filter(
        practice_id=OuterRef("practice_id"), pk=Cast(OuterRef("occurrence"), UUIDField())
    )
    return rows.annotate(event_kind=Subquery(event.values("kind")[:1]))


class WebhookForm(VerbForm):
    kinds = forms.CharField(
        required=False,
        label="Kinds of events",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="One in a line, such as client.changed, or client.* for all of one sort. Left empty: everything.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hints = {
            "url": "Where events are sent by POST: https, on the public internet.",
            "client": "Left empty: events of the whole practice.",
        }
        for name, hint in hints.items():
            if name in self.fields:
                self.fields[name].help_text = hint
        if "kinds" in self.fields:
            # Also where there are none: the row's own list would be shown, and saved, as "[]".
            self.initial["kinds"] = "\n".join(self.instance.kinds)

    def clean_kinds(self) -> list[str]:
        return self.cleaned_data["kinds"].split()


class RotateForm(forms.Form):
    grace_hours = forms.IntegerField(
        min_value=0,
        max_value=168,
        initial=subscriptions.GRACE,
        widget=UnfoldAdminIntegerFieldWidget,
        label="Hours for which everything is signed with both secrets",
    )


@register(Webhook, site=desk)
class WebhookAdmin(ScopedAdmin):
    intro = (
        "Addresses of other software that are told of events as they happen: what kind, of what, when. "
        "Never the content."
    )
    empty = "No webhooks. Add one for software that should know at once what happens here."
    form = WebhookForm
    list_display = ("name", "host", "client", "state", "lately")
    list_select_related = ("client",)
    list_filter = ("status", "client")
    search_fields = ("name",)
    ordering = ("name", "id")
    add_verb = staticmethod(subscriptions.add)
    change_verb = staticmethod(subscriptions.change)
    remove_verb = staticmethod(subscriptions.remove)
    add_fields = change_fields = ("name", "url", "client", "kinds")
    readonly_fields = ("lately",)
    fieldsets = (
        (None, {"fields": ["name", "url", "client", "kinds"]}),
        ("State", {"fields": ["status", "disabled_by", "disabled_at", "lately", "succeeded_at"]}),
    )
    acts = (
        Act(
            "rotate",
            "Replace the secret",
            subscriptions.rotate,
            explain="“{0}” gets a new secret, which is shown once. For a while everything is signed with both.",
            done="The secret is replaced.",
            form=RotateForm,
            icon="autorenew",
        ),
        Act(
            "disable",
            "Stop",
            subscriptions.disable,
            explain="“{0}” is told of nothing from now on. Starting it again takes up what happened meanwhile, "
            "at most seven days back.",
            done="It is stopped.",
            when=lambda row: row.status == Webhook.Status.ACTIVE,
            icon="pause",
        ),
        Act(
            "enable",
            "Start again",
            subscriptions.enable,
            explain="“{0}” is told of everything again, and of what happened in the last seven days.",
            done="It is started.",
            when=lambda row: row.status == Webhook.Status.DISABLED,
            icon="play_arrow",
        ),
    )
    sections = (
        Section(
            "Deliveries",
            Delivery,
            "subject_id",
            (
                ("Made", lambda row: _when(row.created_at)),
                ("Event", lambda row: row.event_kind or ""),
                ("Status", lambda row: row.get_status_display()),
                ("Attempts", lambda row: str(row.attempts)),
                ("Fault", lambda row: row.fault),
            ),
            annotated=_with_event,
            order=("-id",),
            empty="Nothing was delivered yet.",
            longest=5,
            wide=True,
            narrows="webhook",
        ),
    )
    state = show.status(show.WEBHOOK_STATUS)

    @display(description="Receiver")
    def host(self, row: Webhook) -> str:
        """The rest of an address may be a secret of the receiver's, and is too long for a list."""
        return urlsplit(row.url).hostname or ""

    @display(description="Lately")
    def lately(self, row: Webhook) -> str:
        if row.failures:
            return f"Failing since {_when(row.failing_since)} ({row.failures} in a row)"
        return "Answers" if row.succeeded_at else "Not called yet"

    def added(self, request: HttpRequest, result: tuple[Webhook, str]) -> Webhook:
        webhook, request.new_secret = result  # type: ignore[attr-defined]
        return webhook

    def response_add(
        self, request: HttpRequest, obj: Webhook, post_url_continue: Any = None
    ) -> Any:
        return self._show_once(request, obj, request.new_secret)  # type: ignore[attr-defined]

    def after_act(self, request: HttpRequest, act: Act, row: Any, result: Any) -> HttpResponse:
        if act.name == "rotate":
            return self._show_once(request, *result)
        return super().after_act(request, act, row, result)

    def _show_once(self, request: HttpRequest, webhook: Webhook, text: str) -> HttpResponse:
        """In the answer to the POST itself: the text is in no address, session or cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The webhook's secret",
            "heading": True,
            "opts": self.opts,
            "original": webhook,
            "text": text,
            "back": self.admin_site.page_of(webhook),  # type: ignore[attr-defined]
        }
        answer = TemplateResponse(request, "desk/secret.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


class OfWebhook(SimpleListFilter):
    title = parameter_name = "webhook"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        rows = access.visible_to(request.here.actor, Webhook).order_by("name", "id")
        return [(str(row.pk), row.name) for row in rows]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(subject_id=self.value()) if self.value() else queryset


@register(Delivery, site=desk)
class DeliveryAdmin(ScopedAdmin):
    intro = "Each event for each webhook, with every attempt to deliver it. Kept for thirty days."
    empty = "Nothing was delivered yet."
    list_display = ("created_at", "what", "to", "stands", "attempts", "fault")
    list_filter = ("status", OfWebhook, "client")
    list_select_related = ("client",)
    ordering = ("-id",)
    readonly_fields = ("what", "to", "event")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "what",
                    "to",
                    "event",
                    "client",
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
            "Send again",
            subscriptions.replay,
            explain="It is sent again from the first attempt, under the same id: a careful receiver notices.",
            done="It will be sent again in a moment.",
            when=lambda row: row.status not in subscriptions.OPEN,
            icon="replay",
        ),
    )
    sections = (
        Section(
            "Attempts",
            DeliveryAttempt,
            "notice",
            (
                ("Attempt", lambda row: str(row.number)),
                ("At", lambda row: _when(row.at, "j M Y, H:i:s")),
                ("Answer", lambda row: str(row.answered or "")),
                ("Fault", lambda row: row.fault),
                ("Took", lambda row: f"{row.took_ms} ms"),
            ),
            empty="It was not tried yet.",
            wide=True,
        ),
    )
    stands = show.status(show.NOTICE_STATUS)

    def get_queryset(self, request: HttpRequest) -> Any:
        """The row holds ids; what they name today comes with it."""
        hook = Webhook.objects.filter(
            practice_id=OuterRef("practice_id"), pk=OuterRef("subject_id")
        )
        rows = _with_event(super().get_queryset(request))
        return rows.annotate(webhook_name=Subquery(hook.values("name")[:1]))

    @display(description="Event")
    def what(self, row: Any) -> str:
        return row.event_kind or ""

    @display(description="Event's id")
    def event(self, row: Any) -> str:
        return str(UUID(row.occurrence))

    @display(description="Webhook")
    def to(self, row: Any) -> str:
        return row.webhook_name or "A webhook that was removed"


@register(DeliveryAttempt, site=desk)
class AttemptAdmin(ScopedAdmin):
    """Reached from its delivery; not in the menu."""

    intro = "Calls of webhooks, and what came back."
    list_display = ("at", "number", "answered", "fault", "took_ms")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": ["notice", "number", "at", "answered", "fault", "took_ms"]}),)
    readonly_fields = ("notice",)
