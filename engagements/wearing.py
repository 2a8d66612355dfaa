"""Who wears which hat of an engagement, from when until when. A change ends one stretch and begins the next."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from engagements import gate
from engagements.models import Engagement, HatShare, Wearing
from practice import access, assignments, rows
from practice.access import Actor
from practice.models import Assignment, Client, Member
from practice.quarters import end_of_day
from practice.refusals import Conflict, Invalid
from practice.registers import Register

Worn = dict[str, UUID]
Follow = Callable[..., None]
TOGETHER = ("CTO", "CAIO")
# Contributed: what follows when other people wear the hats, called as f(engagement, by=…, at=…) in the verb's transaction.
FOLLOWS: Register[Follow] = Register("what follows a change of hats")


class EngagementEnded(Conflict):
    code, sentence = "engagement_ended", "This engagement has ended."


class WornBeforeThen(Conflict):
    code = "worn_before_then"
    sentence = "Somebody wears this hat on that day already, or put it on later than that."


class WornAlready(Conflict):
    code, sentence = "worn_already", "This member wears this hat already."


class TakenOff(Conflict):
    code, sentence = "taken_off_already", "This stretch has ended already."


def during(day: datetime.date) -> Q:
    """Stretches that cover a day: from the first, until the day the next begins."""
    return Q(since_on__lte=day) & (Q(until_on=None) | Q(until_on__gt=day))


def worn(engagements: Iterable[UUID], day: datetime.date) -> dict[UUID, Worn]:
    """Who wears what on that day, of many engagements in one statement."""
    found: dict[UUID, Worn] = defaultdict(dict)
    stretches = Wearing.objects.filter(during(day), engagement_id__in=list(engagements))
    for id, hat, member in stretches.values_list("engagement_id", "hat", "member_id"):
        found[id][hat] = member
    return found


def worn_on(engagement: Engagement, day: datetime.date) -> Worn:
    return worn([engagement.pk], day).get(engagement.pk, {})


def combined(worn: Worn) -> bool:
    """One person as both CTO and CAIO."""
    holders = {worn.get(hat) for hat in TOGETHER}
    return len(holders) == 1 and None not in holders


def is_combined(engagement: Engagement, day: datetime.date) -> bool:
    return combined(worn_on(engagement, day))


def wear(
    engagement: Engagement,
    *,
    hat: str,
    member: Member,
    since_on: datetime.date,
    depth_evidence: str = "",
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Wearing:
    """Say who wears a hat from a day on; whoever wore it before takes it off that day.

    The member is assigned to the client under that hat if they were not; `reason` is for one who serves a competitor.
    """
    access.require(by, "wearing", "add")
    with transaction.atomic():
        engagement = hold(engagement, by)
        if not HatShare.objects.filter(engagement=engagement, hat=hat).exists():
            raise Invalid({"hat": ["This hat is not part of the engagement."]})
        before = is_combined(engagement, since_on)
        _end_former(engagement, hat, member, since_on, by, at)
        wearing = Wearing(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            hat=hat,
            member=member,
            since_on=since_on,
            depth_evidence=depth_evidence.strip(),
        )
        bring_in(engagement, member, hat, reason=reason, by=by, at=at)
        rows.add(wearing, by=by, at=at, kind="wearing.begun")
        _require_gate(engagement, before, since_on, at)
        _follow(engagement, by, at)
    return wearing


def note_depth(
    wearing: Wearing,
    *,
    depth_evidence: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Wearing:
    """Put down what shows this person's depth with AI in production."""
    access.require(by, "wearing", "change")
    with transaction.atomic():
        hold(wearing.engagement, by)
        changes = {"depth_evidence": depth_evidence.strip()}
        return rows.change(
            wearing, changes, by=by, at=at, kind="wearing.depth_noted", expected=expected
        )


def take_off(
    wearing: Wearing,
    *,
    until_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Wearing:
    """Nobody wears the hat from this day on, until somebody is named."""
    access.require(by, "wearing", "change")
    with transaction.atomic():
        engagement = hold(wearing.engagement, by)
        wearing = access.get(by, Wearing, wearing.pk, lock=True)
        if wearing.until_on is not None:
            raise TakenOff
        if until_on < wearing.since_on:
            raise Invalid({"until_on": ["Not before the day it was put on."]})
        changes = {"until_on": until_on}
        wearing = rows.change(
            wearing, changes, by=by, at=at, kind="wearing.ended", expected=expected
        )
        _follow(engagement, by, at)
    return wearing


def bring_in(
    engagement: Engagement,
    member: Member,
    hat: str,
    *,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
) -> None:
    """Who works under a hat is active, and assigned to the client under it."""
    if not access.visible_to(by, Member).filter(pk=member.pk, active=True).exists():
        raise Invalid({"member": ["An active member of the practice is needed."]})
    there = Assignment.objects.filter(client_id=engagement.client_id, member=member, hat=hat)
    if not there.exists():
        client = access.get(by, Client, engagement.client_id)
        # It follows from the hat that they were given; assigning at will is the owner's.
        behalf = access.on_own_authority(by)
        assignments.assign(client, member=member, hat=hat, reason=reason, by=behalf, at=at)


def _follow(engagement: Engagement, by: Actor, at: datetime.datetime) -> None:
    for key in FOLLOWS:
        FOLLOWS[key](engagement, by=by, at=at)


def hold(engagement: Engagement, by: Actor) -> Engagement:
    """The engagement, held until the transaction ends; one that has ended takes no more people."""
    engagement = access.get(by, Engagement, engagement.pk, lock=True)
    if engagement.status == Engagement.Status.ENDED:
        raise EngagementEnded
    return engagement


def _end_former(
    engagement: Engagement,
    hat: str,
    member: Member,
    since_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
) -> None:
    stretches = Wearing.objects.filter(engagement=engagement, hat=hat)
    present = stretches.filter(until_on=None).first()
    # A stretch that ended the day it began covers no day, and so stands in nobody's way.
    later = stretches.filter(until_on__gt=since_on, since_on__lt=F("until_on"))
    if later.exists() or (present is not None and since_on < present.since_on):
        raise WornBeforeThen
    if present is None:
        return
    if present.member_id == member.pk:
        raise WornAlready
    rows.change(present, {"until_on": since_on}, by=by, at=at, kind="wearing.ended")


def _require_gate(
    engagement: Engagement, before: bool, day: datetime.date, at: datetime.datetime
) -> None:
    """Under way, both hats come to one person only through the gate (S2-D6)."""
    under_way = engagement.status in (Engagement.Status.ACTIVE, Engagement.Status.PAUSED)
    if under_way and not before and is_combined(engagement, day):
        # Asked as of the day it begins to be so, where that is still to come.
        gate.require_met(engagement, max(at, end_of_day(day, engagement.client.time_zone)))
