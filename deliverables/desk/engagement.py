"""The log of one engagement at the desk: list and timeline, reports, its seal, and the files made of it."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from deliverables import bundle, checking, files, register, reports, telling
from deliverables.desk import log
from deliverables.desk.decision import TONES
from deliverables.models import Chain, Decision, DecisionStatus
from deliverables.models.decisions import SETTLED
from deliverables.narrowing import Narrow
from engagements.desk.dialogs import dress
from engagements.desk.engagement import EngagementAdmin
from engagements.desk.engagement_page import under
from engagements.models import Engagement
from practice import access
from practice.desk.site import desk
from practice.models.people import Hat
from practice.sites import RowPage

MOST = 300
OPEN = (DecisionStatus.PROPOSED, DecisionStatus.AWAITING)
KINDS = (("csv", "CSV"), ("json", "JSON"), ("records", "Markdown records"), ("register", "PDF"))


def _narrow(request: HttpRequest, row: Engagement) -> Narrow:
    seen = access.visible_to(request.here.actor, Decision).filter(engagement=row)  # type: ignore[attr-defined]
    return Narrow(request.GET, client=row.client, rows=seen)


def _page(request: HttpRequest, admin: Any, row: Any, name: str, **facts: Any) -> HttpResponse:
    context = {
        **desk.each_context(request),
        "heading": True,
        "opts": admin.opts,
        "original": row,
        "back": desk.page_of(row),
        **facts,
    }
    return TemplateResponse(request, f"deliverables/desk/{name}.html", context)


@require_safe
def _log(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    """The same rows as a list, or by quarter along the time."""
    form = _narrow(request, row)
    for one in form.fields.values():
        dress(one)
    found = list(telling.joined(form.rows()).order_by("-number")[: MOST + 1])
    rows, as_time = found[:MOST], request.GET.get("view") == "timeline"
    query = request.GET.copy()
    query.pop("view", None)
    ask = query.urlencode()
    return _page(
        request,
        admin,
        row,
        "timeline" if as_time else "list",
        title=f"Decisions: {row}",
        form=form,
        rows=[_told(one) for one in rows],
        quarters=[
            (quarter, [_told(one) for one in told]) for quarter, told in telling.by_quarter(rows)
        ]
        if as_time
        else [],
        more=len(found) > MOST,
        all=form.all.count(),
        new=_new(request, row),
        reports=under(row, "decision-report"),
        seal=under(row, "decision-seal"),
        kinds=[
            (label, f"{under(row, f'decisions-{kind}')}{f'?{ask}' if ask else ''}")
            for kind, label in KINDS
        ],
        ask=ask,
        as_time=as_time,
    )


def _new(request: HttpRequest, row: Engagement) -> str:
    open_ = row.status != Engagement.Status.ENDED
    may = access.may(_actor(request), "decision", "add")
    return under(row, "log-decision") if open_ and may else ""


def _actor(request: HttpRequest) -> Any:
    return request.here.actor  # type: ignore[attr-defined]


def _told(row: Decision) -> dict[str, Any]:
    return {
        "row": row,
        "link": desk.page_of(row),
        "tone": TONES[DecisionStatus(row.status)],
        "moment": telling.moment_of(row),
        "waits": [
            telling.whom(given)
            for given in row.agreements.all()
            if given.given_at is None and row.status == DecisionStatus.AWAITING
        ],
    }


@require_safe
def _report(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    told = reports.of(row, by=_actor(request), at=timezone.now())
    labels = dict(Hat.choices)
    return _page(
        request,
        admin,
        row,
        "report",
        title=f"Reports on decisions: {row}",
        told=told,
        hats=[{**one, "label": labels[one["hat"]]} for one in told["hats"]],
        lists=[
            (
                title,
                empty,
                [
                    {**one, "link": _link(one["id"]), "hat": labels[one["hat"]]}
                    for one in told[name]
                ],
            )
            for name, title, empty in (
                ("review_overdue", "Review is overdue", "None is overdue."),
                (
                    "without_review",
                    "In force, and nobody looks at it again",
                    "Each has a day on which it is looked at again.",
                ),
            )
        ],
        back=under(row, "decisions"),
    )


def _link(id: Any) -> str:
    return desk.page_of(Decision(pk=id))


@require_safe
def _seal(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    """The whole log checked where it lies, as verify_log.py would check the copy."""
    log_ = access.visible_to(_actor(request), Chain).filter(engagement=row).first()
    report = checking.check(log_, at=timezone.now()) if log_ else None
    return _page(
        request,
        admin,
        row,
        "seal",
        title=f"Seal of the log: {row}",
        log=log_,
        report=report,
        take=under(row, "decision-bundle"),
        heads=reverse("heads", args=[row.practice_id]),
        back=under(row, "decisions"),
    )


@require_safe
def _bundle(request: HttpRequest, admin: Any, row: Engagement) -> HttpResponse:
    log_ = access.visible_to(_actor(request), Chain).filter(engagement=row).first()
    if log_ is None:
        return _seal(request, admin, row)
    return bundle.download(log_, by=_actor(request), at=timezone.now())


@require_safe
def _file(request: HttpRequest, row: Engagement, kind: str) -> HttpResponse:
    """What the list shows, with the same question asked of it."""
    form = _narrow(request, row)
    name = f"decisions-{slugify(str(row)) or 'log'}"
    if kind == "register":
        rows = list(telling.joined(form.rows()).order_by("number")[: files.MOST])
        here = request.here  # type: ignore[attr-defined]
        chain = access.visible_to(here.actor, Chain).filter(engagement=row).first()
        made = register.as_pdf(
            rows,
            row.client,
            row.name,
            here,
            narrowed=form.narrows,
            head=f"{chain.length}:{chain.head}" if chain else "",
            at=timezone.now(),
        )
        return files.answer(made, "application/pdf", f"{name}.pdf")
    told = files.read(form.rows())
    if kind == "csv":
        return files.answer(files.as_csv(told), "text/csv; charset=utf-8", f"{name}.csv")
    if kind == "json":
        return files.answer(files.as_json(told), "application/json", f"{name}.json")
    return files.answer(files.as_records(told), "application/zip", f"{name}.zip")


@require_safe
def by_engagement(request: HttpRequest) -> HttpResponse:
    """Where each log is, and what waits in it."""
    actor = _actor(request)
    seen = access.visible_to(actor, Decision)
    counts = {
        one["engagement"]: one
        for one in seen.order_by()
        .values("engagement")
        .annotate(
            decided=Count("id", filter=Q(status__in=SETTLED)),
            open=Count("id", filter=Q(status__in=OPEN)),
        )
    }
    rows = access.visible_to(actor, Engagement).select_related("client", "lead__user")
    context = {
        **desk.each_context(request),
        "title": "Decisions by engagement",
        "rows": [
            {
                "of": row,
                "link": under(row, "decisions"),
                "time": f"{under(row, 'decisions')}?view=timeline",
                "report": under(row, "decision-report"),
                "new": _new(request, row),
                **counts.get(row.pk, {"decided": 0, "open": 0}),
            }
            for row in rows.exclude(status=Engagement.Status.DRAFT).order_by(
                "client__name", "name", "id"
            )[:MOST]
        ],
    }
    return TemplateResponse(request, "deliverables/desk/engagements.html", context)


def _of(show: Any) -> Any:
    return lambda admin, request, row: show(request, admin, row)


def _made(kind: str) -> RowPage:
    return RowPage(
        f"decisions-{kind}",
        kind,
        lambda admin, request, row: _file(request, row, kind),
        "decision",
        offered=False,
    )


PAGES = (
    RowPage("decisions", "Decisions", _of(_log), "decision"),
    log.NEW,
    log.CHECK,
    RowPage("decision-report", "Reports", _of(_report), "decision", offered=False),
    RowPage("decision-seal", "Seal", _of(_seal), "log", offered=False),
    RowPage("decision-bundle", "The log to take away", _of(_bundle), "log", offered=False),
    *(_made(kind) for kind, _ in KINDS),
)
# What cannot be taken back stays last among the buttons.
EngagementAdmin.pages = tuple(sorted((*EngagementAdmin.pages, *PAGES), key=lambda one: one.danger))
desk.views.append(("decisions/", "decisions", by_engagement, "decision"))
