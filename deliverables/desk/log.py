"""Logging a decision on one page, with what the charter says to it while it is typed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from deliverables import decisions, preview, rights_check, taking
from deliverables.desk.form import RATE, REFUSED_AT, SHOWN_AT, CheckForm, LogForm, of
from deliverables.models import Decision, DecisionStatus
from engagements.desk.engagement_page import under
from engagements.models import Charter, Engagement
from practice.desk.site import desk
from practice.quarters import local_day
from practice.refusals import Conflict, NotFound, Refusal
from practice.sites import RowPage
from practice.sites.behind import behind

DONE = {
    DecisionStatus.PROPOSED: "Decision {0.number} is logged as a proposal.",
    DecisionStatus.AWAITING: "Decision {0.number} is put forward and waits for agreement.",
    DecisionStatus.DECIDED: "Decision {0.number} is decided and sealed.",
}
SEEN = ("code", "hat", "amount", "currency", "rate")


def told(request: HttpRequest, engagement: Engagement, given: Any, former: Any) -> dict[str, Any]:
    """The right as it stands for what is typed so far; nothing is written."""
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    if not given.get("code"):
        return {"state": "", "wrong": []}
    form = CheckForm(given, engagement=engagement, actor=by)
    if not form.is_valid():
        said = [f"{form.fields[name].label}: {' '.join(e)}" for name, e in form.errors.items()]
        return {"state": "", "wrong": said}
    try:
        found = preview.of(engagement, **form.asked(), supersedes=former, by=by, at=at)
    except Refusal as no:
        return {"state": "", "wrong": _sentences(no)}
    found["whom"] = [rights_check.named(rights_check.Ask(**ask)) for ask in found["asks"]]
    found["not_mine"] = ""
    try:
        taking.taker(engagement, form.cleaned_data["hat"], by, local_day(at, _zone(engagement)))
    except Conflict as no:
        found["not_mine"] = no.sentence
    return {**found, "headline": _headline(found, mine=not found["not_mine"])}


def _headline(found: dict[str, Any], *, mine: bool) -> str:
    if found["state"] == preview.REFUSED:
        return "Not this hat's to decide"
    if found["state"] == preview.DECIDED:
        return "Yours to decide" if mine else "This hat's to decide, and somebody else wears it"
    whom = [
        "the client" if ask["asked"] == "client" else rights_check.named(rights_check.Ask(**ask))
        for ask in found["asks"]
    ]
    return f"Awaits {' and '.join(whom)}"


def _zone(engagement: Engagement) -> str:
    return engagement.client.time_zone


def _sentences(refusal: Refusal) -> list[str]:
    errors: dict[str, list[str]] = getattr(refusal, "errors", None) or {"": [refusal.sentence]}
    return [sentence for sentences in errors.values() for sentence in sentences]


@require_safe
def _check(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    """The part of the page that says it, for the script to put in its place."""
    context = {"check": told(request, row, request.GET, _former(request, request.GET, row))}
    answer = TemplateResponse(request, "deliverables/desk/check.html", context)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _former(request: HttpRequest, given: Any, engagement: Engagement) -> Decision | None:
    """The decision it is to take the place of, where one is named."""
    id = given.get("supersedes", "")
    if not id:
        return None
    former = behind(request, Decision, id)
    if former.engagement_id != engagement.pk:
        raise Http404
    return former


def new(admin: Any, request: HttpRequest, row: Engagement) -> HttpResponse:
    return _page(request, admin, row, None, _former(request, request.GET, row))


def edit(admin: Any, request: HttpRequest, row: Decision) -> HttpResponse:
    if row.status != DecisionStatus.PROPOSED:
        messages.info(request, decisions.NotProposed.sentence)
        return HttpResponseRedirect(desk.page_of(row))
    return _page(request, admin, row.engagement, row, row.supersedes)


def supersede(admin: Any, request: HttpRequest, row: Decision) -> HttpResponse:
    if row.status != DecisionStatus.DECIDED:
        messages.info(request, decisions.NotInForce.sentence)
        return HttpResponseRedirect(desk.page_of(row))
    return _page(request, admin, row.engagement, None, row)


@require_http_methods(["GET", "HEAD", "POST"])
def _page(
    request: HttpRequest,
    admin: Any,
    engagement: Engagement,
    row: Decision | None,
    former: Decision | None,
) -> HttpResponse:
    how = {"engagement": engagement, "actor": request.here.actor, "decision": row or former}  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else None
    start = row or former
    form = LogForm(given, initial=of(start) if start else {}, **how)
    if given is not None and not {"look", "more"} & set(given) and form.is_valid():
        try:
            made = _write(request, engagement, row, former, form)
        except NotFound as gone:
            raise Http404 from gone
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, DONE[DecisionStatus(made.status)].format(made))
            return HttpResponseRedirect(desk.page_of(made))
    return TemplateResponse(
        request,
        "deliverables/desk/log.html",
        {
            **desk.each_context(request),
            **_facts(request, engagement, form, former),
            "title": _title(row, former),
            "heading": True,
            "opts": admin.opts,
            "original": engagement,
            "row": row,
            "former": former,
            "back": desk.page_of(row) if row else under(engagement, "decisions"),
            "seen": (given or {}).get("seen_version") or getattr(row, "version", ""),
        },
    )


def _title(row: Decision | None, former: Decision | None) -> str:
    if row is not None:
        return f"Change decision {row.number}"
    return f"In the place of decision {former.number}" if former else "Log a decision"


def _facts(
    request: HttpRequest, engagement: Engagement, form: LogForm, former: Decision | None
) -> dict[str, Any]:
    typed: Any = request.POST if form.is_bound else {n: _initial(form, n) for n in SEEN}
    draft = f"{desk.link(Charter)}?engagement__id__exact={engagement.pk}"
    quiet = form.is_bound and bool({"look", "more"} & set(request.POST))
    return {
        "form": form,
        "errors": {} if quiet else form.errors,
        "check": told(request, engagement, typed, former) if form.charter else None,
        "check_at": under(engagement, "decision-check"),
        "charters": draft,
        "engagement": engagement,
        "rows": form.rows(),
        "more_money": any(form[name].value() for name in RATE),
    }


def _initial(form: LogForm, name: str) -> Any:
    value = form[name].value()
    choices = getattr(form.fields[name], "choices", None)
    if value is None and choices:
        return next(iter(choices))[0]
    return "" if value is None else value


def _write(
    request: HttpRequest,
    engagement: Engagement,
    row: Decision | None,
    former: Decision | None,
    form: LogForm,
) -> Decision:
    by, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    said = form.said()
    if row is None:
        decide = request.POST.get("do") == "decide"
        return decisions.propose(engagement, supersedes=former, decide=decide, by=by, at=at, **said)
    if {f"{one['kind']}:{one['id']}" for one in said["links"]} == set(of(row)["links"]):
        del said["links"]
    seen = request.POST.get("seen_version", "")
    expected = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    return decisions.change(row, by=by, at=at, expected=expected, **said)


def _tell(form: LogForm, refusal: Refusal) -> None:
    """The field it speaks of, and where a right is another's: whose."""
    errors: dict[str, list[str]] = getattr(refusal, "errors", None) or {
        REFUSED_AT.get(refusal.code, ""): _with_facts(refusal)
    }
    for name, sentences in errors.items():
        shown = SHOWN_AT.get(name, name)
        for sentence in sentences:
            form.add_error(shown if shown in form.fields else None, sentence)


def _with_facts(refusal: Refusal) -> list[str]:
    missing = refusal.facts.get("missing", [])
    more = f" Missing: {', '.join(missing)}. Log it as a proposal first." if missing else ""
    return [f"{refusal.sentence}{more}"]


NEW = RowPage("log-decision", "Log a decision", new, "decision", action="add")
CHECK = RowPage(
    "decision-check",
    "Check the right",
    lambda admin, request, row: _check(request, admin, row),
    "decision",
    action="add",
    offered=False,
)
