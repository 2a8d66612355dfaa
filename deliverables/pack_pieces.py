"""What is in packs: each piece with the deliverable that fills it, or what is missing, whose it is and when it is due.
Read only; two statements, however many packs."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from deliverables import catalogue
from deliverables.models import (
    Deliverable,
    DeliverableStatus,
    DeliverableVersion,
    OwnKind,
    Pack,
)
from practice import access
from practice.access import Actor
from practice.models import Member

Status = DeliverableStatus
# What is missing where nothing was accepted yet, by how far it is. For the practice's own people.
MISSING = {
    Status.PLANNED: "Planned, not begun.",
    Status.IN_PROGRESS: "Is being written.",
    Status.IN_REVIEW: "Waits for internal review.",
    Status.REVIEWED: "Reviewed, not released yet.",
    Status.RELEASED: "Waits for the client's answer.",
    Status.CHANGES_REQUESTED: "The client asked for changes.",
    Status.REJECTED: "The client rejected it.",
    Status.DROPPED: "Was dropped from the plan.",
}
Best = dict[tuple[UUID, str], Deliverable]
Known = dict[tuple[UUID, str], tuple[str, tuple[str, ...]]]
NOT_PLANNED = "Not planned in this engagement."


@dataclass(frozen=True)
class Piece:
    """One place of a pack, and what fills it."""

    place: int
    code: str
    kind: str
    """The title of its kind."""
    hats: tuple[str, ...]
    deliverable: Deliverable | None

    @property
    def accepted(self) -> DeliverableVersion | None:
        return self.deliverable.accepted if self.deliverable else None

    @property
    def accepted_at(self) -> datetime.datetime | None:
        return self.deliverable.accepted_at if self.deliverable else None

    @property
    def title(self) -> str:
        return self.deliverable.title if self.deliverable else self.kind

    @property
    def hat(self) -> str:
        return self.deliverable.hat if self.deliverable else ""

    @property
    def owner(self) -> Member | None:
        """Whose it is to do; the engagement's lead where nobody is named."""
        row = self.deliverable
        return (row.owner or row.engagement.lead) if row else None

    @property
    def due_on(self) -> datetime.date | None:
        return self.deliverable.due_on if self.deliverable else None

    @property
    def missing(self) -> str:
        """What it waits for; nothing where a version was accepted."""
        if self.accepted is not None:
            return ""
        return MISSING[Status(self.deliverable.status)] if self.deliverable else NOT_PLANNED

    @property
    def rewritten(self) -> bool:
        """A newer version than the accepted one is on its way; until it is accepted, the older one counts."""
        row = self.deliverable
        return bool(row and row.accepted_id and row.latest_id != row.accepted_id)


@dataclass(frozen=True)
class Filled:
    """A pack with its pieces in reading order."""

    pack: Pack
    pieces: list[Piece]

    @cached_property
    def accepted(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.accepted is not None]

    @cached_property
    def missing(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.accepted is None]

    @property
    def complete(self) -> bool:
        return not self.missing


def of(pack: Pack, *, by: Actor) -> Filled:
    return of_all([pack], by=by)[0]


def of_all(packs: Iterable[Pack], *, by: Actor) -> list[Filled]:
    """Each pack as it is filled now, as far as this actor sees deliverables."""
    wanted = list(packs)
    codes = {code for pack in wanted for code in pack.pieces}
    best = _best(wanted, codes, by)
    known = _kinds(wanted, codes)
    return [
        Filled(
            pack,
            [
                _place(pack, place, code, known, best)
                for place, code in enumerate(pack.pieces, start=1)
            ],
        )
        for pack in wanted
    ]


def _place(pack: Pack, place: int, code: str, known: Known, best: Best) -> Piece:
    title, hats = known.get((pack.practice_id, code), (code, ()))
    return Piece(place, code, title, hats, best.get((pack.engagement_id, code)))


def told(filled: Filled) -> dict[str, Any]:
    """The same as data, for software."""
    return {
        "complete": filled.complete,
        "accepted": len(filled.accepted),
        "pieces": [_piece(piece) for piece in filled.pieces],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    row, version = piece.deliverable, piece.accepted
    return {
        "code": piece.code,
        "kind": piece.kind,
        "deliverable": row and row.pk,
        "title": piece.title,
        "hat": piece.hat or None,
        "status": row and row.status,
        "version": version and version.pk,
        "version_number": version and version.number,
        "sha256": version and version.sha256,
        "accepted_at": piece.accepted_at,
        "rewritten": piece.rewritten,
        "missing": piece.missing,
        "owner": piece.owner and piece.owner.pk,
        "owner_name": piece.owner and piece.owner.user.name,
        "due_on": piece.due_on,
    }


def _best(packs: list[Pack], codes: set[str], by: Actor) -> Best:
    found = (
        access.visible_to(by, Deliverable)
        .filter(engagement__in={pack.engagement_id for pack in packs}, code__in=codes)
        .select_related("accepted", "owner__user", "engagement__lead__user")
        # Megabytes of text, of which nothing is said here.
        .defer("accepted__text")
    )
    best: Best = {}
    for row in sorted(found, key=_rank):
        best[row.engagement_id, row.code] = row
    return best


def _rank(row: Deliverable) -> tuple[Any, ...]:
    """Of several of one kind the one accepted last counts; else the newest that is still owed."""
    since = row.accepted_at.timestamp() if row.accepted_at else 0
    return (row.accepted_id is not None, since, row.status != Status.DROPPED, row.number)


def _kinds(packs: list[Pack], codes: set[str]) -> Known:
    known = catalogue.kinds()
    houses = {pack.practice_id for pack in packs}
    found = {
        (house, code): (known[code].title, known[code].hats)
        for house in houses
        for code in codes
        if code in known
    }
    own = codes - set(known)
    if own:
        for kind in OwnKind.objects.filter(practice__in=houses, code__in=own).defer("text"):
            found[kind.practice_id, kind.code] = (kind.title, (kind.hat,))
    return found
