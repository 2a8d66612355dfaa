"""A system under the law at the desk: the guided classification with its live result, and what applies when."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from assessments import authored, classification, classifying, guiding, law, law_calendar, law_told
from assessments.classification import Finding
from assessments.desk import asking
from assessments.models import Classification, Evidence, System, Tier
from practice import access
from practice.desk.site import desk
from practice.quarters import local_day
from practice.refusals import Refusal
from practice.sites import RowPage

TIERS = {
    Tier.PROHIBITED: "danger",
    Tier.HIGH_RISK: "warning",
    Tier.LIMITED_RISK: "info",
    Tier.MINIMAL_RISK: "success",
    Tier.NOT_REACHED: "default",
}
EARLIER = 10


def address(row: System, page: str) -> str:
    return f"{desk.page_of(row).removesuffix('change/')}{page}/"


def classify(admin: Any, request: HttpRequest, row: System) -> HttpResponse:
    """The steps of the classification, as far as they are answered; keeping it is the verb's."""
    faults: list[tuple[str, str]] = []
    last = law_calendar.last(row)
    placed_on = last.placed_on.isoformat() if last and last.placed_on else ""
    if request.method == "POST":
        given, placed_on = _given(request), request.POST.get("placed_on", "")
        try:
            classifying.classify(
                row,
                answers=given,
                placed_on=parse_date(placed_on),
                note=request.POST.get("note", "")[:4000],
                by=request.here.actor,  # type: ignore[attr-defined]
                at=timezone.now(),
            )
        except ValueError:
            faults = [("Placed on the market on", "No such day.")]
        except Refusal as no:
            faults = _faults(no)
        else:
            messages.success(request, "Kept. What lies ahead is on the agenda.")
            return HttpResponseRedirect(address(row, "law"))
    else:
        given = {**(last.answers if last else {}), **guiding.known(row)}
    said = _said(row, given)
    lens = classification.newest()
    context = {
        **_page(admin, request, row, "Classify under the EU AI Act"),
        "steps": [
            {"number": number, "title": title, "boxes": asking.boxes(asked, given, said["off"])}
            for number, (title, asked) in enumerate(guiding.boxes(lens), start=1)
        ],
        "live": address(row, "classified"),
        "placed_on": placed_on,
        "note": request.POST.get("note", ""),
        **said,
        "faults": faults or said["faults"],
    }
    return TemplateResponse(request, "assessments/desk/classify.html", context)


def classified(admin: Any, request: HttpRequest, row: System) -> HttpResponse:
    """What the answers come to so far. Nothing is kept."""
    context = {"orientation": law.ORIENTATION, **_said(row, _given(request))}
    return TemplateResponse(request, "assessments/desk/classified.html", context)


def under_law(admin: Any, request: HttpRequest, row: System) -> HttpResponse:
    """Its class with the reasons, its obligations apart from it, and what applies when."""
    actor = request.here.actor  # type: ignore[attr-defined]
    rows = list(
        access.visible_to(actor, Classification)
        .filter(system=row)
        .select_related("reviewer__user")
        .order_by("-id")[: EARLIER + 1]
    )
    newest = rows[0] if rows else None
    today = local_day(timezone.now(), row.client.time_zone)
    evidence = access.visible_to(actor, Evidence).filter(system=row, withdrawn_on=None)
    context = {
        **_page(admin, request, row, "Under the EU AI Act"),
        "row": newest,
        "badge": TIERS[Tier(newest.tier)] if newest else "",
        "could_be": [Tier(word).label for word in newest.alternatives] if newest else [],
        "rows": law_told.calendar(newest, today) if newest else [],
        "table": law_told.table(),
        "evidence": evidence.order_by("valid_until_on", "id"),
        "earlier": rows[1 : EARLIER + 1],
        "classify": address(row, "classify") if access.may(actor, "classification", "add") else "",
    }
    return TemplateResponse(request, "assessments/desk/law.html", context)


def _page(admin: Any, request: HttpRequest, row: System, title: str) -> dict[str, Any]:
    return {
        **desk.each_context(request),
        "title": title,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
        "orientation": law.ORIENTATION,
    }


def _given(request: HttpRequest) -> asking.Answers:
    asked = [guiding.Box(question) for question in classification.newest().questions]
    answers = asking.answers(asked, request.POST)
    return {id: answer for id, answer in answers.items() if answer is not None}


def _said(row: System, given: asking.Answers) -> dict[str, Any]:
    lens = classification.newest()
    told = {question.id: question.text for question in lens.questions}
    run = partial(classification.classify, lens=lens)
    finding, sound, errors = asking.weighed(run, given)
    standing = authored.applying(lens, sound)
    faults = [(told.get(id, id), why) for id, why in errors.items()]
    faults += [(told[id], "The register says otherwise.") for id in guiding.denied(row, sound)]
    return {
        "finding": finding,
        "verdict": _verdict(finding),
        "badge": TIERS[Tier(finding.tier)] if finding.tier else "default",
        "could_be": [Tier(word).label for word in finding.alternatives],
        "obligations": classifying.obligations(law.newest(), finding, None),
        "off": [id for id in told if id not in standing],
        "faults": faults,
        "answered": sum(id in sound for id in standing),
        "asked": len(standing),
    }


def _verdict(finding: Finding) -> str:
    if finding.tier:
        return str(Tier(finding.tier).label)
    return "Too little is answered" if finding.missing else str(Tier.NOT_REACHED.label)


def _faults(no: Refusal) -> list[tuple[str, str]]:
    told = {question.id: question.text for question in classification.newest().questions}
    errors = getattr(no, "errors", None)
    if errors is None:
        return [("", no.sentence)]
    return [
        (told.get(name.removeprefix("answers."), name.replace("_", " ").capitalize()), str(why))
        for name, reasons in errors.items()
        for why in reasons
    ]


PAGES = (
    RowPage("law", "Under the law", under_law, "classification"),
    RowPage("classify", "Classify", classify, "classification", action="add"),
    RowPage("classified", "Result", classified, "classification", action="add", offered=False),
)
