"""The plan of an engagement: what it owes by itself is planned once, and moves with the course until it is released.
The verbs that change the course call `follow`; called again, it changes nothing."""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from deliverables import duedates, kinds, owed, plans, split
from deliverables.models import Deliverable, DeliverableStatus, OwnKind
from deliverables.plans import Piece, Standing
from engagements import stages, wearing
from engagements.models import Engagement, HatShare, Move, Wearing
from practice import access, rows
from practice.access import Actor
from practice.models import AgendaEntry
from practice.quarters import end_of_day, local_day

Status = DeliverableStatus
Own = dict[str, OwnKind]
# Not yet released: it moves with the course.
OPEN = (Status.PLANNED, Status.IN_PROGRESS, Status.IN_REVIEW, Status.REVIEWED)
# What was dropped by the plan itself is taken up by it again; what a person dropped stays dropped.
HAT_GONE = "Its hat is no longer part of the engagement."
NO_LONGER_EU = "The milestones of the EU do not apply any more."
BY_ITSELF = (HAT_GONE, NO_LONGER_EU)
WAITING = (Move.Status.PROPOSED, Move.Status.AGREED)


def draw_up(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> list[Deliverable]:
    """Make the plan before the work begins, to be seen and changed. Its dates join the agenda with activation."""
    access.require(by, "deliverable", "add")
    with transaction.atomic():
        engagement = owed.held(engagement.pk, by)
        _plan(engagement, _there(engagement), by=access.on_own_authority(by), at=at)
        return _there(engagement)


def follow(engagement: Engagement, *, by: Actor, at: datetime.datetime) -> None:
    """In the transaction of the verb that changed the course, with the engagement held."""
    if engagement.status == Engagement.Status.ENDED:
        return
    there = _there(engagement)
    running = engagement.status in stages.RUNNING
    # A draft has a plan where somebody had it drawn up.
    if running or any(row.planned_as for row in there):
        _plan(engagement, there, by=access.on_own_authority(by), at=at)
    split.settle(engagement, at=at)


def standing(engagement: Engagement, at: datetime.datetime) -> Standing:
    """Where it stands; before it began, where its first step would put it."""
    today = local_day(at, engagement.client.time_zone)
    course = stages.course(engagement)
    stage = next((one for one in course if one.until_on is None), None)
    at_least = {
        "hats": frozenset(
            HatShare.objects.filter(engagement=engagement).values_list("hat", flat=True)
        ),
        "today": today,
        "eu": engagement.eu_milestones,
        "eu_since_on": engagement.eu_since_on,
        "pauses": tuple(stages.pauses(engagement)),
    }
    starts_on = engagement.starts_on
    told: dict[str, Any] = {}
    if stage is not None:
        told = {
            "stage_id": stage.pk,
            "first": stage.pk == course[0].pk,
            "point": stage.point,
            "phase": stage.phase,
            "since_on": stage.since_on,
            "run_since": stages.run_since(engagement) if stage.phase else None,
        }
    elif step := _first_step(engagement):
        starts_on = step.effective_on
        told = {
            "point": step.to_point,
            "phase": step.to_phase,
            "since_on": step.effective_on,
            "run_since": step.effective_on if step.to_phase else None,
        }
    if from_ := stage or _first_step(engagement):
        told |= {"sprint": from_.sprint, "planned_end_on": from_.planned_end_on}
    combined = wearing.is_combined(engagement, max(today, starts_on or today))
    return Standing(starts_on=starts_on, combined=combined, **at_least, **told)


def _first_step(engagement: Engagement) -> Move | None:
    steps = Move.objects.filter(engagement=engagement, kind=Move.Kind.BEGIN, status__in=WAITING)
    return steps.order_by("id").last()


def _there(engagement: Engagement) -> list[Deliverable]:
    return list(Deliverable.objects.filter(engagement=engagement).order_by("number"))


def _plan(
    engagement: Engagement, there: list[Deliverable], *, by: Actor, at: datetime.datetime
) -> None:
    here = standing(engagement, at)
    own = {kind.code: kind for kind in OwnKind.objects.filter(practice_id=engagement.practice_id)}
    wanted = plans.owed(here, [kind for kind in own.values() if kind.retired_at is None])
    day = max(here.today, here.starts_on or here.today)
    people = _People(engagement, day)
    carried = _carried(there, wanted, here)
    now = [
        _followed(row, here, own, people, stage=row.pk in carried.values(), by=by, at=at)
        for row in there
    ]
    number = max((row.number for row in there), default=0)
    for piece in wanted:
        if piece.key in carried or _is_there(piece, there):
            continue
        number += 1
        now.append(_made(engagement, piece, here, own, people, number, by=by, at=at))
    _on_the_agenda(engagement, now, at)


class _People:
    """Who wears which hat, and who did."""

    def __init__(self, engagement: Engagement, day: datetime.date) -> None:
        self.worn = wearing.worn_on(engagement, day)
        self.ever = set(
            Wearing.objects.filter(engagement=engagement).values_list("hat", "member_id")
        )

    def owner(self, hat: str, present: UUID | None) -> UUID | None:
        """Whoever wears the hat takes it over from whoever wore it; another owner was chosen, and stays."""
        worn = self.worn.get(hat)
        by_hat = present is None or (hat, present) in self.ever
        return worn if worn and by_hat else present


def _is_there(piece: Piece, there: list[Deliverable]) -> bool:
    """Planned already, or added by hand; also where it was dropped since."""
    if any(row.planned_as == piece.key for row in there):
        return True
    by_hand = [row for row in there if row.code == piece.code and not row.planned_as]
    if plans.of_a_point(piece.code):
        return any(row.status in OPEN for row in by_hand)
    return bool(by_hand)


def _carried(there: list[Deliverable], wanted: list[Piece], here: Standing) -> dict[str, UUID]:
    """What the stage before owed and has not released is what this one, at the same point, owes."""
    found = {}
    for piece in wanted:
        if "@" in piece.key:
            before = [r for r in there if r.planned_as.startswith(f"{piece.code}@")]
            still = next((r for r in before if r.status in OPEN), None)
            if still is not None:
                found[piece.key] = still.pk
    return found


def _followed(
    row: Deliverable,
    here: Standing,
    own: Own,
    people: _People,
    *,
    stage: bool,
    by: Actor,
    at: datetime.datetime,
) -> Deliverable:
    """One row brought in line with where the engagement stands."""
    if not row.planned_as:
        return row
    told = {"by": by, "at": at, "hat": row.hat}
    untouched = row.latest_id is None
    hat, reason = _hat_of(row, here, own)
    if untouched and reason and row.status == Status.PLANNED:
        changes: dict[str, Any] = {"status": Status.DROPPED, "dropped_reason": reason}
        return rows.change(row, changes, kind="deliverable.dropped", **told)
    kind, changes = "deliverable.moved", {}
    if row.status == Status.DROPPED:
        if reason or row.dropped_reason not in BY_ITSELF:
            return row
        kind = "deliverable.taken_up"
        changes = {"status": Status.PLANNED, "dropped_reason": ""}
    elif row.status not in OPEN or row.accepted_id is not None:
        return row
    if untouched and hat and hat != row.hat:
        changes["hat"] = hat
    if stage and here.stage_id is not None:
        changes["stage_id"] = here.stage_id
    owner = people.owner(changes.get("hat", row.hat), row.owner_id)
    changes |= {"due_on": _day(row, here, own, stage), "owner_id": owner}
    return _changed(row, changes, kind=kind, **told)


def _hat_of(row: Deliverable, here: Standing, own: Own) -> tuple[str, str]:
    """The hat it stands under now; or why the plan no longer holds it."""
    if plans.lapsed(row.code, here):
        return "", NO_LONGER_EU
    if row.hat in here.hats:
        return row.hat, ""
    kind = kinds.hats_of(row.code)
    hat = plans.hat_for(kind, here.hats) if kind else ""
    return (hat, "") if hat else ("", HAT_GONE)


def _day(row: Deliverable, here: Standing, own: Own, stage: bool) -> datetime.date | None:
    if row.due_fixed or (plans.of_a_point(row.code) and not stage):
        return row.due_on
    kind = own.get(row.code) if row.own_kind_id else None
    return plans.due_on(row.code, here, own=kind, kept=row.due_on)


def _changed(row: Deliverable, changes: dict[str, Any], **how: Any) -> Deliverable:
    """Looked at here first: most of the plan stays as it is at most steps of a course."""
    fields = {"owner_id": "owner", "stage_id": "stage"}
    touched = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not touched:
        return row
    for column, name in fields.items():
        if column in touched:
            model = Deliverable._meta.get_field(name).related_model
            value = touched.pop(column)
            touched[name] = model.objects.get(pk=value) if value else None
    return rows.change(row, touched, **how)


def _made(
    engagement: Engagement,
    piece: Piece,
    here: Standing,
    own: Own,
    people: _People,
    number: int,
    *,
    by: Actor,
    at: datetime.datetime,
) -> Deliverable:
    kind = own.get(piece.code)
    known = kinds.known(engagement.practice_id, piece.code)
    return owed.put(
        engagement,
        known,
        hat=piece.hat,
        number=number,
        planned_as=piece.key,
        stage_id=here.stage_id,
        owner_id=people.worn.get(piece.hat),
        due_on=plans.due_on(piece.code, here, own=kind, kept=None),
        by=by,
        at=at,
    )


def _on_the_agenda(engagement: Engagement, there: list[Deliverable], at: datetime.datetime) -> None:
    """Each of the plan's days, where it is not there yet as it should be."""
    zone, running = engagement.client.time_zone, engagement.status in stages.RUNNING
    entries = {
        entry.subject_id: entry
        for entry in AgendaEntry.objects.filter(
            practice_id=engagement.practice_id,
            kind=duedates.DUE,
            subject_id__in=[row.pk for row in there],
            status=AgendaEntry.Status.OPEN,
        )
    }
    for row in there:
        entry = entries.get(row.pk)
        owes = running and row.due_on is not None and row.status not in duedates.NOT_OWED
        wanted = (end_of_day(row.due_on, zone), zone) if owes and row.due_on else None
        if wanted != ((entry.due_at, entry.time_zone) if entry else None) or (
            entry is not None and entry.owner_id != (row.owner_id or engagement.lead_id)
        ):
            duedates.plan(row, engagement, at=at)
