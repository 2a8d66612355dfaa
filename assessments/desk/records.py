"""Assessments: each run of the panel as it was kept, what was chosen, and how two of them differ."""

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.decorators import display

from assessments import own_lenses, questionnaire, reads, scoring, shown, whatif
from assessments.desk import choosing
from assessments.models import Assessment, Choice, Read
from practice import access
from practice.desk.site import desk
from practice.models.people import Hat
from practice.sites import Act, RowPage, ScopedAdmin


def compare(admin: Any, request: HttpRequest, row: Assessment) -> HttpResponse:
    """This run beside an earlier or later one of the same client; the one before it unless another is asked for."""
    others = (
        access.visible_to(request.here.actor, Assessment)  # type: ignore[attr-defined]
        .filter(client_id=row.client_id)
        .exclude(pk=row.pk)
        .order_by("-id")
    )
    told = list(others[:50])
    asked = request.GET.get("with", "")
    earlier = next((one for one in told if one.pk < row.pk), None)
    other = next(
        (one for one in told if str(one.pk) == asked), earlier or (told[0] if told else None)
    )
    pair = sorted([row, other], key=lambda one: one.pk) if other else []
    context = {
        **desk.each_context(request),
        "title": "Two assessments side by side",
        "opts": admin.opts,
        "original": row,
        "others": told,
        "other": other,
        "pair": pair,
        "back": desk.page_of(row),
        "moved": _moved(*pair) if pair else None,
    }
    return TemplateResponse(request, "assessments/desk/compare.html", context)


def _moved(one: Assessment, two: Assessment) -> dict[str, Any]:
    found = scoring.compare(one, two)
    return {
        "facts": [
            {
                "label": questionnaire.label(move["fact"]),
                "from": questionnaire.spoken(move["fact"], move["from"]),
                "to": questionnaire.spoken(move["fact"], move["to"]),
            }
            for move in found["facts"]
        ],
        "outcomes": [
            {
                "name": shown.name_of(move["lens"]),
                "from": shown.outcome(move["lens"], move["from"]),
                "to": shown.outcome(move["lens"], move["to"]),
            }
            for move in found["outcomes"]
        ],
        "facets": [
            {
                "label": shown.FACETS[name],
                "from": shown.facet(name, found[name]["from"]),
                "to": shown.facet(name, found[name]["to"]),
                "same": found[name]["from"] == found[name]["to"],
            }
            for name in shown.FACETS
        ],
    }


@register(Assessment, site=desk)
class AssessmentAdmin(ScopedAdmin):
    intro = "Every run of the panel, kept as it was. To change one, answer anew and run again."
    empty = "No assessment yet. Open a client and choose “Assess”."
    list_display = ("client", "made", "next", "end", "decided")
    list_filter = ("client", "next_seat")
    list_select_related = ("client", "choice")
    search_fields = ("client__name", "answered_by")
    ordering = ("-id",)
    pages = (
        RowPage("choose", "Record your choice", choosing.page, "choice", action="add", first=True),
        RowPage("compare", "Compare", compare, "assessment"),
    )
    acts = (
        Act(
            "issue",
            "Issue the read",
            reads.issue,
            explain="Writes down what {0.client} told us, what each lens says and what you recommend, and releases "
            "it to the client's contacts in the portal. It cannot be changed afterwards.",
            done="The read is issued.",
            action="add",
            resource="read",
            when=lambda row: hasattr(row, "choice"),
        ),
    )

    @display(description="Made", ordering="id")
    def made(self, row: Assessment) -> Any:
        return row.created_at

    @display(description="Next", ordering="next_seat")
    def next(self, row: Assessment) -> str:
        return shown.facet("next_seat", row.next_seat)["words"]

    @display(description="In the end", ordering="end_shape")
    def end(self, row: Assessment) -> str:
        return shown.facet("end_shape", row.end_shape)["words"]

    @display(description="Choice", label={"made": "success", "open": "info"})
    def decided(self, row: Assessment) -> tuple[str, str]:
        return ("made", "Recorded") if hasattr(row, "choice") else ("open", "Open")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: Any = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The record has a page of its own: nothing on it is ever typed over."""
        row = self.get_object(request, object_id) if object_id is not None else None
        if row is None or request.method not in ("GET", "HEAD"):
            return super().changeform_view(request, object_id, form_url, extra_context)
        context = {
            **desk.each_context(request),
            **self._around(request, row),
            **_facts(request, row),
        }
        context |= {"title": f"Assessment of {row.client}", "opts": self.opts, "original": row}
        return TemplateResponse(request, "assessments/desk/assessment.html", context)

    def _around(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        around = super()._around(request, row)
        if row is not None and hasattr(row, "choice"):
            around["pages"] = [p for p in around["pages"] if p["page"].name != "choose"]
        return around

    def after_act(self, request: HttpRequest, act: Act, row: Any, result: Any) -> HttpResponse:
        if isinstance(result, Read):
            return HttpResponseRedirect(desk.page_of(result))
        return super().after_act(request, act, row, result)


def _facts(request: HttpRequest, row: Assessment) -> dict[str, Any]:
    actor = request.here.actor  # type: ignore[attr-defined]
    issued = access.visible_to(actor, Read).filter(assessment=row).order_by("-id")
    choice = _choice(row)
    return {
        "panel": shown.panel(
            row.result,
            own=own_lenses.behind(actor, row.result.get("beside", [])),
            chosen=scoring.policies_of(row),
            exceptions=choice["overrides"] if choice else [],
        ),
        "moves": shown.moves(whatif.moves(row.result["facts"])),
        "choice": choice,
        "reads": [(read.content["issued_on"], desk.page_of(read)) for read in issued],
        "told": [
            (questionnaire.label(name), questionnaire.spoken(name, value))
            for name, value in questionnaire.in_order(row.facts)
        ],
        "client": row.client,
        "client_link": desk.page_of(row.client),
        "lenses_link": desk.link("lenses"),
        "versions": ", ".join(f"{key} v{told['version']}" for key, told in row.lenses.items()),
    }


def _choice(row: Assessment) -> dict[str, Any] | None:
    choice: Choice | None = getattr(row, "choice", None)
    if choice is None:
        return None
    return {
        "facets": [
            shown.facet("next_seat", choice.next_seat),
            shown.facet("end_shape", choice.end_shape),
        ],
        "point": reads.words("point", choice.point),
        "hats": [Hat(hat).label for hat in choice.hats],
        "preferred": shown.name_of(choice.preferred_lens) if choice.preferred_lens else "",
        "reason": choice.reason,
        "overrides": [
            {**one, "words": shown.policy_value(one["value"])} for one in choice.overrides
        ],
        "at": choice.created_at,
    }
