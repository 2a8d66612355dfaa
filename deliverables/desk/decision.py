"""One decision at the desk: what it says, who has to agree, its scorecard and seal, and every verb on it."""

from typing import Any

from django.contrib.admin import SimpleListFilter, register
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from unfold.decorators import display

from deliverables import (
    agreements,
    decisions,
    files,
    limits,
    reviews,
    scorecards,
    taking,
    telling,
)
from deliverables.desk import asks, log
from deliverables.models import Asked, Decision, DecisionStatus
from engagements import charters
from engagements.desk.dialogs import Dialog, page
from engagements.desk.engagement_page import under
from engagements.desk.forms import OnBehalfForm
from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.models.people import Hat
from practice.quarters import local_day
from practice.refusals import Refusal
from practice.sites import Act, RowPage, ScopedAdmin

Status = DecisionStatus
TONES = {
    Status.PROPOSED: "info",
    Status.AWAITING: "warning",
    Status.DECIDED: "success",
    Status.REJECTED: "danger",
    Status.WITHDRAWN: "default",
    Status.SUPERSEDED: "default",
}
DECIDE = Dialog(
    decisions.decide,
    "You take decision {0.number} under the {0.hat} hat. If nobody has to agree, it is sealed at once and stays as it is.",
    "You took it.",
    "Decide",
)
ELSEWHERE = Dialog(
    decisions.decide_on_behalf,
    "Who wears the {0.hat} hat decided this outside Remit. Your name stands beside theirs.",
    "It is put down.",
    "Put it down",
    asks.ElsewhereForm,
)
AGREE = Dialog(
    agreements.agree,
    "You agree to “{0.question}”, as one of those whom the charter asks. Under your own other hat that counts, too, and is recorded as such.",
    "You agreed.",
    "Agree",
    asks.UnderForm,
)
AGREED_ELSEWHERE = Dialog(
    agreements.agree_on_behalf,
    "The sponsor agreed to “{0.question}” outside the portal. Your name stands beside theirs.",
    "The agreement is recorded.",
    "Record the agreement",
    OnBehalfForm,
)
REJECT = Dialog(
    decisions.reject,
    "“{0.question}” is not decided. It stays in the log, with your reason.",
    "It is rejected.",
    "Reject",
    asks.RejectForm,
    danger=True,
)
WITHDRAW = Dialog(
    decisions.withdraw,
    "“{0.question}” is taken back. It stays in the log as withdrawn.",
    "It is withdrawn.",
    "Withdraw",
    asks.WhyForm,
    danger=True,
)
SCORE = Dialog(
    scorecards.score,
    "What one hat makes of one option. Impact and feasibility count half each, and so do the hats.",
    "The score is kept.",
    "Keep the score",
    asks.ScoreForm,
)
REVIEW = Dialog(
    reviews.review,
    "Say what came of “{0.question}”. What was decided stays; if it no longer holds, put another in its place.",
    "The review is kept.",
    "Keep the review",
    asks.ReviewForm,
)


def _is(*statuses: str) -> Any:
    return lambda row: row.status in statuses


def _waits_for_us(row: Decision) -> bool:
    return row.status == Status.AWAITING and bool(asks.hats_asked(row))


def _waits_for_client(row: Decision) -> bool:
    waiting = row.agreements.filter(given_at=None, asked=Asked.CLIENT)
    return row.status == Status.AWAITING and waiting.exists()


def _may_be_hidden(row: Decision) -> bool:
    return row.client_sees and not row.agreements.filter(asked=Asked.CLIENT).exists()


def _is_scored(row: Decision) -> bool:
    return row.status in scorecards.OPEN and row.code in scorecards.scorecard().rights


def _ready(row: Decision) -> bool:
    return row.status == Status.PROPOSED and not scorecards.missing(row, row.engagement)


@require_safe
def _record(request: HttpRequest, row: Decision) -> HttpResponse:
    """As a decision record in Markdown."""
    told = files.read(access.visible_to(request.here.actor, Decision).filter(pk=row.pk))[0]  # type: ignore[attr-defined]
    name = files.record_name(told).rpartition("/")[2]
    return files.answer(files.as_record(told).encode(), "text/markdown; charset=utf-8", name)


def _sharing(sees: bool) -> Any:
    return lambda row, **how: decisions.share(row, client_sees=sees, **how)


class Amounts(SimpleListFilter):
    title, parameter_name = "amount", "amount"
    STEPS = (("none", "Without an amount"), ("1000", "Up to 1,000"), ("10000", "Up to 10,000"))

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [*self.STEPS, ("more", "More than 10,000"), ("over", "Beyond the hat's limit")]

    def queryset(self, request: Any, queryset: Any) -> Any:
        wanted = self.value()
        if wanted == "none":
            return queryset.filter(amount=None)
        if wanted in ("1000", "10000"):
            return queryset.filter(amount__lte=int(wanted))
        if wanted == "more":
            return queryset.filter(amount__gt=10000)
        return queryset.filter(over_limit=True) if wanted == "over" else queryset


