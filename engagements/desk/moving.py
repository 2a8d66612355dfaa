"""Moves at the desk: proposed in two steps, first whereto, then on which terms; agreed, declined, taken back."""

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from engagements import (
    discarding,
    drawing,
    moves,
    overview,
    spectrum,
    stages,
    terms,
    terms_words,
)
from engagements.desk.dialogs import AskForm, Dialog, page
from engagements.desk.forms import OnBehalfForm, TermsForm, WithdrawForm, day
from engagements.models import Engagement, Move
from engagements.models.base import TERMS, Point
from practice import access
from practice.desk import show
from practice.desk.site import desk
from practice.quarters import local_day
from practice.refusals import Refusal
from practice.sites import ScopedAdmin

Status = Move.Status
KINDS = {
    Move.Kind.BEGIN: "Begins here",
    Move.Kind.UP: "Step up",
    Move.Kind.DOWN: "Step down",
    Move.Kind.TERMS: "Other terms, same point",
}
NO_WAY = "The spectrum has no such move from {here}."
HANDS_OVER = (
    "To a hire of the client's own it goes from a retainer: there is no seat to hand over before."
)


def targets(stage: Any) -> list[dict[str, Any]]:
    """Every point, with the kind of step it would be from here, or why there is none."""
    here = stage.point if stage else ""
    ways, told = spectrum.moves(), []
    for code, point in spectrum.points().items():
        kind = ways.get((here, code))
        why = ""
        if kind is None:
            label = spectrum.points()[here].label if here else "the beginning"
            why = HANDS_OVER if code == Point.FULL_TIME else NO_WAY.format(here=label)
        told.append(
            {
                "code": code,
                "label": point.label,
                "output": point.output,
                "cadence": point.cadence,
                "kind": KINDS.get(kind, "") if kind else "",
                "why_not": why,
                "here": code == here,
            }
        )
    return told


def _initial(request: HttpRequest, row: Engagement) -> dict[str, Any]:
    """The present terms, or for a beginning what people mostly agree on."""
    stage = stages.present(row)
    to_point = request.GET.get("to", "")
    to_point = to_point if to_point in Point.values else ""
    today = local_day(timezone.now(), row.client.time_zone)
    first = {"to_point": to_point, "effective_on": max(today, row.starts_on or today)}
    if stage is None:
        kept = {"currency": row.client.currency, "client_sees_balance": True, "day_minutes": 480}
        return {**first, **kept, **_usual(to_point)}
    kept = terms.of(stage)
    if to_point != stage.point or to_point == Point.SPRINT:
        kept["planned_end_on"] = None
    return {**first, **kept, "sprint": stage.sprint if to_point == Point.SPRINT else ""}


def _usual(to_point: str) -> dict[str, Any]:
    point = spectrum.points().get(to_point)
    if to_point == Point.SPRINT:
        return {"fee_model": "per_project", "allowance_unit": "none", "sprint": "6w"}
    if to_point == Point.ADVISORY:
        return {"fee_model": "per_day", "allowance_unit": "none"}
    if point is not None and point.days_per_month is not None:
        return {
            "fee_model": "fixed_monthly",
            "allowance_unit": "days",
            "allowance": point.days_per_month.low,
        }
    return {}


def _facts(request: HttpRequest, row: Engagement, form: Any) -> dict[str, Any]:
    stage = stages.present(row)
    to_point = str(form.initial.get("to_point", ""))
    waits = Move.objects.filter(engagement=row, status__in=overview.PENDING).first()
    found: dict[str, Any] = {
        "targets": targets(stage),
        "to_point": to_point,
        "to_label": spectrum.points()[to_point].label if to_point else "",
        "here": stage,
        "now": terms_words.told(stage, fees=True) if stage else {},
        "waits": waits,
        "waits_at": desk.page_of(waits) if waits else "",
    }
    if to_point and form.is_bound and form.is_valid():
        found["look"] = _look(row, stage, form)
    return found


def _look(row: Engagement, stage: Any, form: Any) -> dict[str, Any]:
    """What the form amounts to: the kind of step, what differs, and whether the sponsor has to agree."""
    given = {n: v for n, v in form.chosen().items() if n in (*TERMS, "sprint", "contract")}
    try:
        move = drawing.drawn(row, stage, form.to_point, "", given)
    except Refusal as refusal:
        said = getattr(refusal, "errors", None) or {"": [refusal.sentence]}
        for name, sentences in said.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
        return {}
    return {
        "kind": KINDS.get(Move.Kind(move.kind), ""),
        "changes": terms_words.changes(stage, move, fees=True),
        "needs_agreement": move.needs_agreement,
    }


