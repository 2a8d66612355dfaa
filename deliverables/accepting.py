"""The client's answer to a release, pinned to the version they saw: ticking criteria, accepting, asking for changes,
rejecting; put down on their behalf; and silence, where the terms count it as a yes."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from deliverables import duedates, letters, receipts, reminded
from deliverables.models import ACCEPTED, Deliverable, Recipient, Release, ReleaseState, Tick
from deliverables.releasing import held, may_answer
from engagements import days, phases, stages
from engagements.models import Engagement
from practice import access, rows
from practice.access import Actor
from practice.models import Contact, Member, StoredFile
from practice.quarters import end_of_day, local_day
from practice.refusals import Conflict, Invalid, NotAllowed

State = ReleaseState
ANSWERS = (State.ACCEPTED, State.REMARKS, State.CHANGES, State.REJECTED)


class CriteriaOpen(Conflict):
    code = "criteria_open"
    sentence = "Not every criterion is ticked; tick them, or accept with remarks."


class TooEarly(Conflict):
    code, sentence = "deadline_not_passed", "The day by which to answer has not passed."


class SilenceIsNoAnswer(Conflict):
    code = "silence_is_no_answer"
    sentence = "The terms do not count silence as a yes, or fewer than two reminders are on record."


def tick(release: Release, *, number: int, by: Actor, at: datetime.datetime) -> Release:
    """This criterion is met."""
    _require_contact(by)
    with transaction.atomic():
        engagement, release, _ = held(release, by)
        contact = access.get(by, Contact, by.id or "")
        _tick(release, engagement, [number], contact, None, by, at)
        return release


def untick(release: Release, *, number: int, by: Actor, at: datetime.datetime) -> Release:
    """This criterion is not met after all."""
    _require_contact(by)
    with transaction.atomic():
        _, release, _ = held(release, by)
        for row in Tick.objects.filter(release=release, number=number):
            own = access.on_own_authority(by)
            rows.remove(row, by=own, at=at, kind="release.unticked")
        return release


def answer(
    release: Release,
    *,
    answer: str,
    remarks: str = "",
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Release:
    """Accept, accept with remarks, ask for changes or reject, as one of those it was released to."""
    _require_contact(by)
    with transaction.atomic():
        engagement, release, row = held(release, by)
        contact = access.get(by, Contact, by.id or "")
        said = _said(release, answer, remarks)
        said |= {"answered_at": at, "contact": contact}
        return _settle(release, row, engagement, said, by=by, at=at, expected=expected)


def answer_on_behalf(
    release: Release,
    *,
    answer: str,
    contact: Contact,
    note: str,
    evidence: StoredFile,
    remarks: str = "",
    criteria: Iterable[int] = (),
    said_on: datetime.date | None = None,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Release:
    """Put down what a contact answered elsewhere: whose word, on what evidence, and which criteria they found met."""
    access.require(by, "release", "change")
    if by.kind != "member" or by.id is None:
        raise NotAllowed("Only a member can put down what somebody said elsewhere.")
    with transaction.atomic():
        engagement, release, row = held(release, by)
        zone = engagement.client.time_zone
        _check_elsewhere(release, contact, note, evidence, said_on, local_day(at, zone), zone)
        who = access.get(by, Member, by.id)
        _tick(release, engagement, criteria, contact, who, by, at)
        said = _said(release, answer, remarks)
        said |= {
            "answered_at": min(at, end_of_day(said_on, zone)) if said_on else at,
            "contact": contact,
            "recorded_by": who,
            "evidence_note": note.strip(),
            "evidence": evidence,
        }
        return _settle(release, row, engagement, said, by=by, at=at, expected=expected)


def deem(release_id: UUID, by: Actor, at: datetime.datetime) -> None:
    """What the clock calls when the day to answer has passed: accepted by silence, where the terms say so and two
    reminders are on record. Run twice, it finds the release answered."""
    with transaction.atomic():
        release = access.get(by, Release, release_id)
        engagement, release, row = held(release, by)
        zone = engagement.client.time_zone
        if release.answer_by is None or at < end_of_day(release.answer_by, zone):
            raise TooEarly
        if not release.silence_accepts or reminded.times(release) < reminded.NEEDED:
            raise SilenceIsNoAnswer
        said = {"state": State.ACCEPTED, "answered_at": at, "by_silence": True}
        _settle(release, row, engagement, said, by=by, at=at)


def _settle(
    release: Release,
    row: Deliverable,
    engagement: Engagement,
    said: dict[str, object],
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
) -> Release:
    own = access.on_own_authority(by)
    accepted = said["state"] in ACCEPTED
    if accepted:
        said |= receipts.signed(release, engagement, said, by=own, at=at)
    state = str(said["state"])
    release = rows.change(
        release,
        said,
        by=own,
        at=at,
        kind=f"release.{state}",
        expected=expected,
        hat=release.hat,
    )
    changes: dict[str, object] = {"status": state}
    if accepted:
        changes |= {"accepted": release.pinned, "accepted_at": release.answered_at}
    row = rows.change(row, changes, by=own, at=at, kind=f"deliverable.{state}", hat=row.hat)
    duedates.stop_waiting(release, done=True, at=at)
    duedates.plan(row, engagement, at=at)
    letters.tell_answered(release, engagement, by=by, at=at)
    if accepted and engagement.status in stages.RUNNING:
        # It may have been the last that a phase was waiting for.
        phases.follow(engagement, by=own, at=at)
    return release


def _require_contact(by: Actor) -> None:
    """Before anything of the release is told: its state is not for whoever may not answer."""
    access.require(by, "release", "accept")
    if by.kind != "contact" or by.id is None:
        raise NotAllowed("Only a contact of the client can answer this.")


def _said(release: Release, answer: str, remarks: str) -> dict[str, object]:
    remarks = remarks.strip()
    if answer not in ANSWERS:
        raise Invalid({"answer": [f"One of: {', '.join(ANSWERS)}."]})
    if answer != State.ACCEPTED and not remarks:
        raise Invalid({"remarks": ["Say what you remark, or what should change."]})
    open_ = _open_criteria(release)
    if answer == State.ACCEPTED and open_:
        raise CriteriaOpen(missing=open_)
    return {"state": answer, "remarks": remarks}


def _open_criteria(release: Release) -> list[str]:
    ticked = set(Tick.objects.filter(release=release).values_list("number", flat=True))
    return [line for number, line in enumerate(release.criteria, start=1) if number not in ticked]


def _tick(
    release: Release,
    engagement: Engagement,
    numbers: Iterable[int],
    contact: Contact,
    recorded_by: Member | None,
    by: Actor,
    at: datetime.datetime,
) -> None:
    wanted = set(numbers)
    if not wanted <= set(range(1, len(release.criteria) + 1)):
        raise Invalid({"number": [f"A criterion from 1 to {len(release.criteria)}."]})
    there = set(Tick.objects.filter(release=release).values_list("number", flat=True))
    own = access.on_own_authority(by)
    for number in sorted(wanted - there):
        row = Tick(
            practice_id=release.practice_id,
            client_id=release.client_id,
            engagement=engagement,
            release=release,
            number=number,
            contact=contact,
            recorded_by=recorded_by,
        )
        rows.add(row, by=own, at=at, kind="release.ticked")


def _check_elsewhere(
    release: Release,
    contact: Contact,
    note: str,
    evidence: StoredFile,
    said_on: datetime.date | None,
    today: datetime.date,
    zone: str,
) -> None:
    days.check(said_on=said_on)
    wrong: dict[str, list[str]] = {}
    named = Recipient.objects.filter(release=release, contact=contact).exists()
    if not named or not may_answer(contact):
        wrong["contact"] = ["One of those it was released to, who may answer, is needed."]
    if evidence.client_id != release.client_id:
        wrong["evidence"] = ["A file of this client is needed."]
    if not note.strip():
        wrong["note"] = ["Say where and how it was answered."]
    if said_on is not None and said_on > today:
        wrong["said_on"] = ["Not in the future."]
    elif said_on is not None and said_on < local_day(release.created_at, zone):
        wrong["said_on"] = ["Not before it was released."]
    if wrong:
        raise Invalid(wrong)
