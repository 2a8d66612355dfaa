"""The radar: checks over live data whose hits are raised once, cleared when gone, acknowledged with a reason."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from engagements.models import Engagement, Finding
from engagements.radar_sight import Sight
from engagements.watched import failures
from practice import access, keys, rows
from practice.access import Actor
from practice.refusals import Conflict, Invalid
from practice.registers import Register

WATCHED = (Engagement.Status.ACTIVE, Engagement.Status.PAUSED)


class Gone(Conflict):
    code, sentence = "finding_gone", "This is no longer so; there is nothing to acknowledge."


class NotAcknowledged(Conflict):
    code, sentence = "not_acknowledged", "Nobody has acknowledged this."


@dataclass(frozen=True)
class Hit:
    """One failure at one engagement. `about` tells two of one code apart: a hat, a system."""

    engagement_id: UUID
    sentence: str
    about: str = ""
    rows: Sequence[tuple[str, UUID, str]] = ()
    """The rows that show it: kind, id, and how they read."""
    figures: dict[str, str] = field(default_factory=dict)
    """What was compared, by name, written out."""

    @property
    def evidence(self) -> list[dict[str, str]]:
        shown = [{"kind": kind, "id": str(id), "text": text} for kind, id, text in self.rows]
        figures = [{"kind": "figure", "id": name, "text": t} for name, t in self.figures.items()]
        return [*figures, *shown]


@dataclass(frozen=True)
class Check:
    """Contributed, under the code of data/radar.toml; a second of one code under "FM-05/decisions", say.

    `find` is given the engagements to look at and yields hits among them. It asks a fixed number of queries however
    many they are; what several checks need stands in Sight.
    """

    find: Callable[[Sight], Iterable[Hit]]


CHECKS: Register[Check] = Register("radar checks")
Key = tuple[UUID, str, str]


def codes() -> list[str]:
    """The failures that are watched, whoever contributed the checks."""
    return sorted({_code(key) for key in CHECKS})


def _code(key: str) -> str:
    return key.partition("/")[0]


def sweep(*, practice_id: UUID | None = None, at: datetime.datetime) -> int:
    """Look at every engagement under way; returns how many of them changed.

    Safe to run twice or side by side: where something changed, it is looked at again behind the engagement's lock.
    """
    watched = Engagement.objects.filter(status__in=WATCHED).select_related("client", "practice")
    ended = Finding.objects.filter(cleared_at=None, code__in=codes()).exclude(
        engagement__status__in=WATCHED
    )
    if practice_id is not None:
        watched, ended = (
            watched.filter(practice_id=practice_id),
            ended.filter(practice_id=practice_id),
        )
    looked_at = list(watched.order_by("id"))
    there = _open(looked_at)
    found = _hits(looked_at, at)
    changed = {key[0] for key in there.keys() ^ found.keys()}
    changed |= set(ended.values_list("engagement_id", flat=True))
    for engagement in Engagement.objects.filter(pk__in=changed).order_by("id"):
        sweep_engagement(engagement, at=at)
    _seen(
        [(row, found[key]) for key, row in there.items() if key in found and key[0] not in changed],
        at,
    )
    return len(changed)


def sweep_engagement(
    engagement: Engagement, *, at: datetime.datetime, by: Actor | None = None
) -> None:
    """Look at one engagement: for pages and for verbs after which something may be gone, in the name of `by`."""
    by = access.on_own_authority(by) if by else access.system(engagement.practice_id)
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        found = _hits([engagement], at) if engagement.status in WATCHED else {}
        there = _open([engagement])
        for key, row in there.items():
            if key not in found:
                rows.change(row, {"cleared_at": at}, by=by, at=at, kind="finding.cleared")
        for key, hit in found.items():
            if key not in there:
                _raise(engagement, key, hit, by=by, at=at)
        _seen([(row, found[key]) for key, row in there.items() if key in found], at)


def acknowledge(
    finding: Finding, *, reason: str, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Finding:
    """Take it on, or say why it is no fault here. It stays on the radar, marked, until it is gone."""
    access.require(by, "finding", "change")
    if not reason.strip():
        raise Invalid({"reason": ["Say why."]})
    with transaction.atomic():
        row = _locked(finding, by)
        if row.cleared_at is not None:
            raise Gone
        changes = {
            "acknowledged_at": at,
            "acknowledged_by": keys.stands_for(by, row.engagement.lead),
            "acknowledged_reason": reason.strip(),
        }
        # A key that is limited to a client sees no members; who it stands for is named all the same.
        kind, own = "finding.acknowledged", access.on_own_authority(by)
        return rows.change(row, changes, by=own, at=at, kind=kind, expected=expected)


def unacknowledge(
    finding: Finding, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Finding:
    """Take the acknowledgement back: it is open again."""
    access.require(by, "finding", "change")
    with transaction.atomic():
        row = _locked(finding, by)
        if row.acknowledged_at is None:
            raise NotAcknowledged
        changes: dict[str, Any] = {
            "acknowledged_at": None,
            "acknowledged_by": None,
            "acknowledged_reason": "",
        }
        kind = "finding.reopened"
        return rows.change(row, changes, by=by, at=at, kind=kind, expected=expected)


def _hits(engagements: list[Engagement], at: datetime.datetime) -> dict[Key, Hit]:
    sight = Sight(engagements, at)
    return {
        (hit.engagement_id, _code(key), hit.about): hit
        for key in CHECKS
        if engagements
        for hit in CHECKS[key].find(sight)
    }


def _open(engagements: list[Engagement]) -> dict[Key, Finding]:
    rows = Finding.objects.filter(engagement__in=engagements, cleared_at=None, code__in=codes())
    return {(row.engagement_id, row.code, row.about): row for row in rows.order_by("id")}


def _raise(engagement: Engagement, key: Key, hit: Hit, *, by: Actor, at: datetime.datetime) -> None:
    finding = Finding(
        practice_id=engagement.practice_id,
        client_id=engagement.client_id,
        engagement=engagement,
        code=key[1],
        about=hit.about,
        sentence=hit.sentence,
        evidence=hit.evidence,
        raised_at=at,
        seen_at=at,
    )
    rows.add(finding, by=by, at=at, kind="finding.raised")


def _seen(still: list[tuple[Finding, Hit]], at: datetime.datetime) -> None:
    """Figures move every day; that it was raised and that it went are the events."""
    for row, hit in still:
        row.seen_at, row.sentence, row.evidence = at, hit.sentence, hit.evidence
    Finding.objects.bulk_update(
        [row for row, _ in still], ["seen_at", "sentence", "evidence"], batch_size=200
    )


def _locked(finding: Finding, by: Actor) -> Finding:
    access.get(by, Engagement, finding.engagement_id, lock=True)
    return access.get(by, Finding, finding.pk, lock=True)


def unsound() -> list[str]:
    """What `manage.py check` says of the declared failure modes and the checks that are there."""
    declared = {code for code, failure in failures().items() if failure.checked}
    return [
        *(
            f"radar.toml: {code}: says checked, and no check is contributed"
            for code in declared - {*codes()}
        ),
        *(
            f"radar.toml: {code}: a check is contributed that is not declared"
            for code in {*codes()} - declared
        ),
    ]
