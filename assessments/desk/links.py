"""Prospect links: made, shown once, revoked."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display

from assessments import links
from assessments.models import ProspectLink
from practice.desk import show
from practice.desk.site import desk
from practice.sites import Act, ScopedAdmin, VerbForm
from practice.sites.forms import MomentInput

WORDS = {
    "open": "Open",
    "used": "Submitted",
    "revoked": "Revoked",
    "expired": "Expired",
}


def state(row: ProspectLink) -> str:
    if row.submitted_at:
        return "used"
    if row.revoked_at:
        return "revoked"
    return "open" if row.expires_at > timezone.now() else "expired"


def state_of(row: ProspectLink) -> str:
    return WORDS[state(row)]


class EndingForm(VerbForm):
    expires_at = forms.DateTimeField(
        required=False,
        widget=MomentInput,
        label="Expires",
        help_text="In your own time zone, within 90 days. Left empty: in 14 days.",
    )


class LinkForm(EndingForm):
    class Meta:
        help_texts = {
            "person": "Who will answer. The name stands on every fact they give.",
            "may_see_read": "Once you issue a read, the same address shows it.",
        }
        labels = {"may_see_read": "May see the written read", "person": "For whom"}


class AddressShownOnce(ScopedAdmin):
    """A link is made on a page of its own, and its address is in the answer to that."""

    told_in: str
    """The template of that answer."""

    def _add_only(self) -> set[str]:
        return set()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return [(None, {"fields": list(self.add_fields)})]
        return super().get_fieldsets(request, obj)

    def added(self, request: HttpRequest, result: tuple[Any, str]) -> Any:
        link, request.new_address = result  # type: ignore[attr-defined]
        return link

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: Any = None
    ) -> HttpResponse:
        """In the answer to the POST itself: the address is in no history, session or cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The new link",
            "opts": self.opts,
            "original": obj,
            "address": request.new_address,  # type: ignore[attr-defined]
            "back": desk.page_of(obj),
        }
        answer = TemplateResponse(request, self.told_in, context)
        answer["Cache-Control"] = "no-store"
        return answer


@register(ProspectLink, site=desk)
class ProspectLinkAdmin(AddressShownOnce):
    told_in = "assessments/desk/link.html"
    intro = (
        "Private addresses where somebody without a login answers the questions, one at a time, "
        "and submits once."
    )
    empty = "No links yet. Make one for the person who knows the company best."
    form = LinkForm
    list_display = ("person", "client", "stands", "may_see_read", "expires_at", "submitted_at")
    list_filter = ("client",)
    list_select_related = ("client",)
    search_fields = ("person", "client__name")
    ordering = ("-id",)
    add_verb = staticmethod(links.open_for)
    add_fields = ("client", "person", "may_see_read", "expires_at")
    readonly_fields = ("stands", "submitted_at")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "client",
                    "person",
                    "stands",
                    "may_see_read",
                    "expires_at",
                    "submitted_at",
                ]
            },
        ),
    )
    acts = (
        Act(
            "revoke",
            "Revoke",
            links.revoke,
            explain="The address sent to {0.person} stops working at once. Answers not submitted are not kept as facts.",
            done="The link is revoked.",
            when=lambda row: state(row) == "open",
            icon="block",
            danger=True,
        ),
    )

    @display(
        description="State",
        label={"open": "info", "used": "success", "revoked": "default", "expired": "warning"},
    )
    def stands(self, row: ProspectLink) -> show.Badge:
        return show.Badge(state(row), state_of(row))
