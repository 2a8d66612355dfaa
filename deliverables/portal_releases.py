"""Deliverables in the portal: what was put before this contact by name, their ticks and their answer, and what was said."""

import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST, require_safe

from deliverables import accepting, commenting, opened, receipt_page
from deliverables import files as told_files
from deliverables.models import ACCEPTED, Comment, DeliverableVersion, Release, ReleaseState, Tick
from engagements import portal as below
from practice import access, file_pages, markdown
from practice.access import Actor
from practice.file_pages import Leaf
from practice.identity import Here
from practice.portal import Page, portal
from practice.quarters import local_day
from practice.refusals import NotAllowed, NotFound, Refusal
from practice.sites.behind import behind

State = ReleaseState
SHOWN = 100
# Where a page goes back to after somebody's own act: seeing it then is no new opening.
BACK = "?back=1"
ANSWERS = (
    (
        State.ACCEPTED,
        "Accept",
        "Every criterion is met. This version counts as accepted from now on, and you get a signed receipt.",
    ),
    (
        State.REMARKS,
        "Accept with remarks",
        "This version counts as accepted, and your remarks stand on the signed receipt. Nothing in it changes.",
    ),
    (
        State.CHANGES,
        "Ask for changes",
        "It is not accepted. A new version is written and put before you again.",
    ),
    (
        State.REJECTED,
        "Reject",
        "It is not accepted, and nobody owes you another version unless you agree on one.",
    ),
)
THANKS = {
    State.ACCEPTED: "You accepted it. The signed receipt is on this page.",
    State.REMARKS: "You accepted it with remarks. The signed receipt is on this page.",
    State.CHANGES: "You asked for changes. {practice} reads what you wrote.",
    State.REJECTED: "You rejected it. {practice} reads what you wrote.",
}
TONES = {State.REJECTED: "warn"}
WORDS = {
    State.OPEN: "Waits for an answer",
    State.VOIDED: "Void",
}
VOID = "A newer version is being written; there is nothing to answer here."


def _rows(actor: Actor) -> QuerySet[Release]:
    rows = access.visible_to(actor, Release)
    return rows.select_related(
        "engagement__client", "pinned__file", "released_by__user", "contact", "recorded_by__user"
    )


def _link(row: Release) -> str:
    return reverse("portal:release", args=[row.pk])


def _answers(actor: Actor) -> bool:
    return access.may(actor, "release", "accept")


def day(value: datetime.date) -> str:
    return date_format(value, "j F Y")


def asked(here: Here) -> list[tuple[str, str, str]]:
    """For the portal's home, beside moves, charters and decisions."""
    if not _answers(here.actor):
        return []
    rows = _waiting(_rows(here.actor))[:SHOWN]
    return [(row.title, _link(row), f"Answer by {_by(row)}") for row in rows]


def _waiting(rows: QuerySet[Release]) -> QuerySet[Release]:
    return rows.filter(state=State.OPEN).order_by("answer_by", "id")


def _by(row: Release) -> str:
    return date_format(row.answer_by, "j M Y") if row.answer_by else "when you can"


def listed(here: Here) -> dict[str, Any]:
    rows = _rows(here.actor)
    past = list(rows.exclude(state=State.OPEN).order_by("-id")[: SHOWN + 1])
    return {
        "waiting": [_told(row) for row in _waiting(rows)[:SHOWN]],
        "past": [_told(row) for row in past[:SHOWN]],
        "more": len(past) > SHOWN,
        "may_answer": _answers(here.actor),
    }


def _told(row: Release) -> dict[str, Any]:
    return {
        "row": row,
        "link": _link(row),
        "state": WORDS.get(State(row.state), row.get_state_display()),
        "tone": TONES.get(State(row.state), ""),
        "said": _said(row),
    }


def _said(row: Release) -> str:
    """Where it stands, in a sentence."""
    if row.state == State.VOIDED:
        return VOID
    if row.state == State.OPEN:
        return f"The answer is due by {day(row.answer_by)}." if row.answer_by else ""
    zone = row.engagement.client.time_zone
    on = f"on {day(local_day(row.answered_at, zone))}" if row.answered_at else ""
    if row.by_silence:
        return f"Nobody answered by the day; by the terms it counts as accepted {on}."
    put_down = f", put down by {row.recorded_by}" if row.recorded_by else ""
    verb = {
        State.ACCEPTED: "accepted it",
        State.REMARKS: "accepted it with remarks",
        State.CHANGES: "asked for changes",
        State.REJECTED: "rejected it",
    }[State(row.state)]
    return f"{row.contact} {verb} {on}{put_down}."


