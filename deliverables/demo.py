"""What the demo tells of decisions: a log of two hats, with one beyond its limit and two that stand side by side.
Under one of them a risk is taken on. What it tells of deliverables stands in demo_owed.py."""

import datetime
from decimal import Decimal
from typing import Any

from assessments import risks
from assessments.models import Risk
from deliverables import agreements, decisions, demo_board, demo_owed, reviews, scorecards
from deliverables.demo_stories import ACCEPTED, LOG, Told
from deliverables.models import Decision
from engagements import demo, radar_clock
from engagements.models import Engagement
from practice import access, identity
from practice.demo.dates import ago
from practice.models import Contact, Member

Moment = datetime.datetime
demo.DELIVERS.add("deliverables", demo_owed.delivered)


def tell(owner: Member, team: dict[str, Member], at: Moment) -> None:
    named: dict[str, Decision] = {}
    for told in sorted(LOG, key=lambda told: -told.ago):
        engagement = Engagement.objects.select_related("client").get(
            practice_id=owner.practice_id, client__name=told.client, name=told.engagement
        )
        teller = Teller(engagement, team[told.by], at)
        named[told.question] = teller.tell(told, named)
    _accepted(owner, named, at)
    demo_owed.tell(owner, at)
    demo_board.tell(owner, at)
    radar_clock.look(owner.practice_id, access.system(owner.practice_id), at)


def _accepted(owner: Member, named: dict[str, Decision], at: Moment) -> None:
    """The risk that was taken on by the decision of who answers for the model."""
    question, title, days = ACCEPTED
    risk = Risk.objects.get(practice_id=owner.practice_id, title=title)
    by = identity.actor(owner, "import")
    risks.accept(risk, decision=named[question].pk, by=by, at=ago(at, days))


class Teller:
    def __init__(self, engagement: Engagement, member: Member, now: Moment) -> None:
        self.engagement, self.now = engagement, now
        self.by = identity.actor(member, "import")
        self.sponsor = Contact.objects.get(client=engagement.client, role="sponsor")

    def tell(self, told: Told, named: dict[str, Decision]) -> Decision:
        decision = decisions.propose(
            self.engagement,
            code=told.code,
            hat=told.hat,
            question=told.question,
            context=told.context,
            options=[{"label": label, "note": note} for label, note in told.options],
            chosen=told.chosen,
            reason=told.reason,
            supersedes=named.get(told.instead_of),
            client_sees=told.shown,
            **self.dated(told),
            **self.money(told),
            **self.how(told.ago),
        )
        for hat, (impact, feasibility) in told.scores.items():
            scorecards.score(
                decision, hat=hat, impact=impact, feasibility=feasibility, **self.how(told.ago)
            )
        if told.taken:
            decision = decisions.decide(decision, **self.how(told.ago))
        decision = self.answered(decision, told)
        if told.reviewed:
            days = told.reviewed[0]
            decision = reviews.review(decision, note=told.reviewed[1], **self.how(days))
        return decision

    def answered(self, decision: Decision, told: Told) -> Decision:
        days = max(told.ago - 1, 0)
        for hat in told.agreed:
            decision = agreements.agree(decision, hat=hat, **self.how(days))
        sponsor = identity.actor(self.sponsor, "import")
        if told.client_agrees:
            decision = agreements.agree(decision, by=sponsor, at=self.ago(days))
        if told.refused:
            decision = decisions.reject(
                decision, reason=told.refused, by=sponsor, at=self.ago(days)
            )
        return decision

    def dated(self, told: Told) -> dict[str, Any]:
        day = self.ago(told.ago).date()
        after = datetime.timedelta(days=told.review_after)
        return {
            "horizon": told.horizon,
            "review_on": day + after if told.review_after else None,
            "spend_on": day + datetime.timedelta(days=told.spent_after) if told.amount else None,
        }

    def money(self, told: Told) -> dict[str, Any]:
        if not told.amount:
            return {}
        found: dict[str, Any] = {"amount": Decimal(told.amount), "currency": told.currency}
        if told.rate:
            on = self.ago(told.ago).date()
            found |= {"rate": Decimal(told.rate), "rate_on": on, "rate_source": "ECB"}
        return found

    def how(self, days: int) -> dict[str, Any]:
        return {"by": self.by, "at": self.ago(days)}

    def ago(self, days: int) -> Moment:
        return ago(self.now, days)
