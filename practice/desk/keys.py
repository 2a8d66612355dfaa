"""API keys: made, shown once, replaced, revoked."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
)

from practice import access, keys
from practice.desk.site import desk
from practice.models import ApiKey
from practice.sites import Act, ScopedAdmin, VerbForm
from practice.sites.forms import MomentInput


class KeyForm(VerbForm):
    scopes = forms.MultipleChoiceField(
        choices=list(access.SCOPES.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    expires_at = forms.DateTimeField(
        required=False,
        widget=MomentInput,
        label="Expires",
        help_text="In your own time zone. Left empty: in 90 days.",
    )


class RotateForm(forms.Form):
    grace_hours = forms.IntegerField(
        min_value=0,
        max_value=720,
        initial=24,
        widget=UnfoldAdminIntegerFieldWidget,
        label="Hours for which the old key still works",
    )


def _open(row: ApiKey) -> bool:
    return row.revoked_at is None and row.expires_at > timezone.now()


@register(ApiKey, site=desk)
class ApiKeyAdmin(ScopedAdmin):
    intro = (
        "Keys with which other software reads and writes here. Each is shown once, when it is made."
    )
    empty = "No keys. Make one for the software that needs it, with the least it can do with."
    form = KeyForm
    list_display = ("name", "prefix", "reads", "client", "state", "expires_at", "last_used_at")
    list_select_related = ("client", "created_by__user")
    list_filter = ("client",)
    search_fields = ("name", "prefix")
    ordering = ("-created_at", "-id")
    add_verb = staticmethod(keys.make)
    add_fields = ("name", "scopes", "client", "expires_at")
    readonly_fields = ("reads", "state")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "name",
                    "prefix",
                    "scopes",
                    "reads",
                    "client",
                    "expires_at",
                    "state",
                    "created_by",
                    "last_used_at",
                ]
            },
        ),
    )
    acts = (
        Act(
            "rotate",
            "Replace",
            keys.rotate,
            explain="A successor of “{0}” with the same reach is made and shown once. The old key goes on for a while.",
            done="The key is replaced.",
            when=_open,
            form=RotateForm,
            icon="autorenew",
        ),
        Act(
            "revoke",
            "Revoke",
            keys.revoke,
            explain="Whatever uses “{0}” stops working at once. This cannot be undone.",
            done="The key is revoked.",
            when=_open,
            icon="block",
            danger=True,
        ),
    )

    @display(description="Scopes")
    def reads(self, row: ApiKey) -> str:
        return ", ".join(access.SCOPES.get(scope, scope) for scope in row.scopes)

    @display(
        description="State",
        label={"open": "success", "expired": "warning", "revoked": "default"},
    )
    def state(self, row: ApiKey) -> tuple[str, str]:
        if row.revoked_at:
            return "revoked", "Revoked"
        return ("open", "Works") if _open(row) else ("expired", "Expired")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        groups = super().get_fieldsets(request, obj)
        asked = "scopes" if obj else "reads"
        return [
            (t, {**o, "fields": [name for name in o["fields"] if name != asked]}) for t, o in groups
        ]

    def added(self, request: HttpRequest, result: tuple[ApiKey, str]) -> ApiKey:
        key, request.new_key = result  # type: ignore[attr-defined]
        return key

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: Any = None) -> Any:
        return self._show_once(request, obj, request.new_key)  # type: ignore[attr-defined]

    def after_act(self, request: HttpRequest, act: Act, row: Any, result: Any) -> HttpResponse:
        if act.name == "rotate":
            return self._show_once(request, *result)
        return super().after_act(request, act, row, result)

    def _show_once(self, request: HttpRequest, key: ApiKey, text: str) -> HttpResponse:
        """In the answer to the POST itself: the text is in no address, session or cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Your new key",
            "heading": True,
            "opts": self.opts,
            "original": key,
            "text": text,
            "back": self.admin_site.page_of(key),  # type: ignore[attr-defined]
        }
        answer = TemplateResponse(request, "desk/key.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
