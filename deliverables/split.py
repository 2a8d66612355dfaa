"""The first quarter of one person under both hats (S2-V4): whether each hat has its half, and whether one is too thin.
The checks of day 45 and day 80 (CAD-12) settle themselves when it has."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from deliverables.models import ACCEPTED, Deliverable, DeliverableStatus, DeliverableVersion
from deliverables.plans import HALVES, SPLIT
from engagements.models import Engagement
from practice import access, agenda, events
from practice.models import AgendaEntry

KIND = "split_check"
BEGUN, DELIVERED = "day_45", "day_80"
LACKS = " (missing: "
# FM-06: at exactly this share of the pair's words the CAIO's half is thick enough.
THICK_ENOUGH = 35
WITH_CLIENT = (DeliverableStatus.RELEASED, *ACCEPTED)


def lacking(engagement: Engagement, period: str) -> list[str]:
    """The hats that have nothing to show yet: by day 45 something begun, by day 80 something released or accepted."""
    rows = Deliverable.objects.filter(engagement=engagement, code__in=HALVES).exclude(
        status=DeliverableStatus.DROPPED
    )
    there = set()
    for hat, code, status, latest, accepted in rows.values_list(
        "hat", "code", "status", "latest_id", "accepted_id"
    ):
        delivered = status in WITH_CLIENT or accepted is not None
        if HALVES[code] == hat and (delivered if period == DELIVERED else latest is not None):
            there.add(hat)
    return [hat for hat in SPLIT if hat not in there]


def titled(engagement: Engagement, period: str) -> str:
    """What the check on the agenda adds to its title."""
    missing = lacking(engagement, period)
    return f"{LACKS}{', '.join(missing)})" if missing else ""


def settle(engagement: Engagement, *, at: datetime.datetime) -> None:
    """Close the checks whose halves are both there, and let the others say what is missing. The engagement is held."""
    for entry in AgendaEntry.objects.filter(
        practice_id=engagement.practice_id,
        kind=KIND,
        subject_id=engagement.pk,
        status=AgendaEntry.Status.OPEN,
    ):
        if entry.period not in (BEGUN, DELIVERED):
            continue
        told = {
            "subject_id": engagement.pk,
            "practice_id": engagement.practice_id,
            "period": entry.period,
        }
        lacks = titled(engagement, entry.period)
        if lacks:
            title = entry.title.partition(LACKS)[0] + lacks
            agenda.plan(
                KIND,
                **told,
                due_at=entry.due_at,
                at=at,
                title=title[:200],
                client_id=entry.client_id,
                owner_id=entry.owner_id,
                time_zone=entry.time_zone,
                all_day=entry.all_day,
                client_sees=entry.client_sees,
            )
            continue
        agenda.close(KIND, **told, done=True, at=at)
        settled = {"kind": KIND, "period": entry.period, "due_at": entry.due_at.isoformat()}
        by = access.system(engagement.practice_id)
        events.record("engagement.date_settled", by=by, at=at, subject=engagement, after=settled)


def letter(engagement: Engagement, entry: AgendaEntry) -> str:
    """What the letter about a check says besides: which half is missing, and whether one is too thin."""
    said = [
        f"Nothing of the {hat} hat {'is under way' if entry.period == BEGUN else 'was released'} yet."
        for hat in lacking(engagement, entry.period)
    ]
    pair = pairs([engagement.pk]).get(engagement.pk)
    if pair is not None and pair.thin:
        said.append(f"The CAIO's part is thin: {pair.share} % of the words of the two.")
    return " ".join(said)


@dataclass(frozen=True)
class Pair:
    """The words of the two halves, in the newest texts that were submitted."""

    cto: int
    caio: int
    deliverables: tuple[UUID, ...]

    @property
    def thin(self) -> bool:
        return 100 * self.caio < THICK_ENOUGH * (self.caio + self.cto)

    @property
    def share(self) -> str:
        """To one place, never rounded up to the limit that it lies under."""
        tenths = 1000 * self.caio // (self.caio + self.cto)
        return f"{tenths // 10}.{tenths % 10}"


def pairs(engagements: Collection[UUID]) -> dict[UUID, Pair]:
    """Of those where both halves are texts: what a file holds is not read, so nothing is said of it."""
    rows = (
        DeliverableVersion.objects.filter(
            engagement__in=engagements,
            state=DeliverableVersion.State.SUBMITTED,
            deliverable__code__in=HALVES,
        )
        .exclude(deliverable__status=DeliverableStatus.DROPPED)
        .order_by("number", "id")
    )
    newest: dict[UUID, dict[UUID, tuple[str, int | None]]] = defaultdict(dict)
    told = rows.values_list("engagement_id", "deliverable_id", "deliverable__code", "hat", "words")
    for engagement, deliverable, code, hat, words in told:
        if HALVES[code] == hat:
            newest[engagement][deliverable] = (hat, words)
    found = {}
    for engagement, parts in newest.items():
        sums = dict.fromkeys(SPLIT, 0)
        for hat, words in parts.values():
            sums[hat] += words or 0
        whole = {hat for hat, _ in parts.values()} == set(SPLIT)
        if whole and all(words is not None for _, words in parts.values()) and any(sums.values()):
            found[engagement] = Pair(sums["CTO"], sums["CAIO"], tuple(parts))
    return found
