"""The register of systems at the desk: the list, one system, its steps and who answers for its risk."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import SimpleListFilter, register
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from assessments import estate_book, law_told, systems
from assessments.desk import lawful
from assessments.desk.listing import ListedInFiles
from assessments.models import RegisterShare, System, SystemStatus, Tier
from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.models import Contact
from practice.refusals import Refusal
from practice.sites import Act, RowPage, VerbForm

S = SystemStatus
STATUS = {
    S.DISCOVERED: "warning",
    S.ASSESSED: "info",
    S.APPROVED: "info",
    S.IN_USE: "success",
    S.RETIRING: "warning",
    S.RETIRED: "default",
}
# Status to go to: the button, what it says, its icon.
STEPS = {
    S.DISCOVERED: ("Found running again", "was found running again", "visibility"),
    S.ASSESSED: ("Mark as assessed", "is assessed, and approved no longer if it was", "fact_check"),
    S.APPROVED: ("Approve", "is approved; somebody must answer for its risk", "verified"),
    S.IN_USE: ("Mark as in use", "is in use", "play_arrow"),
    S.RETIRING: ("Begin to retire", "is on its way out", "hourglass_bottom"),
    S.RETIRED: ("Mark as retired", "is retired and in production no longer", "block"),
}


def person(contact: Contact | None, name: str) -> str:
    return str(contact) if contact is not None else name or "Nobody yet"


class Owned(SimpleListFilter):
    title, parameter_name = "risk owner", "risk_owned"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Named"), ("no", "Nobody yet")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        nobody = Q(risk_owner=None, risk_owner_name="")
        if self.value() in ("yes", "no"):
            return queryset.filter(~nobody if self.value() == "yes" else nobody)
        return queryset


class OfTier(SimpleListFilter):
    """The class as it stands; what nobody has classified is a choice of its own."""

    title, parameter_name = "risk class", "tier"
    OPEN = "open"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [*Tier.choices, (self.OPEN, "Not classified yet")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() == self.OPEN:
            return queryset.filter(tier="")
        return queryset.filter(tier=self.value()) if self.value() in Tier.values else queryset


class SystemForm(VerbForm):
    data_classes = forms.MultipleChoiceField(
        required=False,
        choices=lambda: list(estate_book.words().data_classes.items()),
        widget=forms.CheckboxSelectMultiple,
        label="Data",
        help_text="What it is fed with, or gives out.",
    )

    class Meta:
        labels = {
            "ai_model": "Model",
            "owner_name": "Owner, if no contact",
            "discovered_how": "Found how",
            "discovered_on": "Found on",
            "discovered_note": "Where exactly",
            "profiles_persons": "Profiles persons",
            "external_id": "Id elsewhere",
        }


def step(to: str) -> Act:
    label, does, icon = STEPS[S(to)]

    def move(row: System, *, by: Any, at: Any) -> System:
        return systems.move(row, to=to, by=by, at=at)

    return Act(
        to.replace("_", "-"),
        label,
        move,
        explain=f"{{0}} {does}.",
        done=f"{{0}} {does}.",
        action="approve" if to == S.APPROVED else "change",
        when=lambda row: to in systems.STEPS[row.status],
        icon=icon,
        danger=to == S.RETIRED,
    )


class RiskOwnerForm(forms.Form):
    """One of the client's people, or anybody else by name."""

    def __init__(self, *args: Any, actor: Any, row: System, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        here = access.visible_to(actor, Contact).filter(client_id=row.client_id, active=True)
        self.fields["contact"] = forms.ModelChoiceField(
            here.order_by("name"),
            required=False,
            widget=UnfoldAdminSelectWidget,
            label="One of the client's people",
        )
        self.fields["name"] = forms.CharField(
            required=False,
            max_length=120,
            widget=UnfoldAdminTextInputWidget,
            label="Or somebody else",
        )


def risk_owner(admin: Any, request: HttpRequest, row: System) -> HttpResponse:
    """Who answers for the risk of a system: the page that asks, and the POST that does."""
    actor = request.here.actor  # type: ignore[attr-defined]
    first = {"contact": row.risk_owner_id, "name": row.risk_owner_name}
    form = RiskOwnerForm(request.POST or None, actor=actor, row=row, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            systems.name_risk_owner(row, by=actor, at=timezone.now(), **form.cleaned_data)
        except Refusal as no:
            errors = getattr(no, "errors", None) or {"": [no.sentence]}
            for field, sentences in errors.items():
                form.add_error(field or None, list(map(str, sentences)))
        else:
            messages.success(request, "Kept.")
            return HttpResponseRedirect(desk.page_of(row))
    label = "Keep"
    context = {
        **desk.each_context(request),
        "title": "Who answers for the risk",
        "act": {"label": label, "danger": False},
        "explain": f"The one person who answers for the risk of {row}. Without one it is not approved.",
        "form": form,
        "original": row,
        "opts": admin.opts,
        "back": desk.page_of(row),
    }
    return TemplateResponse(request, "desk/act.html", context)


KNOWN = (
    "name",
    "kind",
    "owner",
    "owner_name",
    "purpose",
    "business_problem",
    "expected_outcome",
    "data_classes",
    "vendor",
    "ai_model",
    "fallback_plan",
    "in_production",
    "customer_facing",
    "critical_path",
    "profiles_persons",
    "discovered_how",
    "discovered_on",
    "discovered_note",
    "external_id",
)


@register(System, site=desk)
class SystemAdmin(ListedInFiles):
    file_kind = "systems"
    intro = (
        "All AI at your clients: production workloads, vendor relationships, gateways, prompt "
        "management and shadow AI. Put down what you find first, and complete it later."
    )
    empty = "Nothing found yet. Leadership mostly knows of fewer systems than there are."
    form = SystemForm
    list_display = (
        "name",
        "client",
        "kind",
        "stands",
        "risk_class",
        "answers_for_it",
        "vendor",
        "in_production",
    )
    list_filter = (
        "client",
        "kind",
        "status",
        OfTier,
        Owned,
        "in_production",
        "customer_facing",
        "vendor",
    )
    list_select_related = ("client", "vendor", "risk_owner", "owner")
    search_fields = ("name", "purpose", "ai_model")
    ordering = ("name", "id")
    add_verb = staticmethod(systems.add)
    change_verb = staticmethod(systems.change)
    add_fields = ("client", *KNOWN)
    change_fields = KNOWN
    readonly_fields = ("stands", "risk_class", "answers_for_it")
    fieldsets = (
        (None, {"fields": ["client", "name", "kind", "stands", "risk_class", "answers_for_it"]}),
        ("What it is for", {"fields": ["purpose", "business_problem", "expected_outcome"]}),
        ("Who runs it, on what", {"fields": ["owner", "owner_name", "vendor", "ai_model"]}),
        ("Without it", {"fields": ["fallback_plan"]}),
        ("Data and persons", {"fields": ["data_classes", "profiles_persons"]}),
        ("Where it stands", {"fields": ["in_production", "customer_facing", "critical_path"]}),
        (
            "How it was found",
            {"fields": ["discovered_how", "discovered_on", "discovered_note", "external_id"]},
        ),
    )
    pages = (
        RowPage("risk-owner", "Risk owner", risk_owner, "system", action="change"),
        *lawful.PAGES,
    )
    acts = tuple(step(to) for to in S.values)
    stands = show.status(STATUS)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        today = timezone.localdate()
        return {"discovered_on": today, **super().get_changeform_initial_data(request)}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may = access.may(request.here.actor, "register_share", "view")  # type: ignore[attr-defined]
        shares = {"shares": desk.link(RegisterShare) if may else ""}
        return super().changelist_view(request, {**shares, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        return law_told.with_doubt(super().get_queryset(request))

    @display(description="Risk class", ordering="tier", label={**lawful.TIERS, "none": "default"})
    def risk_class(self, row: Any) -> show.Badge:
        told = row.get_tier_display() or "Not classified yet"
        return show.Badge(row.tier or "none", f"{told}: ask counsel" if row.in_doubt else told)

    @display(description="Answers for its risk")
    def answers_for_it(self, row: System) -> str:
        return person(row.risk_owner, row.risk_owner_name)
