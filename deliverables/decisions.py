"""Logging decisions: proposing one, taking it under a hat, taking it back, putting another in its place.

The charter in force is asked each time. Who agrees, and when that makes a decision, is agreements.py's.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max

from deliverables import agreements, asking, links, proposals, scorecards, taking
from deliverables.agreements import NotAwaiting
from deliverables.models import Asked, Decision, DecisionLink, DecisionStatus, Origin
from deliverables.taking import Taker
from engagements import days
from engagements.models import Engagement
from engagements.wearing import hold
from practice import access, rows
from practice.access import Actor
from practice.models import Member, StoredFile
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid


class NotProposed(Conflict):
    code, sentence = "decision_not_proposed", "This decision was put forward or closed already."


class DecisionSettled(Conflict):
    code = "decision_settled"
    sentence = "What was decided stays as it is; put another decision in its place."


class NotInForce(Conflict):
    code, sentence = (
        "decision_not_in_force",
        "Only a decision in force can be given up for another.",
    )


class AskedOfClient(Conflict):
    code, sentence = "asked_of_client", "The sponsor was asked to agree, so the client reads it."


def propose(
    engagement: Engagement,
    *,
    code: str,
    hat: str,
    links: Iterable[dict[str, Any]] = (),
    supersedes: Decision | None = None,
    decide: bool = False,
    by: Actor,
    at: datetime.datetime,
    **says: Any,
) -> Decision:
    """Write down what is to be decided, under which hat and by which right; `decide` takes it at once.

    Refused where no charter is accepted, or the hat does not hold the right.
    """
    access.require(by, "decision", "add")
    with transaction.atomic():
        engagement = hold(engagement, by)
        charter = taking.charter_of(engagement)
        last: int | None = Decision.objects.filter(engagement=engagement).aggregate(
            last=Max("number")
        )["last"]
        decision = Decision(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            number=(last or 0) + 1,
            charter=charter,
            right=taking.right_of(charter, code),
            code=code,
            hat=hat,
            recorder=taking.recorder_of(engagement, by),
            supersedes=_successor_of(engagement, supersedes, by),
            **proposals.cleaned(says),
        )
        proposals.check(decision, at)
        taking.judge(engagement, decision.right, decision, at)
        # The charter, and who a key stands for, are not for everybody who may propose to read.
        own = access.on_own_authority(by)
        rows.add(decision, by=own, at=at, kind="decision.proposed", hat=hat)
        _link(decision, engagement, links, by, at)
        if decide:
            return _take(decision, engagement, by=by, at=at)
    return decision


def change(
    decision: Decision,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Decision:
    """Say it otherwise, as long as it is a proposal."""
    access.require(by, "decision", "add")
    with transaction.atomic():
        engagement, decision = held(decision, by)
        _require(decision, DecisionStatus.PROPOSED, NotProposed)
        taking.charter_of(engagement)
        named = changes.pop("links", None)
        supersedes = changes.pop("supersedes", decision.supersedes)
        changes = proposals.cleaned(changes) | {
            "supersedes": _successor_of(engagement, supersedes, by)
        }
        changes |= _right(engagement, changes.pop("code", decision.code))
        for name, value in changes.items():
            setattr(decision, name, value)
        proposals.check(decision, at)
        taking.judge(engagement, decision.right, decision, at)
        if named is not None:
            for gone in DecisionLink.objects.filter(decision=decision):
                rows.remove(gone, by=by, at=at, kind="decision.unlinked")
            _link(decision, engagement, named, by, at)
        own = access.on_own_authority(by)
        return rows.change(
            decision, changes, by=own, at=at, kind="decision.changed", expected=expected
        )


def decide(
    decision: Decision, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Decision:
    """Take the proposal under its hat, as who wears it or as their deputy: decided, or waiting for who must agree."""
    with transaction.atomic():
        engagement, decision = held(decision, by)
        _require(decision, DecisionStatus.PROPOSED, NotProposed)
        return _take(decision, engagement, by=by, at=at, expected=expected)


def decide_on_behalf(
    decision: Decision,
    *,
    note: str,
    decider: Member | None = None,
    evidence: StoredFile | None = None,
    said_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Put down that the hat's holder, or their deputy, took it elsewhere; what must be agreed to still must be."""
    access.require(by, "decision", "change")
    with transaction.atomic():
        engagement, decision = held(decision, by)
        _require(decision, DecisionStatus.PROPOSED, NotProposed)
        zone = engagement.client.time_zone
        today = local_day(at, zone)
        day = said_on or today
        _check_elsewhere(engagement, note, evidence, day, today)
        taken = taking.taker_elsewhere(engagement, decision.hat, decider, day)
        moment = at if day == today else min(at, end_of_day(day, zone))
        origin = Origin.IMPORTED if by.kind == "key" else Origin.ON_BEHALF
        said = {"origin": origin, "evidence_note": note.strip(), "evidence": evidence}
        return _put_forward(
            decision, engagement, taken, by=by, at=at, moment=moment, said=said, expected=expected
        )


