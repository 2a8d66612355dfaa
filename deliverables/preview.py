"""What would become of a decision, told before it is written: whose right it is, who is asked, what is left to spend."""

import datetime
from decimal import Decimal
from typing import Any

from deliverables import limits, rights_check, scorecards, taking
from deliverables.models import Decision
from deliverables.rights_check import Spending
from engagements import charters, deputies
from engagements.models import Engagement
from practice import access
from practice.access import Actor
from practice.quarters import local_day
from practice.refusals import Invalid

DECIDED, AWAITING, REFUSED = "decided", "awaiting", "refused"


def of(
    engagement: Engagement,
    *,
    code: str,
    hat: str,
    amount: Decimal | None = None,
    currency: str = "",
    rate: Decimal | None = None,
    supersedes: Decision | None = None,
    by: Actor,
    at: datetime.datetime,
) -> dict[str, Any]:
    """The same rules as the verbs; nothing is written. Refused only where there is no charter or no such right."""
    access.require(by, "decision", "add")
    charter = taking.charter_of(engagement)
    right, hats = taking.right_of(charter, code), charters.hats_of(engagement)
    if hat not in hats:
        raise Invalid({"hat": ["This hat is not part of the engagement."]})
    day = local_day(at, engagement.client.time_zone)
    deputy = deputies.standing_in(engagement, hat, day)
    deputy = deputy if deputy is not None and deputy.member_id == by.id else None
    limit, spent = limits.of(engagement, hat, at, deputy=deputy, besides=supersedes)
    spending = Spending(amount, currency, rate, spent) if amount is not None else None
    verdict = rights_check.check(
        taking.says(right), hat=hat, hats=hats, limit=limit, spending=spending
    )
    state = (AWAITING if verdict.asks else DECIDED) if verdict.held else REFUSED
    return {
        "state": state,
        "right": code,
        "label": right.label,
        "holders": list(verdict.holders),
        "sentence": _sentence(state, right, verdict, engagement, day),
        "asks": [{"asked": a.asked, "hat": a.hat, "why": a.why} for a in verdict.asks],
        "over_limit": verdict.over_limit,
        "counted": verdict.counted,
        "spent": spent,
        "per_decision": limit.per_decision if limit else None,
        "per_period": limit.per_period if limit else None,
        "limit_currency": limit.currency if limit else "",
        "scores": scorecards.scoring(hats) if code in scorecards.scorecard().rights else [],
    }


def _sentence(
    state: str,
    right: Any,
    verdict: rights_check.Verdict,
    engagement: Engagement,
    day: datetime.date,
) -> str:
    if state == REFUSED:
        return taking.told(right, verdict.holders, engagement, day)
    if state == DECIDED:
        return f"{right.code} ({right.label}) is this hat's to decide; nobody else has to agree."
    whom = [rights_check.named(ask) for ask in verdict.asks]
    return f"{right.code} ({right.label}) waits for the agreement of {' and '.join(whom)}."
