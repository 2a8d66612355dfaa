"""Packs at the desk: those of one engagement, and the page of one with what it misses, its archive and its links."""

from typing import Any

from django import forms
from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from deliverables import pack_files, pack_pieces, packs
from deliverables.desk import pack_shares
from deliverables.models import Pack, PackShare
from deliverables.models.packs import OWN
from deliverables.pack_pieces import Filled, Piece
from engagements.desk.dialogs import AskForm, Dialog, page
from engagements.desk.engagement import EngagementAdmin
from engagements.desk.engagement_page import under
from engagements.models import Engagement
from practice import access
from practice.desk import shared_links
from practice.desk.site import desk
from practice.models.people import Hat
from practice.quarters import local_day
from practice.sites import RowPage, ScopedAdmin

PAGE = "packs"
HATS = dict(Hat.choices)


class OpenForm(AskForm):
    """The packs of the catalogue that are not open yet."""

    def ask(self) -> None:
        offers = list(packs.unopened(self.row).items())
        self.fields["key"] = forms.ChoiceField(label="Pack", choices=offers)


class PackForm(AskForm):
    title = forms.CharField(max_length=packs.LONGEST_TITLE)

    def ask(self) -> None:
        engagement = getattr(self.row, "engagement", self.row)
        known = [(code, f"{code} {title}") for code, title in packs.choices(engagement).items()]
        self.fields["pieces"] = forms.MultipleChoiceField(
            choices=known, widget=UnfoldAdminCheckboxSelectMultipleWidget
        )

    def chosen(self) -> dict[str, Any]:
        """What was there keeps its place; what is new comes behind it."""
        ticked, before = self.cleaned_data["pieces"], getattr(self.row, "pieces", [])
        kept = [code for code in before if code in ticked]
        pieces = kept + [code for code in ticked if code not in kept]
        return {"title": self.cleaned_data["title"], "pieces": pieces}


def _here(row: Any, result: Any) -> str:
    """A new pack's own page; from a page that does nothing yet, back to all packs."""
    return desk.page_of(result) if isinstance(result, Pack) else under(row, PAGE)


OPEN = Dialog(
    packs.open_of_catalogue,
    "A pack of the catalogue brings its pieces. Each is filled by what the client accepted.",
    "The pack is open.",
    "Open the pack",
    OpenForm,
    after=_here,
)
MAKE = Dialog(
    packs.make,
    "A pack of your own: give it a title and tick what belongs in it.",
    "The pack is made.",
    "Make the pack",
    PackForm,
    after=_here,
)
CHANGE = Dialog(
    packs.change,
    "Another title or other pieces. Links that are open show the change at once.",
    "Changed.",
    "Save",
    PackForm,
    initial=lambda request, row: {"title": row.title, "pieces": row.pieces},
)
REMOVE = Dialog(
    packs.remove,
    "“{0}” goes. The deliverables in it stay as they are.",
    "The pack is removed.",
    "Remove the pack",
    after=lambda row, result: under(row.engagement, PAGE) if result is None else desk.page_of(row),
    danger=True,
)


@require_safe
def _packs(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    """All packs of one engagement, each with how far it is."""
    actor = request.here.actor  # type: ignore[attr-defined]
    mine = access.visible_to(actor, Pack).filter(engagement=row).order_by("id")
    found = pack_pieces.of_all(mine, by=actor)
    may = access.may(actor, "pack", "add")
    context = {
        **desk.each_context(request),
        "title": f"Packs: {row}",
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
        "packs": [(one, desk.page_of(one.pack)) for one in found],
        "open": under(row, "open-pack") if may and packs.unopened(row) else "",
        "make": under(row, "make-pack") if may else "",
    }
    return TemplateResponse(request, "deliverables/desk/packs.html", context)


@require_safe
def _archive(request: HttpRequest, row: Pack) -> HttpResponseBase:
    return pack_files.download(row)


def _is_own(row: Pack) -> bool:
    return row.key == OWN


def _was_not_shared(row: Pack) -> bool:
    return not PackShare.objects.filter(pack=row).exists()


@register(Pack, site=desk)
class PackAdmin(ScopedAdmin):
    intro = (
        "Deliverables that are handed over together. A pack is opened or made on the page of its "
        "engagement, under Packs."
    )
    empty = "No packs yet. Open the page of an engagement and choose Packs."
    list_display = ("title", "engagement", "client", "created_at")
    list_filter = ("engagement", "client")
    list_select_related = ("engagement__client", "client", "practice")
    search_fields = ("title",)
    read_with = "deliverables/desk/pack.html"
    ordering = ("-id",)
    pages = (
        RowPage(
            "archive",
            "Download",
            lambda admin, request, row: _archive(request, row),  # type: ignore[arg-type, return-value]
            "pack",
            first=True,
        ),
        RowPage("share", "Share", pack_shares.share, "pack", action="share"),
        page("edit", "Change", CHANGE, "pack", when=_is_own),
        page("remove", "Remove", REMOVE, "pack", when=_was_not_shared),
    )

    def read_facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {**_facts(request, row), "title": row.title}


def _facts(request: HttpRequest, row: Pack) -> dict[str, Any]:
    actor, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    filled: Filled = pack_pieces.of(row, by=actor)
    today = local_day(at, row.client.time_zone)
    links = (
        access.visible_to(actor, PackShare)
        .filter(pack=row)
        .select_related("made_by__user")
        .order_by("-id")
    )
    may_revoke = access.may(actor, "pack", "change")
    return {
        "filled": filled,
        "pieces": [_told(piece, today) for piece in filled.pieces],
        "engagement_page": desk.page_of(row.engagement),
        "packs_page": under(row.engagement, PAGE),
        "shares": [
            {
                "row": link,
                "link": desk.page_of(link),
                "state": shared_links.WORDS[shared_links.state(link)],
                "tone": shared_links.TONES[shared_links.state(link)],
                "revoke": pack_shares.revoking(link)
                if may_revoke and shared_links.state(link) == "open"
                else "",
            }
            for link in links
        ],
    }


def _told(piece: Piece, today: Any) -> dict[str, Any]:
    row = piece.deliverable
    has_page = row is not None and type(row) in desk._registry
    late = bool(piece.missing and piece.due_on and piece.due_on < today)
    return {
        "piece": piece,
        "link": desk.page_of(row) if has_page else "",
        "hat": ", ".join(HATS[hat] for hat in ([piece.hat] if piece.hat else piece.hats)),
        "late": late,
    }


EngagementAdmin.pages = tuple(
    sorted(
        (
            *EngagementAdmin.pages,
            RowPage(PAGE, "Packs", lambda admin, request, row: _packs(request, admin, row), "pack"),
            page("open-pack", "Open a pack", OPEN, "pack", action="add", offered=False),
            page("make-pack", "A pack of your own", MAKE, "pack", action="add", offered=False),
        ),
        key=lambda one: one.danger,
    )
)
