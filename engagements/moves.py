"""Moves along the spectrum: proposed with cause and evidence, agreed by the sponsor where that is needed, in effect
from a day at the client. One at a time; what took effect is history."""

import datetime
from typing import Any, Unpack
from uuid import UUID

from django.db import transaction

from engagements import acceptance, asking, dates, drawing, handover, phases, stages, terms
from engagements.acceptance import Elsewhere
from engagements.models import Engagement, Move, MoveCause, Point
from practice import access, rows
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Conflict, NotAllowed, Taken

Status = Move.Status
PENDING = (Status.PROPOSED, Status.AGREED)


class MovePending(Taken):
    code = "move_pending"


PENDING_SENTENCE = "A move is waiting already; settle that one first."


class MoveSettled(Conflict):
    code, sentence = (
        "move_settled",
        "This move was answered, taken back or put into effect already.",
    )


class NeedsAgreement(Conflict):
    code, sentence = "needs_agreement", "The client's sponsor has to agree to this first."


class MoveTooEarly(Conflict):
    code, sentence = "too_early", "Its day has not come yet where the client is."


def propose(
    engagement: Engagement,
    *,
    effective_on: datetime.date,
    reason: str,
    to_point: str = "",
    to_phase: str = "",
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> Move:
    """A step from a day on. What is not said of its terms stays as it is now; the first step says it all."""
    access.require(by, "move", "add")
    _require_fees(by, details, Move())
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        stage = drawing.standing(engagement)
        if Move.objects.filter(engagement=engagement, status__in=PENDING).exists():
            raise MovePending(PENDING_SENTENCE)
        move = drawing.drawn(engagement, stage, to_point, to_phase, details)
        _require_fees(by, details, move)
        move.effective_on, move.reason = effective_on, reason.strip()
        drawing.check_day(move, stage)
        if move.kind == Move.Kind.PHASE:
            return phases.turn_by_hand(engagement, move, by=by, at=at)
        _put_aside(engagement, by=by, at=at)
        move.status = Status.PROPOSED if move.needs_agreement else Status.AGREED
        taken = MovePending(PENDING_SENTENCE)
        move = rows.add(move, by=by, at=at, kind="move.proposed", taken=taken)
        _ask(move, at)
        return settle(engagement, move, by=by, at=at)


def suggest(
    engagement: Engagement,
    *,
    to_point: str,
    reason: str,
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> Move:
    """The engine's proposal, under the present terms: a consultant's to put forward or to drop."""
    access.require(by, "move", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        move = drawing.drawn(engagement, drawing.standing(engagement), to_point, "", details)
        _put_aside(engagement, by=by, at=at)
        move.effective_on, move.reason = local_day(at, engagement.client.time_zone), reason
        move.cause, move.status = MoveCause.FACTS, Status.SUGGESTED
        return rows.add(
            move, by=by, at=at, kind="move.suggested", taken=MovePending(PENDING_SENTENCE)
        )


def put_forward(
    move: Move,
    *,
    effective_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **details: Any,
) -> Move:
    """Make a suggestion one's own: with the day, and with terms of its own where they change."""
    _require_fees(by, details, Move())
    with transaction.atomic():
        engagement, move = _held(move, "change", by)
        if move.status != Status.SUGGESTED:
            raise MoveSettled
        if Move.objects.filter(engagement=engagement, status__in=PENDING).exists():
            raise MovePending(PENDING_SENTENCE)
        stage = drawing.standing(engagement)
        details = {"sprint": move.sprint, "contract": move.contract, **details}
        drawn = drawing.drawn(engagement, stage, move.to_point, "", details)
        _require_fees(by, details, drawn)
        drawn.effective_on = effective_on
        drawing.check_day(drawn, stage)
        changes = {
            **terms.of(drawn),
            "kind": drawn.kind,
            "from_stage": stage,
            "to_phase": drawn.to_phase,
            "sprint": drawn.sprint,
            "contract": drawn.contract,
            "needs_agreement": drawn.needs_agreement,
            "effective_on": effective_on,
            "status": Status.PROPOSED if drawn.needs_agreement else Status.AGREED,
        }
        move = rows.change(move, changes, by=by, at=at, kind="move.put_forward", expected=expected)
        _ask(move, at)
        return settle(engagement, move, by=by, at=at)


def agree(move: Move, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> Move:
    """The sponsor's yes. It holds from its day, or from today where that day has passed."""
    with transaction.atomic():
        engagement, move = _held(move, "accept", by)
        return _agree(engagement, move, acceptance.given(by=by, at=at), by, at, expected)


def agree_on_behalf(
    move: Move,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **said: Unpack[Elsewhere],
) -> Move:
    """The sponsor agreed elsewhere: the note says how, the file shows it, `said_on` is the day it was said."""
    with transaction.atomic():
        engagement, move = _held(move, "change", by)
        columns = acceptance.on_behalf(client_id=move.client_id, by=by, at=at, **said)
        return _agree(engagement, move, columns, by, at, expected)


def decline(
    move: Move, *, reason: str, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Move:
    """The sponsor's no."""
    with transaction.atomic():
        _, move = _held(move, "accept", by)
        if move.status != Status.PROPOSED:
            raise MoveSettled
        changes = {"status": Status.DECLINED, "answered_reason": reason.strip()}
        move = rows.change(move, changes, by=by, at=at, kind="move.declined", expected=expected)
        asking.tell_no("move", move, at=at)
        return move


def withdraw(
    move: Move, *, reason: str, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Move:
    """Take a move back before it is in effect, also one that was agreed."""
    with transaction.atomic():
        engagement, move = _held(move, "change", by)
        if move.status not in (*PENDING, Status.SUGGESTED):
            raise MoveSettled
        changes = {"status": Status.WITHDRAWN, "answered_reason": reason.strip()}
        move = rows.change(move, changes, by=by, at=at, kind="move.withdrawn", expected=expected)
        dates.replan(engagement, by=by, at=at)
        return move


def withdraw_all(engagement: Engagement, *, reason: str, by: Actor, at: datetime.datetime) -> None:
    """What still waits when an engagement ends or goes back to a draft."""
    waiting = Move.objects.filter(engagement=engagement, status__in=(*PENDING, Status.SUGGESTED))
    for move in waiting:
        changes = {"status": Status.WITHDRAWN, "answered_reason": reason}
        rows.change(move, changes, by=access.on_own_authority(by), at=at, kind="move.withdrawn")


def take_effect(move_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls on a move's day. Run twice, it finds it done and refuses."""
    with transaction.atomic():
        engagement, move = _held(access.get(by, Move, move_id), "change", by)
        if move.status == Status.PROPOSED and move.needs_agreement:
            raise NeedsAgreement
        if move.status != Status.AGREED:
            raise MoveSettled
        if engagement.status not in stages.RUNNING:
            raise stages.NotActive
        if local_day(at, engagement.client.time_zone) < move.effective_on:
            # The client has moved to another time zone since the day was planned.
            raise MoveTooEarly
        _enter(engagement, move, by=by, at=at)


def settle(engagement: Engagement, move: Move, *, by: Actor, at: datetime.datetime) -> Move:
    """Put an agreed move into effect where its day has come, else plan it. A beginning waits for activation."""
    has_come = move.effective_on <= local_day(at, engagement.client.time_zone)
    if move.status == Status.AGREED and engagement.status in stages.RUNNING and has_come:
        return _enter(engagement, move, by=by, at=at)
    dates.replan(engagement, by=by, at=at)
    return move


def _enter(engagement: Engagement, move: Move, *, by: Actor, at: datetime.datetime) -> Move:
    by = access.on_own_authority(by)
    former = stages.present(engagement)
    # A phase can have turned in between, on a day after this one's: history is not gone behind.
    since_on = max(move.effective_on, former.since_on) if former else move.effective_on
    stage = stages.follow(engagement, move, since_on=since_on, by=by, at=at)
    changes = {
        "status": Status.EFFECTIVE,
        "effective_at": at,
        "effective_on": since_on,
        "to_phase": stage.phase,
        "stage": stage,
    }
    move = rows.change(move, changes, by=by, at=at, kind="move.effective")
    if move.kind == Move.Kind.BEGIN and engagement.starts_on != since_on:
        changes = {"starts_on": since_on}
        engagement = rows.change(engagement, changes, by=by, at=at, kind="engagement.changed")
    if move.to_point == Point.FULL_TIME:
        handover.make(engagement, by=by, at=at)
    dates.replan(engagement, by=by, at=at)
    return move


def _agree(
    engagement: Engagement,
    move: Move,
    columns: dict[str, Any],
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> Move:
    if move.status != Status.PROPOSED:
        raise MoveSettled
    said_on = local_day(columns["accepted_at"], engagement.client.time_zone)
    effective_on = max(move.effective_on, said_on)
    stages.check_day(engagement, effective_on, stages.present(engagement))
    changes = {"status": Status.AGREED, "effective_on": effective_on, **columns}
    move = rows.change(move, changes, by=by, at=at, kind="move.agreed", expected=expected)
    return settle(engagement, move, by=by, at=at)


def _held(move: Move, action: str, by: Actor) -> tuple[Engagement, Move]:
    """The move, with its engagement held: all verbs of one engagement queue up there."""
    access.require(by, "move", action)
    engagement = access.get(by, Engagement, move.engagement_id, lock=True)
    return engagement, access.get(by, Move, move.pk, lock=True)


def _ask(move: Move, at: datetime.datetime) -> None:
    if move.status == Status.PROPOSED:
        asking.ask("move", move, at=at)


def _put_aside(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """A suggestion gives way to what a consultant proposes, and to a newer suggestion."""
    for move in Move.objects.filter(engagement=engagement, status=Status.SUGGESTED):
        changes = {"status": Status.WITHDRAWN, "answered_reason": "Overtaken by another."}
        rows.change(move, changes, by=access.on_own_authority(by), at=at, kind="move.withdrawn")


def _require_fees(by: Actor, details: dict[str, Any], move: Move) -> None:
    """Nobody sets what they do not see. What an allowance is counted in decides whether it is a fee."""
    hidden = access.hidden_of(by, move)
    turned = "allowance_unit" in details and "allowance" in hidden
    if set(details) & hidden or turned:
        raise NotAllowed("Your role does not see or set fees.")