DELIVERABLES = Page(
    "deliverables",
    "Deliverables",
    "deliverables/portal/releases.html",
    listed,
    shown_to=lambda actor: access.may(actor, "release", "view"),
)


@require_safe
def one(request: HttpRequest, id: str) -> HttpResponse:
    row = behind(request, Release, id)
    leaf = _leaf(request, row)
    shown = (leaf and leaf.drawn) or row.pinned.form == DeliverableVersion.Form.TEXT
    if shown and not request.GET.keys() & {"back", "page"}:
        _note(request, row)
    return _shown(request, row, leaf=leaf)


def _leaf(request: HttpRequest, row: Release) -> Leaf | None:
    return file_pages.leaf(request, row.pinned.file, reverse("portal:release-page", args=[row.pk]))


def _note(request: HttpRequest, row: Release) -> None:
    """A file that is fetched in parts was opened once, with its first."""
    first = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if request.method == "GET" and first:
        opened.note(row, by=request.here.actor, at=timezone.now())  # type: ignore[attr-defined]


def _shown(
    request: HttpRequest,
    found: Release,
    wrong: str = "",
    about: str = "answer",
    leaf: Leaf | None = None,
) -> HttpResponse:
    actor = request.here.actor  # type: ignore[attr-defined]
    row = _rows(actor).get(pk=found.pk)
    version: DeliverableVersion = row.pinned
    is_open = row.state == State.OPEN
    may_answer = is_open and _answers(actor)
    criteria = _criteria(row)
    left = sum(one["by"] is None for one in criteria)
    is_text = version.form == DeliverableVersion.Form.TEXT
    facts = {
        **_told(row),
        "title": row.title,
        "version": version,
        "text": markdown.html(version.text) if is_text else "",
        "file": version.file,
        "leaf": leaf or _leaf(request, row),
        "leaf_of": f"{row.title}, version {version.number}",
        "kind": _kind(version),
        "void": row.state == State.VOIDED,
        "criteria": criteria,
        "left": left,
        "may_answer": may_answer,
        "answers": [
            {
                "key": str(key),
                "label": label,
                "means": means,
                "closed": key == State.ACCEPTED and left > 0,
                "chosen": request.POST.get("answer") == key,
            }
            for key, label, means in ANSWERS
        ],
        "silence": row.silence_accepts and is_open,
        "accepted": row.state in ACCEPTED,
        "remarks": request.POST.get("remarks", ""),
        "body": request.POST.get("body", ""),
        "wrong": wrong,
        "about": about,
        **_around(row, actor),
    }
    return portal.render(request, DELIVERABLES, "deliverables/portal/release.html", facts)


def _kind(version: DeliverableVersion) -> str:
    if version.file is None:
        return f"Text, {version.words:,} word{'' if version.words == 1 else 's'}"
    ending = version.file.name.rpartition(".")[2].upper()
    return f"{ending} file, {filesizeformat(version.size)}"


def _criteria(row: Release) -> list[dict[str, Any]]:
    ticks = Tick.objects.filter(release=row).select_related("contact", "recorded_by__user")
    met = {tick.number: tick for tick in ticks}
    return [
        {"number": number, "line": line, "by": met.get(number)}
        for number, line in enumerate(row.criteria, start=1)
    ]


def _around(row: Release, actor: Actor) -> dict[str, Any]:
    """What else of the same deliverable this contact may read: other releases, and what was said with the client."""
    others = _rows(actor).filter(deliverable_id=row.deliverable_id).exclude(pk=row.pk)
    earlier = list(others.order_by("-id")[:SHOWN])
    numbers = {one.pinned_id: one.pinned.number for one in (row, *earlier)}
    # Said a second time beside the access table: what is internal never comes here.
    said = access.visible_to(actor, Comment).filter(
        Q(deliverable_id=row.deliverable_id), internal=False
    )
    comments = list(
        said.select_related("member__user", "contact").defer("member__practice").order_by("id")
    )[-SHOWN:]
    return {
        "earlier": [_told(one) for one in earlier],
        "comments": [{"row": one, "on": numbers.get(one.pinned_id)} for one in comments],
        "may_comment": access.may(actor, "deliverable_comment", "add"),
    }


