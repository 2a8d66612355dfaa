"""Milestones of an initiative: planned, put off with a reason that is kept, brought forward, reached or dropped."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from assessments import terms
from assessments.models import Initiative, Milestone, PostponedFor, Postponement
from assessments.models.work import ON_THE_ROADMAP
from practice import access, agenda, rows
from practice.access import Actor
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid, Taken

KIND = "roadmap_milestone"
TAKEN = Taken("There is a milestone with this external id already.", "external_id")


class MilestoneClosed(Conflict):
    code = "milestone_closed"
    sentence = "This milestone was reached or dropped: open it again first."


class MilestoneOpen(Conflict):
    code, sentence = "milestone_open", "This milestone is open."


def add(
    initiative: Initiative,
    *,
    title: str,
    planned_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
    **details: Any,
) -> Milestone:
    """Plan a milestone of an initiative."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        initiative = access.get(by, Initiative, initiative.pk, lock=True)
        milestone = Milestone(
            practice_id=initiative.practice_id,
            client_id=initiative.client_id,
            initiative=initiative,
            title=title,
            planned_on=planned_on,
            first_planned_on=planned_on,
            **{"is_ai": initiative.is_ai} | details,
        )
        _check(milestone)
        rows.add(milestone, by=by, at=at, kind="milestone.added", taken=TAKEN)
        plan(milestone, at)
    return milestone


def change(
    milestone: Milestone,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> Milestone:
    """Correct what a milestone is. Its day moves by `postpone` and `bring_forward` alone."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        milestone = _held(milestone, by)
        wanted = rows.wanted(milestone, changes, by=by)
        _check(wanted)
        kind = "milestone.changed"
        milestone = rows.change(
            milestone, changes, by=by, at=at, kind=kind, expected=expected, taken=TAKEN
        )
        plan(milestone, at)
    return milestone


def postpone(
    milestone: Milestone,
    *,
    to_on: datetime.date,
    reason: str,
    words: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Milestone:
    """Put a milestone off to a later day. From which day, for what kind of reason and in which words is kept."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        milestone = _open(milestone, by)
        terms.check(to_on=to_on)
        wrong: dict[str, list[str]] = {}
        if to_on <= milestone.planned_on:
            wrong["to_on"] = [f"Later than {milestone.planned_on}."]
        if reason not in PostponedFor.values:
            wrong["reason"] = [f"One of: {', '.join(PostponedFor.values)}."]
        if not words.strip():
            wrong["words"] = ["Say why."]
        if wrong:
            raise Invalid(wrong)
        before = milestone.planned_on
        kind = "milestone.postponed"
        milestone = rows.change(
            milestone, {"planned_on": to_on}, by=by, at=at, kind=kind, expected=expected
        )
        kept = Postponement(
            practice_id=milestone.practice_id,
            client_id=milestone.client_id,
            milestone=milestone,
            from_on=before,
            to_on=to_on,
            reason=reason,
            words=words.strip(),
        )
        rows.add(kept, by=by, at=at, kind="postponement.kept")
        plan(milestone, at)
    return milestone


def bring_forward(
    milestone: Milestone,
    *,
    to_on: datetime.date,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Milestone:
    """Plan a milestone for an earlier day. Earlier postponements stay on record."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        milestone = _open(milestone, by)
        terms.check(to_on=to_on)
        if to_on >= milestone.planned_on:
            raise Invalid({"to_on": [f"Earlier than {milestone.planned_on}."]})
        kind = "milestone.brought_forward"
        milestone = rows.change(
            milestone, {"planned_on": to_on}, by=by, at=at, kind=kind, expected=expected
        )
        plan(milestone, at)
    return milestone


def finish(
    milestone: Milestone,
    *,
    done_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Milestone:
    """Say that a milestone was reached."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        milestone = _open(milestone, by)
        today = local_day(at, milestone.client.time_zone)
        day = done_on or today
        terms.check(done_on=day)
        if day > today:
            raise Invalid({"done_on": ["Not in the future."]})
        milestone = rows.change(
            milestone, {"done_on": day}, by=by, at=at, kind="milestone.reached", expected=expected
        )
        plan(milestone, at)
    return milestone


def drop(
    milestone: Milestone,
    *,
    reason: str,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Milestone:
    """Say that a milestone is no longer wanted, and why."""
    access.require(by, "initiative", "change")
    if not reason.strip():
        raise Invalid({"reason": ["Say why."]})
    with transaction.atomic():
        milestone = _open(milestone, by)
        today = local_day(at, milestone.client.time_zone)
        changes = {"dropped_on": today, "dropped_reason": reason.strip()}
        milestone = rows.change(
            milestone, changes, by=by, at=at, kind="milestone.dropped", expected=expected
        )
        plan(milestone, at)
    return milestone


def reopen(
    milestone: Milestone, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> Milestone:
    """Take back that a milestone was reached or dropped."""
    access.require(by, "initiative", "change")
    with transaction.atomic():
        milestone = _held(milestone, by)
        if milestone.is_open:
            raise MilestoneOpen
        changes = {"done_on": None, "dropped_on": None, "dropped_reason": ""}
        milestone = rows.change(
            milestone, changes, by=by, at=at, kind="milestone.reopened", expected=expected
        )
        plan(milestone, at)
    return milestone


def plan(milestone: Milestone, at: datetime.datetime) -> None:
    """On the agenda while it is open and its initiative is agreed or under way."""
    if not milestone.is_open or milestone.initiative.status not in ON_THE_ROADMAP:
        agenda.close(
            KIND,
            subject_id=milestone.pk,
            practice_id=milestone.practice_id,
            done=milestone.done_on is not None,
            at=at,
        )
        return
    zone = milestone.client.time_zone
    agenda.plan(
        KIND,
        subject_id=milestone.pk,
        practice_id=milestone.practice_id,
        client_id=milestone.client_id,
        owner_id=milestone.client.responsible_id,
        due_at=end_of_day(milestone.planned_on, zone),
        at=at,
        title=f"{milestone.title}: {milestone.initiative.title}"[:200],
        time_zone=zone,
        all_day=True,
    )


def replan(initiative: Initiative, *, at: datetime.datetime) -> None:
    """The initiative has moved: its dates follow."""
    mine = Milestone.objects.filter(initiative=initiative).select_related("client", "initiative")
    for milestone in mine.order_by("id"):
        plan(milestone, at)


def follow_client(client_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """The client is in another zone now: the same days there."""
    there = access.visible_to(by, Milestone).filter(
        client_id=client_id,
        done_on=None,
        dropped_on=None,
        initiative__status__in=ON_THE_ROADMAP,
    )
    for milestone in there.select_related("client", "initiative").order_by("id"):
        plan(milestone, at)


def _held(milestone: Milestone, by: Actor) -> Milestone:
    """Behind its initiative's lock, so that the two never pass each other on their way to the agenda."""
    access.get(by, Initiative, milestone.initiative_id, lock=True)
    return access.get(by, Milestone, milestone.pk, lock=True)


def _open(milestone: Milestone, by: Actor) -> Milestone:
    milestone = _held(milestone, by)
    if not milestone.is_open:
        raise MilestoneClosed
    return milestone


def _check(milestone: Milestone) -> None:
    if not milestone.title.strip():
        raise Invalid({"title": ["Say what it is called."]})
    terms.check(planned_on=milestone.planned_on)