@register(Decision, site=desk)
class DecisionAdmin(ScopedAdmin):
    intro = (
        "Every decision of every engagement you see, the newest first. An engagement's own log, with its "
        "timeline, reports, seal and files, is under Log by engagement."
    )
    empty = "Nothing is logged yet. Open Log by engagement and log the first decision."
    list_display = ("asked", "engagement", "client", "hat", "by_right", "stands", "decided_at")
    list_filter = ("engagement", "client", "hat", "code", "status", "decided_at", Amounts)
    list_select_related = (
        "engagement__client",
        "client",
        "right",
        "supersedes",
        "superseded_by",
        "decider__user",
        "holder__user",
        "recorder__user",
        "deputy",
        "charter",
    )
    search_fields = ("question", "context", "reason", "closed_reason", "review_note", "code")
    read_with = "deliverables/desk/decision.html"
    ordering = ("-id",)
    stands = show.status(TONES)
    pages = (
        page("decide", "Decide", DECIDE, "decision", action="decide", first=True, when=_ready),
        page("agree", "Agree", AGREE, "decision", action="decide", first=True, when=_waits_for_us),
        page("score", "Score", SCORE, "decision", action="decide", when=_is_scored),
        RowPage("edit", "Change", log.edit, "decision", action="add", when=_is(Status.PROPOSED)),
        page("elsewhere", "Decided elsewhere", ELSEWHERE, "decision", when=_is(Status.PROPOSED)),
        page(
            "agreed-elsewhere",
            "Sponsor agreed elsewhere",
            AGREED_ELSEWHERE,
            "decision",
            when=_waits_for_client,
        ),
        page("review", "Look at it again", REVIEW, "decision", when=_is(Status.DECIDED)),
        RowPage(
            "supersede",
            "Put another in its place",
            log.supersede,
            "decision",
            action="add",
            when=_is(Status.DECIDED),
        ),
        RowPage("record", "Record", lambda admin, request, row: _record(request, row), "decision"),
        page(
            "reject",
            "Reject",
            REJECT,
            "decision",
            action="decide",
            when=lambda row: row.status == Status.PROPOSED or _waits_for_us(row),
        ),
        page(
            "withdraw",
            "Withdraw",
            WITHDRAW,
            "decision",
            action="add",
            when=_is(Status.PROPOSED, Status.AWAITING),
        ),
    )
    acts = (
        Act(
            "show",
            "Show it to the client",
            _sharing(True),
            explain="The client's people can read “{0.question}” in the portal, once it is put forward.",
            done="The client's people can read it.",
            when=lambda row: not row.client_sees,
            icon="visibility",
        ),
        Act(
            "hide",
            "Keep it from the client",
            _sharing(False),
            explain="The client's people no longer find “{0.question}” in the portal.",
            done="It is the practice's own again.",
            when=_may_be_hidden,
            icon="visibility_off",
        ),
    )

    @display(description="Right", ordering="code")
    def by_right(self, row: Decision) -> str:
        # A code broken in two reads as another.
        return row.code.replace("-", "\u2011")

    @display(description="Question", ordering="question")
    def asked(self, row: Decision) -> str:
        return f"{row.number}. {row.question}"

    def read_facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {**facts(request, row), "title": f"Decision {row.number}"}


def facts(request: HttpRequest, row: Decision) -> dict[str, Any]:
    actor = request.here.actor  # type: ignore[attr-defined]
    scored = row.code in scorecards.scorecard().rights
    near = {"supersedes": row.supersedes, "superseded_by": row.superseded_by}
    return {
        "tone": TONES[DecisionStatus(row.status)],
        "sentences": telling.sentences(telling.joined(Decision.objects.filter(pk=row.pk)).get()),
        "options": [
            {**one, "number": number, "chosen": number == row.chosen}
            for number, one in enumerate(row.options, start=1)
        ],
        "agreements": [
            (telling.whom(one), one)
            for one in row.agreements.select_related(
                "member__user", "contact", "recorded_by__user"
            ).order_by("asked", "hat")
        ],
        "links": list(row.links.order_by("kind", "title", "id")),
        "card": _card(row) if scored else None,
        "standing": _standing(row),
        "seal": telling.seal_of(row, actor),
        "seal_page": under(row.engagement, "decision-seal"),
        "log_page": under(row.engagement, "decisions"),
        "engagement_page": desk.page_of(row.engagement),
        "charter_page": desk.page_of(row.charter) if access.may(actor, "charter", "view") else "",
        **{name: desk.page_of(one) if one is not None else "" for name, one in near.items()},
    }


def _card(row: Decision) -> dict[str, Any]:
    """What each hat makes of each option, and who has not said yet."""
    hats = scorecards.scoring(charters.hats_of(row.engagement))
    told = scorecards.told(row)
    return {
        "hats": [Hat(hat).label for hat in hats],
        "rows": [
            {
                **one,
                "cells": [(Hat(hat).label, one["by_hat"].get(hat)) for hat in hats],
                "chosen": n == row.chosen,
            }
            for n, one in enumerate(told, start=1)
        ],
        "missing": scorecards.missing(row, row.engagement) if row.status in scorecards.OPEN else [],
    }


def _standing(row: Decision) -> dict[str, Any]:
    """What the charter says to it as of now, as long as it is open."""
    if row.status not in scorecards.OPEN:
        return {}
    at = timezone.now()
    try:
        charter = taking.charter_of(row.engagement)
        right = taking.right_of(charter, row.code)
        taking.judge(row.engagement, right, row, at, deputy=row.deputy)
        taking.holder_on(row.engagement, row.hat, local_day(at, row.client.time_zone))
    except Refusal as no:
        return {"wrong": no.sentence}
    limit, spent = limits.of(row.engagement, row.hat, at, besides=row.supersedes)
    return {"limit": limit, "spent": spent}
