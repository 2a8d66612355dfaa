"""Noting time: who, on which day, under which hat, for what. Late time counts in the earliest open month."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from engagements import booking
from engagements.booking import Calendar
from engagements.models import Deputy, Engagement, HatShare, TimeEntry, Wearing
from practice import access, rows
from practice.access import Actor
from practice.models import Assignment, Member
from practice.refusals import Invalid, NotAllowed, Taken
from practice.registers import Register


@dataclass(frozen=True)
class Link:
    """A kind of thing that time can be for."""

    label: str
    title: Callable[[Actor, Engagement, UUID], str | None]
    """The thing's title, or None where there is no such thing of this engagement for this actor."""


LINKS: Register[Link] = Register("kinds of things that time can be for")

OWN_ONLY = "You note your own time; a consultant notes that of others."
AGAIN = Taken("There is time from this row of a file already.", "external_id")


def note(
    engagement: Engagement,
    *,
    worked_on: datetime.date,
    minutes: int,
    member: Member | None = None,
    hat: str = "",
    billable: bool = True,
    reactive: bool = False,
    note: str = "",
    link_kind: str = "",
    link_id: UUID | None = None,
    external_id: str = "",
    by: Actor,
    at: datetime.datetime,
) -> TimeEntry:
    """Put down minutes of one day under one hat of the engagement, or with none as joint."""
    access.require(by, "time", "add")
    with transaction.atomic():
        engagement = access.get(by, Engagement, engagement.pk, lock=True)
        days = booking.calendar(engagement, at=at)
        worker = whose(member, by)
        own_only(worker.pk, by)
        days.check(worked_on, "worked_on")
        _check_hat(engagement, hat)
        _check_worker(engagement, worker)
        _check_link(engagement, link_kind, link_id, by)
        entry = TimeEntry(
            practice_id=engagement.practice_id,
            client_id=engagement.client_id,
            engagement=engagement,
            member=worker,
            worked_on=worked_on,
            booked_on=days.booked_on(worked_on),
            minutes=minutes,
            hat=hat,
            billable=billable,
            reactive=reactive,
            note=note,
            link_kind=link_kind,
            link_id=link_id,
            external_id=external_id,
        )
        return rows.add(entry, by=by, at=at, kind="time.noted", taken=AGAIN)


def change(
    entry: TimeEntry,
    *,
    by: Actor,
    at: datetime.datetime,
    expected: int | None = None,
    **changes: Any,
) -> TimeEntry:
    """Correct what was noted, while it is neither billed nor in a closed month."""
    access.require(by, "time", "change")
    with transaction.atomic():
        engagement, entry, days = _held(entry, by=by, at=at)
        changed = {name for name, value in changes.items() if getattr(entry, name) != value}
        if "worked_on" in changed:
            days.check(changes["worked_on"], "worked_on")
            changes["booked_on"] = days.booked_on(changes["worked_on"])
        if "hat" in changed:
            _check_hat(engagement, changes["hat"])
        if changed & {"link_kind", "link_id"}:
            link = {"link_kind": entry.link_kind, "link_id": entry.link_id} | changes
            _check_link(engagement, link["link_kind"], link["link_id"], by)
        return rows.change(
            entry, changes, by=by, at=at, kind="time.changed", expected=expected, taken=AGAIN
        )


def remove(
    entry: TimeEntry, *, by: Actor, at: datetime.datetime, expected: int | None = None
) -> None:
    """Take back what was noted by mistake."""
    access.require(by, "time", "remove")
    with transaction.atomic():
        _, entry, _ = _held(entry, by=by, at=at)
        rows.remove(entry, by=by, at=at, kind="time.removed", expected=expected)


def _held(
    entry: TimeEntry, *, by: Actor, at: datetime.datetime
) -> tuple[Engagement, TimeEntry, Calendar]:
    """The engagement's lock first, then the row as it is now; refused where it can no longer change."""
    engagement = access.get(by, Engagement, entry.engagement_id, lock=True)
    entry = access.get(by, TimeEntry, entry.pk, lock=True)
    days = booking.calendar(engagement, at=at)
    own_only(entry.member_id, by)
    booking.check_open(entry.line_id, entry.booked_on, days)
    return engagement, entry, days


def whose(member: Member | None, by: Actor) -> Member:
    """The member named, or the one who acts."""
    if member is not None:
        return access.get(by, Member, member.pk)
    if by.kind != "member" or by.id is None:
        raise Invalid({"member": ["Say whose it is."]})
    return access.get(by, Member, by.id)


def own_only(member_id: UUID, by: Actor) -> None:
    if by.role == access.ASSOCIATE and member_id != by.id:
        raise NotAllowed(OWN_ONLY)


def hats_of(engagement: Engagement) -> tuple[str, ...]:
    of = {"practice_id": engagement.practice_id, "engagement": engagement}
    return tuple(HatShare.objects.filter(**of).order_by("id").values_list("hat", flat=True))


def workers(engagement: Engagement) -> set[UUID]:
    """Who can have worked for it: assigned to the client, or wearing one of its hats, also as a deputy."""
    of = {"practice_id": engagement.practice_id}
    assigned = Assignment.objects.filter(**of, client_id=engagement.client_id)
    wearing = Wearing.objects.filter(**of, engagement=engagement)
    deputies = Deputy.objects.filter(**of, engagement=engagement, accepted_at__isnull=False)
    ids = [rows.values_list("member_id", flat=True) for rows in (assigned, wearing, deputies)]
    return set(ids[0].union(*ids[1:]))


def _check_hat(engagement: Engagement, hat: str) -> None:
    if hat and hat not in hats_of(engagement):
        raise Invalid({"hat": ["This is no hat of the engagement."]})


def _check_worker(engagement: Engagement, member: Member) -> None:
    if member.pk not in workers(engagement):
        raise Invalid({"member": ["They neither wear a hat here nor are assigned to the client."]})


def _check_link(engagement: Engagement, kind: str, id: UUID | None, by: Actor) -> None:
    if not kind and id is None:
        return
    if kind not in LINKS:
        raise Invalid({"link_kind": ["Time cannot be for such a thing."]})
    if id is None or LINKS[kind].title(by, engagement, id) is None:
        raise Invalid({"link_id": ["There is no such thing here."]})