def withdraw(
    decision: Decision,
    *,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Take back a proposal, or what waits for agreement. It stays in the log as withdrawn."""
    access.require(by, "decision", "add")
    with transaction.atomic():
        _, decision = held(decision, by)
        if decision.status not in (DecisionStatus.PROPOSED, DecisionStatus.AWAITING):
            raise DecisionSettled
        if decision.status == DecisionStatus.AWAITING and by.id != decision.decider_id:
            # What somebody took under their hat is not for everybody to take back.
            access.require(by, "decision", "change")
        return agreements.close(
            decision, DecisionStatus.WITHDRAWN, reason, by=by, at=at, expected=expected
        )


def reject(
    decision: Decision,
    *,
    reason: str,
    hat: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Say no, and why: to a proposal as who would decide it, to what waits as one of those who must agree."""
    agreements.may_answer(by)
    if not reason.strip():
        raise Invalid({"reason": ["Say why not."]})
    with transaction.atomic():
        engagement, decision = held(decision, by)
        day = local_day(at, engagement.client.time_zone)
        under = decision.hat
        if decision.status == DecisionStatus.PROPOSED:
            taking.taker(engagement, decision.hat, by, day)
        elif decision.status == DecisionStatus.AWAITING:
            asked = agreements.asked_of(decision, engagement, hat, by, at)
            under = asked.hat if asked.asked == Asked.HAT else ""
        else:
            raise NotAwaiting
        decision = agreements.close(
            decision, DecisionStatus.REJECTED, reason, by=by, at=at, expected=expected, hat=under
        )
        asking.tell_no(decision, by=by, at=at)
        return decision


def supersede(decision: Decision, *, by: Actor, at: datetime.datetime, **says: Any) -> Decision:
    """Propose another decision in the place of one in force; both stay, once it is decided, and name each other."""
    said = {"code": decision.code, "hat": decision.hat, **says}
    return propose(decision.engagement, supersedes=decision, by=by, at=at, **said)


def share(
    decision: Decision,
    *,
    client_sees: bool,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    """Let the client's people read it, or no longer; what their sponsor was asked stays theirs to read."""
    access.require(by, "decision", "change")
    with transaction.atomic():
        _, decision = held(decision, by)
        asked = decision.agreements.filter(asked=Asked.CLIENT)
        if not client_sees and asked.exists():
            raise AskedOfClient
        own, said = access.on_own_authority(by), {"client_sees": client_sees}
        return rows.change(decision, said, by=own, at=at, kind="decision.shared", expected=expected)


def held(decision: Decision, by: Actor) -> tuple[Engagement, Decision]:
    """The engagement's lock first: sums over a period hold still behind it."""
    engagement = access.get(by, Engagement, decision.engagement_id, lock=True)
    return engagement, access.get(by, Decision, decision.pk, lock=True)


def _take(
    decision: Decision,
    engagement: Engagement,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Decision:
    access.require(by, "decision", "decide")
    day = local_day(at, engagement.client.time_zone)
    taken = taking.taker(engagement, decision.hat, by, day)
    return _put_forward(decision, engagement, taken, by=by, at=at, moment=at, expected=expected)


def _put_forward(
    decision: Decision,
    engagement: Engagement,
    taken: Taker,
    *,
    by: Actor,
    at: datetime.datetime,
    moment: datetime.datetime,
    said: dict[str, Any] | None = None,
    expected: int | None = None,
) -> Decision:
    hold(engagement, by)
    scorecards.require(decision, engagement)
    named = {"holder": taken.holder, "decider": taken.decider, "deputy": taken.deputy}
    changes = {**(said or {}), **named, "taken_at": moment}
    return agreements.settle(
        decision, engagement, changes, by=by, at=at, moment=moment, expected=expected
    )


def _link(
    decision: Decision,
    engagement: Engagement,
    named: Iterable[dict[str, Any]],
    by: Actor,
    at: datetime.datetime,
) -> None:
    for (kind, id), title in links.resolve(engagement, named, by).items():
        link = DecisionLink(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            decision=decision,
            kind=kind,
            target_id=id,
            title=title[:200],
        )
        rows.add(link, by=by, at=at, kind="decision.linked")


def _successor_of(engagement: Engagement, former: Decision | None, by: Actor) -> Decision | None:
    if former is None:
        return None
    former = access.get(by, Decision, former.pk)
    if former.engagement_id != engagement.pk:
        raise Invalid({"supersedes": ["A decision of this engagement is needed."]})
    if former.status != DecisionStatus.DECIDED:
        raise NotInForce
    return former


def _right(engagement: Engagement, code: str) -> dict[str, Any]:
    charter = taking.charter_of(engagement)
    return {"charter": charter, "right": taking.right_of(charter, code), "code": code}


def _check_elsewhere(
    engagement: Engagement,
    note: str,
    evidence: StoredFile | None,
    day: datetime.date,
    today: datetime.date,
) -> None:
    days.check(said_on=day)
    zone, charter = engagement.client.time_zone, taking.charter_of(engagement)
    wrong: dict[str, list[str]] = {}
    if not note.strip():
        wrong["note"] = ["Say where and how it was decided."]
    if evidence is not None and evidence.client_id != engagement.client_id:
        wrong["evidence"] = ["A file of this client is needed."]
    if day > today:
        wrong["said_on"] = ["Not in the future."]
    elif charter.accepted_at and day < local_day(charter.accepted_at, zone):
        wrong["said_on"] = ["Not before the charter was accepted."]
    if wrong:
        raise Invalid(wrong)


def _require(decision: Decision, status: str, refusal: type[Conflict]) -> None:
    if decision.status != status:
        raise refusal
