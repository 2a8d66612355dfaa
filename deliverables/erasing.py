"""Forgetting what the log says of somebody: the value and its salt go, the seal stays, and the log says that it was so."""

import datetime
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from deliverables import seals
from deliverables.models import Chain, Opening, SealedEntry
from engagements.models import Engagement
from practice import access, events
from practice.access import Actor
from practice.models import Contact, Member
from practice.refusals import Conflict, Invalid
from practice.registers import Register

# Contributed, by the kind of a sealed row: blots the same values out of the row itself.
Blot = Callable[[UUID, set[str], Actor, datetime.datetime], None]
BLOTS: Register[Blot] = Register("what is blotted out of the row")


class NothingToErase(Conflict):
    code, sentence = "nothing_to_erase", "The log holds nothing of this that could be erased."


def erase(
    log: Chain,
    *,
    reason: str,
    member: Member | None = None,
    contact: Contact | None = None,
    entry: SealedEntry | None = None,
    names: list[str] | None = None,
    by: Actor,
    at: datetime.datetime,
) -> Chain:
    """Erase what is about one person, or named values of one entry. What is left still proves that nothing else went:
    the seals stay, and an entry of its own says which of them can no longer be opened."""
    access.require(by, "log", "erase")
    wanted = _wanted(member, contact, entry, names)
    if not reason.strip():
        raise Invalid({"reason": ["Say why."]})
    with transaction.atomic():
        # First the engagement, as who decides does: they hold a decision before the log, and this one the other way.
        access.get(by, Engagement, log.engagement_id, lock=True)
        log = access.get(by, Chain, log.pk, lock=True)
        found = Opening.objects.filter(
            practice_id=log.practice_id, engagement_id=log.engagement_id, **wanted
        )
        rows = list(
            found.order_by("entry__number", "name").values_list(
                "entry__number", "name", "entry__subject_kind", "entry__subject_id"
            )
        )
        if not rows:
            raise NothingToErase
        found.delete()
        erased = [{"seq": number, "name": name} for number, name, _, _ in rows]
        seals.append(
            engagement=log.engagement,
            kind="log.erased",
            subject=log,
            open={"erased": erased},
            sealed={"reason": reason.strip()},
            by=by,
            at=at,
        )
        events.record("log.erased", by=by, at=at, subject=log, after={"erased": erased})
        _blot(rows, by, at)
    return log


def _wanted(
    member: Member | None,
    contact: Contact | None,
    entry: SealedEntry | None,
    names: list[str] | None,
) -> dict[str, Any]:
    """Of one person, or of one entry."""
    if [member, contact, entry].count(None) != 2 or bool(names) != (entry is not None):
        sentence = "Name one member, one contact, or an entry with the names of its values."
        raise Invalid({"entry": [sentence]})
    if entry is not None:
        return {"entry": entry, "name__in": names}
    if member is not None:
        return {"person_kind": "member", "person_id": member.pk}
    return {"person_kind": "contact", "person_id": contact and contact.pk}


def _blot(rows: list[Any], by: Actor, at: datetime.datetime) -> None:
    named: dict[tuple[str, UUID], set[str]] = defaultdict(set)
    for _, name, kind, id in rows:
        named[kind, id].add(name)
    for (kind, id), names in named.items():
        if kind in BLOTS:
            BLOTS[kind](id, names, by, at)
