"""Sealing: what was decided becomes an entry of its engagement's log, in the transaction that decides it."""

import datetime
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from deliverables import anchors, canonical, chain
from deliverables.canonical import NotCanonical
from deliverables.chain import Link
from deliverables.models import Chain, Opening, SealedEntry
from engagements.models import Engagement
from practice.access import Actor
from practice.models import Contact, Member

__all__ = ["About", "NotCanonical", "append", "lock", "of"]
SALT_BYTES = 32


@dataclass(frozen=True)
class About:
    """A value that is about one person, and goes when they are erased."""

    person: Member | Contact
    value: Any


def of(person: Member | Contact, value: Any) -> About:
    return About(person, value)


def append(
    *,
    engagement: Engagement,
    kind: str,
    subject: models.Model,
    open: dict[str, Any],
    sealed: dict[str, Any],
    by: Actor,
    at: datetime.datetime,
) -> SealedEntry:
    """Write the next entry. `open` is for ever: ids, words of ours, sums and dates. Names and free text go into
    `sealed`, from where they can be erased; what is empty is left out."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{kind} would be sealed outside the transaction of what it seals")
    log = lock(engagement, at=at)
    values = {name: value for name, value in sealed.items() if _said(value) not in (None, "", [])}
    salts = {name: secrets.token_hex(SALT_BYTES) for name in values}
    body = chain.body(
        kind=kind,
        subject=(subject._meta.model_name or "", subject.pk),
        by=(by.kind, by.id),
        salt=secrets.token_hex(SALT_BYTES),
        open=open,
        sealed={n: chain.commitment(n, salts[n], _said(value)) for n, value in values.items()},
    )
    previous = log.head or chain.START
    link = Link(engagement.pk, log.length + 1, at, previous)
    whose = _whose(engagement)
    entry = SealedEntry.objects.create(
        **whose,
        created_at=at,
        number=link.seq,
        sealed_at=at,
        previous=previous,
        hash=chain.entry(link, chain.sha256(body)),
        body=body,
        kind=kind,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
    )
    Opening.objects.bulk_create(
        Opening(
            **whose,
            created_at=at,
            entry=entry,
            name=name,
            salt=salts[name],
            value=canonical.text(_said(value)),
            **_person(value),
        )
        for name, value in values.items()
    )
    log.length, log.head, log.version = link.seq, entry.hash, log.version + 1
    log.save(update_fields=["length", "head", "version"])
    return entry


def lock(engagement: Engagement, *, at: datetime.datetime) -> Chain:
    """The log's row, held until the transaction ends: one entry after the other, so that there are no gaps."""
    log, made = Chain.objects.select_for_update(of=("self",)).get_or_create(
        practice_id=engagement.practice_id,
        engagement_id=engagement.pk,
        defaults={"client_id": engagement.client_id, "created_at": at},
    )
    if made:
        anchors.watch(engagement.practice_id, at=at)
    return log


def _whose(engagement: Engagement) -> dict[str, Any]:
    return {
        "practice_id": engagement.practice_id,
        "client_id": engagement.client_id,
        "engagement_id": engagement.pk,
    }


def _said(value: Any) -> Any:
    return value.value if isinstance(value, About) else value


def _person(value: Any) -> dict[str, Any]:
    if not isinstance(value, About):
        return {}
    kind = "member" if isinstance(value.person, Member) else "contact"
    return {"person_kind": kind, "person_id": value.person.pk}
