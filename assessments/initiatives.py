"""Initiatives of a client's roadmap: putting one down, its life, the systems it is about, and how far they have come."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q

from assessments import milestones, roadmap_reviews, systems, terms
from assessments.models import (
    Initiative,
    InitiativeStatus,
    InitiativeSystem,
    Milestone,
    Postponement,
    System,
)
from assessments.models.work import LIVE
from practice import access, rows
from practice.access import Actor
from practice.models import Client
from practice.quarters import Quarter, end_of_day, local_day
from practice.refusals import Conflict, Invalid, Taken

S = InitiativeStatus
# What may follow what. What was dropped can be proposed again.
STEPS: dict[str, tuple[str, ...]] = {
    S.PROPOSED: (S.AGREED, S.DROPPED),
    S.AGREED: (S.UNDER_WAY, S.PROPOSED, S.DROPPED),
    S.UNDER_WAY: (S.DONE, S.AGREED, S.DROPPED),
    S.DONE: (S.UNDER_WAY,),
    S.DROPPED: (S.PROPOSED,),
}
TAKEN = Taken("There is an initiative with this external id already.", "external_id")
LINKED = Taken("The initiative names this system already.", "system")


class InitiativeStepRefused(Conflict):
    code = "initiative_step_refused"
    sentence = "An initiative cannot go from its present status to this one."


@dataclass(frozen=True)
class Standing:
    """How far one initiative has come, seen from a quarter."""

    id: UUID
    title: str
    hat: str
    is_ai: bool
    horizon: str
    status: str
    has_capacity_owner: bool
    milestones: int
    """Without those that were dropped."""
    reached: int
    reached_in_quarter: int
    late: int
    """Planned for the quarter or before it, and not reached."""
    postponed_in_quarter: int
    next_on: datetime.date | None
    """The first day that is still ahead of it after the quarter's end."""


@dataclass(frozen=True)
class Progress:
    quarter: str
    initiatives: tuple[Standing, ...]
    by_status: dict[str, int]
    planned: int
    """Milestones planned for the quarter, as it stands."""
    reached: int
    """Milestones reached in the quarter, whenever they were planned."""
    late: int
    postponed: int
    """Postponements that were put down in the quarter."""


def add(client: Client, *, by: Actor, at: datetime.datetime, **details: Any) -> Initiative:
    """Put down an initiative, as it is proposed."""
    access.require(by, "initiative", "add")
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        initiative = Initiative(
            practice_id=client.practice_id, client=client, status_at=at, **details
        )
        _check(initiative)
        rows.add(initiative, by=by, at=at, kind="initiative.added", taken=TAKEN)
        roadmap_reviews.follow(client, at)
    return initiative


