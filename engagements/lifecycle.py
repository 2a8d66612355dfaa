"""An engagement's life: drafted, proposed, active, paused, ended. Every change of its status is here."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction

from assessments.models import Choice
from engagements import (
    asking,
    dates,
    days,
    gate,
    handover,
    hats,
    moves,
    pauses,
    radar_clock,
    stages,
)
from engagements.models import Burst, Engagement, Move, Pause
from engagements.pauses import pause, resume
from engagements.wearing import EngagementEnded
from practice import access, clients, rows
from practice.access import Actor
from practice.models import Assignment, Client, Member
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid, NotAllowed
from practice.registers import Register

__all__ = [
    "ENDINGS",
    "activate",
    "change",
    "draft_from",
    "end",
    "open_for",
    "pause",
    "propose",
    "resume",
    "withdraw",
]

Status = Engagement.Status
# Contributed: what else comes to its end with an engagement, in the same transaction, from the day it is over.
ENDINGS: Register[Callable[[Engagement, datetime.date, Actor, datetime.datetime], None]] = Register(
    "endings"
)


class NotDraft(Conflict):
    code, sentence = "not_draft", "Only a draft can be proposed."


class NotProposed(Conflict):
    code, sentence = "not_proposed", "Only a proposed engagement can do this."


class HasBegun(Conflict):
    code, sentence = "has_begun", "It has begun; its first day stays what it was."


def open_for(
    client: Client,
    *,
    name: str,
    lead: Member,
    hats: dict[str, int] | None = None,
    origin: Choice | None = None,
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> Engagement:
    """Draft an engagement. Grown from a recommendation, it takes its hats where no others are given."""
    access.require(by, "engagement", "add")
    _require_fees(by, details)
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        days.check(starts_on=details.get("starts_on"))
        _check_lead(client.pk, lead)
        if origin is not None and origin.client_id != client.pk:
            raise Invalid({"origin": ["A recommendation for this client is needed."]})
        row = Engagement(
            practice_id=client.practice_id,
            client=client,
            name=name,
            lead=lead,
            origin=origin,
            **details,
        )
        rows.add(row, by=by, at=at, kind="engagement.opened")
        _set_hats(row, hats, by, at)
        return row


def draft_from(
    choice: Choice,
    *,
    lead: Member,
    name: str = "",
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> Engagement:
    """An engagement that does what was recommended: its hats in equal shares, and its point for the first stage."""
    name = name or " and ".join(choice.hats) or "Engagement"
    return open_for(choice.client, name=name, lead=lead, origin=choice, by=by, at=at, **details)


def change(
    engagement: Engagement,
    *,
    hats: dict[str, int] | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Engagement:
    """Name, lead, hats and what else is no term. Terms change by a move, people by who wears a hat."""
    _require_fees(by, changes)
    with transaction.atomic():
        engagement = _held(engagement, by)
        if engagement.status == Status.ENDED:
            raise EngagementEnded
        days.check(starts_on=changes.get("starts_on"))
        if "lead" in changes:
            _check_lead(engagement.client_id, changes["lead"])
        running = engagement.status in stages.RUNNING
        if running and changes.get("starts_on", engagement.starts_on) != engagement.starts_on:
            raise HasBegun
        if running and hats == {}:
            raise Invalid({"hats": ["At least one hat is needed."]})
        engagement = rows.change(
            engagement, changes, by=by, at=at, kind="engagement.changed", expected=expected
        )
        _set_hats(engagement, hats, by, at)
        dates.replan(engagement, by=by, at=at)
        return engagement


def propose(
    engagement: Engagement, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Engagement:
    """Show it to the client, whose sponsor then agrees to its first stage."""
    with transaction.atomic():
        engagement = _held(engagement, by)
        if engagement.status != Status.DRAFT:
            raise NotDraft
        engagement = _turn(engagement, Status.PROPOSED, "engagement.proposed", by, at, expected)
        asking.ask_all(engagement, at=at)
        return engagement


def withdraw(
    engagement: Engagement, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Engagement:
    """Take a proposal back to the drawing board. What the sponsor was asked for is withdrawn with it."""
    with transaction.atomic():
        engagement = _held(engagement, by)
        if engagement.status != Status.PROPOSED:
            raise NotProposed
        moves.withdraw_all(engagement, reason="The proposal was withdrawn.", by=by, at=at)
        return _turn(engagement, Status.DRAFT, "engagement.withdrawn", by, at, expected)


def activate(
    engagement: Engagement, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Engagement:
    """Begin the work, once everything that has to be there is: the first stage from its day on, the client active."""
    with transaction.atomic():
        engagement = _held(engagement, by)
        if engagement.status != Status.PROPOSED:
            raise NotProposed
        gate.require_met(engagement, at)
        begin = Move.objects.get(engagement=engagement, status=Move.Status.AGREED)
        changes = {"status": Status.ACTIVE, "starts_on": begin.effective_on}
        engagement = rows.change(
            engagement, changes, by=by, at=at, kind="engagement.activated", expected=expected
        )
        if engagement.client.status != Client.Status.ACTIVE:
            by_us = access.on_own_authority(by)
            clients.change(engagement.client, by=by_us, at=at, status=Client.Status.ACTIVE)
        moves.settle(engagement, begin, by=by, at=at)
        radar_clock.watch(engagement.practice, at=at)
        return engagement


def end(
    engagement: Engagement,
    *,
    reason: str,
    on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Engagement:
    """End it: from `on` (today, where nothing is said) nothing more is owed. What is handed over becomes a list."""
    with transaction.atomic():
        engagement = _held(engagement, by)
        if engagement.status not in stages.RUNNING:
            raise stages.NotActive
        today = local_day(at, engagement.client.time_zone)
        on = on or today
        days.check(on=on)
        if on > today + datetime.timedelta(days=1):
            raise Invalid({"on": ["Not further ahead than tomorrow; it ends now."]})
        by_us = access.on_own_authority(by)
        _end_course(engagement, on, by_us, at)
        changes = {"status": Status.ENDED, "ended_on": on, "end_reason": reason.strip()}
        engagement = rows.change(
            engagement, changes, by=by, at=at, kind="engagement.ended", expected=expected
        )
        handover.make(engagement, by=by, at=at)
        for key in ENDINGS:
            ENDINGS[key](engagement, on, by_us, at)
        dates.cancel(engagement, at=at)
        return engagement


def _end_course(
    engagement: Engagement, on: datetime.date, by: Actor, at: datetime.datetime
) -> None:
    stage = stages.present(engagement)
    stages.check_day(engagement, on, stage)
    if stage is not None:
        rows.change(stage, {"until_on": on}, by=by, at=at, kind="stage.ended")
    own = {"practice_id": engagement.practice_id, "engagement": engagement}
    for row in Pause.objects.filter(**own):
        pauses.cut(row, on, by=by, at=at)
    for burst in Burst.objects.filter(**own, until_on__gt=on):
        if burst.since_on < on:
            rows.change(burst, {"until_on": on}, by=by, at=at, kind="burst.ended")
        else:
            rows.remove(burst, by=by, at=at, kind="burst.cancelled")
    moves.withdraw_all(engagement, reason="The engagement ended.", by=by, at=at)


def _held(engagement: Engagement, by: Actor) -> Engagement:
    access.require(by, "engagement", "change")
    return access.get(by, Engagement, engagement.pk, lock=True)


def _turn(
    engagement: Engagement,
    status: str,
    kind: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> Engagement:
    return rows.change(engagement, {"status": status}, by=by, at=at, kind=kind, expected=expected)


def _set_hats(
    engagement: Engagement, given: dict[str, int] | None, by: Actor, at: datetime.datetime
) -> None:
    if given is None and engagement.origin is not None and engagement.version == 1:
        given = hats.of_choice(engagement.origin)
    if given is not None:
        hats.set_shares(engagement, given, by=by, at=at)


def _require_fees(by: Actor, details: dict[str, Any]) -> None:
    if set(details) & access.hidden_fields(by, Engagement):
        raise NotAllowed("Your role does not see or set fees and purchase orders.")


def _check_lead(client_id: Any, lead: Member | None) -> None:
    """Who leads works for the client already: to be assigned is the owner's to give."""
    serves = lead is not None and lead.active
    if not serves or not Assignment.objects.filter(client_id=client_id, member=lead).exists():
        raise Invalid({"lead": ["An active member who is assigned to the client is needed."]})