PROPOSE = Dialog(
    moves.propose,
    "A step along the spectrum for “{0}”. Nothing of the past changes; a new stage begins on its day.",
    "The move is proposed.",
    "Propose the move",
    TermsForm,
    template="engagements/desk/move.html",
    initial=_initial,
    facts=_facts,
)
PROPOSE_MOVE = page(
    "move",
    "Propose a move",
    PROPOSE,
    "move",
    action="add",
    when=lambda row: row.status != Engagement.Status.ENDED,
)


def _unseen(row: Move) -> bool:
    """A suggestion, or a step of a draft; the verb knows whether the draft was ever proposed."""
    of_a_draft = row.engagement.status == Engagement.Status.DRAFT and row.accepted_at is None
    return row.status == Status.SUGGESTED or of_a_draft


def _proposed(row: Move) -> bool:
    return row.status == Status.PROPOSED


class PutForwardForm(AskForm):
    effective_on = day("In effect from")


ON_BEHALF = Dialog(
    moves.agree_on_behalf,
    "The sponsor agreed elsewhere to this: {0}. Say how, and keep what shows it.",
    "The agreement is recorded.",
    "Record the agreement",
    OnBehalfForm,
)
WITHDRAW = Dialog(
    moves.withdraw,
    "The move is taken back; what was agreed of it is void.",
    "The move is withdrawn.",
    "Withdraw it",
    WithdrawForm,
    danger=True,
)
DISCARD = Dialog(
    discarding.move,
    "The suggestion is thrown away. The client has never seen it; the record of what happened stays.",
    "The suggestion is gone.",
    "Discard it",
    after=lambda row, result: desk.page_of(row.engagement if result is None else row),
    danger=True,
)
FORWARD = Dialog(
    moves.put_forward,
    "Make the suggestion yours, under the present terms. For other terms, propose a move of your own: this one then "
    "gives way.",
    "The move is proposed.",
    "Put it forward",
    PutForwardForm,
    initial=lambda request, row: {"effective_on": local_day(timezone.now(), row.client.time_zone)},
)


@register(Move, site=desk)
class MoveAdmin(ScopedAdmin):
    intro = "Steps along the spectrum: proposed, agreed, in effect. What took effect is history."
    empty = "No moves yet. Open an engagement and propose the first stage."
    list_display = ("__str__", "engagement", "client", "stands", "effective_on", "cause")
    list_filter = ("status", "client", "kind", "cause")
    list_select_related = ("client", "engagement", "from_stage", "accepted_by", "recorded_by__user")
    search_fields = ("client__name", "engagement__name", "reason")
    ordering = ("-id",)
    readonly_fields = ("stands", "answer")
    fieldsets = (
        (
            None,
            {
                "fields": [
                    "engagement",
                    "client",
                    "stands",
                    "kind",
                    "to_point",
                    "to_phase",
                    "effective_on",
                    "cause",
                    "reason",
                    "evidence_text",
                    "needs_agreement",
                    "answer",
                ]
            },
        ),
    )
    pages = (
        page(
            "forward",
            "Put it forward",
            FORWARD,
            "move",
            first=True,
            when=lambda row: row.status == Status.SUGGESTED,
        ),
        page("on-behalf", "Agreed elsewhere", ON_BEHALF, "move", first=True, when=_proposed),
        page(
            "withdraw",
            "Withdraw",
            WITHDRAW,
            "move",
            when=lambda row: row.status in (*overview.PENDING, Status.SUGGESTED),
        ),
        page("discard", "Discard", DISCARD, "move", when=_unseen),
    )

    @display(
        description="State",
        ordering="status",
        label={
            "suggested": "default",
            "proposed": "info",
            "agreed": "success",
            "effective": "success",
            "declined": "danger",
            "withdrawn": "default",
        },
    )
    def stands(self, row: Move) -> show.Badge:
        return show.Badge(row.status, row.get_status_display())

    @display(description="Answer")
    def answer(self, row: Move) -> str:
        if row.accepted_by is None:
            return row.answered_reason or "–"
        said = f"{row.accepted_by}, {row.accepted_at:%-d %B %Y}"
        if row.recorded_by:
            said += f"; put down by {row.recorded_by}: {row.evidence_note}"
        return said

    def _around(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        around = super()._around(request, row)
        if row is None:
            return around
        fees = access.may(request.here.actor, "move", "see_fees")  # type: ignore[attr-defined]
        told = terms_words.changes(row.from_stage, row, fees=fees)
        around["sections"].append(
            {
                "title": "What changes in the terms",
                "wide": True,
                "headings": ["Line", "Before", "After"],
                "rows": [
                    {
                        "link": desk.page_of(row.engagement),
                        "cells": [
                            ("Line", one.label),
                            ("Before", one.before),
                            ("After", one.after),
                        ],
                    }
                    for one in told
                ],
                "empty": "The terms stay as they are.",
            }
        )
        return around
