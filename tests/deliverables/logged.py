"""Plain factory functions for the decision log: a charter in force, and a decision of any state."""

import datetime
from decimal import Decimal
from typing import Any

from deliverables import decisions
from deliverables.models import Decision
from engagements import charter_rights, charters
from engagements.models import Charter, Engagement
from practice.models import Contact, Member
from tests import make
from tests.cast import Cast
from tests.make import NOW

LIMIT: dict[str, Any] = {
    "per_decision": Decimal("5000.00"),
    "per_period": Decimal("12000.00"),
    "period": "quarter",
    "currency": "EUR",
}
SAYS: dict[str, Any] = {
    "question": "Which gateway do we use?",
    "context": "Three teams call models on their own.",
    "options": [{"label": "Buy one"}, {"label": "Build one", "note": "Two months."}],
    "chosen": 1,
    "reason": "Time matters more than fit.",
}


def charter(
    cast: Cast,
    engagement: Engagement,
    *,
    rights: dict[str, dict[str, Any]] | None = None,
    limit: dict[str, Any] | None = None,
    at: datetime.datetime = NOW,
    lead: Member | None = None,
    sponsor: Contact | None = None,
) -> Charter:
    """The catalogue with a limit for every hat, changed where said, accepted by Priya."""
    by = make.actor(lead or cast.ada)
    row = charters.draft(engagement, by=by, at=at)
    for code, cells in (rights or {}).items():
        charter_rights.set_right(row, code, by=by, at=at, **cells)
    for hat in charters.hats_of(engagement):
        charter_rights.set_limit(row, hat=hat, by=by, at=at, **LIMIT | (limit or {}))
    row = charters.offer(row, by=by, at=at)
    return charters.accept(row, sha256=row.sha256, by=make.actor(sponsor or cast.priya), at=at)


def decision(
    engagement: Engagement,
    by: Member,
    *,
    code: str = "DR-06",
    hat: str = "CTO",
    decide: bool = True,
    at: datetime.datetime = NOW,
    **says: Any,
) -> Decision:
    """Build or buy outside AI: the CTO's alone, without an amount. So it is decided at once."""
    return decisions.propose(
        engagement, code=code, hat=hat, decide=decide, by=make.actor(by), at=at, **SAYS | says
    )
