"""What the page of one engagement tells: where it stands, on which terms, who, what is owed and what is missing."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from engagements import balances, gate, overview, phases, pictures, rates, terms_words
from engagements.desk import balance
from engagements.models import (
    Burst,
    Charter,
    ContractVersion,
    Deputy,
    Engagement,
    ExitStatement,
    Finding,
    HandoverItem,
    Move,
    Stage,
)
from engagements.overview import Course
from practice import access
from practice.desk.site import desk
from practice.models import Event
from practice.quarters import local_day

SHOWN = 6
# Where each condition of the gate is met: a page under the engagement.
DONE_AT = {
    "hats": "hats",
    "worn": "wear",
    "begin": "move",
    "start": "edit",
    "depth": "wear",
}
BADGES = {
    "balanced": "rm-success",
    "drifting": "rm-warning",
    "one_hat_wins": "rm-danger",
    "no_data": "",
}
VERDICTS = {
    "balanced": "Balanced",
    "drifting": "Drifting",
    "one_hat_wins": "One hat wins",
    "no_data": "",
}
STATUS = {
    "proposed": "rm-info",
    "active": "rm-success",
    "paused": "rm-warning",
}


def facts(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    actor, at = request.here.actor, timezone.now()  # type: ignore[attr-defined]
    course = overview.load(actor, [row], at=at)[0]
    fees = access.may(actor, "stage", "see_fees")
    stage = course.stage or course.last
    return {
        "course": course,
        "picture": course.picture,
        "phases": course.phases,
        "stage": stage,
        "status_badge": STATUS.get(row.status, ""),
        "to_begin": row.starts_on is not None
        and row.starts_on > local_day(at, row.client.time_zone),
        "client_link": desk.page_of(row.client),
        "terms": terms_words.told(stage, fees=fees) if stage else {},
        "pending": _move(course, fees=fees),
        "suggested": course.suggested,
        "hats": _hats(course),
        "deputies": _rows(actor, Deputy, row, "member__user", "wearing", order="-since_on"),
        "moves": [(move, desk.page_of(move)) for move in course.moves],
        "pauses": course.pauses,
        "bursts": [
            (burst, link, _more(actor, burst, stage))
            for burst, link in _rows(actor, Burst, row, order="-since_on")
        ],
        "contracts": _rows(actor, ContractVersion, row, "accepted_by", order="-number"),
        "charters": _rows(actor, Charter, row, order="-number"),
        "items": access.visible_to(actor, HandoverItem).filter(engagement=row).order_by("id"),
        "events": _events(actor, course),
        "links": _links(row),
        "may": _may(actor, row),
        **_asked(actor, course, at),
        **_time(request, row),
        "findings": _rows(actor, Finding, row, order="-raised_at", cleared_at=None),
        "prices": _prices(request, stage.point if stage else "", at),
        **gate_facts(request, row, None),
    }


def gate_facts(request: HttpRequest, row: Engagement, form: Any) -> dict[str, Any]:
    """Everything that stands against activation, each with the page where it is put right."""
    if row.status not in (Engagement.Status.DRAFT, Engagement.Status.PROPOSED):
        return {"gate": None}
    found = gate.missing(row, timezone.now())
    links = _links(row) | _waiting(request.here.actor, row)  # type: ignore[attr-defined]
    return {
        "gate": [
            {**one, "link": links.get(DONE_AT.get(one["key"], one["key"]), "")} for one in found
        ]
    }


def _waiting(actor: Any, row: Engagement) -> dict[str, str]:
    """What was begun already and waits for somebody: one goes on from there, not from an empty form."""
    move = access.visible_to(actor, Move).filter(engagement=row, status__in=overview.PENDING)
    charter = access.visible_to(actor, Charter).filter(
        engagement=row, status__in=(Charter.Status.DRAFT, Charter.Status.OFFERED)
    )
    found = {"move": move.order_by("-id").first(), "charter": charter.order_by("-id").first()}
    return {name: desk.page_of(one) for name, one in found.items() if one is not None}


def today(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    day = local_day(timezone.now(), row.client.time_zone)
    return {"since_on": day, "on": day}


def under(row: Any, name: str) -> str:
    """A page of a row, by its name."""
    return desk.page_of(row).removesuffix("change/") + f"{name}/"


def _links(row: Engagement) -> dict[str, str]:
    names = (
        "hats",
        "wear",
        "reporting",
        "move",
        "edit",
        "state-test",
        "burst",
        "settle-date",
        "handover",
        "contract",
    )
    links = {name.replace("-", "_"): under(row, name) for name in names}
    links["balance"] = reverse("desk:time-balance", args=[row.pk])
    links["charter_new"] = f"{reverse('desk:engagements_charter_add')}?engagement={row.pk}"
    links["charter"] = links["charter_new"]
    links["events"] = f"{desk.link(Event)}?client__id__exact={row.client_id}"
    # Pages of the other parts, under the names they have joined the desk with.
    for name, model in (("findings", Finding), ("charters", Charter)):
        if model in desk._registry:
            links[name] = f"{desk.link(model)}?engagement__id__exact={row.pk}"
    return links


def _may(actor: Any, row: Engagement) -> dict[str, bool]:
    goes_on = row.status != Engagement.Status.ENDED
    wanted = {
        "change": ("engagement", "change"),
        "wear": ("wearing", "add"),
        "line": ("reporting_line", "add"),
        "state": ("exit_statement", "add"),
        "burst": ("stage", "add"),
        "contract": ("contract", "add"),
        "hand_over": ("handover", "change"),
    }
    may = {name: access.may(actor, *what) for name, what in wanted.items()}
    return {name: yes and (goes_on or name == "hand_over") for name, yes in may.items()} | {
        "see_fees": access.may(actor, "engagement", "see_fees"),
        "see_contracts": access.may(actor, "contract", "view"),
        "see_findings": access.may(actor, "finding", "view"),
        "see_moves": access.may(actor, "move", "view"),
        "see_charter": access.may(actor, "charter", "view"),
        "see_events": access.may(actor, "event", "view"),
        "see_balance": access.may(actor, "period", "view"),
        "draft_charter": goes_on and access.may(actor, "charter", "add"),
    }


def _rows(
    actor: Any, model: Any, row: Engagement, *joined: str, order: str, **where: Any
) -> list[tuple[Any, str]]:
    found = access.visible_to(actor, model).filter(engagement=row, **where)
    found = found.select_related(*joined) if joined else found
    has_page = model in desk._registry
    return [
        (one, desk.page_of(one) if has_page else "")
        for one in found.order_by(order, "-id")[: SHOWN * 2]
    ]


def _more(actor: Any, burst: Burst, stage: Stage | None) -> str:
    """What comes on top, for those who may read it."""
    if "extra" in access.hidden_of(actor, burst):
        return ""
    return terms_words.amount(burst.extra, burst.unit, stage.currency if stage else "")


def _move(course: Course, *, fees: bool) -> dict[str, Any] | None:
    move = course.pending
    if move is None:
        return None
    changes = terms_words.changes(move.from_stage, move, fees=fees)
    return {"move": move, "link": desk.page_of(move), "changes": changes}


def _hats(course: Course) -> list[dict[str, Any]]:
    return [
        {**hat, "worn_link": desk.page_of(hat["worn"]) if hat["worn"] else ""}
        for hat in course.hats
    ]


def _asked(actor: Any, course: Course, at: Any) -> dict[str, Any]:
    """The exit tests of the present phase, with what was said of each last."""
    stage = course.stage
    if stage is None or not stage.phase or not access.may(actor, "exit_statement", "view"):
        return {"tests": []}
    said: dict[str, Any] = {}
    statements = access.visible_to(actor, ExitStatement).filter(engagement=course.engagement)
    for one in statements.order_by("id"):
        said[one.test] = one
    asked = phases.tests(course.engagement, stage, at)
    return {
        "tests": [
            {
                "test": test,
                "met": met,
                "said": said.get(test.key),
                "stated": test.key not in phases.EXIT_TESTS,
            }
            for test, met in asked
        ]
    }


def _time(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    """This month's account and the hats of the last weeks, as the page of the balance shows them."""
    if not access.may(request.here.actor, "period", "view"):  # type: ignore[attr-defined]
        return {}
    found = balance.shown(request, row)
    months = balances.present(found["months"]) if found["months"] else []
    return {
        "this_month": [(one.starts_on, pictures.told(one)) for one in months],
        "bars": pictures.balance(months),
        "hat_balance": found.get("hats"),
        "hat_bars": found.get("hat_bars"),
        "hat_badge": BADGES[found["hats"].status] if found.get("hats") else "",
        "hat_verdict": VERDICTS[found["hats"].status] if found.get("hats") else "",
    }


def _events(actor: Any, course: Course) -> list[dict[str, Any]]:
    """The last things that happened to it and to what belongs to it."""
    ids = [course.engagement.pk]
    for part in ("stages", "moves", "pauses", "wearings", "shares", "lines"):
        ids += [one.pk for one in getattr(course, part)]
    rows = access.visible_to(actor, Event).filter(subject_id__in=ids).order_by("-at", "-id")[:SHOWN]
    return [
        {
            "at": one.at,
            "what": one.kind.replace(".", " ").replace("_", " ").capitalize(),
            "link": desk.page_of(one),
        }
        for one in rows
    ]


def _prices(request: HttpRequest, point: str, at: Any) -> dict[str, Any] | None:
    """What the practice asks for this point beside what the articles say it costs."""
    here = request.here  # type: ignore[attr-defined]
    if not point or not access.may(here.actor, "rate", "view"):
        return None
    card = rates.card(here.practice, by=here.actor, at=at)
    return next((one for one in card if one["point"] == point), None)
