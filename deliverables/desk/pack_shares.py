"""Links to packs at the desk: made and shown once."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deliverables import sharing
from deliverables.models import Pack, PackShare
from engagements.desk.dialogs import AskForm, tell
from practice import shared_links
from practice.desk.shared_links import MADE, SEEN, SharedLinkAdmin
from practice.desk.site import desk
from practice.refusals import Refusal
from practice.sites import Act
from practice.sites.forms import MomentInput


class ShareForm(AskForm):
    recipient = forms.CharField(
        label="For whom",
        max_length=shared_links.LONGEST_NAME,
        help_text="The person and their firm. The name stands on the page and in the list of links.",
    )
    expires_at = forms.DateTimeField(
        required=False,
        widget=MomentInput,
        label="Expires",
        help_text="In your own time zone, within 90 days. Left empty: in 14 days.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def _share(request: HttpRequest, admin: Any, row: Pack) -> HttpResponse:
    """The address is in the answer to the POST itself: in no history, session or cookie."""
    posted = request.method == "POST"
    form = ShareForm(request.POST if posted else None, request=request, row=row)
    around = {
        **desk.each_context(request),
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
    }
    if posted and form.is_valid():
        actor = request.here.actor  # type: ignore[attr-defined]
        try:
            link, address = sharing.share(row, by=actor, at=timezone.now(), **form.chosen())
        except Refusal as no:
            tell(form, no)
        else:
            told = {**around, "title": "The new link", "link": link, "address": address}
            answer = TemplateResponse(request, "deliverables/desk/pack_link.html", told)
            answer["Cache-Control"] = "no-store"
            return answer
    asked = {
        **around,
        "title": "Share",
        "explain": "Somebody without an account reads what was accepted in this pack, behind an address of its own: "
        "never a draft or a comment. Each look is counted, and you can take the address back.",
        "button": "Make the link",
        "form": form,
    }
    return TemplateResponse(request, "engagements/desk/dialog.html", asked)


def share(admin: Any, request: HttpRequest, row: Pack) -> HttpResponse:
    answer: HttpResponse = _share(request, admin, row)
    return answer


def revoking(link: PackShare) -> str:
    return desk.page_of(link).removesuffix("change/") + "revoke/"


@register(PackShare, site=desk)
class PackShareAdmin(SharedLinkAdmin):
    intro = "Addresses where somebody without an account reads a pack. Made on the page of a pack, under Share."
    empty = "No links yet. Open a pack and choose Share."
    list_display = ("recipient", "pack", "client", *SEEN)
    list_filter = ("client", "pack")
    list_select_related = ("pack", "client", "made_by__user", "engagement", "practice")
    search_fields = ("recipient", "pack__title")
    readonly_fields = (*list_display, *MADE)

    def after_act(self, request: HttpRequest, act: Act, row: Any, result: Any) -> HttpResponse:
        return HttpResponseRedirect(desk.page_of(row.pack))
