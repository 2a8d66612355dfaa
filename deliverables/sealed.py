"""What of a decided entry is sealed: facts in the open, personal and free text as commitments."""

import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from deliverables import links, seals
from deliverables.models import Agreement, Decision
from deliverables.models.decisions import ERASED
from practice import access, rows
from practice.access import Actor

KIND = "decision.decided"


def decided(decision: Decision, *, by: Actor, at: datetime.datetime) -> None:
    """Within the verb's transaction, behind the engagement's lock."""
    seals.append(
        engagement=decision.engagement,
        kind=KIND,
        subject=decision,
        open=opened(decision),
        sealed=committed(decision),
        by=by,
        at=at,
    )


def blot(id: UUID, names: set[str], by: Actor, at: datetime.datetime) -> None:
    """Forget in the row, too, what was erased from the sealed log."""
    changes: dict[str, Any] = {
        name: [] if name == "options" else ERASED for name in Decision.erasable if name in names
    }
    own = access.on_own_authority(by)
    row = access.get(own, Decision, id)
    rows.change(row, changes, by=own, at=at, kind="decision.erased")


def opened(decision: Decision) -> dict[str, Any]:
    """What everybody who holds the log may read."""
    return {
        "number": decision.number,
        "charter": decision.charter.number,
        "charter_sha256": decision.charter.sha256,
        "right": decision.code,
        "hat": str(decision.hat),
        "holder": _id(decision.holder_id),
        "decider": _id(decision.decider_id),
        "deputy": _id(decision.deputy_id),
        "recorder": _id(decision.recorder_id),
        "origin": str(decision.origin),
        "taken_at": _moment(decision.taken_at),
        "decided_at": _moment(decision.decided_at),
        "chosen": decision.chosen,
        "options": len(decision.options),
        "amount": _money(decision.amount),
        "currency": decision.currency,
        "rate": None if decision.rate is None else f"{decision.rate:.8f}",
        "counted_amount": _money(decision.counted_amount),
        "counted_currency": decision.counted_currency,
        "over_limit": decision.over_limit,
        "horizon": str(decision.horizon),
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "supersedes": _id(decision.supersedes_id),
        "links": [{"kind": one["kind"], "id": one["id"]} for one in links.said(decision.pk)],
        "agreements": [
            {
                "asked": str(row.asked),
                "hat": str(row.hat),
                "given_at": _moment(row.given_at),
                "member": _id(row.member_id),
                "contact": _id(row.contact_id),
                "recorded_by": _id(row.recorded_by_id),
            }
            for row in Agreement.objects.filter(decision=decision).order_by("asked", "hat")
        ],
    }


def committed(decision: Decision) -> dict[str, Any]:
    """What may have to be forgotten: words, and the names of people."""
    people = {
        "holder_name": decision.holder,
        "decider_name": decision.decider,
        "recorder_name": decision.recorder,
    }
    return {
        "question": decision.question,
        "context": decision.context,
        "options": decision.options,
        "reason": decision.reason,
        "evidence_note": decision.evidence_note,
        **{name: seals.of(who, str(who)) for name, who in people.items() if who is not None},
    }


def _id(id: Any) -> str | None:
    return str(id) if id is not None else None


def _money(amount: Decimal | None) -> str | None:
    return f"{amount:.2f}" if amount is not None else None


def _moment(at: datetime.datetime | None) -> str | None:
    return at.astimezone(datetime.UTC).isoformat() if at is not None else None
