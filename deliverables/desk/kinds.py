"""Kinds of deliverables at the desk: the catalogue to read and to copy from, and the practice's own kinds."""

from typing import Any

from django.contrib.admin import register
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from deliverables import catalogue, kinds
from deliverables.catalogue import Due, Kind
from deliverables.desk.owed_forms import Lines
from deliverables.models import OwnKind
from engagements import spectrum
from engagements.models.base import Phase
from practice import access, markdown
from practice.desk import show
from practice.desk.site import desk
from practice.models.people import Hat
from practice.sites import Act, ScopedAdmin
from practice.sites.forms import VerbForm

JOINTLY = {
    catalogue.ALL: "kept by it, with the others' part",
    catalogue.JOINT: "together",
}
OWED_AT = {
    "prospect": "With a prospect",
    "activation": "Before the engagement is active",
    "eu": "Where EU law applies",
}


@require_safe
def catalogue_page(request: HttpRequest) -> HttpResponse:
    """All kinds; or one of them, with the text that work on it starts from."""
    code = request.GET.get("kind", "")
    if code and code not in catalogue.kinds():
        raise Http404
    context: dict[str, Any] = {**desk.each_context(request)}
    if code:
        kind = catalogue.kinds()[code]
        context |= {
            "title": f"{code} {kind.title}",
            "heading": True,
            **told(code, kind),
            "packs": [catalogue.catalogue().packs[key].label for key in catalogue.packs_of(code)],
            "made": markdown.html(kind.text.markdown),
            "back": desk.link("catalogue"),
        }
        return TemplateResponse(request, "deliverables/desk/kind.html", context)
    may = access.may(request.here.actor, "deliverable_kind", "view")  # type: ignore[attr-defined]
    context |= {
        "title": "Catalogue of deliverables",
        "rows": [told(code, kind) for code, kind in catalogue.kinds().items()],
        "version": catalogue.catalogue().version,
        "own": desk.link(OwnKind) if may else "",
    }
    return TemplateResponse(request, "deliverables/desk/catalogue.html", context)


def told(code: str, kind: Kind) -> dict[str, Any]:
    hats = ", ".join(Hat(hat).label for hat in kind.hats) or "any hat"
    return {
        "code": code,
        "kind": kind,
        "hats": f"{hats}, {JOINTLY[kind.shared]}" if kind.shared in JOINTLY else hats,
        "owed": owed_words(kind),
        "due": due_words(kind.due),
        "due_eu": due_words(kind.due_eu) if kind.due_eu else "",
        "link": f"{desk.link('catalogue')}?kind={code}",
    }


def owed_words(kind: Kind) -> str:
    owed = kind.owed
    if owed.points:
        return ", ".join(spectrum.points()[point].label for point in owed.points)
    if owed.phases:
        return ", ".join(Phase(phase).label for phase in owed.phases)
    return OWED_AT[owed.moment or owed.when]


def due_words(due: Due) -> str:
    words = {
        "day": f"day {due.n}",
        "month": f"end of month {due.n}",
        "stage_day": f"day {due.n} of the stage",
        "stage_end": "end of the stage",
        "quarter": "each quarter",
        "renewal": "each renewal of the contract",
        "conversation": "the first conversation",
        "activation": "before it is active",
    }[due.kind]
    if due.continuous:
        words += ", then kept up"
    return f"{words} (our proposal)" if due.ours else words


class KindForm(VerbForm):
    criteria = Lines(
        required=False,
        help_text="One a line. Ticked when it is accepted.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
    )

    class Meta:
        labels = {"due_day": "Due on day", "text": "Template"}
        help_texts = {
            "code": "Two to twelve capital letters, digits and hyphens, not beginning with DV-.",
            "phase": "Planned by itself when this phase begins. Left empty: added by hand.",
            "text": "Markdown. What work on it starts from.",
        }


@register(OwnKind, site=desk)
class OwnKindAdmin(ScopedAdmin):
    intro = (
        "Kinds of deliverables of your own, beside the catalogue. With a phase, one is planned by itself when that "
        "phase begins; without, it is added by hand."
    )
    empty = "No kind of your own yet. The catalogue has the usual ones; add what only you deliver."
    form = KindForm
    list_display = ("code", "title", "hat", "planned", "due_day", "used")
    list_filter = ("hat", "phase")
    search_fields = ("code", "title")
    ordering = ("code", "id")
    add_verb = staticmethod(kinds.add)
    change_verb = staticmethod(kinds.change)
    add_fields = ("code", "title", "hat", "phase", "due_day", "criteria", "text")
    change_fields = ("title", "hat", "phase", "due_day", "criteria", "text")
    readonly_fields = ("code",)
    fieldsets = (
        (None, {"fields": ["code", "title", "hat", "phase", "due_day"]}),
        ("What it begins with", {"fields": ["criteria", "text"]}),
    )
    acts = (
        Act(
            "retire",
            "Use it no more",
            kinds.retire,
            explain="“{0.title}” is no longer offered or planned. What was planned of it stays.",
            done="It is no longer used.",
            when=lambda row: row.retired_at is None,
            danger=True,
        ),
        Act(
            "bring-back",
            "Use it again",
            kinds.bring_back,
            explain="“{0.title}” is offered again, and planned where its phase begins.",
            done="It is used again.",
            when=lambda row: row.retired_at is not None,
        ),
    )

    @display(description="Planned by itself", ordering="phase")
    def planned(self, row: OwnKind) -> str:
        return row.get_phase_display() if row.phase else "No"

    @display(description="Used", label={"used": "success", "retired": "default"})
    def used(self, row: OwnKind) -> show.Badge:
        return show.Badge("used", "Yes") if row.retired_at is None else show.Badge("retired", "No")


desk.views.append(("catalogue/", "catalogue", catalogue_page, "deliverable_kind"))
