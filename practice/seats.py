"""The executive seats at a client. A change ends the present stretch and begins the next; nothing is overwritten."""

import datetime

from django.db import transaction

from practice import access, rows
from practice.access import Actor
from practice.models import Client, Seat
from practice.refusals import Conflict, Invalid


class BeforePresent(Conflict):
    code, sentence = "before_present", "The seat's present state began later than this date."


def record(
    client: Client,
    *,
    hat: str,
    status: str,
    since_on: datetime.date,
    holder: str = "",
    reports_to: str = "",
    by: Actor,
    at: datetime.datetime,
) -> Seat:
    """Say who holds a seat from a date on. The earlier stretch ends the day this one begins."""
    access.require(by, "seat", "add")
    if status == Seat.Status.NONE and holder:
        raise Invalid({"holder": ["An empty seat has no holder."]})
    with transaction.atomic():
        client = access.get(by, Client, client.pk, lock=True)
        present = Seat.objects.filter(
            practice_id=client.practice_id, client=client, hat=hat, until_on=None
        ).first()
        if present is not None:
            if since_on < present.since_on:
                raise BeforePresent
            rows.change(present, {"until_on": since_on}, by=by, at=at, kind="seat.stretch_ended")
        seat = Seat(
            practice_id=client.practice_id,
            client=client,
            hat=hat,
            status=status,
            holder=holder,
            reports_to=reports_to,
            since_on=since_on,
        )
        return rows.add(seat, by=by, at=at, kind="seat.recorded")


def correct(
    seat: Seat, *, by: Actor, at: datetime.datetime, expected: int | None = None, **changes: str
) -> Seat:
    """Mend a mistake in a stretch (a misspelt holder), as opposed to a change in the world."""
    access.require(by, "seat", "change")
    if seat.status == Seat.Status.NONE and changes.get("holder"):
        raise Invalid({"holder": ["An empty seat has no holder."]})
    return rows.change(seat, changes, by=by, at=at, kind="seat.corrected", expected=expected)
