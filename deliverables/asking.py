"""Telling whoever the charter asks that a decision waits for them, once, and who decided of a no."""

import datetime
from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from deliverables.models import Agreement, Asked, Decision, DecisionStatus
from engagements import deputies
from engagements.models import Engagement, Wearing
from engagements.wearing import during
from practice import access, agenda_letters, identity, mail, notices
from practice.access import Actor
from practice.agenda import Recipient
from practice.digests import find_place
from practice.models import Contact, Member, Notice
from practice.notices import Letter
from practice.quarters import local_day

AWAITS, REJECTED = "decision_awaits_answer", "decision_rejected"


def ask(decision: Decision, *, by: Actor, at: datetime.datetime) -> None:
    """In the verb's transaction. Whoever just acted needs no letter, and who was asked before gets no second."""
    for row in Agreement.objects.filter(decision=decision, given_at=None):
        for told in _asked(row, decision, at):
            _tell(AWAITS, row.pk, decision, told, by, at)


def tell_no(decision: Decision, *, by: Actor, at: datetime.datetime) -> None:
    """In the transaction of the answer: whoever decided, or put it forward, hears of it."""
    whom = decision.decider or decision.recorder
    if whom.active:
        _tell(REJECTED, decision.pk, decision, _member(whom), by, at)


def awaited(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """To one who is asked, as long as they still see it and it still waits."""
    place = find_place(notice.recipient)
    if place is None:
        return None
    asked = access.visible_to(identity.actor(place, "job"), Agreement).filter(
        pk=notice.subject_id, given_at=None, decision__status=DecisionStatus.AWAITING
    )
    found = asked.select_related("practice", "engagement", "decision__right")
    row = found.defer("practice__logo").first()
    if row is None:
        return None
    under = f" under the {row.hat} hat" if row.asked == Asked.HAT else ""
    return mail.plain(
        f"Your agreement is asked for: decision {row.decision.number}",
        row.practice,
        lines=[
            f"{row.engagement.name}: {row.decision.question}",
            f"By {row.decision.code} of the charter your agreement{under} is needed. "
            "Until everybody who is asked has answered, nothing is decided.",
        ],
        action="Read and answer",
        link=_page(row.decision, place),
    )


def rejected(notice: Notice, _at: datetime.datetime) -> Letter | None:
    """To whoever decided: that it is not agreed to, and why."""
    place = find_place(notice.recipient)
    if place is None:
        return None
    found = access.visible_to(identity.actor(place, "job"), Decision).filter(
        pk=notice.subject_id, status=DecisionStatus.REJECTED
    )
    row = found.select_related("practice", "engagement").defer("practice__logo").first()
    if row is None:
        return None
    return mail.plain(
        f"Rejected: decision {row.number}",
        row.practice,
        lines=[
            f"{row.engagement.name}: {row.question}",
            f"The reason given: {row.closed_reason}",
        ],
        action="Open it",
        link=_page(row, place),
    )


def _asked(agreement: Agreement, decision: Decision, at: datetime.datetime) -> list[Recipient]:
    engagement = decision.engagement
    if agreement.asked == Asked.CLIENT:
        return agenda_letters.sponsors([agreement]).get(agreement.pk, [])
    if agreement.asked == Asked.HAT:
        return [_member(member) for member in _under(engagement, agreement.hat, at)]
    return [_member(member) for member in _second(decision, engagement)]


def _under(engagement: Engagement, hat: str, at: datetime.datetime) -> Iterator[Member]:
    """Who wears the hat, and who stands in for them."""
    day = local_day(at, engagement.client.time_zone)
    worn = Wearing.objects.filter(during(day), engagement=engagement, hat=hat)
    for row in worn.select_related("member__user"):
        yield row.member
    deputy = deputies.standing_in(engagement, hat, day)
    if deputy is not None:
        yield deputy.member


def _second(decision: Decision, engagement: Engagement) -> list[Member]:
    """Anybody else may; who answers for the engagement is asked, else the practice's owners."""
    first = {decision.decider_id, decision.holder_id}
    if engagement.lead_id not in first:
        return [engagement.lead]
    owners = Member.objects.filter(
        practice_id=decision.practice_id, role=access.OWNER, active=True
    ).exclude(pk__in=first)
    return list(owners.select_related("user"))


def _member(member: Member) -> Recipient:
    return Recipient(f"member:{member.pk}", member.user.email)


def _tell(
    kind: str,
    subject_id: UUID,
    decision: Decision,
    told: Recipient,
    by: Actor,
    at: datetime.datetime,
) -> None:
    if told.key == f"{by.kind}:{by.id}":
        return
    notices.ask(
        kind,
        practice_id=decision.practice_id,
        client_id=decision.client_id,
        subject_id=subject_id,
        recipient=told.key,
        address=told.address,
        occurrence="asked" if kind == AWAITS else "rejected",
        at=at,
    )


def _page(decision: Decision, place: Member | Contact) -> str:
    if isinstance(place, Contact):
        return f"{settings.REMIT_URL}{reverse('portal:decision', args=[decision.pk])}"
    return f"{settings.REMIT_URL}/desk/deliverables/decision/{decision.pk}/change/"
