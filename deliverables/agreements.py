"""Who must agree to a decision before it is one: asking exactly those whom the charter names, and their answers.

Everything is judged anew at each answer, behind the engagement's lock: sums move while an entry waits.
"""

import datetime
from typing import Any, Unpack

from django.db import transaction

from deliverables import acceptances, asking, reviews, scorecards, sealed, taking
from deliverables.models import Agreement, Asked, Decision, DecisionStatus
from deliverables.rights_check import Ask
from engagements import acceptance
from engagements.acceptance import Elsewhere
from engagements.models import Engagement
from engagements.wearing import hold
from practice import access, rows
from practice.access import Actor
from practice.models import Contact, Member
from practice.quarters import local_day
from practice.refusals import Conflict, NotAllowed

Status = DecisionStatus


class NotAwaiting(Conflict):
    code, sentence = "decision_not_awaiting", "This decision does not wait for an answer."


class NotAsked(Conflict):
    code, sentence = "not_asked", "The charter does not ask this person to agree, or they have."


class SecondPersonNeeded(Conflict):
    code = "second_person_needed"
    sentence = "The charter wants somebody else than who decides."


class TakenPlaceOf(Conflict):
    code = "superseded_already"
    sentence = "Another decision has taken the place of the one this is to supersede."


def agree(
    decision: Decision,
    *,
    hat: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Agree: the sponsor for the client, a member under another hat (also one's own other), or as a second person."""
    may_answer(by)
    with transaction.atomic():
        engagement, decision = _held(decision, by)
        asked = asked_of(decision, engagement, hat, by, at)
        given: dict[str, Any] = {"given_at": at}
        if asked.asked == Asked.CLIENT:
            given["contact"] = access.get(by, Contact, by.id or "")
        else:
            given["member"] = access.get(by, Member, by.id or "")
        return _given(decision, engagement, asked, given, by=by, at=at, expected=expected)


def agree_on_behalf(
    decision: Decision,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **said: Unpack[Elsewhere],
) -> Decision:
    """Put down that the sponsor agreed elsewhere, and what shows it."""
    access.require(by, "decision", "change")
    with transaction.atomic():
        engagement, decision = _held(decision, by)
        asked = _open(decision, asked=Asked.CLIENT)
        told = acceptance.on_behalf(client_id=decision.client_id, by=by, at=at, **said)
        given = {
            "given_at": told["accepted_at"],
            "contact": told["accepted_by"],
            "recorded_by": told["recorded_by"],
            "evidence_note": told["evidence_note"],
            "evidence": told["evidence"],
        }
        return _given(decision, engagement, asked, given, by=by, at=at, expected=expected)


def may_answer(by: Actor) -> None:
    """Members answer under their hats, contacts as the sponsor."""
    access.require(by, "decision", "accept" if by.role in access.CONTACTS else "decide")


def asked_of(
    decision: Decision, engagement: Engagement, hat: str, by: Actor, at: datetime.datetime
) -> Agreement:
    """The open question that this actor answers; refused where there is none."""
    if decision.status != Status.AWAITING:
        raise NotAwaiting
    if by.role in access.CONTACTS:
        return _open(decision, asked=Asked.CLIENT)
    if by.kind != "member" or by.id is None:
        raise NotAllowed("Only a person can agree.")
    if not hat:
        asked = _open(decision, asked=Asked.SECOND)
        if by.id in (decision.decider_id, decision.holder_id):
            raise SecondPersonNeeded
        return asked
    asked = _open(decision, asked=Asked.HAT, hat=hat)
    taking.taker(engagement, hat, by, local_day(at, engagement.client.time_zone))
    return asked


def settle(
    decision: Decision,
    engagement: Engagement,
    changes: dict[str, Any],
    *,
    by: Actor,
    at: datetime.datetime,
    moment: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Judge it as of now: decided where everybody asked has agreed, else it waits for those who have not."""
    charter = taking.charter_of(engagement)
    right = taking.right_of(charter, decision.code)
    deputy = changes.get("deputy", decision.deputy)
    verdict = taking.judge(engagement, right, decision, moment, deputy=deputy)
    own = access.on_own_authority(by)
    waits = _ask(decision, engagement, verdict.asks, own, at)
    asks_client = any(ask.asked == Asked.CLIENT for ask in verdict.asks)
    changes = {
        **changes,
        "charter": charter,
        "right": right,
        "over_limit": verdict.over_limit,
        # Who must agree has to be able to read it.
        "client_sees": decision.client_sees or asks_client,
        "client_agreed": asks_client and not _is_open(decision, Asked.CLIENT),
        "status": Status.AWAITING if waits else Status.DECIDED,
    }
    kind = "decision.awaiting" if waits else "decision.decided"
    if not waits:
        scorecards.require(decision, engagement)
        _require_free(decision)
        changes |= {
            "decided_at": moment,
            "counted_amount": verdict.counted,
            "counted_currency": verdict.counted_in,
        }
    decision = rows.change(
        decision, changes, by=own, at=at, kind=kind, expected=expected, hat=decision.hat
    )
    if waits:
        asking.ask(decision, by=own, at=at)
    else:
        _take_effect(decision, engagement, by=own, at=at)
    return decision


def close(
    decision: Decision,
    status: str,
    reason: str,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    hat: str = "",
) -> Decision:
    """It will not be decided: rejected or withdrawn, and why."""
    changes = {"status": status, "closed_at": at, "closed_reason": reason.strip()}
    own = access.on_own_authority(by)
    kind = f"decision.{status}"
    return rows.change(decision, changes, by=own, at=at, kind=kind, expected=expected, hat=hat)


def _given(
    decision: Decision,
    engagement: Engagement,
    asked: Agreement,
    given: dict[str, Any],
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None,
) -> Decision:
    hold(engagement, by)
    own = access.on_own_authority(by)
    rows.change(asked, given, by=own, at=at, kind="decision.agreed", hat=asked.hat)
    # When it is decided is when the last one agreed, also where that is put down later.
    answers = Agreement.objects.filter(decision=decision, given_at__isnull=False)
    moments = [*answers.values_list("given_at", flat=True), decision.taken_at or at]
    moment = max(one for one in moments if one is not None)
    return settle(decision, engagement, {}, by=by, at=at, moment=moment, expected=expected)


def _ask(
    decision: Decision,
    engagement: Engagement,
    asks: tuple[Ask, ...],
    by: Actor,
    at: datetime.datetime,
) -> bool:
    """Bring the questions in step with the verdict; says whether one is open still."""
    there = {(row.asked, row.hat): row for row in Agreement.objects.filter(decision=decision)}
    wanted = {(ask.asked, ask.hat): ask for ask in asks}
    for key, row in there.items():
        if key not in wanted and row.given_at is None:
            rows.remove(row, by=by, at=at, kind="decision.not_asked")
    for key, ask in wanted.items():
        if key in there and there[key].given_at is not None:
            continue
        if key in there:
            rows.change(there[key], {"why": ask.why}, by=by, at=at, kind="decision.asked")
            continue
        row = Agreement(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            decision=decision,
            asked=ask.asked,
            hat=ask.hat,
            why=ask.why,
        )
        rows.add(row, by=by, at=at, kind="decision.asked", hat=ask.hat)
    return any(key not in there or there[key].given_at is None for key in wanted)


def _take_effect(
    decision: Decision, engagement: Engagement, *, by: Actor, at: datetime.datetime
) -> None:
    former = decision.supersedes
    if former is not None:
        gone = {"status": Status.SUPERSEDED, "superseded_by": decision}
        former = rows.change(former, gone, by=by, at=at, kind="decision.superseded")
        reviews.close(former, at=at)
        acceptances.ended(former, by=by, at=at)
    reviews.plan(decision, engagement, at)
    sealed.decided(decision, by=by, at=at)


def _require_free(decision: Decision) -> None:
    former = decision.supersedes
    if former is None:
        return
    if Decision.objects.get(pk=former.pk).status != Status.DECIDED:
        raise TakenPlaceOf


def _open(decision: Decision, *, asked: str, hat: str = "") -> Agreement:
    rows_ = Agreement.objects.filter(decision=decision, asked=asked, hat=hat, given_at=None)
    found = rows_.first()
    if found is None:
        raise NotAsked
    return found


def _is_open(decision: Decision, asked: str) -> bool:
    return Agreement.objects.filter(decision=decision, asked=asked, given_at=None).exists()


def _held(decision: Decision, by: Actor) -> tuple[Engagement, Decision]:
    engagement = access.get(by, Engagement, decision.engagement_id, lock=True)
    decision = access.get(by, Decision, decision.pk, lock=True)
    if decision.status != Status.AWAITING:
        raise NotAwaiting
    return engagement, decision