@require_POST
def tick(request: HttpRequest, id: str) -> HttpResponse:
    """One criterion, met or not after all; each is kept at once."""
    row, given = behind(request, Release, id), request.POST
    verb = accepting.untick if "untick" in given else accepting.tick
    number = given.get("untick", given.get("tick", ""))
    how = {"by": request.here.actor, "at": timezone.now()}  # type: ignore[attr-defined]
    wrong = _tried(lambda: verb(row, number=_number(number), **how))
    if wrong:
        return _shown(request, behind(request, Release, id), wrong, "criteria")
    return HttpResponseRedirect(f"{_link(row)}{BACK}#criteria")


@require_POST
def answer(request: HttpRequest, id: str) -> HttpResponse:
    """The answer to the version that was on the page, and to no other."""
    row, given = behind(request, Release, id), request.POST
    said = given.get("answer", "")
    how = {
        "by": request.here.actor,
        "at": timezone.now(),
        "expected": _number(given.get("seen", "")),
    }  # type: ignore[attr-defined]
    if said not in THANKS:
        return _shown(request, row, "Choose one of the four answers.")
    remarks = given.get("remarks", "").replace("\x00", "")
    wrong = _tried(lambda: accepting.answer(row, answer=said, remarks=remarks, **how))
    if wrong:
        return _shown(request, behind(request, Release, id), wrong)
    practice = request.here.practice.name  # type: ignore[attr-defined]
    messages.success(request, THANKS[State(said)].format(practice=practice))
    return HttpResponseRedirect(f"{_link(row)}{BACK}")


@require_POST
def comment(request: HttpRequest, id: str) -> HttpResponse:
    row, by = behind(request, Release, id), request.here.actor  # type: ignore[attr-defined]
    body = request.POST.get("body", "")
    wrong = _tried(lambda: commenting.reply(row, body=body, by=by, at=timezone.now()))
    if wrong:
        return _shown(request, row, wrong, "comments")
    return HttpResponseRedirect(f"{_link(row)}{BACK}#comments")


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """One page of a PDF as a picture. Whoever sees one has opened it, by whichever address."""
    row = behind(request, Release, id)
    answer = file_pages.picture(request, row.pinned.file)
    if request.method == "GET" and answer.status_code == 200:
        opened.note(row, by=request.here.actor, at=timezone.now(), again=False)  # type: ignore[attr-defined]
    return answer


@require_safe
def take(request: HttpRequest, id: str) -> HttpResponseBase:
    """The version as a file. Always to be saved: a PDF shown inside our pages would run in our own origin, and a
    sandboxed frame shows none in most browsers; so the page shows pictures of its pages, and hands over the file."""
    row = behind(request, Release, id)
    version = row.pinned
    _note(request, row)
    if version.file is not None:
        return file_pages.give(request, version.file)
    name = f"{row.code}-version-{version.number}.md"
    return told_files.answer(version.text.encode(), "text/markdown; charset=utf-8", name)


def _tried(act: Any) -> str:
    """Why it could not be done, nothing where it was."""
    try:
        act()
    except (NotFound, NotAllowed) as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        errors = getattr(refusal, "errors", None) or {"": [refusal.sentence]}
        return " ".join(s for sentences in errors.values() for s in sentences)
    return ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


portal.add(DELIVERABLES)
portal.views += [
    ("deliverables/<uuid:id>/", "release", one, "release"),
    ("deliverables/<uuid:id>/tick/", "release-tick", tick, "release"),
    ("deliverables/<uuid:id>/answer/", "release-answer", answer, "release"),
    ("deliverables/<uuid:id>/comment/", "release-comment", comment, "release"),
    ("deliverables/<uuid:id>/file/", "release-file", take, "release"),
    ("deliverables/<uuid:id>/page/", "release-page", page, "release"),
    ("deliverables/<uuid:id>/receipt/", "release-receipt", receipt_page.show, "release"),
]
below.ASKED.append(asked)
