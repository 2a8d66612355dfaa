"""How an entry becomes a hash, and what is said of heads and keys. Pure; verify_log.py knows the same by itself."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deliverables import canonical

ENTRY, HEAD, FEED, KEY = "remit-log/1", "remit-head/1", "remit-heads/1", "remit-key/1"
START = "0" * 64
Moment = datetime.datetime


@dataclass(frozen=True)
class Link:
    """Where an entry stands: its number and what it follows."""

    log: UUID
    seq: int
    at: Moment
    previous: str


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: Moment) -> str:
    """Always with six digits, in UTC: as exact as both databases keep it."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commitment(name: str, salt: str, value: Any) -> str:
    """Binds to the value and tells nothing of it to whoever lacks the salt."""
    return sha256(canonical.text([name, salt, value]))


def body(
    *,
    kind: str,
    subject: tuple[str, UUID],
    by: tuple[str, UUID | None],
    salt: str,
    open: dict[str, Any],
    sealed: dict[str, str],
) -> str:
    """What an entry says. The salt keeps a body that is not shown from being guessed by its hash."""
    return canonical.text(
        {
            "kind": kind,
            "subject": {"kind": subject[0], "id": str(subject[1])},
            "by": {"kind": by[0], "id": str(by[1]) if by[1] else None},
            "salt": salt,
            "open": open,
            "sealed": sealed,
        }
    )


def entry(link: Link, body_hash: str) -> str:
    """The hash of an entry: of its place, and of its body by its hash alone, so that a body can be kept back."""
    header = {
        "format": ENTRY,
        "log": str(link.log),
        "seq": link.seq,
        "at": moment(link.at),
        "previous": link.previous,
        "body": body_hash,
    }
    return sha256(canonical.text(header))


def head(*, log: UUID, seq: int, hash: str, at: Moment, key: str) -> str:
    return canonical.text(
        {"format": HEAD, "log": str(log), "seq": seq, "hash": hash, "at": moment(at), "key": key}
    )


def feed(
    *,
    practice: UUID,
    number: int,
    on: datetime.date,
    at: Moment,
    heads: list[str],
    previous: str,
    key: str,
) -> str:
    """A day's heads by their hashes alone: it tells nobody whose logs they are, nor how long."""
    return canonical.text(
        {
            "format": FEED,
            "practice": str(practice),
            "number": number,
            "on": on.isoformat(),
            "at": moment(at),
            "heads": sorted(heads),
            "previous": previous,
            "key": key,
        }
    )


def introduction(*, practice: UUID, key: str, previous: str, at: Moment) -> str:
    return canonical.text(
        {
            "format": KEY,
            "practice": str(practice),
            "key": key,
            "previous": previous,
            "at": moment(at),
        }
    )