def change(
    initiative: Initiative,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Initiative:
    """Correct or complete what is known of an initiative."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        initiative = access.get(by, Initiative, initiative.pk, lock=True)
        wanted = rows.wanted(initiative, changes, by=by)
        _check(wanted)
        kind = "initiative.changed"
        return rows.change(
            initiative, changes, by=by, at=at, kind=kind, expected=expected, taken=TAKEN
        )


def move(
    initiative: Initiative,
    *,
    to: str,
    reason: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Initiative:
    """Take an initiative a step further, or drop it with a reason. Its milestones are on the agenda while it is agreed
    or under way."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        initiative = access.get(by, Initiative, initiative.pk, lock=True)
        if to not in STEPS[initiative.status]:
            raise InitiativeStepRefused(
                present=initiative.status, allowed=list(STEPS[initiative.status])
            )
        if to == S.DROPPED and not reason.strip():
            raise Invalid({"reason": ["Say why."]})
        turns = (to in LIVE) != (initiative.status in LIVE)
        if turns:
            # Before anything is written: a row that points at the client holds it, too, for others who want it.
            access.get(by, Client, initiative.client_id, lock=True)
        today = local_day(at, initiative.client.time_zone)
        changes = {
            "status": to,
            "status_at": at,
            "done_on": today if to == S.DONE else None,
            "dropped_reason": reason.strip() if to == S.DROPPED else "",
        }
        kind = f"initiative.{to}"
        initiative = rows.change(initiative, changes, by=by, at=at, kind=kind, expected=expected)
        milestones.replan(initiative, at=at)
        if turns:
            roadmap_reviews.follow(initiative.client, at)
    return initiative


def link(
    initiative: Initiative, *, system: System, by: Actor, at: datetime.datetime
) -> InitiativeSystem:
    """Say that an initiative brings in, changes or ends a system."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        initiative = access.get(by, Initiative, initiative.pk, lock=True)
        joined = InitiativeSystem(
            practice_id=initiative.practice_id,
            client_id=initiative.client_id,
            initiative=initiative,
            system=system,
        )
        systems.of_this_client(joined, system=system)
        return rows.add(joined, by=by, at=at, kind="initiative.system_linked", taken=LINKED)


def unlink(
    joined: InitiativeSystem, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take a system off an initiative again."""
    access.require(by, "initiative", "change")
    rows.remove(joined, by=by, at=at, kind="initiative.system_unlinked", expected=expected)


def progress(client: Client, quarter: Quarter) -> Progress:
    """How far the client's initiatives had come in a quarter, as recorded now. A constant number of queries."""
    first, last = quarter.starts_on, quarter.ends_on
    # What is live now, and what was finished in the quarter or later.
    shown = Initiative.objects.filter(
        Q(status__in=LIVE) | Q(status=S.DONE, done_on__gte=first), client=client
    ).order_by("title", "id")
    kept = Q(milestones__dropped_on=None, milestones__isnull=False)
    reached = Q(milestones__done_on__isnull=False)
    waits = kept & Q(milestones__done_on=None)
    counted = shown.annotate(
        all_of_them=Count("milestones", filter=kept),
        reached=Count("milestones", filter=reached & Q(milestones__done_on__lte=last)),
        reached_now=Count(
            "milestones", filter=reached & Q(milestones__done_on__range=(first, last))
        ),
        late=Count("milestones", filter=waits & Q(milestones__planned_on__lte=last)),
        next_on=Min("milestones__planned_on", filter=waits & Q(milestones__planned_on__gt=last)),
    )
    put_off = _postponed(client, quarter)
    standings = tuple(
        Standing(
            id=row.pk,
            title=row.title,
            hat=row.hat,
            is_ai=row.is_ai,
            horizon=row.horizon,
            status=row.status,
            has_capacity_owner=row.has_capacity_owner,
            milestones=row.all_of_them,
            reached=row.reached,
            reached_in_quarter=row.reached_now,
            late=row.late,
            postponed_in_quarter=put_off[row.pk],
            next_on=row.next_on,
        )
        for row in counted
    )
    planned = Milestone.objects.filter(
        initiative__in=shown.values("pk"), dropped_on=None, planned_on__range=(first, last)
    )
    by_status = Counter(one.status for one in standings)
    return Progress(
        quarter=quarter.name,
        initiatives=standings,
        by_status={status: by_status[status] for status in (*LIVE, S.DONE)},
        planned=planned.count(),
        reached=sum(one.reached_in_quarter for one in standings),
        late=sum(one.late for one in standings),
        postponed=sum(one.postponed_in_quarter for one in standings),
    )


def _postponed(client: Client, quarter: Quarter) -> Counter[UUID]:
    """By initiative, how often a milestone of it was put off in the quarter, by the client's days."""
    # A day more on both sides: whose day it was is told by the client's zone.
    around = (
        end_of_day(quarter.starts_on, "UTC") - 2 * terms.ONE,
        end_of_day(quarter.ends_on, "UTC") + terms.ONE,
    )
    found = Postponement.objects.filter(client=client, created_at__range=around).values_list(
        "milestone__initiative_id", "created_at"
    )
    return Counter(
        id
        for id, at in found
        if quarter.starts_on <= local_day(at, client.time_zone) <= quarter.ends_on
    )


def _check(initiative: Initiative) -> None:
    wrong: dict[str, list[str]] = {}
    if not initiative.title.strip():
        wrong["title"] = ["Say what it is called."]
    if initiative.capacity_owner is not None and initiative.capacity_owner_name:
        wrong["capacity_owner_name"] = ["A contact or a name, not both."]
    if wrong:
        raise Invalid(wrong)
    systems.of_this_client(initiative, capacity_owner=initiative.capacity_owner)
