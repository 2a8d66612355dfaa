"""Who may take a decision under a hat on a day, and whether the charter lets that hat. Reads only, within a verb."""

import datetime
from dataclasses import dataclass

from deliverables import limits, rights_check
from deliverables.models import Decision
from deliverables.rights_check import Says, Spending, Verdict
from engagements import charters, deputies, rights
from engagements.models import Charter, Deputy, Engagement, Right, Wearing
from engagements.wearing import during
from practice.access import Actor
from practice.models import ApiKey, Member
from practice.quarters import local_day
from practice.refusals import Conflict, Invalid


class NoCharter(Conflict):
    code = "no_charter"
    sentence = "No charter is accepted here, so nobody has a right to decide yet."


class RightNotHeld(Conflict):
    code, sentence = "right_not_held", "This hat does not hold that right."


class HatNotWorn(Conflict):
    code, sentence = "hat_not_worn", "Nobody wears this hat on that day."


class NotTheHolder(Conflict):
    code = "not_the_holder"
    sentence = "Only who wears this hat, or their deputy, can do this."


@dataclass(frozen=True)
class Taker:
    """Who takes a decision: the one who wears the hat, or in their place a deputy."""

    holder: Member
    deputy: Deputy | None = None

    @property
    def decider(self) -> Member:
        return self.deputy.member if self.deputy else self.holder


def charter_of(engagement: Engagement) -> Charter:
    charter = charters.in_force(engagement)
    if charter is None:
        raise NoCharter
    return charter


def right_of(charter: Charter, code: str) -> Right:
    right = Right.objects.filter(charter=charter, code=code).first()
    if right is None:
        raise Invalid({"code": ["The charter has no such right."]})
    return right


def says(right: Right) -> Says:
    cells = {name: getattr(right, name) for name in rights.CELLS}
    return Says(right.code, cells, right.each_own, right.second_person)


def judge(
    engagement: Engagement,
    right: Right,
    decision: Decision,
    moment: datetime.datetime,
    *,
    deputy: Deputy | None = None,
) -> Verdict:
    """What the charter in force says to the decision as it stands; refused where its hat does not hold the right."""
    hats = charters.hats_of(engagement)
    if decision.hat not in hats:
        raise Invalid({"hat": ["This hat is not part of the engagement."]})
    limit, spent = limits.of(
        engagement, decision.hat, moment, deputy=deputy, besides=decision.supersedes
    )
    spending = None
    if decision.amount is not None:
        spending = Spending(decision.amount, decision.currency, decision.rate, spent)
    verdict = rights_check.check(
        says(right), hat=decision.hat, hats=hats, limit=limit, spending=spending
    )
    if not verdict.held:
        day = local_day(moment, engagement.client.time_zone)
        raise RightNotHeld(
            told(right, verdict.holders, engagement, day), holders=list(verdict.holders)
        )
    return verdict


def told(right: Right, holders: tuple[str, ...], engagement: Engagement, day: datetime.date) -> str:
    """Whose right it is, in a sentence that names them."""
    if not holders:
        return f"By the charter nobody decides {right.code} ({right.label})."
    worn = Wearing.objects.filter(during(day), engagement=engagement, hat__in=holders)
    names = {row.hat: str(row.member) for row in worn.select_related("member__user")}
    named = [
        "the client" if holder == rights_check.SPONSOR else _with_name(holder, names)
        for holder in holders
    ]
    return f"{right.code} ({right.label}) is decided by {' or '.join(named)}, not by this hat."


def holder_on(engagement: Engagement, hat: str, day: datetime.date) -> Member:
    worn = Wearing.objects.filter(during(day), engagement=engagement, hat=hat)
    found = worn.select_related("member__user").order_by("since_on").last()
    if found is None:
        raise HatNotWorn
    return found.member


def taker(engagement: Engagement, hat: str, by: Actor, day: datetime.date) -> Taker:
    """Who acts, as the hat's holder or the deputy that stands in for them; nobody else."""
    holder = holder_on(engagement, hat, day)
    if by.kind == "member" and by.id == holder.pk:
        return Taker(holder)
    deputy = deputies.standing_in(engagement, hat, day)
    if deputy is not None and by.kind == "member" and by.id == deputy.member_id:
        return Taker(holder, deputy)
    raise NotTheHolder(f"{holder} wears the {hat} hat; only they, or their deputy, can do this.")


def taker_elsewhere(
    engagement: Engagement, hat: str, member: Member | None, day: datetime.date
) -> Taker:
    """Who took it on a day, by somebody else's word: the holder, or the deputy where they are named."""
    holder = holder_on(engagement, hat, day)
    if member is None or member.pk == holder.pk:
        return Taker(holder)
    deputy = deputies.standing_in(engagement, hat, day)
    if deputy is None or deputy.member_id != member.pk:
        raise Invalid({"decider": ["They neither wore the hat that day nor stood in for it."]})
    return Taker(holder, deputy)


def recorder_of(engagement: Engagement, by: Actor) -> Member:
    """Who writes it down: the person; for a key who made it, else the engagement's lead."""
    if by.kind == "member" and by.id:
        return Member.objects.get(pk=by.id)
    key = ApiKey.objects.filter(pk=by.id).first() if by.id else None
    return (key and key.created_by) or engagement.lead


def _with_name(hat: str, names: dict[str, str]) -> str:
    return f"the {hat} hat ({names[hat]})" if hat in names else f"the {hat} hat, which nobody wears"
