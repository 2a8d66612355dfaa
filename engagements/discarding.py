"""Throwing away a draft that nobody was shown: the row goes, its event stays. What was put forward stays on record."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from engagements import charters, contracts, dates
from engagements.lifecycle import NotDraft
from engagements.models import (
    Charter,
    ContractVersion,
    Deputy,
    Engagement,
    Expense,
    HatShare,
    Move,
    OfferStatus,
    ReportingLine,
    Right,
    SpendingLimit,
    Stage,
    TimeEntry,
    Wearing,
)
from engagements.moves import MoveSettled
from practice import access, rows
from practice.access import Actor
from practice.models import Event
from practice.models.base import Row
from practice.refusals import Conflict
from practice.registers import Register

# Of an engagement, in the order in which nothing points at what goes any more.
PARTS: tuple[tuple[type[Any], str], ...] = (
    (Deputy, "deputy.discarded"),
    (Wearing, "wearing.discarded"),
    (ReportingLine, "reporting_line.discarded"),
    (Move, "move.discarded"),
    (ContractVersion, "contract.discarded"),
    (HatShare, "hat.discarded"),
)


@dataclass(frozen=True)
class Own:
    """Rows of a draft that go with it, and the event that says so."""

    model: type[Any]
    event: str


# Contributed: what else belongs to a draft and to nothing beside it.
OWN: Register[Own] = Register("what goes with a draft")


class WasShown(Conflict):
    code = "was_put_forward"
    sentence = "This was put before the client once, and so it stays on record."


class InUse(Conflict):
    code, sentence = "draft_in_use", "Something rests on this draft already."


def engagement(
    engagement: Engagement, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Throw away a draft that was never proposed, with the hats, moves and drafts that belong to it."""
    access.require(by, "engagement", "change")
    with transaction.atomic():
        row = access.get(by, Engagement, engagement.pk, lock=True)
        if row.status != Engagement.Status.DRAFT:
            raise NotDraft("Only a draft can be thrown away; one that was proposed is withdrawn.")
        _require_unseen(row)
        _require_free(row)
        own = access.on_own_authority(by)
        dates.cancel(row, at=at)
        for charter in Charter.objects.filter(engagement=row):
            _remove_charter(charter, own, at)
        for model, kind in (*((OWN[key].model, OWN[key].event) for key in OWN), *PARTS):
            for part in model.objects.filter(engagement=row).order_by("-id"):
                _remove(part, own, at, kind)
        _remove(row, own, at, "engagement.discarded", expected)


def move(move: Move, *, by: Actor, at: datetime.datetime, expected: int | None = None) -> None:
    """Throw away a suggestion, or a move of a draft that the client has never seen."""
    access.require(by, "move", "change")
    with transaction.atomic():
        engagement = access.get(by, Engagement, move.engagement_id, lock=True)
        row = access.get(by, Move, move.pk, lock=True)
        if row.status != Move.Status.SUGGESTED:
            if engagement.status != Engagement.Status.DRAFT:
                raise WasShown
            _require_unseen(engagement)
            if row.accepted_at is not None:
                raise MoveSettled
        _remove(row, by, at, "move.discarded", expected)


def contract(
    version: ContractVersion, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Throw away a version that was never offered."""
    access.require(by, "contract", "change")
    with transaction.atomic():
        access.get(by, Engagement, version.engagement_id, lock=True)
        row = access.get(by, ContractVersion, version.pk, lock=True)
        if row.status != OfferStatus.DRAFT:
            raise contracts.ContractNotDraft("Only a draft can be thrown away; withdraw it.")
        _remove(row, by, at, "contract.discarded", expected)


def charter(
    charter: Charter, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Throw away a version that was never offered, with its rights and limits."""
    access.require(by, "charter", "change")
    with transaction.atomic():
        _remove_charter(charters.lock_draft(charter, by), by, at, expected)


def _remove_charter(
    row: Charter, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    # One entry of the log speaks for them, as when they came with the draft.
    Right.objects.filter(charter=row).delete()
    SpendingLimit.objects.filter(charter=row).delete()
    _remove(row, by, at, "charter.discarded", expected)


def _remove(
    row: Row, by: Actor, at: datetime.datetime, kind: str, expected: int | None = None
) -> None:
    try:
        rows.remove(row, by=by, at=at, kind=kind, expected=expected)
    except ProtectedError as held:
        names = sorted({str(one._meta.verbose_name) for one in held.protected_objects})
        raise InUse(
            missing=[{"key": name, "what": f"A {name} names it."} for name in names]
        ) from held


def _require_unseen(row: Engagement) -> None:
    """Withdrawn is a draft again, but the client has seen it."""
    proposed = Event.objects.filter(
        practice_id=row.practice_id, subject_id=row.pk, kind="engagement.proposed"
    )
    if proposed.exists():
        raise WasShown


def _require_free(row: Engagement) -> None:
    """What somebody did, spent or agreed to is no draft's own."""
    own = {"practice_id": row.practice_id, "engagement": row}
    accepted = {**own, "accepted_at__isnull": False}
    offered = Charter.objects.filter(**own).exclude(status=OfferStatus.DRAFT)
    found = {
        "stage": Stage.objects.filter(**own),
        "time": TimeEntry.objects.filter(**own),
        "expense": Expense.objects.filter(**own),
        "move": Move.objects.filter(**accepted),
        "deputy": Deputy.objects.filter(**accepted),
        "contract": ContractVersion.objects.filter(**own).exclude(status=OfferStatus.DRAFT),
        "charter": offered,
    }
    held = [{"key": key, "what": SAID[key]} for key, there in found.items() if there.exists()]
    if held:
        raise InUse(missing=held)


SAID = {
    "stage": "A stage of it has begun.",
    "time": "Time is noted on it.",
    "expense": "An expense is noted on it.",
    "move": "The sponsor agreed to its first stage.",
    "deputy": "The sponsor agreed to a deputy.",
    "contract": "A contract was offered.",
    "charter": "A charter was offered.",
}
